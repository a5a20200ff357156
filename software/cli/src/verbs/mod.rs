//! One file per verb: its arguments, and what it calls and prints.

mod asked;
pub mod board;
pub mod build;
mod classes;
pub mod compare;
pub mod cosim;
pub mod demo;
pub mod doctor;
pub mod estimate;
pub mod explore;
pub mod flash;
pub mod hardware;
pub mod host;
pub mod manual;
pub mod memory;
pub mod output;
pub mod quantize;
mod quantize_keyed;
pub mod queries;
pub mod recall;
pub mod reload;
pub mod report;
pub mod reproduce;
pub mod show;
pub mod train;
mod train_keyed;
mod train_shard;
pub mod tune;
mod tune_radius;
pub mod verify;
pub mod verilog;
mod wrapper;

use crate::ui;
use hopgate::Result;
use hopgate_model::corrupt::Corruption;
use serde::Serialize;
use serde_json::Value;

/// The board unless told otherwise.
pub const DEFAULT_BOARD: &str = "alchitry-cu";

/// A result of the library as JSON, with the outputs that were written.
pub fn with_outputs(outputs: Value, result: &impl Serialize) -> Result<Value> {
    let mut json = ui::value(result)?;
    if let Value::Object(fields) = &mut json {
        fields.insert("outputs".into(), outputs);
    }
    Ok(json)
}

/// Parses `flips:0.1` and the like for an option.
pub fn corruption(text: &str) -> std::result::Result<Corruption, String> {
    let parsed: hopgate_model::Result<Corruption> = text.parse();
    // until 0.1 this was the name of what is `dropout` now
    if let Ok(Corruption::Erase(p)) = parsed {
        crate::ui::say(&format!("note: {text} makes bits unknown, whose places are known; dropout:{p} sets bits to 0"));
    }
    parsed.map_err(|e: hopgate_model::Error| match e.help_text() {
        Some(hint) => format!("{e}; {hint}"),
        None => e.to_string(),
    })
}
