//! What needs the real tools.

mod real_build;
