//! Memories of classes, looked at: accuracy against flips, which classes are mistaken for which, and why an answer was wrong.

mod confusion;
mod mistakes;

pub use confusion::confusion_picture;
pub use mistakes::{Mistake, Picture, Voter, mistakes, mistakes_picture};

use crate::{
    chart::{Axis, Chart, Colour, Figure, Mark, Series, Shape},
    statistics::Spread,
};
use hopgate_model::{
    Error, Result,
    bits::BitMatrix,
    engine::{Engine, Search},
    memory::Memory,
    noise::{self, Purpose, Seed},
};
use serde::{Deserialize, Serialize};

/// Something that names the class of each cue (Q, N).
pub type Classifier<'a> = dyn Fn(&BitMatrix) -> Vec<usize> + Sync + 'a;

/// The classes that a memory answers.
///
/// # Panics
/// When it is of another kind.
pub fn of_memory(memory: &Memory) -> impl Fn(&BitMatrix) -> Vec<usize> + Sync {
    let engine = Engine::new(memory);
    move |cues| engine.each(cues, |_, _, scratch| scratch.ranking().expect("a memory of classes").class)
}

/// The class of the nearest of these keys.
pub fn of_nearest(keys: &BitMatrix, labels: &[u32]) -> impl Fn(&BitMatrix) -> Vec<usize> + Sync {
    let search = Search::new(keys);
    move |cues| search.each(cues).into_iter().map(|mu| labels[mu] as usize).collect()
}

/// A line of the picture.
pub struct Contender<'a> {
    /// Its name.
    pub label: String,
    /// How it is drawn.
    pub look: (Colour, Shape),
    /// What it answers.
    pub classifier: &'a Classifier<'a>,
}

/// The accuracy of one of them at every level of noise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Its name.
    pub label: String,
    /// The share of right classes over the trials, for each level.
    pub accuracy: Vec<Spread>,
}

/// Accuracy against flips.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlipStudy {
    /// The probabilities with which bits of the cues are flipped.
    pub noise: Vec<f64>,
    /// One for each contender.
    pub curves: Vec<Curve>,
}

/// Asks every contender for the classes of these keys (Q, N), with bits flipped at each level in each trial; the same cues for all.
///
/// ```
/// use hopgate_lab::{chart::{BLUE, Shape}, classes::{Contender, flip_study, of_nearest}};
/// use hopgate_model::noise;
/// let (keys, labels) = (noise::random(20, 64, 1), (0..20).map(|t| t % 4).collect::<Vec<u32>>());
/// let nearest = of_nearest(&keys, &labels);
/// let contenders = [Contender { label: "nearest".into(), look: (BLUE, Shape::Line), classifier: &nearest }];
/// let study = flip_study(&keys, &labels, &contenders, &[0.0, 0.3], 2, 1)?;
/// assert_eq!(study.curves[0].accuracy[0].mean, 1.0);
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// [`hopgate_model::ErrorKind::Usage`] without keys, levels or trials, or for labels that are not as many as the keys.
pub fn flip_study(
    keys: &BitMatrix,
    labels: &[u32],
    contenders: &[Contender],
    levels: &[f64],
    trials: usize,
    seed: u64,
) -> Result<FlipStudy> {
    if labels.len() != keys.rows() || labels.is_empty() || levels.is_empty() || trials == 0 {
        return Err(Error::usage("a study needs keys, a label for each, a level of noise and a trial"));
    }
    let mut curves: Vec<Curve> =
        contenders.iter().map(|c| Curve { label: c.label.clone(), accuracy: Vec::new() }).collect();
    for &p in levels {
        let mut shares = vec![Vec::new(); contenders.len()];
        for trial in 0..trials {
            let cues = noise::flips(keys, p, Seed::from(seed).of(Purpose::Study, trial as u64));
            for (shares, contender) in shares.iter_mut().zip(contenders) {
                let answers = (contender.classifier)(&cues);
                let right = answers.iter().zip(labels).filter(|&(&class, &label)| class == label as usize).count();
                shares.push(right as f64 / labels.len() as f64);
            }
        }
        for (curve, shares) in curves.iter_mut().zip(&shares) {
            curve.accuracy.push(Spread::of(shares));
        }
    }
    Ok(FlipStudy { noise: levels.to_vec(), curves })
}

/// Draws it: a line for each contender, its band from the worst to the best trial.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Usage`] for a study without curves.
pub fn flip_picture(study: &FlipStudy, contenders: &[Contender], title: &str) -> Result<String> {
    let series = study.curves.iter().zip(contenders).map(|(curve, contender)| {
        let marks = study.noise.iter().zip(&curve.accuracy).map(|(&p, spread)| Mark::range(p, spread)).collect();
        Series::new(curve.label.clone(), contender.look.0, contender.look.1, marks)
    });
    let chart =
        Chart::new(title, Axis::percent("bits flipped in the cue"), Axis::percent("right class"), series.collect());
    Figure::of(chart.with_values()).svg()
}
