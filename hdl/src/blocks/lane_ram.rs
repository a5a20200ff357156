//! A lane of a key that is read in beats: its words of the state are in RAM.
//!
//! A vote does not read the state, so what a slot of outputs voted takes the place of their bits at once. Bits that there are not are zero
//! here, as in the row store, and so they are never counted.

use super::{copy::Copied, memories::Ram};
use crate::{
    blocks::{BEAT_BITS, Beat, prelude::*},
    layout::Layout,
};

/// The state of a lane, a word for each beat.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct LaneRam {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// `data` becomes the word at `place`.
    pub store: Signal<In, Bit>,
    /// A word of a cue.
    pub data: Signal<In, Bits<16>>,
    /// In the next cycle, `next_state` becomes the word at `place`. `word` is what it was, and has been for a cycle at least.
    pub capture: Signal<In, Bit>,
    /// What was voted.
    pub next_state: Signal<In, Bits<16>>,
    /// The word that is written.
    pub place: Signal<In, Beat>,
    /// It is that of a row's last beat.
    pub ending: Signal<In, Bit>,
    /// The word that is read.
    pub look: Signal<In, Beat>,
    /// The word that was asked for in the cycle before.
    pub word: Signal<Out, Bits<16>>,
    /// Whether the word changed when it was captured, two cycles after it did.
    pub changed: Signal<Out, Bit>,
    ram: Ram<16>,
    capture_here: Copied<1>,
    captured: Register<Bit>,
    unequal: [Register<Bit>; 4],
    differs: Register<Bit>,
    there: Signal<Local, Bits<16>>,
    voted: Signal<Local, Bits<16>>,
    moved: Signal<Local, Bits<16>>,
    fours: [Signal<Local, Bits<4>>; 4],
    ones: Literal<16, 0xffff>,
    last_used: Constant<Bits<16>>,
    yes: Literal<1, 1>,
    no: Literal<1, 0>,
}

impl LaneRam {
    /// That of a layout's lane.
    pub fn new(plan: &Layout, lane: usize) -> Self {
        LaneRam {
            ram: Ram::new(plan.beats, LANE),
            last_used: constant(plan.last_used(lane).into()),
            ..Default::default()
        }
    }
}

impl Logic for LaneRam {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: lane_ram");
        self.capture_here.d.next = self.no.val();
        if self.capture.val() {
            self.capture_here.d.next = self.yes.val();
        }
        comment!("the bits that there are in this beat");
        self.there.next = self.ones.val();
        if self.ending.val() {
            self.there.next = self.last_used.val();
        }
        comment!("words of a cue, and what was voted");
        self.voted.next = self.next_state.val() & self.there.val();
        self.ram.write.next = self.store.val() | self.capture_here.q.val().any();
        self.ram.write_data.next = self.data.val() & self.there.val();
        if self.capture_here.q.val().any() {
            self.ram.write_data.next = self.voted.val();
        }
        self.ram.write_address.next = bit_cast::<INDEX_BITS, BEAT_BITS>(self.place.val());
        self.ram.address.next = bit_cast::<INDEX_BITS, BEAT_BITS>(self.look.val());
        self.word.next = self.ram.data.val();
        comment!("has it changed?");
        self.moved.next = self.voted.val() ^ self.ram.data.val();
        self.fours[0].next = self.moved.val().get_bits::<4>(0);
        self.fours[1].next = self.moved.val().get_bits::<4>(4);
        self.fours[2].next = self.moved.val().get_bits::<4>(8);
        self.fours[3].next = self.moved.val().get_bits::<4>(12);
        for q in 0..4 {
            self.unequal[q].d.next = self.fours[q].val().any();
        }
        self.captured.d.next = self.capture_here.q.val().any();
        self.differs.d.next = self.captured.q.val()
            & ((self.unequal[0].q.val() | self.unequal[1].q.val())
                | (self.unequal[2].q.val() | self.unequal[3].q.val()));
        self.changed.next = self.differs.q.val();
    }
}
