//! Contents of the block RAMs of an iCE40, in the text form of its bitstreams (`.asc`).
//!
//! A section `.ram_data X Y` has 16 lines of 64 hexadecimal digits: 4,096 bits, the highest of each line first.

use crate::cut::Contents;
use hopgate_model::{Error, ErrorKind, Result};
use std::{collections::BTreeMap, fmt::Write as _};

/// The place of a block RAM: column and row.
pub type Place = (u32, u32);

/// An `.asc`, with the contents of its block RAMs apart from the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asc {
    /// Everything else, in pieces: each section of contents lay behind a piece.
    rest: Vec<String>,
    /// The places of those sections, in their order.
    order: Vec<Place>,
    /// What they hold.
    pub rams: BTreeMap<Place, Contents>,
}

impl Asc {
    /// Takes a text apart.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] with the line.
    pub fn parse(text: &str) -> Result<Asc> {
        let mut asc = Asc { rest: vec![String::new()], order: Vec::new(), rams: BTreeMap::new() };
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let bad = |number: usize, what: &str| Error::new(ErrorKind::Format, format!("line {}: {what}", number + 1));
            let Some(place) = line.strip_prefix(".ram_data ") else {
                if let Some(rest) = asc.rest.last_mut() {
                    rest.push_str(line);
                    rest.push('\n');
                }
                continue;
            };
            let mut numbers = place.split_whitespace().map(|word| word.parse::<u32>().ok());
            let (Some(Some(x)), Some(Some(y)), None) = (numbers.next(), numbers.next(), numbers.next()) else {
                return Err(bad(number, "no place of a block RAM"));
            };
            let mut contents = Contents::default();
            for row in contents.0.chunks_mut(4) {
                let (number, line) = lines.next().ok_or_else(|| bad(number, "its contents end too early"))?;
                if line.len() != 64 || !line.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(bad(number, "not 64 hexadecimal digits"));
                }
                for (word, digits) in row.iter_mut().rev().zip(0..4) {
                    let digits = &line[16 * digits..16 * digits + 16];
                    *word = u64::from_str_radix(digits, 16).map_err(|e| bad(number, "no number").because(e))?;
                }
            }
            if asc.rams.insert((x, y), contents).is_some() {
                return Err(bad(number, "contents of the same block RAM again"));
            }
            asc.order.push((x, y));
            asc.rest.push(String::new());
        }
        Ok(asc)
    }

    /// The text again.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (i, rest) in self.rest.iter().enumerate() {
            text += rest;
            let Some((place, contents)) = self.order.get(i).and_then(|at| Some((at, self.rams.get(at)?))) else {
                continue;
            };
            let _ = writeln!(text, ".ram_data {} {}", place.0, place.1);
            for row in contents.0.chunks(4) {
                for word in row.iter().rev() {
                    let _ = write!(text, "{word:016x}");
                }
                text.push('\n');
            }
        }
        text
    }

    /// All that is no contents and no comment: logic, wires, pins.
    pub fn configuration(&self) -> String {
        let lines = self.rest.iter().flat_map(|piece| piece.lines());
        let kept = lines.filter(|line| !line.is_empty() && !line.starts_with(".comment"));
        kept.fold(String::new(), |text, line| text + line + "\n")
    }

    /// What a block RAM holds: zeros where the text does not mention it.
    pub fn contents(&self, place: Place) -> Contents {
        self.rams.get(&place).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> String {
        let line = |n: usize| format!("{}{n:02x}\n", "0".repeat(62));
        let contents: String = (0..16).map(line).collect();
        format!(".comment x\n.device 1k\n.logic_tile 1 2\n010\n\n.ram_data 3 5\n{contents}\n.sym 1 a\n")
    }

    #[test]
    fn there_and_back() {
        let asc = Asc::parse(&sample()).unwrap();
        let ram = asc.contents((3, 5));
        assert!((0..16).all(|i| ram.0[4 * i] == i as u64 && ram.0[4 * i + 1] == 0));
        assert_eq!(asc.text(), sample());
        assert_eq!(asc.configuration(), ".device 1k\n.logic_tile 1 2\n010\n.sym 1 a\n");
        assert_eq!(asc.contents((9, 9)), Contents::default());
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        let error = |from: &str, to: &str| Asc::parse(&sample().replacen(from, to, 1)).unwrap_err().to_string();
        assert_eq!(error("3 5", "3"), "line 6: no place of a block RAM");
        assert_eq!(error("0f\n", "0g\n"), "line 22: not 64 hexadecimal digits");
        let twice = sample() + &sample()[sample().find(".ram").unwrap()..];
        assert!(Asc::parse(&twice).unwrap_err().to_string().contains("again"));
        let short = &sample()[..sample().find("0f\n").unwrap()];
        assert!(Asc::parse(short.trim_end_matches('0')).is_err());
    }
}
