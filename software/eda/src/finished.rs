//! A finished build, opened again: what is in the folder that [`crate::flow::build`] made.

use crate::{clock::Clock, family::Family, report::FORMAT};
use hopgate_model::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// What is read of `report.json`; [`crate::report::BuildReport`] says what each field means.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Record {
    format: String,
    /// The top module.
    pub top: String,
    /// The board's name.
    pub board: String,
    /// Device and package, as in `hx8k-cb132`.
    pub device: String,
    /// How the clock is made, and the bit time of the UART; none for designs of one's own.
    pub clock: Option<Clock>,
    /// The seed that was kept.
    pub best_seed: u32,
    /// The tools.
    pub tools: Vec<Used>,
    /// The command lines.
    pub commands: Vec<String>,
    /// SHA-256 of every file that went in, by name.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of every file that came out, by name.
    pub outputs: BTreeMap<String, String>,
    /// The name of the bitstream.
    pub bitstream: String,
}

/// A tool that was used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Used {
    /// What the program is called.
    pub name: String,
    /// What it printed about itself; empty if nothing.
    #[serde(default)]
    pub banner: String,
}

/// A build folder.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Where it is.
    pub folder: PathBuf,
    /// Its family, by its constraints.
    pub family: Family,
    /// What its report says.
    pub record: Record,
    /// The ports of the top module that have pins, with their widths in bits.
    pub ports: BTreeMap<String, usize>,
    packed: PathBuf,
}

impl Finished {
    /// Opens a build folder. What its files hold is not checked here.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is no such folder, [`ErrorKind::Format`] if it is no build.
    pub fn open(folder: &Path) -> Result<Finished> {
        let report = folder.join("report.json");
        let no_build = |what: String| {
            Error::new(ErrorKind::Format, format!("{} is not a build: {what}", folder.display()))
                .hint("`build` makes one of a memory")
        };
        fs::read_dir(folder).map_err(|e| Error::io("open the build", folder, e))?;
        let text = fs::read_to_string(&report).map_err(|e| no_build(format!("report.json: {e}")))?;
        let record: Record = serde_json::from_str(&text).map_err(|e| no_build(format!("report.json: {e}")))?;
        if record.format != FORMAT {
            return Err(no_build(format!("report.json says that it is {:?}", record.format)));
        }
        let family = Family::all().find(|family| folder.join(constraints_file(*family)).is_file());
        let family = family.ok_or_else(|| no_build("it has no constraints, as board.pcf is".into()))?;
        let constraints = folder.join(constraints_file(family));
        let pins = fs::read_to_string(&constraints).map_err(|e| Error::io("read", &constraints, e))?;
        let packed = folder.join(&record.bitstream);
        Ok(Finished { folder: folder.to_owned(), family, record, ports: ports(family, &pins), packed })
    }

    /// The same build with another bitstream of its design, as [`mod@crate::reload`] makes them.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is no such file.
    pub fn holding(self, bitstream: &Path) -> Result<Finished> {
        fs::File::open(bitstream).map_err(|e| Error::io("open the bitstream", bitstream, e))?;
        Ok(Finished { packed: bitstream.to_owned(), ..self })
    }

    /// The physical constraints.
    pub fn constraints(&self) -> PathBuf {
        self.folder.join(constraints_file(self.family))
    }

    /// The netlist, as yosys wrote it.
    pub fn netlist(&self) -> PathBuf {
        self.folder.join("netlist.json")
    }

    /// The routed design.
    pub fn routed(&self) -> PathBuf {
        self.folder.join(format!("{}.{}", self.record.top, self.family.routed()))
    }

    /// The bitstream.
    pub fn bitstream(&self) -> PathBuf {
        self.packed.clone()
    }

    /// Device and package, as nextpnr calls them.
    pub fn device(&self) -> (&str, &str) {
        self.record.device.rsplit_once('-').unwrap_or((&self.record.device, ""))
    }

    /// The name of the yosys that made the netlist.
    pub fn yosys(&self) -> &str {
        self.record.tools.iter().map(|t| t.name.as_str()).find(|name| name.contains("yosys")).unwrap_or("yosys")
    }
}

fn constraints_file(family: Family) -> String {
    format!("board.{}", family.constraints())
}

/// The ports that constraints name: `led[2]` makes `led` at least three bits wide.
fn ports(family: Family, constraints: &str) -> BTreeMap<String, usize> {
    let line = family.data().constraints.pin.lines().next().unwrap_or_default();
    let (before, after) = line.split_once("{port}").unwrap_or((line, ""));
    let name = |line: &str| Some(line.strip_prefix(before)?.split(after.chars().next()?).next()?.to_owned());
    let mut ports = BTreeMap::new();
    for bit in constraints.lines().filter_map(name) {
        let (port, width) = match bit.strip_suffix(']').and_then(|b| b.split_once('[')) {
            Some((port, index)) => (port.to_owned(), index.parse::<usize>().map_or(1, |i| i + 1)),
            None => (bit, 1),
        };
        let known = ports.entry(port).or_insert(width);
        *known = width.max(*known);
    }
    ports
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_both_kinds_of_constraints() {
        let family = |name| Family::find(name).unwrap();
        let want = BTreeMap::from([("clock".to_owned(), 1), ("led".to_owned(), 3)]);
        assert_eq!(ports(family("ice40"), "# x\nset_io clock P7\nset_io led[0] A\nset_io led[2] B\n"), want);
        let lpf = "LOCATE COMP \"clock\" SITE \"G2\";\nIOBUF PORT \"clock\" IO_TYPE=X;\nLOCATE COMP \"led[2]\" SITE \"B2\";\n";
        assert_eq!(ports(family("ecp5"), lpf), want);
    }

    #[test]
    fn what_is_no_build() {
        let here = tempfile::tempdir().expect("a temporary folder");
        let error = |folder: &Path| Finished::open(folder).expect_err("not a build").to_string();
        assert!(error(&here.path().join("none")).contains("cannot open the build"));
        assert!(error(here.path()).contains("is not a build: report.json"));
        fs::write(here.path().join("report.json"), "{}").expect("written");
        assert!(error(here.path()).contains("missing field"));
    }
}
