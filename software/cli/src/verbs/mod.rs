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
pub mod manual;
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

use hopgate_files::folder;
use hopgate_model::{
    corrupt::{self, Corruption},
    memory::Memory,
};
use serde_json::{Value, json};

/// What a memory is, for machines: the same in every verb.
pub fn memory_json(memory: &Memory) -> Value {
    json!({
        "sha256": folder::hash(memory),
        "neurons": memory.neurons(),
        "patterns": memory.patterns().rows(),
        "planes": memory.planes().len(),
        "kernel_bits": memory.parts().kernel_bits,
        "kernel_mode": memory.parts().kernel_mode,
        "max_steps": memory.parts().max_steps,
        "reach": memory.reach(),
        "accumulator_bits": memory.accumulator_bits(),
        "storage_bits": memory.storage_bits(),
    })
}

/// Parses `flips:0.1` and the like for an option.
pub fn corruption(text: &str) -> Result<Corruption, String> {
    let parsed: hopgate_model::Result<Corruption> = text.parse();
    if let (Ok(corruption), true) = (&parsed, text.trim_start().starts_with(corrupt::FORMER)) {
        crate::ui::say(&format!("note: {text} is called {corruption} now; the former name goes with the next release"));
    }
    parsed.map_err(|e: hopgate_model::Error| match e.help_text() {
        Some(hint) => format!("{e}; {hint}"),
        None => e.to_string(),
    })
}
