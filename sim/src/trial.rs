//! The shapes that broken Verilog must be noticed on, and all that is compared: what `make test` does, and `make mutants` repeats
//! for every mutant.

use crate::{
    CosimOptions, Library,
    cosim::{self, Expected},
    cue::{Cue, Cues},
    reset,
    suite::{self, SHAPE, Shape, cues, distinct, memory},
};
use hopgate_hdl::{CoreOptions, Design, Later, Plan, Readout, Room, Top, emit};
use hopgate_model::{
    Error, Result,
    bits::BitMatrix,
    kernel::KernelMode,
    kind::{Kind, Kinds},
    memory::Memory,
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// A core, and for a loadable one another memory that is loaded into it.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// Its name in tables, and that of its test.
    pub name: &'static str,
    /// The memory that is built in.
    pub shape: Shape,
    /// The memory that is loaded. None: the core is not loadable.
    pub load: Option<Shape>,
}

const fn fixed(name: &'static str, shape: Shape) -> Trial {
    Trial { name, shape, load: None }
}

const fn loadable(name: &'static str, shape: Shape, load: Shape) -> Trial {
    Trial { name, shape, load: Some(load) }
}

/// The fields that are compared are those of the last step: of one, those at every cue, wherever the recall would have ended.
const ONE_STEP: Shape = Shape { max_steps: 1, ..SHAPE };

// accumulators so wide that an entry of the threshold has a high half
const OFFSET: Shape = Shape {
    neurons: 33,
    patterns: 40,
    parallel: 4,
    planes: 3,
    shared: false,
    offset: 0.7,
    room: Room { accumulator_bits: 20, ..Room::NONE },
    ..SHAPE
};
const SLOTS: Shape = Shape { neurons: 20, patterns: 40, fold: 2, gamma: 0.01, max_steps: 2, ..SHAPE };
const SEARCH: Shape = Shape { neurons: 40, patterns: 37, parallel: 2, readout: Readout::Nearest, ..SHAPE };

// two columns, so that sums are joined before they are ranked
const CLASSES: Shape = Shape {
    kind: Kind::Class,
    outputs: 18,
    neurons: 23,
    patterns: 40,
    planes: 2,
    radius: Some(5),
    room: Room { outputs: 20, accumulator_bits: 16, ..Room::NONE },
    ..SHAPE
};
// so few patterns of so many bits that the nearest is far: on both sides of a radius
const VALUES: Shape = Shape {
    kind: Kind::Map,
    outputs: 21,
    neurons: 61,
    patterns: 12,
    parallel: 2,
    radius: Some(21),
    room: Room { accumulator_bits: 16, ..Room::NONE },
    ..SHAPE
};

// memories of every kind, whose values have more words than a key
const KINDS: Kinds = Kinds::of(Kind::Auto).with(Kind::Map).with(Kind::Class).with(Kind::Sequence);
const MIXED: Shape = Shape {
    shared: false,
    radius: None,
    outputs: 20,
    neurons: 13,
    room: Room { kinds: KINDS, ..CLASSES.room },
    ..CLASSES
};

// three beats of two lanes, of which one has no word in the last
const BEATS: Shape = Shape {
    neurons: 75,
    patterns: 31,
    parallel: 2,
    planes: 2,
    lanes: Some(2),
    room: Room { accumulator_bits: 16, ..Room::NONE },
    ..SHAPE
};

/// Together they have every kind of block and every option of one.
pub const TRIALS: [Trial; 34] = [
    loadable("load_an_offset", OFFSET, Shape { patterns: 30, offset: 1.1, gamma: 0.35, ..OFFSET }),
    fixed("one_neuron_more_than_a_lane", Shape { neurons: 17, patterns: 33, planes: 3, ..SHAPE }),
    fixed(
        "negative_offset_fixed",
        Shape {
            mode: KernelMode::Fixed,
            offset: -1.3,
            neurons: 25,
            patterns: 16,
            planes: 2,
            shared: false,
            ..ONE_STEP
        },
    ),
    fixed("few_steps", Shape { neurons: 30, patterns: 60, gamma: 0.01, max_steps: 2, ..SHAPE }),
    fixed(
        "four_rows_a_cycle",
        Shape { neurons: 33, patterns: 31, parallel: 4, planes: 3, shared: false, offset: 0.7, ..ONE_STEP },
    ),
    fixed("two_slots_of_three_lanes", Shape { neurons: 43, patterns: 30, fold: 2, planes: 2, ..SHAPE }),
    fixed(
        "two_slots_of_two_rows_two_ranks",
        Shape { neurons: 39, patterns: 700, fold: 2, parallel: 2, planes: 2, gamma: 0.2, ..SHAPE },
    ),
    fixed("nearest_alone", Shape { neurons: 40, patterns: 37, readout: Readout::Nearest, ..SHAPE }),
    fixed("two_rows_a_cycle_two_planes", Shape { neurons: 50, patterns: 64, parallel: 2, planes: 2, ..SHAPE }),
    fixed("all_vote", Shape { neurons: 24, patterns: 40, gamma: 0.001, planes: 4, ..SHAPE }),
    // so few neurons that several patterns of a group are equally near
    fixed("equals_in_a_group", Shape { neurons: 6, patterns: 31, parallel: 4, gamma: 0.5, ..SHAPE }),
    loadable(
        "load_into_more_room",
        Shape { room: Room { neurons: 43, patterns: 300, planes: 2, accumulator_bits: 18, ..Room::NONE }, ..SLOTS },
        Shape { neurons: 41, patterns: 280, planes: 2, max_steps: 3, mode: KernelMode::Fixed, gamma: 0.05, ..SLOTS },
    ),
    loadable("load_nearest", SEARCH, Shape { patterns: 30, neurons: 33, ..SEARCH }),
    loadable("load_classes", CLASSES, Shape { patterns: 33, outputs: 20, neurons: 20, radius: Some(3), ..CLASSES }),
    fixed(
        "three_classes_of_four_rows",
        Shape { outputs: 3, parallel: 4, planes: 3, offset: 0.7, radius: None, ..CLASSES },
    ),
    // sums as large as the accumulators hold, and recalls in which every class has less than nothing
    fixed(
        "three_patterns_of_two_classes",
        Shape { outputs: 2, patterns: 3, planes: 1, kernel_bits: 16, radius: None, ..CLASSES },
    ),
    loadable("load_a_sequence_for_classes", MIXED, Shape { kind: Kind::Sequence, neurons: 11, max_steps: 3, ..MIXED }),
    loadable(
        "load_classes_for_a_state",
        Shape { kind: Kind::Auto, masks: true, ..MIXED },
        Shape { outputs: 7, masks: true, ..MIXED },
    ),
    loadable("load_values", VALUES, Shape { patterns: 15, outputs: 9, neurons: 58, radius: Some(26), ..VALUES }),
    // more values than a block RAM has words: two ranks
    fixed(
        "values_of_two_ranks",
        Shape { patterns: 300, neurons: 37, planes: 2, outputs: 5, parallel: 1, radius: None, ..VALUES },
    ),
    fixed(
        "sequence_in_two_slots",
        Shape { kind: Kind::Sequence, neurons: 39, patterns: 30, fold: 2, max_steps: 3, radius: Some(9), ..SHAPE },
    ),
    // of which some bits are unknown: of two rows a cycle, in slots that are wiped behind the scan, where bits of keys vote for nothing,
    // and where rows can be read back
    fixed("cues_partly_known", Shape { neurons: 33, patterns: 31, parallel: 2, planes: 2, masks: true, ..SHAPE }),
    fixed(
        "partly_known_in_two_slots",
        Shape { neurons: 43, patterns: 30, fold: 2, masks: true, max_steps: 3, ..SHAPE },
    ),
    fixed(
        "values_of_partly_known_keys",
        Shape { kind: Kind::Map, outputs: 20, neurons: 37, patterns: 23, masks: true, ..SHAPE },
    ),
    loadable(
        "load_partly_known",
        Shape { neurons: 20, patterns: 23, masks: true, room: Room { accumulator_bits: 16, ..Room::NONE }, ..SHAPE },
        Shape { neurons: 17, patterns: 30, masks: true, mode: KernelMode::Fixed, gamma: 0.05, ..SHAPE },
    ),
    loadable("load_in_beats", BEATS, Shape { neurons: 70, patterns: 37, planes: 1, ..BEATS }),
    // lists of the nearest patterns: of more than there are as a rule, and of patterns that are equally near
    fixed(
        "a_list_of_two_rows",
        Shape {
            neurons: 33,
            patterns: 31,
            parallel: 2,
            radius: Some(9),
            readout: Readout::Ranked { most: 6, within: Some(3) },
            ..SHAPE
        },
    ),
    fixed(
        "a_list_partly_known_in_beats",
        Shape {
            neurons: 41,
            patterns: 30,
            lanes: Some(2),
            masks: true,
            readout: Readout::Ranked { most: 5, within: Some(2) },
            ..SHAPE
        },
    ),
    // where a state becomes a row and stays, or moves on from it, or never was one
    fixed("from_the_queue", Shape { neurons: 40, patterns: 60, later: Later::Queue, ..SHAPE }),
    fixed(
        "from_queues_of_two_rows",
        Shape { neurons: 33, patterns: 31, parallel: 2, planes: 3, gamma: 0.04, later: Later::Queue, ..SHAPE },
    ),
    fixed(
        "from_queues_partly_known",
        Shape {
            neurons: 9,
            patterns: 43,
            parallel: 4,
            planes: 2,
            gamma: 0.3,
            masks: true,
            max_steps: 4,
            later: Later::Queue,
            ..SHAPE
        },
    ),
    fixed(
        "four_cues_of_a_scan",
        Shape { neurons: 23, patterns: 33, parallel: 2, gamma: 0.2, cues: 4, later: Later::Queue, ..SHAPE },
    ),
    fixed("two_cues_that_stop", Shape { neurons: 37, patterns: 21, gamma: 1.0, cues: 2, later: Later::Stop, ..SHAPE }),
    fixed("partly_known_in_beats", Shape { lanes: Some(1), patterns: 90, planes: 1, masks: true, ..BEATS }),
];

/// Patterns of the second memory.
const OTHER_SEED: u64 = 2;
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
        Ok(Prepared { design, built_in: Held::new(plan, built_in, cues_in), loaded: loaded.transpose()? })
    }
}

impl Prepared {
    /// The memory that is built in.
    pub fn memory(&self) -> &Memory {
        &self.built_in.memory
    }

    /// Whether a simulation of the design, or of a broken one, is noticed not to be the reference.
    pub fn noticed(&self, library: &Library) -> Option<(Noticed, String)> {
        self.noticed_by(library, &[2, 16, CUES + STORED]).or_else(|| self.reset(library))
    }

    /// The same by the first few cues, and without resets: what they notice, the rest would too.
    pub fn noticed_at_once(&self, library: &Library) -> Option<(Noticed, String)> {
        self.noticed_by(library, &[2, 16])
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
