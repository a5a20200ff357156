//! Cycles: what a step takes, and how many candidates it has.
//!
//! The depths of the pipelines stand here, and the blocks are built to them.

use crate::{
    layout::{LANE, Layout},
    options::{Later, Readout},
};
use hopgate_model::{
    kernel::KernelMode,
    kind::Kind,
    memory::Memory,
    reference::{self, Mask},
};

/// Registers between a lane's 16 bits and the count of their ones.
pub const POPCOUNT: usize = 3;

/// Cycles for which a folded core wipes its accumulators: from `open` to the enables, and one more.
pub const WIPE: usize = 4;

/// Cycles from complete accumulators to the class, for this many of them: each shows its sum in turn, and two cycles later it was
/// compared; where several columns show theirs, one more.
pub fn ranking(classes: usize) -> usize {
    classes + 2 + usize::from(classes > LANE)
}

/// Registers between the counts of so many lanes and their sum.
pub fn tree(lanes: usize) -> usize {
    lanes.next_power_of_two().trailing_zeros() as usize
}

/// Cycles from the distances of so many banks to what compares the least of them with the running minimum.
pub fn filter(banks: usize) -> usize {
    1 + banks.trailing_zeros() as usize
}

impl Layout {
    /// Registers between the address and the distance: the row store, `pick`, the lane's popcount, the tree, and where a row is read in
    /// beats the sum over them.
    pub fn scan_delay(&self) -> usize {
        self.row_latency() + 1 + POPCOUNT + tree(self.lanes()) + usize::from(self.wide())
    }

    /// What a scan takes besides its groups.
    fn scan_latency(&self) -> usize {
        1 + 1 + self.scan_delay() + filter(self.parallel) + usize::from(self.flushes())
    }

    /// Cycles of a scan: where cues share it, the first step of those behind the first takes so many less.
    pub fn scan_cycles(&self) -> usize {
        self.groups() * self.beats + self.scan_latency()
    }

    /// What a step takes besides the scan's groups and the vote's slots.
    ///
    /// Start, the token behind the last group, its way through the scan pipeline and the filter; then for each slot of
    /// lanes the start of the vote, the token behind the last queued pattern (one cycle for each more queue), its way to
    /// the accumulators, four cycles to see whether anything changed, and what it takes to wipe shared accumulators.
    pub fn latency(&self) -> usize {
        self.unranked_latency() + if self.kind == Kind::Class { ranking(self.outputs) } else { 0 }
    }

    /// The same without the cycles in which classes are ranked.
    pub fn unranked_latency(&self) -> usize {
        let scan = self.scan_latency();
        let wipe = if self.fold > 1 { WIPE } else { 0 };
        scan + match self.readout {
            Readout::Vote => self.slots() * (1 + (self.parallel - 1) + self.vote_latency() + 4 + 1 + wipe),
            Readout::Nearest => self.slots() * (1 + 2 + self.row_latency() + 4),
            Readout::Ranked { .. } => self.rank_cycles(0),
        }
    }

    /// Cycles of a step with this many queued candidates: `ceil(P/R)*W + F*W*k*queued + latency`.
    pub fn step_cycles(&self, queued: usize) -> usize {
        let slots = match self.readout {
            Readout::Vote => self.slots() * self.planes * queued,
            Readout::Nearest => 0,
            Readout::Ranked { .. } => queued,
        };
        self.groups() * self.beats + slots + self.latency()
    }

    /// Cycles in which the next pattern of a list is found among so many groups with candidates: the start of a pass, the token behind the
    /// last one, its way through the filter, and one to the entry that was found. The first one has the scan before it.
    pub fn rank_cycles(&self, queued: usize) -> usize {
        1 + queued + 1 + filter(self.parallel) + 1
    }

    /// Cycles of a later step whose distances are those of the queue, with this many candidates: they are read in the groups' place, each
    /// bank's queue by itself, behind the row that was nearest and a path as long as the vote's to a row.
    pub fn review_cycles(&self, queued: usize) -> usize {
        self.step_cycles(queued) - self.groups() * self.beats + queued + self.parallel + 4
    }

    /// Cycles of a later step that is the last one, since the state is the row that was nearest, and a fixed point.
    pub fn stop_cycles(&self) -> usize {
        self.scan_delay() + 5
    }

    /// Cycles that a later step takes more than a scan, where its state is not the row that was nearest: the queue of so many candidates
    /// is read until that is seen.
    pub fn missed_cycles(&self, queued: usize) -> usize {
        if !self.requeues() {
            return self.stop_cycles();
        }
        let seen = self.stop_cycles();
        (1 + queued + self.parallel).min(seen)
            + 5
            + self.scan_delay()
            + filter(self.parallel)
            + usize::from(self.flushes())
    }

    /// The formula of [`Layout::step_cycles`], for people.
    pub fn cycles_in_words(&self) -> String {
        let (groups, latency) = (self.groups() * self.beats, self.latency());
        match self.readout {
            Readout::Vote => {
                let slots = self.slots() * self.planes;
                let steps = match self.kind {
                    Kind::Auto => format!("at most {} steps", self.max_steps),
                    Kind::Sequence => format!("{} steps", self.max_steps),
                    Kind::Map | Kind::Class => "one step".to_owned(),
                };
                let later = match self.later {
                    Later::Queue => format!(" (from the queue {} * candidates + {})", slots + 1, self.review_cycles(0)),
                    Later::Stop => format!(" (at a fixed point {})", self.stop_cycles()),
                    Later::Scan => String::new(),
                };
                format!("{groups} + {slots} * candidates + {latency}{later}, {steps}")
            }
            Readout::Nearest => format!("{groups} + {latency}, one step"),
            Readout::Ranked { .. } => format!(
                "{groups} + candidates + {latency}, then candidates + {} for each further pattern of {}",
                self.rank_cycles(0),
                self.max_steps
            ),
        }
    }

    /// Cycles from the vote's token to its accumulators.
    pub fn vote_latency(&self) -> usize {
        match self.lean() {
            true => 3 + self.row_latency() + usize::from(self.joined()),
            false => 9,
        }
    }
}

/// How many patterns the core queues for a state, or where they are listed how many groups with one: those within reach of the least distance among the
/// groups *up to two before* (the filter sees the minimum that late; the minimum only falls, so nothing within
/// reach of the final minimum is ever missed). Where a group takes several beats, it sees that of the group before.
///
/// Together with [`Layout::step_cycles`] this predicts the cycles of every step from the memory alone.
pub fn queued(memory: &Memory, plan: &Layout, state: &[u64]) -> usize {
    queued_at(memory, plan, &reference::distances(memory, state))
}

/// The same, of a state whose distances from all patterns are known.
#[inline] // into crates that are compiled with more care: co-simulation asks at every step
pub fn queued_at(memory: &Memory, plan: &Layout, distances: &[u32]) -> usize {
    if plan.readout == Readout::Nearest {
        return 0;
    }
    let reach = if plan.ranked() { plan.reach } else { memory.reach() };
    let fixed = memory.parts().kernel_mode == KernelMode::Fixed;
    let groups = || distances.chunks(plan.parallel);
    let nothing: &[u32] = &[];
    // the group two before each of them, or the one before
    let late = if plan.wide() { 1 } else { 2 };
    let earlier = [nothing; 2].into_iter().take(late).chain(groups());
    let (mut least, mut count) = (u32::MAX, 0);
    let mut before = u32::MAX;
    for (group, earlier) in groups().zip(earlier) {
        let now = group.iter().fold(u32::MAX, |least, &d| least.min(d));
        // the queue begins anew: no earlier candidate is within reach
        if plan.flushes() && !fixed && before > now.saturating_add(reach + 1) {
            count = 0;
        }
        before = before.min(now);
        least = earlier.iter().fold(least, |least, &d| least.min(d));
        let base = if fixed { 0 } else { least };
        let bound = base.saturating_add(reach);
        let found = group.iter().filter(|&&d| d <= bound).count();
        count += if plan.ranked() { found.min(1) } else { found };
    }
    count
}

/// What the steps of a recall take, one after the other.
#[derive(Debug, Clone)]
pub struct Steps<'a> {
    memory: &'a Memory,
    plan: &'a Layout,
    /// Of a step that scanned: its nearest pattern and its candidates.
    scanned: Option<(usize, usize)>,
    stopped: bool,
}

impl<'a> Steps<'a> {
    /// Those of a recall that begins.
    pub fn new(memory: &'a Memory, plan: &'a Layout) -> Self {
        Steps { memory, plan, scanned: None, stopped: false }
    }

    /// Whether the last step was one in which nothing voted.
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// The queued candidates and the cycles of the next step, by its state's distances from all patterns.
    #[inline] // as `queued_at`
    pub fn next(&mut self, distances: &[u32]) -> (usize, usize) {
        let before = if self.plan.reviews() { self.scanned.take() } else { None };
        let missed = match before {
            // the state is the row that was nearest
            Some((nearest, queued)) if distances[nearest] == 0 => {
                let plan = self.plan;
                let cycles = if plan.requeues() { plan.review_cycles(queued) } else { plan.stop_cycles() };
                self.stopped = !plan.requeues();
                return (queued, cycles);
            }
            Some((_, queued)) => self.plan.missed_cycles(queued),
            None => 0,
        };
        let queued = queued_at(self.memory, self.plan, distances);
        let nearest = (0..distances.len()).min_by_key(|&mu| distances[mu]).unwrap_or(0);
        self.scanned = Some((nearest, queued));
        (queued, missed + self.plan.step_cycles(queued))
    }
}

/// The queued candidates and cycles of every step of a recall of a cue, of which these bits are known; none: all of them.
pub fn recall_cycles(memory: &Memory, plan: &Layout, cue: &[u64], known: Option<&[u64]>) -> Vec<(usize, usize)> {
    let (mut steps, mut each) = (Vec::new(), Steps::new(memory, plan));
    if plan.readout == Readout::Nearest {
        return vec![(0, plan.step_cycles(0))];
    }
    if plan.ranked() {
        let queued = queued_at(memory, plan, &reference::distances_known(memory, cue, known));
        let each = (0..plan.answers()).map(|rank| match rank {
            0 => (queued, plan.step_cycles(queued)),
            _ => (queued, plan.rank_cycles(queued)),
        });
        return each.collect();
    }
    let mask = known.map(|known| Mask { known, clamp: false });
    reference::recall_masked_seen(memory, cue, mask, |_, step| {
        steps.push(each.next(&step.distances));
    });
    steps
}
