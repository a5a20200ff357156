//! The page: what a board says of itself, what it holds, and what it counts.

use crate::{
    contents::{Image, Plan, sizes},
    options::Readout,
};

/// The page's words.
pub const WORDS: usize = 256;
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
    let mut page = [0u16; WORDS];
    let mut put = |at: usize, words: &[u16]| page[at..at + words.len()].copy_from_slice(words);
    let halves = |value: u32| [value as u16, (value >> 16) as u16];
    let pairs = |bytes: &[u8]| -> Vec<u16> {
        bytes.chunks(2).map(|b| u16::from_le_bytes([b[0], b.get(1).copied().unwrap_or(0)])).collect()
    };
    // a search has no planes, kernel and accumulators: what would be said of them is zero
    let vote = plan.readout == Readout::Vote;
    let of_vote = |number: usize| if vote { number as u16 } else { 0 };
    let flags = [
        !vote,
        !plan.loadable,
        vote && plan.shared_top,
        plan.threshold.is_some(),
        facts.self_test,
        plan.spram_lanes > 0,
    ];
    let flags = flags.iter().enumerate().fold(0, |all, (i, &flag)| all | u16::from(flag) << i);
    put(0, &[0x4748, super::VERSION as u16, plan.neurons as u16, plan.lanes() as u16]);
    put(4, &[plan.capacity() as u16, of_vote(plan.planes), plan.parallel as u16]);
    put(7, &[plan.fold as u16, flags, of_vote(plan.kernel_bits), of_vote(plan.accumulator_bits)]);
    put(11, &[of_vote(plan.entry_room), plan.row_depth() as u16, plan.group_room as u16]);
    put(14, &[super::receive::WORDS as u16 - 1, plan.threshold.as_ref().map_or(0, |t| t.width as u16)]);
    put(16, &halves(facts.clock));
    put(18, &halves(facts.baud));
    put(20, &[plan.latency() as u16]);
    put(24, &pairs(&facts.memory));
    let version = env!("CARGO_PKG_VERSION").as_bytes();
    put(40, &pairs(&version[..version.len().min(16)]));
    put(64, &sizes(plan));
    put(69, &[plan.used as u16, plan.patterns as u16, plan.planes_used as u16]);
    put(80, &pairs(&facts.memory));
    put(96, &[first_begin(plan)]);
    Image { file: FILE.into(), width: 16, words: page.iter().map(|&w| w.into()).collect(), tail: 0 }
}
