//! Keys with classes in two parts: what is trained on, and what is asked.

use hopgate::{
    Error, ErrorKind, Result,
    keyed::{Answers, KeyedData},
    patterns::{self, Patterns},
};
use hopgate_files::labels;
use std::ffi::{OsStr, OsString};

/// The share of the keys that is asked, and not trained on, unless there are keys for it.
const ASKED: f64 = 0.25;

/// Where the classes are, and the keys to ask.
#[derive(clap::Args)]
pub struct AskArgs {
    /// The class of each key: .npy or .npz of whole numbers from 0, or .csv or .txt of numbers or names
    #[arg(long, value_name = "FILE")]
    labels: Option<OsString>,
    /// With --labels: keys to ask, which are not trained on [default: a quarter of the keys]
    #[arg(long, value_name = "FILE", requires = "labels", requires = "ask_labels")]
    ask: Option<OsString>,
    /// Their classes
    #[arg(long, value_name = "FILE", requires = "ask")]
    ask_labels: Option<OsString>,
}

impl AskArgs {
    /// Reads the keys, if there are labels. Without keys to ask, and their labels, a part of the keys is asked, which the seed decides.
    pub fn load(&self, keys: &OsStr, seed: u64) -> Result<Option<Asked>> {
        let Some(labels) = &self.labels else { return Ok(None) };
        let trained = KeyedData::load(keys, Answers::Labels(labels))?;
        let asked = match (&self.ask, &self.ask_labels) {
            (Some(ask), Some(labels)) => Asked::with(trained, ask, labels),
            _ => Asked::part_of(trained, seed),
        };
        asked.map(Some)
    }
}

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
