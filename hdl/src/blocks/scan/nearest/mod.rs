//! The running minimum of the distances, and the filter that it feeds.
//!
//! A pattern within reach of the minimum *so far* becomes a candidate. The minimum only falls, so the filter
//! never drops one that is within reach of the final minimum, however late it sees the minimum: here it
//! sees that of the groups up to two before (see [`crate::cycles::queued`]). A group is the rows of one cycle, one per
//! bank; they are numbered bank by bank, so that the first of equals has the lowest index.
//!
//! ```text
//! cycle 0            log2(banks)           L = log2(banks)+1        L+1                L+2
//!       distances    least of the group    or "far", if none        running minimum    limit, its index
//!                                          distances, delayed       found
//! ```
//!
//! The running minimum is the one loop of the scan that must close in a cycle: an addition, whose carry chooses. So
//! nothing else is in it: what is no distance is made far a cycle before, and `start` sets the register. Registers hold
//! `far - d` instead of `d` where they are subtracted, since `a - b >= 1` where `a + (far - b)` exceeds `far`, and an
//! inverter between register and carry would be a LUT of its own.

mod build;
mod filter;
mod least;
mod minimum;

use crate::blocks::{part::parts, prelude::*};

/// Bits of sums of a distance with others, the carry included.
pub const SPARE_BITS: usize = DISTANCE_BITS + 2;

/// The nearest pattern, and the candidates as they pass.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Nearest {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A step begins: forget everything.
    pub start: Signal<In, Bit>,
    /// `distance` belongs to the next group.
    pub valid: Signal<In, Bit>,
    /// It is the last one.
    pub last: Signal<In, Bit>,
    /// There are no more groups.
    pub token: Signal<In, Bit>,
    /// The distances of a group.
    pub distance: Vec<Signal<In, Distance>>,
    /// One more than the reach; it and what follows stays the same during a recall.
    pub reach: Signal<In, Distance>,
    /// Banks that hold a pattern in the last group, less one.
    pub last_bank: Signal<In, Bits<2>>,
    /// Whether the minimum counts, or zero.
    pub normalised: Signal<In, Bit>,
    /// Where the queue is reviewed: `distance` is that of a queued pattern of this bank, and said, whatever it is; it does not
    /// belong to a group.
    pub again: Vec<Signal<In, Bit>>,
    /// The nearest pattern's is zero.
    pub none_left: Vec<Signal<In, Bit>>,
    /// Where the queue begins anew: `found` is the first of it, since the minimum fell by more than the reach.
    pub flush: Vec<Signal<Out, Bit>>,
    /// Where candidates are listed: `distance` is that of queued ones, and what is out of reach stays so,
    pub listing: Vec<Signal<In, Bit>>,
    /// and this is the room that their distances leave, one bank's after the other; of what is listed there is none.
    pub room_left: Vec<Signal<In, Distance>>,
    /// A group is where candidates are found,
    pub passes: Vec<Signal<Out, Bit>>,
    /// and the least of it is nearer than the minimum so far.
    pub nearer: Vec<Signal<Out, Bit>>,
    /// Candidates, registered: one bit a bank.
    pub found: Vec<Signal<Out, Bit>>,
    /// The group that they are in, or where rows are read in beats the place of its first word.
    pub found_group: Signal<Out, Index>,
    /// Their distances.
    pub found_distance: Vec<Signal<Out, Distance>>,
    /// The token has passed the filter.
    pub scanned: Signal<Out, Bit>,
    /// The nearest pattern so far (the first of equals).
    pub nearest: Signal<Out, Index>,
    /// Where rows are read in beats and one is the answer: the place of its first word.
    pub nearest_place: Vec<Signal<Out, Index>>,
    /// Its distance.
    pub nearest_distance: Signal<Out, Distance>,
    /// What the kernel table's index counts from: the least distance, or zero in fixed mode.
    pub base: Signal<Out, Distance>,
    /// Nodes `0..banks` are the distances, node `banks + p` is the lesser of nodes `2p` and `2p + 1`.
    least: Vec<Signal<Local, Distance>>,
    /// The distances of a group, those of queued ones included.
    coming: Vec<Signal<Local, Distance>>,
    whose: Vec<Signal<Local, Index>>,
    former: Signal<Local, Distance>,
    rest: Signal<Local, Distance>,
    lead: Signal<Local, Bits<SPARE_BITS>>,
    one_bank: Signal<Local, Index>,
    other_bank: Signal<Local, Index>,
    masked: Signal<Local, Distance>,
    closeness: Register<Distance>,
    masked_bank: Register<Index>,
    lesser: Vec<Register<Distance>>,
    lesser_bank: Vec<Register<Index>>,
    valid_late: Vec<Register<Bit>>,
    last_late: Vec<Register<Bit>>,
    token_late: Vec<Register<Bit>>,
    /// Distances of bank `b`, delayed by `t`, at `banks * t + b`.
    late: Vec<Register<Distance>>,
    delayed: Vec<Signal<Local, Distance>>,
    /// The room that each bank's distance leaves.
    spare: Vec<Register<Bits<SPARE_BITS>>>,
    /// `again` of bank `b`, delayed by `t + 1`, at `banks * t + b`.
    again_late: Vec<Register<Bit>>,
    valids: Vec<Signal<Local, Bit>>,
    lasts: Vec<Signal<Local, Bit>>,
    tokens: Vec<Signal<Local, Bit>>,
    real: Vec<Signal<Local, Bit>>,
    now: Signal<Local, Bit>,
    ending: Signal<Local, Bit>,
    margin: Signal<Local, Bits<SPARE_BITS>>,
    closer: Signal<Local, Bit>,
    taken: Signal<Local, Distance>,
    left: Signal<Local, Distance>,
    slack: Signal<Local, Bits<SPARE_BITS>>,
    best: Register<Distance>,
    /// What a minimum must be for the queue to begin anew, as what is to be added for a sum that is not negative.
    depth: Vec<Register<Bits<SPARE_BITS>>>,
    sunk: Vec<Register<Bit>>,
    lowered: Signal<Local, Bits<SPARE_BITS>>,
    ones: Literal<SPARE_BITS, { (1 << SPARE_BITS) - 1 }>,
    better: Vec<Register<Bit>>,
    candidate: Vec<Register<Index>>,
    place: Signal<Local, Index>,
    step: Signal<Local, Index>,
    best_index: Register<Index>,
    group: Register<Index>,
    /// Where rows are read in beats: the place of a group's first word, and of the nearest pattern's.
    first: Vec<Register<Index>>,
    candidate_first: Vec<Register<Index>>,
    best_first: Vec<Register<Index>>,
    leap: Vec<Signal<Local, Index>>,
    stride: Vec<Constant<Index>>,
    place_mask: Vec<Constant<Index>>,
    limit: Register<Bits<SPARE_BITS>>,
    push: Vec<Register<Bit>>,
    push_group: Vec<Register<Index>>,
    push_distance: Vec<Register<Distance>>,
    far: Constant<Distance>,
    /// The bits of `wide` above those of `far`.
    beyond_far: Vec<Constant<Bits<SPARE_BITS>>>,
    sign: Constant<Bits<4>>,
    slack_sign: Constant<Bits<5>>,
    wide: Constant<Bits<SPARE_BITS>>,
    one: Literal<INDEX_BITS, 1>,
    none: Literal<INDEX_BITS, 0>,
    every: Literal<INDEX_BITS, { (1 << INDEX_BITS) - 1 }>,
    bank_width: Constant<Index>,
    group_mask: Constant<Index>,
    zero: Literal<DISTANCE_BITS, 0>,
    origin: Signal<Local, Distance>,
    tested: Signal<Local, Distance>,
    room: Signal<Local, Bits<SPARE_BITS>>,
    _lean: usize,
    _deep: usize,
    _pushes: usize,
    _pushed: usize,
    _spares: usize,
    _shown: usize,
    _banks: usize,
    _nodes: usize,
    _levels: usize,
    _last_level: usize,
    _levels_end: usize,
    _banks_end: usize,
    _root: usize,
    _root_end: usize,
    _wide: usize,
    _searches: usize,
    _reviews: usize,
    _flushes: usize,
    _reviewed: usize,
    _reviewed_end: usize,
    _lists: usize,
    _listed: usize,
    _listed_banks: usize,
    bank_numbers: Vec<Constant<Index>>,
    bank: Vec<Constant<Bits<2>>>,
}

parts!(Nearest: least::Least, minimum::Minimum, filter::Filter);
