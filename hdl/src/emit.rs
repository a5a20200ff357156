//! From a plan to Verilog: build the blocks, check them, emit, tidy, and add a header.

use crate::{
    blocks::{
        axis::Axis,
        board::Board,
        core::Core,
        link::page::{self, Facts},
        memories::Image,
        pll,
        reset::{power_up_cycles, FLUSH},
        wishbone::Wishbone,
    },
    pins::{self, Pins},
    plan::{Plan, Readout, MAX_COUNTED},
    unify::unify,
};
use hopgate_model::{Error, ErrorKind, Result};
use rust_hdl::core::{
    check_error::{check_all, CheckError},
    module_defines::ModuleDefines,
};
use rust_hdl::prelude::*;

/// What is on top of the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Top {
    /// The core alone, with its streams as ports: for your own design, and for simulation.
    Core,
    /// The core with AXI4-Stream ports.
    Axis {
        /// The fastest clock that it will have, Hz: reset after configuration is reckoned by it.
        clock: u32,
    },
    /// The core with a Wishbone slave port.
    Wishbone {
        /// The same.
        clock: u32,
    },
    /// The core behind a UART with this many clock cycles a bit.
    Board {
        /// The clock, Hz: reset is reckoned by it, and the page of a framed link names it.
        clock: u32,
        /// Clock frequency divided by baud rate, at least 8.
        uart_divider: usize,
        /// The PLL that makes the clock; without one it is the board's oscillator.
        pll: Option<pll::Settings>,
        /// What else the board has.
        pins: Pins,
        /// How it talks.
        link: Link,
    },
}

/// How a board talks over its UART: see `docs/src/protocol.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Words, and nothing else: the smallest.
    Plain,
    /// Frames with a CRC, requests and replies; the only one by which another memory can be loaded.
    Framed {
        /// The baud rate that the page names.
        baud: u32,
    },
}

impl Top {
    /// The name of a board's top module.
    pub const BOARD: &'static str = "hopgate_board";

    /// The clock that its reset after configuration is reckoned by, Hz; the core's is its user's.
    pub fn clock(self) -> Option<u32> {
        match self {
            Top::Core => None,
            Top::Axis { clock } | Top::Wishbone { clock } | Top::Board { clock, .. } => Some(clock),
        }
    }

    /// The name of the top module.
    pub fn name(self) -> &'static str {
        match self {
            Top::Core => "hopgate_core",
            Top::Axis { .. } => "hopgate_axis",
            Top::Wishbone { .. } => "hopgate_wishbone",
            Top::Board { .. } => Top::BOARD,
        }
    }
}

/// A generated design: Verilog and the contents of its memories.
#[derive(Debug, Clone)]
pub struct Design {
    /// The layout that it was made from.
    pub plan: Plan,
    /// What is on top.
    pub top: Top,
    /// The Verilog source file's name.
    pub file: String,
    /// Its text.
    pub verilog: String,
    /// What a framed board says of itself.
    pub page: Option<Image>,
}

impl Design {
    /// Every memory.
    pub fn images(&self) -> Vec<Image> {
        self.plan.images().into_iter().chain(self.page.clone()).collect()
    }

    /// Every file of the design: the Verilog, and one `.hex` per memory.
    pub fn files(&self) -> Vec<(String, String)> {
        let hex = self.images().into_iter().map(|image| (image.file.clone(), image.hex()));
        std::iter::once((self.file.clone(), self.verilog.clone())).chain(hex).collect()
    }
}

/// Emits the Verilog of a plan. `memory_hash` goes into the header, so that a file says which memory it is.
pub fn emit(plan: &Plan, top: Top, memory_hash: &str) -> Result<Design> {
    let facts = match top {
        Top::Board { clock, link: Link::Framed { baud }, .. } => {
            Some(Facts { clock, baud, memory: digest(memory_hash), self_test: plan.self_test })
        }
        _ => None,
    };
    if plan.loadable && matches!(top, Top::Board { link: Link::Plain, .. }) {
        return Err(
            Error::usage("nothing can be loaded over the plain link").hint("build it --fixed, or --protocol framed")
        );
    }
    if facts.is_some() && plan.patterns > MAX_COUNTED {
        let what = format!("{} patterns, but behind a framed link there are at most {MAX_COUNTED}", plan.patterns);
        return Err(Error::new(ErrorKind::Fit, format!("{what}: its page says their number in 16 bits"))
            .hint("the plain link has no page: --protocol plain"));
    }
    let body = verilog_of(plan, top, facts)?;
    let file = format!("{}.v", top.name());
    let verilog = header(plan, top, memory_hash) + &body;
    Ok(Design { plan: plan.clone(), top, file, verilog, page: facts.map(|f| page::image(plan, &f)) })
}

fn verilog_of(plan: &Plan, top: Top, facts: Option<Facts>) -> Result<String> {
    match top {
        Top::Core => generate(Core::new(plan), top),
        Top::Axis { clock } => generate(Axis::new(plan, clock), top),
        Top::Wishbone { clock } => generate(Wishbone::new(plan, clock), top),
        Top::Board { clock, uart_divider, pll, pins, .. } => {
            pins::fit(generate(Board::new(plan, clock, uart_divider, pll, facts), top)?, pins)
        }
    }
}

/// The bytes of a hash in hexadecimal, as far as it is one.
fn digest(hash: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(hash.as_bytes().chunks_exact(2)) {
        *byte = std::str::from_utf8(digits).ok().and_then(|d| u8::from_str_radix(d, 16).ok()).unwrap_or(0);
    }
    bytes
}

/// Connects a block, checks it and emits it. (rust-hdl's own `generate_verilog` panics where a check fails.)
fn generate<B: Block>(mut block: B, top: Top) -> Result<String> {
    let name = top.name();
    block.connect_all();
    check_all(&block).map_err(|e| {
        let what = match e {
            CheckError::OpenSignal(map) => format!("unconnected signals: {:?}", map.values().collect::<Vec<_>>()),
            CheckError::LogicLoops(list) => format!("logic loops: {list:?}"),
            CheckError::WritesToInputs(list) => format!("writes to inputs: {list:?}"),
        };
        Error::new(ErrorKind::Failed, format!("the generated hardware is not sound: {what}"))
            .hint("this is a defect of hopgate: please report it with the memory's manifest.json")
    })?;
    let mut defines = ModuleDefines::default();
    block.accept(name, &mut defines);
    Ok(unify(&defines.defines(), name, name))
}

fn header(plan: &Plan, top: Top, memory_hash: &str) -> String {
    let Plan { neurons, patterns, planes, reach, kernel_mode, kernel_bits, accumulator_bits, parallel, fold, .. } =
        plan;
    let (lanes, version) = (plan.lanes(), env!("CARGO_PKG_VERSION"));
    let readout = plan.readout;
    let folded = if *fold > 1 { format!(", each for {fold} neurons in turn") } else { String::new() };
    let shared = if plan.shared_top { ", the top plane is the patterns" } else { "" };
    let ports = match top {
        Top::Core => format!(
            "// Streams, 16-bit words, valid/ready: in {lanes} words of the cue, least significant neuron first; out {lanes}\n\
             // words of the answer, then steps (bit 15: converged), nearest pattern, its distance.\n\
             // Hold reset for 10 us after configuration, and for {FLUSH} cycles at any time.\n"
        ),
        Top::Axis { .. } => format!(
            "// AXI4-Stream, 16-bit words: in {lanes} words of the cue, least significant neuron first, tlast on the last; out {lanes}\n\
             // words of the answer, then steps (bit 15: converged), nearest pattern, its distance, tlast on that.\n"
        ),
        Top::Wishbone { .. } => format!(
            "// Wishbone B4 classic, 32-bit words: 0 STATUS (1 ready, 2 answer, 4 done, 8 mistake), 1 CUE (write {lanes} words),\n\
             // 2 ANSWER (read {lanes} words), 3 STEPS (bit 15: converged), 4 NEAREST, 5 DISTANCE.\n"
        ),
        Top::Board { uart_divider, link: Link::Plain, .. } => format!(
            "// UART: 8N1, {uart_divider} clock cycles a bit; words low byte first: in {lanes} words of the cue, out {lanes} words of the\n\
             // answer, then steps (bit 15: converged), nearest pattern, its distance.\n"
        ),
        Top::Board { uart_divider, link: Link::Framed { .. }, .. } => format!(
            "// UART: 8N1, {uart_divider} clock cycles a bit; requests and replies in frames (COBS, CRC-32), as hopgate's\n\
             // documentation specifies.\n"
        ),
    };
    let reset = top.clock().map_or_else(String::new, |clock| {
        let (mhz, cycles) = (f64::from(clock) / 1e6, power_up_cycles(clock));
        format!("// Reset after configuration: {cycles} cycles, which are 10 us or more of {mhz} MHz.\n")
    });
    format!(
        "\
// {name}: an associative memory, generated by hopgate {version}.
//
//   neurons          {neurons} in {lanes} lanes of 16
//   patterns         {patterns}
//   planes           {planes}{shared}
//   kernel           {kernel_mode}, {kernel_bits} bits, reach {reach}
//   rows per cycle   {parallel}
//   readout          {readout}
{accumulators}{loadable}{spram}{tail}\
//   cycles per step  {cycles}
//   memory           sha256 {memory_hash}
//
{ports}\
{reset}\
//
// Memories are read with $readmemh from .hex files; define HOPGATE_ROM_DIR as their folder, with a slash at
// its end, where the tool does not run in it.
//
// Index, distance, accumulator and threshold signals have one width for every memory; the bits above what this\n// one needs are unused or zero, and synthesis removes them.

`ifndef HOPGATE_ROM_DIR
`define HOPGATE_ROM_DIR \"\"
`endif

",
        name = top.name(),
        accumulators = match readout {
            Readout::Vote => format!(
                "//   accumulators     {accumulator_bits} bits (the proven bound){folded}\n"
            ),
            Readout::Nearest => String::new(),
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
