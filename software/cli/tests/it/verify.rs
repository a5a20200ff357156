//! `hopgate verify` and the levels of `hopgate cosim`: the ladder with the real tools, its certificate, and wrong usage.

use crate::common::{Place, there};
use std::fs;

const TOOLS: [&str; 9] =
    ["verilator", "g++", "make", "yosys", "nextpnr-ice40", "icetime", "icepack", "iceunpack", "icebox_vlog"];

/// Seven patterns of six neurons: place and route takes a second or two.
fn memory(place: &Place) {
    place.ok("train random:N=6,P=7,seed=1 --gamma 0.5 -o model.npz");
    place.ok("quantize model.npz --bits 1 -o memory");
}

#[test]
fn wrong_usage() {
    let place = Place::new();
    memory(&place);
    let missing = ["--build is missing", "hopgate build memory/ -o build/"];
    place.fails("cosim memory --level netlist", 2, &missing);
    place.fails("cosim memory --level bitstream --build none", 1, &["cannot open the build none"]);
    place.fails("cosim memory --build none", 2, &["--build has no effect here"]);
    place.fails("cosim memory --level netlist --build memory", 1, &["memory is not a build: report.json"]);
    place.fails("verify", 2, &["MEMORY"]);
    place.fails("verify memory", 2, &["--output"]);
    place.fails("verify memory --check x", 2, &["cannot be used with"]);
    place.fails("verify --check x.json", 1, &["cannot read x.json"]);
    place.fails("verify --check memory/manifest.json", 1, &["this is no certificate"]);
    place.fails("verify memory --queries q.npy --count 7 -o cert", 2, &["--count goes without --queries"]);
    place.ok("train random:N=6,P=7,seed=2 --gamma 0.5 -o other.npz");
    place.fails("verify memory --model other.npz -o cert", 2, &["the model's patterns are not those of the memory"]);
}

pub(crate) mod tool {
    use super::*;

    /// Verifies a memory, with a build of it that is there or without, and looks at the certificate.
    fn ladder(place: &Place, memory: &str, given: &str) {
        let line = format!("verify {memory} {given} --count 20 --pin-cues 4 -o cert --json");
        let json = &place.ok(&line).json()["certificate"];
        let rungs: Vec<(&str, &str)> = json["rungs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["name"].as_str().unwrap(), r["result"].as_str().unwrap()))
            .collect();
        let equal = ["engine", "rtl", "verilog", "files", "board", "netlist", "bitstream"].map(|name| (name, "equal"));
        assert_eq!(rungs[..2], [("quantised float", "stated"), ("integers", "stated")]);
        assert_eq!(rungs[2..], equal);
        assert_eq!((&json["rungs"][2]["cues"], &json["rungs"][8]["cues"]), (&20.into(), &4.into()));
        assert!(json["rungs"][8]["cycles"].as_u64().unwrap() > 4 * 100 * 12, "{}", json["rungs"][8]);
        let page = fs::read_to_string(place.path("cert/certificate.md")).unwrap();
        assert!(page.contains("Every rung that was looked at is as demanded") && page.contains("hopgate_board.bin"));
    }

    #[test]
    #[ignore = "make full: the demo's test has the ladder on its own build"]
    fn a_build_of_its_own() {
        if !there(&TOOLS) {
            return;
        }
        let place = Place::new();
        memory(&place);
        ladder(&place, "memory", "--board icestick --model model.npz --runs 1");
        certificate(&place, "memory", "cert/build");
    }

    /// The ladder on a build that is there, what its certificate is worth, and what a change of a file does to both.
    pub(crate) fn of_a_build(place: &Place, memory: &str, build: &str, model: &str) {
        ladder(place, memory, &format!("--build {build} --model {model}"));
        certificate(place, memory, build);
    }

    fn certificate(place: &Place, memory: &str, build: &str) {
        // found again, also where the folder was moved with all it refers to
        let checked = place.ok("verify --check cert/certificate.json");
        assert!(checked.out.contains("all as certified"), "{}", checked.out);
        let change = |file: &str, with: &dyn Fn(Vec<u8>) -> Vec<u8>| {
            let path = place.path(file);
            let good = fs::read(&path).unwrap();
            fs::write(&path, with(good.clone())).unwrap();
            good
        };
        let flip = |mut bytes: Vec<u8>| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            bytes
        };
        for (file, words) in [
            (format!("{build}/hopgate_board.bin"), "hopgate_board.bin (bitstream) is not the file"),
            (format!("{memory}/patterns.npy"), "patterns.npy (patterns) is not the file"),
            ("cert/cues.npy".to_owned(), "cues.npy (cues) is not the file"),
        ] {
            let good = change(&file, &flip);
            place.fails("verify --check cert/certificate.json", 1, &["does not hold", words]);
            fs::write(place.path(&file), good).unwrap();
        }
        let edit =
            |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replacen("\"cues\": 4", "\"cues\": 400", 1).into_bytes();
        let good = change("cert/certificate.json", &edit);
        place.fails("verify --check cert/certificate.json", 1, &["damaged or edited"]);
        fs::write(place.path("cert/certificate.json"), good).unwrap();

        // a build whose kernel is another: the first rung that shows it, and its certificate all the same
        change(&format!("{build}/rtl/kernel.hex"), &|bytes| {
            let text = String::from_utf8(bytes).unwrap();
            let mut lines: Vec<&str> = text.lines().collect();
            lines.reverse();
            (lines.join("\n") + "\n").into_bytes()
        });
        let line = format!("verify {memory} --build {build} --count 20 --pin-cues 3 -o broken");
        let printed = place.command(&line).output().unwrap();
        let error = String::from_utf8_lossy(&printed.stderr).into_owned();
        assert_eq!(printed.status.code(), Some(1), "{error}");
        assert!(error.contains("the ladder breaks at the rung verilog") && error.contains("rtl/kernel.hex"), "{error}");
        let broken: serde_json::Value =
            serde_json::from_slice(&fs::read(place.path("broken/certificate.json")).unwrap()).unwrap();
        let of = |name: &str| {
            broken["rungs"].as_array().unwrap().iter().find(|r| r["name"] == name).unwrap()["result"].clone()
        };
        assert_eq!((of("board"), of("netlist"), of("bitstream")), ("differs".into(), "equal".into(), "equal".into()));
        let checked = place.run_any("verify --check broken/certificate.json");
        assert!(checked.contains("the ladder breaks at the rung verilog"), "{checked}");
        // the same by hand
        let json = place.ok(&format!("cosim {memory} --level netlist --build {build} --count 3 --json")).json();
        assert_eq!((&json["level"], &json["equal"]), (&"netlist".into(), &true.into()));
        let said = place.run_any(&format!("cosim {memory} --level board --build {build} --noise 0.2 --count 21"));
        assert!(said.contains("differs from the reference: cue "), "{said}");
    }
}
