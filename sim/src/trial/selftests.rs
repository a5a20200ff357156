//! Self-tests, and the counters behind them.

use super::{link::Writer, turns::WORK};
use hopgate_model::{
    Result,
    bits::BitMatrix,
    memory::{Memory, Parts},
};
use hopgate_wire::{
    page::{self, held},
    protocol::Region,
    request::{Request, SelfTest},
};

/// Recalls of a self-test in which more neurons differ than 16 bits count.
const CARRIED: u16 = 9_000;
/// Cycles of a recall of a self-test at most, with all that is made of it: one that ends of itself, and one that does not.
const EACH: u64 = 4_000;
const ENDLESS: u64 = 40_000;

impl Writer {
    /// A self-test, each of whose recalls takes so many cycles at most, and what it counted.
    fn test(&mut self, test: SelfTest, each: u64) {
        let bytes = self.frame(&Request::SelfTest(test));
        self.say(&format!("{test:?}"), bytes, each * u64::from(test.recalls).min(64) + WORK);
        self.read(Region::Page, page::COUNTERS, 16);
        self.read(Region::Page, page::COUNTERS + 64, 16);
    }

    /// Of several numbers of recalls, with and without flips; and some that are none.
    pub(super) fn tests(&mut self) {
        for (recalls, first, flips, seed) in
            [(3, 0, 0, 1), (5, 2, 64, 0), (4, 1, 255, 0x8000_0001), (1, 999, 3, 7), (1, 0, 256, 7), (0, 0, 1, 1)]
        {
            self.test(SelfTest { recalls, first, flips, seed }, EACH);
        }
    }

    /// From the last pattern on and behind it, and numbers whose highest bits alone are wrong.
    pub(super) fn tested(&mut self, memory: &Memory) {
        let patterns = memory.patterns().rows() as u16;
        for (recalls, first, flips, seed) in [
            (3, patterns - 1, 90, 0x9e37_79b9),
            (9, patterns - 2, 70, 0xdead_beef),
            (1, patterns, 0, 3),
            (1, 0, 0x8000, 3),
            (1, 0x8000, 0, 3),
            (40, 0, 128, 0x0123_4567),
        ] {
            self.test(SelfTest { recalls, first, flips, seed }, EACH);
        }
    }

    /// Recalls that end after one step and after as many as there may be, whether their states are at rest or not. Where values need not be patterns, of a
    /// memory of which the answers are wrong in their first bit alone, and of one in which none comes to rest, since each pattern's answer is the other one of
    /// two.
    pub(super) fn endless(&mut self, memory: &Memory) -> Result<()> {
        if !memory.top_plane_is_pattern() {
            self.load(&answering(memory, |row, bit| memory.patterns().get(row, bit) ^ (bit == 0))?)?;
            self.test(SelfTest { recalls: 9, first: 0, flips: 0, seed: 1 }, EACH);
            self.load(&answering(&pairs(memory)?, |row, bit| memory.patterns().get(row & !1, bit) ^ (row & 1 == 0))?)?;
        }
        for steps in [1, 2, 31, 32, 63, 128, 255] {
            self.changed(|w| w.write(Region::Page, held::MAX_STEPS, vec![steps]));
            self.test(SelfTest { recalls: 40, first: 0, flips: 128, seed: 0x0bad_cafe }, ENDLESS);
            self.read(Region::Page, page::COUNTERS + 124, 4);
        }
        Ok(())
    }

    /// So many recalls that counters of 16 bits carry, and counters that are cleared behind them.
    pub(super) fn carried(&mut self) {
        let test = SelfTest { recalls: CARRIED, first: 0, flips: 140, seed: 0x5eed_1234 };
        let bytes = self.frame(&Request::SelfTest(test));
        self.say(&format!("{test:?}"), bytes, EACH * u64::from(CARRIED) / 8);
        for from in 0..8 {
            self.read(Region::Page, page::COUNTERS + 16 * from, 16);
        }
        self.test(SelfTest { recalls: 2, ..test }, EACH);
    }
}

/// A memory of the same keys whose planes are all these bits.
fn answering(memory: &Memory, bit: impl Fn(usize, usize) -> bool) -> Result<Memory> {
    let patterns = memory.patterns();
    let planes = vec![BitMatrix::from_fn(patterns.rows(), patterns.cols(), bit); memory.planes().len()];
    Memory::new(Parts { planes, ..memory.parts().clone() })
}

/// One of pairs of opposite patterns.
fn pairs(memory: &Memory) -> Result<Memory> {
    let patterns = memory.patterns();
    let opposite = |row: usize, bit| patterns.get(row & !1, bit) ^ (row & 1 == 1);
    let patterns = BitMatrix::from_fn(patterns.rows(), patterns.cols(), opposite);
    Memory::new(Parts { patterns, ..memory.parts().clone() })
}
