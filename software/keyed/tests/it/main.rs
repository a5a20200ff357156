//! Everything that the crate promises, from outside.

mod compare;
mod optimality;
mod quantise;
mod samples;
