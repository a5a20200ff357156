//! The honest comparison: a nearest-pattern search, beside the vote in every report.
//!
//! Its size and clock are measured where it was built too, and else estimated, and every result says which. How well both
//! recall costs no hardware: the same cues go through the software, whose answers are the reference's.

use crate::{classify::classify, cues::CueSource, estimate::EstimateReport};
use hopgate_eda::{estimate::Estimate, report::BuildReport};
use hopgate_model::{kind::Kind, memory::Memory, noise};
use hopgate_train::scoring::beside_nearest;
use serde::Serialize;

/// The flips at which both are compared.
const NOISES: [f64; 4] = [0.05, 0.1, 0.2, 0.3];
/// Cues for each of them.
const CUES: usize = 1000;
/// The seed of their flips.
const SEED: u64 = 1;

/// How many cues are recalled exactly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecallAtNoise {
    /// The flip probability.
    pub noise: f64,
    /// How many cues.
    pub cues: u64,
    /// The seed of the flips.
    pub seed: u64,
    /// Share of right answers of the memory: the pattern, or its class.
    pub exact_recall: f64,
    /// That of the nearest pattern, for the same cues.
    pub nearest_exact_recall: f64,
}

/// What a core takes, and how fast it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CoreSize {
    /// `measured` or `estimated`.
    pub from: &'static str,
    /// Logic cells.
    pub logic_cells: u64,
    /// Block RAMs.
    pub block_rams: u64,
    /// The clock that it reaches, if that is known.
    pub mhz: Option<f64>,
}

impl CoreSize {
    /// Of a build.
    pub fn measured(report: &BuildReport) -> Self {
        CoreSize {
            from: "measured",
            logic_cells: report.logic_cells.used.into(),
            block_rams: report.block_rams.used.into(),
            mhz: Some(report.fmax_mhz),
        }
    }

    /// Of an estimate.
    pub fn estimated(estimate: &Estimate) -> Self {
        let (logic_cells, block_rams) = (estimate.logic_cells.need, estimate.block_rams.need);
        CoreSize { from: "estimated", logic_cells, block_rams, mhz: None }
    }
}

/// A nearest-pattern search, to be set beside a vote.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NearestSearch {
    /// Its hardware.
    pub core: CoreSize,
    /// Its recall, and the vote's.
    pub recall: Vec<RecallAtNoise>,
}

impl NearestSearch {
    /// As it is estimated; none beside what is a nearest-pattern search itself.
    pub fn estimated(memory: &Memory, estimate: &Estimate) -> Option<Self> {
        NearestSearch::of(&EstimateReport::of(memory, estimate.clone()))
    }

    /// That of a report, without another look at its recall.
    pub fn of(report: &EstimateReport) -> Option<Self> {
        let (plain, recall) = (report.estimate.nearest?, report.recall_by_noise.clone()?);
        let core = CoreSize {
            from: "estimated",
            logic_cells: plain.logic_cells,
            block_rams: plain.block_rams,
            mhz: plain.mhz,
        };
        Some(NearestSearch { core, recall })
    }

    /// As the report of a build keeps it, by the names that it has there.
    pub fn record(&self) -> serde_json::Value {
        let old = |r: &RecallAtNoise| {
            let (vote, nearest) = (r.exact_recall, r.nearest_exact_recall);
            serde_json::json!({ "noise": r.noise, "cues": r.cues, "seed": r.seed, "vote": vote, "nearest": nearest })
        };
        let recall: Vec<_> = self.recall.iter().map(old).collect();
        serde_json::json!({ "readout": "nearest", "hardware": self.core, "recall": recall })
    }
}

/// Both decoders, on the same cues, ascending in noise: the share of answers that are the pattern, or its class. None where it is not known what
/// the answers should be.
pub fn recall_by_noise(memory: &Memory) -> Option<Vec<RecallAtNoise>> {
    let stored = memory.patterns();
    let right = |noise: f64| match memory.kind() {
        // drawn as everywhere else, so that anyone can repeat the table
        Kind::Auto => Some(beside_nearest(memory, &noise::cues(stored, CUES, noise, SEED))),
        Kind::Class => {
            let cues = CueSource::drawn(stored, Some(CUES), noise, SEED).ok()?;
            let right = classify(memory, &cues, None, &|_| ()).ok()?.right?;
            Some((right.accuracy, right.nearest_accuracy?))
        }
        Kind::Map | Kind::Sequence => None,
    };
    let at = |noise: f64| {
        let (exact_recall, nearest_exact_recall) = right(noise)?;
        Some(RecallAtNoise { noise, cues: CUES as u64, seed: SEED, exact_recall, nearest_exact_recall })
    };
    NOISES.into_iter().map(at).collect()
}
