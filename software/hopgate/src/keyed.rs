//! Key -> value: what is learnt from, and what training comes to.

use crate::facts::MemoryFacts;
use hopgate_files::{
    labels::Labels,
    model_file::{Model, ModelMeta},
    patterns::{self, Patterns},
};
use hopgate_keyed::{KeyedModel, KeyedReport, KeyedTrained, Samples, Targets, train_keyed};
pub use hopgate_keyed::{KeyedOptions, centres::Centres};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel::KernelMode,
    kind::Kind,
    memory::{Memory, Parts},
    progress::Watch,
};
use hopgate_train::quantizer::{MemoryOptions, training_free, training_free_values};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, ffi::OsStr, path::Path};

/// Where the answers of keys come from.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Answers<'a> {
    /// A file of classes: [`Labels::load`].
    Labels(&'a OsStr),
    /// A file of bits, (T, M).
    Values(&'a OsStr),
    /// The next key.
    Next,
}

/// Keys with their classes or values, and what is known about them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct KeyedData {
    /// What is learnt from.
    pub samples: Samples,
    /// The names of the classes, if they are classes.
    pub classes: Option<Vec<String>>,
    /// Where the keys came from, as the user wrote it.
    pub source: String,
    /// Height and width, if a key is a picture.
    pub shape: Option<(usize, usize)>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

impl KeyedData {
    /// Reads keys and their answers.
    ///
    /// ```
    /// use hopgate::keyed::{Answers, KeyedData};
    /// let data = KeyedData::load("digits".as_ref(), Answers::Labels("digits".as_ref()))?;
    /// assert_eq!((data.samples.len(), data.samples.outputs()), (192, 10));
    /// # Ok::<(), hopgate::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`patterns::load_samples`], [`Labels::load`] and [`Samples`].
    pub fn load(keys: &OsStr, answers: Answers) -> Result<Self> {
        let read = patterns::load_samples(keys)?;
        let mut warnings = read.warnings.clone();
        let (samples, classes) = match answers {
            Answers::Labels(spec) => {
                let Labels { of, classes } = Labels::load(spec, read.bits.rows())?;
                (Samples::labelled(read.bits, of, classes.len())?, Some(classes))
            }
            Answers::Values(spec) => {
                let values = patterns::load_samples(spec)?;
                warnings.extend(values.warnings);
                (Samples::valued(read.bits, values.bits)?, None)
            }
            Answers::Next => (Samples::sequence(read.bits)?, None),
        };
        Ok(KeyedData { samples, classes, source: read.source, shape: read.shape, warnings })
    }

    /// A class for each key of patterns that have labels: the built-in digits, say.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if they have none; as [`Labels::of_names`].
    pub fn of_labelled(patterns: Patterns) -> Result<Self> {
        let what = format!("{} has no labels", patterns.source);
        let names = patterns.labels.ok_or_else(|| Error::new(ErrorKind::Value, what))?;
        let Labels { of, classes } = Labels::of_names(&names)?;
        let samples = Samples::labelled(patterns.bits, of, classes.len())?;
        let (source, shape, warnings) = (patterns.source, patterns.shape, patterns.warnings);
        Ok(KeyedData { samples, classes: Some(classes), source, shape, warnings })
    }

    /// Samples with different keys: of several with one key the first is kept. And how many were left out, and of these how many had another
    /// answer than the one that is kept.
    fn different(&self) -> (Samples, usize, usize) {
        let (keys, targets) = (self.samples.keys(), self.samples.targets());
        let answer = |t: usize| (0..targets.outputs()).map(move |c| targets.get(t, c));
        let mut first: BTreeMap<&[u64], usize> = BTreeMap::new();
        let (mut kept, mut others) = (Vec::new(), 0);
        for t in 0..keys.rows() {
            match *first.entry(keys.row(t)).or_insert(t) {
                original if original == t => kept.push(t),
                original => others += usize::from(!answer(t).eq(answer(original))),
            }
        }
        let repeats = keys.rows() - kept.len();
        (self.samples.select(&kept), repeats, others)
    }
}

/// A trained model of key -> value, and how it came about.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct KeyedModelReport {
    /// The keys, as they were given.
    pub source: String,
    /// What it answers with.
    pub kind: Kind,
    /// Samples, `T`.
    pub samples: usize,
    /// Centres, `P`.
    pub patterns: usize,
    /// Bits of a key, `N`.
    pub neurons: usize,
    /// Outputs, `M`.
    pub outputs: usize,
    /// The kernel's gamma.
    pub gamma: f64,
    /// The regulariser.
    pub lambda: f64,
    /// What training found.
    pub training: KeyedReport,
    /// The model, with its record.
    #[serde(skip)]
    pub model: Model,
}

/// What a model keeps of its training, so that a quantiser can judge by the same samples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Record {
    held_out: f64,
    seed: u64,
    kernel_mode: KernelMode,
}

/// The key of [`Record`] in a model's `meta`.
const RECORD: &str = "keyed";

impl KeyedModelReport {
    /// Trains on these samples.
    ///
    /// ```
    /// use hopgate::keyed::{Answers, KeyedData, KeyedModelReport, KeyedOptions};
    /// let data = KeyedData::load("digits".as_ref(), Answers::Labels("digits".as_ref()))?;
    /// let report = KeyedModelReport::train(&data, &KeyedOptions::new(40).gamma(Some(0.05)), &|_| ())?;
    /// assert_eq!((report.patterns, report.outputs, report.model.alpha.dim()), (40, 10, (40, 10)));
    /// # Ok::<(), hopgate::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`train_keyed`].
    pub fn train(data: &KeyedData, options: &KeyedOptions, watch: &dyn Watch) -> Result<Self> {
        let KeyedTrained { model, report, .. } = train_keyed(&data.samples, options, watch)?;
        let KeyedModel { kind, centres, alpha, gamma, lambda, kernel_mode, .. } = model;
        // the class that a centre votes for most
        let labels = data.classes.as_ref().map(|classes| {
            let most = |row: ndarray::ArrayView1<f64>| (0..row.len()).rev().max_by(|&a, &b| row[a].total_cmp(&row[b]));
            alpha.outer_iter().map(|row| classes[most(row).unwrap_or(0)].clone()).collect()
        });
        let source = Path::new(&data.source);
        let name = source.file_name().map_or(data.source.as_str().into(), |name| name.to_string_lossy());
        let mut extra = Map::from_iter([("source".to_owned(), Value::from(name))]);
        extra.extend(data.shape.map(|shape| ("shape".to_owned(), json!(shape))));
        let record = Record { held_out: options.held_out, seed: options.seed, kernel_mode };
        extra.insert(RECORD.into(), json!(record));
        extra.insert("training".into(), json!(report));
        let meta = ModelMeta {
            kind,
            solver: "newton-cg".into(),
            iterations: report.iterations as u64,
            residual: report.residual,
            seed: options.seed,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            labels,
            classes: data.classes.clone(),
            extra,
        };
        let model = Model { patterns: centres, alpha, gamma, lambda, meta };
        model.check()?;
        Ok(KeyedModelReport {
            source: data.source.clone(),
            kind,
            samples: data.samples.len(),
            patterns: model.patterns.rows(),
            neurons: model.patterns.cols(),
            outputs: model.outputs(),
            gamma,
            lambda,
            training: report,
            model,
        })
    }
}

/// A memory that needs no training, and what was left out of it.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct FreeMemory {
    /// What it is.
    pub memory: MemoryFacts,
    /// The kernel's gamma.
    pub gamma: f64,
    /// The memory itself.
    #[serde(skip)]
    pub made: Memory,
    /// What its manifest keeps of where it came from.
    #[serde(skip)]
    pub record: Map<String, Value>,
    /// What to be wary of.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

impl FreeMemory {
    /// The memory of patterns, which are their own answers.
    ///
    /// # Errors
    /// As [`training_free`].
    pub fn of_patterns(patterns: &Patterns, gamma: f64, options: &MemoryOptions) -> Result<Self> {
        let bare = training_free(&patterns.bits, gamma, options)?;
        let made = Memory::new(Parts { labels: patterns.labels.clone(), ..bare.parts().clone() })?;
        let mut record = Map::from_iter([("source".to_owned(), Value::from(patterns.source.clone()))]);
        record.extend(patterns.shape.map(|shape| ("shape".to_owned(), json!(shape))));
        Ok(FreeMemory { memory: MemoryFacts::of(&made), gamma, made, record, warnings: patterns.warnings.clone() })
    }

    /// The memory of every key, with its answer as it is: one plane.
    ///
    /// ```
    /// use hopgate::{MemoryOptions, keyed::{Answers, FreeMemory, KeyedData}};
    /// let data = KeyedData::load("digits".as_ref(), Answers::Labels("digits".as_ref()))?;
    /// let free = FreeMemory::of(&data, 0.2, &MemoryOptions::default())?;
    /// assert_eq!((free.memory.patterns, free.memory.planes), (192, 1));
    /// # Ok::<(), hopgate::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`training_free_values`].
    pub fn of(data: &KeyedData, gamma: f64, options: &MemoryOptions) -> Result<Self> {
        let (samples, repeats, others) = data.different();
        let (keys, targets) = (samples.keys(), samples.targets());
        let values = BitMatrix::from_fn(keys.rows(), targets.outputs(), |t, c| targets.get(t, c));
        let bare = training_free_values(keys, &values, samples.kind(), gamma, options)?;
        let labels = match (targets, &data.classes) {
            (Targets::Labels { labels, .. }, Some(classes)) => {
                Some(labels.iter().map(|&class| classes[class as usize].clone()).collect())
            }
            _ => None,
        };
        let made = Memory::new(Parts { labels, classes: data.classes.clone(), ..bare.parts().clone() })?;
        let mut warnings = data.warnings.clone();
        if repeats > 0 {
            let of = self::repeats(repeats, others);
            warnings
                .push(format!("{repeats} of {} keys repeat an earlier one and were left out{of}", data.samples.len()));
        }
        let mut record = Map::from_iter([("source".to_owned(), Value::from(data.source.clone()))]);
        record.extend(data.shape.map(|shape| ("shape".to_owned(), json!(shape))));
        Ok(FreeMemory { memory: MemoryFacts::of(&made), gamma, made, record, warnings })
    }
}

/// What else is to be said of keys that repeat.
fn repeats(repeats: usize, others: usize) -> String {
    match others {
        0 => String::new(),
        _ if others == repeats => ", although they had another answer".into(),
        _ => format!(", although {others} of them had another answer"),
    }
}
