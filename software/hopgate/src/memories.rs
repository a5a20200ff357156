//! From a model, or from patterns alone, to a memory: what quantising, tuning and searching come to, and what the memory's manifest keeps.

use crate::{facts::MemoryFacts, radius::RadiusReport};
use hopgate_files::{folder, model_file::Model, patterns::Patterns};
use hopgate_model::{
    Result,
    corrupt::Corruption,
    memory::{Memory, Parts},
    progress::Watch,
};
use hopgate_train::{
    quantizer::{QuantizeOptions, QuantizeReport, Quantized, Scheme, quantize},
    search::{Candidate, GAMMAS, SearchOptions, gamma_from_noise, search_memory},
    solver::TrainOptions,
    tuning::{TuneOptions, TuneReport, Tuned, tune},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::path::Path;

/// A memory that was made of a model.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct MemoryReport {
    /// What it is.
    pub memory: MemoryFacts,
    /// How dual weights became planes.
    pub quantize: QuantizeReport,
    /// What tuning gained, with [`Scheme::Tuned`].
    pub tuned: Option<TuneReport>,
    /// The memory itself.
    #[serde(skip)]
    pub made: Memory,
    /// What its manifest keeps of the model.
    #[serde(skip)]
    pub record: Map<String, Value>,
    /// What to be wary of.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

/// What tuning is for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TuneFor {
    /// What happens to the cues; several make an equal share of them each.
    pub corruptions: Vec<Corruption>,
    /// The seed of the cues.
    pub seed: u64,
}

impl TuneFor {
    /// For these corruptions, with seed 1; none stands for flips of probability 0.1.
    pub fn new(mut corruptions: Vec<Corruption>) -> Self {
        if corruptions.is_empty() {
            corruptions.push(Corruption::Flips(0.1));
        }
        TuneFor { corruptions, seed: 1 }
    }

    /// With this seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        TuneFor { seed, ..self }
    }
}

impl MemoryReport {
    /// Quantises a model; with [`Scheme::Tuned`], tunes it for those corruptions.
    ///
    /// ```
    /// use hopgate::{QuantizeOptions, Scheme, TrainOptions, memories::{MemoryReport, TuneFor}, noise, train};
    /// let model = train(&noise::random(30, 32, 1), &TrainOptions::new(0.1), &|_| ())?.model;
    /// let options = QuantizeOptions::new(Scheme::Shared, 1);
    /// let report = MemoryReport::quantized(&model, &options, &TuneFor::new(vec![]), &|_| ())?;
    /// assert_eq!((report.memory.planes, report.tuned), (1, None));
    /// # Ok::<(), hopgate::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`quantize`] and [`tune`].
    pub fn quantized(model: &Model, options: &QuantizeOptions, tune_for: &TuneFor, watch: &dyn Watch) -> Result<Self> {
        let (Quantized { memory, report }, tuned) = match options.scheme {
            Scheme::Tuned => {
                let tuning = TuneOptions::new(options.bits, tune_for.corruptions.clone());
                let tuning = tuning.seed(tune_for.seed).memory(options.memory);
                // training notes the size of pictures in the model
                let shape = model.meta.extra.get("shape").and_then(|s| serde_json::from_value(s.clone()).ok());
                let Tuned { memory, report } = tune(model, shape, &tuning, watch)?;
                (Quantized { memory, report: report.quantize.clone() }, Some(report))
            }
            _ => (quantize(model, options)?, None),
        };
        let mut record = record(model, &report);
        if let Some(tuned) = &tuned {
            let of_tuning = json!({ "corruptions": tuned.corruptions, "seed": tuned.seed, "fresh": tuned.fresh });
            record.insert("tuned".into(), of_tuning);
        }
        let warnings = warnings(&report, model.alpha.len());
        Ok(MemoryReport { memory: MemoryFacts::of(&memory), quantize: report, tuned, made: memory, record, warnings })
    }

    /// Saves the memory as a folder, with its record.
    ///
    /// # Errors
    /// As [`folder::save`].
    pub fn save(&self, out: &Path) -> Result<()> {
        folder::save(&self.made, out, &self.record)
    }
}

/// What the user should know.
fn warnings(report: &QuantizeReport, weights: usize) -> Vec<String> {
    let mut all = Vec::new();
    if report.sign_disagreements > 0 {
        let n = report.sign_disagreements;
        all.push(format!(
            "{n} of {weights} dual weights contradict the sign of their stored bit: training stopped early, or was \
             badly conditioned ({} signs changed by quantising)",
            report.flipped_signs
        ));
    }
    if report.idle_planes > 0 {
        let of = report.bits;
        all.push(format!(
            "{n} of {of} planes never vote, since their kernel columns are all zero: use more bits for a kernel entry, or \
             fewer planes",
            n = report.idle_planes
        ));
    }
    all
}

/// What a manifest keeps of the model that its memory was made of.
fn record(model: &Model, report: &QuantizeReport) -> Map<String, Value> {
    let meta = &model.meta;
    let mut of_model = Map::new();
    for key in ["source", "shape"] {
        of_model.extend(meta.extra.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    of_model.insert("solver".into(), meta.solver.clone().into());
    of_model.insert("iterations".into(), meta.iterations.into());
    of_model.insert("residual".into(), meta.residual.into());
    of_model.insert("lambda".into(), model.lambda.into());
    let of_planes = json!({ "weights": report.weights, "offset": report.offset,
                            "mean_squared_error": report.mean_squared_error });
    Map::from_iter([("model".into(), Value::Object(of_model)), ("quantize".into(), of_planes)])
}

/// The best memory that fits, and all that was tried.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct SearchReport {
    /// What it is.
    pub memory: MemoryFacts,
    /// What happens to the cues, an equal share each.
    pub corruptions: Vec<String>,
    /// Everything that was tried, in order.
    pub tried: Vec<Candidate>,
    /// Which of them was chosen.
    pub best: usize,
    /// Its recall of cues that the search has not seen.
    pub fresh: Fresh,
    /// How its radius was found, if it was asked for.
    pub radius: Option<RadiusReport>,
    /// The memory itself.
    #[serde(skip)]
    pub made: Memory,
    /// What its manifest keeps of the search.
    #[serde(skip)]
    pub record: Map<String, Value>,
    /// What could not be made, and why.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

/// Recall of fresh cues.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Fresh {
    /// How many.
    pub cues: usize,
    /// The share that is recalled exactly.
    pub exact_recall: f64,
    /// That of a nearest-pattern search, for the same cues.
    pub nearest_exact_recall: f64,
}

impl SearchReport {
    /// Searches for the best memory of these patterns for cues with these corruptions, among those for which `fits` says so: on a board
    /// ([`fits`](crate::estimate::fits)), or in a number of bits ([`within_storage`](hopgate_train::search::within_storage)).
    ///
    /// # Errors
    /// As [`search_memory`].
    pub fn search(
        patterns: &Patterns,
        corruptions: &[Corruption],
        seed: u64,
        fits: &dyn Fn(&Memory) -> Result<(bool, String)>,
        watch: &dyn Watch,
    ) -> Result<Self> {
        let mut options = SearchOptions::new(corruptions.to_vec()).seed(seed);
        options.gammas = gammas(corruptions);
        options.train = TrainOptions::new(options.gammas[0]);
        let found = search_memory(&patterns.bits, patterns.shape, &options, fits, watch)?;
        let corruptions: Vec<String> = corruptions.iter().map(Corruption::to_string).collect();
        let of_search = json!({
            "source": patterns.source, "corruptions": corruptions, "tried": found.tried.len(),
            "fresh_exact_recall": found.fresh, "fresh_exact_recall_of_nearest": found.fresh_nearest,
        });
        // the search knows bits alone; the names of the patterns go on with them
        let made = Memory::new(Parts { labels: patterns.labels.clone(), ..found.memory.parts().clone() })?;
        Ok(SearchReport {
            memory: MemoryFacts::of(&made),
            corruptions,
            tried: found.tried,
            best: found.best,
            fresh: Fresh {
                cues: found.fresh_cues,
                exact_recall: found.fresh,
                nearest_exact_recall: found.fresh_nearest,
            },
            radius: None,
            made,
            record: Map::from_iter([("tune".to_owned(), of_search)]),
            warnings: found.failed,
        })
    }

    /// The same memory with the radius that was proposed for it, if one was.
    ///
    /// # Errors
    /// As [`Memory::with_radius`].
    pub fn with_radius(self, radius: RadiusReport) -> Result<Self> {
        let made = match radius.proposed {
            Some(proposed) => self.made.with_radius(proposed)?,
            None => self.made,
        };
        Ok(SearchReport { memory: MemoryFacts::of(&made), radius: Some(radius), made, ..self })
    }

    /// Saves the memory as a folder, with its record.
    ///
    /// # Errors
    /// As [`folder::save`].
    pub fn save(&self, out: &Path) -> Result<()> {
        folder::save(&self.made, out, &self.record)
    }
}

/// The usual gammas, and those of the flips.
fn gammas(corruptions: &[Corruption]) -> Vec<f64> {
    let of_noise = corruptions.iter().filter_map(|c| match c {
        Corruption::Flips(p) => gamma_from_noise(*p).ok(),
        _ => None,
    });
    let mut all: Vec<f64> = GAMMAS.iter().copied().chain(of_noise).collect();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|a, b| (*a / *b - 1.0).abs() < 0.02);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_of_the_flips_is_tried() {
        let all = gammas(&[Corruption::Flips(0.05), Corruption::Shift]);
        assert!(all.iter().any(|g| (g - 0.7361).abs() < 1e-3) && all.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(gammas(&[Corruption::Flips(0.5)]), GAMMAS);
    }
}
