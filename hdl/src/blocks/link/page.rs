//! The page: what a board says of itself, what it holds, and what it counts.

use crate::{
    contents::{Image, Plan, sizes},
    options::Readout,
};
use hopgate_model::{kernel::KernelMode, learn::storing_radius};
use hopgate_wire::page::{self, Held, Identity};

/// The file that carries it.
pub const FILE: &str = "page.hex";

/// What the page says that the plan does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The clock of everything, Hz.
    pub clock: u32,
    /// Bits a second on the line.
    pub baud: u32,
    /// SHA-256 of the memory that is built in.
    pub memory: [u8; 32],
    /// Whether there is a self-test.
    pub self_test: bool,
}

/// Word 96 after configuration, the number of the last load that began. Word 97, of the last one that ended, is 0: where
/// rows are in SPRAM, a load is under way from the first cycle on, because nothing is in them.
pub(super) fn first_begin(plan: &Plan) -> u16 {
    u16::from(plan.spram_lanes > 0)
}

/// The page as it is after configuration; `docs/src/reference/protocol.md` says what each word means.
pub fn image(plan: &Plan, facts: &Facts) -> Image {
    // a search has no planes, kernel and accumulators: what would be said of them is zero
    let vote = plan.readout == Readout::Vote;
    let of_vote = |number: usize| if vote { number } else { 0 };
    let identity = Identity {
        neurons: plan.neurons,
        patterns: plan.capacity(),
        planes: of_vote(plan.planes),
        parallel: plan.parallel,
        fold: plan.fold,
        beats: plan.beats,
        nearest: !vote,
        ranks: if plan.ranked() { plan.max_steps as usize } else { 0 },
        fixed: !plan.loadable,
        kind: plan.kind,
        kinds: plan.kinds,
        outputs: if plan.valued() { plan.outputs } else { plan.listed_classes },
        // where nothing is loaded, there is a row for each pattern of the memory alone
        value_rows: if plan.value_room > 0 { plan.value_room.max(plan.capacity()) } else { 0 },
        radius: plan.tells_unknown,
        masks: plan.masks,
        learns: plan.learns,
        auto_store: plan.auto_store,
        finds: true,
        shared_top: vote && plan.shared_top,
        self_test: facts.self_test,
        empty: plan.spram_lanes > 0,
        kernel_bits: of_vote(plan.kernel_bits) as u32,
        accumulator_bits: of_vote(plan.accumulator_bits) as u32,
        stride: if plan.ranked() { plan.entry_room } else { of_vote(plan.entry_room) },
        depth: plan.row_depth(),
        groups: plan.group_room,
        window: super::receive::words(plan) - 1,
        threshold_bits: plan.threshold.as_ref().map_or(0, |t| t.width as u32),
        clock: facts.clock,
        baud: facts.baud,
        latency: if plan.chooses() { plan.unranked_latency() } else { plan.latency() },
        built_in: facts.memory,
        version: env!("CARGO_PKG_VERSION").into(),
    };
    let [_, _, entries, ..] = sizes(plan);
    let held = Held {
        groups: plan.groups(),
        last: plan.last_group(),
        entries: entries.into(),
        max_steps: plan.max_steps,
        fixed_mode: plan.kernel_mode == KernelMode::Fixed,
        kind: plan.chooses().then_some(plan.kind),
        neurons: plan.used,
        patterns: plan.patterns,
        planes: plan.planes_used,
        outputs: if plan.valued() { plan.outputs_used } else { plan.listed_classes },
        radius: if plan.tells_unknown { plan.radius } else { 0 },
        store_radius: if plan.learns { storing_radius(plan.radius, plan.used) } else { 0 },
        changed: false,
        sha256: facts.memory,
        begin: first_begin(plan),
        commit: 0,
    };
    let mut words = identity.words().to_vec();
    words.extend(held.words());
    words.extend([held.begin, held.commit]);
    words.resize(page::WORDS, 0);
    Image { file: FILE.into(), width: 16, words: words.into_iter().map(u64::from).collect(), tail: 0 }
}
