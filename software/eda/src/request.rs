//! What to build, and how.

use crate::{board::Board, clock::Clock, planned::Planned, tools::Toolbox};
use hopgate_model::{Error, Result};
use std::{path::PathBuf, time::Duration};

/// What to build, and how.
#[derive(Debug, Clone)]
pub struct BuildRequest {
    /// The folder with the Verilog (`.v`, `.sv`) and the memory images that it reads (`.hex`).
    pub rtl: PathBuf,
    /// The name of the top module.
    pub top: String,
    /// The board.
    pub board: Board,
    /// The folder to make. An older build there is replaced, anything else is refused.
    pub out: PathBuf,
    /// The seeds of place and route; the fastest result is kept.
    pub seeds: Vec<u32>,
    /// How many seeds run at a time; 0 for one per core.
    pub jobs: usize,
    /// The clock that the design is made for; the board's oscillator otherwise.
    pub clock: Option<Clock>,
    /// The frequency in MHz that nextpnr aims at; the clock otherwise.
    pub request_mhz: Option<f64>,
    /// Whether a design slower than its clock is an answer and not an error.
    pub allow_slow: bool,
    /// How long any one tool may run.
    pub timeout: Option<Duration>,
    /// How long place and route may take with one seed: then the next one's turn comes.
    pub seed_limit: Option<Duration>,
    /// What must be in block RAM after synthesis; nothing for a design of which that is not known.
    pub planned: Vec<Planned>,
    /// What the design was made of, for whoever opens the build again: `design` of the report.
    pub design: Option<serde_json::Value>,
    /// What to compare it with, for the reader of its report: `nearest` there.
    pub nearest: Option<serde_json::Value>,
    /// Where the tools are.
    pub tools: Toolbox,
}

impl BuildRequest {
    /// A build with seeds 1 to 4 and every other default.
    pub fn new(rtl: impl Into<PathBuf>, top: &str, board: Board, out: impl Into<PathBuf>) -> Self {
        BuildRequest {
            rtl: rtl.into(),
            top: top.to_owned(),
            board,
            out: out.into(),
            seeds: vec![1, 2, 3, 4],
            jobs: 0,
            clock: None,
            request_mhz: None,
            allow_slow: false,
            timeout: None,
            seed_limit: None,
            planned: Vec::new(),
            design: None,
            nearest: None,
            tools: Toolbox::default(),
        }
    }

    /// What Fmax has to reach, in MHz.
    pub(crate) fn clock_mhz(&self) -> f64 {
        self.clock.map_or(self.board.clock.mhz, |c| c.mhz)
    }

    /// What nextpnr aims at, in MHz.
    pub(crate) fn aim_mhz(&self) -> f64 {
        self.request_mhz.unwrap_or(self.clock_mhz())
    }

    pub(crate) fn check(&self) -> Result<()> {
        let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if self.top.is_empty() || !self.top.chars().all(letter) || self.top.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Error::usage(format!("{:?} is not the name of a module", self.top)));
        }
        if self.seeds.is_empty() {
            return Err(Error::usage("there are no seeds to try").hint("give at least one seed"));
        }
        let twice = self.seeds.iter().enumerate().find(|(i, seed)| self.seeds[..*i].contains(seed));
        if let Some((_, seed)) = twice {
            return Err(Error::usage(format!("seed {seed} is given twice")));
        }
        match self.request_mhz {
            Some(mhz) if !(1.0..=1000.0).contains(&mhz) => {
                Err(Error::usage(format!("a frequency of {mhz} MHz is asked for, but it must be 1 to 1000")))
            }
            _ => Ok(()),
        }
    }
}
