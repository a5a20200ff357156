//! A reset in the middle of a recall: whatever the core was doing, the next cue is recalled as if nothing had been.

use crate::{
    bench::Core,
    cosim::Expected,
    cue::{Cue, Cues},
    library::Library,
};
use hopgate_model::{Result, memory::Memory};

/// So many cycles lie between two resets of a core whose answers nobody takes.
const HELD_BACK: usize = 5;

/// Interrupts the core after every number of cycles that a recall of two steps may take, one after the other, and after some of them while nobody takes
/// its answers, and compares the recall of the next cue with the reference, the cycles and the fields of its steps included. Says at the first difference
/// after how many cycles the reset came.
///
/// # Errors
/// When the simulation hangs.
pub fn interrupted<'a>(library: &Library, memory: &Memory, queries: impl Into<Cues<'a>>) -> Result<Option<u64>> {
    interrupted_with(library, queries.into(), &|cue| Expected::of(memory, &library.design.plan, cue))
}

/// [`interrupted`], with what is expected of a cue given.
pub(crate) fn interrupted_with(
    library: &Library,
    queries: Cues,
    expected: &dyn Fn(Cue) -> Expected,
) -> Result<Option<u64>> {
    let plan = &library.design.plan;
    let mut core = Core::open(library, None)?;
    let longest = 2 * plan.step_cycles(plan.patterns.min(8)) + 6 * plan.cues * (plan.cue_words() + 4);
    let held_back = (1..longest).step_by(HELD_BACK).map(|after| (after, false));
    for (after, takes) in (1..longest).map(|after| (after, true)).chain(held_back) {
        core.interrupt(queries.row(after % queries.rows()), after as u64, takes);
        let cue = queries.row((after + 1) % queries.rows());
        let (hardware, steps) = core.recall(cue, 0).map_err(|e| e.at(format!("reset after {after} cycles")))?;
        let expected = expected(cue);
        if hardware != expected.answer || expected.steps_differ(&steps, false).is_some() {
            return Ok(Some(after as u64));
        }
    }
    Ok(None)
}
