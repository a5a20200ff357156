//! Training, and what it makes.

use crate::{
    arrays,
    data::{Data, Learnt},
    error::OrRaise,
    job,
    memory::{Memory, memory_options, scheme},
};
use hopgate::{
    Error, Result, TrainOptions,
    keyed::{Centres, KeyedData, KeyedMemoryReport, KeyedModelReport, KeyedOptions, KeyedQuantizeOptions},
    memories::{MemoryReport, TuneFor},
    models::ModelReport,
};
use hopgate_model::{corrupt::Corruption, kernel::KernelMode, kind::Kind};
use hopgate_train::{
    search::{GammaOptions, search_gamma},
    solver::{DEFAULT_EPOCHS, DEFAULT_LAMBDA, DEFAULT_RATE, DEFAULT_TOLERANCE, Method, check_room, train},
};
use numpy::PyArray2;
use pyo3::prelude::*;
use serde::Serialize;
use std::path::PathBuf;

/// A trained model.
#[pyclass(frozen, module = "hopgate._native")]
pub struct Model {
    model: hopgate::Model,
    report: Option<String>,
    warnings: Vec<String>,
}

/// A result of the library as JSON.
pub fn json(result: &impl Serialize) -> Result<String> {
    serde_json::to_string(result).map_err(|e| Error::new(hopgate::ErrorKind::Failed, e.to_string()).because(e))
}

/// What a kernel is indexed by.
pub fn kernel_mode(name: &str) -> Result<KernelMode> {
    match name {
        "normalised" => Ok(KernelMode::Normalised),
        "fixed" => Ok(KernelMode::Fixed),
        _ => Err(Error::usage(format!("the kernel is {name:?}")).hint("`kernel normalised` or `kernel fixed`")),
    }
}

/// Corruptions by their names.
pub fn corruptions(names: &[String]) -> Result<Vec<Corruption>> {
    names.iter().map(|name| name.parse()).collect()
}

/// Trains a model of patterns; without a gamma the best of several for cues of this noise.
#[pyfunction]
#[pyo3(signature = (data, gamma, noise, seed, lambda_, method, tolerance, epochs, rate, progress))]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
pub fn train_patterns(
    py: Python,
    data: &Data,
    gamma: Option<f64>,
    noise: f64,
    seed: u64,
    lambda_: Option<f64>,
    method: &str,
    tolerance: Option<f64>,
    epochs: Option<usize>,
    rate: Option<f64>,
    progress: Option<&Bound<PyAny>>,
) -> PyResult<Model> {
    let Learnt::Patterns(patterns) = &data.learnt else {
        return Err(Error::usage("these are keys with answers, not patterns")).or_raise();
    };
    let method = match method {
        "newton" => Method::Newton,
        "gd" => Method::Gd,
        _ => {
            return Err(Error::usage(format!("the method is {method:?}")).hint("`method newton` or `method gd`"))
                .or_raise();
        }
    };
    let options = TrainOptions::new(gamma.unwrap_or(1.0))
        .lambda(lambda_.unwrap_or(DEFAULT_LAMBDA))
        .method(method)
        .tolerance(tolerance.unwrap_or(DEFAULT_TOLERANCE))
        .epochs(epochs.unwrap_or(DEFAULT_EPOCHS))
        .rate(rate.unwrap_or(DEFAULT_RATE));
    let report = job::run(py, progress, |watch| {
        let mut options = options;
        check_room(options.method, patterns.bits.rows(), patterns.bits.cols())?;
        let search = match gamma {
            Some(_) => None,
            None => Some(search_gamma(&patterns.bits, &GammaOptions::new(noise).seed(seed), watch)?),
        };
        options.gamma = search.as_ref().map_or(options.gamma, |search| search.gamma);
        let trained = train(&patterns.bits, &options, watch)?;
        Ok(ModelReport::of(patterns, &options, trained, search))
    })?;
    Ok(Model { report: Some(json(&report).or_raise()?), model: report.model, warnings: patterns.warnings.clone() })
}

/// Trains a model of keys with classes or values.
#[pyfunction]
#[pyo3(signature = (data, centres, choose, gamma, lambda_, noise, tolerance, seed, held_out, kernel, progress))]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
pub fn train_keyed(
    py: Python,
    data: &Data,
    centres: usize,
    choose: &str,
    gamma: Option<f64>,
    lambda_: Option<f64>,
    noise: Option<f64>,
    tolerance: Option<f64>,
    seed: u64,
    held_out: Option<f64>,
    kernel: &str,
    progress: Option<&Bound<PyAny>>,
) -> PyResult<Model> {
    let Learnt::Keyed(data) = &data.learnt else {
        return Err(Error::usage("these are patterns, without answers")).or_raise();
    };
    let how = match choose {
        "all" => Centres::All,
        "random" => Centres::Random,
        "modes" => Centres::Modes,
        "medoids" => Centres::Medoids,
        "learnt" => Centres::Learnt,
        _ => {
            let what = Error::usage(format!("centres are chosen by {choose:?}"));
            return Err(what.hint("`choose random`, `choose modes`, `choose medoids` or `choose learnt`")).or_raise();
        }
    };
    let mut options = KeyedOptions::new(centres).how(how).gamma(gamma).seed(seed);
    options.kernel_mode = kernel_mode(kernel).or_raise()?;
    options.lambda = lambda_.unwrap_or(options.lambda);
    options.noise = noise.unwrap_or(options.noise);
    options.tolerance = tolerance.unwrap_or(options.tolerance);
    options.held_out = held_out.unwrap_or(options.held_out);
    options.check().or_raise()?;
    let report = job::run(py, progress, |watch| KeyedModelReport::train(data, &options, watch))?;
    let mut warnings = data.warnings.clone();
    warnings.extend(report.training.contradiction.map(|(a, b)| {
        format!("keys {a} and {b} are the same with other answers (and others may be): no memory answers both")
    }));
    Ok(Model { report: Some(json(&report).or_raise()?), model: report.model, warnings })
}

#[pymethods]
impl Model {
    #[staticmethod]
    fn load(py: Python, path: PathBuf) -> PyResult<Self> {
        let model = py.detach(|| hopgate::Model::load(&path)).or_raise()?;
        Ok(Model { model, report: None, warnings: Vec::new() })
    }

    fn save(&self, py: Python, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.model.save(&path)).or_raise()
    }

    /// The bytes of its file.
    fn to_bytes(&self, py: Python) -> PyResult<Vec<u8>> {
        py.detach(|| self.model.to_bytes()).or_raise()
    }

    /// The model of such bytes.
    #[staticmethod]
    fn of_bytes(py: Python, bytes: Vec<u8>) -> PyResult<Self> {
        let model = py.detach(|| hopgate::Model::from_bytes(bytes)).or_raise()?;
        Ok(Model { model, report: None, warnings: Vec::new() })
    }

    fn patterns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<u8>>> {
        arrays::unpacked(py, &self.model.patterns)
    }

    fn alpha<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let (rows, cols) = self.model.alpha.dim();
        arrays::matrix(py, rows, cols, self.model.alpha.iter().copied().collect())
    }

    fn gamma(&self) -> f64 {
        self.model.gamma
    }

    fn lambda_(&self) -> f64 {
        self.model.lambda
    }

    fn kind(&self) -> String {
        self.model.kind().to_string()
    }

    /// What the file says of it, as JSON.
    fn meta(&self) -> PyResult<String> {
        json(&self.model.meta).or_raise()
    }

    /// What training found, as JSON.
    fn report(&self) -> Option<String> {
        self.report.clone()
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    /// A memory of it. `data` is what a model of keys was trained on.
    #[pyo3(signature = (bits, scheme_, data, kernel_bits, kernel, max_steps, radius, corruption, noise, reach, seed, progress))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn quantize(
        &self,
        py: Python,
        bits: usize,
        scheme_: &str,
        data: Option<&Data>,
        kernel_bits: u32,
        kernel: &str,
        max_steps: u32,
        radius: Option<u32>,
        corruption: Vec<String>,
        noise: Option<f64>,
        reach: Option<usize>,
        seed: u64,
        progress: Option<&Bound<PyAny>>,
    ) -> PyResult<Memory> {
        let scheme = scheme(scheme_).or_raise()?;
        let memory = memory_options(kernel_bits, kernel, max_steps, radius).or_raise()?;
        if self.model.kind() == Kind::Auto {
            let options = hopgate::QuantizeOptions::new(scheme, bits).memory(memory);
            options.check().or_raise()?;
            let tune_for = TuneFor::new(corruptions(&corruption).or_raise()?).seed(seed);
            let report =
                job::run(py, progress, |watch| MemoryReport::quantized(&self.model, &options, &tune_for, watch))?;
            let text = json(&report).or_raise()?;
            return Ok(Memory::new(report.made, report.record, Some(text), report.warnings));
        }
        let data: Option<&KeyedData> = match data.map(|data| &data.learnt) {
            Some(Learnt::Keyed(data)) => Some(data),
            _ => None,
        };
        if data.is_none() && scheme == hopgate::Scheme::Tuned {
            let what = "the scheme tuned is fitted to the samples of a model of classes or values, and there are none";
            let hint = "give the keys and the answers that the model was trained on, or `scheme shared`";
            return Err(Error::usage(what).hint(hint)).or_raise();
        }
        let mut options = KeyedQuantizeOptions::new(bits).scheme(scheme).memory(memory);
        options.noise = noise.unwrap_or(options.noise);
        options.reach = reach;
        options.seed = seed;
        let report = job::run(py, progress, |watch| KeyedMemoryReport::quantized(&self.model, data, &options, watch))?;
        let text = json(&report).or_raise()?;
        Ok(Memory::new(report.made, report.record, Some(text), Vec::new()))
    }
}
