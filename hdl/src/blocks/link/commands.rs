//! What carries requests out beside a core: [`Execute`], the page, the self-test, and what learns.
//!
//! Where requests come from, and where replies go to, is around it: a UART's frames, or a bus.

use super::{execute::Execute, learn::Learn, page, receive::PLACE_BITS, selftest::SelfTest};
use crate::blocks::prelude::*;
use crate::{blocks::memories::Ram, contents::Plan};
use hopgate_model::kind::Kind;

/// Everything between requests as words and a core.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Commands {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The device was just configured.
    pub cold: Signal<In, Bit>,
    /// The buffer's word at `place`, two cycles later.
    pub word: Signal<In, Bits<16>>,
    /// The end of what can be read of it.
    pub written: Signal<In, Bits<PLACE_BITS>>,
    /// A word of a reply, or its end, is taken.
    pub send_ready: Signal<In, Bit>,
    /// The core takes a word.
    pub in_ready: Signal<In, Bit>,
    /// The core has a word.
    pub out_valid: Signal<In, Bit>,
    /// The word.
    pub out_data: Signal<In, Bits<16>>,
    /// What the core's tables hold.
    pub read_data: Signal<In, Bits<16>>,
    /// The place of the buffer that is read.
    pub place: Signal<Out, Bits<PLACE_BITS>>,
    /// A word of a reply.
    pub send_valid: Signal<Out, Bit>,
    /// The word.
    pub send_word: Signal<Out, Bits<16>>,
    /// The reply is over.
    pub finish: Signal<Out, Bit>,
    /// No request is carried out, and none that was goes on.
    pub resting: Signal<Out, Bit>,
    /// There is no pattern to be found: no memory is valid, or none is there.
    pub invalid: Signal<Out, Bit>,
    /// A word for the core.
    pub in_valid: Signal<Out, Bit>,
    /// The word.
    pub in_data: Signal<Out, Bits<16>>,
    /// The core's word is taken.
    pub out_ready: Signal<Out, Bit>,
    /// To the core's ports of the same names.
    pub load_words: Signal<Out, Bit>,
    /// To the core, where a row of values has another number of words than one of keys.
    pub load_values: Vec<Signal<Out, Bit>>,
    /// To the core.
    pub load_row: Signal<Out, Bit>,
    /// To the core.
    pub load_kernel: Signal<Out, Bit>,
    /// To the core.
    pub load_threshold: Signal<Out, Bit>,
    /// To the core.
    pub load_size: Signal<Out, Bit>,
    /// To the core, where values are apart from the keys.
    pub load_value: Vec<Signal<Out, Bit>>,
    /// To the core, where answers can be unknown.
    pub load_radius: Vec<Signal<Out, Bit>>,
    /// To the core, where values are apart from the keys.
    pub read_value: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub recall: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub storing: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns classes.
    pub class: Vec<Signal<Out, Index>>,
    /// To the core, where the board learns.
    pub load_store_radius: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub grow: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub shrink: Vec<Signal<Out, Bit>>,
    /// From the core, where the board learns: the patterns that are there.
    pub count: Vec<Signal<In, Index>>,
    /// The last of them.
    pub last: Vec<Signal<In, Index>>,
    /// To the core.
    pub load_bank: Signal<Out, Bits<2>>,
    /// To the core.
    pub load_address: Signal<Out, Index>,
    /// To the core.
    pub load_data: Signal<Out, Bits<16>>,
    /// To the core.
    pub read_row: Signal<Out, Bit>,
    /// To the core.
    pub read_kernel: Signal<Out, Bit>,
    /// To the core.
    pub read_threshold: Signal<Out, Bit>,
    execute: Execute,
    page: Ram<16>,
    /// The reset, a cycle later: the link has its own.
    quiet: Register<Bit>,
    /// The core has this word, and takes one: as it was a cycle ago, and not since. The core is far away.
    out_there: Register<Bit>,
    out_word: Register<Bits<16>>,
    in_room: Register<Bit>,
    /// What the core is told, a cycle after it was said.
    taken: Register<Bit>,
    given: Register<Bit>,
    /// Where more than a request's words go to the core. Those stay where they are until the core has moved them.
    given_word: Vec<Register<Bits<16>>>,
    bank: Register<Bits<2>>,
    address: Register<Index>,
    rowing: Register<Bit>,
    row_stored: Register<Bit>,
    recalls: Vec<Register<Bit>>,
    of_values: Vec<Register<Bit>>,
    kernel_stored: Register<Bit>,
    threshold_stored: Register<Bit>,
    size_stored: Register<Bit>,
    page_stored: Register<Bit>,
    value_stored: Vec<Register<Bit>>,
    radius_stored: Vec<Register<Bit>>,
    value_asked: Vec<Register<Bit>>,
    radius_word: Vec<Literal<INDEX_BITS, { hopgate_wire::page::held::RADIUS }>>,
    row_asked: Register<Bit>,
    kernel_asked: Register<Bit>,
    threshold_asked: Register<Bit>,
    takes: Signal<Local, Bit>,
    gives: Signal<Local, Bit>,
    giving: Signal<Local, Bit>,
    taking: Signal<Local, Bit>,
    learn: Vec<Learn>,
    /// What it hears, a cycle after it was said.
    stores: Vec<Register<Bit>>,
    said: Vec<Register<Bit>>,
    fills: Vec<Register<Bit>>,
    forgets: Vec<Register<Bit>>,
    comes: Vec<Register<Bit>>,
    store_radius_stored: Vec<Register<Bit>>,
    store_radius_word: Vec<Literal<INDEX_BITS, { hopgate_wire::page::held::STORE_RADIUS }>>,
    tests: Vec<SelfTest>,
    _tests: usize,
    _mixes: usize,
    _values: usize,
    _other_values: usize,
    _unknowns: usize,
    /// Of a LEARN: the next word is that of the steps.
    at_steps: Vec<Register<Bit>>,
    _learns: usize,
    _autos: usize,
    _seeks: usize,
    _classes: usize,
}

impl Commands {
    /// Whether a word for the core stays where it is in the cycle after the core took it. All of a request's words do.
    pub fn holds(plan: &Plan, facts: &page::Facts) -> bool {
        !(facts.self_test && plan.masks || plan.learns && plan.kind == Kind::Class)
    }

    /// For a plan's core and a board of which these are the facts.
    pub fn new(plan: &Plan, facts: &page::Facts) -> Self {
        let loaded = |there: bool| usize::from(there && plan.loadable);
        let (values, unknowns) = (loaded(plan.valued()), loaded(plan.tells_unknown));
        let other_values = usize::from(plan.has_other_values());
        let [learns, autos] = [plan.learns, plan.auto_store].map(usize::from);
        let classes = if plan.kind == Kind::Class { learns } else { 0 };
        let tests = usize::from(facts.self_test);
        let mixes = classes.max(tests);
        Commands {
            storing: many(learns),
            recall: many(learns),
            recalls: many(learns),
            load_values: many(other_values),
            of_values: many(other_values),
            _other_values: other_values,
            class: many(classes),
            load_store_radius: many(learns),
            grow: many(learns),
            shrink: many(learns),
            count: many(learns),
            last: many(learns),
            learn: plan.learns.then(|| Learn::new(plan)).into_iter().collect(),
            stores: many(learns),
            said: many(learns),
            fills: many(learns),
            forgets: many(learns),
            comes: many(classes),
            store_radius_stored: many(learns),
            store_radius_word: many(learns),
            at_steps: many(autos),
            _learns: learns,
            _autos: autos,
            _seeks: if plan.kind == Kind::Class { autos } else { 0 },
            _classes: classes,
            load_value: many(values),
            load_radius: many(unknowns),
            read_value: many(values),
            value_stored: many(values),
            radius_stored: many(unknowns),
            value_asked: many(values),
            radius_word: many(unknowns),
            _values: values,
            _unknowns: unknowns,
            execute: Execute::new(plan, facts.self_test),
            page: Ram::holding(page::image(plan, facts), true),
            tests: facts.self_test.then(|| SelfTest::new(plan)).into_iter().collect(),
            _tests: usize::from(facts.self_test),
            given_word: many(mixes),
            _mixes: mixes,
            ..Default::default()
        }
    }
}

impl Logic for Commands {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: commands");
        comment!("the link's own reset");
        self.quiet.d.next = self.reset.val();
        comment!("what requests ask for");
        self.place.next = self.execute.place.val();
        self.execute.reset.next = self.quiet.q.val();
        self.execute.cold.next = self.cold.val();
        self.execute.word.next = self.word.val();
        self.execute.written.next = self.written.val();
        self.execute.in_ready.next = self.in_room.q.val();
        self.execute.out_valid.next = self.out_there.q.val();
        self.execute.out_data.next = self.out_word.q.val();
        self.execute.read_data.next = self.read_data.val();
        comment!("memories are written and read a cycle after that is said: until then the word stays");
        self.row_stored.d.next = self.execute.load_row.val();
        self.kernel_stored.d.next = self.execute.load_kernel.val();
        self.threshold_stored.d.next = self.execute.load_threshold.val();
        self.size_stored.d.next = self.execute.load_size.val();
        self.page_stored.d.next = self.execute.page_write.val();
        self.row_asked.d.next = self.execute.read_row.val();
        self.kernel_asked.d.next = self.execute.read_kernel.val();
        self.threshold_asked.d.next = self.execute.read_threshold.val();
        self.bank.d.next = self.execute.bank.val();
        self.address.d.next = self.execute.address.val();
        self.rowing.d.next = self.execute.rowing.val();
        self.load_words.next = self.rowing.q.val();
        self.load_row.next = self.row_stored.q.val();
        self.load_kernel.next = self.kernel_stored.q.val();
        self.load_threshold.next = self.threshold_stored.q.val();
        self.load_size.next = self.size_stored.q.val();
        self.load_bank.next = self.bank.q.val();
        self.load_address.next = self.address.q.val();
        self.load_data.next = self.word.val();
        self.read_row.next = self.row_asked.q.val();
        self.read_kernel.next = self.kernel_asked.q.val();
        self.read_threshold.next = self.threshold_asked.q.val();
        for v in 0..self._values {
            comment!("rows of values are like those of keys, but for where they are");
            self.row_stored.d.next = self.execute.load_row.val() & !self.execute.on_values[v].val();
            self.row_asked.d.next = self.execute.read_row.val() & !self.execute.on_values[v].val();
            self.value_stored[v].d.next = self.execute.load_row.val() & self.execute.on_values[v].val();
            self.value_asked[v].d.next = self.execute.read_row.val() & self.execute.on_values[v].val();
            self.load_value[v].next = self.value_stored[v].q.val();
            for l in 0..self._other_values {
                self.of_values[l].d.next = self.execute.on_values[v].val();
                self.load_values[l].next = self.of_values[l].q.val();
            }
            self.read_value[v].next = self.value_asked[v].q.val();
        }
        for u in 0..self._unknowns {
            comment!("the radius is a word of the page");
            self.radius_stored[u].d.next =
                self.execute.page_write.val() & (self.execute.address.val() == self.radius_word[u].val());
            self.load_radius[u].next = self.radius_stored[u].q.val();
        }
        comment!("the page");
        self.page.address.next = self.address.q.val();
        self.page.write.next = self.page_stored.q.val();
        self.page.write_address.next = self.address.q.val();
        self.page.write_data.next = self.word.val();
        self.execute.page_word.next = self.page.data.val();
        self.execute.test_beyond.next = false;
        self.execute.test_over.next = false;
        self.gives.next = self.execute.in_valid.val();
        self.in_data.next = self.execute.in_data.val();
        for m in 0..self._mixes {
            self.given_word[m].d.next = self.execute.in_data.val();
            self.in_data.next = self.given_word[m].q.val();
        }
        self.takes.next = self.execute.out_ready.val();
        for t in 0..self._tests {
            comment!("the self-test; while it runs, the core is its own");
            self.tests[t].reset.next = self.quiet.q.val();
            self.tests[t].cold.next = self.cold.val();
            self.tests[t].fill.next = self.execute.test_fill.val();
            self.tests[t].word.next = self.word.val();
            self.tests[t].start.next = self.execute.test_start.val();
            self.tests[t].load_size.next = self.size_stored.q.val();
            self.tests[t].place.next = self.address.q.val();
            self.tests[t].in_ready.next = self.in_room.q.val();
            self.tests[t].out_valid.next = self.out_there.q.val();
            self.tests[t].out_data.next = self.out_word.q.val();
            self.execute.test_beyond.next = self.tests[t].beyond.val();
            self.execute.test_over.next = self.tests[t].over.val();
            if self.address.q.val().get_bit(7) {
                self.execute.page_word.next = self.tests[t].counter.val();
            }
            // neither speaks while the other does
            self.gives.next = self.execute.in_valid.val() | self.tests[t].in_valid.val();
            self.takes.next = self.execute.out_ready.val() | self.tests[t].out_ready.val();
            if self.tests[t].running.val() {
                self.given_word[t].d.next = self.tests[t].in_data.val();
                self.bank.d.next = self.tests[t].bank.val();
                self.address.d.next = self.tests[t].address.val();
                self.row_asked.d.next = self.tests[t].read_row.val();
            }
        }
        for l in 0..self._learns {
            comment!("patterns are stored and forgotten");
            self.learn[l].reset.next = self.quiet.q.val();
            self.learn[l].cold.next = self.cold.val();
            self.stores[l].d.next = self.execute.stores[l].val();
            self.said[l].d.next = self.execute.said[l].val();
            self.fills[l].d.next = self.execute.test_fill.val();
            self.forgets[l].d.next = self.execute.test_start.val();
            self.learn[l].stores.next = self.stores[l].q.val();
            self.learn[l].said.next = self.said[l].q.val();
            self.learn[l].fill.next = self.fills[l].q.val();
            self.learn[l].forgets.next = self.forgets[l].q.val();
            self.learn[l].word.next = self.word.val();
            self.learn[l].page_write.next = self.page_stored.q.val();
            self.learn[l].page_address.next = self.address.q.val();
            self.learn[l].in_room.next = self.in_room.q.val();
            self.learn[l].out_there.next = self.out_there.q.val();
            self.learn[l].out_word.next = self.out_word.q.val();
            self.learn[l].count.next = self.count[l].val();
            self.learn[l].last.next = self.last[l].val();
            self.takes.next = self.execute.out_ready.val() | self.learn[l].copying.val();
            self.learn[l].taken.next = self.taken.q.val();
            self.execute.busy[l].next = self.learn[l].busy.val();
            self.execute.none[l].next = self.learn[l].none.val();
            self.execute.unordered[l].next = self.learn[l].unordered.val();
            self.execute.test_beyond.next = self.learn[l].wrong.val();
            self.execute.test_over.next = self.learn[l].over.val();
            self.execute.out_data.next = self.out_word.q.val() | self.learn[l].mark.val();
            if self.learn[l].owns.val() {
                self.address.d.next = self.learn[l].address.val();
            }
            self.row_stored.d.next =
                (self.execute.load_row.val() & !self.learn[l].bars.val()) | self.learn[l].load_row.val();
            self.recalls[l].d.next = self.execute.cue_there[l].val();
            self.recall[l].next = self.recalls[l].q.val();
            self.row_asked.d.next = self.execute.read_row.val() | self.learn[l].read_row.val();
            self.storing[l].next = self.learn[l].storing.val();
            self.grow[l].next = self.learn[l].grow.val();
            self.shrink[l].next = self.learn[l].shrink.val();
            self.store_radius_stored[l].d.next =
                self.execute.page_write.val() & (self.execute.address.val() == self.store_radius_word[l].val());
            self.load_store_radius[l].next = self.store_radius_stored[l].q.val();
            if self.learn[l].tells.val() {
                self.execute.page_word.next = self.learn[l].page_word.val();
            }
        }
        for c in 0..self._classes {
            comment!("with their classes");
            self.comes[c].d.next = self.execute.word_comes[c].val();
            self.learn[c].comes[c].next = self.comes[c].q.val();
            self.execute.classing[c].next = self.learn[c].classing[c].val();
            self.execute.valuing[c].next = self.learn[c].valuing[c].val();
            self.class[c].next = self.learn[c].class[c].val();
            self.gives.next = self.execute.in_valid.val() | self.learn[c].spelling[c].val();
            if self.learn[c].spelling[c].val() {
                self.given_word[c].d.next = self.learn[c].value[c].val();
            }
            self.row_stored.d.next = (self.execute.load_row.val()
                & !(self.execute.on_values[c].val() | self.learn[c].bars.val()))
                | self.learn[c].load_row.val();
            self.row_asked.d.next =
                (self.execute.read_row.val() & !self.execute.on_values[c].val()) | self.learn[c].read_row.val();
            self.value_stored[c].d.next =
                (self.execute.load_row.val() & self.execute.on_values[c].val()) | self.learn[c].load_value[c].val();
            self.value_asked[c].d.next =
                (self.execute.read_row.val() & self.execute.on_values[c].val()) | self.learn[c].read_value[c].val();
            for l in 0..self._other_values {
                self.of_values[l].d.next = self.execute.on_values[c].val() | self.learn[c].in_value[c].val();
            }
        }
        for a in 0..self._autos {
            comment!("or a cue is, if it is unknown");
            self.at_steps[a].d.next = self.execute.at_steps[a].val();
            self.learn[a].learns[a].next = self.execute.is_learn[a].val();
            self.learn[a].at_steps[a].next = self.at_steps[a].q.val();
        }
        for s in 0..self._seeks {
            comment!("what is read on the way to a free class is said to nobody");
            self.takes.next =
                (self.execute.out_ready.val() | self.learn[s].copying.val()) | self.learn[s].seeking[s].val();
        }
        comment!(
            "streams of the core: a word in three cycles, since what the core says of the next one is known no sooner"
        );
        self.giving.next = self.gives.val() & self.in_room.q.val();
        self.given.d.next = self.giving.val();
        self.in_valid.next = self.given.q.val();
        self.in_room.d.next = self.in_ready.val() & !(self.giving.val() | self.given.q.val());
        self.taking.next = self.takes.val() & self.out_there.q.val();
        self.taken.d.next = self.taking.val();
        self.out_ready.next = self.taken.q.val();
        self.out_word.d.next = self.out_data.val();
        self.out_there.d.next = self.out_valid.val() & !(self.taking.val() | self.taken.q.val());
        comment!("replies");
        self.send_valid.next = self.execute.send_valid.val();
        self.send_word.next = self.execute.send_word.val();
        self.finish.next = self.execute.finish.val();
        self.execute.send_ready.next = self.send_ready.val();
        comment!("whether a recall may begin that no request asks for");
        self.resting.next = self.execute.resting.val();
        self.invalid.next = self.execute.invalid.val();
        for l in 0..self._learns {
            self.resting.next = self.execute.resting.val() & !self.learn[l].busy.val();
            self.invalid.next = self.execute.invalid.val() | self.learn[l].none.val();
        }
    }
}
