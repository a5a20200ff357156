//! How answers of cues that share a scan leave: beside what goes on, a word in two cycles, in the order of the cues.
//!
//! An answer that was found while the one before it leaves waits, and so does what would come behind it.

use super::WORD_BITS;
use crate::blocks::prelude::*;

/// The answer that leaves.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Leave {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The core wakes, and counts words from the first one on.
    pub waking: Signal<In, Bit>,
    /// A recall ends; in the next cycle its steps are there, and in the one after that the distance.
    pub ends: Signal<In, Bit>,
    /// One bit a cue: it is this one's.
    pub own: Vec<Signal<In, Bit>>,
    /// The steps of its recall.
    pub steps: Signal<In, Bits<8>>,
    /// It converged.
    pub converged: Signal<In, Bit>,
    /// Where that is said: its nearest pattern is beyond the radius.
    pub unknown: Vec<Signal<In, Bit>>,
    /// The nearest pattern.
    pub nearest: Signal<In, Index>,
    /// Its distance.
    pub distance: Signal<In, Distance>,
    /// A word of an answer is offered.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken.
    pub out_ready: Signal<In, Bit>,
    /// It is one of the last three words,
    pub info: Signal<Out, Bit>,
    /// which is this.
    pub info_word: Signal<Out, Bits<16>>,
    /// From the next cycle on, the answer leaves: the next cue's turn.
    pub takes_over: Signal<Out, Bit>,
    /// One bit a cue: words of its state leave.
    pub leaves: Vec<Signal<Out, Bit>>,
    /// And one moves.
    pub moves: Vec<Signal<Out, Bit>>,
    ended: Register<Bit>,
    /// An answer waits for the one before it.
    waits: Register<Bit>,
    taken: Register<Bit>,
    whose: Vec<Register<Bit>>,
    unloading: Register<Bit>,
    informing: Register<Bit>,
    offering: Register<Bit>,
    words: Register<Bits<WORD_BITS>>,
    which: Register<Bits<2>>,
    said: Register<Bits<16>>,
    its_steps: Register<Bits<8>>,
    its_end: Register<Bit>,
    is_unknown: Vec<Register<Bit>>,
    its_nearest: Register<Index>,
    its_distance: Register<Distance>,
    steps_said: Signal<Local, Bits<8>>,
    nearest_said: Signal<Local, Index>,
    distance_said: Signal<Local, Distance>,
    send: Signal<Local, Bit>,
    takes: Signal<Local, Bit>,
    last_sent: Signal<Local, Bit>,
    more_words: Constant<Bits<WORD_BITS>>,
    word_sign: Constant<Bits<4>>,
    one_word: Literal<WORD_BITS, 1>,
    one: Literal<2, 1>,
    converged_flag: Literal<16, { 1 << 15 }>,
    unknown_flag: Vec<Literal<16, { 1 << 14 }>>,
    _cues: usize,
    _unknowns: usize,
}

impl Leave {
    /// For so many cues, whose answers have so many words.
    pub fn new(cues: usize, words: usize, tells_unknown: bool) -> Self {
        let unknowns = usize::from(tells_unknown);
        Leave {
            own: many(cues),
            leaves: many(cues),
            moves: many(cues),
            whose: many(cues),
            unknown: many(unknowns),
            is_unknown: many(unknowns),
            unknown_flag: many(unknowns),
            more_words: super::counts::more(words),
            word_sign: super::counts::sign(words),
            _cues: cues,
            _unknowns: unknowns,
            ..Default::default()
        }
    }
}

impl Logic for Leave {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: leave");
        comment!("an answer takes the place of the one before it when that has left");
        self.ended.d.next = self.ends.val();
        self.takes.next =
            (self.ended.q.val() | self.waits.q.val()) & !(self.unloading.q.val() | self.informing.q.val());
        self.waits.d.next =
            (self.ended.q.val() | self.waits.q.val()) & (self.unloading.q.val() | self.informing.q.val());
        self.takes_over.next = self.takes.val();
        if self.takes.val() {
            self.its_steps.d.next = self.steps.val();
            self.its_end.d.next = self.converged.val();
        }
        self.taken.d.next = self.takes.val();
        if self.taken.q.val() {
            self.its_nearest.d.next = self.nearest.val();
            self.its_distance.d.next = self.distance.val();
        }
        for u in 0..self._unknowns {
            if self.taken.q.val() {
                self.is_unknown[u].d.next = self.unknown[u].val();
            }
        }
        comment!("words of the state, then the last three; behind each, a cycle for the next one to come");
        self.out_valid.next = self.offering.q.val();
        self.send.next = self.offering.q.val() & self.out_ready.val();
        self.last_sent.next = (self.offering.q.val() & self.out_ready.val())
            & (self.unloading.q.val() & self.words.q.val().get_bit(self.word_sign.val().index()));
        self.offering.d.next = (self.unloading.q.val() | self.informing.q.val()) & !self.send.val();
        self.unloading.d.next = self.takes.val() | (self.unloading.q.val() & !self.last_sent.val());
        self.informing.d.next =
            self.last_sent.val() | (self.informing.q.val() & !(self.send.val() & self.which.q.val().get_bit(1)));
        for c in 0..self._cues {
            self.whose[c].d.next =
                (self.takes.val() & self.own[c].val()) | (self.whose[c].q.val() & !self.last_sent.val());
            self.leaves[c].next = self.whose[c].q.val();
            self.moves[c].next = self.send.val() & self.whose[c].q.val();
        }
        if self.send.val() & self.unloading.q.val() {
            self.words.d.next = self.words.q.val() - self.one_word.val();
            if self.words.q.val().get_bit(self.word_sign.val().index()) {
                self.words.d.next = self.more_words.val();
            }
        }
        if self.waking.val() {
            self.words.d.next = self.more_words.val();
        }
        comment!("the last three words");
        self.which.d.next = 0.into();
        if self.informing.q.val() {
            self.which.d.next = self.which.q.val();
            if self.send.val() {
                self.which.d.next = self.which.q.val() + self.one.val();
            }
        }
        self.info.next = self.informing.q.val();
        self.steps_said.next = self.its_steps.q.val();
        self.said.d.next = bit_cast::<16, 8>(self.steps_said.val());
        if self.its_end.q.val() {
            self.said.d.next = bit_cast::<16, 8>(self.steps_said.val()) | self.converged_flag.val();
        }
        for u in 0..self._unknowns {
            if self.is_unknown[u].q.val() {
                self.said.d.next = bit_cast::<16, 8>(self.steps_said.val()) | self.unknown_flag[u].val();
                if self.its_end.q.val() {
                    self.said.d.next = (bit_cast::<16, 8>(self.steps_said.val()) | self.converged_flag.val())
                        | self.unknown_flag[u].val();
                }
            }
        }
        self.nearest_said.next = self.its_nearest.q.val();
        self.distance_said.next = self.its_distance.q.val();
        if self.which.q.val().get_bit(0) {
            self.said.d.next = bit_cast::<16, INDEX_BITS>(self.nearest_said.val());
        }
        if self.which.q.val().get_bit(1) {
            self.said.d.next = bit_cast::<16, DISTANCE_BITS>(self.distance_said.val());
        }
        self.info_word.next = self.said.q.val();
        if self.reset.val() {
            self.ended.d.next = false;
            self.waits.d.next = false;
            self.unloading.d.next = false;
            self.informing.d.next = false;
            self.offering.d.next = false;
            for c in 0..self._cues {
                self.whose[c].d.next = false;
            }
        }
    }
}
