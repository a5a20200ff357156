//! The host's side of a board: what is sent, what comes back, and a device to try it on.
//!
//! The protocol is in `hopgate-wire`. [`device`] is a board in software.
//! [`client`] talks to either, over any [`transport`]; [`terminal`] makes a device one that
//! other programs can open.

pub mod client;
pub mod device;
pub mod terminal;
pub mod transport;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
