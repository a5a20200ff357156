//! The bitstream of an iCE40 as Verilog: `iceunpack` turns its bytes into configuration bits, and `icebox_vlog` turns these into cells.

use super::{bring, here, not_back};
use crate::{finished::Finished, synth, tools};
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// See [`super::bitstream`].
pub(super) fn bitstream(build: &Finished, work: &Path) -> Result<PathBuf> {
    // (the netlist also declares every cell that there is)
    if synth::read_netlist(&build.netlist(), &build.record.top)?.cells.contains_key("SB_SPRAM256KA") {
        return Err(
            not_back(build, "icebox_vlog knows no SPRAM").hint("`level netlist` simulates what it was placed from")
        );
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
}
