//! What a board learns: patterns that are stored and forgotten, what it makes of a key, and its memory, read back.

use super::{Session, cues, session::read_held};
use crate::transport::Transport;
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel::KernelMode,
    kind::Kind,
    learn::{Recognition, Stored},
    memory::{Memory, Parts},
    reference::Ranking,
};
use hopgate_wire::{
    layout::row_of,
    page::{ANY_CLASS, FULL, INFO_WORDS, STORED, UNCERTAIN, UNKNOWN},
    protocol::Region,
    request::Request,
};

/// What came of a STORE, with the nearest pattern before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Learnt {
    /// Whether the key is stored now.
    pub stored: Stored,
    /// The distance of the nearest pattern that was there; none where there was none.
    pub distance: Option<u32>,
}

/// What came of a LEARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taught {
    /// What the board made of the cue; none where there was no pattern before it.
    pub answer: Option<Recognised>,
    /// Whether the cue is stored now. [`Stored::Full`] also where no class was free.
    pub stored: Stored,
    /// Of a cue that is: its class, where there are classes.
    pub class: Option<usize>,
}

/// What a board makes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised {
    /// Whether it is known, and to which certainty.
    pub recognition: Recognition,
    /// The classes, where there are some.
    pub ranking: Option<Ranking>,
    /// The nearest pattern.
    pub nearest: usize,
    /// Its distance.
    pub distance: u32,
}

impl<T: Transport> Session<T> {
    /// Stores a key, with its class where the memory has classes, unless it is known.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a key of another width, and a class that the memory does not have; [`ErrorKind::Failed`] where the board does not
    /// learn; else as the line and the board have it.
    pub fn store(&mut self, key: &[u64], class: Option<usize>) -> Result<Learnt> {
        self.must_learn()?;
        self.check_class(class)?;
        let board = self.identity();
        let before = self.held().patterns;
        let key = cues::words_of(key, None, self.held().neurons, board);
        let words = class.map(|c| c as u16).into_iter().chain(key).collect();
        let reply = self.client.one(&Request::Store { words })?;
        let [status, nearest, distance] = *reply.as_slice() else {
            return Err(Error::new(ErrorKind::Failed, "the board says something else than what came of a key"));
        };
        let (stored, again) = self.after(before, status, nearest.into(), distance.into());
        Ok(Learnt { stored, distance: (before > 0 && !again).then_some(distance.into()) })
    }

    /// What came of a key where there were so many patterns before, by the board's status and the nearest of them, and whether it was sent again.
    fn after(&mut self, before: usize, status: u16, nearest: usize, distance: u32) -> (Stored, bool) {
        // a request whose reply was lost is sent again, and finds its own pattern
        let again = status & STORED == 0 && nearest == before && distance == 0;
        let stored = if status & STORED != 0 || again {
            self.held.patterns = before + 1;
            self.held.groups = before + 1;
            self.held.changed = true;
            Stored::New(before)
        } else if status & FULL != 0 {
            Stored::Full
        } else {
            Stored::Known(nearest)
        };
        (stored, again)
    }

    /// Recalls a cue, and stores it if its answer is unknown: of this class, or where the memory has classes and none is named, of the least that
    /// no pattern has.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a cue of another width, and a class that the board does not have; [`ErrorKind::Failed`] where the board does not
    /// store unknown cues; else as the line and the board have it.
    pub fn learn(&mut self, cue: &[u64], class: Option<usize>) -> Result<Taught> {
        self.must_learn()?;
        let board = self.identity().clone();
        if !board.auto_store {
            return Err(Error::new(ErrorKind::Failed, "this board stores nothing by itself")
                .hint("build one that does: `build --learn --auto-store`"));
        }
        let classes = board.kind == Kind::Class;
        match class {
            Some(c) if classes && c >= board.outputs => {
                let what = format!("class {c}, but the board has classes 0 to {}", board.outputs - 1);
                return Err(Error::usage(what));
            }
            Some(c) if !classes => self.check_class(Some(c))?,
            _ => {}
        }
        let before = self.held().patterns;
        let named = class.map_or(ANY_CLASS, |c| c as u16);
        let cue = cues::words_of(cue, None, self.held().neurons, &board);
        let words = classes.then_some(named).into_iter().chain(cue).collect();
        let reply = self.client.one(&Request::Learn { words })?;
        let wrong = || Error::new(ErrorKind::Failed, "the board says something else than an answer");
        let answer = recognised(&reply, board.kind).ok_or_else(wrong)?;
        let status = reply[reply.len() - INFO_WORDS];
        let (stored, again) = self.after(before, status, answer.nearest, answer.distance);
        let mut taught = Taught { answer: (before > 0 && !again).then_some(answer), stored, class: None };
        if classes && matches!(stored, Stored::New(_)) {
            // which one the board chose, its row of values says
            let (address, count) = (before as u16, board.value_lanes() as u16);
            let row = self.client.one(&Request::Read { region: Region::Values, address, count })?;
            taught.class = class_of(&row);
            if taught.class.is_none() {
                return Err(Error::new(ErrorKind::Failed, format!("the board says no class of pattern {before}")));
            }
        }
        Ok(taught)
    }

    /// Forgets a pattern: the last one takes its place.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a pattern that is not there; [`ErrorKind::Failed`] where the board does not learn; else as the line and the
    /// board have it.
    pub fn forget(&mut self, pattern: usize) -> Result<()> {
        self.must_learn()?;
        let patterns = self.held().patterns;
        if pattern >= patterns {
            return Err(Error::usage(format!("pattern {pattern} cannot be forgotten: the board holds {patterns}"))
                .hint("patterns are counted from 0; when one is forgotten, the last one takes its number"));
        }
        let asked = self.client.one(&Request::Forget { pattern: pattern as u16, patterns: patterns as u16 });
        self.held = read_held(&mut self.client)?;
        match asked {
            // a request whose reply was lost is sent again, and refused: it was carried out before
            Err(e) if self.held.patterns + 1 != patterns => Err(e),
            _ => Ok(()),
        }
    }

    /// Recalls keys, `(Q, N)`, and says which of them the board knows.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for keys of another width, and where the board holds no pattern; else as the line and the board have it.
    pub fn recognise(&mut self, keys: &BitMatrix) -> Result<Vec<Recognised>> {
        self.must_learn()?;
        let (board, held) = (self.identity().clone(), self.held().clone());
        if keys.cols() != held.neurons {
            let what = format!("the keys have {} neurons, but the memory on the board {}", keys.cols(), held.neurons);
            return Err(Error::usage(what).hint("`host info` says which memory the board holds"));
        }
        if held.patterns == 0 {
            return Err(Error::usage("the board holds no pattern").hint("store one: `host store`"));
        }
        let request = |q| Request::Recall { cues: cues::words_of(keys.row(q), None, held.neurons, &board) };
        let requests: Vec<Request> = (0..keys.rows()).map(request).collect();
        let mut all = vec![None; keys.rows()];
        self.client.run(&requests, &mut |q, words| all[q] = recognised(&words, board.kind))?;
        let wrong = || Error::new(ErrorKind::Failed, "the board says something else than an answer");
        all.into_iter().map(|one| one.ok_or_else(wrong)).collect()
    }

    /// The memory that the board holds, read back: of one plane and without offset, as every board that learns has it.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] where the board holds no pattern, or does not learn; else as the line and the board have it.
    pub fn memory(&mut self, progress: &mut dyn FnMut(usize)) -> Result<Memory> {
        self.must_learn()?;
        if self.held().patterns == 0 {
            return Err(Error::new(ErrorKind::Failed, "the board holds no pattern, and a memory has one at least"));
        }
        let image = self.image(progress)?;
        let (board, held) = (self.identity(), self.held());
        let (p, n) = (held.patterns, held.neurons);
        let mut patterns = BitMatrix::zeros(p, n);
        (0..p).for_each(|mu| patterns.set_row(mu, &row_of(image.stored_row(mu), n)));
        let mut plane = patterns.clone();
        if board.kind == Kind::Class {
            // the board may have chosen classes that the memory before did not have
            let last =
                (0..p).filter_map(|mu| image.stored_value(mu).iter().enumerate().filter_map(highest).max()).max();
            let outputs = held.outputs.max(last.map_or(0, |last| last + 1).min(board.outputs));
            plane = BitMatrix::zeros(p, outputs);
            (0..p).for_each(|mu| plane.set_row(mu, &row_of(image.stored_value(mu), outputs)));
        }
        // a search has no kernel: its answers are the nearest patterns, whatever it weighs
        let column: Vec<u32> = match board.nearest {
            true => (0..=n).map(|e| u32::from(e == 0)).collect(),
            false => image.stored_kernel().iter().map(|&w| w.into()).take(n + 1).collect(),
        };
        let mode = if held.fixed_mode { KernelMode::Fixed } else { KernelMode::Normalised };
        Memory::new(Parts {
            kind: board.kind,
            planes: vec![plane],
            gamma: gamma_of(&column),
            kernel: vec![column],
            kernel_bits: if board.nearest { 8 } else { board.kernel_bits },
            kernel_mode: mode,
            max_steps: held.max_steps,
            radius: held.radius,
            scheme: "learnt on the device".into(),
            ..Parts::of(patterns)
        })
    }

    fn must_learn(&self) -> Result<()> {
        if !self.identity().learns {
            return Err(Error::new(ErrorKind::Failed, "this board does not learn")
                .hint("build one that does: `build --learn`, of a training-free memory"));
        }
        self.must_be_valid()
    }

    fn check_class(&self, class: Option<usize>) -> Result<()> {
        let classes = self.held().outputs;
        match (self.identity().kind, class) {
            (Kind::Class, None) => {
                Err(Error::usage(format!("which class? The board has classes, 0 to {}", classes - 1)))
            }
            (Kind::Class, Some(c)) if c >= classes => {
                Err(Error::usage(format!("class {c}, but the board has classes 0 to {}", classes - 1)))
            }
            (Kind::Class, Some(_)) | (_, None) => Ok(()),
            (kind, Some(c)) => Err(Error::usage(format!("class {c}, but the board is of kind {kind}: it has none"))),
        }
    }
}

/// The highest output that a lane of a row of values has a one for.
fn highest((lane, &word): (usize, &u16)) -> Option<usize> {
    word.checked_ilog2().map(|bit| 16 * lane + bit as usize)
}

/// The one class of a row of values.
fn class_of(row: &[u16]) -> Option<usize> {
    row.iter().enumerate().find_map(highest)
}

/// What the words of an answer say of a key.
fn recognised(words: &[u16], kind: Kind) -> Option<Recognised> {
    let (said, info) = words.split_at_checked(words.len().checked_sub(INFO_WORDS)?)?;
    let [status, nearest, distance] = *info else { return None };
    let recognition = match status {
        status if status & UNKNOWN != 0 => Recognition::Unknown,
        status if status & UNCERTAIN != 0 => Recognition::Uncertain,
        _ => Recognition::Identified,
    };
    let ranking = (kind == Kind::Class).then(|| cues::ranking(said));
    Some(Recognised { recognition, ranking, nearest: nearest.into(), distance: distance.into() })
}

/// The gamma that a kernel column `W[0] * exp(-4 gamma e)` has, for the record: from its ends.
fn gamma_of(column: &[u32]) -> f64 {
    let reach = column.iter().rposition(|&w| w > 0).unwrap_or(0);
    match column[0] > column[reach] {
        true => (f64::from(column[0]) / f64::from(column[reach])).ln() / (4.0 * reach as f64),
        // there is nothing to tell it from
        false => 1.0,
    }
}
