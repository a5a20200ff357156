//! One file per verb: its arguments, and what it calls and prints.

pub mod baseline;
pub mod board;
pub mod build;
pub mod cosim;
pub mod demo;
pub mod design;
pub mod doctor;
pub mod estimate;
pub mod flash;
pub mod hardware;
pub mod host;
pub mod output;
pub mod quantize;
pub mod queries;
pub mod recall;
pub mod reload;
pub mod reproduce;
pub mod show;
pub mod train;
pub mod tune;
pub mod verify;
pub mod verilog;

/// Parses `flips:0.1` and the like for an option.
pub fn corruption(text: &str) -> Result<hopgate_model::corrupt::Corruption, String> {
    text.parse().map_err(|e: hopgate_model::Error| match e.help_text() {
        Some(hint) => format!("{e}; {hint}"),
        None => e.to_string(),
    })
}
