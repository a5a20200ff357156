//! The tests of `hopgate-hdl`: one program, since each takes a link.

mod emitted;
mod plan;
