//! The vote: candidates wait in queues, one a bank; then each is weighed, plane by plane, and added where its row has a one.

mod build;
pub mod column;
pub mod near;
mod queues;
pub mod ranking;
mod sums;
pub mod values;
pub mod weights;

use super::memories::{Entries, Ram};
use crate::blocks::{part::parts, prelude::*};
use column::Column;
use ranking::Ranking;
use values::Values;
use weights::Weights;

/// Width of a queue entry: a group, then a distance.
const ENTRY_BITS: usize = INDEX_BITS + DISTANCE_BITS;

/// Queues, weights and accumulators.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Vote {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Where classes are ranked, or values loaded: forget what was begun.
    pub reset: Vec<Signal<In, Bit>>,
    /// Where values are apart from the keys: from the third cycle on, all outputs are enabled.
    pub everyone: Vec<Signal<In, Bit>>,
    /// A step begins: the queues are empty.
    pub start: Signal<In, Bit>,
    /// Candidates, one bit a bank.
    pub found: Vec<Signal<In, Bit>>,
    /// The group that they are in.
    pub found_group: Signal<In, Index>,
    /// Their distances.
    pub found_distance: Vec<Signal<In, Distance>>,
    /// What the kernel table's index counts from.
    pub base: Signal<In, Distance>,
    /// One more than the reach.
    pub reach: Signal<In, Distance>,
    /// The vote of a slot begins: `T` is zero.
    pub slot_start: Signal<In, Bit>,
    /// An entry of a queue is asked.
    pub issue: Signal<In, Bit>,
    /// There are no more.
    pub token: Signal<In, Bit>,
    /// The queue's entry.
    pub entry: Signal<In, Index>,
    /// The plane that votes.
    pub plane: Signal<In, Bits<2>>,
    /// Where rows are read in beats: the word of a row that votes.
    pub place: Vec<Signal<In, Index>>,
    /// The bank whose queue is asked.
    pub bank: Signal<In, Bits<2>>,
    /// Accumulators whose voter bit is one are cleared.
    pub clear: Signal<In, Bit>,
    /// Who is enabled in each column.
    pub voters: Vec<Signal<In, Bits<16>>>,
    /// Loadable, from here on: a row is asked for; the queue of its bank holds one entry, whatever that is.
    pub row_asked: Signal<In, Bit>,
    /// Its bank.
    pub stored_bank: Signal<In, Bits<2>>,
    /// It is being fetched.
    pub fetch: Signal<In, Bit>,
    /// Write an entry of the kernel table.
    pub store_kernel: Signal<In, Bit>,
    /// Write half an entry of the threshold table, the low one (at an even address) first.
    pub store_threshold: Signal<In, Bit>,
    /// What to write.
    pub store_data: Signal<In, Bits<16>>,
    /// Where to write and to read.
    pub store_address: Signal<In, Index>,
    /// Where values are apart from the keys: write a word of a row of them.
    pub store_value: Vec<Signal<In, Bit>>,
    /// and its words, a lane each.
    pub store_words: Vec<Signal<In, Bits<16>>>,
    /// Read the kernel table.
    pub read_kernel: Signal<In, Bit>,
    /// Read the threshold table, half an entry.
    pub read_threshold: Signal<In, Bit>,
    /// What was read.
    pub read_data: Signal<Out, Bits<16>>,
    /// Candidates in each bank's queue.
    pub queued: Vec<Signal<Out, Index>>,
    /// The same less one (heeded only where the core is not lean), but not in the cycle after `start` or `row_asked`.
    pub after_first: Vec<Signal<Out, Index>>,
    /// In all of them.
    pub total: Signal<Out, Index>,
    /// The row to read.
    pub row: Signal<Out, Index>,
    /// The bank whose row is there.
    pub bank_read: Signal<Out, Bits<2>>,
    /// Make `pick` all ones.
    pub all: Signal<Out, Bit>,
    /// The accumulators are complete in the next cycle.
    pub settled: Signal<Out, Bit>,
    /// One where a column's accumulator is not negative.
    pub signs: Vec<Signal<Out, Bits<16>>>,
    /// Of classes: what is said of them.
    pub words: Vec<Signal<Out, Bits<16>>>,
    /// Where memories of several kinds can be loaded: that which is there answers with classes.
    pub ranks: Vec<Signal<In, Bit>>,
    /// Of a core of classes that learns: voters within this distance speak for their classes;
    pub radius: Vec<Signal<In, Distance>>,
    /// one of them may be that of this number:
    pub class: Vec<Signal<In, Index>>,
    /// it is,
    pub near: Vec<Signal<Out, Bit>>,
    /// and there are others.
    pub uncertain: Vec<Signal<Out, Bit>>,
    /// Where the queue is reviewed, all the time that it takes: distances of queued patterns come anew, in their order.
    pub reviewing: Vec<Signal<In, Bit>>,
    /// It begins, with the row of the nearest pattern,
    pub renew: Vec<Signal<In, Bit>>,
    /// which is this one.
    pub nearest: Vec<Signal<In, Index>>,
    /// The distances of a bank begin.
    pub rewind: Vec<Signal<In, Bit>>,
    /// The address register holds a row that is reviewed.
    pub reviews: Vec<Signal<Out, Bit>>,
    /// There are no more.
    pub reviews_last: Vec<Signal<Out, Bit>>,
    /// Of each cue, where its queues begin anew: with what is found now.
    pub flush: Vec<Signal<In, Bit>>,
    /// Where cues share a scan, one bit a cue: it votes. `found` and `found_distance` of the others follow those of the first.
    pub own: Vec<Signal<In, Bit>>,
    /// Of each of the others: a step begins,
    pub more_start: Vec<Signal<In, Bit>>,
    /// and the group that its candidates are in.
    pub more_group: Vec<Signal<In, Index>>,
    queue: Vec<Ram<ENTRY_BITS>>,
    entries: Vec<Entries<ENTRY_BITS>>,
    length: Vec<Register<Index>>,
    /// A counter of its own: from the length, the subtraction would be in the way to the sequencer's counter.
    less: Vec<Register<Index>>,
    no_more: Vec<Signal<Local, Index>>,
    step: Signal<Local, Index>,
    grown: Signal<Local, Index>,
    begun: Vec<Register<Bit>>,
    weights: Weights,
    column: Vec<Column>,
    values: Vec<Values>,
    ranking: Vec<Ranking>,
    /// How long ago the vote was in bank `b`.
    asked: Vec<Register<Bits<2>>>,
    bank_asked: Signal<Local, Bits<2>>,
    far: Signal<Local, Distance>,
    its_group: Signal<Local, Index>,
    answer: Signal<Local, Bits<ENTRY_BITS>>,
    sum: Signal<Local, Index>,
    one: Literal<INDEX_BITS, 1>,
    minus_one: Literal<INDEX_BITS, { (1 << INDEX_BITS) - 1 }>,
    index_width: Constant<Bits<6>>,
    index_mask: Constant<Index>,
    row_mask: Constant<Index>,
    number: Vec<Constant<Bits<2>>>,
    chosen: Vec<Register<Bit>>,
    bank_width: Vec<Constant<Index>>,
    _banks: usize,
    _shared: usize,
    _columns: usize,
    _asks: usize,
    _last_ask: usize,
    _loads: usize,
    _loaded_banks: usize,
    _values: usize,
    _numbered: usize,
    _keys: usize,
    _value_columns: usize,
    _rankings: usize,
    _choices: usize,
    _loaded_values: usize,
    _stored_words: usize,
    _ranked_columns: usize,
    _words: usize,
    _learns: usize,
    _wide: usize,
    _reviews: usize,
    _requeues: usize,
    _banks_end: usize,
    _more: usize,
    _flushes: usize,
    _flushed: usize,
    _begun: usize,
    _more_flushes: usize,
    _flush_scans: usize,
    _flush_reviews: usize,
    _more_scans: usize,
    _more_reviews: usize,
    _cues: usize,
    _all_scans: usize,
    _all_reviews: usize,
    _reviewed: usize,
    _scanned: usize,
}

parts!(Vote: queues::Queues, sums::Sums);
