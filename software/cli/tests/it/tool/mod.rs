//! What needs external tools, Python among them.

mod demo;
mod newest;
mod numpy_program;
mod pages;
mod python;
mod reload;
mod virtual_board;
