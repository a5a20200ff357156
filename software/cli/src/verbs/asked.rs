//! Keys with classes in two parts: what is trained on, and what is asked.

use hopgate::{
    Error, ErrorKind, Result,
    keyed::{Answers, KeyedData},
    patterns::{self, Patterns},
};
use hopgate_files::labels;
use std::ffi::OsStr;

/// The share of the keys that is asked, and not trained on, unless there are keys for it.
const ASKED: f64 = 0.25;

/// What is trained on, and what is asked.
pub struct Asked {
    /// What is trained on.
    pub trained: KeyedData,
    /// What is asked.
    pub asked: Patterns,
    /// The class of each of these.
    pub right: Vec<u32>,
}

impl Asked {
    /// Reads keys and their labels; without keys to ask, and their labels, a part of the keys is asked, which the seed decides.
    pub fn load(keys: &OsStr, labels: &OsStr, ask: Option<(&OsStr, &OsStr)>, seed: u64) -> Result<Self> {
        let trained = KeyedData::load(keys, Answers::Labels(labels))?;
        match ask {
            Some((ask, labels)) => Self::with(trained, ask, labels),
            None => Self::part_of(trained, seed),
        }
    }

    /// With keys to ask.
    pub fn with(trained: KeyedData, ask: &OsStr, of: &OsStr) -> Result<Self> {
        let asked = patterns::load_queries(ask, trained.samples.neurons())?;
        let names = trained.classes.clone().unwrap_or_default();
        let right = labels::expected(of, asked.bits.rows(), &names)?;
        Ok(Asked { trained, asked, right })
    }

    /// A part of the keys to ask; the rest is trained on.
    pub fn part_of(all: KeyedData, seed: u64) -> Result<Self> {
        let (train, ask) = all.samples.split(ASKED, seed);
        if ask.is_empty() {
            let what = format!("there are {} keys, too few to ask some of them", all.samples.len());
            return Err(Error::new(ErrorKind::Value, what).hint("give keys to ask: --ask and --ask-labels"));
        }
        let (trained, asked) = (all.samples.select(&train), all.samples.select(&ask));
        let right = asked.classes();
        let asked = Patterns { shape: all.shape, ..Patterns::new(asked.keys().clone(), &all.source) };
        Ok(Asked { trained: KeyedData::part(all, trained), asked, right })
    }
}
