//! The tests of `hopgate-wire`.

mod python;
mod registers;
