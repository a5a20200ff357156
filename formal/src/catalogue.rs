//! Every property, with its designs and its mutants.

mod blocks;
mod bus;
mod control;
mod cores;
mod learning;
mod writes;

use crate::engine::Engine;
use crate::property::{Case, Mutant, On, Place, Property};
use hopgate_hdl::Readout;
use hopgate_model::{kernel::KernelMode, kind::Kind};
use hopgate_sim::suite::{SHAPE, Shape};

/// Memory files, rows and states: what the control must not depend on.
const CONTENTS: &[&str] = &["rom_", "ram_", "entries_", "pick", "mask", "lane", "column", "adder_tree"];

/// A small memory.
const SMALL: Shape = Shape { neurons: 13, patterns: 9, gamma: 0.2, ..SHAPE };

const CASE: Case =
    Case { name: "", shape: SMALL, on: On::Core, engine: Engine::Reachability, quick: false, defines: &[] };

/// A distance path of so many neurons and levels of the tree: scan is a cycle late, then pick, popcount and tree.
const fn counted(name: &'static str, neurons: usize, levels: usize) -> Case {
    let shape = Shape { neurons, patterns: 4, gamma: 0.01, ..SHAPE };
    Case { name, shape, engine: Engine::Cycles(1 + 1 + 3 + levels + 1), quick: true, ..CASE }
}

/// A ranking of so many classes, which takes so many cycles.
const fn ranked(name: &'static str, outputs: usize, cycles: usize, quick: bool) -> Case {
    Case { name, shape: classes(outputs), engine: Engine::Cycles(cycles), quick, ..CASE }
}

const fn classes(outputs: usize) -> Shape {
    Shape { kind: Kind::Class, outputs, ..SMALL }
}

/// Classes with sums of few bits, so that more of them can be decided.
const fn narrow(outputs: usize) -> Shape {
    Shape { patterns: 1, kernel_bits: 4, ..classes(outputs) }
}

const fn mutant(what: &'static str, block: &'static str, from: &'static str, to: &'static str) -> Mutant {
    Mutant { what, block, from, to }
}

/// All of them.
pub const PROPERTIES: &[Property] = &[
    blocks::DISTANCE,
    blocks::ACCUMULATOR,
    blocks::RANKING,
    blocks::RANKED,
    blocks::QUEUE,
    blocks::NEAREST,
    blocks::LOOKUP,
    blocks::PASS,
    blocks::RANKS,
    control::CYCLES,
    control::LATER,
    control::REVIEW,
    control::SHARED,
    control::SHARED_LATER,
    control::STREAM,
    control::MASK,
    bus::WISHBONE,
    bus::AXIL,
    bus::REGISTERS,
    bus::PORT,
    bus::AXIS,
    bus::INBOX,
    cores::FIFO,
    cores::CORES,
    control::UART,
    control::SENDER,
    writes::CHAIN,
    writes::ROWS,
    writes::PHASES,
    learning::LEARN,
    learning::SIZES,
    learning::FITS,
    learning::COMMIT,
    learning::PARSE,
    writes::KINDS,
    writes::KEY,
    learning::FORGET,
    writes::ADDRESS,
    writes::FETCH,
    writes::KNOWN,
    writes::RADIUS,
    learning::LINK,
    learning::RECEIVE,
    learning::SEND,
    control::SPI,
];
