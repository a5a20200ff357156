//! Does what a request says: writes and reads memories, hands cues and answers on, starts self-tests.

use super::{fits::Fits, page::first_begin};
use crate::{blocks::prelude::*, contents::Plan};

/// Carries requests out.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Perform {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The device was just configured.
    pub cold: Signal<In, Bit>,
    /// The buffer's word.
    pub word: Signal<In, Bits<16>>,
    /// It is there, and wanted.
    pub fresh: Signal<In, Bit>,
    /// Words of the request are left.
    pub more: Signal<In, Bit>,
    /// For one cycle: words are to be written,
    pub writes: Signal<In, Bit>,
    /// or those of a self-test come.
    pub tests: Signal<In, Bit>,
    /// For one cycle: the reply's header was said.
    pub replied: Signal<In, Bit>,
    /// The request writes.
    pub is_write: Signal<In, Bit>,
    /// It reads.
    pub is_read: Signal<In, Bit>,
    /// It recalls.
    pub is_recall: Signal<In, Bit>,
    /// It is about the page.
    pub on_page: Signal<In, Bit>,
    /// It is about the kernel table.
    pub on_kernel: Signal<In, Bit>,
    /// It is about the threshold table.
    pub on_threshold: Signal<In, Bit>,
    /// It is about a row.
    pub on_rows: Signal<In, Bit>,
    /// Of a board that learns: a pattern is stored, or a cue recalled as one.
    pub is_store: Vec<Signal<In, Bit>>,
    /// For one cycle: one is forgotten from now on.
    pub forgets: Vec<Signal<In, Bit>>,
    /// The core is asked for a row besides,
    pub asks: Vec<Signal<In, Bit>>,
    /// and what was asked for is there.
    pub there: Vec<Signal<Out, Bit>>,
    /// The place there.
    pub place: Signal<In, Bits<16>>,
    /// It is behind the last that is read.
    pub ended: Signal<In, Bit>,
    /// It is that of begin or of commit.
    pub control: Signal<In, Bit>,
    /// It is that of a size.
    pub on_sizes: Signal<In, Bit>,
    /// A word of the reply is taken.
    pub send_ready: Signal<In, Bit>,
    /// The core takes a word.
    pub in_ready: Signal<In, Bit>,
    /// The core has a word.
    pub out_valid: Signal<In, Bit>,
    /// It is not to be sent.
    pub drops: Signal<In, Bit>,
    /// The numbers of a self-test are out of range.
    pub test_beyond: Signal<In, Bit>,
    /// A self-test is over, or a FORGET.
    pub test_over: Signal<In, Bit>,
    /// Words are wanted.
    pub drawing: Signal<Out, Bit>,
    /// Words go to the core, and come from it.
    pub streaming: Signal<Out, Bit>,
    /// Words are read.
    pub reading: Signal<Out, Bit>,
    /// One is there.
    pub offering: Signal<Out, Bit>,
    /// The place moves on.
    pub advance: Signal<Out, Bit>,
    /// For one cycle: it is done, and a reply is due.
    pub done: Signal<Out, Bit>,
    /// For one cycle: there is no more to say.
    pub said: Signal<Out, Bit>,
    /// A self-test's numbers are looked at.
    pub weighing: Signal<Out, Bit>,
    /// They are wrong.
    pub refuses: Signal<Out, Bit>,
    /// No memory is valid.
    pub invalid: Signal<Out, Bit>,
    /// The buffer's word is the number of the last load that began.
    pub same: Signal<Out, Bit>,
    /// A size that was loaded is none that the core has.
    pub unfit: Signal<Out, Bit>,
    /// The word is for the core.
    pub in_valid: Signal<Out, Bit>,
    /// The core's word is taken.
    pub out_ready: Signal<Out, Bit>,
    /// Write the buffer's word to the page.
    pub page_write: Signal<Out, Bit>,
    /// Words are those of a row, and stay in the core.
    pub rowing: Signal<Out, Bit>,
    /// For one cycle: all of them are there; write them.
    pub load_row: Signal<Out, Bit>,
    /// Write it to the kernel table.
    pub load_kernel: Signal<Out, Bit>,
    /// Write it to the threshold table.
    pub load_threshold: Signal<Out, Bit>,
    /// Write it to the sizes.
    pub load_size: Signal<Out, Bit>,
    /// The core's next answer is the row at the place.
    pub read_row: Signal<Out, Bit>,
    /// Read the kernel table there.
    pub read_kernel: Signal<Out, Bit>,
    /// Read the threshold table there.
    pub read_threshold: Signal<Out, Bit>,
    /// The buffer's word is one of a self-test's numbers.
    pub test_fill: Signal<Out, Bit>,
    /// A self-test begins.
    pub test_start: Signal<Out, Bit>,
    fits: Fits,
    /// Words are written.
    writing: Register<Bit>,
    /// A word is written.
    storing: Register<Bit>,
    /// Words of a row go to the core.
    filling_row: Register<Bit>,
    row_there: Signal<Local, Bit>,
    row_writes: Signal<Local, Bit>,
    /// Words are read.
    looking: Register<Bit>,
    /// A row is asked for.
    asking: Register<Bit>,
    /// Words go to the core, and come from it.
    passing: Register<Bit>,
    /// The numbers of a self-test are handed on.
    filling: Register<Bit>,
    /// All of them are there.
    filled_up: Register<Bit>,
    /// Are they right?
    judging: Register<Bit>,
    /// It runs, or a pattern is forgotten.
    testing: Register<Bit>,
    low_equal: Register<Bit>,
    high_equal: Register<Bit>,
    unfit_held: Register<Bit>,
    /// One bit that moves up, a cycle a place, until what is read is there; then it is.
    waits: Register<Bits<5>>,
    poised: Register<Bit>,
    row_asked: Register<Bit>,
    filled: Register<Bit>,
    nonce: Register<Bits<16>>,
    loading: Register<Bit>,
    sent: Signal<Local, Bit>,
    read_over: Signal<Local, Bit>,
    stream_over: Signal<Local, Bit>,
    test_runs: Signal<Local, Bit>,
    begins: Signal<Local, Bits<5>>,
    waited: Signal<Local, Bit>,
    first_wait: Literal<5, 1>,
    no_wait: Literal<5, 0>,
    eight: Literal<16, 8>,
    /// Nothing valid is there after configuration: a load is under way, as the page says.
    empty: Constant<Bit>,
    first_nonce: Constant<Bits<16>>,
    _learns: usize,
}

impl Perform {
    /// For the core of a plan.
    pub fn new(plan: &Plan) -> Self {
        let learns = usize::from(plan.learns);
        Perform {
            fits: Fits::new(plan),
            is_store: many(learns),
            forgets: many(learns),
            asks: many(learns),
            there: many(learns),
            _learns: learns,
            empty: Constant::new(plan.spram_lanes > 0),
            first_nonce: constant(first_begin(plan).into()),
            ..Default::default()
        }
    }
}

impl Logic for Perform {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: perform");
        self.drawing.next =
            (self.writing.q.val() | self.filling_row.q.val()) | (self.filling.q.val() | self.passing.q.val());
        comment!("write: a word a turn, a cycle after it was there: until then neither it nor its place changes");
        self.writing.d.next = (self.writes.val() & !self.on_rows.val()) | (self.writing.q.val() & self.more.val());
        self.storing.d.next = self.writing.q.val() & self.fresh.val();
        self.page_write.next = self.storing.q.val() & self.on_page.val();
        self.load_size.next = self.storing.q.val() & self.on_sizes.val();
        self.load_kernel.next = self.storing.q.val() & self.on_kernel.val();
        self.load_threshold.next = self.storing.q.val() & self.on_threshold.val();
        comment!("a row: its words go where those of a cue go, and are written once all are there");
        self.row_writes.next = self.writes.val() & self.on_rows.val();
        for l in 0..self._learns {
            self.row_writes.next =
                (self.writes.val() & self.on_rows.val()) | (self.replied.val() & self.is_store[l].val());
        }
        self.filling_row.d.next = self.row_writes.val() | (self.filling_row.q.val() & self.more.val());
        self.rowing.next = self.filling_row.q.val();
        self.row_there.next = self.filling_row.q.val() & !self.more.val();
        self.load_row.next = self.filling_row.q.val() & !self.more.val();
        self.fits.cold.next = self.cold.val();
        self.fits.write.next = self.storing.q.val() & self.on_sizes.val();
        self.fits.which.next = bit_cast::<3, 16>(self.place.val());
        self.fits.word.next = self.word.val();
        self.unfit_held.d.next = self.fits.wrong.val();
        self.unfit.next = self.unfit_held.q.val();
        comment!("begin and commit");
        self.low_equal.d.next = bit_cast::<8, 16>(self.word.val()) == bit_cast::<8, 16>(self.nonce.q.val());
        self.high_equal.d.next = (self.word.val() >> self.eight.val()) == (self.nonce.q.val() >> self.eight.val());
        self.same.next = self.low_equal.q.val() & self.high_equal.q.val();
        self.invalid.next = self.loading.q.val();
        if self.storing.q.val() & self.control.val() {
            self.loading.d.next = !self.place.val().get_bit(0);
            if !self.place.val().get_bit(0) {
                self.nonce.d.next = self.word.val();
            }
        }
        comment!("a self-test's numbers, each a cycle after it was there: the buffer still shows it; then it runs");
        self.filling.d.next = self.tests.val() | (self.filling.q.val() & self.more.val());
        self.filled_up.d.next = self.filling.q.val() & !self.more.val();
        self.judging.d.next = self.filled_up.q.val();
        self.weighing.next = self.judging.q.val();
        self.filled.d.next = self.filling.q.val() & self.fresh.val();
        self.test_fill.next = self.filled.q.val();
        self.test_runs.next = self.judging.q.val() & !(self.test_beyond.val() | self.loading.q.val());
        self.test_start.next = self.test_runs.val();
        self.refuses.next = self.judging.q.val() & !self.test_runs.val();
        self.testing.d.next = self.test_runs.val() | (self.testing.q.val() & !self.test_over.val());
        for l in 0..self._learns {
            self.testing.d.next = self.forgets[l].val() | (self.testing.q.val() & !self.test_over.val());
        }
        comment!("read: what there is to say follows the reply's header");
        // while words are read: one that is poised was not the last
        self.offering.next = self.poised.q.val();
        self.sent.next = self.poised.q.val() & self.send_ready.val();
        self.advance.next = self.sent.val() | self.storing.q.val();
        self.waited.next = self.waits.q.val().get_bit(4);
        // not before the first word: a request reads one at least
        self.read_over.next = self.waits.q.val().get_bit(3) & self.ended.val();
        self.stream_over.next = !self.more.val() & (self.in_ready.val() & !self.out_valid.val());
        self.looking.d.next = (self.replied.val() & (self.is_read.val() & !self.on_rows.val()))
            | (self.looking.q.val() & !self.read_over.val());
        self.reading.next = self.looking.q.val();
        self.asking.d.next = (self.replied.val() & (self.is_read.val() & self.on_rows.val()))
            | (self.asking.q.val() & !self.waited.val());
        self.passing.d.next = (self.replied.val() & self.is_recall.val())
            | ((self.asking.q.val() & self.waited.val()) | (self.passing.q.val() & !self.stream_over.val()));
        self.streaming.next = self.passing.q.val();
        self.done.next = (self.writing.q.val() & !self.more.val())
            | (((self.filling_row.q.val() & !self.more.val()) & self.is_write.val())
                | (self.testing.q.val() & self.test_over.val()));
        // of inputs and registers alone: in one statement with `read_over`, which hears of `replied`, it would look like a loop
        self.said.next = (self.looking.q.val() & (self.waits.q.val().get_bit(3) & self.ended.val()))
            | (self.passing.q.val() & (!self.more.val() & (self.in_ready.val() & !self.out_valid.val())));
        comment!(
            "a table's word is there five cycles after its place; a core that is asked for a row seems ready for as long"
        );
        self.begins.next = self.no_wait.val();
        if (self.replied.val() & self.is_read.val()) | self.sent.val() {
            self.begins.next = self.first_wait.val();
        }
        for l in 0..self._learns {
            self.there[l].next = self.waits.q.val().get_bit(4);
            if (self.row_there.val() & self.is_store[l].val()) | self.asks[l].val() {
                self.begins.next = self.first_wait.val();
            }
        }
        self.waits.d.next = (self.waits.q.val() << 1) | self.begins.val();
        self.poised.d.next = self.looking.q.val() & (self.waited.val() | (self.poised.q.val() & !self.sent.val()));
        self.row_asked.d.next = self.asking.q.val() & self.waits.q.val().get_bit(0);
        for l in 0..self._learns {
            comment!("a row that is stored is the cue of a recall: a core that recalls seems ready for as long, too");
            self.asking.d.next = ((self.replied.val() & (self.is_read.val() & self.on_rows.val()))
                | (self.row_there.val() & self.is_store[l].val()))
                | (self.asking.q.val() & !self.waited.val());
            self.row_asked.d.next = self.asking.q.val() & (self.waits.q.val().get_bit(0) & !self.is_store[l].val());
        }
        self.read_row.next = self.row_asked.q.val();
        self.read_kernel.next = self.looking.q.val() & self.on_kernel.val();
        self.read_threshold.next = self.looking.q.val() & self.on_threshold.val();
        comment!("cues and answers");
        self.in_valid.next = (self.passing.q.val() | self.filling_row.q.val()) & self.fresh.val();
        self.out_ready.next = self.passing.q.val() & (self.send_ready.val() | self.drops.val());
        if self.cold.val() {
            self.loading.d.next = self.empty.val();
            self.nonce.d.next = self.first_nonce.val();
        }
        if self.reset.val() {
            self.writing.d.next = false;
            self.filling_row.d.next = false;
            self.storing.d.next = false;
            self.looking.d.next = false;
            self.asking.d.next = false;
            self.passing.d.next = false;
            self.filling.d.next = false;
            self.filled_up.d.next = false;
            self.judging.d.next = false;
            self.testing.d.next = false;
            self.filled.d.next = false;
            self.poised.d.next = false;
            self.waits.d.next = self.no_wait.val();
        }
    }
}
