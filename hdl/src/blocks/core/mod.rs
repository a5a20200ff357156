//! The core: scan, vote and state, joined by the sequencer.
//!
//! It takes a cue and gives an answer as 16-bit words, least significant neuron first, valid/ready both
//! ways. After the answer's words come `steps` (bit 15: converged), the nearest pattern, and its distance.

mod build;
mod wires;

use super::{
    beats::Beats, kind::HeldKind, radius::Radius, ranks::Ranks, scan::Scan, sequencer::Sequencer, sizes::Sizes,
    state::State, vote::Vote,
};
use crate::blocks::{Beat, prelude::*};

/// The associative memory.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Core {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold for 10 us after configuration, since an iCE40's block RAM reads as zero until then, and for
    /// [`FLUSH`](super::edge::reset::FLUSH) cycles at any time.
    pub reset: Signal<In, Bit>,
    /// A word of the cue is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken when both are one.
    pub in_ready: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<In, Bits<16>>,
    /// A word of the answer is offered.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken when both are one.
    pub out_ready: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<Out, Bits<16>>,
    /// From here on, where another memory can be loaded (all between recalls): the device was just configured.
    pub cold: Vec<Signal<In, Bit>>,
    /// Words that come are those of a row: they go into the state, and no recall begins. So many as the row has, the first lane's first;
    /// where rows are read in beats, those of a beat.
    pub load_words: Vec<Signal<In, Bit>>,
    /// Where a row of values has another number of words than one of keys: it is one of them.
    pub load_values: Vec<Signal<In, Bit>>,
    /// Write them to the row at `load_address` of bank `load_bank`, two cycles or more behind the last of them. Hold both for two cycles more.
    pub load_row: Vec<Signal<In, Bit>>,
    /// Write an entry of the kernel table.
    pub load_kernel: Vec<Signal<In, Bit>>,
    /// Write half an entry of the threshold table, the low one (at an even address) first.
    pub load_threshold: Vec<Signal<In, Bit>>,
    /// Where values are apart from the keys: write them to the row of values at `load_address`.
    pub load_value: Vec<Signal<In, Bit>>,
    /// Where answers can be unknown: write the radius.
    pub load_radius: Vec<Signal<In, Bit>>,
    /// Write a size: see [`Sizes`].
    pub load_size: Vec<Signal<In, Bit>>,
    /// Of a core that learns, for one cycle behind `load_row`, or with it: the words are the cue of a recall, which begins.
    pub recall: Vec<Signal<In, Bit>>,
    /// Of a core that learns, all the time that a STORE takes: a key is stored; nothing leaves but the last three words.
    pub storing: Vec<Signal<In, Bit>>,
    /// Where there are classes: that of the key.
    pub class: Vec<Signal<In, Index>>,
    /// The page's word: the radius that is written; while `cold`, the last pattern that was built in.
    pub page_word: Vec<Signal<In, Bits<16>>>,
    /// There is a pattern more: the one that was written behind the last.
    pub grow: Vec<Signal<In, Bit>>,
    /// There is one less.
    pub shrink: Vec<Signal<In, Bit>>,
    /// `row` is the one behind the last pattern, and not that of the last.
    pub behind: Vec<Signal<In, Bit>>,
    /// There is no pattern.
    pub none: Vec<Signal<Out, Bit>>,
    /// The last pattern, 0 where there is none.
    pub last: Vec<Signal<Out, Index>>,
    /// Its row, or the one behind it.
    pub row: Vec<Signal<Out, Index>>,
    /// The bank of a row.
    pub load_bank: Vec<Signal<In, Bits<2>>>,
    /// Where to write, and to read.
    pub load_address: Vec<Signal<In, Index>>,
    /// What to write.
    pub load_data: Vec<Signal<In, Bits<16>>>,
    /// For one cycle: the row at `load_address` of bank `load_bank` is the next answer. Hold both until it is out.
    pub read_row: Vec<Signal<In, Bit>>,
    /// The same with a row of values.
    pub read_value: Vec<Signal<In, Bit>>,
    /// `read_data` is what the kernel table holds at `load_address`, three cycles later.
    pub read_kernel: Vec<Signal<In, Bit>>,
    /// The same for half an entry of the threshold table.
    pub read_threshold: Vec<Signal<In, Bit>>,
    /// An entry of the kernel table.
    pub read_data: Vec<Signal<Out, Bits<16>>>,
    /// A slot's accumulators are complete. This and what follows is for simulation; synthesis removes it where unused.
    pub turn_done: Signal<Out, Bit>,
    /// The slot.
    pub turn: Signal<Out, Bits<2>>,
    /// Where rows are read in beats: the beat that votes.
    pub beat: Vec<Signal<Out, Beat>>,
    /// A step ends in this cycle.
    pub step_done: Signal<Out, Bit>,
    /// The cycles of the step that ends.
    pub step_cycles: Signal<Out, Bits<32>>,
    /// Its candidates.
    pub step_queued: Signal<Out, Index>,
    sequencer: Sequencer,
    scan: Scan,
    vote: Vec<Vote>,
    ranks: Vec<Ranks>,
    state: State,
    /// Of the other cues that share a scan.
    more_state: Vec<State>,
    sizes: Vec<Sizes>,
    beats: Vec<Beats>,
    radius: Vec<Radius>,
    /// What is written or read from outside; nothing where nothing can be loaded.
    stored: Signal<Local, Bit>,
    stored_bank: Signal<Local, Bits<2>>,
    stored_address: Signal<Local, Index>,
    stored_data: Signal<Local, Bits<16>>,
    fetched: Signal<Local, Bit>,
    row_asked: Vec<Register<Bit>>,
    /// Where rows are read in beats: the words of the state are read first.
    row_late: Vec<Register<Bit>>,
    /// The row that is fetched is one of values.
    value_asked: Vec<Register<Bit>>,
    near: Signal<Local, Index>,
    kind: Vec<HeldKind>,
    key_end: Vec<Constant<Bits<16>>>,
    any_moved: Signal<Local, Bit>,
    /// Where the readout is the nearest pattern: its row on its way.
    fetch: Vec<Register<Bit>>,
    fetching: Vec<Signal<Local, Bit>>,
    minus_one: Literal<INDEX_BITS, { (1 << INDEX_BITS) - 1 }>,
    bank_width: Constant<Index>,
    bank_mask: Constant<Bits<2>>,
    built_rows: Constant<Index>,
    built_bank: Constant<Bits<2>>,
    built_reach: Constant<Distance>,
    built_steps: Constant<Bits<8>>,
    built_mode: Constant<Bit>,
    _lanes: usize,
    _banks: usize,
    _banks_end: usize,
    _chosen: usize,
    _columns: usize,
    _votes: usize,
    _fetches: usize,
    _fetch_end: usize,
    _loads: usize,
    _row_late: usize,
    _other_values: usize,
    _stored_words: usize,
    _loaded_masks: usize,
    _loaded_votes: usize,
    _keys: usize,
    _values: usize,
    _rankings: usize,
    _class_words: usize,
    _leaves: usize,
    _unknowns: usize,
    _resets: usize,
    _loaded_values: usize,
    _loaded_unknowns: usize,
    _key_words: usize,
    _value_words: usize,
    _said_words: usize,
    _captured_words: usize,
    _chooses: usize,
    _chosen_ranks: usize,
    _chosen_words: usize,
    _feeds: usize,
    _keyed: usize,
    _last_key: usize,
    _masks: usize,
    _masked_lanes: usize,
    _follows: usize,
    _gaps: usize,
    _partials: usize,
    _learns: usize,
    _learnt_keys: usize,
    _learnt_classes: usize,
    _wide: usize,
    _wide_votes: usize,
    _wide_searches: usize,
    _wide_loads: usize,
    _beat_lanes: usize,
    _reviews: usize,
    _rewinds: usize,
    _requeues: usize,
    _cues: usize,
    _all_cues: usize,
    _more: usize,
    _lanes_end: usize,
    _found: usize,
    _flushes: usize,
    _stops: usize,
    _ranked: usize,
    _classed: usize,
    _fetched_lists: usize,
    _last_fetch: usize,
    _ranked_unknowns: usize,
}
