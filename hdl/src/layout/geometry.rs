//! Numbers that follow from a layout.

use super::{LANE, Layout, address_bits, answer_words, blocks, has_rank, lean, queue_bits};
use crate::options::{Later, Readout};
use hopgate_model::kind::Kind;
use hopgate_wire::page::INFO_WORDS;

impl Layout {
    /// Whether the answer is a list of patterns: then no word of it is in the state.
    pub fn ranked(&self) -> bool {
        matches!(self.readout, Readout::Ranked { .. })
    }

    /// Whether rows of keys are nothing but compared: what is made of them is apart from them.
    pub fn compares(&self) -> bool {
        self.valued() || self.ranked()
    }

    /// Whether values are apart from the keys: then the lanes of keys have no columns.
    pub fn valued(&self) -> bool {
        self.kinds.answers_values()
    }

    /// Whether another memory can be loaded, whose rows of values have another number of words than what the chain of the state takes.
    pub fn has_other_values(&self) -> bool {
        let chain = if self.wide() { self.captured_words() } else { self.lanes() };
        self.valued() && self.loadable && self.value_lanes() != chain
    }

    /// Whether what the row store says goes to more than distances: to the vote, or out of a core that can be loaded.
    pub fn picks(&self) -> bool {
        !self.compares() || self.loadable
    }

    /// Whether a recall may have several steps.
    pub fn counts_steps(&self) -> bool {
        self.readout == Readout::Vote && self.kinds.answers_keys()
    }

    /// Whether memories of several kinds can be loaded: then which one it is, is a register.
    pub fn chooses(&self) -> bool {
        self.kinds.several()
    }

    /// Whether what it answers with can be a class.
    pub fn classes(&self) -> bool {
        self.kinds.contains(Kind::Class)
    }

    /// Whether it can be a sequence.
    pub fn sequences(&self) -> bool {
        self.kinds.contains(Kind::Sequence)
    }

    /// Whether values are apart from the keys, and an answer can be a state all the same: then it is what was looked up as a value.
    pub fn feeds_back(&self) -> bool {
        self.valued() && self.kinds.answers_keys()
    }

    /// Whether a later step looks first whether the state is the row that was nearest.
    pub fn reviews(&self) -> bool {
        self.later != Later::Scan
    }

    /// Whether the queue begins anew where the minimum falls by more than the reach: no earlier candidate can be one then.
    pub fn flushes(&self) -> bool {
        self.reviews() || self.cues > 1
    }

    /// Whether it then takes its distances from the queue, which is read anew.
    pub fn requeues(&self) -> bool {
        self.later == Later::Queue
    }

    /// Lanes of 16 outputs that are apart from the keys.
    pub fn value_lanes(&self) -> usize {
        if self.valued() { self.outputs.div_ceil(LANE) } else { 0 }
    }

    /// Outputs of one of them.
    pub fn value_lane_outputs(&self, lane: usize) -> usize {
        (self.outputs - lane * LANE).min(LANE)
    }

    /// Words of a store of values.
    pub fn value_depth(&self) -> usize {
        if self.valued() { self.planes * self.value_room } else { self.value_room }
    }

    /// Words of an answer, before the last three.
    pub fn answer_words(&self) -> usize {
        match self.ranked() {
            true => usize::from(self.listed_classes > 0),
            false => answer_words(self.kind, self.neurons, self.outputs),
        }
    }

    /// Words of an answer of a kind, before the last three.
    pub fn answer_words_of(&self, kind: Kind) -> usize {
        answer_words(kind, self.neurons, self.outputs)
    }

    /// The most words of an answer, of whatever kind.
    pub fn most_answer_words(&self) -> usize {
        match self.ranked() {
            true => self.answer_words(),
            false => self.kinds.iter().map(|kind| self.answer_words_of(kind)).max().unwrap_or(0),
        }
    }

    /// Answers to a cue: of a sequence one for each step, of a list one for each pattern.
    pub fn answers(&self) -> usize {
        if self.kind == Kind::Sequence || self.ranked() { self.max_steps as usize } else { 1 }
    }

    /// Words of an answer that the registers of a bus offer before the last three. A list is one answer there: each of its patterns but the
    /// last has its words there, and the last one its class, if it has one.
    pub fn register_words(&self) -> usize {
        let each = self.answer_words() + INFO_WORDS;
        self.answer_words() + if self.ranked() { each * (self.answers() - 1) } else { 0 }
    }

    /// Answers to a cue, as the registers of a bus offer them.
    pub fn register_answers(&self) -> usize {
        if self.ranked() { 1 } else { self.answers() }
    }

    /// Words that the state holds, of a cue or of an answer.
    pub fn state_words(&self) -> usize {
        let fetched = if self.loadable { self.value_lanes() } else { 0 };
        let own = if self.wide() { self.lanes() } else { self.words() };
        own.max(self.most_answer_words()).max(fetched)
    }

    /// Words of the state that something is captured in: an answer, or a row that is fetched.
    pub fn captured_words(&self) -> usize {
        match self.loadable {
            true => self.state_words(),
            // no word of a list is captured
            false => {
                if self.ranked() {
                    0
                } else {
                    self.most_answer_words()
                }
            }
        }
    }

    /// Blocks of rows in a bank.
    pub fn blocks(&self) -> usize {
        blocks(self.valued(), self.readout, self.planes, self.shared_top)
    }

    /// Words of a key.
    pub fn words(&self) -> usize {
        self.neurons.div_ceil(LANE)
    }

    /// Lanes of 16 neurons: those that hold a word of a key, in each beat.
    pub fn lanes(&self) -> usize {
        self.words().div_ceil(self.beats)
    }

    /// Whether a row takes more than one beat: then the state is in RAM.
    pub fn wide(&self) -> bool {
        self.beats > 1
    }

    /// Lanes that have no word in a row's last beat.
    pub fn idle_lanes(&self) -> usize {
        self.lanes() * self.beats - self.words()
    }

    /// The bits of a lane's word that there are in a row's last beat.
    pub fn last_used(&self, lane: usize) -> u16 {
        let before = LANE * (self.lanes() * (self.beats - 1) + lane);
        ((1u32 << self.neurons.saturating_sub(before).min(LANE)) - 1) as u16
    }

    /// The bits that there are in a key's last word.
    pub fn last_word(&self) -> u16 {
        ((1u32 << (self.neurons - LANE * (self.words() - 1))) - 1) as u16
    }

    /// More than the bits that a row can differ in, whatever is in the store.
    pub fn row_bits(&self) -> usize {
        if self.wide() { LANE * self.lanes() * self.beats } else { self.neurons }
    }

    /// Whether a vote goes beat by beat: values have one of their own.
    pub fn votes_in_beats(&self) -> bool {
        self.wide() && !self.compares()
    }

    /// What the queue counts from row to row: where a key's bits vote, it holds the place of a row's first word.
    pub fn stride(&self) -> usize {
        if self.compares() { 1 } else { self.beats }
    }

    /// Slots of outputs that vote in turn.
    pub fn slots(&self) -> usize {
        if self.compares() { 1 } else { self.fold * self.beats }
    }

    /// Words of a cue: where bits can be unknown, those of its mask too.
    pub fn cue_words(&self) -> usize {
        self.words() * (1 + usize::from(self.masks))
    }

    /// Neurons of one lane.
    pub fn lane_neurons(&self, lane: usize) -> usize {
        (self.neurons - lane * LANE).min(LANE)
    }

    /// Columns of 16 accumulators: lane `fold*c + f` has those of column `c` in slot `f`.
    pub fn columns(&self) -> usize {
        match self.readout {
            Readout::Vote if self.valued() => self.value_lanes(),
            Readout::Vote => self.lanes().div_ceil(self.fold),
            Readout::Nearest | Readout::Ranked { .. } => 0,
        }
    }

    /// Lanes that a column serves.
    pub fn column_lanes(&self, column: usize) -> usize {
        (self.lanes() - column * self.fold).min(self.fold)
    }

    /// Accumulators of a column.
    pub fn column_neurons(&self, column: usize) -> usize {
        if self.valued() { self.value_lane_outputs(column) } else { self.lane_neurons(column * self.fold) }
    }

    /// Whether an accumulator is enabled by several registers, joined by OR.
    pub fn joined(&self) -> bool {
        !self.valued() && self.parallel * self.fold > 1
    }

    /// Whether it is [`lean`].
    pub fn lean(&self) -> bool {
        lean(self.fold, self.loadable)
    }

    /// Groups of rows to scan.
    pub fn groups(&self) -> usize {
        self.patterns.div_ceil(self.parallel)
    }

    /// Patterns of the last group.
    pub fn last_group(&self) -> usize {
        self.patterns - (self.groups() - 1) * self.parallel
    }

    /// Words of a bank.
    pub fn row_depth(&self) -> usize {
        self.blocks() * self.group_room * self.beats
    }

    /// Cycles from a row's address to the row.
    pub fn row_latency(&self) -> usize {
        1 + usize::from(has_rank(self.row_depth(), self.tail_lanes))
    }

    /// Cycles from the address of a row that votes to the row.
    pub fn vote_row_latency(&self) -> usize {
        if self.valued() { 1 + usize::from(has_rank(self.value_depth(), 0)) } else { self.row_latency() }
    }

    /// Bits of a group's number, or of the place of its rows.
    pub fn index_bits(&self) -> usize {
        address_bits(self.group_room * self.stride())
    }

    /// Bits of a queue entry: group and distance. That of a list can be far, which is more than any distance.
    pub fn queue_bits(&self) -> usize {
        queue_bits(self.group_room * self.stride(), self.row_bits() + usize::from(self.ranked()))
    }
}
