//! What a build was made of, as its report records it: enough to make the same Verilog for another memory.

use crate::hardware::{Hardware, Line};
use hopgate_eda::{board::Board, reload, report::BuildReport};
use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Readout, Room, layout::LANE, refit::Geometry};
use hopgate_model::{Error, ErrorKind, Result, memory::Memory};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// `design` of a build's `report.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BuiltDesign {
    /// SHA-256 of the memory.
    pub memory: String,
    /// The hopgate that made it.
    pub hopgate: String,
    /// All that the Verilog depends on.
    pub shape: Geometry,
    /// The board.
    pub board: Board,
    /// Whether its link is the framed one.
    #[serde(default)]
    pub framed: bool,
    /// What it goes over.
    #[serde(default)]
    pub line: Line,
    /// The room for other memories, where they can be loaded at run time.
    #[serde(default)]
    pub room: Option<Room>,
    /// Whether such a board tests itself.
    #[serde(default)]
    pub self_test: bool,
    /// How many SPRAMs hold rows, which no bitstream can fill.
    #[serde(default)]
    pub sprams: usize,
    /// How many lanes have rows in logic cells, which are part of the netlist.
    #[serde(default)]
    pub tail_lanes: usize,
    /// How many rows of a bank that are.
    #[serde(default)]
    pub tail_rows: usize,
}

impl BuiltDesign {
    /// Of a memory as hardware, on a board.
    pub fn of(memory: &Memory, hardware: &Hardware, board: &Board) -> BuiltDesign {
        let Hardware { plan, framed, line } = hardware;
        let (framed, line) = (*framed, *line);
        let hopgate = env!("CARGO_PKG_VERSION").to_owned();
        let (shape, board, sprams) = (Geometry::of(plan), board.clone(), plan.sprams());
        let (tail_lanes, tail_rows) = (plan.tail_lanes, plan.tail_rows);
        let (memory, room) = (folder::hash(memory), plan.room());
        let self_test = plan.self_test;
        BuiltDesign { memory, hopgate, shape, board, framed, line, room, self_test, sprams, tail_lanes, tail_rows }
    }

    /// For the report.
    pub fn record(&self) -> Result<serde_json::Value> {
        let failed = |e| Error::new(ErrorKind::Failed, format!("the design cannot be recorded: {e}")).because(e);
        serde_json::to_value(self).map_err(failed)
    }

    /// That of a build's report, if it has one of this version.
    pub fn of_report(report: &BuildReport) -> Option<BuiltDesign> {
        serde_json::from_value(report.design.clone()?).ok()
    }

    /// That of a build.
    ///
    /// # Errors
    /// As [`reload::design`]; [`ErrorKind::Format`] for a record of another version.
    pub fn read(build: &Path) -> Result<BuiltDesign> {
        serde_json::from_value(reload::design(build)?).map_err(|e| {
            let what =
                format!("{}: what it says of its design cannot be read: {e}", build.join("report.json").display());
            Error::new(ErrorKind::Format, what).hint("another version of hopgate made it: build it again")
        })
    }

    /// The options that its memory was laid out with.
    pub fn options(&self) -> CoreOptions {
        let ranked = Readout::Ranked { most: self.shape.max_steps as usize, within: Some(self.shape.reach) };
        let all = [Readout::Nearest, ranked];
        let readout = all.into_iter().find(|r| r.to_string() == self.shape.readout).unwrap_or_default();
        let Geometry { parallel, fold, beats, neurons, masks, learns, auto_store, later, cues, .. } = self.shape;
        let BuiltDesign { room, self_test, .. } = *self;
        let lanes = (beats > 1).then(|| neurons.div_ceil(LANE).div_ceil(beats));
        CoreOptions {
            parallel,
            fold,
            lanes,
            readout,
            room,
            self_test,
            masks,
            learns,
            auto_store,
            later,
            cues,
            ..CoreOptions::default()
        }
    }
}
