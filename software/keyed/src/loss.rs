//! The loss of an answer: minus the logarithm of the probability that the fields give the right one.

use crate::samples::Targets;
use hopgate_train::logistic::log_loss;

/// Of sample `t`: of a softmax over the classes, or the sum of the logistic losses of all bits.
pub(crate) fn of_fields(targets: &Targets, t: usize, fields: impl Iterator<Item = f64> + Clone) -> f64 {
    match targets {
        Targets::Labels { labels, .. } => {
            let most = fields.clone().fold(f64::NEG_INFINITY, f64::max);
            let right = fields.clone().nth(labels[t] as usize).expect("a field for each class");
            libm::log(fields.map(|h| libm::exp(h - most)).sum::<f64>()) + most - right
        }
        Targets::Values(values) => {
            fields.enumerate().map(|(c, h)| log_loss(f64::from(u8::from(values.get(t, c))), h)).sum()
        }
    }
}
