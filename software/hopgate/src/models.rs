//! From patterns to a model: what training comes to, and what the model keeps on record.

use hopgate_files::{
    model_file::{Model, ModelMeta},
    patterns::Patterns,
};
use hopgate_train::{
    search::GammaSearch,
    solver::{Method, TrainOptions, Trained},
};
use serde::Serialize;
use serde_json::json;
use std::path::Path;

/// The seed that a model notes where nothing was random.
const NO_SEED: u64 = 1;

/// A trained model, and how it came about.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ModelReport {
    /// The patterns, as they were given.
    pub source: String,
    /// Patterns, `P`.
    pub patterns: usize,
    /// Neurons, `N`.
    pub neurons: usize,
    /// `P/N`.
    pub load: f64,
    /// The kernel's gamma.
    pub gamma: f64,
    /// How it was found, if it was searched for.
    pub gamma_search: Option<GammaSearch>,
    /// The regulariser.
    pub lambda: f64,
    /// The method.
    pub method: Method,
    /// Newton's iterations, or epochs.
    pub iterations: usize,
    /// The KKT residual.
    pub residual: f64,
    /// What gradient descent minimises, at its end.
    pub objective: Option<f64>,
    /// The model, with its record.
    #[serde(skip)]
    pub model: Model,
}

impl ModelReport {
    /// Of what was trained with these options, on patterns whose gamma was searched for or not. The model's record then says where the
    /// patterns came from, and names them.
    ///
    /// ```
    /// use hopgate::{TrainOptions, models::ModelReport, patterns, train};
    /// let (patterns, options) = (patterns::load("random:N=20,P=30")?, TrainOptions::new(0.1));
    /// let report = ModelReport::of(&patterns, &options, train(&patterns.bits, &options, &|_| ())?, None);
    /// assert_eq!((report.load, report.model.meta.seed), (1.5, 1));
    /// # Ok::<(), hopgate::Error>(())
    /// ```
    pub fn of(patterns: &Patterns, options: &TrainOptions, trained: Trained, search: Option<GammaSearch>) -> Self {
        let (p, n) = (patterns.bits.rows(), patterns.bits.cols());
        let mut model = trained.model;
        // a seed that nothing was drawn from changes no byte
        model.meta.seed = search.as_ref().map_or(NO_SEED, |s| s.seed);
        describe(&mut model.meta, patterns, search.as_ref());
        ModelReport {
            source: patterns.source.clone(),
            patterns: p,
            neurons: n,
            load: p as f64 / n as f64,
            gamma: options.gamma,
            gamma_search: search,
            lambda: options.lambda,
            method: options.method,
            iterations: trained.iterations,
            residual: trained.residual,
            objective: trained.objective,
            model,
        }
    }
}

/// Puts into a model's record where its patterns came from and how its gamma was found.
fn describe(meta: &mut ModelMeta, patterns: &Patterns, search: Option<&GammaSearch>) {
    meta.labels.clone_from(&patterns.labels);
    // without its folder: where a file lies makes no other model
    let source = Path::new(&patterns.source);
    let name = source.file_name().map_or(patterns.source.as_str().into(), |name| name.to_string_lossy());
    meta.extra.insert("source".into(), name.into());
    if let Some((height, width)) = patterns.shape {
        meta.extra.insert("shape".into(), json!([height, width]));
    }
    if let Some(search) = search {
        meta.extra.insert("gamma_search".into(), json!(search));
    }
}
