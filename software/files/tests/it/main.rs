//! The tests of `hopgate-files`: one program, since each takes a link.

mod arrays;
mod atomic;
mod common;
mod corruption;
mod damaged_models;
mod descriptors;
mod errors;
mod given;
mod handles;
mod hostile;
mod labels;
mod mounts;
mod obstacles;
mod pictures;
mod rates;
mod replaced;
mod roundtrip;
mod scratch;
mod sources;
mod traces;
