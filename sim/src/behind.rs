//! Cues one behind the other: each is offered while those before it are recalled, and answers leave while others come in.

use crate::{
    bench::Core,
    cosim::Expected,
    cue::{Cue, Cues},
    library::Library,
};
use hopgate_model::{Result, reference::Answer};

/// Groups that are recalled for each seed but the first; for that, all are.
const GROUPS: usize = 16;
/// How both streams are held back: not at all first.
const SEEDS: [u64; 4] = [0, 77, 78, 79];

/// The first difference between what the core answers and what is expected, the cycles of steps and their fields included.
///
/// # Errors
/// When the simulation hangs, or says what no answer is.
pub(crate) fn difference(
    library: &Library,
    queries: Cues,
    expected: &dyn Fn(Cue) -> Expected,
) -> Result<Option<String>> {
    let at_once = library.design.plan.cues;
    let mut core = Core::open(library, None)?;
    for seed in SEEDS {
        let groups = queries.rows() / at_once;
        let count = at_once * if seed == 0 { groups } else { groups.min(GROUPS) };
        let cues: Vec<Cue> = (0..count).map(|q| queries.row(q)).collect();
        let answers = core.recall_behind_each_other(&cues, seed)?;
        let out_of_pace = core.out_of_pace().map(str::to_owned);
        for (q, ((answer, steps), &cue)) in answers.iter().zip(&cues).enumerate() {
            let expected = expected(cue);
            // fields do not leave the core
            if *answer != (Answer { field: Vec::new(), ..expected.answer.clone() }) {
                return Ok(Some(format!("cue {q}, seed {seed}: another answer")));
            }
            if let Some(what) = expected.steps_differ(steps, q % at_once > 0) {
                return Ok(Some(format!("cue {q}, seed {seed}, {what}")));
            }
        }
        if out_of_pace.is_some() {
            return Ok(out_of_pace);
        }
    }
    Ok(None)
}
