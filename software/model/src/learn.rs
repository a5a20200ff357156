//! Learning: a memory of one plane takes a new pattern by one row, without training, and gives one up again.
//!
//! In a training-free memory the sign of every dual weight is the stored bit. So what is stored is rows alone, and a memory that learnt
//! is the memory that would have been made of those patterns from the start.
//!
//! ```
//! use hopgate_model::{bits::BitMatrix, learn::{Learner, Stored}, memory::{Memory, Parts}};
//! let patterns = BitMatrix::from_fn(2, 4, |mu, _| mu == 1);
//! let parts = Parts { planes: vec![patterns.clone()], kernel: vec![vec![9, 2, 0, 0, 0]], ..Parts::of(patterns) };
//! let mut learner = Learner::new(&Memory::new(parts)?, 3)?;
//! assert_eq!(learner.store(&[0b0011], None)?, Stored::New(2));
//! assert_eq!(learner.store(&[0b0011], None)?, Stored::Known(2)); // nothing changes
//! assert_eq!(learner.store(&[0b0101], None)?, Stored::Full);
//! learner.forget(0)?; // the last pattern takes its place
//! assert_eq!(learner.memory()?.patterns().row(0), [0b0011]);
//! # Ok::<(), hopgate_model::Error>(())
//! ```

use crate::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, bit, hamming, set_bit, words_for},
    kernel::{self, KernelMode},
    kind::Kind,
    memory::{Memory, Parts},
    reference,
};
use alloc::{format, string::ToString, vec::Vec};

/// What came of a pattern that was to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is there already, or one near enough: nothing changed. The nearest pattern.
    Known(usize),
    /// It is stored, as this pattern.
    New(usize),
    /// There is no room: nothing changed.
    Full,
}

/// What a memory makes of a key, besides its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognition {
    /// Every voter within the radius speaks for one class (or there are no classes).
    Identified,
    /// Voters within the radius speak for two classes or more.
    Uncertain,
    /// The nearest pattern is beyond the radius, or there is none.
    Unknown,
}

/// A memory that learns.
#[derive(Debug, Clone)]
pub struct Learner {
    /// Everything but the rows; they may be none.
    parts: Parts,
    room: usize,
}

/// A voter of a key: its pattern, and its distance.
type Voter = (usize, u32);

impl Learner {
    /// A memory as it is now, and how many patterns it has room for.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] for a memory that needs training (of more planes than one, with an offset, whose plane is not its patterns, or
    /// of kind `map` or `sequence`), and for less room than it has patterns.
    pub fn new(memory: &Memory, room: usize) -> Result<Learner> {
        check(memory)?;
        let p = memory.patterns().rows();
        if room < p {
            return Err(Error::new(ErrorKind::Fit, format!("room for {room} patterns, but the memory has {p}")));
        }
        Ok(Learner { parts: memory.parts().clone(), room })
    }

    /// Forgets every pattern.
    pub fn clear(&mut self) {
        let parts = &mut self.parts;
        parts.patterns = BitMatrix::zeros(0, parts.patterns.cols());
        parts.planes[0] = BitMatrix::zeros(0, parts.planes[0].cols());
        parts.labels = None;
    }

    /// Patterns that are stored.
    pub fn patterns(&self) -> usize {
        self.parts.patterns.rows()
    }

    /// Patterns that there is room for.
    pub fn room(&self) -> usize {
        self.room
    }

    /// How near a pattern of the same class must be for a key to be nothing new: the memory's [`storing_radius`].
    pub fn radius(&self) -> u32 {
        storing_radius(self.parts.radius, self.parts.patterns.cols())
    }

    /// The memory of what is stored.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if nothing is.
    pub fn memory(&self) -> Result<Memory> {
        Memory::new(self.parts.clone())
    }

    /// Stores a key, with its class where the memory has classes.
    ///
    /// It is known, and nothing changes, if the same key is there, or a voter of the same class is within [`Learner::radius`]. Where there
    /// are no classes, all patterns are of one. Otherwise it becomes the last pattern. Its row of the plane is the key, or one bit for its class.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a class where there are none, none where there are, or one that the memory does not have.
    pub fn store(&mut self, key: &[u64], class: Option<usize>) -> Result<Stored> {
        self.check_class(class)?;
        let radius = self.radius();
        let voters = self.voters(key);
        if let Some((mu, least)) = self.nearest(key) {
            let plane = &self.parts.planes[0];
            let here = match class {
                Some(class) => voters.iter().any(|&(mu, d)| d <= radius && plane.get(mu, class)),
                None => least <= radius,
            };
            if here || least == 0 {
                return Ok(Stored::Known(mu));
            }
        }
        if self.patterns() == self.room {
            return Ok(Stored::Full);
        }
        Ok(Stored::New(self.append(key, class)))
    }

    /// Makes a key the last pattern, and says which that is.
    fn append(&mut self, key: &[u64], class: Option<usize>) -> usize {
        let p = self.patterns();
        let parts = &mut self.parts;
        parts.patterns = with_row(&parts.patterns, key);
        let mut value = key.to_vec();
        if let Some(class) = class {
            value = alloc::vec![0; words_for(parts.planes[0].cols())];
            set_bit(&mut value, class, true);
        }
        parts.planes[0] = with_row(&parts.planes[0], &value);
        if let Some(labels) = &mut parts.labels {
            let name = class.and_then(|c| parts.classes.as_ref().map(|names| names[c].clone()));
            labels.push(name.unwrap_or_else(|| p.to_string()));
        }
        p
    }

    /// The class of an unknown cue for which none is named: the least that no pattern has. None where all have some, or there are no classes.
    pub fn free_class(&self) -> Option<usize> {
        let plane = &self.parts.planes[0];
        let classes = if self.parts.kind == Kind::Class { plane.cols() } else { 0 };
        (0..classes).find(|&c| plane.column_ones(c) == 0)
    }

    /// Stores a cue if its answer is unknown: that is, the pattern nearest to the state that entered the last step of its recall is beyond the
    /// memory's radius, or there is no pattern. Where the memory has classes and none is named, it is of the [free one](Learner::free_class).
    ///
    /// It becomes the last pattern as by [`Learner::store`]. [`Stored::Full`] also where no class is free. A board that reads out the nearest pattern
    /// takes one step: it does as a learner of a memory whose recalls have at most one.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a class where there are none, or one that the memory does not have.
    pub fn learn(&mut self, cue: &[u64], class: Option<usize>) -> Result<Stored> {
        let class = class.or_else(|| self.free_class());
        let classless = self.parts.kind == Kind::Class && class.is_none();
        if !classless {
            self.check_class(class)?;
        }
        if let Ok(memory) = self.memory() {
            let answer = reference::recall(&memory, cue);
            if answer.known {
                return Ok(Stored::Known(answer.nearest));
            }
        }
        if classless || self.patterns() == self.room {
            return Ok(Stored::Full);
        }
        Ok(Stored::New(self.append(cue, class)))
    }

    /// Forgets a pattern: the last one takes its place.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a pattern that is not there.
    pub fn forget(&mut self, mu: usize) -> Result<()> {
        let p = self.patterns();
        if mu >= p {
            return Err(Error::usage(format!("pattern {mu} cannot be forgotten: there are {p}")));
        }
        let rows: Vec<usize> = (0..p - 1).map(|row| if row == mu { p - 1 } else { row }).collect();
        let parts = &mut self.parts;
        parts.patterns = parts.patterns.select(&rows);
        parts.planes[0] = parts.planes[0].select(&rows);
        if let Some(labels) = &mut parts.labels {
            labels.swap_remove(mu);
        }
        Ok(())
    }

    /// Whether a key is known, by the memory's radius, and whether that is beyond doubt.
    pub fn recognise(&self, key: &[u64]) -> Recognition {
        let radius = self.parts.radius;
        let voters = self.voters(key);
        let within: Vec<usize> = voters.iter().filter(|v| v.1 <= radius).map(|v| v.0).collect();
        if self.nearest(key).is_none_or(|(_, least)| least > radius) {
            return Recognition::Unknown;
        }
        let plane = &self.parts.planes[0];
        let spoken = |c: usize| within.iter().any(|&mu| plane.get(mu, c));
        match self.parts.kind == Kind::Class && (0..plane.cols()).filter(|&c| spoken(c)).count() > 1 {
            true => Recognition::Uncertain,
            false => Recognition::Identified,
        }
    }

    /// The patterns of each class; of one class where there are none.
    pub fn counts(&self) -> Vec<usize> {
        let plane = &self.parts.planes[0];
        match self.parts.kind {
            Kind::Class => (0..plane.cols()).map(|c| plane.column_ones(c)).collect(),
            _ => alloc::vec![self.patterns()],
        }
    }

    fn check_class(&self, class: Option<usize>) -> Result<()> {
        let classes = self.parts.planes[0].cols();
        match (self.parts.kind, class) {
            (Kind::Class, None) => {
                Err(Error::usage("which class? The memory has classes, and a key is stored with one"))
            }
            (Kind::Class, Some(c)) if c >= classes => {
                Err(Error::usage(format!("class {c}, but the memory has classes 0 to {}", classes - 1)))
            }
            (Kind::Class, Some(_)) | (_, None) => Ok(()),
            (kind, Some(c)) => Err(Error::usage(format!("class {c}, but a memory of kind {kind} has none"))),
        }
    }

    fn distances(&self, key: &[u64]) -> impl Iterator<Item = Voter> {
        let patterns = &self.parts.patterns;
        (0..patterns.rows()).map(move |mu| (mu, hamming(patterns.row(mu), key)))
    }

    fn nearest(&self, key: &[u64]) -> Option<Voter> {
        self.distances(key).min_by_key(|&(mu, d)| (d, mu))
    }

    /// Those within the kernel's reach.
    fn voters(&self, key: &[u64]) -> Vec<Voter> {
        let parts = &self.parts;
        let base = match parts.kernel_mode {
            KernelMode::Fixed => 0,
            KernelMode::Normalised => self.nearest(key).map_or(0, |(_, least)| least),
        };
        let reach = kernel::reach(&parts.kernel, &parts.offset).unwrap_or(0);
        self.distances(key).filter(|&(_, d)| d - base <= reach).collect()
    }
}

/// How near a pattern must be for a key to be nothing new: the radius, or where that is every distance, none but zero.
pub fn storing_radius(radius: u32, neurons: usize) -> u32 {
    if (radius as usize) < neurons { radius } else { 0 }
}

/// Whether a memory can learn: see [`Learner::new`].
///
/// # Errors
/// [`ErrorKind::Fit`] with the reason why not.
pub fn check(memory: &Memory) -> Result<()> {
    let planes = memory.planes().len();
    let why = if planes > 1 {
        format!("it has {planes} planes")
    } else if memory.offset().iter().any(|&o| o != 0) {
        "it has an offset".into()
    } else {
        match memory.kind() {
            Kind::Auto if !memory.top_plane_is_pattern() => "its plane is not its patterns".into(),
            Kind::Auto | Kind::Class => return Ok(()),
            kind => format!("it is of kind {kind}"),
        }
    };
    Err(Error::new(ErrorKind::Fit, format!("the memory cannot learn a pattern: {why}"))
        .hint("a training-free memory of patterns, or of keys with classes, can: `hopgate memory`"))
}

fn with_row(matrix: &BitMatrix, row: &[u64]) -> BitMatrix {
    let p = matrix.rows();
    BitMatrix::from_fn(p + 1, matrix.cols(), |r, c| if r < p { matrix.get(r, c) } else { bit(row, c) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString, vec};

    fn classes(radius: u32) -> Learner {
        let patterns = BitMatrix::from_fn(2, 6, |mu, i| mu == 1 && i < 5);
        let planes = vec![BitMatrix::from_fn(2, 3, |mu, c| mu == c)];
        let kernel = vec![vec![9, 5, 2, 0, 0, 0, 0]];
        let parts = Parts { kind: Kind::Class, planes, kernel, radius, ..Parts::of(patterns) };
        Learner::new(&Memory::new(parts).unwrap(), 4).unwrap()
    }

    #[test]
    fn a_key_of_another_class_is_new_within_the_radius_unless_it_is_the_same() {
        let mut learner = classes(2);
        assert_eq!(learner.store(&[0b11], Some(0)).unwrap(), (Stored::Known(0)));
        assert_eq!(learner.store(&[0], Some(2)).unwrap(), (Stored::Known(0)), "the same key");
        assert_eq!(learner.store(&[0b11], Some(2)).unwrap(), (Stored::New(2)));
        assert_eq!(learner.recognise(&[0b1]), Recognition::Uncertain);
        assert_eq!(learner.recognise(&[0b11111]), Recognition::Identified);
        assert_eq!(learner.recognise(&[0b111_100]), Recognition::Unknown);
        assert_eq!(learner.counts(), [1, 1, 1]);
        learner.forget(0).unwrap();
        assert_eq!((learner.counts(), learner.recognise(&[0b1])), (vec![0, 1, 1], Recognition::Identified));
    }

    #[test]
    fn an_unknown_cue_is_of_the_class_that_is_free() {
        let mut learner = classes(1);
        assert_eq!(learner.free_class(), Some(2));
        assert_eq!(learner.learn(&[0b1], None).unwrap(), Stored::Known(0));
        assert_eq!(learner.learn(&[0b111], None).unwrap(), Stored::New(2));
        assert_eq!((learner.counts(), learner.free_class()), (vec![1, 1, 1], None));
        // each class has a pattern: what is known is known, and what is not needs a name
        assert_eq!(learner.learn(&[0b111], None).unwrap(), Stored::Known(2));
        assert_eq!(learner.learn(&[0b111_000], None).unwrap(), Stored::Full);
        assert!(learner.learn(&[0b111_000], Some(3)).is_err());
        assert_eq!(learner.learn(&[0b111_000], Some(1)).unwrap(), Stored::New(3));
        assert_eq!(learner.learn(&[0b10_1010], Some(1)).unwrap(), Stored::Full, "no room");
        learner.forget(0).unwrap();
        assert_eq!(learner.free_class(), Some(0));
    }

    #[test]
    fn from_nothing() {
        let mut learner = classes(6);
        learner.clear();
        assert_eq!((learner.recognise(&[1]), learner.radius()), (Recognition::Unknown, 0));
        assert!(learner.memory().is_err());
        assert_eq!(learner.store(&[1], Some(1)).unwrap(), (Stored::New(0)));
        let memory = learner.memory().unwrap();
        assert_eq!(crate::reference::recall(&memory, &[0b11]).ranking.unwrap().class, 1);
    }

    #[test]
    fn what_cannot_be() {
        let mut learner = classes(2);
        for (class, what) in [(None, "which class"), (Some(3), "classes 0 to 2")] {
            assert!(learner.store(&[1], class).unwrap_err().to_string().contains(what));
        }
        assert!(learner.forget(2).unwrap_err().to_string().contains("there are 2"));
        let memory = learner.memory().unwrap();
        assert!(Learner::new(&memory, 1).unwrap_err().to_string().contains("room for 1"));
        let two = Parts {
            planes: vec![memory.planes()[0].clone(); 2],
            kernel: vec![memory.kernel()[0].clone(); 2],
            ..memory.parts().clone()
        };
        assert!(Learner::new(&Memory::new(two).unwrap(), 9).unwrap_err().to_string().contains("2 planes"));
    }
}
