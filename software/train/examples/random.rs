//! Trains on random patterns of any size, also of more neurons than a memory has, and says how it went, as JSON.
//!
//! `random N P GAMMA TOLERANCE`

use hopgate_model::noise;
use hopgate_train::solver::{DEFAULT_TOLERANCE, TrainOptions, fit};

const USAGE: &str = "usage: random NEURONS PATTERNS GAMMA [TOLERANCE]";

fn main() -> std::process::ExitCode {
    let args: Vec<f64> = std::env::args().skip(1).map_while(|a| a.parse().ok()).collect();
    let (&[n, p, gamma], rest) = args.split_first_chunk().unwrap_or((&[0.0; 3], &[]));
    if !(n >= 1.0 && p >= 1.0 && gamma > 0.0) {
        eprintln!("{USAGE}");
        return 2.into();
    }
    let tolerance = rest.first().copied().unwrap_or(DEFAULT_TOLERANCE);
    match fit(
        &noise::random(p as usize, n as usize, 1),
        &TrainOptions::new(gamma).lambda(0.01).tolerance(tolerance),
        &|_| (),
    ) {
        Ok(fit) => println!("{{\"residual\": {:e}, \"iterations\": {}}}", fit.residual, fit.iterations),
        Err(error) => {
            eprintln!("{error}");
            return 1.into();
        }
    }
    0.into()
}
