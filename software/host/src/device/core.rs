//! What the core computes, from the words that it holds.
//!
//! Written apart from `hopgate_model`'s reference, with the core's own arithmetic: sums wrap as its accumulators do, and the queue
//! is as long as the core's, so that the cycles are right too.

use super::{Device, values::most};
use hopgate_model::kind::Kind;
use hopgate_wire::page::{FOUND_UNKNOWN, Held, INFO_WORDS, UNCERTAIN, UNKNOWN};

/// The answer of a recall, of a sequence the last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalled {
    /// The final state, `lanes` words; the value; or what is said of a class.
    pub state: Vec<u16>,
    /// Steps evaluated.
    pub steps: u16,
    /// Whether the last one changed nothing.
    pub converged: bool,
    /// The pattern nearest to the state that entered the last step.
    pub nearest: u16,
    /// Its distance.
    pub distance: u16,
    /// Whether that is within the radius.
    pub known: bool,
    /// Whether voters within the radius speak for several classes, on a board that learns.
    pub uncertain: bool,
    /// Cycles of all steps.
    pub cycles: u64,
    /// Of a sequence, or a list: the words of the answers before.
    pub(super) before: Vec<u16>,
}

impl Recalled {
    /// The words of all answers, without the three behind each.
    pub fn said(&self) -> impl Iterator<Item = u16> + '_ {
        let before = self.before.chunks(self.state.len() + INFO_WORDS).flat_map(|answer| &answer[..self.state.len()]);
        before.chain(&self.state).copied()
    }

    /// The words of the reply to a FIND, of all answers: the nearest pattern; its distance (bit 15: unknown).
    pub fn found(&self) -> Vec<u16> {
        let answer = self.state.len() + INFO_WORDS;
        let found = |answer: &[u16]| {
            let [.., steps, nearest, distance] = *answer else { return [0; 2] };
            [nearest, distance | if steps & UNKNOWN != 0 { FOUND_UNKNOWN } else { 0 }]
        };
        self.words().chunks(answer).flat_map(found).collect()
    }

    /// The words of a reply: the state; steps (bit 15: converged, bit 14: unknown, bit 13: uncertain); nearest pattern; its distance.
    pub fn words(&self) -> Vec<u16> {
        let uncertain = if self.uncertain { UNCERTAIN } else { 0 };
        let status = self.steps | u16::from(self.converged) << 15 | u16::from(!self.known) << 14 | uncertain;
        let all = self.before.iter().chain(&self.state).copied();
        all.chain([status, self.nearest, self.distance]).collect()
    }
}

/// A step: the next state, and what it found.
pub(super) struct Step {
    pub(super) next: Vec<u16>,
    pub(super) nearest: usize,
    pub(super) distance: u32,
    queued: usize,
}

impl Device {
    /// Recalls a cue of `lanes` words, and as many of its mask where the board takes one.
    pub fn recall(&self, cue: &[u16]) -> Recalled {
        let held = self.held();
        let (cue, mask) = cue.split_at(self.identity.words_of_key());
        // what is unknown, in the first step
        let mut skip: Vec<u16> = mask.iter().enumerate().map(|(l, w)| !w & self.mask(l)).collect();
        let mut state: Vec<u16> = cue.iter().enumerate().map(|(l, w)| w & self.mask(l)).collect();
        let asked = state.clone();
        // of a row's last beat a lane may have no word of a key: it is zero
        state.resize(self.identity.row_words(), 0);
        let (mut steps, mut cycles, mut before) = (0, 0, Vec::new());
        if self.identity.ranks > 0 {
            return self.listed(&state, &skip, &held);
        }
        loop {
            let step = self.step(&state, &skip, &held);
            let whole = skip.iter().all(|w| *w == 0);
            skip.clear();
            steps += 1;
            cycles += self.identity.step_cycles(held.groups, step.queued) as u64;
            let single = self.identity.one_step();
            // a step that bits did not enter is none that changed nothing
            let converged = single || step.next == state && whole;
            state = step.next;
            let (nearest, distance) = (step.nearest as u16, step.distance as u16);
            let known = !self.identity.radius || step.distance <= held.radius;
            let uncertain = self.identity.learns && self.classes_within(&asked, held.radius).len() > 1;
            let sequence = self.identity.kind == Kind::Sequence;
            let last = (converged && !sequence) || steps >= held.max_steps;
            let said = self.identity.answer_words();
            let of = |before| Recalled {
                state: state[..said].to_vec(),
                steps: steps as u16,
                converged,
                nearest,
                distance,
                known,
                uncertain,
                cycles,
                before,
            };
            if last {
                return of(before);
            }
            if sequence {
                before.extend(of(Vec::new()).words());
            }
        }
    }

    /// The bits of a key's word that are neurons of the board.
    pub(super) fn mask(&self, word: usize) -> u16 {
        match self.identity.neurons.saturating_sub(16 * word) {
            left @ 0..=15 => (1 << left) - 1,
            _ => u16::MAX,
        }
    }

    /// The words of pattern `mu` (`base` 0) or of its row in a plane.
    pub(super) fn row(&self, base: usize, mu: usize) -> &[u16] {
        let (lanes, beats, r) = (self.identity.lanes(), self.identity.beats, self.identity.parallel);
        let at = lanes * (self.identity.depth * (mu % r) + beats * (base + mu / r));
        &self.rows[at..at + lanes * beats]
    }

    /// The distances of all rows that are scanned: of the last group every one, also those beyond the last pattern.
    pub(super) fn distances(&self, state: &[u16], skip: &[u16], held: &Held) -> Vec<u32> {
        let counts = |l: usize| !skip.get(l).copied().unwrap_or(0);
        let differ = |mu: usize| -> u32 {
            self.row(0, mu).iter().zip(state).enumerate().map(|(l, (a, b))| ((a ^ b) & counts(l)).count_ones()).sum()
        };
        (0..held.groups * self.identity.parallel).map(differ).collect()
    }

    pub(super) fn step(&self, state: &[u16], skip: &[u16], held: &Held) -> Step {
        let d = self.distances(state, skip, held);
        // beyond the last pattern no row votes
        let patterns = (held.groups - 1) * self.identity.parallel + held.last;
        let distance = d.iter().copied().min().unwrap_or(0);
        let nearest = d.iter().position(|&x| x == distance).unwrap_or(0);
        if self.identity.nearest {
            let next = self.row(0, nearest).iter().enumerate().map(|(w, word)| word & self.mask(w)).collect();
            return Step { next, nearest, distance, queued: 0 };
        }
        let base = if held.fixed_mode { 0 } else { distance };
        let valued = self.identity.valued();
        let mut sums = vec![0u64; if valued { self.identity.outputs } else { 16 * self.identity.row_words() }];
        let mut total = 0u64;
        let voters = d.iter().enumerate().take(patterns).filter_map(|(mu, d)| {
            let e = (d - base) as usize;
            (e < held.entries).then_some((mu, e))
        });
        for (mu, e) in voters {
            for j in 0..self.identity.planes {
                let entry = self.identity.stride * j + e;
                let weight = u64::from(self.kernel[entry]);
                total = total.wrapping_add(self.threshold.get(entry).map_or(weight, |&t| t.into()));
                if weight == 0 {
                    continue;
                }
                if valued {
                    self.add_value(&mut sums, weight, j, mu);
                    continue;
                }
                let plane = if j < self.identity.stored_planes() { (j + 1) * self.identity.groups } else { 0 };
                for (lane, word) in self.row(plane, mu).iter().enumerate() {
                    for (i, sum) in sums[16 * lane..][..16].iter_mut().enumerate() {
                        *sum += weight * u64::from(word >> i & 1);
                    }
                }
            }
        }
        // minus the half of the total, rounded up; the sign is the accumulators' highest bit
        let half = total.wrapping_neg() as i64 >> 1;
        let sign = self.identity.accumulator_bits - 1;
        let queued = self.queued(&d, held);
        if valued {
            let sums = sums.iter().map(|sum| sum.wrapping_add(half as u64));
            // the accumulators, with their sign
            let unused = 63 - sign;
            let sums: Vec<i64> = sums.map(|sum| (sum << unused) as i64 >> unused).collect();
            let next = match self.identity.kind {
                Kind::Class => most(&sums, total & 1 == 1),
                Kind::Map => self.bits(&sums),
                // a state: as many words as a key, and no bits beyond its last one
                Kind::Auto | Kind::Sequence => {
                    let words = self.bits(&sums).into_iter().take(self.identity.words_of_key()).enumerate();
                    words.map(|(l, word)| word & self.mask(l)).collect()
                }
            };
            return Step { next, nearest, distance, queued };
        }
        let words = 0..self.identity.row_words();
        let next = words.map(|l| {
            let one = |i: usize| u16::from(sums[16 * l + i].wrapping_add(half as u64) >> sign & 1 == 0) << i;
            (0..16).map(one).sum::<u16>() & self.mask(l)
        });
        Step { next: next.collect(), nearest, distance, queued }
    }

    /// How many patterns the core queues, or of a list how many groups with one: it sees the least distance two groups late, or one where a group takes several beats.
    pub(super) fn queued(&self, d: &[u32], held: &Held) -> usize {
        let groups: Vec<&[u32]> = d.chunks(self.identity.parallel).collect();
        let mut least = u32::MAX;
        let mut count = 0;
        let late = if self.identity.beats > 1 { 1 } else { 2 };
        for g in 0..groups.len() {
            if g >= late {
                least = groups[g - late].iter().copied().fold(least, u32::min);
            }
            let base = if held.fixed_mode { 0 } else { least };
            let most = base.saturating_add(held.entries as u32);
            let real = if g + 1 == groups.len() { held.last } else { groups[g].len() };
            let found = groups[g].iter().take(real).filter(|&&d| d < most || most == u32::MAX).count();
            count += if self.identity.ranks > 0 { found.min(1) } else { found };
        }
        count
    }
}
