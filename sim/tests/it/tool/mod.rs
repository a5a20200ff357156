//! What needs external tools.

mod baud;
mod beats;
mod board;
mod c_header;
mod c_program;
mod cues;
mod faults;
mod framed;
mod framed_values;
mod icarus;
mod later;
mod learn;
mod levels;
mod masks;
mod pairs;
mod random;
mod registers;
mod reply_times;
mod resets;
mod shapes;
mod spi;
mod spi_client;
mod stream;
mod streams;
mod values;
mod wrappers;
