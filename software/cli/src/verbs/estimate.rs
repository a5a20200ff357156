//! `hopgate estimate`: whether a memory fits a board, before any tool runs.

use super::{DEFAULT_BOARD, compare, hardware::HardwareArgs};
use crate::ui::Ui;
use hopgate::{
    Board, EstimateReport, Result,
    compare::{CoreSize, NearestSearch},
};
use hopgate_files::folder;
use std::{ffi::OsString, path::PathBuf};

/// Say whether a memory fits a board: what each part takes, which resource binds, what would fit instead
#[derive(clap::Args)]
#[command(after_help = "Example:\n    hopgate estimate memory/ --board alchitry-cu\n\n\
                        Needs no external tool. The exit code is 1 if the memory does not fit.")]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    memory: PathBuf,
    /// A board's name, or a board file (.toml)
    #[arg(long, default_value = DEFAULT_BOARD)]
    board: OsString,
    #[command(flatten)]
    hardware: HardwareArgs,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let board = Board::find(&args.board)?;
    let memory = folder::load(&args.memory)?;
    let hardware = args.hardware.on(&memory, &board)?;
    let report = EstimateReport::of(&memory, hopgate::estimate(&memory, &hardware, &board)?);
    ui.result("estimate/1", &report, || {
        let beside = NearestSearch::of(&report).map_or(String::new(), |plain| {
            format!("\n\n{}", compare::text(&plain, &CoreSize::estimated(&report.estimate)))
        });
        format!("{}{beside}", report.estimate)
    })?;
    report.estimate.check()
}
