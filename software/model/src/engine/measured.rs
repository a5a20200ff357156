//! The distances of a state from all keys, part by part: where no distance of a part is near, none of it is looked at again.
//!
//! Of keys that have heads, those are scanned first. A head's distance is at most that of its key, so keys whose heads are beyond a bound are
//! beyond it themselves: the tails of the others alone are measured. What a bound is comes from keys that were measured, so it is exact.

use super::{
    kernels::Kernels,
    keys::{Cue, Keys},
};
use alloc::{vec, vec::Vec};

/// Bytes of keys of a part, where all of them are read: few enough for the first cache.
pub(super) const PART: usize = 16 << 10;
/// Where more than one key in so many is in doubt, all tails are scanned: that is cheaper than measuring these.
pub(super) const DOUBT: usize = 8;

/// Keys of a part, whole blocks; groups of four of them, which are scanned together, if there are as many.
pub(super) fn part_of(keys: &Keys) -> usize {
    let block = keys.block();
    let fit = (keys.part_bytes() * keys.rows() / keys.head_bytes().max(1)).max(block);
    if fit < 4 * block { fit / block * block } else { fit / (4 * block) * (4 * block) }
}

/// Whether heads are worth a scan of their own. They are not where cues are far from all keys: so each cue for which that was so lets more of the
/// next ones be scanned whole. It never changes an answer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trust {
    /// Cues that are still to be scanned whole.
    whole: u32,
    /// How many those are after one that is not.
    between: u32,
    /// How it went is known of one cue at least.
    pub tried: bool,
}

impl Trust {
    /// The fewest and the most cues that are scanned whole after one: where several are asked together, few of them are to try again.
    const LEAST: u32 = 15;
    const MOST: u32 = 127;

    /// Of the next cue.
    pub fn next(&mut self) -> bool {
        let trusted = self.whole == 0;
        self.whole = if trusted { self.between } else { self.whole - 1 };
        trusted
    }

    /// How it went.
    pub fn learn(&mut self, worth: bool) {
        self.between = if worth { 0 } else { (2 * self.between + 1).clamp(Self::LEAST, Self::MOST) };
        self.whole = self.between;
        self.tried = true;
    }
}

/// The distances, and the smallest of each part.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    /// The distance of every key; of one that is beyond the bound of [`Self::settle`], perhaps only that of its head, which is beyond it, too.
    pub of: Vec<u16>,
    /// At most the smallest of each part.
    least: Vec<u16>,
    part: usize,
    /// They are those of heads.
    heads: bool,
}

impl Measured {
    /// Room for the distances of these keys.
    pub fn room(keys: &Keys) -> Self {
        let part = part_of(keys);
        let least = vec![0; keys.rows().div_ceil(part)];
        Measured { of: vec![0; keys.rows()], least, part, heads: false }
    }

    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.least.len()
    }

    /// Before the first part of a cue: whether heads are to be scanned first, if there are any.
    pub fn begin(&mut self, keys: &Keys, trust: &mut Trust) {
        self.heads = keys.has_heads() && trust.next();
    }

    /// Scans all keys, or all heads; the smallest distance.
    pub fn scan(&mut self, keys: &Keys, cue: Cue, trust: &mut Trust) -> u16 {
        self.begin(keys, trust);
        (0..self.parts()).map(|number| self.scan_part(number, keys, cue)).min().unwrap_or(u16::MAX)
    }

    /// Scans the keys of a part, or their heads; the smallest distance.
    pub fn scan_part(&mut self, number: usize, keys: &Keys, cue: Cue) -> u16 {
        let first = number * self.part;
        let end = self.of.len().min(first + self.part);
        let distances = &mut self.of[first..end];
        self.least[number] =
            if self.heads { keys.scan_heads(first, cue, distances) } else { keys.scan(first, cue, distances) };
        self.least[number]
    }

    /// Whether [`Self::settle`] is still to come.
    pub fn in_doubt(&self) -> bool {
        self.heads
    }

    /// From heads to keys: after it all distances up to the bound are those of whole keys, and the others are beyond it. The smallest, if the
    /// bound is not below it.
    pub fn settle(&mut self, bound: u16, keys: &Keys, cue: Cue, trust: &mut Trust, list: &mut [u32]) -> u16 {
        self.heads = false;
        let found = self.select(cue.kernels, bound, list);
        let few = found <= self.of.len() / DOUBT;
        trust.learn(few);
        if few {
            keys.add_tails_of(&list[..found], cue, &mut self.of);
            return list[..found].iter().map(|&r| self.of[r as usize]).min().unwrap_or(u16::MAX);
        }
        for (number, (distances, least)) in self.of.chunks_mut(self.part).zip(&mut self.least).enumerate() {
            *least = keys.add_tails(number * self.part, cue, distances);
        }
        self.least.iter().copied().min().unwrap_or(u16::MAX)
    }

    /// The keys up to a distance, in order, written to the front of `list`, and how many there are.
    pub fn select(&self, kernels: Kernels, bound: u16, list: &mut [u32]) -> usize {
        let mut found = 0;
        for (number, distances) in self.of.chunks(self.part).enumerate().filter(|&(n, _)| self.least[n] <= bound) {
            let list = &mut list[found..];
            let here = kernels.select(distances, bound, list);
            if number > 0 {
                list[..here].iter_mut().for_each(|place| *place += (number * self.part) as u32);
            }
            found += here;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bits::BitMatrix, engine::Isa};

    /// The nearest two, a tie, have heads exactly as far as the bound: with a bound of one less they stay what their heads say.
    #[test]
    fn a_bound_of_one_less_loses_the_nearest() {
        // distances from zeros: heads 9 8 5 6 6 9 9 ..., tails 0 5 5 0 0 9 9 ...
        let ones = |mu: usize| [(9, 0), (8, 5), (5, 5), (6, 0), (6, 0)].get(mu).copied().unwrap_or((9, 9));
        let bits = BitMatrix::from_fn(40, 128, |mu, i| if i < 64 { i < ones(mu).0 } else { i - 64 < ones(mu).1 });
        for isa in Isa::available() {
            let kernels = Kernels::of(isa).expect("available");
            let keys = Keys::of(&bits, kernels, true, Some(1));
            let state = vec![0; keys.state_bits() / 64];
            let cue = Cue { kernels, state: &state, known: None };
            let mut list = vec![0; 40];
            let mut settled = |bound: u16| {
                let (mut measured, mut trust) = (Measured::room(&keys), Trust::default());
                assert_eq!(measured.scan(&keys, cue, &mut trust), 5);
                assert!(measured.in_doubt());
                let least = measured.settle(bound, &keys, cue, &mut trust, &mut list);
                let found = measured.select(kernels, least, &mut list);
                (least, list[..found].to_vec())
            };
            // a bound comes from a key that was measured: any of these is right
            assert_eq!([6, 9].map(&mut settled), [(6, vec![3, 4]), (6, vec![3, 4])], "{isa}");
            assert_ne!(settled(5), (6, vec![3, 4]), "{isa}");
        }
    }

    #[test]
    fn trust_is_lost_and_won_back() {
        let mut trust = Trust::default();
        let mut cues = |worth: bool, count: usize| {
            let heads = (0..count).filter(|_| {
                trust.next() && {
                    trust.learn(worth);
                    true
                }
            });
            heads.count()
        };
        assert_eq!(cues(true, 100), 100);
        // the first, and those after 15, 31, 63, 127, 127 ... cues more
        assert_eq!(cues(false, 1000), 10);
        // what is still to be scanned whole, and then all
        assert!(cues(true, 1000) > 870);
    }
}
