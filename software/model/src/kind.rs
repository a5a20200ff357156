//! What a memory answers with.

use crate::{
    Error, ErrorKind, Result,
    memory::{MAX_NEURONS, MAX_OUTPUTS},
};
use alloc::{
    format,
    string::{String, ToString},
};
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

    /// Its number, on boards.
    pub fn number(self) -> u16 {
        self as u16
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

/// A set of kinds: what a board can answer with, one at a time.
///
/// ```
/// use hopgate_model::kind::{Kind, Kinds};
/// let kinds = Kinds::of(Kind::Class).with(Kind::Map);
/// assert!(kinds.contains(Kind::Map) && kinds.several() && !kinds.answers_keys());
/// assert_eq!(kinds.to_string(), "map+class");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(try_from = "String", into = "String"))]
pub struct Kinds(u8);

impl Kinds {
    /// None.
    pub const NONE: Kinds = Kinds(0);

    /// One.
    pub const fn of(kind: Kind) -> Kinds {
        Kinds::NONE.with(kind)
    }

    /// These and another one.
    #[must_use]
    pub const fn with(self, kind: Kind) -> Kinds {
        Kinds(self.0 | 1 << kind as u8)
    }

    /// The set whose bit `i` stands for kind number `i`; none if it has bits of no kind.
    pub fn from_bits(bits: u16) -> Option<Kinds> {
        u8::try_from(bits).ok().filter(|bits| bits >> Kind::ALL.len() == 0).map(Kinds)
    }

    /// A bit for each kind, by its number.
    pub fn bits(self) -> u16 {
        self.0.into()
    }

    /// Its kinds, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |&kind| self.contains(kind))
    }

    /// Whether a kind is among them.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 >> kind.number() & 1 == 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Whether there are more than one.
    pub fn several(self) -> bool {
        self.0.count_ones() > 1
    }

    /// Whether an answer of one of them is a state, as wide as a key.
    pub fn answers_keys(self) -> bool {
        self.iter().any(Kind::answers_keys)
    }

    /// Whether an answer of one of them is something else.
    pub fn answers_values(self) -> bool {
        self.iter().any(|kind| !kind.answers_keys())
    }
}

impl core::str::FromStr for Kinds {
    type Err = Error;

    /// Names with `+` between them, as in `map+class`; of no kind, nothing.
    fn from_str(text: &str) -> Result<Kinds> {
        text.split('+').filter(|name| !text.is_empty() || !name.is_empty()).try_fold(Kinds::NONE, |kinds, name| {
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name.trim());
            let what = || Error::usage(format!("{name:?} is none of the kinds auto, map, class and sequence"));
            kind.map(|kind| kinds.with(kind)).ok_or_else(what)
        })
    }
}

impl TryFrom<String> for Kinds {
    type Error = Error;

    fn try_from(text: String) -> Result<Kinds> {
        text.parse()
    }
}

impl From<Kinds> for String {
    fn from(kinds: Kinds) -> String {
        kinds.to_string()
    }
}

impl core::fmt::Display for Kinds {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (i, kind) in self.iter().enumerate() {
            f.write_str(if i > 0 { "+" } else { "" })?;
            f.write_str(kind.name())?;
        }
        Ok(())
    }
}
