//! When the cues of a stream have the core that they share with registers and requests.
//!
//! (A block of its own: what may enter depends on no word that is offered, and a simulator sees that where nothing else is computed beside it.)

use crate::blocks::prelude::*;

/// The turns of a stream.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Turn {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Nothing is under way.
    pub reset: Signal<In, Bit>,
    /// Cues may come by the stream.
    pub on: Signal<In, Bit>,
    /// No request is there or carried out,
    pub free: Signal<In, Bit>,
    /// and no recall by the registers is under way.
    pub quiet: Signal<In, Bit>,
    /// The core takes a word of a cue.
    pub in_ready: Signal<In, Bit>,
    /// It is given one of the stream;
    pub enters: Signal<In, Bit>,
    /// that is the cue's last.
    pub whole: Signal<In, Bit>,
    /// The last word of an answer goes out.
    pub over: Signal<In, Bit>,
    /// The next word of the stream may enter.
    pub granted: Signal<Out, Bit>,
    /// The core's answers are the stream's.
    pub recalls: Signal<Out, Bit>,
    /// A cue of the stream is under way: from its first word to the last one of its last answer.
    pub busy: Signal<Out, Bit>,
    begun: Register<Bit>,
    recalling: Register<Bit>,
    /// An answer has gone out: it was the last if the core takes the next cue.
    answered: Register<Bit>,
}

impl Logic for Turn {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: turn");
        comment!("(the core takes no word while it recalls)");
        self.granted.next = self.begun.q.val() | ((self.on.val() & self.free.val()) & self.quiet.val());
        self.recalls.next = self.recalling.q.val();
        self.busy.next = self.begun.q.val() | self.recalling.q.val();
        comment!("the last answer is over");
        if self.answered.q.val() & self.in_ready.val() {
            self.recalling.d.next = false;
            self.answered.d.next = false;
        }
        comment!("the words of a cue");
        if self.enters.val() {
            self.begun.d.next = !self.whole.val();
        }
        if self.whole.val() {
            self.recalling.d.next = true;
        }
        if self.over.val() {
            self.answered.d.next = true;
        }
        if self.reset.val() {
            self.begun.d.next = false;
            self.recalling.d.next = false;
            self.answered.d.next = false;
        }
    }
}
