//! How a long computation says where it stands.

/// Where a training run stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What is done: neurons for `newton`, epochs for `gd`, candidates for the search of gamma.
    pub done: usize,
    /// Of how many.
    pub total: usize,
    /// The worst KKT residual so far (`newton`: of the neurons that are done; `gd`: of this epoch).
    pub residual: f64,
}

/// Called as the work advances, from whichever thread did it; never influences a result.
pub type ProgressFn<'a> = dyn Fn(Progress) + Sync + 'a;
