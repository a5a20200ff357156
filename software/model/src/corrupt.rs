//! Noise models: what happens to a cue. The same seed gives the same cues everywhere.
//!
//! | text | corruption | needs a picture |
//! |---|---|---|
//! | `flips:0.1` | every bit is flipped with this probability: [`noise::cues`] | |
//! | `dropout:0.2` | every bit is set to 0 with this probability (a Z-channel) | |
//! | `erase:0.3` | every bit is unknown with this probability: its place is known | |
//! | `burst:24` | a run of so many consecutive neurons, anywhere, becomes fair random bits | |
//! | `shift` | the picture moves by one pixel in one of the eight directions, or stays; zeros enter | yes |
//! | `thicken:0.3` | each background pixel with ink beside, above or below it becomes ink with this probability | yes |
//! | `thin:0.3` | each ink pixel with background beside, above or below it is lost with this probability | yes |
//!
//! Neuron `i` of a picture is at row `i / width`, column `i % width`, so a burst runs along the lines. What lies outside a
//! picture is background, but does not thin it.

use crate::{
    Error, Result,
    bits::BitMatrix,
    noise::{self, Seed},
    reference::Masks,
};
use alloc::{format, vec::Vec};
use core::{fmt, str::FromStr};
use rand::Rng;

/// What happens to a cue.
///
/// ```
/// use hopgate_model::corrupt::Corruption;
/// let c: Corruption = "dropout:0.2".parse()?;
/// assert_eq!((c, c.to_string().as_str()), (Corruption::Dropout(0.2), "dropout:0.2"));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Corruption {
    /// Every bit is flipped with this probability.
    Flips(f64),
    /// Every bit is set to 0 with this probability.
    Dropout(f64),
    /// Every bit is unknown with this probability, and it is known which are.
    Erase(f64),
    /// A run of consecutive neurons becomes random.
    Burst {
        /// How many neurons, about half of which change.
        bits: usize,
    },
    /// The picture moves by at most one pixel, in a random one of nine ways.
    Shift,
    /// Background beside ink becomes ink with this probability.
    Thicken(f64),
    /// Ink beside background is lost with this probability.
    Thin(f64),
}

/// An example of each text, for messages.
const EXAMPLES: &str = "for example flips:0.1, dropout:0.2, erase:0.3, burst:24, shift, thicken:0.3 or thin:0.3";

impl Corruption {
    /// Whether it moves or redraws pixels, and so needs the height and width of the picture.
    pub fn needs_picture(&self) -> bool {
        matches!(self, Corruption::Shift | Corruption::Thicken(_) | Corruption::Thin(_))
    }

    /// Whether cues of `neurons` bits, pictures of this height and width or none, can be corrupted so.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Usage`] for a probability outside 0..=1, a burst longer than the cue, a picture that is missing or
    /// of another size.
    pub fn check(&self, neurons: usize, shape: Option<(usize, usize)>) -> Result<()> {
        use Corruption::{Burst, Dropout, Erase, Flips, Shift, Thicken, Thin};
        match *self {
            Flips(p) | Dropout(p) | Erase(p) | Thicken(p) | Thin(p) if !(0.0..=1.0).contains(&p) => {
                return Err(Error::usage(format!("{self}: the probability must be 0 to 1")).hint(EXAMPLES));
            }
            Burst { bits } if bits == 0 || bits > neurons => {
                let what = format!("{self}: a burst in a cue of {neurons} neurons has 1 to {neurons} of them");
                return Err(Error::usage(what).hint(EXAMPLES));
            }
            Flips(_) | Dropout(_) | Erase(_) | Burst { .. } | Shift | Thicken(_) | Thin(_) => {}
        }
        match shape {
            None if self.needs_picture() => {
                Err(Error::usage(format!("{self} needs pictures, but these patterns have no height and width"))
                    .hint("give glyphs, digits or a folder of pictures; or use flips, dropout, erase or burst"))
            }
            Some((height, width)) if height.checked_mul(width) != Some(neurons) => {
                Err(Error::usage(format!("a picture of {height} rows of {width} pixels has not {neurons} neurons")))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Corruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Corruption::Flips(p) => write!(f, "flips:{p}"),
            Corruption::Dropout(p) => write!(f, "dropout:{p}"),
            Corruption::Erase(p) => write!(f, "erase:{p}"),
            Corruption::Burst { bits } => write!(f, "burst:{bits}"),
            Corruption::Shift => f.write_str("shift"),
            Corruption::Thicken(p) => write!(f, "thicken:{p}"),
            Corruption::Thin(p) => write!(f, "thin:{p}"),
        }
    }
}

impl FromStr for Corruption {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = |what: &str| Error::usage(format!("{text:?}: {what}")).hint(EXAMPLES);
        let (name, value) = match text.trim().split_once(':') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (text.trim(), None),
        };
        let probability = || {
            let p: f64 = value.ok_or_else(|| wrong("a probability must follow"))?.parse().unwrap_or(f64::NAN);
            if (0.0..=1.0).contains(&p) { Ok(p) } else { Err(wrong("the probability must be a number from 0 to 1")) }
        };
        match name {
            "flips" => Ok(Corruption::Flips(probability()?)),
            "dropout" => Ok(Corruption::Dropout(probability()?)),
            "erase" => Ok(Corruption::Erase(probability()?)),
            "burst" => match value.map(str::parse) {
                Some(Ok(bits)) if bits > 0 => Ok(Corruption::Burst { bits }),
                Some(_) => Err(wrong("the length of the burst must be a whole number of at least 1")),
                None => Err(wrong("the length of the burst must follow")),
            },
            "shift" if value.is_none() => Ok(Corruption::Shift),
            "shift" => Err(wrong("nothing can follow")),
            "thicken" => Ok(Corruption::Thicken(probability()?)),
            "thin" => Ok(Corruption::Thin(probability()?)),
            _ => Err(wrong("there is no such corruption")),
        }
    }
}

/// Cues, (Q, N), and which of their bits are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The cues.
    pub bits: BitMatrix,
    /// Which bits are known, (Q, N), where not all are.
    pub known: Option<BitMatrix>,
}

impl Damaged {
    /// Those with these numbers.
    #[must_use]
    pub fn select(&self, numbers: &[usize]) -> Self {
        Damaged { bits: self.bits.select(numbers), known: self.known.as_ref().map(|known| known.select(numbers)) }
    }
}

/// Cues of a caller, whole or damaged.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The cues, (Q, N).
    pub bits: &'a BitMatrix,
    /// Their masks, where not all bits are known.
    pub masks: Option<Masks<'a>>,
}

impl<'a> From<&'a BitMatrix> for Asked<'a> {
    fn from(bits: &'a BitMatrix) -> Self {
        Asked { bits, masks: None }
    }
}

impl<'a> From<&'a Damaged> for Asked<'a> {
    fn from(Damaged { bits, known }: &'a Damaged) -> Self {
        Asked { bits, masks: known.as_ref().map(|known| Masks { known, clamp: false }) }
    }
}

/// `count` corrupted cues: the rows in turn, each corrupted on its own; cue `q` belongs to row `q % rows`, as with
/// [`noise::cues`], which makes the flips. `shape` is the height and width of the pictures. With one seed, cues of a higher
/// probability are damaged in a superset of the places.
///
/// ```
/// use hopgate_model::{corrupt::{cues, Corruption}, noise};
/// let pictures = noise::random(10, 64, 1);
/// let cues = cues(&pictures, Some((8, 8)), 400, &Corruption::Shift, 1)?;
/// assert_eq!((cues.bits.rows(), cues.bits.cols(), cues.known), (400, 64, None));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// [`crate::ErrorKind::Usage`] as [`Corruption::check`]; or without rows, from which no cue can be made.
pub fn cues(
    rows: &BitMatrix,
    shape: Option<(usize, usize)>,
    count: usize,
    corruption: &Corruption,
    seed: impl Into<Seed>,
) -> Result<Damaged> {
    let seed = seed.into();
    if rows.rows() == 0 {
        return Err(Error::usage("there are no patterns to make cues from"));
    }
    corruption.check(rows.cols(), shape)?;
    if let Corruption::Flips(p) = *corruption {
        return Ok(Damaged { bits: noise::cues(rows, count, p, seed), known: None });
    }
    let order: Vec<usize> = (0..count).map(|q| q % rows.rows()).collect();
    let clean = rows.select(&order);
    let picture = Picture { bits: &clean, height: shape.map_or(1, |s| s.0), width: shape.map_or(rows.cols(), |s| s.1) };
    let known = match *corruption {
        Corruption::Erase(p) => Some(noise::known(0..count, rows.cols(), p, seed)),
        _ => None,
    };
    let bits = match *corruption {
        Corruption::Flips(p) => noise::flips(&clean, p, seed),
        Corruption::Erase(_) => clean,
        Corruption::Dropout(p) => {
            let mut lost = dice(seed, 21, p);
            BitMatrix::from_fn(count, clean.cols(), |q, i| !lost() && clean.get(q, i))
        }
        Corruption::Burst { bits } => burst(&clean, bits, seed),
        Corruption::Shift => shift(&picture, seed),
        Corruption::Thicken(p) => {
            let mut grows = dice(seed, 24, p);
            picture.redrawn(|q, y, x| (grows() && picture.touches(q, y, x, true)) || picture.ink(q, y, x))
        }
        Corruption::Thin(p) => {
            let mut shrinks = dice(seed, 25, p);
            picture.redrawn(|q, y, x| !(shrinks() && picture.touches(q, y, x, false)) && picture.ink(q, y, x))
        }
    };
    Ok(Damaged { bits, known })
}

/// An endless row of throws, true with probability `p`.
fn dice(seed: Seed, stream: u64, p: f64) -> impl FnMut() -> bool {
    let mut rng = noise::rng(seed, stream);
    let dice = noise::Dice::of(p);
    move || dice.throw(rng.random())
}

fn burst(clean: &BitMatrix, bits: usize, seed: Seed) -> BitMatrix {
    let mut rng = noise::rng(seed, 22);
    let mut cues = clean.clone();
    for q in 0..clean.rows() {
        let first = noise::below(&mut rng, (clean.cols() - bits) as u64 + 1) as usize;
        for i in first..first + bits {
            cues.set(q, i, rng.random::<u64>() >> 63 == 1);
        }
    }
    cues
}

fn shift(picture: &Picture, seed: Seed) -> BitMatrix {
    let mut rng = noise::rng(seed, 23);
    let ways: Vec<usize> = (0..picture.bits.rows()).map(|_| noise::below(&mut rng, 9) as usize).collect();
    picture.redrawn(|q, y, x| {
        // one row down and one column right come first, so that no coordinate is negative
        let (from_y, from_x) = ((y + ways[q] / 3).checked_sub(1), (x + ways[q] % 3).checked_sub(1));
        from_y.zip(from_x).is_some_and(|(y, x)| picture.ink(q, y, x))
    })
}

/// Cues read as pictures.
struct Picture<'a> {
    bits: &'a BitMatrix,
    height: usize,
    width: usize,
}

impl Picture<'_> {
    /// Whether there is ink; there is none outside.
    fn ink(&self, q: usize, y: usize, x: usize) -> bool {
        y < self.height && x < self.width && self.bits.get(q, y * self.width + x)
    }

    /// Whether one of the four neighbours inside the picture is ink, or is background.
    fn touches(&self, q: usize, y: usize, x: usize, ink: bool) -> bool {
        let neighbours = [(y.wrapping_sub(1), x), (y + 1, x), (y, x.wrapping_sub(1)), (y, x + 1)];
        neighbours.iter().any(|&(y, x)| y < self.height && x < self.width && self.ink(q, y, x) == ink)
    }

    /// The same number of pictures with `ink(q, y, x)` in each place, asked line by line.
    fn redrawn(&self, mut ink: impl FnMut(usize, usize, usize) -> bool) -> BitMatrix {
        BitMatrix::from_fn(self.bits.rows(), self.bits.cols(), |q, i| ink(q, i / self.width, i % self.width))
    }
}
