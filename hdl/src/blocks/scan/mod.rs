//! The scan: every cycle a row of each bank meets the state, and its distance passes the filter.
//!
//! ```text
//! address -> row store (-> rank) -> pick -> popcount -> tree -> filter -> candidates, nearest pattern
//! ```
//!
//! While the vote looks rows up, `pick` is the row itself, and says whose accumulators are enabled.

mod build;
pub mod compare;
mod distances;
pub mod masked;
pub mod nearest;
pub mod partial;
pub mod pick;
pub mod popcount;
pub mod review;
mod rows;
pub mod tree;

use super::memories::Ram;
use crate::blocks::{part::parts, prelude::*};
use compare::Compare;
use masked::MaskedPick;
use nearest::Nearest;
use partial::Partial;
use pick::Pick;
use review::Review;
use tree::AdderTree;

/// Row store, distances and filter.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Scan {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A step begins: the row is the first one, and the minimum is forgotten.
    pub start: Signal<In, Bit>,
    /// The address register holds a row to scan.
    pub scans: Signal<In, Bit>,
    /// Where rows are read in beats: it is the last word of its row.
    pub ending: Vec<Signal<In, Bit>>,
    /// It is the last one.
    pub scan_last: Signal<In, Bit>,
    /// `pick` is row XOR state.
    pub compare: Signal<In, Bit>,
    /// `pick` is all ones.
    pub everyone: Signal<In, Bit>,
    /// Every bank of every lane takes part.
    pub open: Signal<In, Bit>,
    /// Else only lanes of this slot,
    pub turn: Signal<In, Bits<2>>,
    /// and of them the rows of this bank.
    pub bank_read: Signal<In, Bits<2>>,
    /// The address register takes `row`; else it counts.
    pub voting: Signal<In, Bit>,
    /// A row that is looked up.
    pub row: Signal<In, Index>,
    /// The state, a word a lane.
    pub word: Vec<Signal<In, Bits<16>>>,
    /// Where bits of a cue can be unknown: the mask, a word a lane, inverted.
    pub skip: Vec<Signal<In, Bits<16>>>,
    /// One more than the reach; it and what follows stays the same during a recall.
    pub reach: Signal<In, Distance>,
    /// Banks that hold a pattern in the last group, less one.
    pub last_bank: Signal<In, Bits<2>>,
    /// Whether the minimum counts, or zero.
    pub normalised: Signal<In, Bit>,
    /// Where another memory can be loaded: the state becomes a row.
    pub stored: Signal<In, Bit>,
    /// Its bank.
    pub stored_bank: Signal<In, Bits<2>>,
    /// Its address.
    pub stored_address: Signal<In, Index>,
    /// The row that the address register holds.
    pub address: Signal<Out, Index>,
    /// Who is enabled of a column's neurons: `pick` of the lanes and banks that it serves, joined.
    pub voters: Vec<Signal<Out, Bits<16>>>,
    /// Where the queue is reviewed, all the time that it takes.
    pub reviewing: Vec<Signal<In, Bit>>,
    /// The address register holds a row that is reviewed, the nearest pattern's first,
    pub reviews: Vec<Signal<In, Bit>>,
    /// or there are no more.
    pub reviews_last: Vec<Signal<In, Bit>>,
    /// The nearest pattern's distance is not zero: the state is another.
    pub missed: Vec<Signal<Out, Bit>>,
    /// Where recalls stop then: it is zero.
    pub held: Vec<Signal<Out, Bit>>,
    /// Where cues share a scan, one bit a cue: it votes.
    pub own: Vec<Signal<In, Bit>>,
    /// Of each of the others: a step begins,
    pub more_start: Vec<Signal<In, Bit>>,
    /// rows are scanned for it,
    pub more_scans: Vec<Signal<In, Bit>>,
    /// its state, a word a lane,
    pub more_word: Vec<Signal<In, Bits<16>>>,
    /// and the group that its candidates are in; `found` and `found_distance` follow those of the first.
    pub more_group: Vec<Signal<Out, Index>>,
    /// Where the queue begins anew with `found`, of each cue.
    pub flush: Vec<Signal<Out, Bit>>,
    /// Where candidates are listed: a pass over them begins,
    pub again: Vec<Signal<In, Bit>>,
    /// and until the next step begins nothing but queued ones come;
    pub listing: Vec<Signal<In, Bit>>,
    /// they come now,
    pub comes: Vec<Signal<In, Bit>>,
    /// with the room that each bank's distance leaves;
    pub room_left: Vec<Signal<In, Distance>>,
    /// or there are no more.
    pub comes_last: Vec<Signal<In, Bit>>,
    /// A group is where candidates are found,
    pub passes: Vec<Signal<Out, Bit>>,
    /// and one of it is the nearest so far.
    pub nearer: Vec<Signal<Out, Bit>>,
    /// Candidates, one bit a bank.
    pub found: Vec<Signal<Out, Bit>>,
    /// The group that they are in, or where rows are read in beats the place of its first word.
    pub found_group: Signal<Out, Index>,
    /// Their distances.
    pub found_distance: Vec<Signal<Out, Distance>>,
    /// The token behind the last row has passed the filter.
    pub scanned: Signal<Out, Bit>,
    /// The nearest pattern so far.
    pub nearest: Signal<Out, Index>,
    /// Where rows are read in beats and one is the answer: the place of its first word.
    pub nearest_place: Vec<Signal<Out, Index>>,
    /// Its distance.
    pub distance: Signal<Out, Distance>,
    /// What the kernel table's index counts from.
    pub base: Signal<Out, Distance>,
    /// Bank `b` of lane `l` is at `banks * l + b`, and so is the rest.
    row_store: Vec<Ram<16>>,
    /// Row stores of several ranks get a register after them.
    rank: Vec<Register<Bits<16>>>,
    pick: Vec<Pick>,
    /// The same where bits of a cue can be unknown.
    masked: Vec<MaskedPick>,
    /// And where a key's bits vote for nothing.
    compare_only: Vec<Compare>,
    tree: AdderTree,
    /// Where rows are read in beats: the sum over them, one a bank.
    partial: Vec<Partial>,
    filter: Nearest,
    /// The same of the other cues: bank `b` of lane `l` of cue `c + 1` is at `lanes * banks * c + banks * l + b`.
    more_compare: Vec<Compare>,
    more_tree: Vec<AdderTree>,
    more_filter: Vec<Nearest>,
    /// Of the cue that votes.
    nearest_now: Vec<Register<Index>>,
    scanned_late: Vec<Register<Bit>>,
    distance_now: Vec<Register<Distance>>,
    base_now: Vec<Register<Distance>>,
    row_address: Register<Index>,
    stores_bank: Vec<Signal<Local, Bit>>,
    /// What a distance belongs to, delayed like it.
    valid: Vec<Register<Bit>>,
    last: Vec<Register<Bit>>,
    ended: Register<Bit>,
    review: Vec<Review>,
    goes_on: Vec<Register<Bit>>,
    /// Whether bank `b` takes part in slot `f`, at `banks * f + b`.
    opened: Vec<Signal<Local, Bit>>,
    joined: Vec<Signal<Local, Bits<16>>>,
    one: Literal<INDEX_BITS, 1>,
    row_mask: Constant<Index>,
    slot: Vec<Constant<Bits<2>>>,
    bank: Vec<Constant<Bits<2>>>,
    _lanes: usize,
    _lanes_end: usize,
    _banks: usize,
    _banks_end: usize,
    _columns: usize,
    _fold: usize,
    _fold_end: usize,
    _rest: usize,
    _ranks: usize,
    _loads: usize,
    _loaded_lanes: usize,
    _delay: usize,
    _last_delay: usize,
    _picks: usize,
    _compares: usize,
    _compare_ranks: usize,
    _joins: usize,
    _joins_full: usize,
    _masks: usize,
    _masked_ranks: usize,
    _masked_columns: usize,
    _masked_full: usize,
    _compare_masks: usize,
    _wide: usize,
    _partials: usize,
    _wide_last: usize,
    _wide_delay: usize,
    _searches: usize,
    _reviews: usize,
    _reviewed: usize,
    _requeues: usize,
    _requeued: usize,
    _stops: usize,
    _more: usize,
    _flushes: usize,
    _more_flushes: usize,
    _more_ranks: usize,
    _cues: usize,
    _stride: usize,
    _stride_end: usize,
    _more_reviewed: usize,
    _reviewed_cues: usize,
    _lists: usize,
    _listed_banks: usize,
}

parts!(Scan: rows::Rows, distances::Distances);
