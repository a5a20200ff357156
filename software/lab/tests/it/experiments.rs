//! Every experiment runs at a small size, and its verdicts turn when what it measures is broken.

use hopgate_lab::experiments::{Context, EXPERIMENTS, Preset, Verdict, find};

fn quick() -> Preset {
    Preset { neurons: 32, epochs: 60, trials: 2, ..Preset::paper() }
}

/// Those that do not scale with the preset take their time in `make soak`'s full run.
const LONG: [&str; 6] = ["sizes", "law", "few-bits", "structured", "capacity", "tuned"];

#[test]
#[ignore = "make full: experiments of seconds each"]
fn every_experiment_gives_whole_tables_a_figure_and_claims() {
    let context = Context::new(quick(), &|_| ());
    for e in EXPERIMENTS.iter().filter(|e| !LONG.contains(&e.name)) {
        let outcome = (e.run)(&context).unwrap();
        assert!(outcome.tables[0].name == e.name || e.name == "fig8", "{}", e.name);
        for t in &outcome.tables {
            assert!(!t.rows.is_empty() || t.name == "fig4-fit", "{}", t.name);
            assert!(t.rows.iter().all(|r| r.len() == t.header.len()), "{}: {:?}", t.name, t.header);
            let cells = t.rows.iter().flatten();
            assert!(cells.clone().all(|c| !c.contains("NaN") && !c.contains("inf")), "{}", t.name);
        }
        assert!(!outcome.claims.is_empty(), "{}", e.name);
        for c in &outcome.claims {
            assert!(!c.ours.is_empty() && !c.reason.is_empty() && !c.ours.contains("NaN"), "{}: {c:?}", e.name);
        }
        if let Some(figure) = outcome.figure {
            assert!(figure.svg().unwrap().len() > 1000, "{}", e.name);
        }
    }
}

#[test]
fn names_are_found_and_others_refused() {
    assert_eq!(find("fig7").unwrap().name, "fig7");
    let Err(error) = find("fig0") else { panic!("there is no figure 0") };
    assert!(error.to_string().contains("fig0"));
    let mut names: Vec<&str> = EXPERIMENTS.iter().map(|e| e.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), EXPERIMENTS.len());
    for n in 1..=9 {
        assert!(find(&format!("fig{n}")).is_ok());
    }
}

/// A network that has learnt nothing reproduces nothing: verdicts are measured, not written down.
#[test]
fn verdicts_depend_on_what_was_measured() {
    let verdicts = |epochs: usize| {
        // at a quarter of the paper's gamma*N a single epoch leaves most bits wrong
        let preset = Preset { neurons: 32, gamma: 0.005, epochs, trials: 2, ..Preset::paper() };
        let context = Context::new(preset, &|_| ());
        ["fig1", "fig5", "fig6"].map(|name| (find(name).unwrap().run)(&context).unwrap().claims).concat()
    };
    let poor = verdicts(1);
    assert!(poor.iter().filter(|c| c.verdict == Verdict::Not).count() >= 3, "{poor:#?}");
    let good = Context::new(Preset { neurons: 64, gamma: 0.06, epochs: 200, trials: 2, ..Preset::paper() }, &|_| ());
    let claims = (find("fig1").unwrap().run)(&good).unwrap().claims;
    assert!(claims.iter().all(|c| c.verdict != Verdict::Not), "{claims:#?}");
}
