//! How tight the accumulator bound is: the most extreme fields that a search finds, beside what is proven.
//!
//!     cargo run --release -p hopgate-model --example bound [SEEDS]
//!
//! Every state is tried for up to 16 neurons; annealing from 12 starts in each direction beyond. Fails if a field is found
//! outside the bound.

#[path = "../tests/it/common/attack.rs"]
mod attack;

use attack::{Attack, holds, ratio};
use hopgate_model::{
    Result,
    bits::BitMatrix,
    kernel::{self, KernelMode},
    memory::{Memory, Parts},
    noise,
};

/// Random patterns, planes whose weights halve, the top one the patterns, and the kernel of this gamma.
fn memory(n: usize, p: usize, k: usize, gamma: f64, mode: KernelMode, seed: u64) -> Result<Memory> {
    let patterns = noise::random(p, n, seed);
    let mut planes: Vec<BitMatrix> = (1..k as u64).map(|j| noise::random(p, n, seed ^ j << 40)).collect();
    planes.push(patterns.clone());
    let weights: Vec<f64> = (0..k).map(|j| 0.5f64.powi((k - 1 - j) as i32)).collect();
    let columns = kernel::columns(n, gamma, &weights, 0.0, 8);
    Memory::new(Parts {
        planes,
        kernel: columns.weights,
        offset: columns.offset,
        kernel_mode: mode,
        gamma,
        ..Parts::of(patterns)
    })
}

fn main() -> std::process::ExitCode {
    let seeds: u64 = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(10);
    let mut broken = 0;
    println!("| N | P | gamma | mode | searched | found/bound, mean | most | bits, mean | needed, mean |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for (n, p) in [(8, 4), (8, 16), (12, 12), (16, 8), (16, 32), (32, 32), (64, 64), (64, 192), (128, 384)] {
        for gamma in [0.02, 0.1, 0.5] {
            for mode in [KernelMode::Normalised, KernelMode::Fixed] {
                let (mut sum, mut most, mut bits, mut needed) = (0.0, 0.0f64, 0, 0);
                for seed in 0..seeds {
                    let Ok(m) = memory(n, p, 1 + seed as usize % 3, gamma, mode, seed) else { continue };
                    let attack = Attack::new(&m);
                    let found = if n <= 16 { attack.exhaustive() } else { attack.search(12, 100 * n, seed) };
                    if !holds(&m, found) {
                        broken += 1;
                        println!(
                            "BROKEN: N={n} P={p} gamma={gamma} {mode} seed={seed}: {found:?} against {:?}",
                            m.bound()
                        );
                    }
                    let r = ratio(found, m.bound());
                    sum += r;
                    most = most.max(r);
                    bits += m.accumulator_bits();
                    needed += found.accumulator_bits();
                }
                let how = if n <= 16 { "every state" } else { "annealing" };
                let mean = |x: f64| x / seeds as f64;
                println!(
                    "| {n} | {p} | {gamma} | {mode} | {how} | {:.2} | {most:.2} | {:.1} | {:.1} |",
                    mean(sum),
                    mean(f64::from(bits)),
                    mean(f64::from(needed))
                );
            }
        }
    }
    std::process::ExitCode::from(u8::from(broken > 0))
}
