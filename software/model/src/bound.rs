//! How large a field can get, for *every* state, and so how wide an accumulator must be.
//!
//! Two bounds hold at once, and the smaller one counts. Both know that a distance is even or odd as the ones of the two
//! sides together are: of two patterns, one with an even and one with an odd number of ones, one is at an even distance
//! `e` and the other at an odd one, whatever the state. So never do all patterns vote with the largest entry at once,
//! unless they are all even or all odd.
//!
//! *Per output*: a pattern whose bits at output `i` form the code `c` adds at most
//! `max over e of O[e] + sum_j (2*c_j - 1) * W_j[e]` (and at least the minimum), over even `e` or over odd `e`; summed
//! over the patterns, once with the even patterns at even `e` and once with them at odd `e`. For one shared plane whose
//! kernel falls that is `W[0]` times the ones, or zeros, of the even patterns and `W[1]` times those of the odd, or the
//! other way about.
//!
//! *Triangle inequality*: if the nearest pattern is `m` at distance `r`, then
//! `d[mu] >= max(r, D[m][mu] - r)`, where `D` are the distances between patterns, and it is even or odd as `r + D[m][mu]`
//! is. So `|h| <= max over m, r of sum_mu V[e_min]`, with `V[e]` the largest `|O| + sum_j W_j` at `e`, `e + 2`, and so on.
//!
//! Both hold for cues all of whose bits are known: [`masked_bound`] is the first alone, over every `e`.
//!
//! The hardware adds modulo `2^w` and reads only the sign of `A - ceil(T/2) = floor(h/2)` at the end, so
//! the width that matters is that of `floor(h/2)`; what the accumulator holds on the way may wrap.
//!
//! The triangle inequality compares every pattern with every other in mode "fixed" (in mode "normalised" its worst state is one that is far from all,
//! whatever the patterns are). So a memory proves its bound when it is asked for it, and not when it is loaded.

use crate::{
    bits::{BitMatrix, words_for},
    engine::{Distances, Room},
    kernel::KernelMode,
    memory::{MAX_PLANES, Parts},
};
use alloc::{vec, vec::Vec};
use core::sync::atomic::{AtomicBool, Ordering};

/// An interval that holds every field of every state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldBound {
    /// No field is below this.
    pub low: i64,
    /// No field is above this.
    pub high: i64,
}

impl FieldBound {
    /// Bits of the narrowest two's complement integer that holds `floor(h/2)`, at least 2.
    ///
    /// ```
    /// use hopgate_model::bound::FieldBound;
    /// assert_eq!(FieldBound { low: -512, high: 511 }.accumulator_bits(), 9);
    /// assert_eq!(FieldBound { low: -513, high: 511 }.accumulator_bits(), 10);
    /// ```
    pub fn accumulator_bits(&self) -> u32 {
        let bits = |v: i64| 65 - if v < 0 { !v } else { v }.leading_zeros();
        bits(self.low.div_euclid(2)).max(bits(self.high.div_euclid(2))).max(2)
    }
}

/// The tightest interval that these two bounds prove.
pub fn field_bound(parts: &Parts) -> FieldBound {
    let (low, high) = per_output(parts, true);
    let magnitude = triangle(parts, high.max(-low));
    FieldBound { low: low.max(-magnitude), high: high.min(magnitude) }
}

/// The interval that holds every field where bits of a cue may be unknown: that of the outputs alone, since distances over the known bits may
/// be less than the triangle inequality allows, and even or odd as they like.
pub fn masked_bound(parts: &Parts) -> FieldBound {
    let (low, high) = per_output(parts, false);
    FieldBound { low, high }
}

/// An interval that holds every field too, wider, and found without a look at any pattern: as if all of them voted with the largest entries.
pub(crate) fn quick_bound(parts: &Parts) -> FieldBound {
    let largest = |column: &Vec<u32>| i64::from(column.iter().copied().max().unwrap_or(0));
    let offset = parts.offset.iter().map(|&o| i64::from(o).abs()).max().unwrap_or(0);
    let all = parts.patterns.rows() as i64 * (offset + parts.kernel.iter().map(largest).sum::<i64>());
    FieldBound { low: -all, high: all }
}

/// The bound of a memory, proved when it is first asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proof {
    #[cfg(feature = "std")]
    proved: std::sync::OnceLock<FieldBound>,
}

impl Proof {
    /// The bound of these parts, which are the same every time.
    pub fn of(&self, parts: &Parts) -> FieldBound {
        #[cfg(feature = "std")]
        return *self.proved.get_or_init(|| field_bound(parts));
        // no cell of `core` can be shared by threads
        #[cfg(not(feature = "std"))]
        field_bound(parts)
    }
}

/// `f` of every number below `count`, side by side where there are threads; `room` makes what each of them works in.
#[cfg(feature = "std")]
fn each<R, T: Send>(
    count: usize,
    room: impl Fn() -> R + Sync + Send,
    f: impl Fn(&mut R, usize) -> T + Sync + Send,
) -> Vec<T> {
    use rayon::prelude::*;
    (0..count).into_par_iter().map_init(room, f).collect()
}

#[cfg(not(feature = "std"))]
fn each<R, T>(count: usize, room: impl Fn() -> R, f: impl Fn(&mut R, usize) -> T) -> Vec<T> {
    let mut room = room();
    (0..count).map(|i| f(&mut room, i)).collect()
}

/// The smallest and largest field over all outputs, if every pattern could be at its worst distance: of those that are even, or odd, as its own
/// ones and those of the state say, where `parities` asks for it.
fn per_output(parts: &Parts, parities: bool) -> (i64, i64) {
    let (p, n, k) = (parts.patterns.rows(), parts.patterns.cols(), parts.planes.len());
    let outputs = parts.planes.first().map_or(0, BitMatrix::cols);
    let contribution = |code: usize, e: usize| -> i64 {
        let planes = (0..k).map(|j| i64::from(parts.kernel[j][e]) * if code >> j & 1 == 1 { 1 } else { -1 });
        i64::from(parts.offset[e]) + planes.sum::<i64>()
    };
    let over = |code: usize, distances: &mut dyn Iterator<Item = usize>| {
        distances.map(|e| contribution(code, e)).fold(NOTHING, |(low, high), c| (low.min(c), high.max(c)))
    };
    let extremes = each(
        1 << k,
        || (),
        |(), code| {
            if parities {
                [0, 1].map(|odd| over(code, &mut (odd..=n).step_by(2)))
            } else {
                [over(code, &mut (0..=n)); 2]
            }
        },
    );
    let odd: Vec<usize> = (0..p).map(|mu| ones(parts.patterns.row(mu)) % 2).collect();
    // a word of outputs at a time
    let fields = each(
        words_for(outputs),
        || [0u64; MAX_PLANES],
        |words, place| {
            // with the even patterns at even distances, and at odd ones
            let mut sums = [[(0, 0); 2]; 64];
            for (mu, odd) in odd.iter().enumerate() {
                words.iter_mut().zip(&parts.planes).for_each(|(word, plane)| *word = plane.row(mu)[place]);
                for (i, sums) in sums.iter_mut().enumerate() {
                    let code = words[..k].iter().enumerate().fold(0, |c, (j, word)| c | (word >> i & 1) << j);
                    for (turn, (low, high)) in sums.iter_mut().enumerate() {
                        let (least, most) = extremes[code as usize][odd ^ turn];
                        (*low, *high) = (*low + least, *high + most);
                    }
                }
            }
            let here = 64.min(outputs - 64 * place);
            sums[..here].as_flattened().iter().fold(NOTHING, |a, b| (a.0.min(b.0), a.1.max(b.1)))
        },
    );
    fields.into_iter().fold(NOTHING, |a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The smallest and the largest of no numbers.
const NOTHING: (i64, i64) = (i64::MAX, i64::MIN);

/// How many bits of a row are one.
fn ones(row: &[u64]) -> usize {
    row.iter().map(|word| word.count_ones() as usize).sum()
}

/// The largest `|h|` that the distances between the patterns allow; or some number from `enough` on, if it is that large.
fn triangle(parts: &Parts, enough: i64) -> i64 {
    let (p, n) = (parts.patterns.rows(), parts.patterns.cols());
    // magnitude[e]: the largest |contribution| at e, e + 2, and so on
    let mut magnitude = vec![0i64; n + 3];
    for e in (0..=n).rev() {
        let here: i64 = parts.kernel.iter().map(|w| i64::from(w[e])).sum::<i64>() + i64::from(parts.offset[e]).abs();
        magnitude[e] = magnitude[e + 2].max(here);
    }
    match parts.kernel_mode {
        // e_min = max(r, D - r) - r only falls as r grows, so the largest r is the worst: there it is zero for every pattern that is
        // even or odd as the nearest is, and one for the others
        KernelMode::Normalised => {
            let odd = (0..p).filter(|&mu| ones(parts.patterns.row(mu)) % 2 == 1).count();
            let with =
                |like: usize| if like == 0 { 0 } else { like as i64 * magnitude[0] + (p - like) as i64 * magnitude[1] };
            with(odd).max(with(p - odd))
        }
        KernelMode::Fixed => {
            // nothing votes beyond, so that patterns farther apart than twice this never vote together
            let reach = magnitude.iter().rposition(|&m| m != 0).unwrap_or(0);
            let distances = Distances::of(&parts.patterns);
            let passed = AtomicBool::new(false);
            let room = || (distances.room(), vec![0i64; 2 * reach + 1]);
            let of_nearest = |(room, histogram): &mut (Room, Vec<i64>), m: usize| {
                if passed.load(Ordering::Relaxed) {
                    return 0;
                }
                histogram.fill(0);
                let near = distances.within(parts.patterns.row(m), 2 * reach as u16, room);
                near.for_each(|d| histogram[usize::from(d)] += 1);
                // e_min = max(r, D - r), or one more where that is even and the distance odd, or odd and the distance even
                let least = |r: usize, far: usize| {
                    let near = r.max(far.saturating_sub(r));
                    near + (near + r + far) % 2
                };
                let sum_at = |r: usize| -> i64 {
                    let counted = histogram[..=r + reach].iter().enumerate();
                    counted.map(|(far, &count)| count * magnitude[least(r, far)]).sum()
                };
                let largest = (0..=reach).map(sum_at).max().unwrap_or(0);
                if largest >= enough {
                    passed.store(true, Ordering::Relaxed);
                }
                largest
            };
            each(p, room, of_nearest).into_iter().max().unwrap_or(0)
        }
    }
}
