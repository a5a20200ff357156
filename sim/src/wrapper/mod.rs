//! Trials of what stands between a core and a bus: AXI4-Lite and Wishbone, their registers, the buffers of requests and replies, and whose turn it is;
//! and of streams of requests and replies, without a bus.
//!
//! A trial is a conversation of a master with the wrapper, in parts, as those of boards are: every bus cycle, and what it must read.

mod act;
mod list;
mod master;
mod mistakes;
mod packets;
mod parts;
mod resets;
mod turns;
mod writer;

pub use list::TRIALS;

use crate::{
    Library,
    suite::{self, Shape, distinct},
    trial::Noticed,
};
use act::Part;
use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Design, Plan, Top, emit};
use hopgate_host::device::Device;
use hopgate_model::{
    Result,
    bits::BitMatrix,
    kind::Kind,
    memory::{Memory, Parts},
};
use hopgate_wire::page::Identity;
use writer::Writer;

/// What is the bus's own: the blocks that it has with cores and boards, and the packets, are in [other trials](crate::trial).
pub const BLOCKS: [&str; 8] = ["axil", "wishbone", "registers", "port", "inbox", "outbox", "turn", "axis"];

/// Seeds of the patterns of both memories.
const SEEDS: [u64; 2] = [3, 2];

/// A core behind a bus.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// Its name in tables, and that of its test.
    pub name: &'static str,
    /// The memory that is built in.
    pub shape: Shape,
    /// One that is loaded, where it can be.
    pub load: Option<Shape>,
    /// It learns, from cues too.
    pub learns: bool,
    /// The bus.
    pub top: Top,
}

/// A trial, ready to be built.
#[derive(Debug)]
pub struct Prepared {
    /// What to build.
    pub design: Design,
    parts: Vec<Part>,
}

/// The memory of a shape; where patterns are learnt, the one without training: of classes a plane of one bit a pattern.
fn memory(shape: &Shape, seed: u64, learns: bool) -> Result<Memory> {
    let memory = suite::memory(shape, distinct(shape.patterns, shape.neurons, seed));
    if !learns || memory.kind() != Kind::Class {
        return Ok(memory);
    }
    let (patterns, classes) = (memory.patterns().rows(), memory.outputs());
    let planes = vec![BitMatrix::from_fn(patterns, classes, |mu, c| mu % classes == c)];
    Memory::new(Parts { planes, ..memory.parts().clone() })
}

impl Trial {
    /// Makes the memories and the design, and writes the conversation down.
    ///
    /// # Errors
    /// When there is no such hardware, or the second memory does not fit.
    pub fn prepare(&self) -> Result<Prepared> {
        let Trial { shape, load, learns, top, .. } = *self;
        let (axil, requests, streams) = match top {
            Top::Axil { requests, streams, .. } => (true, requests, streams),
            Top::Wishbone { requests, streams, .. } => (false, requests, streams),
            Top::Axis { requests, .. } => (false, requests, false),
            _ => (false, false, false),
        };
        let built_in = memory(&shape, SEEDS[0], learns)?;
        let other = memory(&load.unwrap_or(shape), SEEDS[1], learns)?;
        let options = CoreOptions {
            room: load.map(|_| shape.room),
            learns,
            auto_store: learns,
            self_test: false,
            ..shape.hardware()
        };
        let plan = Plan::with(&built_in, options)?;
        let design = emit(&plan, top, &folder::hash(&built_in))?;
        let words: Vec<u16> = design.page.iter().flat_map(|page| page.words.iter().map(|&word| word as u16)).collect();
        let mut said = Vec::new();
        let alone = matches!(top, Top::Axis { .. });
        for &(name, wanted, say) in if alone { &packets::PARTS[..] } else { &parts::PARTS[..] } {
            let device = match requests {
                true => Some(Device::with(Identity::of(&words)?, &built_in)?),
                false => None,
            };
            let mut writer = Writer::new(&plan, &built_in, device, axil, streams);
            if wanted(&writer) {
                say(&mut writer, &other)?;
                said.push(Part { name, acts: writer.acts });
            }
        }
        Ok(Prepared { design, parts: said })
    }
}

impl Prepared {
    /// What its parts are called.
    pub fn stages(&self) -> Vec<&'static str> {
        self.parts.iter().map(|part| part.name).collect()
    }

    /// A part as it is written down: a result holds while it is the same.
    pub fn said(&self, stage: usize) -> String {
        format!("{:?}", self.parts.get(stage))
    }

    /// Whether a simulation of the design, or of a broken one, is noticed in a part not to be what it should.
    pub fn noticed_in(&self, library: &Library, stage: usize) -> Option<(Noticed, String)> {
        self.parts.get(stage).and_then(|part| part.noticed(library))
    }

    /// The same in any.
    pub fn noticed(&self, library: &Library) -> Option<(Noticed, String)> {
        (0..self.parts.len()).find_map(|stage| self.noticed_in(library, stage))
    }
}
