//! What mutants are tried on: [trials](crate::trial) of cores and boards, and those of [wrappers](crate::wrapper), in one list.

use crate::{
    Library,
    trial::{self, Noticed},
    wrapper,
};
use hopgate_hdl::Design;
use hopgate_model::{Result, memory::Memory};

/// A trial, ready to be built.
pub trait Tried: Sync {
    /// What to build.
    fn design(&self) -> &Design;

    /// What a mutant meets, stage after stage.
    fn stages(&self) -> Vec<&'static str>;

    /// What is said in a stage, where that is written down: a result holds while it is the same.
    fn said(&self, stage: usize) -> String;

    /// Whether a simulation of the design, or of a broken one, is noticed in a stage not to be the reference.
    fn noticed_in(&self, library: &Library, stage: usize) -> Option<(Noticed, String)>;

    /// The memory whose files are broken too, if they are.
    fn memory(&self) -> Option<&Memory>;

    /// The kinds of blocks that are broken; none: all but a core's.
    fn blocks(&self) -> Option<&'static [&'static str]>;
}

impl Tried for trial::Prepared {
    fn design(&self) -> &Design {
        &self.design
    }

    fn stages(&self) -> Vec<&'static str> {
        self.stages()
    }

    fn said(&self, stage: usize) -> String {
        self.said(stage)
    }

    fn noticed_in(&self, library: &Library, stage: usize) -> Option<(Noticed, String)> {
        self.noticed_in(library, stage)
    }

    fn memory(&self) -> Option<&Memory> {
        Some(self.memory())
    }

    fn blocks(&self) -> Option<&'static [&'static str]> {
        None
    }
}

impl Tried for wrapper::Prepared {
    fn design(&self) -> &Design {
        &self.design
    }

    fn stages(&self) -> Vec<&'static str> {
        self.stages()
    }

    fn said(&self, stage: usize) -> String {
        self.said(stage)
    }

    fn noticed_in(&self, library: &Library, stage: usize) -> Option<(Noticed, String)> {
        self.noticed_in(library, stage)
    }

    fn memory(&self) -> Option<&Memory> {
        None
    }

    fn blocks(&self) -> Option<&'static [&'static str]> {
        Some(&wrapper::BLOCKS)
    }
}

/// A trial of either kind.
#[derive(Clone, Copy)]
pub enum Trial {
    /// Of a core, a board, or several cores.
    Core(&'static trial::Trial),
    /// Of a wrapper.
    Wrapper(&'static wrapper::Trial),
}

impl std::fmt::Debug for Trial {
    // as the trial itself: results are kept by it
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trial::Core(trial) => trial.fmt(f),
            Trial::Wrapper(trial) => trial.fmt(f),
        }
    }
}

impl Trial {
    /// Its name in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Trial::Core(trial) => trial.name,
            Trial::Wrapper(trial) => trial.name,
        }
    }

    /// Makes the memories and the design.
    ///
    /// # Errors
    /// When there is no such hardware.
    pub fn prepare(&self) -> Result<Box<dyn Tried>> {
        Ok(match self {
            Trial::Core(trial) => Box::new(trial.prepare()?),
            Trial::Wrapper(trial) => Box::new(trial.prepare()?),
        })
    }
}

/// All trials.
pub fn trials() -> Vec<Trial> {
    trial::TRIALS.iter().map(Trial::Core).chain(wrapper::TRIALS.iter().map(Trial::Wrapper)).collect()
}
