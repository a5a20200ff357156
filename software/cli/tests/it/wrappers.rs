//! Wrappers with registers: what is written beside the Verilog, what is refused, and what is loaded.

use crate::common::Place;

#[test]
fn a_header_and_an_svd_lie_beside_the_verilog() {
    let place = Place::new();
    place.memory();
    place.ok("verilog memory --wrapper axil --name faces -o rtl");
    let header = std::fs::read_to_string(place.path("rtl/faces.h")).unwrap();
    assert!(header.contains("faces_recall(") && !header.contains("faces_load(") && !header.contains('@'), "{header}");
    assert!(std::fs::read_to_string(place.path("rtl/faces.svd")).unwrap().contains("<name>FACES</name>"));
    // a folder with them is one of emitted Verilog: it is replaced, by one without
    place.ok("verilog memory --wrapper axis -o rtl");
    assert!(!place.path("rtl/faces.h").exists());
}

#[test]
fn what_loads_a_memory_is_a_c_array() {
    let place = Place::new();
    place.memory();
    place.ok("verilog memory --wrapper wishbone --protocol framed --loads memory --loads memory -o rtl");
    let header = std::fs::read_to_string(place.path("rtl/hopgate_wishbone.h")).unwrap();
    assert!(header.contains("hopgate_wishbone_load(") && !header.contains('@'));
    let array = std::fs::read_to_string(place.path("rtl/hopgate_wishbone_load_1.h")).unwrap();
    let words: Vec<usize> = array
        .split(['{', '}'])
        .nth(1)
        .unwrap()
        .split(',')
        .filter_map(|word| usize::from_str_radix(word.trim().strip_prefix("0x")?, 16).ok())
        .collect();
    // requests to write, each behind its length, and a zero
    let mut at = 0;
    while words[at] > 0 {
        assert_eq!(words[at + 1], 0x112, "a WRITE of version 1");
        at += 1 + words[at];
    }
    assert_eq!(at + 1, words.len());
    // a stream takes the same
    place.ok("verilog memory --wrapper axis --protocol framed --loads memory -o stream");
    let packets = std::fs::read_to_string(place.path("stream/hopgate_axis_load_0.h")).unwrap();
    assert_eq!(packets.split_once('{').unwrap().1, array.split_once('{').unwrap().1);
    // the folder is replaced, with all of that
    place.ok("verilog memory --wrapper wishbone -o rtl");
    assert!(!place.path("rtl/hopgate_wishbone_load_1.h").exists());
}

#[test]
fn a_bench_for_cocotb_is_written() {
    let place = Place::new();
    place.memory();
    for (wrapper, framed) in [("none", ""), ("axis", ""), ("axis", "--protocol framed"), ("axil", ""), ("wishbone", "")]
    {
        place.ok(&format!("verilog memory --wrapper {wrapper} {framed} --name faces --example cocotb -o {wrapper}"));
        let test = std::fs::read_to_string(place.path(&format!("{wrapper}/test_faces.py"))).unwrap();
        assert!(test.matches("    ([").count() >= 2 && !test.contains("@b") && !test.contains("@n"), "{test}");
        let run = std::fs::read_to_string(place.path(&format!("{wrapper}/run_faces.py"))).unwrap();
        assert!(run.contains("\"ROW_0\": \"faces_row_0.hex\""), "{run}");
        let core = std::fs::read_to_string(place.path(&format!("{wrapper}/faces.core"))).unwrap();
        assert!(core.contains("cocotb_module: test_faces"));
    }
}

#[test]
fn what_has_no_effect_is_refused() {
    let place = Place::new();
    place.memory();
    place.fails("verilog memory --wrapper axil --loads memory -o rtl", 2, &["nothing can be loaded", "--loads memory"]);
    place.fails("verilog memory --protocol framed -o rtl", 2, &["--protocol has no effect", "each --wrapper"]);
    place.fails("verilog memory --wrapper axis --room patterns=90 -o rtl", 2, &["--room has no effect", "framed"]);
    place.fails("verilog memory --wrapper axis --learn --cores 2 -o rtl", 2, &["behind frames has one core"]);
    place.fails("verilog memory --wrapper axis --loads memory -o rtl", 2, &["nothing can be loaded"]);
    place.fails("verilog memory --top board --example cocotb -o rtl", 2, &["--example", "not of a board"]);
    place.fails("verilog memory --wrapper axil --rows spram --example cocotb -o rtl", 2, &["nothing is in this one"]);
    place.fails("verilog memory --learn -o rtl", 2, &["--learn has no effect"]);
    place.fails("cosim memory --level board --build x --wrapper axis", 2, &["--wrapper has no effect"]);
    place.fails("cosim memory --trace a.fst --vcd a.vcd", 2, &["--trace and --vcd both name a waveform"]);
    place.fails("cosim memory --trace a.npy", 2, &["a trace cannot be written as .npy", ".npz, .fst or .vcd"]);
}
