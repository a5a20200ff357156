//! What needs the real tools.

mod planned;
mod real_build;
