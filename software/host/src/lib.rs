//! The host's side of a board: what is sent, what comes back, and a device to try it on.
//!
//! The protocol is in `hopgate-wire`. [`device`] is a board in software.
//! [`client`] talks to either, over any [`transport`]; [`terminal`] makes a device one that
//! other programs can open.
//!
//! ```
//! use hopgate_host::{client::{Session, LineOptions}, device::{Build, Device}, transport::Inside};
//! use hopgate_model::{bits::BitMatrix, memory::{Memory, Parts}};
//!
//! let patterns = BitMatrix::from_fn(3, 9, |mu, i| i / 3 == mu);
//! let kernel = vec![vec![255, 20, 2, 0, 0, 0, 0, 0, 0, 0]];
//! let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel, ..Parts::of(patterns) })?;
//! let device = Device::new(Build::of(&memory), &memory)?;
//! let mut board = Session::connect(Inside::new(device), LineOptions::default())?; // or transport::Serial::open
//! let answers = board.recall(memory.patterns(), &mut |_| ())?;
//! assert_eq!(answers.state, *memory.patterns());
//! # Ok::<(), hopgate_model::Error>(())
//! ```

pub mod client;
pub mod device;
pub mod terminal;
pub mod transport;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
