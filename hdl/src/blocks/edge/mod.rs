//! What meets a board: clock, reset, UART, and the top that joins them with a core.

pub mod board;
pub mod pll;
pub mod reset;
pub mod uart;
