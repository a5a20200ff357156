//! The tests of `hopgate-formal`: one program, since each takes a link.

mod quick;
mod tool;
mod wrappers;
