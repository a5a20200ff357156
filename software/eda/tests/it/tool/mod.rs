//! What needs the real tools.

mod models;
mod planned;
mod real_build;
