//! The honest baseline: a plain search for the nearest pattern, beside the vote in every report.
//!
//! Its size and clock are measured where it was built too, and else estimated, and every table says which. How well both
//! recall costs no hardware: the same cues go through the software, whose answers are the reference's.

use super::hardware;
use crate::ui::table;
use hopgate_eda::{board::Board, estimate::Estimate, report::BuildReport};
use hopgate_hdl::{Options, Plan, Readout, Room};
use hopgate_model::{Result, memory::Memory, noise};
use hopgate_train::scoring::beside_nearest;
use serde::Serialize;
use serde_json::{Value, json};

/// The flips at which both are compared.
const NOISES: [f64; 4] = [0.05, 0.1, 0.2, 0.3];
/// Cues for each of them.
const CUES: usize = 1000;
/// The seed of their flips.
const SEED: u64 = 1;

/// How many cues are recalled exactly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Recall {
    /// The flip probability.
    pub noise: f64,
    /// How many cues.
    pub cues: u64,
    /// The seed of the flips.
    pub seed: u64,
    /// Share of exact answers of the memory.
    pub vote: f64,
    /// That of the nearest pattern, for the same cues.
    pub nearest: f64,
}

impl Recall {
    /// For machines, by the names that [`Summary`](super::recall::Summary) has too.
    pub fn json(&self) -> Value {
        json!({
            "noise": self.noise,
            "cues": self.cues,
            "seed": self.seed,
            "exact_recall": self.vote,
            "nearest_exact_recall": self.nearest,
        })
    }
}

/// What a core takes, and how fast it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Core {
    /// `measured` or `estimated`.
    pub from: &'static str,
    /// Logic cells.
    pub logic_cells: u64,
    /// Block RAMs.
    pub block_rams: u64,
    /// The clock that it reaches, if that is known.
    pub mhz: Option<f64>,
}

impl Core {
    /// Of a build.
    pub fn measured(report: &BuildReport) -> Core {
        Core {
            from: "measured",
            logic_cells: report.logic_cells.used.into(),
            block_rams: report.block_rams.used.into(),
            mhz: Some(report.fmax_mhz),
        }
    }
}

/// A plain search, to be set beside a vote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Baseline {
    /// Its hardware.
    pub core: Core,
    /// Its recall, and the vote's.
    pub recall: Vec<Recall>,
}

impl Baseline {
    /// As it is estimated; none beside what is a plain search itself.
    pub fn estimated(memory: &Memory, estimate: &Estimate) -> Option<Baseline> {
        let plain = estimate.baseline?;
        let (logic_cells, block_rams) = (plain.logic_cells, plain.block_rams);
        Some(Baseline {
            core: Core { from: "estimated", logic_cells, block_rams, mhz: plain.mhz },
            recall: recall(memory),
        })
    }

    /// For machines.
    pub fn json(&self) -> Value {
        json!({ "readout": "nearest", "hardware": self.core, "recall": self.recall })
    }

    /// A table of both.
    pub fn text(&self, vote: &Core) -> String {
        let clock = |core: &Core| match (core.mhz, core.from) {
            (None, _) => "-".to_owned(),
            (Some(mhz), "estimated") => format!("about {mhz:.0}"),
            (Some(mhz), _) => format!("{mhz:.1}"),
        };
        let both = |name: String, of: &dyn Fn(&Core) -> String| vec![name, of(vote), of(&self.core)];
        let mut rows = vec![
            vec!["beside a plain search".into(), "vote".into(), "nearest".into()],
            both("size and clock are".into(), &|c| c.from.into()),
            both("logic cells".into(), &|c| c.logic_cells.to_string()),
            both("block RAMs".into(), &|c| c.block_rams.to_string()),
            both("MHz".into(), &clock),
        ];
        rows.extend(self.recall.iter().map(|r| {
            let what = format!("exact recall, {:.0} % flips", 100.0 * r.noise);
            vec![what, format!("{:.4}", r.vote), format!("{:.4}", r.nearest)]
        }));
        table(&rows)
    }
}

/// Both decoders, on the same cues.
fn recall(memory: &Memory) -> Vec<Recall> {
    let stored = memory.patterns();
    let at = |noise: f64| {
        // the very cues of `recall --seed`, so that anyone can repeat the table
        let cues = noise::cues(stored, CUES, noise, SEED);
        let (vote, nearest) = beside_nearest(memory, &cues);
        Recall { noise, cues: CUES as u64, seed: SEED, vote, nearest }
    };
    NOISES.into_iter().map(at).collect()
}

/// The plain search in place of this vote, with as many rows a cycle; it has room for as much.
///
/// # Errors
/// As [`Plan::with`].
pub fn plan(memory: &Memory, vote: &Plan, framed: bool, board: &Board) -> Result<Plan> {
    let room = Room { neurons: vote.neurons, patterns: vote.parallel * vote.group_room, ..Room::default() };
    let room = vote.loadable.then_some(room);
    let (parallel, sprams) = (vote.parallel, vote.sprams());
    let options = Options { parallel, fold: 1, readout: Readout::Nearest, room, sprams, ..Options::default() };
    let plan = Plan::with(memory, options)?;
    match vote.tail_lanes {
        0 => Ok(plan),
        _ => Plan::with(memory, Options { tail: hardware::tail(memory, &plan, framed, board), ..options }),
    }
}
