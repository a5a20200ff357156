//! Whether a mutant is the same machine: a core and its mutant side by side, for all time.
//!
//! Both get the same inputs, a reset of two cycles at first, and one of at least [`HELD`] whenever the environment likes. Their registers
//! begin as emitted. Asserted is that what leaves the core is the same: `in_ready`, `out_valid`, a word where one is offered,
//! and what the simulation is told of steps.
//!
//! Memories are cut away, so that nothing depends on their contents: what both read is anything, and the same where both
//! read the same address. That is sound, for writes are asserted to be the same. In the second attempt the data path is cut away as well:
//! what leaves its blocks is anything, the same on both sides, and what enters them is asserted to be the same. That is sound too: in the
//! first cycle in which an input differs, all that came before was the same, and so were the blocks.
//!
//! What is not proved may be a mutant that matters, or one that matters in a state that cannot be.

use crate::{
    aig::Aig,
    engine::{Engine, Verdict, decide_after},
    mutate::{Change, Chooser, schema},
};
use hopgate_eda::tools;
use hopgate_files::atomic::{self, Scratch};
use hopgate_hdl::{Design, blocks::edge::reset::FLUSH};
use hopgate_model::{Error, Result};
use std::{collections::BTreeMap, time::Duration};

/// Cycles of a reset: a power of two less one. The contract asks for [`FLUSH`]; what holds for fewer is the stronger statement.
pub const HELD: usize = FLUSH - 1;

const MEMORIES: [&str; 2] = ["rom", "ram"];
const DATA_PATH: [&str; 6] = ["rom", "ram", "pick", "lane", "column", "adder_tree"];
/// Blocks that are inside those of the data path.
const INSIDE: [&str; 3] = ["popcount16", "ones4", "copy"];
const LIMIT: Duration = Duration::from_secs(600);

/// The mutants of a design, beside it, in one circuit.
pub struct Miter {
    folder: Scratch,
    circuit: Aig,
    /// Number `i + 1` is the `i`-th.
    pub changes: Vec<Change>,
}

/// Whether this kind of mutant can be tried: those of memories and of what registers hold at power-up are not.
pub fn can_try(change: &Change) -> bool {
    !(is_one_of(&change.block, &MEMORIES) || change.block == "reg")
}

fn is_one_of(block: &str, kinds: &[&str]) -> bool {
    kinds.iter().any(|k| block == *k || block.strip_prefix(k).is_some_and(|rest| rest.starts_with('_')))
}

impl Miter {
    /// Makes the circuit of all `wanted` mutants. `control`: the data path is cut away, and its mutants are left out.
    ///
    /// # Errors
    /// When yosys is missing or rejects the design. None: there is no such mutant.
    pub fn new(design: &Design, control: bool, wanted: impl Fn(&Change) -> bool) -> Result<Option<Miter>> {
        let top = design.top.name();
        let cut: &[&str] = if control { &DATA_PATH } else { &MEMORIES };
        let outside = |c: &Change| !control || !(is_one_of(&c.block, &DATA_PATH) || is_one_of(&c.block, &INSIDE));
        let gate = schema(&design.verilog, top, Chooser::Instances, |c| can_try(c) && outside(c) && wanted(c));
        if gate.changes.is_empty() {
            return Ok(None);
        }
        let folder = atomic::scratch()?;
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).map_err(|e| Error::io("write", &path, e))
        };
        for image in design.plan.images() {
            write(&image.file, &image.hex())?;
        }
        write("gold.v", &design.verilog)?;
        write("gate.v", &gate.verilog)?;
        write("harness.sv", &harness(&gate.verilog, top, cut))?;
        let removed: String =
            modules(&gate.verilog).keys().filter(|m| is_cut(m, top, cut)).map(|m| format!(" {m}")).collect();
        let side = |side: &str| {
            format!(
                "read_verilog -sv {side}.v; hierarchy -check -top {top}; proc; blackbox{removed}; flatten; \
                 expose -evert {top}; rename {top} {side}; design -stash {side}; "
            )
        };
        let plain = "-nodffe -nosdff";
        let script = format!(
            "{}{}design -reset; design -copy-from gold -as gold gold; design -copy-from gate -as gate gate; \
             read_verilog -sv -formal harness.sv; hierarchy -check -top harness; proc; flatten; opt {plain}; memory_map; \
             opt -full {plain}; setundef -init -zero; setundef -undriven -anyseq; techmap; opt {plain}; dffunmap; \
             abc -g AND -fast; opt_clean; write_aiger -I -B -zinit -symbols all.aig",
            side("gold"),
            side("gate")
        );
        tools::require("yosys")?.run().cwd(folder.path()).args(["-q", "-p", &script]).timeout(Some(LIMIT)).run()?;
        let path = folder.path().join("all.aig");
        let bytes = std::fs::read(&path).map_err(|e| Error::io("read", &path, e))?;
        Ok(Some(Miter { circuit: Aig::parse(&bytes)?, folder, changes: gate.changes }))
    }

    /// Tries mutant number `number`, or 0 for none, for so long.
    ///
    /// # Errors
    /// When ABC is missing.
    pub fn decide(&self, number: usize, limit: Duration) -> Result<Verdict> {
        let path = self.folder.path().join("one.aig");
        std::fs::write(&path, self.circuit.with("mutant", number)?).map_err(|e| Error::io("write", &path, e))?;
        // signals that are the same in both cores are merged by induction before the search begins
        decide_after(self.folder.path(), "one", "scorr; ", Engine::Reachability, limit)
    }
}

fn is_cut(module: &str, top: &str, cut: &[&str]) -> bool {
    module == "chosen"
        || module.strip_prefix(top).and_then(|m| m.strip_prefix('_')).is_some_and(|kind| is_one_of(kind, cut))
}

/// The modules of a Verilog file by name.
fn modules(verilog: &str) -> BTreeMap<&str, &str> {
    verilog
        .split("endmodule")
        .filter_map(|m| {
            let start = m.find("module ")? + "module ".len();
            Some((m[start..].split([' ', '(', '#']).next()?, &m[start..]))
        })
        .collect()
}

/// A port: its name, whether it leaves the module, and its width.
struct Port<'a> {
    name: &'a str,
    out: bool,
    width: usize,
}

fn ports(module: &str) -> Vec<Port<'_>> {
    let port = |line| -> Option<Port<'_>> {
        let line: &str = str::trim(line);
        let out = line.starts_with("output ");
        let rest = line.strip_prefix("input wire ").or_else(|| line.strip_prefix("output "))?.trim_end_matches(',');
        let rest = rest.strip_prefix("reg ").or_else(|| rest.strip_prefix("wire ")).unwrap_or(rest);
        let name = rest.split(' ').next_back()?;
        let high = rest.strip_prefix('[').and_then(|r| r.split(':').next()?.parse::<usize>().ok());
        Some(Port { name, out, width: high.map_or(1, |h| h + 1) })
    };
    if module.starts_with("chosen(") {
        return vec![Port { name: "number", out: true, width: 16 }];
    }
    module.lines().take_while(|line| *line != ");").filter_map(port).collect()
}

/// Instances of what is cut, by their path from the top, and their modules.
fn instances<'a>(
    modules: &BTreeMap<&'a str, &'a str>,
    module: &str,
    path: &str,
    top: &str,
    cut: &[&str],
) -> Vec<(String, &'a str)> {
    let mut found = Vec::new();
    let Some(text) = modules.get(module) else { return found };
    // (behind the line with its own name)
    for line in text.lines().skip(1) {
        // the module first, the instance last, and parameters between
        let Some(placed) = line.trim().strip_suffix('(') else { continue };
        let (Some((kind, _)), Some((_, name))) = (placed.split_once(' '), placed.rsplit_once(' ')) else { continue };
        let Some((&kind, _)) = modules.get_key_value(kind) else { continue };
        if is_cut(kind, top, cut) {
            found.push((format!("{path}{name}"), kind));
        } else {
            found.extend(instances(modules, kind, &format!("{path}{name}."), top, cut));
        }
    }
    found
}

/// What an output means only where another one says so.
const MEANT_WHERE: [(&str, &str); 4] =
    [("out_data", "out_valid"), ("turn", "turn_done"), ("step_cycles", "step_done"), ("step_queued", "step_done")];

/// The module around both cores. Names with `$` in them are written as `\name `.
fn harness(gate: &str, top: &str, cut: &[&str]) -> String {
    let modules = modules(gate);
    let ports_of = |m: &str| modules.get(m).map_or_else(Vec::new, |text| ports(text));
    let mut inputs = "input clock, input again, input [15:0] mutant".to_owned();
    let mut body = format!(
        "    reg [15:0] held = {};\n    wire reset = held != {HELD};\n    always @(posedge clock) held <= reset ? held + 1 : again ? 0 : held;\n",
        HELD - 2
    );
    let mut asserts = String::new();
    let mut connected = [".clock(clock), .reset(reset)".to_owned(), ".clock(clock), .reset(reset)".to_owned()];
    const SIDES: [&str; 2] = ["gold", "gate"];
    for Port { name, out, width } in ports_of(top) {
        let range = format!("[{}:0]", width - 1);
        if !out {
            if name != "clock" && name != "reset" {
                inputs += &format!(", input {range} \\{name} ");
                connected.iter_mut().for_each(|c| *c += &format!(", .\\{name} (\\{name} )"));
            }
            continue;
        }
        for (side, c) in SIDES.iter().zip(&mut connected) {
            body += &format!("    wire {range} \\{name}_{side} ;\n");
            *c += &format!(", .\\{name} (\\{name}_{side} )");
        }
        let guard = MEANT_WHERE.iter().find(|(what, _)| *what == name);
        let guard = guard.map_or(String::new(), |(_, by)| format!("!\\{by}_gold || "));
        asserts += &format!("        assert({guard}(\\{name}_gold == \\{name}_gate ));\n");
    }
    for (k, (path, module)) in instances(&modules, top, "", top, cut).into_iter().enumerate() {
        if module == "chosen" {
            connected[1] += &format!(", .\\{path}.number (mutant)");
            continue;
        }
        let text = modules[module];
        let is_memory = is_one_of(&module[top.len() + 1..], &MEMORIES);
        let high = text.split_once("mem[address[").and_then(|(_, r)| r.split(':').next()).unwrap_or("0");
        for Port { name, out, width } in ports(text) {
            let range = format!("[{}:0]", width - 1);
            let at = format!("\\{path}.{name} ");
            if name == "clock" {
                connected.iter_mut().for_each(|c| *c += &format!(", .{at}()"));
            } else if out {
                inputs += &format!(", input {range} free_{k}_{name}");
                let mut other = format!("free_{k}_{name}");
                if is_memory {
                    inputs += &format!(", input {range} other_{k}");
                    body += &format!(
                        "    reg same_{k} = 1;\n    always @(posedge clock) same_{k} <= address_{k}_gold[{high}:0] == address_{k}_gate[{high}:0];\n"
                    );
                    other = format!("same_{k} ? {other} : other_{k}");
                }
                connected[0] += &format!(", .{at}(free_{k}_{name})");
                connected[1] += &format!(", .{at}({other})");
            } else {
                for (side, c) in SIDES.iter().zip(&mut connected) {
                    body += &format!("    wire {range} {name}_{k}_{side};\n");
                    *c += &format!(", .{at}({name}_{k}_{side})");
                }
                let guard = match name {
                    "address" if is_memory => continue,
                    _ if is_memory && !text.contains("if (write)") => continue,
                    "write_address" | "write_data" if is_memory => format!("!write_{k}_gold || "),
                    _ => String::new(),
                };
                asserts += &format!("        assert({guard}({name}_{k}_gold == {name}_{k}_gate));\n");
            }
        }
    }
    let cores: String =
        SIDES.iter().zip(&connected).map(|(side, c)| format!("    {side} {side}_core({c});\n")).collect();
    format!("module harness({inputs});\n{body}{cores}    always @(*) begin\n{asserts}    end\nendmodule\n")
}
