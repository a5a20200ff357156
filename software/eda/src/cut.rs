//! How yosys cuts a memory into the block RAMs of an iCE40.
//!
//! A block RAM has 256, 512, 1024 or 2048 words of 16, 8, 4 or 2 bits. A memory deeper than that is folded: word `a` becomes the piece
//! `a / depth` of the wide word `a % depth`, and the pieces lie side by side, each as wide as the memory. Then the wide words
//! are cut into block RAMs. A bit that is the same in every word of a memory that is never written is no memory at all: it
//! becomes a constant, and the others close ranks.
//!
//! This was read off netlists, not promised by anyone. So whoever uses it first checks that it explains every bit of the contents
//! that are there.

/// The 4,096 bits of a block RAM: row `i` of the sixteen has the words `4*i ..`, lowest bit first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents(pub [u64; 64]);

impl Default for Contents {
    fn default() -> Self {
        Contents([0; 64])
    }
}

/// A ROM: words of some bits, from address 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rom {
    /// The `.hex` file's name.
    pub file: String,
    /// Bits of a word.
    pub width: usize,
    /// The words.
    pub words: Vec<u64>,
}

impl Rom {
    /// The bit that every word has in this place, if it is the same in all.
    pub fn constant(&self, bit: usize) -> Option<bool> {
        let ones = self.words.iter().filter(|w| *w >> bit & 1 == 1).count();
        (ones == 0 || ones == self.words.len()).then_some(ones > 0)
    }

    /// The bits that differ from word to word.
    pub fn live(&self) -> Vec<usize> {
        (0..self.width).filter(|&bit| self.constant(bit).is_none()).collect()
    }
}

/// What the block RAMs of a memory hold, in their order, if these bits of its words are stored. `mode` is that of the read port: words have
/// `16 >> mode` bits.
///
/// ```
/// use hopgate_eda::cut::{cut, Rom};
/// let rom = Rom { file: "rom.hex".into(), width: 16, words: vec![0x8001; 512] };
/// let all: Vec<usize> = (0..16).collect();
/// assert_eq!(cut(&rom, &all, 1).len(), 2); // two of 512 words of 8 bits
/// assert_eq!(cut(&rom, &[0, 15], 3).len(), 1); // one of 2048 words of 2 bits
/// ```
pub fn cut(rom: &Rom, stored: &[usize], mode: u32) -> Vec<Contents> {
    let (width, depth) = (16usize >> mode.min(3), 256usize << mode.min(3));
    let pieces = rom.words.len().div_ceil(depth);
    let mut blocks = vec![Contents::default(); (pieces * stored.len()).div_ceil(width)];
    for (address, word) in rom.words.iter().enumerate() {
        for i in (0..stored.len()).filter(|&i| word >> stored[i] & 1 == 1) {
            let wide = address / depth * stored.len() + i;
            let at = position((address % depth) * width + wide % width);
            blocks[wide / width].0[at / 64] |= 1 << (at % 64);
        }
    }
    blocks
}

/// Where bit `i` lies, counted through words of any width: the sixteen bits of a row's word are in reversed order of their number.
fn position(i: usize) -> usize {
    let reversed = (0..4).fold(0, |r, bit| r | (i >> bit & 1) << (3 - bit));
    i & !15 | reversed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_no_memory() {
        let rom = Rom { file: String::new(), width: 4, words: vec![0b0110, 0b0100, 0b0101] };
        assert_eq!(rom.live(), [0, 1]);
        assert_eq!((rom.constant(2), rom.constant(3), rom.constant(0)), (Some(true), Some(false), None));
    }

    /// Every bit of every word is somewhere, and in one place only.
    #[test]
    fn nothing_is_lost() {
        for (words, width, mode) in [(300, 16, 0), (300, 16, 1), (3000, 16, 2), (4097, 5, 1), (2100, 1, 3)] {
            let words: Vec<u64> =
                (0..words).map(|a: u64| a.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - width)).collect();
            let rom = Rom { file: String::new(), width: width as usize, words };
            let all: Vec<usize> = (0..rom.width).collect();
            let ones = |blocks: &[Contents]| blocks.iter().flat_map(|b| b.0).map(u64::count_ones).sum::<u32>();
            assert_eq!(ones(&cut(&rom, &all, mode)), rom.words.iter().map(|w| w.count_ones()).sum::<u32>());
            let mut other = rom.clone();
            other.words[77] ^= 1;
            let (a, b) = (cut(&rom, &all, mode), cut(&other, &all, mode));
            let differ =
                a.iter().zip(&b).flat_map(|(a, b)| a.0.into_iter().zip(b.0)).map(|(a, b)| (a ^ b).count_ones());
            assert_eq!(differ.sum::<u32>(), 1);
        }
    }
}
