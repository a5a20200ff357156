//! The protocol between a host and a board, as bytes and words: the one truth for the host, the hardware and the Python client.
//!
//! The page *The protocol* of the book is the specification. [`protocol`] has its numbers, [`mod@frame`], [`request`] and [`reply`] its
//! bytes and words, [`page`] is what a board says of itself, [`layout`] how a memory lies in it, [`registers`] what a core behind a bus
//! has in a system's addresses.
//!
//! ```
//! use hopgate_wire::{frame, protocol::Region, request::Request};
//! let request = Request::Read { region: Region::Page, address: 2, count: 1 };
//! let bytes = frame::encode(&request.encode(7));
//! assert_eq!(bytes.last(), Some(&0));
//! ```
//!
//! The crate is `no_std`; it needs `alloc`.

#![no_std]

extern crate alloc;

pub mod frame;
pub mod layout;
pub mod page;
pub mod protocol;
pub mod registers;
pub mod reply;
pub mod request;
pub mod spi;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
