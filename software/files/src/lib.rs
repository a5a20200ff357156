//! What hopgate reads and writes: patterns from arrays, text and pictures; models, memories, answers and traces.
//!
//! What is read is checked: bad input gets an error that names the place. What is written is there whole or not at all ([`atomic`]).
//!
//! ```
//! use hopgate_files::patterns;
//! let digits = patterns::load("digits")?;
//! assert_eq!((digits.bits.rows(), digits.bits.cols(), digits.shape), (192, 64, Some((8, 8))));
//! # Ok::<(), hopgate_model::Error>(())
//! ```

pub mod answers;
pub mod atomic;
pub mod descriptor;
pub mod folder;
pub mod kinds;
pub mod labels;
pub mod model_file;
pub mod npy;
pub mod npz;
pub mod patterns;
pub mod room;
pub mod stale;
pub mod temporary;
pub mod trace;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
