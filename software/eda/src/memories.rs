//! Which block RAMs hold what: `memories.json` of a build for an iCE40, so that contents can be exchanged later.

use crate::{asc::Place, family::Family};
use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::Path};

/// The file's name.
pub const FILE: &str = "memories.json";

/// A memory whose contents come from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The `.hex` file.
    pub file: String,
    /// The memory's name in the netlist.
    pub memory: String,
    /// Its block RAMs in the order in which they were cut; several times over if it is kept in several copies.
    pub copies: Vec<Vec<Block>>,
}

/// A block RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Column and row.
    pub place: Place,
    /// The mode of its read port: it has words of `16 >> mode` bits.
    pub mode: u32,
}

/// A memory as the design that was synthesised describes it: in `design.json`, beside its Verilog.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Declared {
    /// The instance path below the top module; empty for the top module's own.
    pub path: String,
    /// Its register there.
    pub register: String,
    /// The `.hex` file that it is read from.
    pub file: String,
}

impl Declared {
    /// The name that yosys gives it in a flat netlist.
    pub(crate) fn name(&self) -> String {
        match self.path.as_str() {
            "" => self.register.clone(),
            path => format!("{path}.{}", self.register),
        }
    }
}

/// The name of the file that describes a design.
pub const DESIGN: &str = "design.json";

/// The memories that a folder of Verilog describes: none, if it has no `design.json`.
///
/// # Errors
/// [`ErrorKind::Io`] if the file cannot be read, [`ErrorKind::Format`] if it is no description.
pub fn declared(rtl: &Path) -> Result<Vec<Declared>> {
    #[derive(Deserialize)]
    struct Design {
        memories: Vec<Declared>,
    }
    let path = rtl.join(DESIGN);
    let text = match std::fs::read(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|e| Error::io("read", &path, e))?,
    };
    let design: Design = serde_json::from_slice(&text).map_err(|e| {
        Error::new(ErrorKind::Format, format!("{}: no description of a design: {e}", path.display())).because(e)
    })?;
    Ok(design.memories)
}

/// Finds the declared memories in a netlist of yosys.
///
/// `places` is where nextpnr put each cell. A memory of which something is not known is left out: it can then not be
/// reloaded, and nothing else is lost.
///
/// # Errors
/// [`ErrorKind::Io`] or [`ErrorKind::Tool`] if the netlist cannot be read.
pub fn find(netlist: &Path, declared: &[Declared], places: &BTreeMap<String, Place>) -> Result<Vec<Stored>> {
    #[derive(Deserialize)]
    struct Design {
        modules: BTreeMap<String, Module>,
    }
    #[derive(Deserialize)]
    struct Module {
        #[serde(default)]
        cells: BTreeMap<String, Cell>,
    }
    #[derive(Deserialize)]
    struct Cell {
        r#type: String,
        #[serde(default)]
        parameters: BTreeMap<String, serde_json::Value>,
    }
    let text = std::fs::read(netlist).map_err(|e| Error::io("read the netlist", netlist, e))?;
    let design: Design = serde_json::from_slice(&text)
        .map_err(|e| Error::new(ErrorKind::Tool, format!("the netlist cannot be read: {e}")).because(e))?;
    let mut found = Vec::new();
    for module in design.modules.values() {
        // (copy, block) of each memory
        let mut blocks: BTreeMap<&str, BTreeMap<(usize, usize), Option<Block>>> = BTreeMap::new();
        for (name, cell) in module.cells.iter().filter(|(_, c)| c.r#type.starts_with("SB_RAM40_4K")) {
            let mut parts = name.rsplitn(3, '.');
            let (block, copy) = (parts.next().map(str::parse), parts.next().map(str::parse));
            let (Some(Ok(block)), Some(Ok(copy)), Some(memory)) = (block, copy, parts.next()) else { continue };
            let mode = cell.parameters.get("READ_MODE").and_then(|v| v.as_str());
            let mode = mode.and_then(|bits| u32::from_str_radix(bits, 2).ok()).filter(|mode| *mode < 4);
            let place = places.get(name).copied();
            let here = place.zip(mode).map(|(place, mode)| Block { place, mode });
            blocks.entry(memory).or_default().insert((copy, block), here);
        }
        for memory in declared {
            let Some(blocks) = blocks.remove(memory.name().as_str()) else { continue };
            let mut copies: Vec<Vec<Block>> = Vec::new();
            let whole = blocks.into_iter().all(|((copy, block), here)| {
                copies.resize_with(copies.len().max(copy + 1), Vec::new);
                let next = copies[copy].len() == block;
                copies[copy].extend(here);
                next && here.is_some()
            });
            if whole {
                found.push(Stored { file: memory.file.clone(), memory: memory.name(), copies });
            }
        }
    }
    found.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

/// Where the block RAMs are, in the design that nextpnr writes: by the netlist's name of each cell.
///
/// # Errors
/// [`ErrorKind::Tool`] if it cannot be read.
pub fn places(placed: &[u8], family: Family) -> Result<BTreeMap<String, Place>> {
    #[derive(Deserialize)]
    struct Design {
        modules: BTreeMap<String, Module>,
    }
    #[derive(Deserialize)]
    struct Module {
        cells: BTreeMap<String, Cell>,
    }
    #[derive(Deserialize)]
    struct Cell {
        r#type: String,
        #[serde(default)]
        attributes: BTreeMap<String, serde_json::Value>,
    }
    let design: Design = serde_json::from_slice(placed)
        .map_err(|e| Error::new(ErrorKind::Tool, format!("nextpnr's design cannot be read: {e}")).because(e))?;
    let cells = design.modules.into_values().flat_map(|module| module.cells);
    let rams = cells.filter(|(_, cell)| family.data().resources.block_rams.contains(&cell.r#type));
    let place = |(name, cell): (String, Cell)| {
        // X8/Y9/ram
        let mut site = cell.attributes.get("NEXTPNR_BEL")?.as_str()?.split('/');
        let x = site.next()?.strip_prefix('X')?.parse().ok()?;
        let y = site.next()?.strip_prefix('Y')?.parse().ok()?;
        Some((name.strip_suffix("_RAM").unwrap_or(&name).to_owned(), (x, y)))
    };
    Ok(rams.filter_map(place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACED: &str = r#"{"modules": {"top": {"cells": {
        "u.mem.0.0_RAM": {"type": "ICESTORM_RAM", "attributes": {"NEXTPNR_BEL": "X8/Y9/ram"}},
        "u.mem.0.1_RAM": {"type": "ICESTORM_RAM", "attributes": {"NEXTPNR_BEL": "X8/Y11/ram"}},
        "lc": {"type": "ICESTORM_LC", "attributes": {"NEXTPNR_BEL": "X1/Y1/lc0"}}}}}}"#;
    const NETLIST: &str = r#"{"modules": {"top": {"cells": {
            "u.mem.0.0": {"type": "SB_RAM40_4K", "parameters": {"READ_MODE": "00000001"}},
            "u.mem.0.1": {"type": "SB_RAM40_4K", "parameters": {"READ_MODE": "00000001"}},
            "v.mem.0.0": {"type": "SB_RAM40_4K", "parameters": {"READ_MODE": "00000001"}}}}}}"#;

    fn found(netlist: &str, placed: &str) -> Vec<Stored> {
        let folder = tempfile::tempdir().unwrap();
        let (file, design) = (folder.path().join("netlist.json"), folder.path().join(DESIGN));
        std::fs::write(&file, netlist).unwrap();
        assert_eq!(declared(folder.path()).unwrap(), [], "a design that describes itself to nobody");
        std::fs::write(&design, r#"{"memories": [{"path": "u", "register": "mem", "file": "a.hex", "depth": 9}]}"#)
            .unwrap();
        find(
            &file,
            &declared(folder.path()).unwrap(),
            &places(placed.as_bytes(), Family::find("ice40").unwrap()).unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn a_memory_is_known_by_its_path() {
        let block = |y| Block { place: (8, y), mode: 1 };
        let want = Stored { file: "a.hex".into(), memory: "u.mem".into(), copies: vec![vec![block(9), block(11)]] };
        assert_eq!(found(NETLIST, PLACED), [want]);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        assert!(found(NETLIST, &PLACED.replace("u.mem.0.1_RAM", "other")).is_empty());
        assert!(found(&NETLIST.replace("u.mem.0.1", "u.mem.0.2"), PLACED).is_empty());
        assert!(found(&NETLIST.replace("u.mem", "u.ram"), PLACED).is_empty());
    }

    #[test]
    fn a_description_that_is_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(DESIGN), "{").unwrap();
        assert_eq!(declared(folder.path()).unwrap_err().kind(), ErrorKind::Format);
    }
}
