//! Whether the sizes that a load wrote are sizes that the core has: a commit is refused while one of them is not.
//!
//! A register keeps only as many bits of a size as the core can use, so what is too large must be seen while it is written.

use crate::blocks::prelude::*;
use crate::{contents::Plan, options::Readout};

/// One size.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Size {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The device was just configured: it is that of the memory that was built in.
    pub cold: Signal<In, Bit>,
    /// A size is written.
    pub write: Signal<In, Bit>,
    /// Which.
    pub which: Signal<In, Bits<3>>,
    /// What is written.
    pub word: Signal<In, Bits<16>>,
    /// What was written last is none that the core has.
    pub wrong: Signal<Out, Bit>,
    held: Register<Bit>,
    /// Whether the lowest bits of the word are more than those of the most that it may be.
    above: Vec<Signal<Local, Bit>>,
    bound: Signal<Local, Bits<16>>,
    beyond: Signal<Local, Bit>,
    number: Constant<Bits<3>>,
    most: Constant<Bits<16>>,
    counted: Constant<Bit>,
    no: Constant<Bit>,
    _bits: usize,
    _last: usize,
    _last_end: usize,
}

impl Size {
    /// The size of this number, at most `most`; `counted`: it is not zero.
    fn new(number: usize, most: usize, counted: bool) -> Self {
        Size {
            above: (0..17).map(|_| Signal::default()).collect(),
            number: constant(number),
            most: constant(most),
            counted: Constant::new(counted),
            no: Constant::new(false),
            _bits: 16,
            _last: 16,
            _last_end: 17,
            ..Default::default()
        }
    }
}

impl Logic for Size {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: size");
        comment!(
            "the most is a constant: bit by bit, the highest one last, which is a few cells; a comparison is a carry chain"
        );
        self.bound.next = self.most.val();
        self.above[0].next = self.no.val();
        for b in 0..self._bits {
            self.above[b + 1].next = (self.word.val().get_bit(b) & !self.bound.val().get_bit(b))
                | (!(self.word.val().get_bit(b) ^ self.bound.val().get_bit(b)) & self.above[b].val());
        }
        self.beyond.next = self.counted.val() & !self.word.val().any();
        for t in self._last..self._last_end {
            self.beyond.next = self.above[t].val() | (self.counted.val() & !self.word.val().any());
        }
        if self.write.val() & (self.which.val() == self.number.val()) {
            self.held.d.next = self.beyond.val();
        }
        if self.cold.val() {
            self.held.d.next = false;
        }
        self.wrong.next = self.held.q.val();
    }
}

/// All of them.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Fits {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The device was just configured.
    pub cold: Signal<In, Bit>,
    /// A size is written.
    pub write: Signal<In, Bit>,
    /// Which, as [`Sizes`](crate::blocks::sizes::Sizes) numbers them.
    pub which: Signal<In, Bits<3>>,
    /// What is written.
    pub word: Signal<In, Bits<16>>,
    /// One of them is none that the core has.
    pub wrong: Signal<Out, Bit>,
    size: Vec<Size>,
    no: Constant<Bit>,
    _sizes: usize,
}

impl Fits {
    /// For the core of a plan. A core that cannot be loaded has no sizes, and one that searches has no use for the last three.
    pub fn new(plan: &Plan) -> Self {
        let most = [plan.group_room - 1, plan.parallel - 1, plan.entry_room, 255, 1];
        let sizes = match (plan.loadable, plan.readout) {
            (false, _) => 0,
            (true, Readout::Nearest) => 2,
            (true, Readout::Vote) => most.len(),
        };
        // a recall has one step at least
        let size = |(number, &most): (usize, &usize)| Size::new(number, most, number == 3);
        Fits {
            size: most[..sizes].iter().enumerate().map(size).collect(),
            no: Constant::new(false),
            _sizes: sizes,
            ..Default::default()
        }
    }
}

impl Logic for Fits {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: fits");
        self.wrong.next = self.no.val();
        for s in 0..self._sizes {
            self.size[s].cold.next = self.cold.val();
            self.size[s].write.next = self.write.val();
            self.size[s].which.next = self.which.val();
            self.size[s].word.next = self.word.val();
            self.wrong.next = self.wrong.val() | self.size[s].wrong.val();
        }
    }
}
