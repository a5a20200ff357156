//! The distances of a state from all keys, part by part: where no distance of a part is near, none of it is looked at again.

use super::{
    kernels::Kernels,
    keys::{BLOCK, Keys},
    state::State,
};
use alloc::{vec, vec::Vec};

/// Bytes of keys of a part: few enough for the first cache.
pub(super) const PART: usize = 16 << 10;

/// Keys of a part, whole blocks.
pub(super) fn part_of(keys: &Keys) -> usize {
    (PART * keys.rows() / keys.storage_bytes().max(1)).max(BLOCK) / BLOCK * BLOCK
}

/// The distances, and the smallest of each part.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    /// The distance of every key.
    pub of: Vec<u16>,
    least: Vec<u16>,
    part: usize,
}

impl Measured {
    /// Room for the distances of these keys.
    pub fn room(keys: &Keys) -> Self {
        let part = part_of(keys);
        Measured { of: vec![0; keys.rows()], least: vec![0; keys.rows().div_ceil(part)], part }
    }

    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.least.len()
    }

    /// Measures all keys; the smallest distance.
    pub fn scan(&mut self, keys: &Keys, kernels: Kernels, state: &State, known: Option<&State>) -> u16 {
        (0..self.parts()).map(|number| self.scan_part(number, keys, kernels, state, known)).min().unwrap_or(u16::MAX)
    }

    /// Measures the keys of a part; the smallest distance.
    pub fn scan_part(
        &mut self,
        number: usize,
        keys: &Keys,
        kernels: Kernels,
        state: &State,
        known: Option<&State>,
    ) -> u16 {
        let first = number * self.part;
        let end = self.of.len().min(first + self.part);
        self.least[number] = keys.scan_from(kernels, first, state, known, &mut self.of[first..end]);
        self.least[number]
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
