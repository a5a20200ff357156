//! Memories: where they come from, what is in them, and where they go.

use crate::{
    arrays,
    data::{Data, Learnt},
    error::OrRaise,
    job,
    model::{corruptions, json, kernel_mode},
};
use hopgate::{
    Engine, Error, MemoryOptions, Result, Scheme,
    facts::MemoryFacts,
    keyed::FreeMemory,
    radius::{RadiusOptions, propose},
};
use hopgate_files::folder;
use numpy::{PyArray1, PyArray2, PyReadonlyArray2};
use pyo3::prelude::*;
use serde_json::{Map, Value};
use std::{path::PathBuf, sync::OnceLock};

/// A memory, and what its manifest keeps.
#[pyclass(frozen, module = "hopgate._native")]
pub struct Memory {
    pub memory: hopgate::Memory,
    pub record: Map<String, Value>,
    report: Option<String>,
    warnings: Vec<String>,
    /// Packed when the first cue is asked.
    engine: OnceLock<Engine>,
}

impl Memory {
    /// A memory with its record, what was found when it was made, and what to be wary of.
    pub fn new(
        memory: hopgate::Memory,
        record: Map<String, Value>,
        report: Option<String>,
        warnings: Vec<String>,
    ) -> Self {
        Memory { memory, record, report, warnings, engine: OnceLock::new() }
    }

    /// It, ready to recall.
    pub fn engine(&self) -> &Engine {
        self.engine.get_or_init(|| Engine::new(&self.memory))
    }

    /// The text of its manifest.
    pub fn manifest(&self) -> Result<Vec<u8>> {
        let mut files = folder::to_files(&self.memory, &self.record)?;
        Ok(files.remove("manifest.json").unwrap_or_default())
    }
}

/// A scheme by its name.
pub fn scheme(name: &str) -> Result<Scheme> {
    match name {
        "uniform" => Ok(Scheme::Uniform),
        "shared" => Ok(Scheme::Shared),
        "tuned" => Ok(Scheme::Tuned),
        _ => Err(Error::usage(format!("there is no scheme {name:?}"))
            .hint("`scheme uniform`, `scheme shared` or `scheme tuned`")),
    }
}

/// What every way to a memory takes.
pub fn memory_options(kernel_bits: u32, kernel: &str, max_steps: u32, radius: Option<u32>) -> Result<MemoryOptions> {
    let options = MemoryOptions::default().kernel_bits(kernel_bits).kernel_mode(kernel_mode(kernel)?);
    Ok(options.max_steps(max_steps).radius(radius))
}

#[pymethods]
impl Memory {
    /// The memory that needs no training.
    #[staticmethod]
    fn free(
        py: Python,
        data: &Data,
        gamma: f64,
        kernel_bits: u32,
        kernel: &str,
        max_steps: u32,
        radius: Option<u32>,
    ) -> PyResult<Self> {
        let options = memory_options(kernel_bits, kernel, max_steps, radius).or_raise()?;
        let make = || match &data.learnt {
            Learnt::Patterns(patterns) => FreeMemory::of_patterns(patterns, gamma, &options),
            Learnt::Keyed(data) => FreeMemory::of(data, gamma, &options),
        };
        let free = py.detach(make).or_raise()?;
        let text = json(&free).or_raise()?;
        Ok(Memory::new(free.made, free.record, Some(text), free.warnings))
    }

    #[staticmethod]
    fn load(py: Python, path: PathBuf) -> PyResult<Self> {
        let stored = py.detach(|| folder::open(&path)).or_raise()?;
        Ok(Memory::new(stored.memory, stored.manifest.info, None, Vec::new()))
    }

    fn save(&self, py: Python, path: PathBuf) -> PyResult<()> {
        py.detach(|| folder::save(&self.memory, &path, &self.record)).or_raise()
    }

    /// The files of its folder, by their names.
    fn files(&self, py: Python) -> PyResult<Vec<(String, Vec<u8>)>> {
        let files = py.detach(|| folder::to_files(&self.memory, &self.record)).or_raise()?;
        Ok(files.into_iter().collect())
    }

    /// The memory of such files.
    #[staticmethod]
    fn of_files(py: Python, files: Vec<(String, Vec<u8>)>) -> PyResult<Self> {
        let stored = py.detach(|| folder::from_files(&files.into_iter().collect())).or_raise()?;
        Ok(Memory::new(stored.memory, stored.manifest.info, None, Vec::new()))
    }

    /// What it is, as JSON.
    fn facts(&self, py: Python) -> PyResult<String> {
        py.detach(|| json(&MemoryFacts::of(&self.memory))).or_raise()
    }

    /// What its manifest keeps of where it came from, as JSON.
    fn record(&self) -> PyResult<String> {
        json(&self.record).or_raise()
    }

    fn report(&self) -> Option<String> {
        self.report.clone()
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    fn kind(&self) -> &'static str {
        self.memory.kind().name()
    }

    fn neurons(&self) -> usize {
        self.memory.neurons()
    }

    fn outputs(&self) -> usize {
        self.memory.outputs()
    }

    fn radius(&self) -> u32 {
        self.memory.radius()
    }

    fn gamma(&self) -> f64 {
        self.memory.parts().gamma
    }

    fn names(&self) -> Option<Vec<String>> {
        self.memory.parts().labels.clone()
    }

    fn classes(&self) -> Option<Vec<String>> {
        self.memory.parts().classes.clone()
    }

    fn patterns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<u8>>> {
        arrays::unpacked(py, self.memory.patterns())
    }

    fn planes<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyArray2<u8>>>> {
        self.memory.planes().iter().map(|plane| arrays::unpacked(py, plane)).collect()
    }

    fn kernel<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<u32>>> {
        let kernel = self.memory.kernel();
        arrays::matrix(py, kernel.len(), self.memory.neurons() + 1, kernel.concat())
    }

    fn offset<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i32>> {
        PyArray1::from_slice(py, self.memory.offset())
    }

    /// The same with another radius.
    fn with_radius(&self, radius: u32) -> PyResult<Self> {
        let memory = self.memory.clone().with_radius(radius).or_raise()?;
        Ok(Memory::new(memory, self.record.clone(), self.report.clone(), self.warnings.clone()))
    }

    /// The same with the radius that this rate proposes, and the report as JSON.
    #[pyo3(signature = (false_accept, corruption, shape, seed, known, foreign, progress))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn tune_radius(
        &self,
        py: Python,
        false_accept: f64,
        corruption: Vec<String>,
        shape: Option<(usize, usize)>,
        seed: u64,
        known: Option<PyReadonlyArray2<u8>>,
        foreign: Option<PyReadonlyArray2<u8>>,
        progress: Option<&Bound<PyAny>>,
    ) -> PyResult<(Self, String, Vec<String>)> {
        let known = known.map(|rows| arrays::packed(py, &rows, "the known things")).transpose()?;
        let foreign = foreign.map(|rows| arrays::packed(py, &rows, "the foreign things")).transpose()?;
        let options = RadiusOptions::new(false_accept, corruptions(&corruption).or_raise()?).shape(shape).seed(seed);
        let options = options.known(known).foreign(foreign.map(|rows| ("foreign".to_owned(), rows)));
        let report = job::run(py, progress, |watch| propose(&self.memory, &options, watch))?;
        let made = self.with_radius(report.proposed.unwrap_or(self.memory.radius()))?;
        Ok((made, json(&report).or_raise()?, report.warnings))
    }

    /// The bytes that the engine takes.
    fn engine_bytes(&self, py: Python) -> usize {
        py.detach(|| self.engine().storage_bytes())
    }
}
