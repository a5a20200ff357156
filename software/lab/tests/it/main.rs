//! The tests of `hopgate-lab`: one program, since each takes a link.

mod classes;
mod experiments;
mod glyphs;
mod studies;
