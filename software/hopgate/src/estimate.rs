//! Whether a memory fits a board, before any tool runs.

use crate::{
    compare::{RecallAtNoise, recall_by_noise},
    hardware::{Hardware, HardwareOptions},
};
use hopgate_eda::{
    board::Board,
    estimate::{self, CoreLink, CoreShape, Demand, Estimate},
};
use hopgate_hdl::Readout;
use hopgate_model::{Result, memory::Memory};
use serde::Serialize;

/// What a memory takes on a board: of the widths that are emitted.
///
/// # Errors
/// As [`estimate::estimate`]. That it does not fit is a result: see [`Estimate::check`].
pub fn estimate(memory: &Memory, hardware: &Hardware, board: &Board) -> Result<Estimate> {
    estimate::estimate(shape(memory, hardware), board)
}

/// What it takes, without what would fit instead.
pub(crate) fn need(memory: &Memory, hardware: &Hardware, board: &Board) -> Result<Estimate> {
    estimate::need(shape(memory, hardware), board)
}

/// An estimate, and how well the memory recalls beside a nearest-pattern search.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct EstimateReport {
    /// What it takes.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// The resource that binds.
    pub binding: Demand,
    /// The recall of both; none of what is a nearest-pattern search itself.
    pub recall_by_noise: Option<Vec<RecallAtNoise>>,
    /// Which boards it fits, the smallest device first; none where one board was asked about.
    pub boards: Option<Vec<BoardFit>>,
}

impl EstimateReport {
    /// Adds to an estimate of a memory how well it recalls.
    pub fn of(memory: &Memory, estimate: Estimate) -> Self {
        let recall_by_noise = estimate.nearest.and_then(|_| recall_by_noise(memory));
        EstimateReport { binding: estimate.binding(), recall_by_noise, boards: None, estimate }
    }
}

/// Whether a memory fits a board, in a line.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct BoardFit {
    /// The board's name.
    pub board: String,
    /// Whether it fits.
    pub fits: bool,
    /// Whether it fits, but with so few logic cells left that timing may not be met.
    pub tight: bool,
    /// What it takes of the logic cells; none where such hardware is refused for this board.
    pub logic_cells: Option<Demand>,
    /// What it takes of the block RAMs; none where such hardware is refused for this board.
    pub block_rams: Option<Demand>,
    /// Why it is refused.
    pub refused: Option<String>,
}

/// Which of the boards that come with hopgate a memory fits, as hardware that `on` makes of it: the smallest device first, since prices
/// are not known here.
///
/// # Errors
/// Those of a board's file, of which there are none. What `on` refuses is an answer.
pub fn boards(memory: &Memory, on: impl Fn(&Board) -> Result<Hardware>) -> Result<Vec<BoardFit>> {
    let mut all = Board::names().map(Board::find).collect::<Result<Vec<Board>>>()?;
    all.sort_by_key(|board| (board.resources.logic_cells, board.resources.block_rams));
    let fit = |board: &Board| match on(board).and_then(|hardware| need(memory, &hardware, board)) {
        Ok(e) => BoardFit {
            board: board.name.clone(),
            fits: e.fits,
            tight: e.tight,
            logic_cells: Some(e.logic_cells),
            block_rams: Some(e.block_rams),
            refused: None,
        },
        Err(e) => BoardFit {
            board: board.name.clone(),
            fits: false,
            tight: false,
            logic_cells: None,
            block_rams: None,
            refused: Some(e.to_string()),
        },
    };
    Ok(all.iter().map(fit).collect())
}

/// Whether a memory fits a board in the usual way, by the estimate, and what it takes: for a search among memories.
///
/// # Errors
/// None so far: hardware takes 4 planes and widths that a plan may refuse, and such a memory does not fit.
pub fn fits(memory: &Memory, board: &Board) -> Result<(bool, String)> {
    let hardware = HardwareOptions::new().on(memory, board);
    Ok(match hardware.and_then(|hardware| estimate(memory, &hardware, board)) {
        Ok(e) if e.sprams.need > 0 => (e.fits, format!("{}, {} and {}", e.logic_cells, e.block_rams, e.sprams)),
        Ok(e) => (e.fits, format!("{} and {}", e.logic_cells, e.block_rams)),
        Err(e) => (false, e.to_string()),
    })
}

/// What an estimate goes by.
pub(crate) fn shape(memory: &Memory, hardware: &Hardware) -> CoreShape {
    let Hardware { plan, framed, .. } = hardware;
    CoreShape {
        neurons: plan.neurons as u64,
        // where there is room for more, that is what is paid for
        patterns: if plan.loadable { plan.parallel * plan.group_room } else { plan.patterns } as u64,
        planes: plan.planes as u64,
        outputs: plan.outputs as u64,
        link: match (framed, plan.loadable, plan.self_test) {
            _ if plan.auto_store => CoreLink::AutoStoring,
            _ if plan.learns => CoreLink::Learning,
            (false, ..) => CoreLink::Plain,
            (true, false, _) => CoreLink::Fixed,
            (true, true, true) => CoreLink::Loadable,
            (true, true, false) => CoreLink::Untested,
        },
        parallel: plan.parallel as u64,
        fold: plan.fold as u64,
        beats: plan.beats as u64,
        nearest: plan.readout == Readout::Nearest,
        ranked: plan.ranked(),
        listed_classes: plan.listed_classes as u64,
        kinds: plan.kinds,
        spram_lanes: plan.spram_lanes as u64,
        tail_lanes: plan.tail_lanes as u64,
        tail_rows: plan.tail_rows as u64,
        masks: plan.masks,
        later: plan.later,
        cues: plan.cues as u64,
        cores: plan.cores as u64,
        accumulator_bits: plan.accumulator_bits as u64,
        threshold_bits: plan.threshold.as_ref().map_or(0, |image| image.width as u64),
        ..CoreShape::of(memory)
    }
}
