//! The tests of `hopgate`: one program, since each takes a link.

mod beats;
mod boards;
mod command_line;
mod common;
mod errors_input;
mod errors_output;
mod errors_tools;
mod flash;
mod host;
mod interrupt;
mod json;
mod keyed;
mod killed;
mod main_path;
mod masks;
mod names;
mod nearest;
mod odd_places;
mod outputs;
mod science;
mod show;
mod sizes;
mod stdout;
mod tool;
mod verify;
mod workspace;
