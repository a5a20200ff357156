//! The tests of `hopgate-sim`: one program, since each takes a link.

mod baud;
mod board;
mod faults;
mod framed;
mod icarus;
mod levels;
mod random;
mod reply_times;
mod resets;
mod shapes;
mod stream;
mod twins;
mod wrappers;
