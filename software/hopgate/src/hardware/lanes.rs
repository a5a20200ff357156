//! How many lanes a memory has on a board, where nobody says.

use super::{Hardware, HardwareOptions};
use crate::estimate;
use hopgate_eda::board::Board;
use hopgate_hdl::layout::{LANE, beats};
use hopgate_model::{Result, memory::Memory};

/// One lane for every 16 bits, if the board has room for that; else as many as it has room for, at the fewest beats, and rather without rows
/// in logic cells; and one alone, which takes the least, if that is too much as well. What no beats go with is as it is.
pub(super) fn choose(options: HardwareOptions, memory: &Memory, board: &Board) -> Result<Hardware> {
    let usual = options.in_lanes(memory, board);
    let need = |hardware: &Hardware| estimate::need(memory, hardware, board);
    if usual.as_ref().is_ok_and(|hardware| need(hardware).is_ok_and(|e| e.fits)) {
        return usual;
    }
    let words = memory.neurons().max(options.room.neurons).div_ceil(LANE);
    let (mut last, mut packed) = (usual, None);
    let mut before = usize::MAX;
    for beats in beats(words, None) + 1..=words {
        let lanes = words.div_ceil(beats);
        if lanes == before {
            continue;
        }
        before = lanes;
        let Ok(hardware) = options.lanes(lanes).in_lanes(memory, board) else { continue };
        match (need(&hardware).is_ok_and(|e| e.fits && !e.tight), hardware.plan.tail_lanes) {
            (true, 0) => return Ok(hardware),
            (true, _) => packed = packed.or(Some(hardware)),
            (false, _) => last = Ok(hardware),
        }
    }
    packed.map_or(last, Ok)
}
