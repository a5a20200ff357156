//! And-inverter graphs as yosys writes them (binary AIGER): some inputs are set to constants, and all else is left as it is.
//!
//! One circuit with a choice among mutants becomes a circuit for each of them without another run of yosys; and one whose bad states are to be
//! shown unreachable becomes the step of that induction.

use hopgate_model::{Error, ErrorKind, Result};

/// A circuit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aig {
    /// The numbers of the first line: largest variable, inputs, latches, outputs, gates, and what follows them.
    header: Vec<usize>,
    /// Latches' lines: the literal that each takes next, and how it begins.
    latches: Vec<(usize, String)>,
    /// Literals of outputs, bad states, constraints, and so on.
    roots: Vec<usize>,
    /// Both inputs of each gate.
    gates: Vec<(usize, usize)>,
    /// Names of inputs.
    names: Vec<(usize, String)>,
}

const INPUTS: usize = 1;
const LATCHES: usize = 2;
const GATES: usize = 4;

fn bad(what: &str) -> Error {
    Error::new(ErrorKind::Tool, format!("yosys wrote a circuit that cannot be read: {what}"))
        .hint("it should be the one that `hopgate doctor` shows")
}

/// Reads lines, then numbers of seven bits a byte.
struct Cursor<'a> {
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn line(&mut self) -> Result<&'a str> {
        let end = self.bytes.iter().position(|&b| b == b'\n').ok_or_else(|| bad("it ends in a line"))?;
        let (line, rest) = self.bytes.split_at(end);
        self.bytes = &rest[1..];
        std::str::from_utf8(line).map_err(|_| bad("a line is no text"))
    }

    fn number(&mut self) -> Result<usize> {
        let (mut value, mut shift) = (0usize, 0);
        loop {
            let (&byte, rest) = self.bytes.split_first().ok_or_else(|| bad("it ends in a gate"))?;
            self.bytes = rest;
            value |= usize::from(byte & 0x7f).checked_shl(shift).ok_or_else(|| bad("a gate's number is too long"))?;
            if byte < 0x80 {
                return Ok(value);
            }
            shift += 7;
        }
    }
}

fn literal(text: &str) -> Result<usize> {
    text.parse().map_err(|_| bad(&format!("`{text}` is no number")))
}

impl Aig {
    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When they are no binary AIGER.
    pub fn parse(bytes: &[u8]) -> Result<Aig> {
        let mut cursor = Cursor { bytes };
        let first = cursor.line()?.strip_prefix("aig ").ok_or_else(|| bad("it does not begin with `aig`"))?;
        let header: Vec<usize> = first.split(' ').map(literal).collect::<Result<_>>()?;
        if header.len() < 5 || header[0] != header[INPUTS] + header[LATCHES] + header[GATES] {
            return Err(bad("its first line"));
        }
        let mut latches = Vec::new();
        for _ in 0..header[LATCHES] {
            let (next, begins) = cursor.line().map(|l| l.split_once(' ').unwrap_or((l, "")))?;
            latches.push((literal(next)?, begins.to_owned()));
        }
        let roots = header[3] + header[5..].iter().take(2).sum::<usize>();
        if header[5..].iter().skip(2).any(|&n| n > 0) {
            return Err(bad("it has fairness conditions"));
        }
        let roots = (0..roots).map(|_| cursor.line().and_then(literal)).collect::<Result<_>>()?;
        let before = header[INPUTS] + header[LATCHES];
        let mut gates = Vec::new();
        for g in 0..header[GATES] {
            let own = 2 * (before + g + 1);
            let left = own.checked_sub(cursor.number()?).ok_or_else(|| bad("a gate before its inputs"))?;
            let right = left.checked_sub(cursor.number()?).ok_or_else(|| bad("a gate before its inputs"))?;
            gates.push((left, right));
        }
        let mut names = Vec::new();
        while let Ok(line) = cursor.line() {
            if let Some((at, name)) = line.strip_prefix('i').and_then(|l| l.split_once(' ')) {
                names.push((literal(at)?, name.to_owned()));
            } else if line == "c" {
                break;
            }
        }
        Ok(Aig { header, latches, roots, gates, names })
    }

    /// The circuit's file where the inputs `name[0]`, `name[1]`, ... are the bits of a number.
    ///
    /// # Errors
    /// When it has no such input.
    pub fn with(&self, name: &str, number: usize) -> Result<Vec<u8>> {
        // the literal of every variable
        let mut now: Vec<usize> = (0..=self.header[INPUTS] + self.header[LATCHES]).map(|v| 2 * v).collect();
        let mut found = false;
        for (at, text) in &self.names {
            let Some(bit) = text.strip_prefix(name).and_then(|b| b.strip_prefix('[')?.strip_suffix(']')) else {
                continue;
            };
            now[at + 1] = number >> literal(bit)? & 1;
            found = true;
        }
        if !found {
            return Err(bad(&format!("it has no input {name}")));
        }
        let own = now.len();
        now.extend((own..=self.header[0]).map(|v| 2 * v));
        let moved = |l: usize| now[l / 2] ^ (l & 1);
        let line = |numbers: &[usize]| numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        let mut out = format!("aig {}\n", line(&self.header)).into_bytes();
        for (next, begins) in &self.latches {
            out.extend(format!("{} {begins}", moved(*next)).trim_end().bytes().chain(*b"\n"));
        }
        for &root in &self.roots {
            out.extend(format!("{}\n", moved(root)).bytes());
        }
        for (g, &(left, right)) in self.gates.iter().enumerate() {
            let (left, right) = (moved(left), moved(right));
            let (left, right) = (left.max(right), left.min(right));
            put(&mut out, 2 * (own + g) - left);
            put(&mut out, left - right);
        }
        Ok(out)
    }
}

impl Aig {
    /// The step of an induction: latches begin with anything, no state is bad in the first cycle, and is any in the next one?
    ///
    /// # Errors
    /// When it has outputs besides bad states and constraints.
    pub fn step(&self) -> Result<Vec<u8>> {
        let number = |at: usize| self.header.get(at).copied().unwrap_or(0);
        let (inputs, latches, gates, bads) = (number(INPUTS), number(LATCHES), number(GATES), number(5));
        if number(3) > 0 {
            return Err(bad("it has outputs"));
        }
        // behind the inputs what each latch begins with; behind the latches one that says that the first cycle is over
        let latch = |l: usize| 2 * (inputs + latches + l + 1);
        let later = latch(latches);
        let first_gate = later / 2 + 1;
        let mut all: Vec<(usize, usize)> = Vec::new();
        let mut and = |left: usize, right: usize| {
            all.push((left.max(right), left.min(right)));
            2 * (first_gate + all.len() - 1)
        };
        let mut now: Vec<usize> = (0..=inputs).map(|v| 2 * v).collect();
        for l in 0..latches {
            let held = and(latch(l), later);
            let begins = and(2 * (inputs + l + 1), later ^ 1);
            now.push(and(held ^ 1, begins ^ 1) ^ 1);
        }
        for &(left, right) in &self.gates {
            let gate = and(now[left / 2] ^ (left & 1), now[right / 2] ^ (right & 1));
            now.push(gate);
        }
        let moved = |l: usize| now[l / 2] ^ (l & 1);
        let good = self.roots[..bads].iter().fold(1, |good, &b| and(good, moved(b) ^ 1));
        let (failed, begun) = (and(good ^ 1, later), and(good ^ 1, later ^ 1) ^ 1);
        let constraints = self.roots.len() - bads + 1;
        let (ins, regs) = (inputs + latches, latches + 1);
        debug_assert_eq!(all.len(), 3 * latches + gates + bads + 2);
        let mut out = format!("aig {} {ins} {regs} 0 {} 1 {constraints}\n", ins + regs + all.len(), all.len());
        for (next, _) in &self.latches {
            out += &format!("{}\n", moved(*next));
        }
        out += &format!("1\n{failed}\n");
        for &constraint in &self.roots[bads..] {
            out += &format!("{}\n", moved(constraint));
        }
        let mut out = format!("{out}{begun}\n").into_bytes();
        for (g, &(left, right)) in all.iter().enumerate() {
            put(&mut out, 2 * (first_gate + g) - left);
            put(&mut out, left - right);
        }
        Ok(out)
    }
}

fn put(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two inputs `n[0]` and `n[1]`, one `x`, a latch that takes `n[0] and x`, a bad state `not (latch and n[1])`.
    fn example() -> Vec<u8> {
        let mut bytes = b"aig 6 3 1 0 2 1\n10\n13\n".to_vec();
        // gate 5 is variables 1 and 3, gate 6 is variables 4 and 2
        for number in [10 - 6, 6 - 2, 12 - 8, 8 - 4] {
            put(&mut bytes, number);
        }
        bytes.extend(*b"i0 n[0]\ni1 n[1]\ni2 x\nc\nwhatever");
        bytes
    }

    #[test]
    fn constants_replace_inputs() {
        let aig = Aig::parse(&example()).unwrap();
        assert_eq!(aig.gates, [(6, 2), (8, 4)]);
        let chosen = Aig::parse(&aig.with("n", 2).unwrap()).unwrap();
        // n[0] is zero, n[1] is one, x and the latch are what they were
        assert_eq!(chosen.gates, [(6, 0), (8, 1)]);
        assert_eq!((chosen.latches, chosen.roots), (aig.latches.clone(), aig.roots.clone()));
        assert!(aig.with("m", 1).is_err());
    }

    #[test]
    fn a_step_begins_anywhere() {
        // a latch that takes itself, and is a bad state: it is never one, from wherever it was none
        let step = Aig::parse(&Aig::parse(b"aig 1 0 1 0 0 1 0\n2\n2\n").unwrap().step().unwrap()).unwrap();
        assert_eq!(step.header, [9, 1, 2, 0, 6, 1, 1]);
        // variable 1 is what it begins with, 2 the latch, 3 whether the first cycle is over
        assert_eq!(step.gates, [(6, 4), (7, 2), (11, 9), (12, 1), (15, 6), (15, 7)]);
        assert_eq!((step.latches, step.roots), (vec![(13, String::new()), (1, String::new())], vec![16, 19]));
    }

    #[test]
    fn damaged_files_are_refused() {
        let good = example();
        assert!(Aig::parse(&good[..20]).is_err());
        assert!(Aig::parse(b"aag 1 1 0 0 0\n").is_err());
        assert!(Aig::parse(b"aig 9 1 0 0 0\n").is_err());
    }
}
