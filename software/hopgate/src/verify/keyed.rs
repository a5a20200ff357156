//! The answers of a model of key -> value in real weights and in integers, after one step, as bits: of classes a one in the place of the class.

use crate::keyed::float_model;
use hopgate_files::model_file::Model;
use hopgate_keyed::KeyedModel;
use hopgate_model::{
    Result,
    bits::BitMatrix,
    engine::Engine,
    kind::Kind,
    memory::{Memory, Parts},
};
use ndarray::Array2;

/// Of the float model.
pub(super) fn of_model(model: &Model, cues: &BitMatrix) -> Result<BitMatrix> {
    Ok(bits(model.kind(), &float_model(model).fields(cues)?))
}

/// Of the quantised weights `sum over j of (2*b_j - 1) * W_j[0]` with the real kernel.
pub(super) fn of_weights(memory: &Memory, cues: &BitMatrix) -> Result<BitMatrix> {
    let parts = memory.parts();
    let weight = |(mu, i): (usize, usize)| {
        let planes = memory.planes().iter().zip(memory.kernel());
        let sum: f64 = planes.map(|(b, w)| if b.get(mu, i) { f64::from(w[0]) } else { -f64::from(w[0]) }).sum();
        sum + f64::from(memory.offset()[0])
    };
    let model = KeyedModel {
        kind: memory.kind(),
        centres: memory.patterns().clone(),
        alpha: Array2::from_shape_fn((memory.patterns().rows(), memory.outputs()), weight),
        gamma: parts.gamma,
        lambda: 0.0,
        kernel_mode: parts.kernel_mode,
    };
    Ok(bits(memory.kind(), &model.fields(cues)?))
}

/// Of the memory.
pub(super) fn of_memory(memory: &Memory, cues: &BitMatrix) -> Result<BitMatrix> {
    let one = Memory::new(Parts { max_steps: 1, ..memory.parts().clone() })?;
    let fields = Engine::new(&one).each(cues, |_, _, scratch| scratch.field().collect::<Vec<i64>>());
    let fields = Array2::from_shape_fn((cues.rows(), memory.outputs()), |(q, i)| fields[q][i] as f64);
    Ok(bits(memory.kind(), &fields))
}

/// The answers that these fields give.
fn bits(kind: Kind, fields: &Array2<f64>) -> BitMatrix {
    let (rows, cols) = fields.dim();
    if kind != Kind::Class {
        return BitMatrix::from_fn(rows, cols, |q, i| fields[[q, i]] >= 0.0);
    }
    let best = |q: usize| (0..cols).rev().max_by(|&a, &b| fields[[q, a]].total_cmp(&fields[[q, b]])).unwrap_or(0);
    let classes: Vec<usize> = (0..rows).map(best).collect();
    BitMatrix::from_fn(rows, cols, |q, c| classes[q] == c)
}
