//! How a long computation says where it stands, and hears that it shall stop: as every job of the project.
//!
//! What is done are neurons for `newton`, epochs for `gd`, candidates for a search; the residual is the worst KKT residual so far (`newton`: of the
//! neurons that are done; `gd`: of this epoch).

pub use hopgate_model::progress::{Progress, Quiet, Watch};

/// Whoever watches it.
pub type ProgressFn<'a> = dyn Watch + 'a;
