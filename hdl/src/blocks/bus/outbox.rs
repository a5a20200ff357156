//! Replies as words: each is shown when it is known whether another one follows.

use crate::blocks::prelude::*;

/// Holds two words of a reply.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Outbox {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Forget both.
    pub reset: Signal<In, Bit>,
    /// A word comes,
    pub valid: Signal<In, Bit>,
    /// this one,
    pub word: Signal<In, Bits<16>>,
    /// or the end.
    pub finish: Signal<In, Bit>,
    /// It is taken.
    pub ready: Signal<Out, Bit>,
    /// The word that is shown is read.
    pub pop: Signal<In, Bit>,
    /// There is one.
    pub there: Signal<Out, Bit>,
    /// That.
    pub data: Signal<Out, Bits<16>>,
    /// It is the reply's last.
    pub last: Signal<Out, Bit>,
    held: Register<Bits<16>>,
    holding: Register<Bit>,
    shown: Register<Bits<16>>,
    showing: Register<Bit>,
    ended: Register<Bit>,
}

impl Logic for Outbox {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: outbox");
        self.ready.next = !self.showing.q.val();
        self.there.next = self.showing.q.val();
        self.data.next = self.shown.q.val();
        self.last.next = self.ended.q.val();
        if self.pop.val() {
            self.showing.d.next = false;
        }
        if !self.showing.q.val() & (self.valid.val() | self.finish.val()) {
            self.shown.d.next = self.held.q.val();
            self.showing.d.next = self.holding.q.val();
            self.ended.d.next = self.finish.val();
            self.held.d.next = self.word.val();
            self.holding.d.next = !self.finish.val();
        }
        if self.reset.val() {
            self.holding.d.next = false;
            self.showing.d.next = false;
        }
    }
}
