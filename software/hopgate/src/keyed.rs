//! Key -> value: what is learnt from, and what training comes to.

mod free;

use crate::facts::MemoryFacts;
pub use free::FreeMemory;
use hopgate_files::{
    folder,
    labels::Labels,
    model_file::{Model, ModelMeta},
    patterns::{self, Patterns},
};
pub use hopgate_keyed::linear_fields;
use hopgate_keyed::{
    KeyedComparison, KeyedModel, KeyedQuantizeReport, KeyedReport, KeyedTrained, Samples, compare_keyed,
    quantize_keyed, round_keyed, train_keyed,
};
pub use hopgate_keyed::{KeyedOptions, KeyedQuantizeOptions, KeyedScore, centres::Centres};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel::KernelMode,
    kind::Kind,
    memory::{Memory, Parts},
    progress::Watch,
};
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

    /// These of the samples, `(T)` of their numbers.
    #[must_use]
    pub fn of_part(all: &KeyedData, rows: &[usize]) -> Self {
        let (classes, source) = (all.classes.clone(), all.source.clone());
        KeyedData { samples: all.samples.select(rows), classes, source, shape: all.shape, warnings: Vec::new() }
    }

    /// A value for each key: bits, (T, M).
    ///
    /// # Errors
    /// As [`Samples::valued`].
    pub fn of_values(keys: Patterns, values: BitMatrix) -> Result<Self> {
        let samples = Samples::valued(keys.bits, values)?;
        Ok(KeyedData { samples, classes: None, source: keys.source, shape: keys.shape, warnings: keys.warnings })
    }

    /// The next pattern for each, and the first one for the last.
    ///
    /// ```
    /// let steps = hopgate::patterns::load("random:N=16,P=5")?;
    /// assert_eq!(hopgate::keyed::KeyedData::of_sequence(steps)?.samples.outputs(), 16);
    /// # Ok::<(), hopgate::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Samples::sequence`].
    pub fn of_sequence(patterns: Patterns) -> Result<Self> {
        let samples = Samples::sequence(patterns.bits)?;
        let (source, shape, warnings) = (patterns.source, patterns.shape, patterns.warnings);
        Ok(KeyedData { samples, classes: None, source, shape, warnings })
    }

    /// Some of the samples of these.
    #[must_use]
    pub fn part(all: KeyedData, samples: Samples) -> Self {
        KeyedData { samples, ..all }
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
    #[serde(rename = "outputs_per_key")]
    pub outputs: usize,
    /// The kernel's gamma.
    pub gamma: f64,
    /// The regulariser.
    pub lambda: f64,
    /// What training found.
    pub training: KeyedReport,
    /// What simpler things make of the samples that were held out; none if there are none.
    pub beside: Option<KeyedComparison>,
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

impl Record {
    /// Of a model; one from elsewhere held nothing out.
    fn of(model: &Model) -> Self {
        let kept = model.meta.extra.get(RECORD).and_then(|kept| serde_json::from_value(kept.clone()).ok());
        kept.unwrap_or(Record { held_out: 0.0, seed: 1, kernel_mode: KernelMode::Normalised })
    }
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
        let KeyedTrained { model, report, own, held_out, .. } = train_keyed(&data.samples, options, watch)?;
        let beside = if held_out.is_empty() {
            None
        } else {
            let (own, held) = (data.samples.select(&own), data.samples.select(&held_out));
            Some(compare_keyed(&model, &own, &held, watch)?)
        };
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
        // where all keys are stored nothing is held out, whatever was asked for
        let held_out = if report.held_out == 0 { 0.0 } else { options.held_out };
        let record = Record { held_out, seed: options.seed, kernel_mode };
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
            beside,
            model,
        })
    }
}

/// A memory that was made of a model of key -> value.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct KeyedMemoryReport {
    /// What it is.
    pub memory: MemoryFacts,
    /// How it was quantised, and how well it answers samples that nothing was fitted to; none without samples.
    pub quantize: Option<KeyedQuantizeReport>,
    /// The memory itself.
    #[serde(skip)]
    pub made: Memory,
    /// What its manifest keeps of the model.
    #[serde(skip)]
    pub record: Map<String, Value>,
}

impl KeyedMemoryReport {
    /// Quantises a model; the samples are those that it was trained on.
    ///
    /// ```
    /// use hopgate::keyed::{Answers, KeyedData, KeyedMemoryReport, KeyedModelReport, KeyedOptions, KeyedQuantizeOptions};
    /// let data = KeyedData::load("digits".as_ref(), Answers::Labels("digits".as_ref()))?;
    /// let model = KeyedModelReport::train(&data, &KeyedOptions::new(40).gamma(Some(0.05)), &|_| ())?.model;
    /// let report = KeyedMemoryReport::quantized(&model, Some(&data), &KeyedQuantizeOptions::new(2), &|_| ())?;
    /// assert_eq!((report.memory.planes, report.made.outputs()), (2, 10));
    /// # Ok::<(), hopgate::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`quantize_keyed`] and [`round_keyed`]; [`ErrorKind::Value`] for samples of another kind or with other classes.
    pub fn quantized(
        model: &Model,
        data: Option<&KeyedData>,
        options: &KeyedQuantizeOptions,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let (record, keyed) = (Record::of(model), float_model(model));
        let (bare, quantize) = match data {
            None => (round_keyed(&keyed, options)?, None),
            Some(data) => {
                check_same(model, data)?;
                let (own, held) = data.samples.split(record.held_out, record.seed);
                let (own, held) = (data.samples.select(&own), data.samples.select(&held));
                let made = quantize_keyed(&keyed, &own, &held, options, watch)?;
                (made.memory, Some(made.report))
            }
        };
        let (labels, classes) = (model.meta.labels.clone(), model.meta.classes.clone());
        let made = Memory::new(Parts { labels, classes, ..bare.parts().clone() })?;
        let mut kept = Map::new();
        for key in ["source", "shape"] {
            kept.extend(model.meta.extra.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        kept.insert("solver".into(), model.meta.solver.clone().into());
        kept.insert("lambda".into(), model.lambda.into());
        let mut record = Map::from_iter([("model".to_owned(), Value::Object(kept))]);
        record.extend(quantize.as_ref().map(|report| ("quantize".to_owned(), json!(report))));
        Ok(KeyedMemoryReport { memory: MemoryFacts::of(&made), quantize, made, record })
    }

    /// Saves the memory as a folder, with its record.
    ///
    /// # Errors
    /// As [`folder::save`].
    pub fn save(&self, out: &Path) -> Result<()> {
        folder::save(&self.made, out, &self.record)
    }
}

/// The model as what answers with real weights.
pub fn float_model(model: &Model) -> KeyedModel {
    KeyedModel {
        kind: model.kind(),
        centres: model.patterns.clone(),
        alpha: model.alpha.clone(),
        gamma: model.gamma,
        lambda: model.lambda,
        kernel_mode: Record::of(model).kernel_mode,
    }
}

/// Fails unless these samples can be those of the model.
fn check_same(model: &Model, data: &KeyedData) -> Result<()> {
    let bad = |what: String| {
        Err(Error::new(ErrorKind::Value, what).hint("give the keys and the answers that the model was trained on"))
    };
    if model.kind() != data.samples.kind() {
        return bad(format!(
            "the model is of kind {}, but the samples are of kind {}",
            model.kind(),
            data.samples.kind()
        ));
    }
    let (is, of) = ((data.samples.neurons(), data.samples.outputs()), (model.patterns.cols(), model.outputs()));
    if is != of {
        let what = format!("the samples have {} bits and {} outputs", is.0, is.1);
        return bad(format!("{what}, but the model has {} and {}", of.0, of.1));
    }
    if model.meta.classes != data.classes {
        return bad("the classes of the samples are not those of the model".into());
    }
    Ok(())
}

/// What else is to be said of keys that repeat.
fn repeats(repeats: usize, others: usize) -> String {
    match others {
        0 => String::new(),
        _ if others == repeats => ", although they had another answer".into(),
        _ => format!(", although {others} of them had another answer"),
    }
}
