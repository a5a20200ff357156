//! The pictures: which classes are mistaken for which, accuracy against flips, and why answers were wrong.

use super::{
    super::super::asked::Asked,
    learn::{Learnt, float_classes},
};
use hopgate::{Result, classify};
use hopgate_files::atomic;
use hopgate_lab::{
    chart::{BLACK, BLUE, GREEN, GREY, PURPLE, RED, Shape},
    classes::{
        Contender, FlipStudy, Picture, confusion_picture, flip_picture, flip_study, mistakes, mistakes_picture,
        of_memory, of_nearest,
    },
};
use std::path::Path;

/// The probabilities with which bits are flipped.
const LEVELS: [f64; 7] = [0.0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2];
/// How often, each time other bits.
const TRIALS: usize = 3;
/// Wrong answers that are shown, at most.
const SHOWN: usize = 18;

/// Writes `confusion.svg`, `flips.svg` and, where the keys are pictures and some answer is wrong, `mistakes.svg`. Returns what `flips.svg` shows.
pub fn draw(data: &Asked, learnt: &Learnt, seed: u64, out: &Path) -> Result<FlipStudy> {
    let (memory, keys) = (&learnt.chosen().made, &data.asked.bits);
    let names = classify::names(memory);
    let title = format!("{} keys of {}, k = {}", keys.rows(), data.asked.source, learnt.planes);
    let matrix = confusion(learnt, data);
    atomic::write(
        &out.join("confusion.svg"),
        confusion_picture(&matrix, &names, &format!("Answers to {title}"))?.as_bytes(),
    )?;

    let float = |cues: &_| float_classes(&learnt.model, cues).unwrap_or_default();
    let [one, two, three] = [0, 1, 2].map(|k| of_memory(&learnt.memories[k].made));
    let of_patterns = classify::classes_of_patterns(memory).unwrap_or_default();
    let nearest = of_nearest(memory.patterns(), &of_patterns);
    let contender = |label: &str, look, classifier| Contender { label: label.into(), look, classifier };
    let mut contenders = vec![
        contender("float", (BLACK, Shape::Line), &float as &hopgate_lab::classes::Classifier),
        contender("k = 1", (RED, Shape::Line), &one),
        contender("k = 2", (BLUE, Shape::Line), &two),
        contender("k = 3", (GREEN, Shape::Line), &three),
    ];
    if !of_patterns.is_empty() {
        contenders.push(contender("nearest centre", (GREY, Shape::Dashed(7, 5)), &nearest));
    }
    let all = &data.trained.samples;
    let labels: Vec<u32> =
        (0..all.len()).map(|t| (0..all.outputs()).find(|&c| all.targets().get(t, c)).unwrap_or(0) as u32).collect();
    let of_all = of_nearest(all.keys(), &labels);
    contenders.push(contender("nearest of all keys", (PURPLE, Shape::Dashed(7, 9)), &of_all));
    let study = flip_study(keys, &data.right, &contenders, &LEVELS, TRIALS, seed)?;
    let picture = flip_picture(&study, &contenders, &format!("Accuracy against flips: {} keys", keys.rows()))?;
    atomic::write(&out.join("flips.svg"), picture.as_bytes())?;

    if let Some((height, width)) = data.asked.shape {
        let wrong = mistakes(memory, keys, &data.right, SHOWN);
        if !wrong.is_empty() {
            let picture = Picture { height, width };
            let title = "Wrong answers, and the three stored keys that did most for each";
            let sheet = mistakes_picture(memory, keys, &wrong, &names, picture, title)?;
            atomic::write(&out.join("mistakes.svg"), sheet.as_bytes())?;
        }
    }
    Ok(study)
}

/// Asked keys by class and answer, (C, C + 1); none is unknown.
pub fn confusion(learnt: &Learnt, data: &Asked) -> Vec<Vec<usize>> {
    let memory = &learnt.chosen().made;
    let classes = memory.outputs();
    let mut matrix = vec![vec![0; classes + 1]; classes];
    for (class, &right) in of_memory(memory)(&data.asked.bits).into_iter().zip(&data.right) {
        matrix[right as usize][class] += 1;
    }
    matrix
}
