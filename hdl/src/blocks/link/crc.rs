//! The CRC-32 of Ethernet and zlib, a bit a cycle: bytes come at most every few dozen cycles.

use crate::blocks::prelude::*;

/// The register's value behind a message and its CRC.
pub const RESIDUE: usize = 0xdebb_20e3;
/// The polynomial, least significant bit first.
const POLYNOMIAL: usize = 0xedb8_8320;

/// A CRC over bytes.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Crc32 {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Begin anew.
    pub clear: Signal<In, Bit>,
    /// A byte comes, while not busy: its bits from the next cycle on.
    pub valid: Signal<In, Bit>,
    /// Its bits, one a cycle while busy, least significant first.
    pub incoming: Signal<In, Bit>,
    /// Bits are taken: eight.
    pub busy: Signal<Out, Bit>,
    /// The register's lowest bit: where it is what comes, the register is shifted down.
    pub lowest: Signal<Out, Bit>,
    /// The register: the CRC's complement.
    pub value: Signal<Out, Bits<32>>,
    register: Register<Bits<32>>,
    /// Counts from 8 to 15, and then it is 0: its highest bit says that bits are taken.
    count: Register<Bits<4>>,
    mixed: Signal<Local, Bits<32>>,
    polynomial: Literal<32, POLYNOMIAL>,
    ones: Literal<32, 0xffff_ffff>,
    nothing: Literal<32, 0>,
    eight: Literal<4, 8>,
    one: Literal<4, 1>,
}

impl Logic for Crc32 {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: crc");
        comment!("a bit of the byte, least significant first, meets the register's lowest bit");
        self.mixed.next = self.nothing.val();
        if self.register.q.val().get_bit(0) ^ self.incoming.val() {
            self.mixed.next = self.polynomial.val();
        }
        if self.count.q.val().get_bit(3) {
            self.register.d.next = (self.register.q.val() >> 1) ^ self.mixed.val();
            self.count.d.next = self.count.q.val() + self.one.val();
        }
        if self.valid.val() {
            self.count.d.next = self.eight.val();
        }
        if self.clear.val() {
            self.register.d.next = self.ones.val();
            self.count.d.next = 0.into();
        }
        self.lowest.next = self.register.q.val().get_bit(0);
        self.busy.next = self.count.q.val().get_bit(3);
        self.value.next = self.register.q.val();
    }
}
