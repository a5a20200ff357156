//! Everything that the crate promises, from outside.

mod optimality;
mod quantise;
mod samples;
