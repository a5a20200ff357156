//! The tests of `hopgate-eda`: one program, since each takes a link.

mod beats;
mod boards;
mod common;
mod estimate;
mod fake_tools;
mod flash;
mod limits;
mod parsers;
mod stages;
mod tool;
mod values;
