//! The host's side of a board: what is sent, what comes back, and a device to try it on.
//!
//! The page *The protocol* of the book is the specification. [`mod@frame`], [`request`] and [`reply`] are its bytes and words, [`page`] is
//! what a board says of itself, [`layout`] how a memory lies in it. [`device`] is a board in software.
//! [`client`] talks to either, over any [`transport`]; [`terminal`] makes a device one that
//! other programs can open.

pub mod client;
pub mod device;
pub mod frame;
pub mod layout;
pub mod page;
pub mod reply;
pub mod request;
pub mod terminal;
pub mod transport;
