//! Help, versions, JSON and quiet: what every verb has.

use crate::common::Place;

const VERBS: [&str; 21] = [
    "train",
    "quantize",
    "memory",
    "tune",
    "recall",
    "verilog",
    "cosim",
    "estimate",
    "build",
    "verify",
    "board",
    "host",
    "reload",
    "flash",
    "show",
    "doctor",
    "demo",
    "report",
    "explore",
    "reproduce",
    "manual",
];

#[test]
fn every_verb_has_help_with_an_example() {
    let place = Place::new();
    let all = place.ok("--help").out;
    for verb in VERBS {
        assert!(all.lines().any(|line| line.trim_start().starts_with(&format!("{verb} "))), "{verb} in {all}");
        let help = place.ok(&format!("{verb} --help")).out;
        assert!(help.contains("Example"), "{verb}: {help}");
        assert!(help.contains(&format!("    hopgate {verb}")), "{verb}: {help}");
        assert!(help.contains("--json") && help.contains("--quiet"), "{verb}: {help}");
    }
    // the list above is the whole
    let listed = all.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.trim().is_empty());
    let listed = listed.filter(|l| l.starts_with("  ") && !l.starts_with("   ")).count();
    assert_eq!(listed, VERBS.len() + 1, "with `help`: {all}");
    assert!(place.ok("--version").out.starts_with("hopgate "));
    place.fails("", 2, &["Usage", "train"]);
}

/// The examples of the help are ones that work, as far as they can be run in a moment.
#[test]
fn examples_in_the_help_parse() {
    let place = Place::new();
    for verb in VERBS {
        let help = place.ok(&format!("{verb} --help")).out;
        for example in help.lines().filter_map(|l| l.strip_prefix("    hopgate ")) {
            // in the background: the other ones talk to it
            let example = example.trim_end_matches(" &");
            // what needs nothing succeeds
            if example == "doctor" || verb == "manual" {
                continue;
            }
            // nothing of it is there yet: code 1 for that, where a wrong option would be code 2
            let mut command = place.command(example);
            command.env("PATH", "/nowhere");
            // what needs no file would run, and take its time
            if !["glyphs", "random:", "reproduce"].iter().any(|built_in| example.contains(built_in)) {
                assert_eq!(command.output().unwrap().status.code(), Some(1), "{example}");
            }
        }
    }
}

#[test]
fn json_is_json_and_nothing_else() {
    let place = Place::new();
    let train = place.ok("train random:N=16,P=20 --gamma auto --json -o model.npz");
    assert!(train.json()["gamma"].is_number() && train.err.is_empty(), "{}", train.err);
    assert!(place.ok("quantize model.npz --bits 2 --json -o memory").json()["quantize"]["reach"].is_number());
    let recall = place.ok("--json recall memory --noise 0.1");
    assert!(recall.json()["recall"]["exact_recall"].is_number());
    place.npy("q.npy", 3, 16, |r, c| ((r + c) % 2) as u8);
    assert!(place.ok("recall memory --queries q.npy --json").json()["recall"]["exact"].is_null());
    assert_eq!(place.ok("verilog memory --json -o rtl").json()["top"], "hopgate_core");
    assert_eq!(place.ok("estimate memory --json").json()["board"], "alchitry-cu");
    let boards = place.ok("estimate memory --json").json()["boards"].clone();
    let names: Vec<_> = boards.as_array().unwrap().iter().map(|b| b["board"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["icestick", "icebreaker", "alchitry-cu", "tang-nano-9k", "tang-nano-20k", "gatemate-evb", "ulx3s-85f"]
    );
    assert!(boards[0]["fits"] == true && boards[0]["logic_cells"]["have"] == 1280, "{boards}");
    assert!(place.ok("estimate memory --board icestick --json").json()["boards"].is_null());
    // an error is the same object, and is said to people too
    let failed = place.fails("recall nowhere --json", 1, &["nowhere", "hopgate quantize"]).json();
    assert_eq!((&failed["schema"], &failed["error"]["kind"]), (&"hopgate.error/1".into(), &"io".into()));
    assert_eq!((&failed["error"]["code"], &failed["warnings"]), (&1.into(), &serde_json::json!([])));
    assert!(failed["error"]["message"].as_str().unwrap().contains("there is no memory folder nowhere"), "{failed}");
    assert!(failed["error"]["hint"].as_str().unwrap().contains("hopgate quantize"), "{failed}");
    for (line, word) in
        [("recall --json memory --bits 3", "--bits"), ("--json recal", "recal"), ("--json", "requires a subcommand")]
    {
        let failed = place.fails(line, 2, &[]).json();
        assert_eq!((&failed["error"]["kind"], &failed["error"]["code"]), (&"usage".into(), &2.into()), "{failed}");
        assert!(failed["error"]["message"].as_str().unwrap().contains(word), "{failed}");
    }
    // behind `--` it is no option
    assert_eq!(place.fails("recall memory -- --json more", 2, &[]).out, "");
    // a result that comes with an error has both; what people are warned of, machines are too
    place.npy("twice.npy", 6, 16, |r, c| u8::from(r % 5 == c % 5));
    let trained = place.ok("train twice.npy --gamma 0.3 --json -o twice.npz").json();
    assert!(trained["warnings"][0].as_str().unwrap().contains("merged"), "{trained}");
    assert!(trained["error"].is_null() && trained["residual"].is_number(), "{trained}");
}

#[test]
fn quiet_leaves_only_the_result() {
    let place = Place::new();
    let loud = place.ok("train random:N=16,P=20 --gamma 0.2 -o model.npz");
    assert!(loud.err.contains("next: hopgate quantize model.npz"), "{}", loud.err);
    let quiet = place.ok("train random:N=16,P=20 --gamma 0.2 -q -o model.npz");
    assert_eq!(quiet.err, "");
    assert_eq!(loud.out, quiet.out);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::{Command, Stdio};
    let place = Place::new();
    let mut child = Command::new(crate::common::PROGRAM)
        .arg("doctor")
        .current_dir(place.root())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(matches!(child.wait().unwrap().code(), Some(0 | 1)));
}
