//! The page: what a board is, what it holds, and what its last self-test counted.

mod answer;
mod identity;

pub use answer::{
    ANY_CLASS, CLASS_WORDS, CONVERGED, FOUND_UNKNOWN, FOUND_WORDS, FULL, INFO_WORDS, NEAR, STATUS, STORED, UNCERTAIN,
    UNKNOWN,
};
pub use identity::{Identity, other_version};

use alloc::{format, string::String, vec::Vec};
use hopgate_model::{Error, ErrorKind, Result, kind::Kind, memory::MAX_STEPS};

/// Words of the page that say what the board is.
pub const IDENTITY_WORDS: usize = 64;
/// The most neurons of a core.
pub const MAX_NEURONS: usize = 1 << 14;
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

/// The first word: the bytes `HG`.
pub const MAGIC: u16 = 0x4748;

/// In place of a kind: what the board answers with is what the memory on it answers with. No program that knows one kind a board takes
/// it for one.
pub const SEVERAL: usize = 4;

/// Where each number of what a board is stands.
pub mod word {
    /// [`MAGIC`](super::MAGIC).
    pub const MAGIC: usize = 0;
    /// The version of the protocol.
    pub const VERSION: usize = 1;
    /// Neurons, at most.
    pub const NEURONS: usize = 2;
    /// Words of a row that are read in a beat: of a board of version 1, words of a cue.
    pub const LANES: usize = 3;
    /// Patterns, at most.
    pub const PATTERNS: usize = 4;
    /// Planes.
    pub const PLANES: usize = 5;
    /// Banks: rows scanned in a cycle.
    pub const BANKS: usize = 6;
    /// Slots of neurons that share the accumulators.
    pub const FOLD: usize = 7;
    /// Flags: see [`flag`](super::flag).
    pub const FLAGS: usize = 8;
    /// Bits of a kernel entry.
    pub const KERNEL_BITS: usize = 9;
    /// Bits of an accumulator.
    pub const ACCUMULATOR_BITS: usize = 10;
    /// Entries of the kernel table for a plane.
    pub const STRIDE: usize = 11;
    /// Rows of a bank.
    pub const DEPTH: usize = 12;
    /// Rows of a bank for a plane.
    pub const GROUPS: usize = 13;
    /// Words that the board buffers.
    pub const WINDOW: usize = 14;
    /// Bits of an entry of the threshold table.
    pub const THRESHOLD_BITS: usize = 15;
    /// Clock, Hz: two words.
    pub const CLOCK: usize = 16;
    /// Baud rate: two words.
    pub const BAUD: usize = 18;
    /// Cycles of a step besides its groups and its candidates.
    pub const LATENCY: usize = 20;
    /// What it answers with: 0 auto, 1 map, 2 class, 3 sequence, [`SEVERAL`](super::SEVERAL).
    pub const KIND: usize = 21;
    /// Outputs, where values are apart from the keys.
    pub const OUTPUTS: usize = 22;
    /// Rows of values of a plane.
    pub const VALUE_ROWS: usize = 23;
    /// SHA-256 of the memory that was built in: 16 words.
    pub const BUILT_IN: usize = 24;
    /// hopgate's version: eight words of text.
    pub const RELEASE: usize = 40;
    /// Of a board of version 2: beats in which a row is read.
    pub const BEATS: usize = 48;
    /// Of a board that answers with lists: how many patterns each has, at most; else 0.
    pub const RANKS: usize = 49;
    /// Of a board that takes memories of several kinds: a bit for each, by its number; else 0.
    pub const KINDS: usize = 50;
}

/// The bits of the word of flags.
pub mod flag {
    /// The answer is the nearest pattern.
    pub const NEAREST: usize = 0;
    /// No region can be written.
    pub const FIXED: usize = 1;
    /// The top plane is the patterns, and not stored.
    pub const SHARED_TOP: usize = 2;
    /// There is a threshold table.
    pub const THRESHOLD: usize = 3;
    /// There is a self-test.
    pub const SELF_TEST: usize = 4;
    /// Nothing valid is there after configuration.
    pub const EMPTY: usize = 5;
    /// It says that an answer is unknown.
    pub const RADIUS: usize = 6;
    /// The mask of a cue follows it.
    pub const MASKS: usize = 7;
    /// It stores and forgets patterns.
    pub const LEARN: usize = 8;
    /// It says of an answer the nearest pattern alone, where that is asked.
    pub const FIND: usize = 9;
    /// It stores cues that it does not know, where that is asked.
    pub const AUTO_STORE: usize = 10;
}

/// Where each number of what a board holds stands.
pub mod held {
    use super::HELD;
    /// Groups that are scanned, less one.
    pub const LAST_GROUP: usize = HELD;
    /// Patterns of the last group, less one.
    pub const LAST_BANK: usize = HELD + 1;
    /// The reach and one.
    pub const ENTRIES: usize = HELD + 2;
    /// The most steps of a recall.
    pub const MAX_STEPS: usize = HELD + 3;
    /// One for a fixed kernel mode; where the board takes several kinds, from bit [`KIND_SHIFT`] on the memory's, by its number and one.
    pub const FIXED_MODE: usize = HELD + 4;
    /// The place of the kind in that word.
    pub const KIND_SHIFT: usize = 8;
    /// The bits that a kind has there.
    pub const KIND_BITS: usize = 3;
    /// Neurons of the memory.
    pub const NEURONS: usize = HELD + 5;
    /// Its patterns.
    pub const PATTERNS: usize = HELD + 6;
    /// Its planes.
    pub const PLANES: usize = HELD + 7;
    /// The radius, where that is heeded.
    pub const RADIUS: usize = HELD + 8;
    /// Outputs of the memory, where values are apart from the keys.
    pub const OUTPUTS: usize = HELD + 9;
    /// How near a pattern of its class a key must be to be no new one, where the board learns.
    pub const STORE_RADIUS: usize = HELD + 10;
    /// One where the board learnt since its memory was loaded or built in.
    pub const CHANGED: usize = HELD + 11;
    /// Its SHA-256: 16 words.
    pub const SHA256: usize = HELD + 16;
}

/// Where the counters of a self-test stand: each is two words, the low one first.
pub mod counter {
    use super::COUNTERS;
    /// Recalls.
    pub const RECALLS: usize = COUNTERS;
    /// Answers equal to their pattern.
    pub const EXACT: usize = COUNTERS + 2;
    /// Neurons of answers unequal to their pattern's.
    pub const WRONG_NEURONS: usize = COUNTERS + 4;
    /// Recalls that did not converge.
    pub const NOT_CONVERGED: usize = COUNTERS + 6;
    /// Answers whose nearest pattern is the one that was recalled.
    pub const NEAREST: usize = COUNTERS + 8;
    /// Eighths of the cycles of all their steps.
    pub const CYCLES: usize = COUNTERS + 10;
    /// Recalls of `s` steps: at `STEPS + 2 * s`.
    pub const STEPS: usize = COUNTERS + 64;
}

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
    /// What it answers with, where the board takes several kinds; else none.
    pub kind: Option<Kind>,
    /// Neurons of the memory.
    pub neurons: usize,
    /// Its patterns.
    pub patterns: usize,
    /// Its planes.
    pub planes: usize,
    /// Its outputs, where values are apart from the keys; else 0.
    pub outputs: usize,
    /// Its radius, where the board heeds one; else 0.
    pub radius: u32,
    /// How near a pattern of its class a key must be to be no new one, where the board learns; else 0.
    pub store_radius: u32,
    /// Whether the board stored or forgot patterns since: then the SHA-256 is that of the memory before.
    pub changed: bool,
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
        // a board that learns may have forgotten everything
        let empty = board.learns && self.patterns == 0 && (self.groups, self.last) == (1, 1);
        let slots = self.groups * board.parallel;
        let checks = [
            ((1..=board.neurons).contains(&self.neurons), "neurons"),
            (empty || (1..=board.patterns).contains(&self.patterns), "patterns"),
            (empty || self.patterns + board.parallel == slots + self.last, "groups"),
            ((1..=board.parallel).contains(&self.last), "patterns of the last group"),
            ((1..=MAX_STEPS).contains(&self.max_steps), "steps"),
            (board.nearest || (1..=board.planes).contains(&self.planes), "planes"),
            (board.nearest && board.ranks == 0 || self.entries <= board.stride, "reach"),
            (!(board.valued() || board.lists_classes()) || (1..=board.outputs).contains(&self.outputs), "outputs"),
            (self.kind.is_some() == board.kinds.several(), "kind"),
            (self.kind.is_none_or(|kind| board.kinds.contains(kind)), "kind"),
            (!board.radius || self.radius as usize <= self.neurons, "radius"),
            (!board.learns || self.store_radius as usize <= self.neurons, "radius of what is stored"),
        ];
        checks.into_iter().find(|(right, _)| !right).map(|(_, what)| what)
    }

    /// Words 64..95, all that a load writes besides begin and commit.
    pub fn words(&self) -> [u16; 32] {
        let mut w = [0; 32];
        let numbers = [
            (held::LAST_GROUP, self.groups - 1),
            (held::LAST_BANK, self.last - 1),
            (held::ENTRIES, self.entries),
            (held::MAX_STEPS, self.max_steps as usize),
            (held::FIXED_MODE, mode_word(self.fixed_mode, self.kind).into()),
            (held::NEURONS, self.neurons),
            (held::PATTERNS, self.patterns),
            (held::PLANES, self.planes),
            (held::RADIUS, self.radius as usize),
            (held::OUTPUTS, self.outputs),
            (held::STORE_RADIUS, self.store_radius as usize),
            (held::CHANGED, usize::from(self.changed)),
        ];
        numbers.into_iter().for_each(|(at, n)| w[at - HELD] = n as u16);
        w[held::SHA256 - HELD..].copy_from_slice(&words_of(&self.sha256));
        w
    }

    /// What words 64..97 say.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if there are too few.
    pub fn of(words: &[u16]) -> Result<Held> {
        let w =
            words.get(..HELD_WORDS).ok_or_else(|| Error::new(ErrorKind::Format, "the board's page is too short"))?;
        let number = |at: usize| usize::from(w[at - HELD]);
        Ok(Held {
            groups: number(held::LAST_GROUP) + 1,
            last: number(held::LAST_BANK) + 1,
            entries: number(held::ENTRIES),
            max_steps: w[held::MAX_STEPS - HELD].into(),
            fixed_mode: number(held::FIXED_MODE) & 1 == 1,
            kind: kind_of(w[held::FIXED_MODE - HELD]),
            neurons: number(held::NEURONS),
            patterns: number(held::PATTERNS),
            planes: number(held::PLANES),
            outputs: number(held::OUTPUTS),
            radius: w[held::RADIUS - HELD].into(),
            store_radius: w[held::STORE_RADIUS - HELD].into(),
            changed: number(held::CHANGED) == 1,
            sha256: digest(&w[held::SHA256 - HELD..][..16]),
            begin: w[BEGIN - HELD],
            commit: w[COMMIT - HELD],
        })
    }
}

/// Word 68: the kernel mode, and where the board takes several kinds the memory's.
pub fn mode_word(fixed_mode: bool, kind: Option<Kind>) -> u16 {
    u16::from(fixed_mode) | kind.map_or(0, |kind| (kind.number() + 1) << held::KIND_SHIFT)
}

/// The kind that such a word says, if it says one.
pub fn kind_of(mode_word: u16) -> Option<Kind> {
    let number = usize::from(mode_word >> held::KIND_SHIFT) & ((1 << held::KIND_BITS) - 1);
    number.checked_sub(1).and_then(|number| Kind::ALL.get(number)).copied()
}

/// What a self-test counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counters {
    /// Recalls.
    pub recalls: u32,
    /// Answers equal to their pattern; of other kinds than `auto`, recalls without a one in their answers.
    pub exact: u32,
    /// Neurons of answers unequal to their pattern's; of other kinds than `auto`, ones of the answers.
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
        let six = [
            (counter::RECALLS, self.recalls),
            (counter::EXACT, self.exact),
            (counter::WRONG_NEURONS, self.wrong_neurons),
            (counter::NOT_CONVERGED, self.not_converged),
            (counter::NEAREST, self.nearest),
            (counter::CYCLES, eighths),
        ];
        let steps = self.steps.into_iter().enumerate().map(|(s, n)| (counter::STEPS + 2 * s, n));
        for (at, n) in six.into_iter().chain(steps) {
            (w[at - COUNTERS], w[at - COUNTERS + 1]) = (n as u16, (n >> 16) as u16);
        }
        w
    }

    /// What words 128..255 say.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if there are too few.
    pub fn of(words: &[u16]) -> Result<Counters> {
        let w = words.get(..128).ok_or_else(|| Error::new(ErrorKind::Format, "the board's page is too short"))?;
        let n = |at: usize| u32::from(w[at - COUNTERS]) | u32::from(w[at - COUNTERS + 1]) << 16;
        let mut steps = [0; MOST_COUNTED_STEPS + 1];
        steps.iter_mut().enumerate().for_each(|(s, count)| *count = n(counter::STEPS + 2 * s));
        Ok(Counters {
            recalls: n(counter::RECALLS),
            exact: n(counter::EXACT),
            wrong_neurons: n(counter::WRONG_NEURONS),
            not_converged: n(counter::NOT_CONVERGED),
            nearest: n(counter::NEAREST),
            cycles: 8 * u64::from(n(counter::CYCLES)),
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

/// The hexadecimal digits of a SHA-256.
///
/// ```
/// assert_eq!(hopgate_wire::page::hex(&[0x0f; 32]), "0f".repeat(32));
/// ```
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
            kind: Some(Kind::Class),
            neurons: 37,
            patterns: 60,
            planes: 2,
            outputs: 9,
            radius: 5,
            store_radius: 4,
            changed: true,
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
