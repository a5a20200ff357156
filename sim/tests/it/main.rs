//! The tests of `hopgate-sim`: one program, since each takes a link. What is in `tool` needs Verilator, and some of it more.

mod pairs;
mod tool;
mod twins;
