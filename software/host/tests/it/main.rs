//! The tests of `hopgate-host`: one program, since each takes a link.

mod common;
mod device;
mod faults;
mod find;
mod kinds;
mod layout;
mod learn;
mod line;
mod two_hosts;
mod wide;
