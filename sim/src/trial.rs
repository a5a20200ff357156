//! The shapes that broken Verilog must be noticed on, and all that is compared: what `make test` does, and `make mutants` repeats
//! for every mutant.

mod buttons;
mod cores;
mod lessons;
mod line;
mod link;
mod list;
mod mistakes;
mod plain;
mod selftests;
mod turns;

pub use list::TRIALS;

use crate::{
    CosimOptions, Library, behind,
    cosim::{self, Expected},
    cue::{Cue, Cues},
    reset,
    suite::{self, Shape, cues, distinct, memory},
};
use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Design, Link, Plan, Top, emit, pins::Pins};
use hopgate_model::{
    Error, Result,
    bits::BitMatrix,
    kind::Kind,
    memory::{Memory, Parts},
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// A core, and for a loadable one another memory that is loaded into it; or a board around one; or several cores side by side.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// Its name in tables, and that of its test.
    pub name: &'static str,
    /// The memory that is built in.
    pub shape: Shape,
    /// The memory that is loaded. None: the core is not loadable.
    pub load: Option<Shape>,
    /// The framed board around the core, at whose pins it is asked.
    pub board: Option<Board>,
}

/// A board.
#[derive(Debug, Clone, Copy)]
pub struct Board {
    /// It learns, from cues too.
    pub learns: bool,
    /// How it talks.
    pub line: Line,
    /// Of the conversation these parts alone; none: all of them.
    pub parts: &'static [&'static str],
}

/// How the board of a trial talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Frames, by a line of a cycle a bit in place of its UART: most of what lies behind is tried sooner.
    Swift,
    /// Plain words by the UART that boards have.
    Words,
    /// Frames by SPI.
    Spi,
}

/// Patterns of the second memory.
const OTHER_SEED: u64 = 2;
/// The clock of streams, Hz: so slow that their power-up is short.
const STREAM_CLOCK: u32 = 1_000_000;
const CUES: usize = 200;
/// Patterns that are cues themselves, behind the others.
const STORED: usize = 64;

/// A trial, ready to be built.
#[derive(Debug)]
pub struct Prepared {
    /// What to build.
    pub design: Design,
    built_in: Held,
    loaded: Option<Held>,
    around: Option<Around>,
}

/// Where a design is more than a core: what is asked of it.
#[derive(Debug)]
enum Around {
    Board(link::Conversation),
    Cores(cores::Streams),
}

/// The bits of a cue, and those that are known.
type Asked = (Vec<u64>, Option<Vec<u64>>);

/// A memory in a core, and what is expected of its cues, once it was asked for: mutants are asked the same again and again.
#[derive(Debug)]
struct Held {
    plan: Plan,
    memory: Memory,
    cues: BitMatrix,
    /// Where bits of a cue can be unknown: those that are known.
    masks: Option<BitMatrix>,
    known: Mutex<HashMap<Asked, Expected>>,
}

/// The suite's cues, and patterns themselves: of those, an excess over the nearest distance is the distance of two patterns.
fn all_cues(patterns: &BitMatrix) -> BitMatrix {
    let cues = cues(patterns, CUES);
    BitMatrix::from_fn(CUES + patterns.rows().min(STORED), patterns.cols(), |q, i| match q.checked_sub(CUES) {
        None => cues.get(q, i),
        Some(mu) => patterns.get(mu, i),
    })
}

impl Held {
    fn new(plan: Plan, memory: Memory, cues: BitMatrix) -> Held {
        let masks = plan.masks.then(|| suite::masks(cues.rows(), cues.cols()));
        Held { plan, memory, cues, masks, known: Mutex::default() }
    }

    fn cues(&self) -> Cues<'_> {
        Cues { bits: &self.cues, known: self.masks.as_ref() }
    }

    fn expected(&self, cue: Cue) -> Expected {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (cue.bits.to_vec(), cue.known.map(<[u64]>::to_vec));
        let known = lock().get(&key).cloned();
        known.unwrap_or_else(|| {
            let new = Expected::of(&self.memory, &self.plan, cue);
            lock().insert(key, new.clone());
            new
        })
    }

    /// Co-simulates the first cues. `loaded`: the memory is loaded first, and read back.
    fn cosim(&self, library: &Library, cues: usize, loaded: bool) -> Result<Option<String>> {
        let first: Vec<usize> = (0..self.cues.rows().min(cues)).collect();
        let (cues, masks) = (self.cues.select(&first), self.masks.as_ref().map(|masks| masks.select(&first)));
        let cues = Cues { bits: &cues, known: masks.as_ref() };
        let plan = loaded.then_some(&self.plan);
        let expected = |cue: Cue| self.expected(cue);
        let result = cosim::compare(library, plan, cues, CosimOptions::default(), &|_| (), &expected)?;
        Ok(result.difference.map(|d| d.what))
    }
}

/// What told that the hardware is not the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noticed {
    /// It did not answer in time.
    Hangs,
    /// An answer, or the fields of the last step.
    Answer,
    /// The cycles or the candidates of a step.
    Count,
    /// The same with another memory loaded.
    Loaded,
    /// What a reset in the middle of a recall left behind.
    Reset,
}

impl Noticed {
    /// All of them.
    pub const ALL: [Noticed; 5] = [Noticed::Hangs, Noticed::Answer, Noticed::Count, Noticed::Loaded, Noticed::Reset];
}

impl std::fmt::Display for Noticed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Noticed::Hangs => "no answer",
            Noticed::Answer => "answer",
            Noticed::Count => "cycles or candidates",
            Noticed::Loaded => "after a load",
            Noticed::Reset => "after a reset",
        })
    }
}

impl Trial {
    /// Makes the memories and the design.
    ///
    /// # Errors
    /// When there is no such hardware, or the second memory does not fit.
    pub fn prepare(&self) -> Result<Prepared> {
        if let Some(board) = self.board {
            return self.around(board);
        }
        if self.shape.cores > 1 {
            return self.side_by_side();
        }
        let (built_in, _) = self.shape.example();
        let cues_in = all_cues(built_in.patterns());
        let room = self.load.map(|_| self.shape.room);
        let plan = Plan::with(&built_in, CoreOptions { room, ..self.shape.hardware() })?;
        let loaded = self.load.map(|other| {
            let patterns = distinct(other.patterns, other.neurons, OTHER_SEED);
            let memory = memory(&other, patterns.clone());
            Ok::<_, Error>(Held::new(plan.hold(&memory)?, memory, all_cues(&patterns)))
        });
        let design = emit(&plan, Top::Core, "trial")?;
        let built_in = Held::new(plan, built_in, cues_in);
        Ok(Prepared { design, built_in, loaded: loaded.transpose()?, around: None })
    }

    /// The cores behind the ports of AXI4-Stream.
    fn side_by_side(&self) -> Result<Prepared> {
        let (memory, _) = self.shape.example();
        let plan = Plan::with(&memory, self.shape.hardware())?;
        let design = emit(&plan, Top::Axis { clock: STREAM_CLOCK, requests: false }, "trial")?;
        let cues = all_cues(memory.patterns());
        let built_in = Held::new(plan, memory, cues);
        let around = Some(Around::Cores(cores::Streams::new(&built_in.plan, &built_in.memory, built_in.cues())));
        Ok(Prepared { design, built_in, loaded: None, around })
    }

    /// A board around the core.
    fn around(&self, Board { learns, line, parts }: Board) -> Result<Prepared> {
        let of = |shape: &Shape, seed| {
            let memory = memory(shape, distinct(shape.patterns, shape.neurons, seed));
            if learns { of_classes(memory) } else { Ok(memory) }
        };
        let built_in = of(&self.shape, OTHER_SEED + 1)?;
        let other = of(&self.load.unwrap_or(self.shape), OTHER_SEED)?;
        let options = CoreOptions {
            room: self.load.map(|_| self.shape.room),
            learns,
            auto_store: learns,
            ..self.shape.hardware()
        };
        let plan = Plan::with(&built_in, options)?;
        let (clock, uart_divider) = (8_000_000, if line == Line::Words { plain::DIVIDER } else { link::DIVIDER });
        let link = match line {
            Line::Swift => Link::Framed { baud: clock / uart_divider as u32 },
            Line::Words => Link::Plain,
            Line::Spi => Link::Spi,
        };
        let top = Top::Board { clock, uart_divider, pll: None, pins: Pins::default(), link };
        let design = emit(&plan, top, &folder::hash(&built_in))?;
        let design = if line == Line::Swift { line::swift(&design)? } else { design };
        let cues = all_cues(built_in.patterns());
        let mut prepared = Prepared { design, built_in: Held::new(plan, built_in, cues), loaded: None, around: None };
        let Held { plan, memory, .. } = &prepared.built_in;
        let conversation = match line {
            Line::Swift => link::Conversation::new(&prepared.design, memory, &other)?,
            Line::Words => link::Conversation::plain(plan, memory, prepared.built_in.cues()),
            Line::Spi => link::Conversation::short(&prepared.design, memory)?,
        };
        let conversation = if parts.is_empty() { conversation } else { conversation.only(parts) };
        prepared.around = Some(Around::Board(conversation));
        Ok(prepared)
    }
}

/// Where a memory is one of classes, the one without training: a plane of one bit a pattern.
fn of_classes(memory: Memory) -> Result<Memory> {
    if memory.kind() != Kind::Class {
        return Ok(memory);
    }
    let (patterns, classes) = (memory.patterns().rows(), memory.outputs());
    let planes = vec![BitMatrix::from_fn(patterns, classes, |mu, c| mu % classes == c)];
    Memory::new(Parts { planes, ..memory.parts().clone() })
}

impl Prepared {
    /// The memory that is built in.
    pub fn memory(&self) -> &Memory {
        &self.built_in.memory
    }

    /// What a mutant meets, stage after stage: a few cues, and then everything; or the parts of a conversation.
    pub fn stages(&self) -> Vec<&'static str> {
        match &self.around {
            Some(Around::Board(conversation)) => conversation.parts(),
            _ => vec!["at-once", "whole"],
        }
    }

    /// What is said in a stage, where that is written down: a result holds while it is the same.
    pub fn said(&self, stage: usize) -> String {
        match &self.around {
            Some(Around::Board(conversation)) => conversation.text(stage),
            _ => String::new(),
        }
    }

    /// Whether a simulation of the design, or of a broken one, is noticed in a stage not to be the reference.
    pub fn noticed_in(&self, library: &Library, stage: usize) -> Option<(Noticed, String)> {
        match (&self.around, stage) {
            (Some(Around::Board(conversation)), part) => conversation.noticed(library, part),
            (Some(Around::Cores(streams)), _) => streams.noticed(library, stage == 0),
            (None, 0) => self.noticed_by(library, &[2, 16]),
            (None, _) => self.noticed_by_all(library),
        }
    }

    /// The same in any.
    pub fn noticed(&self, library: &Library) -> Option<(Noticed, String)> {
        // of a core, and of several, the last stage has what the first one has
        let first = if matches!(self.around, Some(Around::Board(_))) { 0 } else { 1 };
        (first..self.stages().len()).find_map(|stage| self.noticed_in(library, stage))
    }

    fn noticed_by_all(&self, library: &Library) -> Option<(Noticed, String)> {
        let all = self.noticed_by(library, &[2, 16, CUES + STORED]);
        all.or_else(|| self.behind(library)).or_else(|| self.reset(library))
    }

    fn noticed_by(&self, library: &Library, cues: &[usize]) -> Option<(Noticed, String)> {
        for &cues in cues {
            match self.built_in.cosim(library, cues, false) {
                Err(error) => return Some((Noticed::Hangs, error.to_string())),
                Ok(Some(what)) => {
                    let count = what.contains("candidates are queued") || what.contains("it took");
                    return Some((if count { Noticed::Count } else { Noticed::Answer }, what));
                }
                Ok(None) => {}
            }
        }
        for &cues in cues {
            if let Some(loaded) = &self.loaded {
                let what = loaded.cosim(library, cues, true).unwrap_or_else(|error| Some(error.to_string()));
                if let Some(what) = what {
                    return Some((Noticed::Loaded, what));
                }
            }
        }
        None
    }

    /// Whether cues are that come while others are recalled.
    fn behind(&self, library: &Library) -> Option<(Noticed, String)> {
        let expected = |cue: Cue| self.built_in.expected(cue);
        match behind::difference(library, self.built_in.cues(), &expected) {
            Err(error) => Some((Noticed::Hangs, error.to_string())),
            Ok(what) => what.map(|what| (Noticed::Answer, what)),
        }
    }

    /// Whether a reset in the middle of a recall is.
    fn reset(&self, library: &Library) -> Option<(Noticed, String)> {
        let expected = |cue: Cue| self.built_in.expected(cue);
        match reset::interrupted_with(library, self.built_in.cues(), &expected) {
            Err(error) => Some((Noticed::Reset, error.to_string())),
            Ok(Some(cycle)) => Some((Noticed::Reset, format!("a reset after {cycle} cycles is not survived"))),
            Ok(None) => None,
        }
    }
}
