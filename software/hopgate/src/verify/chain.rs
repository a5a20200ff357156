//! The files of the chain, from the patterns to the bitstream, and what made each.

use hopgate_eda::finished::Finished;
use hopgate_model::{Error, Result};
use hopgate_sim::certificate::ToLink;
use std::path::{Path, PathBuf};

/// Every file that a certificate binds, in order.
pub fn chain(
    memory: &Path,
    model: Option<&Path>,
    build: &Finished,
    cues: &Path,
    mask: Option<&Path>,
) -> Result<Vec<ToLink>> {
    let quantised = "hopgate quantize".to_owned();
    let mut files = Vec::new();
    let mut add = |what: &'static str, path: PathBuf, made_by: String| files.push(ToLink { what, path, made_by });
    add("patterns", memory.join("patterns.npy"), quantised.clone());
    if let Some(model) = model {
        add("model", model.to_owned(), "hopgate train".into());
    }
    for file in ["planes.npy", "kernel.npy", "offset.npy", "manifest.json"] {
        add("memory", memory.join(file), quantised.clone());
    }
    for name in build.record.inputs.keys() {
        add("verilog", build.folder.join(name), "hopgate build".into());
    }
    add("constraints", build.constraints(), "hopgate build".into());
    let by = |tool: &str| {
        let line = build.record.commands.iter().find(|c| c.starts_with(tool)).cloned();
        line.unwrap_or_else(|| tool.to_owned())
    };
    let seed = format!(" --seed {} ", build.record.best_seed);
    let placed = build.record.commands.iter().find(|c| c.contains("nextpnr") && c.contains(&seed)).cloned();
    add("netlist", build.netlist(), by(build.yosys()));
    add("routed", build.routed(), placed.unwrap_or_else(|| "nextpnr".into()));
    add("bitstream", build.bitstream(), build.record.commands.last().cloned().unwrap_or_default());
    add("record", build.folder.join("report.json"), "hopgate build".into());
    add("cues", cues.to_owned(), "hopgate verify".into());
    if let Some(mask) = mask {
        add("mask", mask.to_owned(), "hopgate verify".into());
    }
    match files.iter().find(|f| !f.path.is_file()) {
        None => Ok(files),
        Some(f) => Err(Error::io("read", &f.path, std::io::ErrorKind::NotFound.into())),
    }
}
