//! The critical path in words: from which register to which, and what happens between them.
//!
//! nextpnr names the cells at both ends, and icetime only nets. A net has many names once the design is flat: the netlist
//! says which of them is the output of a register, and the Verilog says which stage that register belongs to
//! ([`crate::stage`]).

use crate::{
    family::Family,
    stage::{Stage, Stages},
};
use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt, fs,
    path::Path,
};

/// The critical path of a design.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriticalPath {
    /// Its delay in nanoseconds.
    pub ns: f64,
    /// The net that it starts from, as icetime names it; by nextpnr, the cell.
    pub from_net: String,
    /// The net that leaves the register or memory where it ends; by nextpnr, the cell.
    pub to_net: String,
    /// Where it starts; none if the Verilog does not say.
    pub from: Option<Stage>,
    /// Where it ends: this is the stage that is too slow.
    pub to: Option<Stage>,
}

impl fmt::Display for CriticalPath {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = |stage: &Option<Stage>, net: &str| stage.as_ref().map_or(net.to_owned(), |s| s.register.clone());
        write!(f, "{:.2} ns", self.ns)?;
        if let Some(to) = &self.to {
            write!(f, ": {to}")?;
        }
        write!(f, " (from {} to {})", name(&self.from, &self.from_net), name(&self.to, &self.to_net))
    }
}

/// The delay and both ends of the path in a report of `icetime -t`: nets of the first and the last element.
///
/// ```
/// let text = "Resolvable net names on path:\n  0.640 ns ..  1.229 ns a.q[0]\n  lcout -> b.q[1]\n\n\
///             Total path delay: 7.92 ns (126.26 MHz)\n";
/// assert_eq!(hopgate_eda::critical::ends(text), Some((7.92, "a.q[0]".into(), "b.q[1]".into())));
/// ```
pub fn ends(timing: &str) -> Option<(f64, String, String)> {
    let total = timing.lines().find_map(|l| l.trim().strip_prefix("Total path delay:"))?;
    let ns = total.split_whitespace().next()?.parse().ok()?;
    let names = timing.lines().skip_while(|l| !l.starts_with("Resolvable net names")).skip(1);
    let names: Vec<&str> = names.take_while(|l| !l.trim().is_empty()).collect();
    let passed: Vec<&str> =
        names.iter().filter_map(|l| Some(l.split_once(" ns ..")?.1.split_once(" ns ")?.1)).collect();
    let first = passed.first()?;
    let last = names.iter().find_map(|l| Some(l.split_once(" -> ")?.1)).or(passed.last().copied())?;
    Some((ns, first.trim().to_owned(), last.trim().to_owned()))
}

/// The same in what [`crate::timing`] writes for nextpnr, but with cells.
fn cells(timing: &str) -> Option<(f64, String, String)> {
    let of = |start: &str| timing.lines().find_map(|l| l.strip_prefix(start)).map(str::trim);
    let ns = of("Total path delay:")?.split_whitespace().next()?.parse().ok()?;
    Some((ns, of("from the cell ")?.to_owned(), of("to the cell ")?.to_owned()))
}

/// The names of nets in a netlist of yosys.
struct Nets {
    /// Bits by name.
    names: BTreeMap<String, Vec<Bit>>,
    /// The cells that drive each bit and remember something.
    drivers: HashMap<u64, String>,
    /// One of the bits that leave each of these cells, or a table of logic.
    outputs: HashMap<String, u64>,
    /// What leaves the register that a bit goes into.
    next: HashMap<u64, u64>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(untagged)]
enum Bit {
    Net(u64),
    /// `"0"`, `"1"` or `"x"`: nothing that has a name.
    Constant(serde::de::IgnoredAny),
}

impl Bit {
    fn net(&self) -> Option<u64> {
        match self {
            Bit::Net(bit) => Some(*bit),
            Bit::Constant(_) => None,
        }
    }
}

impl Nets {
    fn read(path: &Path, top: &str, family: Family) -> Result<Nets> {
        #[derive(Deserialize)]
        struct Design {
            modules: BTreeMap<String, Module>,
        }
        #[derive(Deserialize)]
        struct Module {
            cells: BTreeMap<String, Cell>,
            netnames: BTreeMap<String, Net>,
        }
        #[derive(Deserialize)]
        struct Cell {
            r#type: String,
            connections: BTreeMap<String, Vec<Bit>>,
        }
        #[derive(Deserialize)]
        struct Net {
            bits: Vec<Bit>,
        }
        let text = fs::read(path).map_err(|e| Error::io("read the netlist", path, e))?;
        let broken = |what: String| Error::new(ErrorKind::Tool, format!("the netlist has no names: {what}"));
        let mut design: Design = serde_json::from_slice(&text).map_err(|e| broken(e.to_string()).because(e))?;
        let module = design.modules.remove(top).ok_or_else(|| broken(format!("no module {top}")))?;
        let cells = &family.data().resources;
        let remembers = |kind: &str| {
            cells.register_cells.iter().any(|k| kind.starts_with(k)) || cells.block_ram_cells.contains_key(kind)
        };
        // a memory of an ECP5 has a port for every bit: DOA0, DOA1, ... DOB17
        let is_output = |port: &str| port == "Q" || port == "RDATA" || port.starts_with("DO");
        let (mut drivers, mut outputs, mut next) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (name, cell) in module.cells {
            let first = |port: &str| cell.connections.get(port)?.iter().find_map(Bit::net);
            if !remembers(&cell.r#type) {
                // a table of logic, which the iCE40's cells hold together with the register that it feeds
                outputs.extend(first("O").map(|bit| (name, bit)));
                continue;
            }
            next.extend(first("D").zip(first("Q")));
            let bits = cell.connections.iter().filter(|(port, _)| is_output(port)).flat_map(|(_, bits)| bits);
            for bit in bits.filter_map(Bit::net) {
                drivers.insert(bit, name.clone());
                outputs.insert(name.clone(), bit);
            }
        }
        let names = module.netnames.into_iter().map(|(name, net)| (name, net.bits)).collect();
        Ok(Nets { names, drivers, outputs, next })
    }

    /// The bit that leaves a cell as nextpnr names it. For the iCE40 it packs logic and register into one, and calls that by
    /// the logic, if there is any.
    fn leaves(&self, cell: &str) -> Option<u64> {
        let unpacked = || ["_DFFLC", "_LC", "_RAM"].iter().find_map(|suffix| cell.strip_suffix(suffix));
        let bit = self.outputs.get(cell).or_else(|| self.outputs.get(unpacked()?))?;
        let register = self.next.get(bit).filter(|_| !self.drivers.contains_key(bit));
        Some(*register.unwrap_or(bit))
    }

    /// The bit of a name as icetime prints it: `name`, or `name[3]`.
    fn bit(&self, name: &str) -> Option<u64> {
        // an output that is read back has the pad's name
        let name = name.strip_suffix("$SB_IO_OUT").unwrap_or(name);
        let indexed = name.strip_suffix(']').and_then(|n| n.rsplit_once('['));
        let indexed = indexed.and_then(|(base, i)| Some((base, i.parse::<usize>().ok()?)));
        let bits = |name: &str| self.names.get(name);
        let found = match (bits(name), indexed) {
            (Some(bits), _) => bits.first(),
            (None, Some((base, i))) => bits(base)?.get(i),
            (None, None) => None,
        };
        found?.net()
    }

    /// The register or memory that drives a net.
    fn stage(&self, bit: u64, stages: &Stages) -> Option<Stage> {
        let driver = self.drivers.get(&bit)?;
        let same = |bits: &Vec<Bit>| bits.iter().any(|b| matches!(b, Bit::Net(b) if *b == bit));
        let aliases = self.names.iter().filter(|(_, bits)| same(bits)).map(|(name, _)| name.as_str());
        // a register's output is `NAME$q`; a memory is named by its cell, as in core.queue.mem.0.0
        let paths: HashSet<&str> = aliases.filter_map(|name| name.strip_suffix("$q")).collect();
        let mut found: Vec<Stage> = paths.into_iter().filter_map(|path| stages.of(path)).collect();
        found.sort_by(|a, b| (a.register.len(), &a.register).cmp(&(b.register.len(), &b.register)));
        let memory = || driver.match_indices('.').rev().find_map(|(at, _)| stages.of(&driver[..at]));
        found.into_iter().next().or_else(memory)
    }
}

/// The critical path of a build folder: from its `timing.txt`, `netlist.json` and the design's description. None if the judge names no path.
///
/// # Errors
/// [`ErrorKind::Io`] or [`ErrorKind::Tool`] if one of them cannot be read.
pub fn read(work: &Path, top: &str, family: Family) -> Result<Option<CriticalPath>> {
    let text = |path: &Path| fs::read_to_string(path).map_err(|e| Error::io("read", path, e));
    let timing = text(&work.join("timing.txt"))?;
    let by_cells = cells(&timing);
    let are_cells = by_cells.is_some();
    let Some((ns, from_net, to_net)) = by_cells.or_else(|| ends(&timing)) else { return Ok(None) };
    let (nets, stages) = (Nets::read(&work.join("netlist.json"), top, family)?, Stages::read(&work.join("rtl"))?);
    let bit = |name: &str| if are_cells { nets.leaves(name) } else { nets.bit(name) };
    let stage = |name: &str| nets.stage(bit(name)?, &stages);
    let (from, to) = (stage(&from_net), stage(&to_net));
    Ok(Some(CriticalPath { ns, from_net, to_net, from, to }))
}
