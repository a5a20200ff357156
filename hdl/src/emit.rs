//! From a plan to Verilog: build the blocks, check them, emit, tidy, and add a header.

mod style;

pub use style::{Roms, Style};

use crate::{
    blocks::{
        bus::{axil::Axil, axis::Axis, requests::Requests, wishbone::Wishbone},
        core::Core,
        edge::{board::BoardTop, pll, spi_board::SpiBoard},
        link::page::{self, Facts},
        memories::Reading,
    },
    contents::{Image, Plan},
    layout::MAX_COUNTED,
    pins::{self, Pins},
    verilog::{self, Filled, Memory, Module, Source},
};
use hopgate_model::{Error, ErrorKind, Result};
use rust_hdl::core::{check_logic_loops::check_logic_loops, check_write_inputs::check_inputs_not_written};
use rust_hdl::prelude::*;
use std::collections::BTreeMap;

/// What is on top of the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Top {
    /// The core alone, with its streams as ports: for your own design, and for simulation.
    Core,
    /// The core with AXI4-Stream ports.
    Axis {
        /// The fastest clock that it will have, Hz: reset after configuration is reckoned by it.
        clock: u32,
        /// Whether packets are requests and replies, and not cues and answers: only so another memory can be loaded.
        requests: bool,
    },
    /// The core with registers behind AXI4-Lite.
    Axil {
        /// The same.
        clock: u32,
        /// Whether it takes requests too, as a framed board does: only so another memory can be loaded.
        requests: bool,
        /// Whether cues come and answers go by AXI4-Stream too.
        streams: bool,
    },
    /// The core with the same registers behind Wishbone.
    Wishbone {
        /// The same.
        clock: u32,
        /// The same.
        requests: bool,
        /// The same.
        streams: bool,
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

/// How a board talks, over its UART unless told otherwise: see `docs/src/reference/protocol.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Words, and nothing else: the smallest.
    Plain,
    /// Frames with a CRC, requests and replies; the only one by which another memory can be loaded.
    Framed {
        /// The baud rate that the page names.
        baud: u32,
    },
    /// The same frames over an SPI peripheral: its controller has the clock, so there is no rate, and no use for a UART's divider.
    Spi,
}

impl Top {
    /// The name of a board's top module.
    pub const BOARD: &'static str = "hopgate_board";

    /// The clock that its reset after configuration is reckoned by, Hz; the core's is its user's.
    pub fn clock(self) -> Option<u32> {
        match self {
            Top::Core => None,
            Top::Axis { clock, .. }
            | Top::Axil { clock, .. }
            | Top::Wishbone { clock, .. }
            | Top::Board { clock, .. } => Some(clock),
        }
    }

    /// The name of the top module, unless the design is given another one.
    pub fn name(self) -> &'static str {
        match self {
            Top::Core => "hopgate_core",
            Top::Axis { .. } => "hopgate_axis",
            Top::Axil { .. } => "hopgate_axil",
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
    /// The name of the top module.
    pub name: String,
    /// The Verilog source file's name.
    pub file: String,
    /// Its text.
    pub verilog: String,
    /// The memories that are read from files.
    pub memories: Vec<Memory>,
    /// What a framed board says of itself.
    pub page: Option<Image>,
    /// The hash of the memory in it.
    pub memory: String,
    /// Its modules by name.
    pub modules: BTreeMap<String, Module>,
}

impl Design {
    /// Every memory.
    pub fn images(&self) -> Vec<Image> {
        self.plan.images().into_iter().chain(self.page.clone()).collect()
    }

    /// Every file that a tool reads: the Verilog, and one `.hex` per memory that is not in it.
    pub fn files(&self) -> Vec<(String, String)> {
        let images = self.images();
        let mut files = vec![(self.file.clone(), self.verilog.clone())];
        for (memory, image) in self.held(&images) {
            // cores side by side read the same file
            if files.iter().all(|(name, _)| *name != memory.file) {
                files.push((memory.file.clone(), image.hex()));
            }
        }
        files
    }

    /// The memories that are read from files, with their contents.
    pub(crate) fn held<'a>(&'a self, images: &'a [Image]) -> impl Iterator<Item = (&'a Memory, &'a Image)> {
        let image = |memory: &Memory| images.iter().find(|i| verilog::parameter(&i.file) == memory.parameter);
        self.memories.iter().filter_map(move |memory| Some((memory, image(memory)?)))
    }
}

/// Emits the Verilog of a plan. `memory_hash` goes into the header, so that a file says which memory it is.
///
/// # Errors
/// As [`emit_as`].
pub fn emit(plan: &Plan, top: Top, memory_hash: &str) -> Result<Design> {
    emit_as(plan, top, memory_hash, &Style::default())
}

/// The same, written in another style.
///
/// # Errors
/// [`ErrorKind::Usage`] for a core that can be loaded behind a link that cannot.
pub fn emit_as(plan: &Plan, top: Top, memory_hash: &str, style: &Style) -> Result<Design> {
    let facts = |clock, baud| Facts { clock, baud, memory: digest(memory_hash), self_test: plan.self_test };
    let facts = match top {
        Top::Board { clock, link: Link::Framed { baud }, .. } => Some(facts(clock, baud)),
        // the controller has the rate
        Top::Board { clock, link: Link::Spi, .. } => Some(facts(clock, 0)),
        // behind a bus there is no line
        Top::Axis { clock, requests: true }
        | Top::Axil { clock, requests: true, .. }
        | Top::Wishbone { clock, requests: true, .. } => Some(facts(clock, 0)),
        _ => None,
    };
    // the core alone has the ports for it
    if plan.loadable && facts.is_none() && top != Top::Core {
        let what = match top {
            Top::Board { .. } => "nothing can be loaded over the plain link",
            Top::Axis { .. } => "nothing can be loaded over AXI4-Stream where its packets are cues",
            _ => "nothing can be loaded behind registers that take no requests",
        };
        return Err(Error::usage(what).hint("build it with `no-load`, or with `protocol framed`"));
    }
    if plan.cues > 1
        && matches!(
            top,
            Top::Wishbone { .. }
                | Top::Axis { requests: true, .. }
                | Top::Axil { .. }
                | Top::Board { link: Link::Framed { .. } | Link::Spi, .. }
        )
    {
        let what = format!("{} cues share a scan, but here each is answered before the next one", plan.cues);
        return Err(Error::usage(what)
            .hint("let each cue have a scan of its own, or take the core, the AXI4-Stream wrapper or the plain link"));
    }
    if plan.chooses() && !matches!(top, Top::Core | Top::Board { link: Link::Framed { .. }, .. }) {
        let what = format!(
            "memories of kinds {}: how many words an answer has is compiled into what talks to registers, or over SPI",
            plan.kinds
        );
        return Err(
            Error::usage(what).hint("leave `room kinds=...` out, or take the core, or a board with frames over a UART")
        );
    }
    if plan.cores > 1 && !matches!(top, Top::Axis { requests: false, .. } | Top::Board { link: Link::Plain, .. }) {
        let why = match top {
            Top::Core => "the core alone is one",
            Top::Board { .. } => "behind frames each cue is answered before the next one",
            Top::Axis { .. } => "of requests each is answered before the next one",
            _ => "behind registers each cue is answered before the next one",
        };
        let what = format!("{} cores side by side, but {why}", plan.cores);
        return Err(Error::usage(what).hint("take one core, or the AXI4-Stream wrapper or a board with the plain link"));
    }
    if facts.is_some() && plan.patterns > MAX_COUNTED {
        let what = format!("{} patterns, but behind a framed link there are at most {MAX_COUNTED}", plan.patterns);
        return Err(Error::new(ErrorKind::Fit, format!("{what}: its page says their number in 16 bits"))
            .hint("the plain link has no page: `protocol plain`"));
    }
    let page = facts.map(|f| page::image(plan, &f));
    let name = style.name.as_deref().unwrap_or(top.name());
    let prefix = style.name.as_ref().map_or(String::new(), |name| format!("{name}_"));
    let images: Vec<Image> = plan.images().into_iter().chain(page.clone()).collect();
    let fill = |reading: &Reading| fill(reading, style.roms, &images);
    let Source { text, memories, modules } = source(plan, top, facts, &|block| generate(block, name, &prefix, &fill))?;
    let verilog = crate::header::header(plan, top, name, memory_hash, &memories) + &text;
    Ok(Design {
        plan: plan.clone(),
        top,
        name: name.to_owned(),
        file: format!("{name}.v"),
        verilog,
        memories,
        page,
        memory: memory_hash.to_owned(),
        modules,
    })
}

fn source(
    plan: &Plan,
    top: Top,
    facts: Option<Facts>,
    generate: &dyn Fn(&mut dyn Block) -> Result<Source>,
) -> Result<Source> {
    match top {
        Top::Core => generate(&mut Core::new(plan)),
        Top::Axis { clock, .. } => match facts {
            Some(facts) => generate(&mut Requests::new(plan, clock, &facts)),
            None => generate(&mut Axis::new(plan, clock)),
        },
        Top::Axil { clock, streams, .. } => Ok(plainly(generate(&mut Axil::new(plan, clock, facts, streams))?)),
        Top::Wishbone { clock, streams, .. } => Ok(plainly(generate(&mut Wishbone::new(plan, clock, facts, streams))?)),
        Top::Board { clock, uart_divider, pll, pins, link } => {
            let source = match (link, facts) {
                (Link::Spi, Some(facts)) => generate(&mut SpiBoard::new(plan, pll, facts))?,
                _ => generate(&mut BoardTop::new(plan, clock, uart_divider, pll, facts))?,
            };
            Ok(Source { text: pins::fit(source.text, pins)?, ..source })
        }
    }
}

/// Ports that not every wrapper has are the first of a vector each: a bus has them under their own names.
fn plainly(source: Source) -> Source {
    let rename = |text: String, name: &str| {
        [format!("s_axis_{name}"), format!("m_axis_{name}")]
            .iter()
            .fold(text, |text, port| text.replace(&format!("{port}$0"), port))
    };
    let text = ["tvalid", "tready", "tdata", "tlast"].into_iter().fold(source.text, rename);
    Source { text, ..source }
}

/// The Verilog that fills a memory: from a file, which must be there, or word by word.
fn fill(reading: &Reading, roms: Roms, images: &[Image]) -> Filled {
    let Reading { parameter, memory, file, words } = reading;
    let last = words - 1;
    let text = match (roms, images.iter().find(|image| image.file == *file)) {
        (Roms::Inline, Some(image)) => {
            let word = |(at, word): (usize, &u64)| format!("        {memory}[{at}] = {}'h{word:x};\n", image.width);
            let words: String = image.words.iter().enumerate().map(word).collect();
            format!("    initial begin\n{words}    end\n")
        }
        _ => format!(
            "    initial $readmemh({parameter}, {memory}, 0, {last});\n\
             `ifndef SYNTHESIS\n\
             \x20   // synthesis translate_off\n\
             \x20   // a file that is missing would be a warning, and the answers wrong\n\
             \x20   integer {memory}_file;\n\
             \x20   initial begin\n\
             \x20       {memory}_file = $fopen({parameter}, \"r\");\n\
             \x20       if ({memory}_file == 0) begin\n\
             \x20           $display(\"%m: the memory file %0s cannot be read\", {parameter});\n\
             \x20           $fatal;\n\
             \x20       end\n\
             \x20       $fclose({memory}_file);\n\
             \x20   end\n\
             \x20   // synthesis translate_on\n\
             `endif\n"
        ),
    };
    Filled { from_file: roms == Roms::Files, text }
}

/// The bytes of a hash in hexadecimal, as far as it is one.
fn digest(hash: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(hash.as_bytes().chunks_exact(2)) {
        *byte = std::str::from_utf8(digits).ok().and_then(|d| u8::from_str_radix(d, 16).ok()).unwrap_or(0);
    }
    bytes
}

/// Checks a block and writes it.
fn generate(block: &mut dyn Block, name: &str, prefix: &str, fill: &dyn Fn(&Reading) -> Filled) -> Result<Source> {
    let unsound = |what: String| {
        Error::new(ErrorKind::Failed, format!("the generated hardware is not sound: {what}"))
            .hint("this is a defect of hopgate: please report it with the memory's manifest.json")
    };
    check_logic_loops(block).and_then(|()| check_inputs_not_written(block)).map_err(|e| unsound(format!("{e:?}")))?;
    verilog::write(block, name, prefix, fill).map_err(unsound)
}
