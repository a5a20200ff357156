//! A million times noise at the pin of a board, and a right answer after it.
//!
//!     cargo run --release -p hopgate-sim --example uart_noise -- [RUNS [SEED [FROM]]]
//!
//! Noise is up to 12 random bytes, half of the time at a speed that makes glitches, framing errors or breaks of them.
//! Then the reset button, as the protocol's page says, and a cue, whole or in two parts.

mod noise;

use hopgate_model::Result;
use noise::Noisy;
use std::{process::ExitCode, time::Instant};

fn run() -> Result<()> {
    let mut numbers = std::env::args().skip(1).map_while(|a| a.parse::<u64>().ok());
    let (runs, seed, from) =
        (numbers.next().unwrap_or(1_000_000), numbers.next().unwrap_or(1), numbers.next().unwrap_or(0));
    // a cue of one word, and one of two
    let mut boards = [Noisy::build(13)?, Noisy::build(20)?];
    let begun = Instant::now();
    for run in from..runs {
        let board = &mut boards[(run % 2) as usize];
        let again = || {
            format!(
                "run {run} (again: cargo run --release -p hopgate-sim --example uart_noise -- {} {seed} {})",
                run + 1,
                run & !1
            )
        };
        board.run(seed, run).map_err(|e| e.at(again()))?;
        if (run + 1) % 100_000 == 0 {
            println!("{} runs", run + 1);
        }
    }
    let (seconds, cycles) = (begun.elapsed().as_secs_f64(), boards.iter().map(Noisy::cycles).sum::<u64>());
    println!(
        "{} runs, every cue answered rightly; {:.2} Gcycles, {:.0} runs/s",
        runs - from,
        cycles as f64 / 1e9,
        (runs - from) as f64 / seconds
    );
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}{}", e.help_text().map(|h| format!("\n{h}")).unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}
