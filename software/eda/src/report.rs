//! The record of a build: everything needed to repeat it, and what came out.

use crate::{clock::Clock, critical::CriticalPath, tools::Tool};
use serde::Serialize;
use std::collections::BTreeMap;

/// The value of [`BuildReport::format`].
pub const FORMAT: &str = "hopgate-build";

/// What a build did; `report.json` of the build folder.
#[derive(Debug, Clone, Serialize)]
pub struct BuildReport {
    /// Always [`FORMAT`].
    pub format: &'static str,
    /// Version of this record's layout.
    pub version: u32,
    /// The top module.
    pub top: String,
    /// The board's name.
    pub board: String,
    /// What the design was made of, if its maker recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<serde_json::Value>,
    /// What to compare it with, if its maker recorded that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(alias = "baseline")]
    pub nearest: Option<serde_json::Value>,
    /// Device and package, as in `hx8k-cb132`.
    pub device: String,
    /// The clock in MHz, as the board or its PLL makes it: what Fmax has to reach.
    pub clock_mhz: f64,
    /// How it is made; none for designs of your own, which take the oscillator.
    pub clock: Option<Clock>,
    /// The clocks that were tried, if the fastest was searched for.
    pub tries: Vec<Try>,
    /// The frequency that nextpnr was asked for, in MHz.
    pub requested_mhz: f64,
    /// Fmax of the best seed in MHz, by the judge.
    pub fmax_mhz: f64,
    /// Who says so, `icetime` or `nextpnr`: the slower one for this seed.
    pub judge: &'static str,
    /// Whether Fmax reaches the clock.
    pub timing_met: bool,
    /// The seed that was kept.
    pub best_seed: u32,
    /// Logic cells of the best seed.
    pub logic_cells: Usage,
    /// Flip-flops of the best seed, where they are counted apart from logic cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flip_flops: Option<Usage>,
    /// Block RAMs of the best seed.
    pub block_rams: Usage,
    /// SPRAMs of the best seed, if it uses any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sprams: Option<Usage>,
    /// Every seed that was tried, in the order given.
    pub seeds: Vec<SeedResult>,
    /// The best seed's critical path in words; none if the judge names none.
    pub slowest_stage: Option<CriticalPath>,
    /// Delay and name of the nets on the best seed's critical path, from the judge.
    pub critical_path: Vec<String>,
    /// Cells of the netlist, by type.
    pub cells: BTreeMap<String, usize>,
    /// What the synthesis warned of.
    pub warnings: Vec<String>,
    /// The tools and their versions.
    pub tools: Vec<Tool>,
    /// The command lines, with paths relative to the build folder (synthesis: to its `rtl`).
    pub commands: Vec<String>,
    /// SHA-256 of every file that went in, by name.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of every file that came out, by name. The bitstream is missing if timing was not met.
    pub outputs: BTreeMap<String, String>,
    /// The name of the bitstream.
    pub bitstream: String,
    /// Wall seconds of each stage, and of all.
    pub seconds: BTreeMap<String, f64>,
}

/// How much of a resource is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// How many the design takes.
    pub used: u32,
    /// How many the device has.
    pub available: u32,
}

/// What one seed of place and route gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedResult {
    /// The seed.
    pub seed: u32,
    /// Fmax in MHz by the judge, the slower of those below; none if the seed failed.
    pub fmax_mhz: Option<f64>,
    /// Fmax in MHz by icetime; none if the seed failed, and where there is no icetime.
    pub icetime_mhz: Option<f64>,
    /// Fmax in MHz by nextpnr, the slowest clock; none if the seed failed.
    pub nextpnr_mhz: Option<f64>,
    /// Whether Fmax reaches the clock.
    pub timing_met: bool,
    /// Why there is no Fmax.
    pub failure: Option<String>,
    /// Wall seconds of place, route and timing.
    pub seconds: f64,
}

impl BuildReport {
    /// SHA-256 of the bitstream, if there is one.
    pub fn bitstream_sha256(&self) -> Option<&str> {
        self.outputs.get(&self.bitstream).map(String::as_str)
    }
}

/// One build for a clock that was tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Try {
    /// The clock that was built for, in MHz.
    pub clock_mhz: f64,
    /// The flags of synthesis.
    pub synthesis: Vec<String>,
    /// What the build reached, in MHz by the judge.
    pub fmax_mhz: f64,
    /// Whether that is enough.
    pub timing_met: bool,
    /// The seed that was best.
    pub best_seed: u32,
}
