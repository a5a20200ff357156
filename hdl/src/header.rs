//! The comment at the head of a design: what it is, and what its ports say.

use crate::{
    blocks::edge::reset::{FLUSH, power_up_cycles},
    contents::Plan,
    emit::{Link, Top},
    layout::Layout,
    options::Readout,
    verilog::Memory,
};
use hopgate_model::kind::Kind;

/// What linters are told to pass over in the emitted Verilog, and why.
const WAIVERS: &str = "\
// Waivers. All modules of a design are in one file:
/* verilator lint_off DECLFILENAME */
// one width for every memory, and counters that only a simulation reads:
/* verilator lint_off UNUSEDSIGNAL */
// Verilog of 2005, for every tool; attributes in every vendor's words:
// verilog_lint: waive-start always-comb
// verilog_lint: waive-start explicit-parameter-storage-type
// verilog_lint: waive-start parameter-name-style
// verilog_lint: waive-start unpacked-dimensions-range-ordering
// verilog_lint: waive-start line-length
";

pub(crate) fn header(plan: &Plan, top: Top, name: &str, memory_hash: &str, memories: &[Memory]) -> String {
    let Layout { neurons, patterns, planes, reach, kernel_mode, kernel_bits, accumulator_bits, parallel, fold, .. } =
        &plan.layout;
    let (lanes, version) = (plan.words(), env!("CARGO_PKG_VERSION"));
    let readout = plan.readout;
    let cores = if plan.cores > 1 { format!("//   cores            {}\n", plan.cores) } else { String::new() };
    let turns = fold * plan.beats;
    let folded = if turns > 1 { format!(", each for {turns} neurons in turn") } else { String::new() };
    let beats = if plan.wide() { format!(", a row in {} beats", plan.beats) } else { String::new() };
    let across = plan.lanes();
    let shared = if plan.shared_top { ", the top plane is the patterns" } else { "" };
    let (words, said) = (plan.answer_words().to_string(), said(plan));
    let (words, then) = if plan.ranked() { ("for each".to_owned(), ":") } else { (words, ", then") };
    let reads = plan.register_words();
    let mask = if plan.masks { format!(", {lanes} of its mask (1: known)") } else { String::new() };
    let cue = match top {
        Top::Axil { .. } | Top::Wishbone { .. } if !plan.masks => format!("{lanes} words"),
        _ => format!("{lanes} words of the cue{mask}"),
    };
    let known = if plan.tells_unknown { ", bit 14: unknown" } else { "" };
    // what a bus says is that of a state unless it is told otherwise
    let of = match plan.kind {
        _ if plan.ranked() => {
            format!(
                "// Those are the last three words of the list; ANSWER is all before them, {} for each pattern.\n",
                if plan.listed_classes > 0 { "four" } else { "three" }
            )
        }
        Kind::Auto => String::new(),
        _ => format!("// ANSWER is the {words} {said}.\n"),
    };
    let (first, rest) = said.rsplit_once(' ').unwrap_or(("", &said));
    let classed = if plan.listed_classes > 0 { "its class, " } else { "" };
    let info = match plan.ranked() {
        true => format!("{classed}its rank from 1 (bit 15: there is such a pattern{known}), the pattern, its distance"),
        false => format!("steps (bit 15: converged{known}), nearest pattern, its distance"),
    };
    let ports = match top {
        Top::Core => format!(
            "// Streams, 16-bit words, valid/ready: in {cue}, least significant neuron first; out {words}\n\
             // {said}{then} {info}.\n\
             // Hold reset for 10 us after configuration, and for {FLUSH} cycles at any time.\n"
        ),
        Top::Axis { requests: true, .. } => "// AXI4-Stream, 16-bit words: requests in and replies out, a packet each, tlast on the last word, as hopgate's\n\
             // documentation specifies.\n"
            .to_owned(),
        Top::Axis { .. } => format!(
            "// AXI4-Stream, 16-bit words: in {lanes} words of the cue, least significant neuron first, tlast on the last; out {words}\n\
             // {said}{then} {info}, tlast on that.\n"
        ),
        Top::Axil { requests, streams, .. } | Top::Wishbone { requests, streams, .. } => {
            let bus = if matches!(top, Top::Axil { .. }) { "AXI4-Lite" } else { "Wishbone B4" };
            let also = if requests { ", 0x30 REQUEST, 0x34 FINAL, 0x38 REPLY" } else { "" };
            let by = match streams {
                true => format!(
                    "// AXI4-Stream, while 0x3c STREAM is 1: a packet of cue words in, one of {words} {said},\n// then {info}, out.\n"
                ),
                false => String::new(),
            };
            format!(
                "// {bus}, 32-bit registers of which the lower 16 bits are used: 0x00 STATUS (1 ready, 2 answer, 4 done, 8 mistake),\n\
                 // 0x04 CUE (write {cue}), 0x08 ANSWER (read {reads} words), 0x0c STEPS (bit 15: converged{known}),\n\
                 // 0x10 NEAREST, 0x14 DISTANCE, 0x18 ENABLE, 0x1c PENDING{also}: see the .h and .svd beside this file.\n{by}{of}"
            )
        }
        Top::Board { uart_divider, link: Link::Plain, .. } => format!(
            "// UART: 8N1, {uart_divider} clock cycles a bit; words low byte first: in {cue}, out {words} {first}\n\
             // {rest}{then} {info}.\n"
        ),
        Top::Board { uart_divider, link: Link::Framed { .. }, .. } => format!(
            "// UART: 8N1, {uart_divider} clock cycles a bit; requests and replies in frames (COBS, CRC-32), as hopgate's\n\
             // documentation specifies.\n"
        ),
        Top::Board { link: Link::Spi, .. } => "// SPI peripheral, mode 0, most significant bit first, at most a third of the clock; requests and replies in frames\n\
             // (COBS, CRC-32), as hopgate's documentation specifies.\n"
            .to_owned(),
    };
    let reset = top.clock().map_or_else(String::new, |clock| {
        let (mhz, cycles) = (f64::from(clock) / 1e6, power_up_cycles(clock));
        format!("// Reset after configuration: {cycles} cycles, which are 10 us or more of {mhz} MHz.\n")
    });
    format!(
        "\
// {name}: an associative memory, generated by hopgate {version}.
// SPDX-License-Identifier: 0BSD
// This file is yours to use as you like, and so are those beside it.
//
//   neurons          {neurons} in {across} lanes of 16{beats}
//   patterns         {patterns}
//   planes           {planes}{shared}
//   kernel           {kernel_mode}, {kernel_bits} bits, reach {reach}
//   rows per cycle   {parallel}
//   readout          {readout}
{cores}{kind}{accumulators}{loadable}{spram}{tail}\
//   cycles per step  {cycles}
//   memory           sha256 {memory_hash}
//
{ports}\
{reset}\
//
{files}\
// Index, distance, accumulator and threshold signals have one width for every memory; the bits above what this one
// needs are unused or zero, and synthesis removes them.

{WAIVERS}
",
        files = match memories {
            [] => "// The contents of the memories are in this file.\n//\n".to_owned(),
            [first, ..] => format!(
                "// Memories are read with $readmemh from the .hex files that the parameters name ({}, ...). Where a tool does not run\n\
                 // in the folder of the files, give each its path: {name} #(.{}(\"rtl/{}\"), ...). A simulation stops where one is missing.\n//\n",
                first.parameter, first.parameter, first.file
            ),
        },
        kind = match plan.kind {
            _ if plan.chooses() => {
                format!("//   kinds            {}, {} outputs; {} is built in\n", plan.kinds, plan.outputs, plan.kind)
            }
            Kind::Auto => String::new(),
            kind => format!("//   kind             {kind}, {} outputs\n", plan.outputs),
        },
        accumulators = match readout {
            Readout::Vote => format!("//   accumulators     {accumulator_bits} bits (the proven bound){folded}\n"),
            Readout::Nearest => String::new(),
            Readout::Ranked { .. } => format!("//   list             {} patterns, at most\n", plan.max_steps),
        },
        loadable = match plan.loadable {
            true => format!(
                "//   loadable         {} patterns, {neurons} neurons, {planes} planes, {accumulator_bits} bits\n\
                 //   self-test        {}\n",
                plan.capacity(),
                if plan.self_test { "yes" } else { "no" }
            ),
            false => String::new(),
        },
        spram = match plan.spram_lanes {
            0 => String::new(),
            lanes => format!(
                "//   rows in SPRAM    {lanes} lanes, {} SPRAMs: nothing is valid until a memory is loaded\n",
                plan.sprams()
            ),
        },
        tail = match plan.tail_lanes {
            0 => String::new(),
            lanes => format!("//   rows in logic    {lanes} lanes, the last {} rows of a bank\n", plan.tail_rows),
        },
        cycles = plan.cycles_in_words(),
    )
}

/// What the words of an answer are, for people.
fn said(plan: &Layout) -> String {
    match plan.kind {
        _ if plan.ranked() => format!("of the {} nearest patterns", plan.max_steps),
        Kind::Auto => "words of the answer".into(),
        Kind::Sequence => format!("words of each of {} answers", plan.max_steps),
        Kind::Map => format!("words of the value's {} bits", plan.outputs),
        Kind::Class => "words: class, second class, score and margin, low word first".into(),
    }
}
