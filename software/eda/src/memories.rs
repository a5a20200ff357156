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

/// Finds the memories of a netlist of yosys that read a `.hex` file, by the Verilog (name and text) that it was made of.
///
/// `places` is where nextpnr put each cell. A memory of which something is not known is left out: it can then not be
/// reloaded, and nothing else is lost.
///
/// # Errors
/// [`ErrorKind::Io`] or [`ErrorKind::Tool`] if the netlist cannot be read.
pub fn find(netlist: &Path, verilog: &[(String, String)], places: &BTreeMap<String, Place>) -> Result<Vec<Stored>> {
    #[derive(Deserialize)]
    struct Design {
        modules: BTreeMap<String, Module>,
    }
    #[derive(Deserialize)]
    struct Module {
        #[serde(default)]
        cells: BTreeMap<String, Cell>,
        #[serde(default)]
        netnames: BTreeMap<String, Net>,
    }
    #[derive(Deserialize)]
    struct Cell {
        r#type: String,
        #[serde(default)]
        parameters: BTreeMap<String, serde_json::Value>,
    }
    #[derive(Deserialize)]
    struct Net {
        #[serde(default)]
        attributes: BTreeMap<String, serde_json::Value>,
    }
    let text = std::fs::read(netlist).map_err(|e| Error::io("read the netlist", netlist, e))?;
    let design: Design = serde_json::from_slice(&text)
        .map_err(|e| Error::new(ErrorKind::Tool, format!("the netlist cannot be read: {e}")).because(e))?;
    let readers = readers(verilog);
    let mut found: BTreeMap<String, Stored> = BTreeMap::new();
    let mut incomplete = Vec::new();
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
        for (memory, blocks) in blocks {
            let (above, register) = memory.rsplit_once('.').map_or(("", memory), |(a, r)| (a, r));
            let in_it = |net: &str| net.rsplit_once('.').map_or("", |(above, _)| above) == above;
            let sources = module.netnames.iter().filter(|(net, _)| in_it(net));
            let sources = sources.filter_map(|(_, net)| net.attributes.get("src")?.as_str());
            let mut files: Vec<&str> = sources
                .flat_map(|src| src.split('|'))
                .filter_map(source)
                .flat_map(|(file, line)| {
                    readers.iter().filter(move |r| r.source == file && r.first <= line && line <= r.last)
                })
                .filter(|r| r.register == register)
                .map(|r| r.file.as_str())
                .collect();
            files.sort_unstable();
            files.dedup();
            let [file] = files[..] else { continue };
            let mut copies: Vec<Vec<Block>> = Vec::new();
            let whole = blocks.into_iter().all(|((copy, block), here)| {
                copies.resize_with(copies.len().max(copy + 1), Vec::new);
                let next = copies[copy].len() == block;
                copies[copy].extend(here);
                next && here.is_some()
            });
            match whole {
                // a file that two memories read is none that could be told apart
                true if !found.contains_key(file) => {
                    let stored = Stored { file: file.to_owned(), memory: memory.to_owned(), copies };
                    found.insert(file.to_owned(), stored);
                }
                _ => incomplete.push(file.to_owned()),
            }
        }
    }
    incomplete.iter().for_each(|file| drop(found.remove(file)));
    Ok(found.into_values().collect())
}

/// A `$readmemh`: lines of the module that has it, what is read, and into which register.
struct Reader {
    source: String,
    first: usize,
    last: usize,
    file: String,
    register: String,
}

fn readers(verilog: &[(String, String)]) -> Vec<Reader> {
    let mut all = Vec::new();
    for (source, text) in verilog {
        let mut first = 1;
        let mut here: Vec<(String, String)> = Vec::new();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim_start();
            if text.starts_with("module ") {
                first = line;
            } else if text.starts_with("endmodule") {
                let reader = |(file, register)| Reader { source: source.clone(), first, last: line, file, register };
                all.extend(here.drain(..).map(reader));
            } else if let Some((_, call)) = text.split_once("$readmemh(").filter(|_| !text.starts_with("//")) {
                let mut quoted = call.split('"').skip(1);
                let (Some(file), Some(rest)) = (quoted.next(), quoted.next()) else { continue };
                let register = rest.split(')').next().unwrap_or_default().trim_matches(['}', ',', ' ']);
                here.push((file.to_owned(), register.to_owned()));
            }
        }
    }
    all
}

/// File and line of `top.v:12.3-14.5`.
fn source(text: &str) -> Option<(&str, usize)> {
    let (file, place) = text.rsplit_once(':')?;
    Some((file.rsplit('/').next()?, place.split('.').next()?.parse().ok()?))
}

/// Where the block RAMs are, in the design that nextpnr writes: by the netlist's name of each cell.
///
/// # Errors
/// [`ErrorKind::Tool`] if it cannot be read.
pub fn places(placed: &[u8]) -> Result<BTreeMap<String, Place>> {
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
    let rams = cells.filter(|(_, cell)| cell.r#type == Family::Ice40.block_ram());
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

    const VERILOG: &str =
        "// $readmemh(\"no.hex\", x);\nmodule a(x);\n  initial begin\n  $readmemh({`D, \"a.hex\"}, mem);\n  \
                           end\nendmodule\nmodule b(x);\n  initial $readmemh(\"b.hex\",rom);\nendmodule\n";
    const PLACED: &str = r#"{"modules": {"top": {"cells": {
        "u.mem.0.0_RAM": {"type": "ICESTORM_RAM", "attributes": {"NEXTPNR_BEL": "X8/Y9/ram"}},
        "u.mem.0.1_RAM": {"type": "ICESTORM_RAM", "attributes": {"NEXTPNR_BEL": "X8/Y11/ram"}},
        "lc": {"type": "ICESTORM_LC", "attributes": {"NEXTPNR_BEL": "X1/Y1/lc0"}}}}}}"#;
    const NETLIST: &str = r#"{"modules": {"top": {"netnames": {
            "u.data": {"attributes": {"src": "/x/top.v:1.1-2.2|top.v:5.3-5.9"}}, "v.data": {"attributes": {"src": "top.v:8.1-8.2"}}},
        "cells": {
            "u.mem.0.0": {"type": "SB_RAM40_4K", "parameters": {"READ_MODE": "00000001"}},
            "u.mem.0.1": {"type": "SB_RAM40_4K", "parameters": {"READ_MODE": "00000001"}},
            "v.mem.0.0": {"type": "SB_RAM40_4K", "parameters": {"READ_MODE": "00000001"}}}}}}"#;

    fn found(netlist: &str, placed: &str) -> Vec<Stored> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), netlist).unwrap();
        find(file.path(), &[("top.v".into(), VERILOG.into())], &places(placed.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_memory_is_known_by_the_module_that_reads_its_file() {
        let block = |y| Block { place: (8, y), mode: 1 };
        let want = Stored { file: "a.hex".into(), memory: "u.mem".into(), copies: vec![vec![block(9), block(11)]] };
        assert_eq!(found(NETLIST, PLACED), [want]);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        assert!(found(NETLIST, &PLACED.replace("u.mem.0.1_RAM", "other")).is_empty());
        assert!(found(&NETLIST.replace("u.mem.0.1", "u.mem.0.2"), PLACED).is_empty());
        assert!(found(&NETLIST.replace("u.mem", "u.ram"), PLACED).is_empty());
        // another memory reads the same file
        assert!(found(&NETLIST.replace("top.v:8.1-8.2", "top.v:3.1-3.2"), PLACED).is_empty());
    }
}
