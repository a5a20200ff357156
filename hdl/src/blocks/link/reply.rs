//! Says what came of a request: a header and words, or an error.
//!
//! What is said is a word of the link's own, chosen a cycle before it is offered, or one of the core's.

use super::{REPLY, error, version};
use crate::{blocks::prelude::*, contents::Plan};

/// Speaks.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Reply {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// For one cycle: a reply is due.
    pub due: Signal<In, Bit>,
    /// For one cycle: an error is to be said.
    pub fails: Signal<In, Bit>,
    /// For one cycle: all that follows the header was said.
    pub said: Signal<In, Bit>,
    /// The kind of the request, which is that of its reply.
    pub kind: Signal<In, Bits<4>>,
    /// The request writes.
    pub is_write: Signal<In, Bit>,
    /// It is for a self-test, or forgets a pattern: its reply has no body.
    pub is_test: Signal<In, Bit>,
    /// What is read of the page is `read_data`.
    pub tells: Vec<Signal<In, Bit>>,
    /// It is about the page.
    pub on_page: Signal<In, Bit>,
    /// Its number.
    pub serial: Signal<In, Bits<8>>,
    /// What is wrong with it.
    pub code: Signal<In, Bits<4>>,
    /// Words are read.
    pub reading: Signal<In, Bit>,
    /// One is there.
    pub offering: Signal<In, Bit>,
    /// The page's.
    pub page_word: Signal<In, Bits<16>>,
    /// A table's.
    pub read_data: Signal<In, Bits<16>>,
    /// Words come from the core.
    pub streaming: Signal<In, Bit>,
    /// It has one.
    pub out_valid: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<In, Bits<16>>,
    /// The word, or the end, is taken.
    pub send_ready: Signal<In, Bit>,
    /// A word is offered.
    pub send_valid: Signal<Out, Bit>,
    /// The word.
    pub send_word: Signal<Out, Bits<16>>,
    /// The reply is over.
    pub finish: Signal<Out, Bit>,
    /// For one cycle: its header was said.
    pub replied: Signal<Out, Bit>,
    /// For one cycle: its end was.
    pub over: Signal<Out, Bit>,
    /// The reply's header.
    replying: Register<Bit>,
    /// The error's header.
    naming: Register<Bit>,
    /// Its code.
    coding: Register<Bit>,
    /// Its detail.
    detailing: Register<Bit>,
    /// The reply ends.
    finishing: Register<Bit>,
    /// What is said was chosen: it is offered.
    talking: Register<Bit>,
    chosen: Register<Bits<16>>,
    /// A table's word: it comes out of a block RAM, through choices of its own.
    of_page: Register<Bit>,
    table_word: Register<Bits<16>>,
    outdated: Register<Bit>,
    talked: Signal<Local, Bit>,
    header: Signal<Local, Bits<16>>,
    streamed: Signal<Local, Bits<16>>,
    /// The version of the protocol, which is said where another one was spoken.
    version: Constant<Bits<16>>,
    eight: Literal<16, 8>,
    nothing: Literal<16, 0>,
    reply_mark: Constant<Bits<16>>,
    version_code: Literal<4, { error::VERSION }>,
    _learns: usize,
}

impl Reply {
    /// For the core of a plan.
    pub fn new(plan: &Plan) -> Self {
        let learns = usize::from(plan.learns);
        Reply {
            tells: many(learns),
            version: constant(version(plan)),
            reply_mark: constant(REPLY | version(plan) << 4),
            _learns: learns,
            ..Default::default()
        }
    }
}

impl Logic for Reply {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: reply");
        self.talked.next = self.talking.q.val() & self.send_ready.val();
        comment!("the reply's header, then what there is to say");
        self.replying.d.next = self.due.val() | (self.replying.q.val() & !self.talked.val());
        self.replied.next = self.replying.q.val() & self.talked.val();
        comment!("or an error, its code and its detail");
        self.naming.d.next = self.fails.val() | (self.naming.q.val() & !self.talked.val());
        self.coding.d.next = (self.naming.q.val() & self.talked.val()) | (self.coding.q.val() & !self.talked.val());
        self.detailing.d.next =
            (self.coding.q.val() & self.talked.val()) | (self.detailing.q.val() & !self.talked.val());
        comment!("and the end");
        self.finishing.d.next = ((self.replying.q.val()
            & (self.talked.val() & (self.is_write.val() | self.is_test.val())))
            | self.said.val())
            | ((self.detailing.q.val() & self.talked.val()) | (self.finishing.q.val() & !self.send_ready.val()));
        self.over.next = self.finishing.q.val() & self.send_ready.val();
        self.finish.next = self.finishing.q.val();
        comment!("the word");
        self.talking.d.next = ((self.replying.q.val() | self.naming.q.val())
            | (self.coding.q.val() | self.detailing.q.val()))
            & !self.talked.val();
        self.send_valid.next =
            self.talking.q.val() | (self.offering.val() | (self.streaming.val() & self.out_valid.val()));
        self.header.next = (bit_cast::<16, 8>(self.serial.val()) << self.eight.val()) | self.reply_mark.val();
        self.outdated.d.next = self.code.val() == self.version_code.val();
        self.table_word.d.next = self.read_data.val();
        self.chosen.d.next = self.nothing.val();
        if self.naming.q.val() {
            self.chosen.d.next = self.header.val();
        }
        if self.replying.q.val() {
            self.chosen.d.next = self.header.val() | bit_cast::<16, 4>(self.kind.val());
        }
        if self.coding.q.val() {
            self.chosen.d.next = bit_cast::<16, 4>(self.code.val());
        }
        if self.detailing.q.val() & self.outdated.q.val() {
            self.chosen.d.next = self.version.val();
        }
        self.of_page.d.next = self.on_page.val();
        for l in 0..self._learns {
            // the number of patterns is said by the way of a table's word
            self.of_page.d.next = self.on_page.val() & !self.tells[l].val();
        }
        if self.reading.val() {
            self.chosen.d.next = self.table_word.q.val();
            if self.of_page.q.val() {
                self.chosen.d.next = self.page_word.val();
            }
        }
        self.streamed.next = self.nothing.val();
        if self.streaming.val() {
            self.streamed.next = self.out_data.val();
        }
        self.send_word.next = self.chosen.q.val() | self.streamed.val();
        if self.reset.val() {
            self.replying.d.next = false;
            self.naming.d.next = false;
            self.coding.d.next = false;
            self.detailing.d.next = false;
            self.finishing.d.next = false;
            self.talking.d.next = false;
        }
    }
}
