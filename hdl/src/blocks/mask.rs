//! The mask: which bits of a cue count for no distance, a flip-flop each.
//!
//! ```text
//! stream -> mask, last lane -> ... -> mask, first lane -> state, last lane -> ... -> state, first lane
//! ```
//!
//! Its words follow those of the cue through one chain: after as many shifts as both have words, each is where it belongs. They are held
//! inverted. Where a key's bits vote, the same flip-flops say after the first scan where `pick` is all ones, in place of a copy of that
//! control: so a bit that can be unknown takes a flip-flop with its table, and nothing else.

use crate::blocks::prelude::*;

/// The mask of 16 bits.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Mask {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Take something else.
    pub enable: Signal<In, Bit>,
    /// Where it follows `everyone` between recalls and after the first scan: take `word_in` and not that.
    pub loads: Vec<Signal<In, Bit>>,
    /// `pick` is all ones.
    pub everyone: Vec<Signal<In, Bit>>,
    /// The lane above, or the input stream, inverted.
    pub word_in: Signal<In, Bits<16>>,
    /// A bit that is one counts for nothing in a scan; in `pick`, it is one in a vote.
    pub skip: Signal<Out, Bits<16>>,
    held: Register<Bits<16>>,
    forced: Vec<Signal<Local, Bits<16>>>,
    none: Literal<16, 0>,
    ones: Literal<16, 0xffff>,
    _follows: usize,
    _alone: usize,
}

impl Mask {
    /// That of a lane. `follows`: where a key's bits vote, or rows of keys can be fetched.
    pub fn new(follows: bool) -> Self {
        let follows = usize::from(follows);
        Mask {
            loads: many(follows),
            everyone: many(follows),
            forced: many(follows),
            _follows: follows,
            _alone: 1 - follows,
            ..Default::default()
        }
    }
}

impl Logic for Mask {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: mask");
        for _a in 0..self._alone {
            if self.enable.val() {
                self.held.d.next = self.word_in.val();
            }
        }
        for f in 0..self._follows {
            self.forced[f].next = self.none.val();
            if self.everyone[f].val() {
                self.forced[f].next = self.ones.val();
            }
            if self.enable.val() {
                self.held.d.next = self.forced[f].val();
                if self.loads[f].val() {
                    self.held.d.next = self.word_in.val();
                }
            }
        }
        self.skip.next = self.held.q.val();
    }
}
