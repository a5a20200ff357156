//! Requests to deeds: [`Parse`] reads a request's words, [`Perform`] does what it says, [`Reply`] answers.
//!
//! ```text
//! parse: resting -> heading -> sizing -> sorting -> targeting -> addressing -> counting -> summing -> measuring -> judging
//!                                           |                                                                     |
//! perform, reply:                (RECALL, SELFTEST)                                              replying / writing
//! ```
//!
//! Then come `replying` and `streaming` (cues and rows go through the core's streams), `reading`, or `writing` and `replying`.
//!
//! Every state is a register of its own, every register's next value a sum of products of them, and what a state asks was
//! registered before it: there are a dozen cycles for every word, but each must be as short as the core's.

use super::{find::Find, parse::Parse, perform::Perform, receive::PLACE_BITS, reply::Reply, words::Words};
use crate::{blocks::prelude::*, contents::Plan};
use hopgate_model::kind::Kind;

/// Carries requests out.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Execute {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The buffer's word at `place`, two cycles later.
    pub word: Signal<In, Bits<16>>,
    /// The end of what can be read.
    pub written: Signal<In, Bits<PLACE_BITS>>,
    /// The reply's word, or its end, is taken.
    pub send_ready: Signal<In, Bit>,
    /// The core takes a word.
    pub in_ready: Signal<In, Bit>,
    /// The core has a word.
    pub out_valid: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<In, Bits<16>>,
    /// The page's word at `address`, a cycle later.
    pub page_word: Signal<In, Bits<16>>,
    /// The table's, three cycles later.
    pub read_data: Signal<In, Bits<16>>,
    /// The device was just configured.
    pub cold: Signal<In, Bit>,
    /// The numbers of a self-test are out of range.
    pub test_beyond: Signal<In, Bit>,
    /// A self-test is over.
    pub test_over: Signal<In, Bit>,
    /// Of a board that learns: it forgets.
    pub busy: Vec<Signal<In, Bit>>,
    /// It has no pattern.
    pub none: Vec<Signal<In, Bit>>,
    /// How many there are, while a FORGET is judged.
    pub row: Vec<Signal<In, Index>>,
    /// The word is a class, and not for the core,
    pub classing: Vec<Signal<In, Bit>>,
    /// or it must wait.
    pub valuing: Vec<Signal<In, Bit>>,
    /// For one cycle: a STORE begins,
    pub stores: Vec<Signal<Out, Bit>>,
    /// or a FORGET does: of the pattern at `address`, which stays there.
    pub forgets: Vec<Signal<Out, Bit>>,
    /// What is read of the page is `read_data`, the number of patterns.
    pub tells: Vec<Signal<In, Bit>>,
    /// The core is asked for a row,
    pub asks: Vec<Signal<In, Bit>>,
    /// and what was asked for is there.
    pub there: Vec<Signal<Out, Bit>>,
    /// A request reads the page.
    pub reads_page: Vec<Signal<Out, Bit>>,
    /// It is a LEARN,
    pub is_learn: Vec<Signal<Out, Bit>>,
    /// and the answer's next word is that of the steps.
    pub at_steps: Vec<Signal<Out, Bit>>,
    /// For one cycle: its reply was said.
    pub said: Vec<Signal<Out, Bit>>,
    /// Its words are in the core.
    pub cue_there: Vec<Signal<Out, Bit>>,
    /// Where there are classes: a word of a STORE is taken, the class, or one for the core.
    pub word_comes: Vec<Signal<Out, Bit>>,
    /// The place of the buffer that is read.
    pub place: Signal<Out, Bits<PLACE_BITS>>,
    /// A word of the reply.
    pub send_valid: Signal<Out, Bit>,
    /// The word.
    pub send_word: Signal<Out, Bits<16>>,
    /// The reply is over.
    pub finish: Signal<Out, Bit>,
    /// A word of a cue for the core.
    pub in_valid: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<Out, Bits<16>>,
    /// A word of the core's answer is taken.
    pub out_ready: Signal<Out, Bit>,
    /// Write the buffer's word to the page.
    pub page_write: Signal<Out, Bit>,
    /// Words for the core are those of a row, and stay there.
    pub rowing: Signal<Out, Bit>,
    /// For one cycle: all of them are there; write them to a row.
    pub load_row: Signal<Out, Bit>,
    /// Where values are apart from the keys: that row, one that comes, and one that is read, is one of values.
    pub on_values: Vec<Signal<Out, Bit>>,
    /// Write it to the kernel table.
    pub load_kernel: Signal<Out, Bit>,
    /// Write it to the threshold table.
    pub load_threshold: Signal<Out, Bit>,
    /// Write it to the sizes.
    pub load_size: Signal<Out, Bit>,
    /// The bank of a row.
    pub bank: Signal<Out, Bits<2>>,
    /// Where to write, and to read.
    pub address: Signal<Out, Index>,
    /// The core's next answer is the row there.
    pub read_row: Signal<Out, Bit>,
    /// Read the kernel table there.
    pub read_kernel: Signal<Out, Bit>,
    /// Read the threshold table there.
    pub read_threshold: Signal<Out, Bit>,
    /// The buffer's word is one of a self-test's numbers.
    pub test_fill: Signal<Out, Bit>,
    /// A self-test begins.
    pub test_start: Signal<Out, Bit>,
    /// No request is carried out.
    pub resting: Signal<Out, Bit>,
    /// No memory is valid.
    pub invalid: Signal<Out, Bit>,
    words: Words,
    parse: Parse,
    perform: Perform,
    reply: Reply,
    find: Find,
    _values: usize,
    _learns: usize,
    _autos: usize,
    _classes: usize,
    _chooses: usize,
}

impl Execute {
    /// For the core of a plan, with a self-test beside it or without.
    pub fn new(plan: &Plan, tests: bool) -> Self {
        let values = usize::from(plan.valued());
        let [learns, autos] = [plan.learns, plan.auto_store].map(usize::from);
        let classes = if plan.kind == Kind::Class { learns } else { 0 };
        Execute {
            busy: many(learns),
            none: many(learns),
            row: many(learns),
            forgets: many(learns),
            reads_page: many(learns),
            tells: many(learns),
            asks: many(learns),
            there: many(learns),
            classing: many(classes),
            valuing: many(classes),
            stores: many(learns),
            said: many(learns),
            cue_there: many(learns),
            word_comes: many(classes),
            is_learn: many(autos),
            at_steps: many(autos),
            _autos: autos,
            _learns: learns,
            _classes: classes,
            _chooses: usize::from(plan.chooses()),
            on_values: many(values),
            words: Words::new(plan),
            parse: Parse::new(plan, tests),
            perform: Perform::new(plan),
            reply: Reply::new(plan),
            find: Find::new(plan),
            _values: values,
            ..Default::default()
        }
    }
}

impl Logic for Execute {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: execute");
        self.words.reset.next = self.reset.val();
        self.parse.reset.next = self.reset.val();
        self.perform.reset.next = self.reset.val();
        self.reply.reset.next = self.reset.val();
        comment!("words from the buffer");
        self.words.word.next = self.word.val();
        self.words.written.next = self.written.val();
        self.words.resting.next = self.parse.resting.val();
        self.words.taking.next = self.parse.taking.val();
        self.words.drawing.next = self.parse.skipping.val() | self.perform.drawing.val();
        self.words.waiting.next = (self.perform.streaming.val() | self.perform.rowing.val()) & !self.in_ready.val();
        self.place.next = self.words.place.val();
        comment!("what is asked");
        self.parse.word.next = self.word.val();
        self.parse.fresh.next = self.words.fresh.val();
        self.parse.more.next = self.words.more.val();
        self.parse.left.next = self.words.left.val();
        self.parse.invalid.next = self.perform.invalid.val();
        self.parse.same.next = self.perform.same.val();
        self.parse.unfit.next = self.perform.unfit.val();
        self.parse.reading.next = self.perform.reading.val();
        self.parse.advance.next = self.perform.advance.val();
        self.parse.weighing.next = self.perform.weighing.val();
        self.parse.test_beyond.next = self.test_beyond.val();
        self.parse.over.next = self.reply.over.val();
        comment!("what is done");
        self.perform.cold.next = self.cold.val();
        self.perform.word.next = self.word.val();
        self.perform.fresh.next = self.words.fresh.val();
        self.perform.more.next = self.words.more.val();
        self.perform.writes.next = self.parse.writes.val();
        self.perform.tests.next = self.parse.tests.val();
        self.perform.replied.next = self.reply.replied.val();
        self.perform.is_read.next = self.parse.is_read.val();
        self.perform.is_recall.next = self.parse.is_recall.val();
        self.perform.on_page.next = self.parse.on_page.val();
        self.perform.on_kernel.next = self.parse.on_kernel.val();
        self.perform.on_threshold.next = self.parse.on_threshold.val();
        self.perform.on_rows.next = self.parse.on_rows.val();
        self.perform.place.next = self.parse.place.val();
        self.perform.ended.next = self.parse.ended.val();
        self.perform.control.next = self.parse.control.val();
        self.perform.on_sizes.next = self.parse.on_sizes.val();
        self.perform.send_ready.next = self.send_ready.val();
        self.perform.in_ready.next = self.in_ready.val();
        self.perform.out_valid.next = self.out_valid.val();
        self.perform.drops.next = self.find.drops.val();
        self.perform.test_beyond.next = self.test_beyond.val();
        self.perform.test_over.next = self.test_over.val();
        self.page_write.next = self.perform.page_write.val();
        self.perform.is_write.next = self.parse.is_write.val();
        self.rowing.next = self.perform.rowing.val();
        self.load_row.next = self.perform.load_row.val();
        for v in 0..self._values {
            // what was asked before a recall, a self-test or a STORE is of no concern
            self.on_values[v].next =
                self.parse.on_values[v].val() & (self.parse.is_read.val() | self.parse.is_write.val());
        }
        self.load_kernel.next = self.perform.load_kernel.val();
        self.load_threshold.next = self.perform.load_threshold.val();
        self.load_size.next = self.perform.load_size.val();
        self.bank.next = self.parse.bank.val();
        self.address.next = bit_cast::<INDEX_BITS, 16>(self.parse.place.val());
        self.read_row.next = self.perform.read_row.val();
        self.read_kernel.next = self.perform.read_kernel.val();
        self.read_threshold.next = self.perform.read_threshold.val();
        self.in_valid.next = self.perform.in_valid.val();
        self.in_data.next = self.word.val();
        self.out_ready.next = self.perform.out_ready.val();
        self.test_fill.next = self.perform.test_fill.val();
        self.test_start.next = self.perform.test_start.val();
        self.resting.next = self.parse.resting.val();
        self.invalid.next = self.perform.invalid.val();
        for l in 0..self._learns {
            comment!("a board that learns: STORE is like a RECALL, FORGET is told where and how many like a READ");
            self.parse.busy[l].next = self.busy[l].val();
            self.parse.none[l].next = self.none[l].val();
            self.parse.row[l].next = self.row[l].val();
            self.perform.forgets[l].next = self.parse.forgets[l].val();
            self.forgets[l].next = self.parse.forgets[l].val();
            self.reads_page[l].next = self.parse.is_read.val() & self.parse.on_page.val();
            self.perform.asks[l].next = self.asks[l].val();
            self.there[l].next = self.perform.there[l].val();
            self.reply.tells[l].next = self.tells[l].val();
            self.perform.is_store[l].next = self.parse.is_store[l].val();
            self.cue_there[l].next = self.perform.load_row.val() & self.parse.is_store[l].val();
            self.stores[l].next = self.parse.recalls.val() & self.parse.is_store[l].val();
            self.said[l].next = self.perform.said.val();
        }
        for c in 0..self._classes {
            comment!("the class goes before the key");
            self.words.waiting.next = (self.perform.streaming.val() | self.perform.rowing.val())
                & (!self.in_ready.val() | self.valuing[c].val());
            self.in_valid.next = self.perform.in_valid.val() & !(self.classing[c].val() | self.valuing[c].val());
            self.word_comes[c].next = (self.perform.in_valid.val() & self.in_ready.val()) & !self.valuing[c].val();
        }
        comment!("of what a FIND asks the nearest pattern and its distance are said alone");
        self.find.is_find.next = self.parse.is_find.val();
        self.find.finds.next = self.parse.is_find.val() & self.perform.streaming.val();
        self.find.out_valid.next = self.out_valid.val();
        self.find.out_data.next = self.out_data.val();
        self.find.send_ready.next = self.send_ready.val();
        for c in 0..self._chooses {
            self.find.cold[c].next = self.cold.val();
            self.find.load_size[c].next = self.perform.load_size.val();
            self.find.which[c].next = bit_cast::<3, 16>(self.parse.place.val());
            self.find.size[c].next = self.word.val();
        }
        for a in 0..self._autos {
            comment!("a LEARN is a STORE of a cue that is recalled: what it says of the steps decides");
            self.is_learn[a].next = self.parse.is_learn[a].val();
            self.find.counts[a].next = self.parse.is_learn[a].val() & self.perform.streaming.val();
            self.at_steps[a].next = self.find.at_steps[a].val();
        }
        comment!("what is said");
        self.reply.due.next = (self.parse.recalls.val() | self.parse.reads.val()) | self.perform.done.val();
        self.reply.fails.next = self.parse.fails.val() | self.perform.refuses.val();
        self.reply.said.next = self.perform.said.val();
        self.reply.kind.next = self.parse.asked.val();
        self.reply.is_write.next = self.parse.is_write.val();
        self.reply.is_test.next = self.parse.is_test.val();
        for l in 0..self._learns {
            self.reply.is_test.next = self.parse.is_test.val() | self.parse.is_forget[l].val();
        }
        self.reply.on_page.next = self.parse.on_page.val();
        self.reply.serial.next = self.parse.serial.val();
        self.reply.code.next = self.parse.code.val();
        self.reply.reading.next = self.perform.reading.val();
        self.reply.offering.next = self.perform.offering.val();
        self.reply.page_word.next = self.page_word.val();
        self.reply.read_data.next = self.read_data.val();
        self.reply.streaming.next = self.perform.streaming.val();
        self.reply.out_valid.next = self.out_valid.val() & !self.find.drops.val();
        self.reply.out_data.next = self.find.word.val();
        self.reply.send_ready.next = self.send_ready.val();
        self.send_valid.next = self.reply.send_valid.val();
        self.send_word.next = self.reply.send_word.val();
        self.finish.next = self.reply.finish.val();
    }
}
