//! Synthesis: Verilog to a netlist, by yosys.

use crate::{
    board::Board,
    exec::{Output, Until},
    tools::Tool,
};
use hopgate_model::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// What the flow needs to know of a netlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Netlist {
    /// Name and width of every port of the top module.
    pub ports: Vec<(String, usize)>,
    /// How many cells there are of each type.
    pub cells: BTreeMap<String, usize>,
    /// The type of every cell, by its name.
    pub instances: BTreeMap<String, String>,
}

/// The yosys script that makes `../netlist.json` of these files, in the folder where they lie.
pub fn script(files: &[String], top: &str, board: &Board) -> String {
    let mut script = String::from("read_verilog -sv -defer");
    for file in files {
        script += &format!(" \"{file}\"");
    }
    script += &format!("; {}", board.family.synthesis(&board.device));
    for flag in &board.flags.synthesis {
        script += &format!(" {flag}");
    }
    script + &format!(" -top {top} -json ../netlist.json")
}

/// Runs yosys in the folder `rtl` of `work`. Returns its output and its command line.
pub(crate) fn run(tool: &Tool, script: &str, work: &Path, until: Until) -> Result<(Output, String)> {
    let run = tool.run().args(["-p", script]).cwd(&work.join("rtl")).log(&work.join("logs/synthesis.log"));
    let run = run.env("TMPDIR", work).until(until);
    let line = run.line();
    Ok((run.run()?, line))
}

/// The warnings of a yosys log: once each, and at most 50.
pub fn warnings(log: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in log.lines().map(str::trim) {
        // a bank of LUTs has no flip-flops: nothing to warn of
        let harmless = line.starts_with("ABC:");
        let bad = line.contains("Warning: ") || line.starts_with("Latch inferred");
        if bad && !harmless && found.len() < 50 && !found.iter().any(|f| f == line) {
            found.push(line.to_owned());
        }
    }
    found
}

/// Reads ports and cells from a netlist in yosys's JSON.
///
/// # Errors
/// [`ErrorKind::Io`] or [`ErrorKind::Tool`] if there is no such netlist.
pub fn read_netlist(path: &Path, top: &str) -> Result<Netlist> {
    #[derive(Deserialize)]
    struct Design {
        modules: BTreeMap<String, Module>,
    }
    #[derive(Deserialize)]
    struct Module {
        #[serde(default)]
        ports: BTreeMap<String, Port>,
        #[serde(default)]
        cells: BTreeMap<String, Cell>,
    }
    #[derive(Deserialize)]
    struct Port {
        bits: Vec<serde::de::IgnoredAny>,
    }
    #[derive(Deserialize)]
    struct Cell {
        r#type: String,
    }
    let text = std::fs::read(path).map_err(|e| Error::io("read the netlist", path, e))?;
    let broken = |what: String| Error::new(ErrorKind::Tool, format!("the netlist that yosys wrote is broken: {what}"));
    let mut design: Design = serde_json::from_slice(&text).map_err(|e| broken(e.to_string()).because(e))?;
    let module = design.modules.remove(top).ok_or_else(|| broken(format!("it has no module {top}")))?;
    let mut cells = BTreeMap::new();
    let instances: BTreeMap<String, String> =
        module.cells.into_iter().map(|(name, cell)| (name, cell.r#type)).collect();
    for kind in instances.values() {
        *cells.entry(kind.clone()).or_insert(0) += 1;
    }
    let ports = module.ports.into_iter().map(|(name, p)| (name, p.bits.len())).collect();
    Ok(Netlist { ports, cells, instances })
}
