//! Keys with classes to memories of one to three planes, and how right they and the simple things beside them are.

use super::super::super::asked::Asked;
use crate::ui::Ui;
use hopgate::{
    Result,
    classify::classes_of_patterns,
    keyed::{
        Centres, FreeMemory, KeyedMemoryReport, KeyedModelReport, KeyedOptions, KeyedQuantizeOptions, float_model,
        linear_fields,
    },
};
use hopgate_lab::classes::{of_memory, of_nearest};
use hopgate_model::{bits::BitMatrix, kernel::KernelMode};
use hopgate_train::quantizer::MemoryOptions;

/// How far below the float model a memory may be, on keys that neither has seen, and still be enough.
const SUFFICIENT_LOSS: f64 = 0.010;
/// The most planes that are tried.
const MOST_PLANES: usize = 3;

/// What was learnt.
pub struct Learnt {
    /// The trained model.
    pub model: KeyedModelReport,
    /// Memories of 1, 2 and 3 planes.
    pub memories: Vec<KeyedMemoryReport>,
    /// The planes of the one that is built.
    pub planes: usize,
    /// The share of the asked keys that each contender gets right.
    pub accuracy: Vec<(String, f64)>,
}

impl Learnt {
    /// The memory that is built.
    pub fn chosen(&self) -> &KeyedMemoryReport {
        &self.memories[self.planes - 1]
    }

    /// The accuracy of a contender by its name.
    pub fn accuracy(&self, name: &str) -> f64 {
        self.accuracy.iter().find(|(of, _)| of == name).map_or(f64::NAN, |&(_, share)| share)
    }
}

/// Trains, quantises and asks.
pub fn learn(data: &Asked, centres: usize, seed: u64, ui: &Ui) -> Result<Learnt> {
    let how = if centres >= data.trained.samples.len() { Centres::All } else { Centres::Learnt };
    let options = KeyedOptions::new(centres.min(data.trained.samples.len())).how(how).seed(seed);
    let model = KeyedModelReport::train(&data.trained, &options, &ui.follow("training"))?;
    let quantized = |planes| {
        let options = KeyedQuantizeOptions::new(planes).seed(seed);
        KeyedMemoryReport::quantized(&model.model, Some(&data.trained), &options, &ui.follow("quantising"))
    };
    let memories = (1..=MOST_PLANES).map(quantized).collect::<Result<Vec<_>>>()?;
    let enough = |m: &KeyedMemoryReport| {
        let judged = m.quantize.as_ref();
        judged.is_some_and(|q| q.score.accuracy() >= q.float.accuracy() - SUFFICIENT_LOSS)
    };
    let planes = memories.iter().position(enough).map_or(MOST_PLANES, |k| k + 1);
    let keys = &data.asked.bits;
    let share = |answers: Vec<usize>| {
        let right = answers.iter().zip(&data.right).filter(|&(&class, &right)| class == right as usize).count();
        right as f64 / data.right.len().max(1) as f64
    };
    let mut accuracy = vec![("float model".to_owned(), share(float_classes(&model, keys)?))];
    for (k, memory) in (1..).zip(&memories) {
        accuracy.push((format!("k = {k}"), share(of_memory(&memory.made)(keys))));
    }
    accuracy.push(("memory".to_owned(), share(of_memory(&memories[planes - 1].made)(keys))));
    if let Some(labels) = classes_of_patterns(&memories[0].made) {
        accuracy.push((
            "nearest of the same centres".to_owned(),
            share(of_nearest(memories[0].made.patterns(), &labels)(keys)),
        ));
    }
    let samples = &data.trained.samples;
    let fields = linear_fields(samples, keys, &ui.follow("training the linear model"))?;
    accuracy.push(("linear model".to_owned(), share(greatest(&fields))));
    let labels: Vec<u32> = (0..samples.len())
        .map(|t| (0..samples.outputs()).find(|&c| samples.targets().get(t, c)).unwrap_or(0) as u32)
        .collect();
    accuracy.push(("nearest of all keys".to_owned(), share(of_nearest(samples.keys(), &labels)(keys))));
    let free =
        FreeMemory::of(&data.trained, model.gamma, &MemoryOptions::default().kernel_mode(KernelMode::Normalised))?;
    accuracy.push(("training-free vote of all keys".to_owned(), share(of_memory(&free.made)(keys))));
    Ok(Learnt { model, memories, planes, accuracy })
}

/// The classes that the float model answers.
pub fn float_classes(model: &KeyedModelReport, keys: &BitMatrix) -> Result<Vec<usize>> {
    Ok(greatest(&float_model(&model.model).fields(keys)?))
}

/// The output with the greatest field of each row, the first one on a tie.
fn greatest(fields: &ndarray::Array2<f64>) -> Vec<usize> {
    let best =
        |row: ndarray::ArrayView1<f64>| (0..row.len()).rev().max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap_or(0);
    fields.outer_iter().map(best).collect()
}
