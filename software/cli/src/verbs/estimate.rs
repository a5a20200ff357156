//! `hopgate estimate`: whether a memory fits a board, before any tool runs.

use super::{DEFAULT_BOARD, compare, hardware::HardwareArgs};
use crate::ui::{Ui, table};
use hopgate::{
    Board, EstimateReport, Result,
    compare::{CoreSize, NearestSearch},
    estimate::{BoardFit, boards},
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
    /// A board's name, or a board file (.toml); without it alchitry-cu, and which boards the memory fits
    #[arg(long)]
    board: Option<OsString>,
    #[command(flatten)]
    hardware: HardwareArgs,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let board = Board::find(args.board.as_deref().unwrap_or(DEFAULT_BOARD.as_ref()))?;
    let memory = folder::load(&args.memory)?;
    let hardware = args.hardware.on(&memory, &board)?;
    let mut report = EstimateReport::of(&memory, hopgate::estimate(&memory, &hardware, &board)?);
    if args.board.is_none() {
        report.boards = Some(boards(&memory, |board| args.hardware.on(&memory, board))?);
    }
    ui.result("estimate/1", &report, || {
        let beside = NearestSearch::of(&report).map_or(String::new(), |plain| {
            format!(
                "\n\n{}",
                compare::text(&plain, &CoreSize::estimated(&report.estimate), report.estimate.shape.ranked)
            )
        });
        let boards = report.boards.as_ref().map_or(String::new(), |boards| format!("\n\n{}", listed(boards)));
        format!("{}{beside}{boards}", report.estimate)
    })?;
    report.estimate.check()
}

/// The table of boards.
fn listed(boards: &[BoardFit]) -> String {
    let mut rows = vec![["boards, the smallest first", "logic cells", "block RAMs", ""].map(str::to_owned).to_vec()];
    rows.extend(boards.iter().map(|fit| {
        let of = |demand: Option<hopgate_eda::estimate::Demand>| {
            demand.map_or("-".to_owned(), |d| format!("{} of {}", d.need, d.have))
        };
        let verdict = match (fit.fits, fit.tight, &fit.refused) {
            (_, _, Some(why)) => why.lines().next().unwrap_or_default(),
            (true, false, _) => "fits",
            (true, true, _) => "fits tightly",
            (false, ..) => "does not fit",
        };
        vec![fit.board.clone(), of(fit.logic_cells), of(fit.block_rams), verdict.to_owned()]
    }));
    table(&rows).trim_end().to_owned()
}
