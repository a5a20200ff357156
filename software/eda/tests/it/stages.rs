//! A design says of every register what it is for, so that a critical path can be put in words.

use hopgate_eda::{critical, family::Family, stage::Stages};
use hopgate_hdl::{
    Link, Plan, Top,
    blocks::edge::pll::{Reference, Settings},
    emit,
    pins::Pins,
};
use hopgate_model::{
    bits::BitMatrix,
    kernel,
    memory::{Memory, Parts},
    noise,
};
use std::fs;

fn description(top: Top) -> String {
    let patterns = noise::random(7, 37, 1);
    let planes: Vec<BitMatrix> = vec![noise::random(7, 37, 2), patterns.clone()];
    let columns = kernel::columns(37, 0.2, &[1.0, 2.0], 0.0, 8);
    let parts = Parts { planes, kernel: columns.weights, offset: columns.offset, ..Parts::of(patterns) };
    emit(&Plan::of(&Memory::new(parts).unwrap()).unwrap(), top, "cafe").unwrap().description().1
}

fn board() -> Top {
    let reference = Reference::Fabric;
    let pll = Some(Settings::SbPll40 { divr: 0, divf: 5, divq: 2, filter_range: 5, reference });
    Top::Board { clock: 16_000_000, uart_divider: 16, pll, pins: Pins::default(), link: Link::Plain }
}

fn ice40() -> Family {
    Family::find("ice40").unwrap()
}

#[test]
fn every_register_has_a_stage() {
    for top in [Top::Core, board()] {
        let stages = Stages::of_description(&description(top)).unwrap();
        let registers = stages.registers();
        assert!(registers.len() > 100, "{}", registers.len());
        for register in registers {
            let stage = stages.of(&register).unwrap_or_else(|| panic!("{register} is in no block"));
            let hint = "begin the section of `update` that sets it with a comment!";
            assert!(!stage.what.is_empty(), "nothing says what {register} is for: {hint}");
        }
    }
}

#[test]
fn stages_are_the_comments_over_the_statements() {
    let stages = Stages::of_description(&description(board())).unwrap();
    let of = |path: &str| stages.of(path).map(|s| s.to_string());
    assert_eq!(of("power_up.first").unwrap(), "reset, two registers against metastability");
    assert_eq!(of("core.vote$0.column$0.accumulator$3").unwrap(), "column, a clock-enabled adder per neuron");
    // nested comments end with their block: this one is set in a later section than the one before it
    assert!(of("sender.low").unwrap().starts_with("uart_sender, the register holds the inverse"));
    assert_eq!(of("core.vote$0.queue$0").unwrap(), "vote, the memory queue$0");
    assert_eq!((of("core.nothing"), of("nothing"), of("core")), (None, None, Some("board, the memory core".into())));
}

/// Which names icetime prints is not ours to say: here the end is known by another net's name.
#[test]
fn a_path_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("rtl")).unwrap();
    write("rtl/design.json", &description(board()));
    let timing = |end: &str| {
        format!(
            "Resolvable net names on path:\n     0.640 ns ..  1.916 ns half$SB_IO_OUT\n     2.365 ns ..  2.954 ns \
             core.x_SB_LUT4_O\n      {end}\n\nTotal number of logic levels: 6\nTotal path delay: 6.60 ns (151.52 MHz)\n"
        )
    };
    write(
        "netlist.json",
        r#"{"modules": {"hopgate_board": {
            "cells": {
                "c1": {"type": "SB_DFF", "connections": {"C": [1], "D": ["0"], "Q": [2]}},
                "c2": {"type": "SB_DFFE", "connections": {"C": [1], "D": [6], "Q": [3]}},
                "core.vote$0.queue$0.mem.0.0": {"type": "SB_RAM40_4K", "connections": {"RDATA": [4, "x"]}},
                "e2": {"type": "TRELLIS_FF", "connections": {"CLK": [1], "DI": [2], "Q": [3]}},
                "c4": {"type": "SB_LUT4", "connections": {"O": [5]}},
                "c5": {"type": "SB_LUT4", "connections": {"O": [6]}}},
            "netnames": {
                "half": {"bits": [2]}, "power_up.second$q": {"bits": [2]},
                "bus": {"bits": ["0", 3]}, "core.vote$0.column$0.accumulator$0$q": {"bits": [9, 3]},
                "word": {"bits": [4]}, "logic$q": {"bits": [5]}}}}}"#,
    );
    let path = |end: &str| {
        write("timing.txt", &timing(end));
        critical::read(folder.path(), "hopgate_board", ice40()).unwrap().unwrap().to_string()
    };
    let words = "6.60 ns: column, a clock-enabled adder per neuron \
                 (from power_up.second to core.vote$0.column$0.accumulator$0)";
    assert_eq!(path("lcout -> bus[1]"), words);
    assert_eq!(
        path("RDATA[0] -> word"),
        "6.60 ns: vote, the memory queue$0 (from power_up.second to core.vote$0.queue$0)"
    );
    // no register, an unknown net, a constant: the net's name is all there is
    for net in ["logic$q", "elsewhere[3]", "bus[0]"] {
        assert_eq!(path(&format!("lcout -> {net}")), format!("6.60 ns (from power_up.second to {net})"));
    }
    // nextpnr names cells; so does what `timing` writes if it is the judge
    let cells_of = |family: &str, to: &str| {
        let text = format!(
            "nextpnr: 150.00 MHz\nTotal path delay: 6.67 ns\nfrom the cell core.vote$0.queue$0.mem.0.0\nto the cell {to}\n"
        );
        write("timing.txt", &text);
        let family = Family::find(family).unwrap();
        critical::read(folder.path(), "hopgate_board", family).unwrap().unwrap().to_string()
    };
    let cells = |to: &str| cells_of("ice40", to);
    let words: &str = "6.67 ns: column, a clock-enabled adder per neuron (from core.vote$0.queue$0 to core.vote$0.column$0.accumulator$0)";
    // the memory is an iCE40's, the register an ECP5's: each is known in its family alone
    assert_eq!(
        cells_of("ecp5", "e2"),
        words.replace("from core.vote$0.queue$0 to", "from core.vote$0.queue$0.mem.0.0 to")
    );
    assert!(cells("e2").ends_with("to e2)"), "a register of another family");
    // those of an iCE40 are packed: a register alone, one with the logic before it, a memory
    assert_eq!((cells("c2_DFFLC"), cells("c5_LC")), (words.into(), words.into()));
    assert!(cells("core.vote$0.queue$0.mem.0.0_RAM").starts_with("6.67 ns: vote, the memory queue$0 ("));
    // logic alone, a global buffer
    for cell in ["c4_LC", "$gbuf_x", "elsewhere"] {
        assert_eq!(cells(cell), format!("6.67 ns (from core.vote$0.queue$0 to {cell})"));
    }
    write("timing.txt", "Total path delay: 6.60 ns (151.52 MHz)\n");
    assert_eq!(critical::read(folder.path(), "hopgate_board", ice40()).unwrap(), None);
}
