//! What carries requests out beside a core: [`Execute`], the page, the self-test, and what learns.
//!
//! Where requests come from, and where replies go to, is around it: a UART's frames, or a bus.

mod wires;

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
    pub page_word: Vec<Signal<Out, Bits<16>>>,
    /// To the core, where the board learns.
    pub grow: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub shrink: Vec<Signal<Out, Bit>>,
    /// To the core, where the board learns.
    pub behind: Vec<Signal<Out, Bit>>,
    /// From the core, where the board learns: there is no pattern.
    pub none: Vec<Signal<In, Bit>>,
    /// The last of them.
    pub last: Vec<Signal<In, Index>>,
    /// It, or the row behind it.
    pub row: Vec<Signal<In, Index>>,
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
    /// Those bits of it that a core has: where it has one bank, nothing waits for its number.
    bank_mask: Constant<Bits<2>>,
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
    /// Of one row a cycle: the last pattern.
    last_word: Literal<INDEX_BITS, { hopgate_wire::page::held::LAST_GROUP }>,
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
    forgets: Vec<Register<Bit>>,
    grows: Vec<Register<Bit>>,
    shrinks: Vec<Register<Bit>>,
    comes: Vec<Register<Bit>>,
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
            page_word: many(learns),
            grow: many(learns),
            shrink: many(learns),
            behind: many(learns),
            none: many(learns),
            last: many(learns),
            row: many(learns),
            learn: plan.learns.then(|| Learn::new(plan)).into_iter().collect(),
            stores: many(learns),
            said: many(learns),
            forgets: many(learns),
            grows: many(learns),
            shrinks: many(learns),
            comes: many(classes),
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
            bank_mask: constant(plan.parallel - 1),
            page: Ram::holding(page::image(plan, facts), true),
            tests: facts.self_test.then(|| SelfTest::new(plan)).into_iter().collect(),
            _tests: usize::from(facts.self_test),
            given_word: many(mixes),
            _mixes: mixes,
            ..Default::default()
        }
    }
}
