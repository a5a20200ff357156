//! Which columns of keys that are turned over a scan counts, and what distances are made of.

use super::columns::Columns;

/// Some columns, by the cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The known ones in which it is not as usual.
    Unusual,
    /// The known ones in which it is.
    Usual,
    /// The others.
    Unknown,
}

/// What distances are made of: `constant + times * unusual`, and for some columns a factor of how many of those a key has not as usual.
/// All of it is modulo 2^16, which no distance reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub constant: u16,
    pub times: u16,
    pub sums: [Option<(Which, u16)>; 2],
}

impl Columns {
    /// How the distances from a state are found, over its known bits.
    #[inline(always)]
    pub fn plan(&self, state: &[u64], known: Option<&[u64]>) -> Plan {
        let count = |which: Which| {
            (0..self.words()).map(|w| self.word(which, w, state, known).count_ones()).sum::<u32>() as usize
        };
        let unusual = count(Which::Unusual);
        let (cols, minus) = (self.cols as u16, |factor: u16| factor.wrapping_neg()); // at most `MAX_NEURONS`
        if known.is_none() {
            let usual = self.cols - unusual;
            return match unusual <= usual {
                true => Plan { constant: unusual as u16, times: 1, sums: [Some((Which::Unusual, minus(2))), None] },
                false => Plan { constant: cols - usual as u16, times: minus(1), sums: [Some((Which::Usual, 2)), None] },
            };
        }
        let (usual, unknown) = (count(Which::Usual), count(Which::Unknown));
        let constant = unusual as u16;
        match unknown < usual {
            true => {
                let sums = [Some((Which::Unusual, minus(2))), Some((Which::Unknown, minus(1)))];
                Plan { constant, times: 1, sums }
            }
            false => Plan { constant, times: 0, sums: [Some((Which::Unusual, minus(1))), Some((Which::Usual, 1))] },
        }
    }

    /// A word of some columns.
    #[inline(always)]
    pub fn word(&self, which: Which, w: usize, state: &[u64], known: Option<&[u64]>) -> u64 {
        let (own, known) = (self.own(w), known.map_or(u64::MAX, |known| known[w]));
        let unusual = state[w] ^ self.usual[w];
        own & match which {
            Which::Unusual => unusual & known,
            Which::Usual => !unusual & known,
            Which::Unknown => !known,
        }
    }

    /// The bits of a word that are columns.
    #[inline(always)]
    fn own(&self, w: usize) -> u64 {
        match self.cols - 64 * w {
            cols @ 0..64 => (1 << cols) - 1,
            _ => u64::MAX,
        }
    }
}
