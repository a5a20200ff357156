//! The mask of a lane of a key that is read in beats: its words are in RAM beside those of the state.
//!
//! What it says is heeded in the first scan alone; else the lane's copy of the control that makes `pick` all ones takes its place. So a bit
//! of a lane takes a table more than without a mask.

use super::{copy::Copied, memories::Ram};
use crate::{
    blocks::{BEAT_BITS, Beat, prelude::*},
    layout::Layout,
};

/// The mask of a lane, a word for each beat.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct MaskRam {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// `data` becomes the word at `place`.
    pub store: Signal<In, Bit>,
    /// A word of a mask: a known bit is one.
    pub data: Signal<In, Bits<16>>,
    /// The word that is written.
    pub place: Signal<In, Beat>,
    /// The word that is read.
    pub look: Signal<In, Beat>,
    /// From the next cycle on, `skip` does not follow the mask,
    pub released: Signal<In, Bit>,
    /// but this.
    pub everyone: Signal<In, Bit>,
    /// Bits that are zero in a scan, and one in a vote: of the word that was asked for in the cycle before.
    pub skip: Signal<Out, Bits<16>>,
    ram: Ram<16>,
    held_here: Copied<1>,
    all_here: Copied<1>,
    forced: Signal<Local, Bits<16>>,
    none: Literal<16, 0>,
    ones: Literal<16, 0xffff>,
    yes: Literal<1, 1>,
    no: Literal<1, 0>,
}

impl MaskRam {
    /// That of a lane of a layout.
    pub fn new(plan: &Layout) -> Self {
        MaskRam { ram: Ram::new(plan.beats, LANE), ..Default::default() }
    }
}

impl Logic for MaskRam {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: mask_ram");
        self.ram.write.next = self.store.val();
        self.ram.write_data.next = self.data.val();
        self.ram.write_address.next = bit_cast::<INDEX_BITS, BEAT_BITS>(self.place.val());
        self.ram.address.next = bit_cast::<INDEX_BITS, BEAT_BITS>(self.look.val());
        comment!("copies of the controls");
        self.held_here.d.next = self.yes.val();
        if self.released.val() {
            self.held_here.d.next = self.no.val();
        }
        self.all_here.d.next = self.no.val();
        if self.everyone.val() {
            self.all_here.d.next = self.yes.val();
        }
        comment!("unknown bits in the first scan; then what makes pick all ones");
        self.forced.next = self.none.val();
        if self.all_here.q.val().any() {
            self.forced.next = self.ones.val();
        }
        self.skip.next = self.forced.val();
        if self.held_here.q.val().any() {
            self.skip.next = self.ram.data.val() ^ self.ones.val();
        }
    }
}
