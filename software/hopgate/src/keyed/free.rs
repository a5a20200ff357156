//! Memories that need no training.

use super::KeyedData;
use crate::facts::MemoryFacts;
use hopgate_files::patterns::Patterns;
use hopgate_keyed::Targets;
use hopgate_model::{
    Result,
    bits::BitMatrix,
    memory::{Memory, Parts},
};
use hopgate_train::quantizer::{MemoryOptions, training_free, training_free_values};
use serde::Serialize;
use serde_json::{Map, Value, json};

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
            let of = super::repeats(repeats, others);
            warnings
                .push(format!("{repeats} of {} keys repeat an earlier one and were left out{of}", data.samples.len()));
        }
        let mut record = Map::from_iter([("source".to_owned(), Value::from(data.source.clone()))]);
        record.extend(data.shape.map(|shape| ("shape".to_owned(), json!(shape))));
        Ok(FreeMemory { memory: MemoryFacts::of(&made), gamma, made, record, warnings })
    }
}
