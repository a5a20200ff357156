//! Whether the sizes that a load wrote are sizes that the core has: a commit is refused while one of them is not.
//!
//! A register keeps only as many bits of a size as the core can use, so what is too large must be seen while it is written.

use crate::{
    blocks::prelude::*,
    contents::{Plan, largest_sizes},
    options::Readout,
};
use hopgate_model::kind::Kinds;
use hopgate_wire::page::mode_word;

/// Bits of a word.
const BITS: usize = 16;
/// The number of the size that is not zero: a recall has one step at least.
const STEPS: usize = 3;
/// That of the kernel mode, and the memory's kind with it where there are several.
const MODE: usize = 4;

/// One bit for each size: whether what was written last is none that the core has.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Fits {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The device was just configured: the sizes are those of the memory that was built in.
    pub cold: Signal<In, Bit>,
    /// A size is written.
    pub write: Signal<In, Bit>,
    /// Which, as [`Sizes`](crate::blocks::sizes::Sizes) numbers them.
    pub which: Signal<In, Bits<3>>,
    /// What is written; it was there in the cycle before, too.
    pub word: Signal<In, Bits<16>>,
    /// One of them is none that the core has.
    pub wrong: Signal<Out, Bit>,
    held: Vec<Register<Bit>>,
    /// Of the word, which was there a cycle before, and of the most: the high byte is more, or as much, and the low byte is more.
    high_above: Vec<Register<Bit>>,
    high_equal: Vec<Register<Bit>>,
    low_above: Vec<Register<Bit>>,
    high_none: Register<Bit>,
    low_none: Register<Bit>,
    eight: Literal<16, 8>,
    /// Whether the lowest bits of the word are more than those of the most that size `s` may be.
    above: Vec<Signal<Local, Bit>>,
    bound: Signal<Local, Bits<16>>,
    any: Signal<Local, Bit>,
    number: Vec<Constant<Bits<3>>>,
    most: Vec<Constant<Bits<16>>>,
    counted: Vec<Constant<Bit>>,
    /// Where memories of several kinds can be loaded: the word is none of a mode and one of these.
    modes: Vec<Constant<Bits<16>>>,
    other: Vec<Signal<Local, Bit>>,
    alien: Vec<Register<Bit>>,
    mode_bit: Literal<16, 0xfffe>,
    _sizes: usize,
    _half: usize,
    _half_end: usize,
    _bits: usize,
    _bits_end: usize,
    _chooses: usize,
    _modes: usize,
    _mode: usize,
    _mode_end: usize,
}

impl Fits {
    /// For the core of a plan. A core that cannot be loaded has no sizes, and one that searches has no use for the last three.
    pub fn new(plan: &Plan) -> Self {
        let most = largest_sizes(plan);
        let sizes = match (plan.loadable, plan.readout) {
            (false, _) => 0,
            (true, Readout::Nearest) => 2,
            (true, Readout::Vote | Readout::Ranked { .. }) => most.len(),
        };
        let chooses = usize::from(plan.chooses());
        let kinds = if plan.chooses() { plan.kinds } else { Kinds::NONE };
        let modes: Vec<usize> = kinds.iter().map(|kind| mode_word(false, Some(kind)).into()).collect();
        Fits {
            held: many(sizes),
            high_above: many(sizes),
            high_equal: many(sizes),
            low_above: many(sizes),
            _half: BITS / 2,
            _half_end: BITS / 2 + 1,
            above: many(BITS + 1),
            number: (0..sizes).map(constant).collect(),
            most: most[..sizes].iter().map(|&most| constant(most)).collect(),
            counted: (0..sizes).map(|number| Constant::new(number == STEPS)).collect(),
            modes: modes.iter().map(|&mode| constant(mode)).collect(),
            other: many(chooses),
            alien: many(chooses),
            _chooses: chooses,
            _modes: modes.len(),
            _mode: MODE,
            _mode_end: MODE + 1,
            _sizes: sizes,
            _bits: BITS,
            _bits_end: BITS + 1,
            ..Default::default()
        }
    }
}

impl Logic for Fits {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: fits");
        self.any.next = false;
        for c in 0..self._chooses {
            comment!("a mode is one of the kinds that there are, and a bit");
            self.other[c].next = true;
            for m in 0..self._modes {
                if (self.word.val() & self.mode_bit.val()) == self.modes[m].val() {
                    self.other[c].next = false;
                }
            }
            self.alien[c].d.next = self.other[c].val();
        }
        self.high_none.d.next = !(self.word.val() >> self.eight.val()).any();
        self.low_none.d.next = !bit_cast::<8, 16>(self.word.val()).any();
        for s in 0..self._sizes {
            comment!(
                "the most is a constant: bit by bit, the highest one last, which is a few cells; a comparison is a carry chain"
            );
            self.bound.next = self.most[s].val();
            for z in self._half..self._half_end {
                self.above[0].next = false;
                for b in 0..self._half {
                    self.above[b + 1].next = (self.word.val().get_bit(b) & !self.bound.val().get_bit(b))
                        | (!(self.word.val().get_bit(b) ^ self.bound.val().get_bit(b)) & self.above[b].val());
                }
                self.low_above[s].d.next = self.above[z].val();
                self.above[z].next = false;
                for b in self._half..self._bits {
                    self.above[b + 1].next = (self.word.val().get_bit(b) & !self.bound.val().get_bit(b))
                        | (!(self.word.val().get_bit(b) ^ self.bound.val().get_bit(b)) & self.above[b].val());
                }
            }
            for t in self._bits..self._bits_end {
                self.high_above[s].d.next = self.above[t].val();
            }
            self.high_equal[s].d.next = (self.word.val() >> self.eight.val()) == (self.bound.val() >> self.eight.val());
            if self.write.val() & (self.which.val() == self.number[s].val()) {
                self.held[s].d.next = (self.high_above[s].q.val()
                    | (self.high_equal[s].q.val() & self.low_above[s].q.val()))
                    | (self.counted[s].val() & (self.high_none.q.val() & self.low_none.q.val()));
            }
            if self.cold.val() {
                self.held[s].d.next = false;
            }
            self.any.next = self.any.val() | self.held[s].q.val();
        }
        for s in self._mode..self._mode_end {
            for c in 0..self._chooses {
                if self.write.val() & (self.which.val() == self.number[s].val()) {
                    self.held[s].d.next = self.alien[c].q.val();
                }
                if self.cold.val() {
                    self.held[s].d.next = false;
                }
            }
        }
        self.wrong.next = self.any.val();
    }
}
