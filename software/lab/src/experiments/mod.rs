//! The paper's figures and claims, measured again, and the studies that go beyond them.
//!
//! An [`Experiment`] turns a [`Context`] (the preset, and the models that were trained with it) into an [`Outcome`]: tables, a
//! figure, and [`Claim`]s with the paper's value, ours, and a verdict by a rule that the claim states. One preset serves
//! all experiments: nothing is tuned for a figure. `hopgate reproduce` runs them and writes the files.
//!
//! ```
//! use hopgate_lab::experiments::{find, Context, Preset};
//! let quick = Preset { neurons: 24, epochs: 40, trials: 2, ..Preset::paper() };
//! let outcome = (find("fig1")?.run)(&Context::new(quick, &|_| ()))?;
//! assert_eq!(outcome.tables[0].header[0], "bits");
//! # Ok::<(), hopgate_model::Error>(())
//! ```

mod capacity;
mod claim;
mod compression;
mod context;
mod faults;
mod few_bits;
mod influence;
mod noise;
mod paper;
mod ridge;
mod scaling;
mod sequence;
mod structured;
mod table;
mod tuned;
mod weights;

use crate::chart::Figure;
pub use claim::{Claim, Verdict, claims_markdown};
pub use context::{Context, Preset, Recipe, Trial};
use hopgate_model::{Error, Result};
pub use structured::structured_of;
pub use table::Table;

/// Something that can be measured again.
#[derive(Clone, Copy)]
pub struct Experiment {
    /// What the command line calls it.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// Measures it.
    pub run: fn(&Context) -> Result<Outcome>,
}

/// What an experiment found.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The numbers; the first table is the one of the figure.
    pub tables: Vec<Table>,
    /// The picture, if there is one.
    pub figure: Option<Figure>,
    /// What the paper says and what came out.
    pub claims: Vec<Claim>,
}

/// Every experiment, in the order in which `all` runs them: those that share models first.
pub const EXPERIMENTS: &[Experiment] = &[
    Experiment { name: "fig1", about: "bit accuracy and margin against bits per weight", run: compression::fig1 },
    Experiment { name: "fig2", about: "bit accuracy and margin against pruning", run: compression::fig2 },
    Experiment { name: "fig3", about: "the influence of each input, with L2 and with L1", run: influence::fig3 },
    Experiment { name: "fig4", about: "the scaling of the margin's loss with the grid's step", run: scaling::fig4 },
    Experiment { name: "fig5", about: "recall against noise, float and 2 bits, with the controls", run: noise::fig5 },
    Experiment { name: "fig6", about: "the distribution of the dual weights", run: weights::fig6 },
    Experiment { name: "frontier", about: "quantisation and pruning at equal storage", run: compression::frontier },
    Experiment { name: "fig7", about: "the loss by 2 bits against gamma", run: ridge::fig7 },
    Experiment { name: "fig8", about: "figures 1 and 2 at P/N = 2", run: compression::fig8 },
    Experiment { name: "fig9", about: "the margin's loss in the local regime", run: scaling::fig9 },
    Experiment { name: "sizes", about: "which N the claims need", run: paper::sizes },
    Experiment { name: "capacity", about: "recall against the load, with the baselines", run: capacity::capacity },
    Experiment { name: "law", about: "recall of several sizes against gamma*N", run: capacity::law },
    Experiment { name: "faults", about: "recall with upset bits, beside pruning", run: faults::faults },
    Experiment { name: "few-bits", about: "one bit on real patterns, against the bound", run: few_bits::few_bits },
    Experiment { name: "structured", about: "the paper's claims on real patterns", run: structured::structured },
    Experiment { name: "hardware", about: "the paper's section 6.5: memory and energy", run: paper::hardware },
    Experiment { name: "sequence", about: "steps through random sequences, against the load", run: sequence::sequence },
    Experiment { name: TUNED, about: "the tuned quantiser on damaged cues (long: not in all)", run: tuned::tuned },
];

/// The one experiment that takes a quarter of an hour.
const TUNED: &str = "tuned";

/// The experiments that `all` stands for.
pub fn all() -> impl Iterator<Item = &'static Experiment> {
    EXPERIMENTS.iter().filter(|e| e.name != TUNED)
}

/// The experiment of this name.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Usage`], with the names that there are.
pub fn find(name: &str) -> Result<&'static Experiment> {
    EXPERIMENTS.iter().find(|e| e.name == name).ok_or_else(|| {
        let names: Vec<&str> = EXPERIMENTS.iter().map(|e| e.name).collect();
        Error::usage(format!("there is no experiment {name:?}"))
            .hint(format!("there are {}, and all", names.join(", ")))
    })
}
