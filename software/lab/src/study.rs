//! Recall against noise: every decoder on the same noisy cues, with the spread over seeds.

pub use crate::statistics::Spread;

use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    noise::{self, Purpose, Seed},
};
use hopgate_train::scoring::{Decoder, Score, score};
use serde::{Deserialize, Serialize};

/// A memory's exact recall may be this much below float's and still count as sufficient.
pub const SUFFICIENT_LOSS: f64 = 0.005;
/// Up to this flip probability it has to be sufficient.
pub const SUFFICIENT_NOISE: f64 = 0.10;

/// What to study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudyOptions {
    /// Flip probabilities, in 0..=1.
    pub noise: Vec<f64>,
    /// Trial `t` draws its cues from this seed for [`Purpose::Study`] and `t`.
    pub seed: u64,
    /// Trials, at least one.
    pub trials: usize,
    /// Cues per trial: cue `q` belongs to pattern `q % P`.
    pub cues: usize,
}

impl StudyOptions {
    /// The defaults for `patterns` stored patterns: flips of 0 to 20 %, five trials, a cue per pattern (but at least
    /// 200) in each.
    pub fn new(patterns: usize) -> Self {
        let noise = vec![0.0, 0.02, 0.05, 0.08, 0.10, 0.125, 0.15, 0.175, 0.20];
        StudyOptions { noise, seed: 1, trials: 5, cues: patterns.max(200) }
    }

    fn check(&self) -> Result<()> {
        if let Some(p) = self.noise.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return Err(Error::usage(format!("a flip probability is {p}, but must be 0 to 1")));
        }
        if self.noise.is_empty() || self.trials == 0 || self.cues == 0 {
            return Err(Error::usage("a study needs at least one noise level, one trial and one cue"));
        }
        Ok(())
    }
}

/// What a curve stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The trained model in floating point.
    Float,
    /// A quantised memory with this many planes.
    Memory(u32),
    /// The one-plane memory with `alpha = xi`.
    TrainingFree,
    /// Nearest-pattern search: the bound of exact recall.
    Nearest,
}

/// One decoder of a study.
pub struct Contender<'a> {
    /// Its name in tables and pictures.
    pub label: String,
    /// What it stands for.
    pub role: Role,
    /// The decoder.
    pub decoder: &'a dyn Decoder,
}

/// A decoder at one noise level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The flip probability.
    pub noise: f64,
    /// The fraction of answers that are the stored pattern, bit for bit.
    pub exact: Spread,
    /// The fraction of right bits.
    pub bits: Spread,
    /// The fraction of recalls that converged, over all trials.
    pub converged: f64,
}

/// A decoder at all noise levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The decoder's name.
    pub label: String,
    /// What it stands for.
    pub role: Role,
    /// One per noise level, in their order.
    pub points: Vec<Point>,
}

/// The result of a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Study {
    /// What was studied.
    pub options: StudyOptions,
    /// One per contender, in their order.
    pub curves: Vec<Curve>,
}

impl Study {
    /// The curve of this role, if there is one.
    pub fn curve(&self, role: Role) -> Option<&Curve> {
        self.curves.iter().find(|c| c.role == role)
    }
}

/// Lets every contender answer the same cues. In a trial, cues of a higher noise level flip a superset of the bits of a
/// lower one, so that curves are smooth and differences are not luck. `progress(done, of)` counts noise levels.
///
/// # Errors
/// [`ErrorKind::Usage`] for options out of range, [`ErrorKind::Value`] without patterns.
pub fn recall_study(
    patterns: &BitMatrix,
    contenders: &[Contender],
    options: &StudyOptions,
    progress: &dyn Fn(usize, usize),
) -> Result<Study> {
    options.check()?;
    if patterns.rows() == 0 {
        return Err(Error::new(ErrorKind::Value, "there are no patterns to recall"));
    }
    let mut curves: Vec<Curve> =
        contenders.iter().map(|c| Curve { label: c.label.clone(), role: c.role, points: Vec::new() }).collect();
    for (done, &level) in options.noise.iter().enumerate() {
        let seed = |trial: usize| Seed::from(options.seed).of(Purpose::Study, trial as u64);
        let trials: Vec<BitMatrix> =
            (0..options.trials).map(|t| noise::cues(patterns, options.cues, level, seed(t))).collect();
        for (curve, contender) in curves.iter_mut().zip(contenders) {
            let scores: Vec<Score> = trials.iter().map(|cues| score(contender.decoder, patterns, cues)).collect();
            curve.points.push(point(level, &scores));
        }
        progress(done + 1, options.noise.len());
    }
    Ok(Study { options: options.clone(), curves })
}

fn point(noise: f64, scores: &[Score]) -> Point {
    let spread = |f: fn(&Score) -> f64| Spread::of(&scores.iter().map(f).collect::<Vec<_>>());
    let (converged, cues) = scores.iter().fold((0, 0), |(c, n), s| (c + s.converged, n + s.cues));
    Point {
        noise,
        exact: spread(Score::exact_recall),
        bits: spread(Score::bit_accuracy),
        converged: converged as f64 / cues.max(1) as f64,
    }
}

/// The smallest number of planes whose mean exact recall is at most [`SUFFICIENT_LOSS`] below float's at every studied
/// noise level up to and including [`SUFFICIENT_NOISE`]; `None` when no studied memory is, or float was not studied.
pub fn smallest_sufficient_k(study: &Study) -> Option<u32> {
    let float = study.curve(Role::Float)?;
    let sufficient = |curve: &&Curve| {
        curve.points.iter().zip(&float.points).filter(|(p, _)| p.noise <= SUFFICIENT_NOISE + 1e-12).all(|(p, f)| {
            // a hair of slack: 0.990 - 0.985 is more than 0.005 in binary
            p.exact.mean >= f.exact.mean - SUFFICIENT_LOSS - 1e-12
        })
    };
    let planes = |curve: &Curve| match curve.role {
        Role::Memory(k) => Some(k),
        _ => None,
    };
    study.curves.iter().filter(sufficient).filter_map(planes).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(role: Role, exact: [f64; 3]) -> Curve {
        let points = [0.0, 0.1, 0.15].iter().zip(exact).map(|(&noise, e)| {
            let same = Spread::of(&[e]);
            Point { noise, exact: same, bits: same, converged: 1.0 }
        });
        Curve { label: String::new(), role, points: points.collect() }
    }

    #[test]
    fn sufficiency_counts_up_to_ten_percent_only() {
        let options = StudyOptions::new(1);
        let of = |curves| smallest_sufficient_k(&Study { options: options.clone(), curves });
        let float = curve(Role::Float, [1.0, 0.99, 0.9]);
        let poor = curve(Role::Memory(1), [1.0, 0.9849, 0.9]);
        let enough = curve(Role::Memory(2), [1.0, 0.985, 0.5]);
        let rich = curve(Role::Memory(3), [1.0, 1.0, 1.0]);
        let free = curve(Role::TrainingFree, [1.0, 1.0, 1.0]);
        assert_eq!(of(vec![float.clone(), free, poor.clone(), rich, enough]), Some(2));
        assert_eq!(of(vec![float, poor.clone()]), None);
        assert_eq!(of(vec![poor]), None);
    }
}
