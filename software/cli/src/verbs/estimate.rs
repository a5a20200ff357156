//! `hopgate estimate`: whether a memory fits a board, before any tool runs.

use super::{
    baseline::{Baseline, Core, Recall},
    build::DEFAULT_BOARD,
    hardware::Hardware,
};
use crate::ui::Ui;
use hopgate_eda::{
    board::Board,
    estimate::{self, Estimate, Link, Shape},
};
use hopgate_files::folder;
use hopgate_hdl::{Plan, Readout};
use hopgate_model::{Result, memory::Memory};
use serde_json::json;
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
    hardware: Hardware,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let board = Board::find(&args.board)?;
    let memory = folder::load(&args.memory)?;
    let hardware = args.hardware.on(&memory, &board)?;
    let estimate = of(&memory, &hardware.plan(&memory)?, hardware.framed(), &board)?;
    let binding = estimate.binding();
    let beside = Baseline::estimated(&memory, &estimate);
    let json = json!({
        "board": estimate.board,
        "shape": estimate.shape,
        "parts": estimate.parts,
        "block_rams": estimate.block_rams,
        "sprams": estimate.sprams,
        "logic_cells": estimate.logic_cells,
        "fits": estimate.fits,
        "tight": estimate.tight,
        "instead": estimate.instead,
        "binding": binding,
        "nearest": estimate.baseline,
        "recall_by_noise": beside.as_ref().map(|b| b.recall.iter().map(Recall::json).collect::<Vec<_>>()),
    });
    ui.result("estimate/1", &json, || {
        let (logic_cells, block_rams) = (estimate.logic_cells.need, estimate.block_rams.need);
        let vote = Core { from: "estimated", logic_cells, block_rams, mhz: None };
        let beside = beside.map_or(String::new(), |b| format!("\n\n{}", b.text(&vote)));
        format!("{estimate}{beside}")
    })?;
    estimate.check()
}

/// The estimate of a memory as it is emitted: of the widths of its plan.
pub fn of(memory: &Memory, plan: &Plan, framed: bool, board: &Board) -> Result<Estimate> {
    estimate::estimate(shape(memory, plan, framed), board)
}

/// What an estimate goes by.
pub fn shape(memory: &Memory, plan: &Plan, framed: bool) -> Shape {
    Shape {
        neurons: plan.neurons as u64,
        // where there is room for more, that is what is paid for
        patterns: if plan.loadable { plan.parallel * plan.group_room } else { plan.patterns } as u64,
        planes: plan.planes as u64,
        link: match (framed, plan.loadable, plan.self_test) {
            (false, ..) => Link::Plain,
            (true, false, _) => Link::Fixed,
            (true, true, true) => Link::Loadable,
            (true, true, false) => Link::Untested,
        },
        parallel: plan.parallel as u64,
        fold: plan.fold as u64,
        nearest: plan.readout == Readout::Nearest,
        spram_lanes: plan.spram_lanes as u64,
        tail_lanes: plan.tail_lanes as u64,
        tail_rows: plan.tail_rows as u64,
        accumulator_bits: plan.accumulator_bits as u64,
        threshold_bits: plan.threshold.as_ref().map_or(0, |image| image.width as u64),
        ..Shape::of(memory)
    }
}
