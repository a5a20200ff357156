//! The core behind a bus.

pub mod axis;
pub mod wishbone;
