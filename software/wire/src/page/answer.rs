//! The words of an answer, and the bits of its status.

/// Words of the answer of a class: class, second, score and margin, of two words each.
pub const CLASS_WORDS: usize = 6;
/// Words behind every answer: steps, nearest pattern, its distance.
pub const INFO_WORDS: usize = 3;
/// In the word of the steps: the recall converged.
pub const CONVERGED: u16 = 1 << 15;
/// In the word of the steps: the nearest pattern is beyond the radius.
pub const UNKNOWN: u16 = 1 << 14;
/// In the word of the steps, on a board of classes that learns: voters within the radius speak for more than one class.
pub const UNCERTAIN: u16 = 1 << 13;
/// In the same word of the reply to a STORE: the key is known.
pub const NEAR: u16 = 1 << 12;
/// It is not, and was stored as the last pattern.
pub const STORED: u16 = 1 << 11;
/// It is not, and there is no room for it.
pub const FULL: u16 = 1 << 10;
/// In a LEARN in place of a class: the least of those that no pattern has.
pub const ANY_CLASS: u16 = u16::MAX;
/// All of them: the rest of that word are the steps.
pub const STATUS: u16 = CONVERGED | UNKNOWN | UNCERTAIN | NEAR | STORED | FULL;
/// In the word of the distance, in the reply to a FIND: the nearest pattern is beyond the radius. No distance has that bit.
pub const FOUND_UNKNOWN: u16 = 1 << 15;
/// Words of the reply to a FIND for each cue: the nearest pattern, its distance.
pub const FOUND_WORDS: usize = 2;
