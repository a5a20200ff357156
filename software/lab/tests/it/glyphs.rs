//! What is known about the glyphs at gamma = 0.3: one bit recalls as well as float, close to the bound.
//!
//! Expected exact recalls at 0/5/15 % flips (an independent numpy trial, five noise seeds): nearest
//! pattern 1/.981/.878; float 1/.976/.854; one shared bit 1/.976/.852.

use hopgate_files::patterns;
use hopgate_lab::study::{Contender, Role, StudyOptions, recall_study, smallest_sufficient_k};
use hopgate_train::{
    quantizer::{QuantizeOptions, Scheme, quantize},
    recall_float::FloatMemory,
    scoring::{Decoder, Float, Nearest},
    solver::{TrainOptions, train},
};

#[test]
fn the_known_recalls_of_the_glyphs() {
    let glyphs = patterns::load("glyphs").unwrap().bits;
    let model = train(&glyphs, &TrainOptions::new(0.3), &|_| ()).unwrap().model;
    let float = FloatMemory::of(&model).unwrap();
    let one = quantize(&model, &QuantizeOptions::new(Scheme::Shared, 1)).unwrap();
    assert_eq!(one.report.sign_disagreements, 0);
    fn contender(role: Role, decoder: &dyn Decoder) -> Contender<'_> {
        Contender { label: String::new(), role, decoder }
    }
    let (nearest, float) = (Nearest(&glyphs), Float(&float, 30));
    let contenders =
        [contender(Role::Nearest, &nearest), contender(Role::Float, &float), contender(Role::Memory(1), &one.memory)];
    let noise = vec![0.0, 0.05, 0.15];
    let options = StudyOptions { noise, seed: 11, trials: 3, cues: glyphs.rows() };
    let result = recall_study(&glyphs, &contenders, &options, &|_, _| ()).unwrap();
    let known = [[1.0, 0.981, 0.878], [1.0, 0.976, 0.854], [1.0, 0.976, 0.852]];
    for (curve, known) in result.curves.iter().zip(known) {
        for (point, known) in curve.points.iter().zip(known) {
            // four standard errors of the difference, and the last digit of the known figures
            let variance: f64 = known * (1.0 - known) * (1.0 / 1152.0 + 1.0 / 1920.0);
            let (exact, allowed) = (point.exact.mean, 4.0 * variance.sqrt() + 0.0005);
            assert!((exact - known).abs() <= allowed, "{:?} at {}: {exact} {known}", curve.role, point.noise);
        }
    }
    assert_eq!(smallest_sufficient_k(&result), Some(1));
}
