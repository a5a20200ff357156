//! How cues that share a scan come: a word a cycle, one state filled after the other.
//!
//! A state takes no word while its last answer leaves. That can be no other than the last state's: the answer of any other has left
//! before the last one does.

use super::WORD_BITS;
use crate::blocks::prelude::*;

/// Words of cues, and whose they are.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Arrive {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The core wakes, and counts words from the first one on.
    pub waking: Signal<In, Bit>,
    /// Words come.
    pub loading: Signal<In, Bit>,
    /// One bit a cue: the one whose words come.
    pub own: Vec<Signal<In, Bit>>,
    /// The last state's answer leaves.
    pub leaves: Signal<In, Bit>,
    /// A word is offered.
    pub in_valid: Signal<In, Bit>,
    /// It is taken.
    pub in_ready: Signal<Out, Bit>,
    /// It moves.
    pub accept: Signal<Out, Bit>,
    /// One bit a cue: into its state.
    pub moves: Vec<Signal<Out, Bit>>,
    /// The word before this cycle was the last one of its cue.
    pub ended: Signal<Out, Bit>,
    /// A register, so that no one waits for what it depends on.
    open: Register<Bit>,
    ends: Register<Bit>,
    words: Register<Bits<WORD_BITS>>,
    last: Signal<Local, Bit>,
    /// Another cue comes behind this one, and its state takes words.
    onward: Register<Bit>,
    /// The state that waits for words takes some.
    free: Register<Bit>,
    more_words: Constant<Bits<WORD_BITS>>,
    word_sign: Constant<Bits<4>>,
    one_word: Literal<WORD_BITS, 1>,
    _cues: usize,
    _last_cue: usize,
    _before_last: usize,
}

impl Arrive {
    /// For so many cues of so many words.
    pub fn new(cues: usize, words: usize) -> Self {
        Arrive {
            own: many(cues),
            moves: many(cues),
            more_words: super::counts::more(words),
            word_sign: super::counts::sign(words),
            _cues: cues,
            _last_cue: cues - 1,
            _before_last: cues - 2,
            ..Default::default()
        }
    }
}

impl Logic for Arrive {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: arrive");
        self.in_ready.next = self.open.q.val();
        self.accept.next = self.open.q.val() & self.in_valid.val();
        self.last.next = self.words.q.val().get_bit(self.word_sign.val().index());
        self.ends.d.next = (self.open.q.val() & self.in_valid.val()) & self.last.val();
        self.ended.next = self.ends.q.val();
        for c in 0..self._cues {
            self.moves[c].next = (self.open.q.val() & self.in_valid.val()) & self.own[c].val();
        }
        if self.open.q.val() & self.in_valid.val() {
            self.words.d.next = self.words.q.val() - self.one_word.val();
            if self.last.val() {
                self.words.d.next = self.more_words.val();
            }
        }
        if self.waking.val() {
            self.words.d.next = self.more_words.val();
        }
        comment!("a cycle to the next state; the last one may have to wait");
        // registers, since whose turn it is was there long before
        self.onward.d.next = false;
        self.free.d.next = true;
        for c in self._last_cue..self._cues {
            for b in self._before_last..self._last_cue {
                self.onward.d.next = !(self.own[c].val() | (self.own[b].val() & self.leaves.val()));
                self.free.d.next = !((self.own[c].val() | self.own[b].val()) & self.leaves.val());
            }
        }
        self.open.d.next = ((self.ends.q.val() & self.onward.q.val())
            | ((self.loading.val() & self.free.q.val()) & !(self.open.q.val() | self.ends.q.val())))
            | (self.open.q.val() & !(self.in_valid.val() & self.last.val()));
        if self.reset.val() {
            self.open.d.next = false;
            self.ends.d.next = false;
        }
    }
}
