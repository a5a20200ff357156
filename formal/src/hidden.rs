//! The registers of a core's blocks, by name, for a property that is bound inside the core.
//!
//! Verilog's own `sequencer.words$q` is nothing that yosys reads. But a wire of the core with that name, escaped, and with
//! the attribute `hierconn` becomes the block's wire when the hierarchy is flattened. One that found no wire of its name
//! would be free, as everything is that nobody drives: what is asserted of it would fail.

use hopgate_model::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The module of an instance, by its path below the top module, as in `scan.filter`.
///
/// # Errors
/// When there is no such instance.
pub fn module_of<'a>(verilog: &'a str, top: &'a str, path: &str) -> Result<&'a str> {
    path.split('.').try_fold(top, |module, instance| {
        let placed = format!(" {instance}(");
        let found = body(verilog, module)?.lines().find(|line| line.ends_with(&placed));
        let found = found.and_then(|line| line.split_whitespace().next());
        found.ok_or_else(|| Error::new(ErrorKind::Failed, format!("the emitted Verilog has no instance {path}")))
    })
}

/// The paths of all instances below a module, outer ones first.
///
/// # Errors
/// When an instance is of a module that is not there.
pub fn below(verilog: &str, prefix: &str, root: &str) -> Result<Vec<String>> {
    let mut paths = vec![];
    for line in body(verilog, root)?.lines() {
        let Some(head) = line.trim().strip_suffix('(').filter(|l| l.starts_with(&format!("{prefix}_"))) else {
            continue;
        };
        let words: Vec<&str> = head.split(' ').collect();
        let [module, instance] = [words[0], words[words.len() - 1]];
        if module == instance {
            continue;
        }
        paths.push(instance.to_owned());
        paths.extend(below(verilog, prefix, module)?.into_iter().map(|path| format!("{instance}.{path}")));
    }
    Ok(paths)
}

/// What is between the head and the end of a module.
fn body<'a>(verilog: &'a str, module: &str) -> Result<&'a str> {
    let body = verilog.split_once(&format!("module {module} ")).and_then(|(_, rest)| rest.split_once("endmodule"));
    body.map(|(body, _)| body)
        .ok_or_else(|| Error::new(ErrorKind::Failed, format!("the emitted Verilog has no module {module}")))
}

/// Wires for all registers of instances, by their paths below the top module.
///
/// The register `words` of the instance `sequencer` is `sequencer_words`; a vector `last$0`, `last$1`, ... of `vote$0.weights` is
/// `vote_0_weights_last`, its first register lowest. For each there is a macro, `HAS_sequencer_words`.
///
/// # Errors
/// When there is no such instance, or no module of it.
pub fn hidden(verilog: &str, top: &str, instances: &[String]) -> Result<String> {
    let mut text = String::new();
    for instance in instances {
        let registers = registers(body(verilog, module_of(verilog, top, instance)?)?);
        for (width, name) in registers.values().flatten() {
            let _ = writeln!(text, "(* hierconn *) wire [{}:0] \\{instance}.{name}$q ;", width - 1);
        }
        text += &wires(&registers, &instance.replace(['$', '.'], "_"), |name| format!("\\{instance}.{name}$q "));
    }
    Ok(text)
}

/// Width and name of each, the vectors' in order.
type Registers<'a> = BTreeMap<&'a str, Vec<(usize, &'a str)>>;

/// What a module declares as `reg [7:0] NAME$q;`, or as a wire of such a name: a register that is a block of its own, since it must be kept.
fn registers(body: &str) -> Registers<'_> {
    let mut found: BTreeMap<&str, Vec<(usize, usize, &str)>> = BTreeMap::new();
    for line in body.lines() {
        let line = line.trim();
        let declared = line.strip_prefix("reg ").or_else(|| line.strip_prefix("wire "));
        let Some(rest) = declared.and_then(|rest| rest.strip_suffix("$q;")) else { continue };
        let (width, name) = match rest.strip_prefix('[').and_then(|r| r.split_once(":0] ")) {
            Some((high, name)) => (high.parse::<usize>().map_or(1, |h| h + 1), name),
            None => (1, rest),
        };
        let (base, index) = match name.rsplit_once('$').map(|(b, k)| (b, k.parse())) {
            Some((base, Ok(k))) => (base, k),
            _ => (name, 0),
        };
        found.entry(base).or_default().push((index, width, name));
    }
    let in_order = |mut members: Vec<(usize, usize, _)>| {
        members.sort_unstable();
        members.into_iter().map(|(_, width, name)| (width, name)).collect()
    };
    found.into_iter().map(|(base, members)| (base, in_order(members))).collect()
}

/// A wire and a macro for each register and vector.
fn wires(registers: &Registers, prefix: &str, path: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    for (base, members) in registers {
        let width: usize = members.iter().map(|m| m.0).sum();
        let parts: Vec<String> = members.iter().rev().map(|m| path(m.1)).collect();
        let _ = writeln!(text, "wire [{}:0] {prefix}_{base} = {{{}}};", width - 1, parts.join(", "));
        let _ = writeln!(text, "`define HAS_{prefix}_{base}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERILOG: &str = "\
module top (
    input wire clock
);
    reg [7:0] other;
    top_around around(
        .clock(clock)
    );
endmodule // top
module top_around (
    input wire clock
);
    top_block #(.ROM(ROM)) block$0(
        .clock(clock)
    );
endmodule // top_around
module top_block (
    input wire clock
);
    reg [7:0] words$q;
    reg [1:0] turns$10$q;
    reg [1:0] turns$9$q;
endmodule // top_block
";

    #[test]
    fn registers_have_names() {
        let text = hidden(VERILOG, "top", &["around.block$0".into()]).unwrap();
        let expected = "\
(* hierconn *) wire [1:0] \\around.block$0.turns$9$q ;
(* hierconn *) wire [1:0] \\around.block$0.turns$10$q ;
(* hierconn *) wire [7:0] \\around.block$0.words$q ;
wire [3:0] around_block_0_turns = {\\around.block$0.turns$10$q , \\around.block$0.turns$9$q };
`define HAS_around_block_0_turns
wire [7:0] around_block_0_words = {\\around.block$0.words$q };
`define HAS_around_block_0_words
";
        assert_eq!(text, expected);
        assert!(hidden(VERILOG, "top", &["block$0".into()]).is_err());
    }
}
