//! The second half of a step: the sums of the candidates' weights, and what they decide.

use super::{
    Engine, SORTED, Scratch, WIDE,
    kernels::{SUMS_MULTIPLE, TOGETHER},
    rows::Rows,
};
use core::ops::Range;

impl Engine {
    /// `A` and `T` of the first `found` candidates.
    pub(super) fn vote(&self, scratch: &mut Scratch, found: usize) {
        scratch.sums.fill(0);
        scratch.spilled = false;
        scratch.threshold = 0;
        if let Some(base) = scratch.most {
            return self.vote_all(scratch, found, base);
        }
        if found < SORTED || self.outputs < WIDE {
            return self.vote_each(scratch, found);
        }
        let mut used = 0;
        // a counting sort
        let Scratch { list, class, sorted, begins, .. } = scratch;
        begins.fill(0);
        class[..found].iter().for_each(|&c| begins[usize::from(c) + 1] += 1);
        (1..begins.len()).for_each(|c| begins[c] += begins[c - 1]);
        for (&mu, &c) in list.iter().zip(&class[..found]) {
            let place = &mut begins[usize::from(c)];
            sorted[*place as usize] = mu;
            *place += 1;
        }
        // now each entry says where its class ends
        let mut from = 0;
        for class in 0..scratch.begins.len() - 1 {
            let to = scratch.begins[class] as usize;
            if from < to {
                self.vote_alike(scratch, class, from..to, &mut used);
            }
            from = to;
        }
    }

    /// The rows of plane `j`, in one part or two, each with the places of its sums.
    fn plane(&self, j: usize) -> impl Iterator<Item = (&Rows, Range<usize>)> {
        let stored = self.planes.get(j);
        let whole = stored.map(|rows| (rows, 0..rows.cols()));
        let keys = stored.is_none().then(|| self.patterns.read());
        let places = |cols: Range<usize>| cols.start..cols.end.next_multiple_of(SUMS_MULTIPLE);
        whole.into_iter().chain(keys.into_iter().flatten()).map(move |(rows, cols)| (rows, places(cols)))
    }

    /// The votes of the first `found` candidates, one by one.
    fn vote_each(&self, scratch: &mut Scratch, found: usize) {
        let mut used = 0;
        for (j, column) in self.kernel.iter().enumerate() {
            let largest = usize::from(column.iter().copied().max().unwrap_or(0).max(1));
            // so many cannot overflow
            let room = usize::from(u16::MAX) / largest;
            let Scratch { class, weights, threshold, .. } = &mut *scratch;
            let weights = &mut weights[..found];
            weights.iter_mut().zip(&class[..found]).for_each(|(w, &class)| *w = column[usize::from(class)]);
            *threshold += weights.iter().map(|&w| i64::from(w)).sum::<i64>();
            let mut places = 0..found.min(room);
            while !places.is_empty() {
                used += places.len() * largest;
                if used > usize::from(u16::MAX) {
                    scratch.spill(self.kernels);
                    used = places.len() * largest;
                }
                let Scratch { list, weights, sums, .. } = &mut *scratch;
                let (list, weights) = (&list[places.clone()], &weights[places.clone()]);
                self.plane(j).for_each(|(rows, cols)| self.kernels.add_each(rows, list, weights, &mut sums[cols]));
                places = places.end..found.min(places.end + room);
            }
        }
        self.take_offsets(scratch, found);
    }

    /// The votes of the first `found` candidates, as if all patterns voted: `base` is the distance whose excess is zero.
    fn vote_all(&self, scratch: &mut Scratch, found: usize, base: u16) {
        if let Some(turned) = &self.turned {
            scratch.spill(self.kernels);
            let Scratch { distances, threshold, bytes, wide, .. } = &mut *scratch;
            *threshold += turned.add(self.kernels, &distances.of, base, bytes, wide);
            return self.take_offsets(scratch, found);
        }
        let limit = u32::from(u16::MAX);
        let mut used = 0;
        for (j, column) in self.kernel.iter().enumerate() {
            let Scratch { columns, weights, distances, .. } = &mut *scratch;
            let sum = self.kernels.weigh(&distances.of, base, &columns[j], weights);
            scratch.threshold += i64::from(sum);
            // all at once, or whole groups that cannot overflow
            let largest = column.iter().copied().max().unwrap_or(0).max(1);
            let room = usize::from(u16::MAX / largest) / TOGETHER * TOGETHER;
            let room = if sum <= limit { scratch.weights.len() } else { room };
            for first in (0..scratch.weights.len()).step_by(room) {
                let places = first..scratch.weights.len().min(first + room);
                let sum = if sum <= limit {
                    sum
                } else {
                    scratch.weights[places.clone()].iter().map(|&w| u32::from(w)).sum()
                };
                used += sum;
                if used > limit {
                    scratch.spill(self.kernels);
                    used = sum;
                }
                let Scratch { weights, sums, .. } = &mut *scratch;
                let weights = &weights[places];
                self.plane(j).for_each(|(rows, cols)| self.kernels.add_all(rows, first, weights, &mut sums[cols]));
            }
        }
        self.take_offsets(scratch, found);
    }

    /// The offsets of the first `found` candidates.
    fn take_offsets(&self, scratch: &mut Scratch, found: usize) {
        if !self.offset.is_empty() {
            let offsets = scratch.class[..found].iter().map(|&class| i64::from(self.offset[usize::from(class)]));
            scratch.threshold -= offsets.sum::<i64>();
        }
    }

    /// Adds the votes of the candidates at these places of the sorted list, all of one class. `used` is what the largest of
    /// the sums may hold by now.
    fn vote_alike(&self, scratch: &mut Scratch, class: usize, places: core::ops::Range<usize>, used: &mut u32) {
        let count = places.len();
        let offset = self.offset.get(class).copied().unwrap_or(0);
        scratch.threshold -= count as i64 * i64::from(offset);
        for (j, column) in self.kernel.iter().enumerate() {
            let weight = u32::from(column[class]);
            if weight == 0 {
                continue;
            }
            scratch.threshold += count as i64 * i64::from(weight);
            let mut places = places.clone();
            while !places.is_empty() {
                // as many as cannot overflow
                let mut now = ((u32::from(u16::MAX) - *used) / weight) as usize;
                if now == 0 {
                    scratch.spill(self.kernels);
                    *used = 0;
                    now = (u32::from(u16::MAX) / weight) as usize;
                }
                let end = places.end.min(places.start + now);
                *used += (end - places.start) as u32 * weight;
                let Scratch { sorted, sums, .. } = &mut *scratch;
                let list = &sorted[places.start..end];
                self.plane(j).for_each(|(rows, c)| self.kernels.add(rows, list, weight as u16, &mut sums[c]));
                places.start = end;
            }
        }
    }

    /// The next state: the outputs with `2*A >= T`.
    pub(super) fn decide(&self, scratch: &mut Scratch) {
        let threshold = (scratch.threshold + 1).div_euclid(2);
        if scratch.spilled {
            scratch.spill(self.kernels);
            return self.kernels.decide_wide(&scratch.wide, threshold, self.outputs, &mut scratch.next);
        }
        match u16::try_from(threshold.max(0)) {
            Ok(threshold) => self.kernels.decide(&scratch.sums, threshold, self.outputs, &mut scratch.next),
            // no sum is that large
            Err(_) => scratch.next.clear_from(0),
        }
    }
}
