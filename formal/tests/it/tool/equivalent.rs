//! Mutants that are the same machine are told from those that are not.

use hopgate_eda::exec;
use hopgate_formal::{engine::Verdict, equivalent::Miter, mutate::Change};
use hopgate_hdl::{Plan, Readout, Top, emit};
use hopgate_sim::suite::{SHAPE, Shape};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(120);

/// The verdict on each of these mutants of a core, by their keys, and on none first.
fn verdicts(shape: Shape, control: bool, keys: &[&str]) -> Option<Vec<Verdict>> {
    if ["yosys", "yosys-abc"].into_iter().any(|t| exec::find(t).is_err()) {
        eprintln!("skipped: yosys not found (scripts/setup.sh test installs it)");
        return None;
    }
    let (memory, _) = shape.example();
    let design = emit(&Plan::with(&memory, shape.hardware()).unwrap(), Top::Core, "test").unwrap();
    let miter = Miter::new(&design, control, |c: &Change| keys.contains(&c.key().as_str())).unwrap().expect("mutants");
    let mut list = vec![miter.decide(0, LIMIT).unwrap()];
    for key in keys {
        let at = miter.changes.iter().position(|c| c.key() == *key).unwrap_or_else(|| panic!("no mutant {key}"));
        list.push(miter.decide(at + 1, LIMIT).unwrap());
    }
    Some(list)
}

/// With the data path.
#[test]
fn a_search() {
    let shape = Shape { neurons: 13, patterns: 9, readout: Readout::Nearest, ..SHAPE };
    let keys = [
        "core: wire is zero: turn = sequencer$turn; -> turn = 0;",
        "core: wire is zero: in_ready = sequencer$in_ready; -> in_ready = 0;",
    ];
    let Some(verdicts) = verdicts(shape, false, &keys) else { return };
    assert_eq!(verdicts[0], Verdict::Proved, "a core is not itself");
    assert_eq!(verdicts[1], Verdict::Proved, "{}", keys[0]);
    for (key, verdict) in keys[1..].iter().zip(&verdicts[2..]) {
        assert!(matches!(verdict, Verdict::Refuted(_)), "{key}: {verdict:?}");
    }
}

/// Without it. A minute and more: `make formal` runs it.
#[test]
#[ignore = "make full: a proof of minutes"]
fn a_vote() {
    let keys = [
        "core: wire is zero: turn = sequencer$turn; -> turn = 0;",
        "sequencer: register holds: words$d = more_words; -> words$d = words$q;",
    ];
    let shape = Shape { neurons: 20, patterns: 3, max_steps: 2, ..SHAPE };
    let Some(verdicts) = verdicts(shape, true, &keys) else { return };
    assert_eq!(verdicts[..2], [Verdict::Proved, Verdict::Proved]);
    for (key, verdict) in keys[1..].iter().zip(&verdicts[2..]) {
        assert!(matches!(verdict, Verdict::Refuted(_)), "{key}: {verdict:?}");
    }
}
