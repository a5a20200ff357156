//! `hopgate demo` on patterns small enough for a test, and a waveform on request. Both take the real tools.

use crate::common::{Place, below, there};

#[test]
fn the_main_job_in_one_go() {
    if !there(&["verilator", "g++", "make", "yosys", "nextpnr-ice40", "icetime", "icepack", "iceunpack", "icebox_vlog"])
    {
        return;
    }
    let place = Place::new();
    place.npy("mine.npy", 12, 16, |r, c| i8::from((c * c + 3 * r * c + r) % 7 < 3) * 2 - 1);
    // in a folder whose name is a command, or none that can be read
    let odd = crate::odd_places::folder(&place);
    let demo = "demo ../mine.npy --board icestick --count 40 --runs 1 -o made";
    let output = place.command(demo).current_dir(&odd).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    for line in ["exact recall", "logic cells", "block RAMs", "MHz"] {
        assert!(printed.contains(line), "no {line} in {printed}");
    }
    assert!(!crate::odd_places::made(&place, "INJECTED"));
    std::fs::rename(odd.join("made"), place.path("made")).unwrap();
    for file in ["report.md", "report.html", "report.json", "model.npz", "build/hopgate_board.bin", "build/report.json"]
    {
        assert!(place.path("made").join(file).exists(), "{file}");
    }
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(place.path("made/report.json")).unwrap()).unwrap();
    assert!(report.is_object());
    // the page is made of the files of the run, and comes out the same again
    let page = std::fs::read(place.path("made/report.html")).unwrap();
    let again = place.ok("report made --json").json();
    assert!(again["sections"].as_array().unwrap().iter().any(|s| s == "The ladder"), "{again}");
    assert!(std::fs::read(place.path("made/report.html")).unwrap() == page, "another page from the same files");
    // what it leaves is what the verbs make of it, one by one
    place.ok("recall made/memory --queries made/cues.npy -o again/answers.npy --trace again/trace.npz");
    place.ok("verilog made/memory -o again/rtl");
    let all = place.listing();
    let (made, again) = (below(&all, "made"), below(&all, "again"));
    for file in ["answers.npy", "trace.npz", "rtl/hopgate_core.v", "rtl/kernel.hex", "rtl/row_0.hex"] {
        assert!(made.get(file.as_ref() as &std::path::Path) == again.get(file.as_ref() as &std::path::Path), "{file}");
    }
    crate::verify::tool::of_a_build(&place, "made/memory", "made/build", "made/model.npz");
}

#[test]
#[ignore = "make full: 9 s; cosim writes one in a shorter test"]
fn a_waveform_on_request() {
    if !there(&["verilator", "g++", "make"]) {
        return;
    }
    let place = Place::new();
    // that of another test, so that the simulation is compiled once
    place.memory();
    let json = place.ok("cosim memory --noise 0.1 --count 20 --vcd waves/first.vcd --json").json();
    assert_eq!((&json["equal"], &json["difference"], &json["recall"]["cues"]), (&true.into(), &().into(), &20.into()));
    let steps = &json["cycles_per_step"];
    assert!(steps["longest"].as_u64().unwrap() >= 8 + steps["latency"].as_u64().unwrap(), "{steps}");
    // a waveform of the core, and more than its header
    let wave = std::fs::read_to_string(place.path("waves/first.vcd")).unwrap();
    let (header, changes) = wave.split_once("$enddefinitions").unwrap();
    assert!(header.contains("hopgate_core") && changes.lines().filter(|l| l.starts_with('#')).count() > 50);
    assert!(std::fs::read_dir(place.path("tmp")).unwrap().next().is_none(), "intermediate files were left behind");
}
