//! The sizes of the memory that a loadable core holds.
//!
//! They are those of the memory that was built in until others are written. Only `cold` brings the first back: a row store keeps
//! what was written to it over a reset, and the sizes must not part from it.
//!
//! Of a core that learns, the number of patterns comes from outside then, and is no constant: a bitstream whose block RAMs are exchanged
//! begins with as many as were learnt.

use crate::{blocks::prelude::*, contents, layout::Layout};

/// Registers for the sizes, written word by word.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Sizes {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The device was just configured.
    pub cold: Signal<In, Bit>,
    /// Write a size.
    pub write: Signal<In, Bit>,
    /// Which: 0 the groups less one, 1 the patterns in the last group less one, 2 the reach plus one, 3 the most steps, 4 one
    /// for a fixed kernel.
    pub which: Signal<In, Bits<3>>,
    /// What to write.
    pub data: Signal<In, Bits<16>>,
    /// Groups of rows to scan, less one.
    pub last_row: Signal<Out, Index>,
    /// Banks that hold a pattern in the last group, less one.
    pub last_bank: Signal<Out, Bits<2>>,
    /// The reach plus one.
    pub reach: Signal<Out, Distance>,
    /// The most steps of a recall.
    pub max_steps: Signal<Out, Bits<8>>,
    /// Whether the kernel counts from the minimum.
    pub normalised: Signal<Out, Bit>,
    /// Of a core that learns: the last pattern that was built in, while `cold`,
    pub built_in: Vec<Signal<In, Bits<16>>>,
    /// a pattern more,
    pub grow: Vec<Signal<In, Bit>>,
    /// or one less.
    pub shrink: Vec<Signal<In, Bit>>,
    /// `row` is the one behind the last pattern, which is how many there are, and not that of the last.
    pub behind: Vec<Signal<In, Bit>>,
    /// That.
    pub row: Vec<Signal<Out, Index>>,
    /// There is no pattern.
    pub none: Vec<Signal<Out, Bit>>,
    /// The last pattern; 0 where there is none, which is a register of its own.
    last: Vec<Register<Index>>,
    empty: Vec<Register<Bit>>,
    /// What is written was zero a cycle ago, when it was there, too.
    nothing: Vec<Register<Bit>>,
    /// The last pattern was the first a cycle ago. So long it stands before there is one less.
    single: Vec<Register<Bit>>,
    addend: Vec<Signal<Local, Index>>,
    sum: Vec<Signal<Local, Index>>,
    groups_held: Register<Index>,
    banks_held: Register<Bits<2>>,
    reach_held: Register<Distance>,
    steps_held: Register<Bits<8>>,
    mode_held: Register<Bit>,
    row_mask: Constant<Index>,
    bank_mask: Constant<Bits<2>>,
    reach_mask: Constant<Distance>,
    first_rows: Constant<Index>,
    first_banks: Constant<Bits<2>>,
    first_reach: Constant<Distance>,
    first_steps: Constant<Bits<8>>,
    first_mode: Constant<Bit>,
    first_last: Signal<Local, Bits<16>>,
    count_mask: Constant<Index>,
    one: Literal<INDEX_BITS, 1>,
    minus_one: Literal<INDEX_BITS, { (1 << INDEX_BITS) - 1 }>,
    patterns_word: Literal<3, { hopgate_wire::page::held::PATTERNS % 8 }>,
    groups_word: Literal<3, { hopgate_wire::page::held::LAST_GROUP % 8 }>,
    _learns: usize,
}

impl Sizes {
    /// The sizes of a plan.
    pub fn new(plan: &Layout) -> Self {
        let [rows, banks, reach, steps, fixed] = contents::sizes(plan);
        let [most_rows, most_banks, most_reach, ..] = contents::largest_sizes(plan);
        let bits = |largest: usize| (usize::BITS - largest.leading_zeros()) as usize;
        let ones = |largest: usize| (1 << bits(largest)) - 1;
        let learns = usize::from(plan.learns);
        Sizes {
            built_in: many(learns),
            grow: many(learns),
            shrink: many(learns),
            behind: many(learns),
            row: many(learns),
            none: many(learns),
            last: many(learns),
            empty: many(learns),
            nothing: many(learns),
            single: many(learns),
            addend: many(learns),
            sum: many(learns),
            count_mask: constant(ones(plan.capacity())),
            _learns: learns,
            // no more bits than the core can use: synthesis removes the rest
            row_mask: constant(ones(most_rows)),
            bank_mask: constant(ones(most_banks)),
            reach_mask: constant(ones(most_reach)),
            // where the patterns are counted, nobody reads the groups
            first_rows: constant(if plan.learns { 0 } else { rows.into() }),
            first_banks: constant(banks.into()),
            first_reach: constant(reach.into()),
            first_steps: constant(steps.into()),
            first_mode: Constant::new(fixed & 1 == 0),
            ..Default::default()
        }
    }
}

impl Logic for Sizes {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: sizes");
        comment!("written while no recall runs");
        if self.write.val() {
            match self.which.val().index() {
                0 => self.groups_held.d.next = bit_cast::<INDEX_BITS, 16>(self.data.val()) & self.row_mask.val(),
                1 => self.banks_held.d.next = bit_cast::<2, 16>(self.data.val()) & self.bank_mask.val(),
                2 => self.reach_held.d.next = bit_cast::<DISTANCE_BITS, 16>(self.data.val()) & self.reach_mask.val(),
                3 => self.steps_held.d.next = bit_cast::<8, 16>(self.data.val()),
                4 => self.mode_held.d.next = !self.data.val().get_bit(0),
                _ => {}
            }
        }
        comment!("those of the memory that was built in");
        if self.cold.val() {
            self.groups_held.d.next = self.first_rows.val();
            self.banks_held.d.next = self.first_banks.val();
            self.reach_held.d.next = self.first_reach.val();
            self.steps_held.d.next = self.first_steps.val();
            self.mode_held.d.next = self.first_mode.val();
        }
        self.last_row.next = self.groups_held.q.val();
        self.first_last.next = 0.into();
        for l in 0..self._learns {
            comment!(
                "where patterns are stored and forgotten, the last of them moves; one adder says what is behind it and before it"
            );
            self.addend[l].next = 0.into();
            if self.behind[l].val() & !self.empty[l].q.val() {
                self.addend[l].next = self.one.val();
            }
            if self.shrink[l].val() {
                self.addend[l].next = self.minus_one.val();
            }
            self.sum[l].next = self.last[l].q.val() + self.addend[l].val();
            self.row[l].next = self.sum[l].val() & self.count_mask.val();
            self.first_last.next = self.built_in[l].val();
            self.nothing[l].d.next = !self.data.val().any();
            self.single[l].d.next = !self.last[l].q.val().any();
            if self.write.val() & (self.which.val() == self.groups_word.val()) {
                self.last[l].d.next = bit_cast::<INDEX_BITS, 16>(self.data.val()) & self.row_mask.val();
                self.empty[l].d.next = false;
            }
            if self.grow[l].val() | self.shrink[l].val() {
                self.last[l].d.next = self.sum[l].val() & self.row_mask.val();
                self.empty[l].d.next = false;
            }
            if (self.shrink[l].val() & self.single[l].q.val())
                | ((self.write.val() & (self.which.val() == self.patterns_word.val())) & self.nothing[l].q.val())
            {
                self.last[l].d.next = 0.into();
                self.empty[l].d.next = true;
            }
            if self.cold.val() {
                self.last[l].d.next = bit_cast::<INDEX_BITS, 16>(self.first_last.val()) & self.row_mask.val();
                self.empty[l].d.next = false;
            }
            self.none[l].next = self.empty[l].q.val();
            self.last_row.next = self.last[l].q.val();
        }
        self.last_bank.next = self.banks_held.q.val();
        self.reach.next = self.reach_held.q.val();
        self.max_steps.next = self.steps_held.q.val();
        self.normalised.next = self.mode_held.q.val();
    }
}
