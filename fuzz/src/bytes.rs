//! Mutations that know nothing of a format, and those that know it to be text.

use crate::dice::Dice;

/// Whole numbers at the edges of what readers take, as text.
pub const NUMBERS: [&str; 30] = [
    "0",
    "1",
    "2",
    "-1",
    "3",
    "4",
    "7",
    "8",
    "15",
    "16",
    "17",
    "63",
    "64",
    "65",
    "255",
    "256",
    "1023",
    "1024",
    "1025",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "1000000000000",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
];

/// Other words that number parsers meet.
const WORDS: [&str; 22] = [
    "",
    "1e400",
    "-0",
    "0.0",
    "1.5",
    "nan",
    "inf",
    "-inf",
    "1e-400",
    "true",
    "false",
    "null",
    "0x10",
    "1_000",
    "+1",
    "\u{e4}",
    "\u{1f600}",
    "\"",
    "'",
    "{}",
    "[]",
    "\0",
];

/// The same edges as binary words.
const WIDE: [u64; 14] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    1_000_000_000_000,
    i64::MAX as u64,
    u64::MAX,
];

/// Changes a few bytes, or many; `other` is another sample, to splice from.
pub fn mutate(data: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    match dice.below(10) {
        0 | 1 if !data.is_empty() => {
            let place = dice.below(data.len());
            data[place] ^= 1 << dice.below(8);
        }
        2 if !data.is_empty() => {
            let place = dice.below(data.len());
            data[place] = WIDE[dice.below(WIDE.len())] as u8;
        }
        3 => word(data, dice),
        4 => {
            let cut = dice.below(data.len() + 1);
            data.truncate(cut);
        }
        5 => drop(data.drain(dice.range(data.len()))),
        6 => {
            let part = data[dice.range(data.len())].to_vec();
            let place = dice.below(data.len() + 1);
            data.splice(place..place, part);
        }
        7 => {
            let part = other[dice.range(other.len())].to_vec();
            let range = dice.range(data.len());
            data.splice(range, part);
        }
        8 => {
            let noise: Vec<u8> = (0..dice.below(16)).map(|_| dice.draw() as u8).collect();
            let place = dice.below(data.len() + 1);
            data.splice(place..place, noise);
        }
        _ => {
            // the beginning of one, the end of another
            let (cut, from) = (dice.below(data.len() + 1), dice.below(other.len() + 1));
            data.truncate(cut);
            data.extend_from_slice(&other[from..]);
        }
    }
}

/// Overwrites 2, 4 or 8 bytes, in either order, with a number at an edge.
pub fn word(data: &mut [u8], dice: &mut Dice) {
    let size = [2, 4, 8][dice.below(3)];
    if data.len() < size {
        return;
    }
    let place = dice.below(data.len() - size + 1);
    let value = WIDE[dice.below(WIDE.len())];
    match dice.below(2) {
        0 => data[place..place + size].copy_from_slice(&value.to_le_bytes()[..size]),
        _ => data[place..place + size].copy_from_slice(&value.to_be_bytes()[8 - size..]),
    }
}

/// Changes a token or a line of a text. `words` are those that the format knows.
pub fn text(data: &mut Vec<u8>, other: &[u8], words: &[&str], dice: &mut Dice) {
    let Ok(text) = std::str::from_utf8(data) else { return mutate(data, other, dice) };
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let at = dice.below(lines.len());
    match dice.below(8) {
        _ if lines.is_empty() => lines.push("\n".into()),
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => {
            let with = dice.below(lines.len());
            lines.swap(at, with);
        }
        3 => {
            let foreign = String::from_utf8_lossy(other);
            let all: Vec<&str> = foreign.split_inclusive('\n').collect();
            if !all.is_empty() {
                lines.insert(at, all[dice.below(all.len())].to_owned());
            }
        }
        _ => lines[at] = token(&lines[at], words, dice),
    }
    *data = lines.concat().into_bytes();
}

/// A line with one of its tokens replaced, removed or doubled.
fn token(line: &str, words: &[&str], dice: &mut Dice) -> String {
    let word = |c: char| c.is_alphanumeric() || "_.+-".contains(c);
    let mut tokens: Vec<String> = Vec::new();
    let mut last = None;
    for c in line.chars() {
        if last == Some(word(c)) && word(c) {
            tokens.last_mut().expect("there is a last one").push(c);
        } else {
            tokens.push(c.into());
        }
        last = Some(word(c));
    }
    let at = dice.below(tokens.len());
    if tokens.is_empty() {
        return line.to_owned();
    }
    match dice.below(8) {
        0..=2 => {
            // numbers, mostly
            let numbers: Vec<usize> = (0..tokens.len()).filter(|&t| tokens[t].parse::<f64>().is_ok()).collect();
            let at = if numbers.is_empty() { at } else { numbers[dice.below(numbers.len())] };
            tokens[at] = dice.pick(&NUMBERS).to_owned();
        }
        3 => tokens[at] = dice.pick(&WORDS).to_owned(),
        4 if !words.is_empty() => tokens[at] = dice.pick(words).to_owned(),
        5 => tokens.insert(at, tokens[at].clone()),
        6 => {
            // deep, or long
            let times = [2, 100, 1000, 5000][dice.below(4)];
            tokens[at] = dice.pick(&["[", "{\"a\":", "(", "1,", "0", "-", "\"", "a.", "[["]).repeat(times);
        }
        _ => drop(tokens.remove(at)),
    }
    tokens.concat()
}
