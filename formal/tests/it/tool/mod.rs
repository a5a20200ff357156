//! What needs yosys and its ABC.

mod equivalent;
