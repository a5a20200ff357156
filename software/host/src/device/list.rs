//! The answer of a board that lists the nearest patterns.

use super::{Device, Recalled};
use hopgate_wire::page::Held;

impl Device {
    /// The list of a state: of each rank its class, where patterns have one, and three words; those of the last one as the answer's.
    pub(super) fn listed(&self, state: &[u16], skip: &[u16], held: &Held) -> Recalled {
        let distances = self.distances(state, skip, held);
        let r = self.identity.parallel;
        let patterns = (held.groups - 1) * r + held.last;
        let base = if held.fixed_mode { 0 } else { distances.iter().copied().min().unwrap_or(0) };
        let near = |&(_, &d): &(usize, &u32)| ((d - base) as usize) < held.entries;
        let mut found: Vec<(usize, &u32)> = distances.iter().enumerate().take(patterns).filter(near).collect();
        // stable: of equal distances the lowest index comes first
        found.sort_by_key(|(_, d)| **d);
        let (queued, ranks) = (self.queued(&distances, held), self.identity.ranks);
        let first = self.identity.step_cycles(held.groups, 0) + queued;
        // a pass is a scan of the queue, with the filter's levels behind it
        let cycles = (first + (ranks - 1) * (queued + r.ilog2() as usize + 4)) as u64;
        let rank = |k: usize, before: Vec<u16>| {
            let (nearest, distance) = found.get(k).map_or((0, 0), |&(mu, &d)| (mu as u16, d as u16));
            Recalled {
                state: (0..self.identity.answer_words())
                    .map(|_| found.get(k).map_or(0, |&(mu, _)| self.values[mu]))
                    .collect(),
                steps: k as u16 + 1,
                converged: k < found.len(),
                nearest,
                distance,
                known: !self.identity.radius || u32::from(distance) <= held.radius,
                uncertain: false,
                cycles,
                before,
            }
        };
        let before = (0..ranks - 1).flat_map(|k| rank(k, Vec::new()).words()).collect();
        rank(ranks - 1, before)
    }
}
