//! How far the steps from a trained model to a memory change its answers: real weights, quantised weights, integers.
//!
//! These steps round, so their answers cannot be demanded to be equal; what is stated is how many are.

use crate::recall_float::FloatMemory;
use hopgate_files::folder::Manifest;
use hopgate_model::{
    bits::{BitMatrix, hamming},
    engine::Engine,
    memory::Memory,
};
use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What two ways of recalling the same cues have in common.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The cues.
    pub cues: usize,
    /// Cues with the same final state, bit for bit.
    pub same_answers: usize,
    /// The share of equal bits over all final states.
    pub same_bits: f64,
    /// Cues that the way above answers with the pattern that they were made from; none if that is not known.
    pub exact_above: Option<usize>,
    /// The same for the way below.
    pub exact_below: Option<usize>,
}

impl Agreement {
    /// Of the final states of the same cues, (Q, N). `origins` are the stored patterns that the cues were made from.
    ///
    /// ```
    /// use hopgate_model::bits::BitMatrix;
    /// use hopgate_train::agreement::Agreement;
    /// let (above, below) = (BitMatrix::from_fn(2, 4, |_, i| i < 2), BitMatrix::from_fn(2, 4, |q, i| i < 2 + q));
    /// let agreement = Agreement::of(&above, &below, None);
    /// assert_eq!((agreement.same_answers, agreement.same_bits), (1, 0.875));
    /// ```
    pub fn of(above: &BitMatrix, below: &BitMatrix, origins: Option<(&BitMatrix, &[usize])>) -> Agreement {
        let cues = above.rows();
        let apart: Vec<u32> = (0..cues).map(|q| hamming(above.row(q), below.row(q))).collect();
        let different: u64 = apart.iter().map(|&d| u64::from(d)).sum();
        let exact = |states: &BitMatrix| {
            let (patterns, origins) = origins?;
            Some(origins.iter().enumerate().filter(|&(q, &mu)| states.row(q) == patterns.row(mu)).count())
        };
        Agreement {
            cues,
            same_answers: apart.iter().filter(|&&d| d == 0).count(),
            same_bits: 1.0 - different as f64 / (cues * above.cols()).max(1) as f64,
            exact_above: exact(above),
            exact_below: exact(below),
        }
    }
}

/// The final states of a float recall, (Q, N).
pub fn float_states(memory: &FloatMemory, cues: &BitMatrix, max_steps: u32) -> BitMatrix {
    let rows: Vec<Vec<u64>> =
        (0..cues.rows()).into_par_iter().map(|q| memory.recall(cues.row(q), max_steps).state).collect();
    of_rows(&rows, cues.cols())
}

/// The final states of a memory's recall by the recall engine, (Q, N).
pub fn integer_states(memory: &Memory, cues: &BitMatrix) -> BitMatrix {
    of_rows(&Engine::new(memory).each(cues, |_, _, scratch| scratch.state().to_vec()), cues.cols())
}

fn of_rows(rows: &[Vec<u64>], neurons: usize) -> BitMatrix {
    let mut states = BitMatrix::zeros(rows.len(), neurons);
    rows.iter().enumerate().for_each(|(q, row)| states.set_row(q, row));
    states
}

/// The real dual weights that the planes of a memory stand for, (P, N): plane weights and offset are those of the manifest,
/// or else the columns' entries at `e = 0`, which are the same up to a factor and the rounding of one entry.
pub fn quantised_weights(memory: &Memory, manifest: &Manifest) -> Array2<f64> {
    let noted = manifest.info.get("quantize").and_then(|q| {
        let weights: Option<Vec<f64>> = q.get("weights")?.as_array()?.iter().map(|w| w.as_f64()).collect();
        Some((weights?, q.get("offset")?.as_f64()?))
    });
    let (weights, offset) = noted
        .filter(|(w, _)| w.len() == memory.planes().len())
        .unwrap_or_else(|| (memory.kernel().iter().map(|w| f64::from(w[0])).collect(), f64::from(memory.offset()[0])));
    Array2::from_shape_fn((memory.patterns().rows(), memory.neurons()), |(mu, i)| {
        let planes = memory.planes().iter().zip(&weights);
        offset + planes.map(|(plane, w)| if plane.get(mu, i) { *w } else { -w }).sum::<f64>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        quantizer::{QuantizeOptions, Scheme, quantize},
        solver::{TrainOptions, train},
    };
    use hopgate_files::folder;
    use hopgate_model::noise;

    #[test]
    fn the_weights_of_the_planes_are_those_of_the_quantiser() {
        let patterns = noise::random(30, 40, 1);
        let model = train(&patterns, &TrainOptions::new(0.1), &|_| ()).unwrap().model;
        let quantized = quantize(&model, &QuantizeOptions::new(Scheme::Shared, 2)).unwrap();
        let home = tempfile::tempdir().unwrap();
        let info = |json: serde_json::Value| json.as_object().unwrap().clone();
        let report = &quantized.report;
        let quantize = serde_json::json!({ "weights": report.weights, "offset": report.offset });
        let path = home.path().join("memory");
        folder::save(&quantized.memory, &path, &info(serde_json::json!({ "quantize": quantize }))).unwrap();
        let noted = quantised_weights(&quantized.memory, &folder::manifest(&path).unwrap());
        assert!(noted.iter().all(|a| report.levels.iter().any(|l| (l - a).abs() < 1e-9)));
        folder::save(&quantized.memory, &path, &info(serde_json::json!({}))).unwrap();
        let plain = quantised_weights(&quantized.memory, &folder::manifest(&path).unwrap());
        // the same up to a factor and an eighth bit
        let (n, p) = (noted[[0, 0]], plain[[0, 0]]);
        assert!(noted.iter().zip(&plain).all(|(a, b)| (a / n - b / p).abs() < 0.02), "{noted} {plain}");
        let cues = noise::cues(&patterns, 60, 0.1, 2);
        let float = FloatMemory::new(&patterns, &noted, model.gamma).unwrap();
        let (above, below) = (float_states(&float, &cues, 30), integer_states(&quantized.memory, &cues));
        let origins: Vec<usize> = (0..60).map(|q| q % 30).collect();
        let agreement = Agreement::of(&above, &below, Some((&patterns, &origins)));
        assert!(agreement.same_answers >= 50 && agreement.exact_below.unwrap() >= 40, "{agreement:?}");
    }
}
