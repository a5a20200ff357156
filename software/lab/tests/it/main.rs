//! The tests of `hopgate-lab`: one program, since each takes a link.

mod experiments;
mod glyphs;
mod studies;
