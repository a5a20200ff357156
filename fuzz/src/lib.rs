//! Damaged and malicious files for every reader of hopgate.
//!
//! A run takes a sample of the corpus, changes it in up to four ways, most of which keep the format whole but for one thing,
//! and gives it to the reader. The reader must accept it or refuse it with an error: it must not panic, not hold more memory than
//! [`limit::allowed`], and not take longer than [`run::LONGEST`]. Everything follows from the seed and the number of the run.

pub mod bytes;
pub mod corpus;
pub mod dice;
pub mod format;
pub mod limit;
pub mod readers;
pub mod run;
