//! What a memory answers with.

use crate::{
    Error, ErrorKind, Result,
    memory::{MAX_NEURONS, MAX_OUTPUTS},
};
use alloc::format;
#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

/// What a memory answers with.
///
/// ```
/// use hopgate_model::kind::Kind;
/// assert!(Kind::Sequence.answers_keys() && !Kind::Class.answers_keys());
/// assert_eq!(Kind::Class.to_string(), "class");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(rename_all = "lowercase"))]
pub enum Kind {
    /// A stored pattern: steps until nothing changes.
    #[default]
    Auto,
    /// A value of `M` bits: one step.
    Map,
    /// A class of `M`, that with the greatest score: one step.
    Class,
    /// A sequence of patterns: every step's answer is the next cue, `max_steps` of them.
    Sequence,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::Auto, Kind::Map, Kind::Class, Kind::Sequence];

    /// Whether an answer is a state, as wide as a key, so that there can be a next step.
    pub fn answers_keys(self) -> bool {
        matches!(self, Kind::Auto | Kind::Sequence)
    }

    /// Its name, in manifests and options.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Auto => "auto",
            Kind::Map => "map",
            Kind::Class => "class",
            Kind::Sequence => "sequence",
        }
    }

    /// The most outputs that it can have.
    pub fn most_outputs(self) -> usize {
        if self.answers_keys() { MAX_NEURONS } else { MAX_OUTPUTS }
    }

    /// Fails unless this kind can have so many outputs.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] with the range.
    pub fn check_outputs(self, outputs: usize) -> Result<()> {
        let (least, what) = if self == Kind::Class { (2, "classes") } else { (1, "output bits") };
        let most = self.most_outputs();
        if (least..=most).contains(&outputs) {
            return Ok(());
        }
        let what = format!("there are {outputs} {what}, but a memory of kind {self} has {least} to {most}");
        Err(Error::new(ErrorKind::Value, what))
    }
}

impl core::fmt::Display for Kind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}
