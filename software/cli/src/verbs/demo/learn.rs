//! Patterns to memories: the search for gamma, training, quantising at k = 1, 2, 3, and the study that chooses.

use crate::ui::Ui;
use hopgate::{
    memories::{MemoryReport, TuneFor},
    models::ModelReport,
};
use hopgate_files::{model_file::Model, patterns::Patterns};
use hopgate_lab::study::{Contender, Role, Study, StudyOptions, recall_study, smallest_sufficient_k};
use hopgate_model::{Result, memory::Memory};
use hopgate_train::{
    quantizer::{MemoryOptions, QuantizeOptions, Scheme, training_free},
    recall_float::FloatMemory,
    scoring::{Decoder, Float, Nearest},
    search::{GammaOptions, GammaSearch, search_gamma},
    solver::{TrainOptions, train as fit},
};

/// What was learnt from the patterns.
pub struct Learnt {
    /// How gamma was found.
    pub search: GammaSearch,
    /// The trained model.
    pub model: Model,
    /// Memories with 1, 2 and 3 planes.
    pub memories: Vec<MemoryReport>,
    /// All of them, float and the controls, against noise.
    pub study: Study,
    /// The planes of the memory that is built.
    pub planes: u32,
    /// Whether that memory recalls within 0.005 of float (if none does, the largest is built).
    pub sufficient: bool,
}

impl Learnt {
    /// The memory that is built.
    pub fn chosen(&self) -> &Memory {
        &self.quantized().made
    }

    /// How it was quantised.
    pub fn quantized(&self) -> &MemoryReport {
        &self.memories[self.planes as usize - 1]
    }
}

/// Trains and compares.
pub fn learn(patterns: &Patterns, noise: f64, seed: u64, ui: &Ui) -> Result<Learnt> {
    let bits = &patterns.bits;
    let search = search_gamma(bits, &GammaOptions::new(noise).seed(seed), &ui.follow("choosing gamma"))?;
    let options = TrainOptions::new(search.gamma);
    let trained = fit(bits, &options, &ui.follow("training"))?;
    let model = ModelReport::of(patterns, &options, trained, Some(search.clone())).model;
    let quantized = |planes| {
        let options = QuantizeOptions::new(Scheme::Shared, planes);
        MemoryReport::quantized(&model, &options, &TuneFor::new(Vec::new()), &|_| ())
    };
    let memories = (1..=3).map(quantized).collect::<Result<Vec<_>>>()?;
    let defaults = MemoryOptions::default();
    let free = training_free(bits, search.gamma, &defaults)?;
    let float = FloatMemory::of(&model)?;
    let nearest = Nearest(bits);
    let float = Float(&float, defaults.max_steps);
    fn contender<'a>(label: &str, role: Role, decoder: &'a dyn Decoder) -> Contender<'a> {
        Contender { label: label.into(), role, decoder }
    }
    let mut contenders =
        vec![contender("nearest pattern", Role::Nearest, &nearest), contender("float", Role::Float, &float)];
    for (k, memory) in (1..).zip(&memories) {
        contenders.push(contender(&format!("k = {k}"), Role::Memory(k), &memory.made));
    }
    contenders.push(contender("training-free", Role::TrainingFree, &free));
    let bar = ui.bar("recall against noise", 0);
    let watch = |done: usize, of: usize| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let options = StudyOptions { seed, ..StudyOptions::new(bits.rows()) };
    let study = recall_study(bits, &contenders, &options, &watch)?;
    bar.finish_and_clear();
    let enough = smallest_sufficient_k(&study);
    if enough.is_none() {
        ui.warn("no memory of 1 to 3 planes recalls within 0.005 of float: the one of 3 planes is built");
    }
    Ok(Learnt { search, model, memories, study, planes: enough.unwrap_or(3), sufficient: enough.is_some() })
}
