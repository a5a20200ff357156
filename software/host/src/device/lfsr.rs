//! The noise of the self-test: a linear-feedback shift register.

/// A register of 32 bits, `x^32 + x^22 + x^2 + x + 1`, with a period of `2^32 - 1`.
///
/// ```
/// use hopgate_host::device::Lfsr;
/// let mut noise = Lfsr::new(1);
/// assert_eq!([noise.shift(), noise.shift(), noise.shift()], [0b11, 0b110, 0b1101]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lfsr(u32);

impl Lfsr {
    /// From a seed; 0 is taken as 1.
    pub fn new(seed: u32) -> Self {
        Lfsr(seed.max(1))
    }

    /// One shift: the XOR of bits 31, 21, 1 and 0 enters at bit 0.
    pub fn shift(&mut self) -> u32 {
        let x = self.0;
        self.0 = x << 1 | (x >> 31 ^ x >> 21 ^ x >> 1 ^ x) & 1;
        self.0
    }

    /// The flips of a lane, neuron by neuron: eight shifts each, and a flip if the low eight bits are less than `flips`.
    pub fn flips(&mut self, flips: u16) -> u16 {
        (0..16).fold(0, |all, i| {
            let x = (0..8).fold(0, |_, _| self.shift());
            all | u16::from((x & 255) < u32::from(flips)) << i
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit by bit, as the page says it.
    #[test]
    fn the_register_of_the_page() {
        let mut bits = [false; 32];
        bits[0] = true;
        let mut noise = Lfsr::new(0);
        for _ in 0..10_000 {
            let new = bits[31] ^ bits[21] ^ bits[1] ^ bits[0];
            bits.rotate_right(1);
            bits[0] = new;
            let x = noise.shift();
            assert!((0..32).all(|i| (x >> i & 1 == 1) == bits[i]));
        }
    }

    #[test]
    fn flips_come_as_often_as_asked() {
        let mut noise = Lfsr::new(7);
        assert_eq!(Lfsr::new(7).flips(0), 0);
        let ones: u32 = (0..10_000).map(|_| noise.flips(26).count_ones()).sum();
        // 160,000 draws of probability 26/256: a deviation of 121
        assert!((15_750..16_750).contains(&ones), "{ones}");
    }
}
