//! The page: what a board is, what it holds, and what its last self-test counted.

mod identity;

pub use identity::Identity;
pub(crate) use identity::other_version;

use hopgate_model::{Error, ErrorKind, Result, memory::MAX_STEPS};

/// Words of the page that say what the board is.
pub const IDENTITY_WORDS: usize = 64;
/// The first word of what it holds.
pub const HELD: usize = 64;
/// Words of what it holds, with begin and commit.
pub const HELD_WORDS: usize = 34;
/// The word that begins a load.
pub const BEGIN: usize = 96;
/// The word that ends it.
pub const COMMIT: usize = 97;
/// The first word that no host can write.
pub const COUNTERS: usize = 128;
/// Words of the page.
pub const WORDS: usize = 256;
/// Recalls of this many steps or more are counted together.
pub const MOST_COUNTED_STEPS: usize = 31;
/// Where they are among the counters' 32-bit numbers: words 192..255.
const STEPS: usize = 32;

/// The first word: the bytes `HG`.
pub const MAGIC: u16 = 0x4748;

/// What a board holds: words 64..97.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Groups that are scanned.
    pub groups: usize,
    /// Patterns of the last group.
    pub last: usize,
    /// The reach and one: excesses below it vote.
    pub entries: usize,
    /// The most steps of a recall.
    pub max_steps: u32,
    /// Whether the kernel mode is fixed.
    pub fixed_mode: bool,
    /// Neurons of the memory.
    pub neurons: usize,
    /// Its patterns.
    pub patterns: usize,
    /// Its planes.
    pub planes: usize,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// The number of the last load that began.
    pub begin: u16,
    /// The number of the last load that ended.
    pub commit: u16,
}

impl Held {
    /// Whether the memory is valid.
    pub fn valid(&self) -> bool {
        self.begin == self.commit
    }

    /// What no memory on this board can be.
    pub fn contradiction(&self, board: &Identity) -> Option<&'static str> {
        let slots = self.groups * board.parallel;
        let checks = [
            ((1..=board.neurons).contains(&self.neurons), "neurons"),
            ((1..=board.patterns).contains(&self.patterns), "patterns"),
            (self.patterns + board.parallel == slots + self.last, "groups"),
            ((1..=board.parallel).contains(&self.last), "patterns of the last group"),
            ((1..=MAX_STEPS).contains(&self.max_steps), "steps"),
            (board.nearest || (1..=board.planes).contains(&self.planes), "planes"),
            (board.nearest || self.entries <= board.stride, "reach"),
        ];
        checks.into_iter().find(|(right, _)| !right).map(|(_, what)| what)
    }

    /// Words 64..95, all that a load writes besides begin and commit.
    pub fn words(&self) -> [u16; 32] {
        let mut w = [0; 32];
        let numbers = [self.groups - 1, self.last - 1, self.entries, self.max_steps as usize];
        let sizes = [usize::from(self.fixed_mode), self.neurons, self.patterns, self.planes];
        w.iter_mut().zip(numbers.into_iter().chain(sizes)).for_each(|(w, n)| *w = n as u16);
        w[16..].copy_from_slice(&words_of(&self.sha256));
        w
    }

    /// What words 64..97 say.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if there are too few.
    pub fn of(words: &[u16]) -> Result<Held> {
        let w =
            words.get(..HELD_WORDS).ok_or_else(|| Error::new(ErrorKind::Format, "the board's page is too short"))?;
        let number = |at: usize| usize::from(w[at]);
        Ok(Held {
            groups: number(0) + 1,
            last: number(1) + 1,
            entries: number(2),
            max_steps: w[3].into(),
            fixed_mode: w[4] == 1,
            neurons: number(5),
            patterns: number(6),
            planes: number(7),
            sha256: digest(&w[16..32]),
            begin: w[BEGIN - HELD],
            commit: w[COMMIT - HELD],
        })
    }
}

/// What a self-test counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counters {
    /// Recalls.
    pub recalls: u32,
    /// Answers equal to their pattern.
    pub exact: u32,
    /// Neurons of answers unequal to their pattern's.
    pub wrong_neurons: u32,
    /// Recalls that did not converge.
    pub not_converged: u32,
    /// Answers whose nearest pattern is the one that was recalled.
    pub nearest: u32,
    /// Cycles of all their steps, rounded down to a multiple of eight: every eighth is counted.
    pub cycles: u64,
    /// Recalls of `s` steps at `s`; those of more than 31 are at 31, and there are none at 0.
    pub steps: [u32; MOST_COUNTED_STEPS + 1],
}

impl Counters {
    /// Words 128..255.
    pub fn words(&self) -> [u16; 128] {
        let mut w = [0; 128];
        let eighths = (self.cycles / 8) as u32;
        let six = [self.recalls, self.exact, self.wrong_neurons, self.not_converged, self.nearest, eighths];
        let steps = self.steps.into_iter().enumerate().map(|(s, n)| (STEPS + s, n));
        for (i, n) in six.into_iter().enumerate().chain(steps) {
            (w[2 * i], w[2 * i + 1]) = (n as u16, (n >> 16) as u16);
        }
        w
    }

    /// What words 128..255 say.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if there are too few.
    pub fn of(words: &[u16]) -> Result<Counters> {
        let w = words.get(..128).ok_or_else(|| Error::new(ErrorKind::Format, "the board's page is too short"))?;
        let n = |i: usize| u32::from(w[2 * i]) | u32::from(w[2 * i + 1]) << 16;
        let mut steps = [0; MOST_COUNTED_STEPS + 1];
        steps.iter_mut().enumerate().for_each(|(s, count)| *count = n(STEPS + s));
        Ok(Counters {
            recalls: n(0),
            exact: n(1),
            wrong_neurons: n(2),
            not_converged: n(3),
            nearest: n(4),
            cycles: 8 * u64::from(n(5)),
            steps,
        })
    }
}

/// Two bytes a word, the first in the low byte.
fn words_of(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect()
}

fn bytes_of(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|w| w.to_le_bytes()).collect()
}

fn digest(words: &[u16]) -> [u8; 32] {
    let mut all = [0; 32];
    all.iter_mut().zip(bytes_of(words)).for_each(|(a, b)| *a = b);
    all
}

/// A SHA-256 from its hexadecimal digits; `None` if it is none.
///
/// ```
/// use hopgate_host::page;
/// let hex = "00ff".repeat(16);
/// assert_eq!(page::hex(&page::parse_hex(&hex).unwrap()), hex);
/// assert_eq!(page::parse_hex("00"), None);
/// ```
pub fn parse_hex(text: &str) -> Option<[u8; 32]> {
    let mut all = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (i, byte) in all.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(all)
}

/// The hexadecimal digits of a SHA-256.
pub fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_and_counted_comes_back() {
        let held = Held {
            groups: 30,
            last: 2,
            entries: 7,
            max_steps: 30,
            fixed_mode: true,
            neurons: 37,
            patterns: 60,
            planes: 2,
            sha256: [9; 32],
            begin: 3,
            commit: 4,
        };
        let mut words = held.words().to_vec();
        words.extend([3, 4]);
        assert_eq!(Held::of(&words).unwrap(), held);
        assert!(!held.valid());
        let mut counters = Counters { recalls: 70_000, cycles: 8 * u64::from(u32::MAX), ..Counters::default() };
        counters.steps[31] = 3;
        assert_eq!(Counters::of(&counters.words()).unwrap(), counters);
        assert_eq!(counters.words()[126], 3, "word 192 + 2 * 31");
    }
}
