//! The tests of `hopgate-train`: one program, since each takes a link.

mod checkpoint;
mod optimality;
mod posterior;
mod quantisers;
mod recall;
mod reproducible;
mod search;
mod tuning;
