//! The sequencer: cue in, steps until nothing changes, answer out.
//!
//! ```text
//! Load -> Start -> Scan -> Drain -> Begin -> Vote -> Settle -> Decide -> Unload -> Info -> Load
//!           ^------------------ something changed ----------------'
//! ```
//!
//! Where later steps may come from the queue, Decide goes to Renew, where the queue is read anew in place of all rows:
//!
//! ```text
//! Decide -> Renew -> Review -> Drain -> Begin        the state is the row that was nearest
//!                                    -> Start        it is another
//! ```
//!
//! Where recalls stop at fixed points, Renew is followed by Unload, or by Start.
//!
//! Where cues share a scan, their words come one after the other. Behind the scan each of them votes, takes its later steps alone and
//! leaves, and Info goes to Begin until the last one has.
//!
//! A folded core votes once per slot: Decide goes back to Begin until the last slot is done, and before every Start
//! and Begin it wipes the accumulators (Wipe). A core that reads out the nearest pattern has one step, and nothing to vote on.
//!
//! Where rows are read in beats, a vote is one beat's: Decide goes back to Begin until the last beat has voted. Nothing needs wiping
//! there, since Decide clears the accumulators.
//!
//! Where the answer is a list, Vote is a pass over the queue that finds its next pattern, and the last three words leave behind each: Decide
//! goes to Info, and Info to Begin until the last one has left.
//!
//! Every phase is a register of its own (one-hot), so that what depends on a phase waits for no decoder. Drain and Settle have none: nothing is done in
//! them, and the one token that is under way then ends them. Both loops
//! end by the sign bit of a counter that runs down to -1: no comparison stands in their way.

mod arrive;
mod counts;
mod leave;
mod loops;
mod moves;
mod phases;
mod said;
mod streams;

use crate::blocks::{part::parts, prelude::*};
use crate::cycles::WIPE;
use arrive::Arrive;
use leave::Leave;

pub use counts::{Choice, Counts};

/// Bits of what counts words of a stream: from 1022 to -1.
pub(super) const WORD_BITS: usize = 11;

/// The most banks.
pub const MAX_BANKS: usize = 4;

/// Control of the core.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Sequencer {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// A word of the cue is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken.
    pub in_ready: Signal<Out, Bit>,
    /// A word of the answer is offered.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken.
    pub out_ready: Signal<In, Bit>,
    /// It is one of the last three words.
    pub info: Signal<Out, Bit>,
    /// The last three words: steps (bit 15: converged), nearest, distance.
    pub info_word: Signal<Out, Bits<16>>,
    /// The nearest pattern.
    pub nearest: Signal<In, Index>,
    /// Its distance.
    pub distance: Signal<In, Distance>,
    /// Where that is said: it is beyond the radius.
    pub unknown: Vec<Signal<In, Bit>>,
    /// Of a core that learns, all the time that a STORE takes: one step, of which nothing leaves but the last three words.
    pub learning: Vec<Signal<In, Bit>>,
    /// The key that is stored is known.
    pub near: Vec<Signal<In, Bit>>,
    /// More than one class is near.
    pub uncertain: Vec<Signal<In, Bit>>,
    /// Words of an answer leave.
    pub leaving: Vec<Signal<Out, Bit>>,
    /// The last distance has passed the filter.
    pub scanned: Signal<In, Bit>,
    /// Candidates in each bank's queue, of a list groups in the first one (heeded only where the core is lean, or lists).
    pub queued: [Signal<In, Index>; MAX_BANKS],
    /// The same less one (heeded only where the core is not lean, and votes).
    pub after_first: [Signal<In, Index>; MAX_BANKS],
    /// From the vote: make `pick` all ones.
    pub all: Signal<In, Bit>,
    /// From the vote: the accumulators are complete in the next cycle.
    pub settled: Signal<In, Bit>,
    /// The state changed in this step (four cycles after `settled`).
    pub moved: Signal<In, Bit>,
    /// Groups of rows to scan, less one; it and `max_steps` stay the same during a recall.
    pub last_row: Signal<In, Index>,
    /// The most steps of a recall.
    pub max_steps: Signal<In, Bits<8>>,
    /// The row that the address register holds (heeded only where the core is lean).
    pub row: Signal<In, Index>,
    /// Between recalls, where rows can be fetched: a row is the answer, without steps and without the last three words.
    pub fetch: Signal<In, Bit>,
    /// And written: words that come are a row's, and no recall begins.
    pub rowing: Vec<Signal<In, Bit>>,
    /// Of a core that learns: they are the cue of one, which begins.
    pub recall: Vec<Signal<In, Bit>>,
    /// Where values are apart from the keys: it is a row of them.
    pub of_values: Vec<Signal<In, Bit>>,
    /// Where memories of several kinds can be loaded, of that which is there: its answers are classes,
    pub ranks: Vec<Signal<In, Bit>>,
    /// states,
    pub keyed: Vec<Signal<In, Bit>>,
    /// or those of every step.
    pub sequential: Vec<Signal<In, Bit>>,
    /// A row is being fetched.
    pub fetching: Signal<Out, Bit>,
    /// A step begins.
    pub start: Signal<Out, Bit>,
    /// The address register holds a row to scan.
    pub scans: Signal<Out, Bit>,
    /// It is the last one.
    pub scan_last: Signal<Out, Bit>,
    /// The queue is complete: rows are looked up now.
    pub vote_start: Signal<Out, Bit>,
    /// The address register takes its next row from the vote.
    pub voting: Signal<Out, Bit>,
    /// A slot of the vote is issued.
    pub issue: Signal<Out, Bit>,
    /// The token after the last slot.
    pub vote_token: Signal<Out, Bit>,
    /// The slot's queue entry.
    pub entry: Signal<Out, Index>,
    /// The slot's plane.
    pub plane: Signal<Out, Bits<2>>,
    /// The slot's bank.
    pub bank: Signal<Out, Bits<2>>,
    /// Where rows are read in beats: the beat is the last one of a row.
    pub ending: Vec<Signal<In, Bit>>,
    /// Back to the first word of a row.
    pub beat_clear: Vec<Signal<Out, Bit>>,
    /// On to the next beat.
    pub beat_on: Vec<Signal<Out, Bit>>,
    /// A word of a cue moves into the state.
    pub storing: Vec<Signal<Out, Bit>>,
    /// The lanes' slot that votes.
    pub turn: Signal<Out, Bits<2>>,
    /// Every bank of every lane takes part.
    pub open: Signal<Out, Bit>,
    /// `pick` is row XOR state.
    pub compare: Signal<Out, Bit>,
    /// `pick` is all ones.
    pub everyone: Signal<Out, Bit>,
    /// Where later steps may come from the queue: the row that was nearest is not the state.
    pub missed: Vec<Signal<In, Bit>>,
    /// Where recalls stop then: it is.
    pub held: Vec<Signal<In, Bit>>,
    /// A review of the queue begins.
    pub renew: Vec<Signal<Out, Bit>>,
    /// It goes on.
    pub reviewing: Vec<Signal<Out, Bit>>,
    /// Of each bank: its queue begins.
    pub rewind: Vec<Signal<Out, Bit>>,
    /// Where cues share a scan, one bit a cue: its words come, or it votes;
    pub own: Vec<Signal<Out, Bit>>,
    /// words of its answer leave, beside what goes on;
    pub leaves: Vec<Signal<Out, Bit>>,
    /// its state shifts by a lane in the next cycle.
    pub move_on: Vec<Signal<Out, Bit>>,
    /// Rows that are scanned are for this one too, a bit for each behind the first.
    pub part: Vec<Signal<Out, Bit>>,
    /// Of a list: the pass that ends has found a pattern.
    pub there: Vec<Signal<In, Bit>>,
    /// An entry of the queue is the nearest so far.
    pub nearer: Vec<Signal<In, Bit>>,
    /// The entry that was read: behind a pass, that of the pattern.
    pub place: Vec<Signal<Out, Index>>,
    /// The pattern has left.
    pub taken: Vec<Signal<Out, Bit>>,
    /// Where patterns are listed, and rows are fetched: in the next cycle, the row that is fetched is there.
    pub row_settled: Vec<Signal<In, Bit>>,
    /// Where patterns are listed with their classes: its class.
    pub class: Vec<Signal<In, Bits<16>>>,
    /// Accumulators whose pick bit is one are cleared.
    pub clear: Signal<Out, Bit>,
    /// States shift by a lane in the next cycle,
    pub shift: Signal<Out, Bit>,
    /// in this one.
    pub shifts: Signal<Out, Bit>,
    /// Where the mask of a cue follows it: it takes something else,
    pub mask_enable: Vec<Signal<Out, Bit>>,
    /// namely the words that come.
    pub mask_loads: Vec<Signal<Out, Bit>>,
    /// Its words come, those of the cue are there.
    pub masking: Vec<Signal<Out, Bit>>,
    /// The last one of either.
    pub final_word: Vec<Signal<Out, Bit>>,
    /// States take the signs.
    pub capture: Signal<Out, Bit>,
    /// A slot's accumulators are complete (for simulation).
    pub turn_done: Signal<Out, Bit>,
    /// A step ends in this cycle (for simulation).
    pub step_done: Signal<Out, Bit>,
    /// The cycles it took (for simulation).
    pub step_cycles: Signal<Out, Bits<32>>,
    /// Reset, and the cycle after it: on to Load.
    waking: Register<Bit>,
    /// Load: words of the cue come in.
    loading: Register<Bit>,
    /// Wipe: accumulators are cleared (folded cores only).
    wiping: Vec<Register<Bit>>,
    /// Start: a step begins; one cycle.
    starting: Register<Bit>,
    /// Renew: a review of the queue begins, in a scan's place; one cycle.
    renewing: Vec<Register<Bit>>,
    /// Review: queued rows are read, one a cycle, then the token.
    reading: Vec<Register<Bit>>,
    /// From there to the end of Drain.
    reviews: Vec<Register<Bit>>,
    /// This step's distances are those of a review: the next step scans.
    reviewed: Vec<Register<Bit>>,
    queue_ends: Vec<Signal<Local, Bit>>,
    arrive: Vec<Arrive>,
    leave: Vec<Leave>,
    /// Which cue it is, a bit each: nothing waits for a comparison.
    ring: Vec<Register<Bit>>,
    /// A state moves on in the cycle behind a word.
    /// All of them meet the rows.
    shared: Vec<Register<Bit>>,
    takes_part: Vec<Register<Bit>>,
    begins: Vec<Signal<Local, Bit>>,
    final_cue: Vec<Signal<Local, Bit>>,
    turn_of: Vec<Constant<Bits<2>>>,
    /// Scan: rows are read, one a cycle, then the token.
    scanning: Register<Bit>,
    /// Begin: the queue is complete; one cycle.
    beginning: Register<Bit>,
    /// Vote: queued patterns are read again, a plane a cycle, then the token.
    electing: Register<Bit>,
    /// Decide: another step? One cycle.
    deciding: Register<Bit>,
    /// Unload: words of the answer go out.
    unloading: Register<Bit>,
    /// Info: steps, nearest and distance go out.
    informing: Register<Bit>,
    final_step: Register<Bit>,
    said: Register<Bits<16>>,
    words: Register<Bits<WORD_BITS>>,
    /// Where the core is not lean: counters, since a comparison takes longer to say that an end is reached.
    rows_left: Vec<Register<Index>>,
    entries_left: Vec<Register<Index>>,
    /// Of a list: what the pointer was when the nearest entry so far had passed the filter, and what is added to the pointer.
    found_by: Vec<Register<Index>>,
    base: Vec<Signal<Local, Index>>,
    step: Vec<Signal<Local, Index>>,
    back: Vec<Constant<Index>>,
    pointer: Register<Index>,
    slots: Vec<Register<Bits<2>>>,
    banks: Vec<Register<Bits<2>>>,
    turns: Vec<Register<Bits<2>>>,
    wipes: Vec<Register<Bits<2>>>,
    /// Fetching: instead of a recall.
    fetched: Vec<Register<Bit>>,
    /// A mask follows `everyone`, but from the first word of a cue to the end of the first scan: then it takes the words alone.
    mask_open: Vec<Register<Bit>>,
    /// The words that come are the mask's.
    mask_turn: Vec<Register<Bit>>,
    /// A mask has done its work.
    released: Vec<Signal<Local, Bit>>,
    comparing: Register<Bit>,
    looking: Register<Bit>,
    filling: Register<Bit>,
    clearing: Register<Bit>,
    shifting: Register<Bit>,
    /// A word of a cue is waited for. (Cues that share a scan come another way.)
    taking: Vec<Register<Bit>>,
    /// A word of an answer is offered, or one of what follows it,
    offering: Register<Bit>,
    /// the former.
    showing: Vec<Register<Bit>>,
    sent: Register<Bit>,
    settled1: Register<Bit>,
    settled2: Register<Bit>,
    settled3: Register<Bit>,
    steps: Register<Bits<8>>,
    converged: Register<Bit>,
    which: Register<Bits<2>>,
    cycles: Register<Bits<32>>,
    accept: Signal<Local, Bit>,
    moves: Signal<Local, Bit>,
    send: Signal<Local, Bit>,
    last_accepted: Signal<Local, Bit>,
    last_sent: Signal<Local, Bit>,
    last_info: Signal<Local, Bit>,
    again: Signal<Local, Bit>,
    rows_done: Signal<Local, Bit>,
    entries_done: Signal<Local, Bit>,
    final_bank: Signal<Local, Bit>,
    final_turn: Signal<Local, Bit>,
    wiped: Signal<Local, Bit>,
    asked: Signal<Local, Bit>,
    alone: Signal<Local, Bit>,
    wanted: Signal<Local, Bit>,
    following: Signal<Local, Index>,
    left_over: Signal<Local, Index>,
    rank_mask: Vec<Constant<Bits<8>>>,
    row_sign: Constant<Bits<5>>,
    more_words: Constant<Bits<WORD_BITS>>,
    /// Where an answer has as many words as a cue, that is it.
    more_answers: Vec<Constant<Bits<WORD_BITS>>>,
    more_values: Vec<Constant<Bits<WORD_BITS>>>,
    /// Where its kind says how many words an answer has: values, and classes.
    more_maps: Vec<Constant<Bits<WORD_BITS>>>,
    more_classes: Vec<Constant<Bits<WORD_BITS>>>,
    /// Where rows are read in beats: those of a row's word in every lane.
    more_lanes: Vec<Constant<Bits<WORD_BITS>>>,
    word_sign: Constant<Bits<4>>,
    last_plane: Constant<Bits<2>>,
    last_bank: Constant<Bits<2>>,
    last_turn: Constant<Bits<2>>,
    last_wipe: Literal<2, { WIPE - 1 }>,
    no_index: Literal<INDEX_BITS, 0>,
    entry_mask: Constant<Index>,
    yes: Constant<Bit>,
    single: Constant<Bit>,
    one_index: Literal<INDEX_BITS, 1>,
    one_word: Literal<WORD_BITS, 1>,
    one_step: Literal<8, 1>,
    one_plane: Literal<2, 1>,
    no_slot: Literal<2, 0>,
    one_cycle: Literal<32, 1>,
    converged_flag: Literal<16, { 1 << 15 }>,
    /// Where every step's answer leaves: there is a next one.
    more_steps: Vec<Signal<Local, Bit>>,
    /// Of a list: there is a next pattern.
    more_ranks: Vec<Signal<Local, Bit>>,
    unknown_flag: Vec<Literal<16, { 1 << 14 }>>,
    marks: Vec<Signal<Local, Bits<16>>>,
    near_flag: Vec<Literal<16, { hopgate_wire::page::NEAR as usize }>>,
    uncertain_flag: Vec<Literal<16, { hopgate_wire::page::UNCERTAIN as usize }>>,
    _lean: usize,
    _deep: usize,
    _counted: usize,
    _compared: usize,
    _shared: usize,
    _folded: usize,
    _planes: usize,
    _fetches: usize,
    _lengths: usize,
    _leaves: usize,
    _others: usize,
    _unknowns: usize,
    _sequences: usize,
    _values: usize,
    _chooses: usize,
    _mixes: usize,
    _chosen_sequences: usize,
    _chosen_words: usize,
    _masks: usize,
    _masked_folds: usize,
    _learns: usize,
    _uncertains: usize,
    _wide: usize,
    _wide_votes: usize,
    _lines: usize,
    _reviews: usize,
    _rewinds: usize,
    _reviewed_banks: usize,
    _reviewed_planes: usize,
    _requeues: usize,
    _alone: usize,
    _cues: usize,
    _all_cues: usize,
    _last_cue: usize,
    _said_unknowns: usize,
    _stops: usize,
    _ranked: usize,
    _classed: usize,
    _fetched_lists: usize,
}

parts!(Sequencer: streams::Streams, phases::Phases, moves::Moves, loops::Loops, said::Said);
