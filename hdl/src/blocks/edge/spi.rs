//! An SPI peripheral: mode 0, eight bits, the most significant first, in the clock domain of everything else.
//!
//! `sck` is sampled by the core's clock, and may be as fast as a third of it. What comes in is a sequence of bytes. What goes out is cut
//! into pieces, each behind a byte that says how many bytes follow, at most 255: 0 says that none waits. So the controller may clock
//! as long as it likes, whenever it likes. A piece ends where the controller deselects the peripheral: what was not sent then comes in the
//! next one.

use crate::blocks::prelude::*;

/// Receives bytes, `valid` for one cycle with each, and sends those that are offered.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Spi {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Hold everything.
    pub reset: Signal<In, Bit>,
    /// The controller's clock, not synchronous.
    pub sck: Signal<In, Bit>,
    /// It speaks to us, low; not synchronous.
    pub cs_n: Signal<In, Bit>,
    /// From the controller.
    pub mosi: Signal<In, Bit>,
    /// To the controller.
    pub miso: Signal<Out, Bit>,
    /// Bytes wait for the controller.
    pub attention: Signal<Out, Bit>,
    /// A byte came in.
    pub valid: Signal<Out, Bit>,
    /// The byte, until the next one.
    pub data: Signal<Out, Bits<8>>,
    /// Bytes that can be sent, of 255 or more 255.
    pub waiting: Signal<In, Bits<8>>,
    /// The first of them is taken.
    pub byte_ready: Signal<Out, Bit>,
    /// It.
    pub byte_data: Signal<In, Bits<8>>,
    /// The pins, first and second. The inverse of `cs_n` is held: nothing is selected while nothing has run.
    sck_first: Register<Bit>,
    sck_second: Register<Bit>,
    select_first: Register<Bit>,
    select_second: Register<Bit>,
    mosi_first: Register<Bit>,
    mosi_second: Register<Bit>,
    /// `sck` a cycle before.
    before: Register<Bit>,
    /// A reset came while we were selected: what follows is not at the beginning of a byte.
    lost: Register<Bit>,
    /// Bits of this byte that have come and gone.
    count: Register<Bits<3>>,
    /// Bits come in below and leave above.
    shift: Register<Bits<8>>,
    /// What goes out says how many bytes follow.
    telling: Register<Bit>,
    /// Bytes of the piece that have not begun to leave.
    left: Register<Bits<8>>,
    /// What goes out next, and whether that tells.
    next: Register<Bits<8>>,
    next_tells: Register<Bit>,
    out: Register<Bit>,
    came: Register<Bit>,
    byte: Register<Bits<8>>,
    some: Register<Bit>,
    rises: Signal<Local, Bit>,
    turns: Signal<Local, Bit>,
    last: Signal<Local, Bit>,
    shifted: Signal<Local, Bits<8>>,
    one: Literal<8, 1>,
    one_bit: Literal<3, 1>,
    no_bits: Literal<3, 0>,
    last_bit: Literal<3, 7>,
    nothing: Literal<8, 0>,
    low: Literal<8, 1>,
}

impl Spi {
    /// One that nobody has selected.
    pub fn new() -> Self {
        Spi {
            sck_first: Register::synchroniser(),
            sck_second: Register::synchroniser(),
            select_first: Register::synchroniser(),
            select_second: Register::synchroniser(),
            mosi_first: Register::synchroniser(),
            mosi_second: Register::synchroniser(),
            ..Default::default()
        }
    }
}

impl Logic for Spi {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: spi");
        comment!("two registers against metastability");
        self.sck_first.d.next = self.sck.val();
        self.sck_second.d.next = self.sck_first.q.val();
        self.before.d.next = self.sck_second.q.val();
        self.select_first.d.next = !self.cs_n.val();
        self.select_second.d.next = self.select_first.q.val();
        self.mosi_first.d.next = self.mosi.val();
        self.mosi_second.d.next = self.mosi_first.q.val();
        comment!("the controller takes a bit where its clock rises, and so do we");
        self.rises.next =
            (self.sck_second.q.val() & !self.before.q.val()) & (self.select_second.q.val() & !self.lost.q.val());
        self.last.next = self.count.q.val() == self.last_bit.val();
        self.shifted.next = self.shift.q.val() << 1;
        if self.mosi_second.q.val() {
            self.shifted.next = (self.shift.q.val() << 1) | self.low.val();
        }
        comment!("what follows the byte that leaves: the next one of the piece, or how long the next piece is");
        self.next.d.next = self.waiting.val();
        self.next_tells.d.next = !self.left.q.val().any();
        if self.left.q.val().any() {
            self.next.d.next = self.byte_data.val();
        }
        self.came.d.next = self.rises.val() & self.last.val();
        self.byte_ready.next = false;
        if self.rises.val() {
            self.count.d.next = self.count.q.val() + self.one_bit.val();
            self.shift.d.next = self.shifted.val();
            if self.last.val() {
                self.byte.d.next = self.shifted.val();
                self.shift.d.next = self.next.q.val();
                self.telling.d.next = self.next_tells.q.val();
            }
            if !self.count.q.val().any() {
                comment!("its first bit was taken: it leaves, and is not offered again");
                if self.telling.q.val() {
                    self.left.d.next = self.shift.q.val();
                } else {
                    self.left.d.next = self.left.q.val() - self.one.val();
                    self.byte_ready.next = true;
                }
            }
        }
        if !self.select_second.q.val() {
            self.count.d.next = self.no_bits.val();
            self.left.d.next = self.nothing.val();
            self.shift.d.next = self.waiting.val();
            self.telling.d.next = true;
            self.lost.d.next = false;
        }
        comment!(
            "at a third of our clock the next bit must be there a cycle before the shift: a late edge is seen again"
        );
        self.turns.next =
            (self.sck_first.q.val() & !self.sck_second.q.val()) | (self.sck_second.q.val() & !self.before.q.val());
        self.out.d.next = self.shift.q.val().get_bit(7);
        if self.turns.val() {
            self.out.d.next = self.shift.q.val().get_bit(6);
            if self.last.val() {
                self.out.d.next = self.next.q.val().get_bit(7);
            }
        }
        self.miso.next = self.out.q.val();
        self.some.d.next = self.waiting.val().any();
        self.attention.next = self.some.q.val();
        self.valid.next = self.came.q.val();
        self.data.next = self.byte.q.val();
        if self.reset.val() {
            self.came.d.next = false;
            self.some.d.next = false;
            self.lost.d.next = true;
            self.count.d.next = self.no_bits.val();
            self.left.d.next = self.nothing.val();
            self.shift.d.next = self.nothing.val();
            self.telling.d.next = true;
        }
    }
}
