//! What meets a board: clock, reset, UART or SPI, and the tops that join them with a core.

pub mod board;
pub mod pll;
pub mod reset;
pub mod spi;
pub mod spi_board;
pub mod uart;
