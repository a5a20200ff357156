//! A reset at any time leaves nothing behind.

use hopgate_hdl::{Plan, Readout, Top, emit};
use hopgate_sim::{
    Library, Waveform, reset,
    suite::{SHAPE, Shape},
};

fn check(shape: Shape) {
    let (memory, cues) = shape.example();
    let design = emit(&Plan::with(&memory, shape.hardware()).unwrap(), Top::Core, "test").unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    assert_eq!(reset::interrupted(&library, &memory, &cues).unwrap(), None, "the cycle before the reset");
    // and the check can fail: without the reset's work on one phase
    let text = "deciding$d = 1'b0;";
    assert!(design.verilog.contains(text));
    let broken = hopgate_hdl::Design { verilog: design.verilog.replace(text, "deciding$d = deciding$q;"), ..design };
    let library = Library::build(&broken, Waveform::Off).unwrap();
    assert!(!matches!(reset::interrupted(&library, &memory, &cues), Ok(None)), "a broken reset went unnoticed");
}

#[test]
fn in_a_recall() {
    check(Shape { neurons: 17, patterns: 33, planes: 3, ..SHAPE });
}

#[test]
#[ignore = "make full: one that is not folded is in make test"]
fn in_a_folded_recall() {
    check(Shape { neurons: 43, patterns: 30, fold: 2, parallel: 2, ..SHAPE });
}

#[test]
fn in_a_search() {
    let shape = Shape { neurons: 40, patterns: 37, readout: Readout::Nearest, ..SHAPE };
    let (memory, cues) = shape.example();
    let design = emit(&Plan::with(&memory, shape.hardware()).unwrap(), Top::Core, "test").unwrap();
    let library = Library::build(&design, Waveform::Off).unwrap();
    assert_eq!(reset::interrupted(&library, &memory, &cues).unwrap(), None);
}
