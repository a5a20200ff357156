//! A column: the accumulators of 16 neurons.
//!
//! A neuron has one adder cell per accumulator bit and nothing else: the bit of the row drives the clock enable,
//! not a multiplexer. Where the core is folded, a column serves a lane of each slot in turn.

use super::weights::OPERAND_BITS;
use crate::blocks::copy::Copied;
use crate::blocks::prelude::*;

/// Accumulators of more bits than this have carries that are the longest ways of a core.
const LONG: usize = 16;
/// So many bits of `operand` begin them: these have two copies, one for each half of a column.
const LOW: usize = 3;

/// 16 accumulators (the last column of a design may have fewer).
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Column {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Who is enabled: `pick` of the lanes and banks that it serves, joined.
    pub pick: Signal<In, Bits<16>>,
    /// In the next cycle it is added, modulo two to the power of their width, to the accumulators that are enabled then.
    pub operand: Signal<In, Bits<OPERAND_BITS>>,
    /// In the next cycle, clear the accumulators that are enabled then instead.
    pub clear: Signal<In, Bit>,
    /// One where the accumulator is not negative.
    pub signs: Signal<Out, Bits<16>>,
    /// Where sums are compared: in the next cycle, those of the accumulators that are enabled, joined by OR.
    pub shown: Vec<Signal<Out, Bits<OPERAND_BITS>>>,
    operand_here: Vec<Copied<OPERAND_BITS>>,
    clear_here: Vec<Copied<1>>,
    /// Where carries are long, the other half's.
    low_here: Vec<Copied<OPERAND_BITS>>,
    operand_there: Vec<Signal<Local, Bits<OPERAND_BITS>>>,
    low: Literal<OPERAND_BITS, { (1 << LOW) - 1 }>,
    operand_now: Signal<Local, Bits<OPERAND_BITS>>,
    clear_now: Signal<Local, Bit>,
    gate: Vec<Register<Bits<16>>>,
    accumulator: Vec<Register<Bits<OPERAND_BITS>>>,
    selected: Vec<Signal<Local, Bits<OPERAND_BITS>>>,
    showing: Vec<Register<Bits<OPERAND_BITS>>>,
    enable: Signal<Local, Bits<16>>,
    positive: Signal<Local, Bits<16>>,
    width: Constant<Bits<OPERAND_BITS>>,
    none: Literal<16, 0>,
    yes: Literal<1, 1>,
    no: Literal<1, 0>,
    bit: Vec<Constant<Bits<16>>>,
    sign: Constant<Bits<6>>,
    _copies: usize,
    _gates: usize,
    _lows: usize,
    _here: usize,
    _neurons: usize,
    _shows: usize,
}

impl Column {
    /// A column of `neurons` accumulators (1..=16) of `bits` bits. With `gated`, they are enabled a cycle after
    /// `pick`, where it takes one to join several.
    /// `lean`: it has no copies of `operand` and `clear`, and so uses them a cycle earlier than said there.
    pub fn new(neurons: usize, bits: usize, gated: bool, lean: bool) -> Self {
        assert!((1..=LANE).contains(&neurons) && (1..=OPERAND_BITS).contains(&bits));
        // shorter carries leave the clock to others
        let lows = usize::from(!lean && bits > LONG);
        Column {
            operand_here: (!lean).then(|| Copied::new(bits)).into_iter().collect(),
            clear_here: many(usize::from(!lean)),
            low_here: (0..lows).map(|_| Copied::new(LOW)).collect(),
            gate: many(usize::from(gated)),
            accumulator: many(neurons),
            width: constant((1 << bits) - 1),
            bit: (0..neurons).map(|i| constant(1 << i)).collect(),
            sign: constant(bits - 1),
            _copies: usize::from(!lean),
            _gates: usize::from(gated),
            operand_there: many(lows),
            _lows: lows,
            _here: if lows > 0 { neurons.min(LANE / 2) } else { neurons },
            _neurons: neurons,
            ..Default::default()
        }
    }

    /// The same, and it shows what its accumulators hold.
    pub fn showing(self) -> Self {
        Column { shown: many(1), selected: many(1), showing: many(1), _shows: 1, ..self }
    }
}

impl Logic for Column {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: column");
        comment!("copies of what all columns listen to");
        self.operand_now.next = self.operand.val();
        self.clear_now.next = self.clear.val();
        for c in 0..self._copies {
            self.operand_here[c].d.next = self.operand.val();
            self.clear_here[c].d.next = self.no.val();
            if self.clear.val() {
                self.clear_here[c].d.next = self.yes.val();
            }
            self.operand_now.next = self.operand_here[c].q.val();
            self.clear_now.next = self.clear_here[c].q.val().any();
        }
        for l in 0..self._lows {
            self.low_here[l].d.next = self.operand.val();
            self.operand_there[l].next = (self.operand_now.val() & !self.low.val()) | self.low_here[l].q.val();
        }
        comment!("who is enabled");
        self.enable.next = self.pick.val();
        for g in 0..self._gates {
            self.gate[g].d.next = self.pick.val();
            self.enable.next = self.gate[g].q.val();
        }
        comment!("a clock-enabled adder per neuron");
        for i in 0..self._here {
            if self.enable.val().get_bit(i) {
                if self.clear_now.val() {
                    self.accumulator[i].d.next = 0.into();
                } else {
                    self.accumulator[i].d.next =
                        (self.accumulator[i].q.val() + self.operand_now.val()) & self.width.val();
                }
            }
        }
        for l in 0..self._lows {
            for i in self._here..self._neurons {
                if self.enable.val().get_bit(i) {
                    if self.clear_now.val() {
                        self.accumulator[i].d.next = 0.into();
                    } else {
                        self.accumulator[i].d.next =
                            (self.accumulator[i].q.val() + self.operand_there[l].val()) & self.width.val();
                    }
                }
            }
        }
        comment!("the next state: one where the accumulator is not negative");
        self.positive.next = self.none.val();
        for i in 0..self._neurons {
            if !self.accumulator[i].q.val().get_bit(self.sign.val().index()) {
                self.positive.next = self.positive.val() | self.bit[i].val();
            }
        }
        self.signs.next = self.positive.val();
        for s in 0..self._shows {
            comment!("the sum of the class whose turn it is");
            self.selected[s].next = 0.into();
            for i in 0..self._neurons {
                if self.enable.val().get_bit(i) {
                    self.selected[s].next = self.selected[s].val() | self.accumulator[i].q.val();
                }
            }
            self.showing[s].d.next = self.selected[s].val();
            self.shown[s].next = self.showing[s].q.val();
        }
    }
}
