//! Mutants of the emitted Verilog, all in one simulation.
//!
//! Building a simulation takes far longer than running it. So every mutant goes into the same Verilog: a statement with
//! mutants becomes a choice among them by a number that the top module reads from `mutant.hex` when a bench is opened, and 0
//! is the design as it was emitted. A mutant is named by the kind of its block and by what it changes, with the numbers
//! of instances left out: that names a change of the *generator*, which must be noticed in one shape at least.

mod dead;
mod line;

use line::{Constant, changes, condition, constant, literal, words};
use std::collections::BTreeMap;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The kind of block, `core` for the top module.
    pub block: String,
    /// What sort of change.
    pub sort: &'static str,
    /// The statement before.
    pub from: String,
    /// The statement after.
    pub to: String,
}

impl Change {
    /// The name that equal changes in other shapes share: without instance numbers, and without the values of constants.
    pub fn key(&self) -> String {
        let what = match self.sort {
            "constant up" | "constant down" => constant(&self.from).map_or("", |c| c.name).to_owned(),
            _ => format!("{} -> {}", self.from, self.to),
        };
        // what is written by hand has its widths as numbers, which depend on the shape
        let what = if is_custom(&self.block) { without_numbers(&self.from, &self.to) } else { general(&what) };
        format!("{}: {}: {what}", self.block, self.sort)
    }
}

/// Kinds of blocks that are hand-written Verilog: what follows in their names is their size.
const HAND_WRITTEN: [&str; 6] = ["copy", "ram", "rom", "tail", "spram", "entries"];

/// Whether the block is hand-written Verilog.
fn is_custom(block: &str) -> bool {
    HAND_WRITTEN.contains(&block)
}

/// A change with `#` for every number, and `#'` for the one that changes.
fn without_numbers(from: &str, to: &str) -> String {
    let (before, after) = (words(from), words(to));
    if before.len() != after.len() {
        return format!("{from} -> {to}");
    }
    let mut out = String::new();
    let mut end = 0;
    for ((at, word), (_, new)) in before.into_iter().zip(after) {
        out += &from[end..at];
        end = at + word.len();
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        out += match (number, word == new) {
            (true, true) => "#",
            (true, false) => "#'",
            (false, true) => word,
            (false, false) => return format!("{from} -> {to}"),
        };
    }
    out + &from[end..]
}

/// The text without the numbers of instances: `lane$3$word` is `lane$N$word`.
fn general(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        out.push(c);
        if c == '$' && letters.peek().is_some_and(char::is_ascii_digit) {
            while letters.next_if(char::is_ascii_digit).is_some() {}
            out.push('N');
        }
    }
    out
}

/// A design with mutants in it.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The Verilog; `mutant.hex` chooses.
    pub verilog: String,
    /// Number `i + 1` is the `i`-th.
    pub changes: Vec<Change>,
}

/// How a design learns which mutant it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chooser {
    /// The top module reads `mutant.hex`: for a simulation.
    File,
    /// Every module with mutants has an instance of the empty module `chosen`, whose output `number` tells: for a proof.
    Instances,
}

/// So many of a design's equal changes are made, spread over their places.
const SPREAD: usize = 4;

/// Puts mutants into a design whose top module is `top`: those that are `wanted`. Of equal changes the first one is made, the last
/// one, and two between. Statements that a later one always overwrites are left alone.
pub fn schema(verilog: &str, top: &str, chooser: Chooser, wanted: impl Fn(&Change) -> bool) -> Schema {
    let mut found: BTreeMap<String, Vec<(usize, Change)>> = BTreeMap::new();
    let (mut block, mut simulated) = (String::new(), false);
    let dead = dead::lines(verilog);
    for (at, line) in verilog.lines().enumerate() {
        if let Some(name) = module_name(line) {
            block = kind(name, top);
        }
        // what only a simulation sees is no part of the design
        match line.trim() {
            "`ifndef SYNTHESIS" => simulated = true,
            "`endif" => simulated = false,
            _ => {}
        }
        if simulated || dead.contains(&at) {
            continue;
        }
        for change in changes(line, &block).into_iter().filter(&wanted) {
            found.entry(change.key()).or_default().push((at, change));
        }
    }
    let mut at_line: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut list = Vec::new();
    for places in found.into_values() {
        let made = places.len().min(SPREAD);
        for n in 0..made {
            // 0, then thirds of the way, then the last
            let (at, change) = places[n * (places.len() - 1) / made.saturating_sub(1).max(1)].clone();
            list.push(change);
            at_line.entry(at).or_default().push(list.len());
        }
    }
    let mut out = match chooser {
        Chooser::File => WAIVERS.to_owned(),
        Chooser::Instances => "(* blackbox *) module chosen(output [15:0] number); endmodule\n".to_owned(),
    };
    let number = match chooser {
        Chooser::File => format!("{top}.mutant"),
        Chooser::Instances => "mutant".to_owned(),
    };
    let mut at = 0;
    for module in verilog.split_inclusive("endmodule") {
        let lines = module.split('\n').count() - 1;
        let concerned = at_line.range(at..=at + lines).next().is_some();
        let is_top = module.lines().find_map(module_name) == Some(top);
        let mut in_head = true;
        for (n, line) in module.split('\n').enumerate() {
            if n > 0 {
                out.push('\n');
            }
            match at_line.get(&(at + n)) {
                None => out += line,
                Some(numbers) => out += &choice(line, numbers, &list, &number),
            }
            // behind the ports
            if line != ");" || !std::mem::take(&mut in_head) {
                continue;
            }
            match chooser {
                Chooser::File if is_top => {
                    out += "\nreg [15:0] mutants [0:0];\n\
                            initial $readmemh(\"mutant.hex\", mutants);\n\
                            wire [15:0] mutant = mutants[0];";
                }
                Chooser::Instances if concerned => {
                    out += "\n    wire [15:0] mutant;\n    chosen chosen(\n        .number(mutant)\n    );";
                }
                _ => {}
            }
        }
        at += lines;
    }
    Schema { verilog: out, changes: list }
}

/// The name of the module that begins in a line.
pub fn module_name(line: &str) -> Option<&str> {
    line.strip_prefix("module ")?.split([' ', '(', '#']).next()
}

const WAIVERS: &str = "/* verilator lint_off CMPCONST */\n/* verilator lint_off UNSIGNED */\n/* verilator lint_off SELRANGE */\n\
     /* verilator lint_off UNUSED */\n/* verilator lint_off UNOPTFLAT */\n/* verilator lint_off LATCH */\n\
     /* verilator lint_off WIDTH */\n/* verilator lint_off WIDTHCONCAT */\n/* verilator lint_off CASEINCOMPLETE */\n";

/// `hopgate_core_lane_2` is a `lane`, `hopgate_core` the `core`, `hopgate_board` the `board`.
pub fn kind(module: &str, top: &str) -> String {
    let rest = module.strip_prefix(top).unwrap_or(module).trim_start_matches('_');
    let parts: Vec<&str> = rest.split('_').collect();
    let number = |p: &&str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit());
    let several = parts.len() > 1 && parts.last().is_some_and(number);
    let kept = match parts.first() {
        Some(first) if HAND_WRITTEN.contains(first) => (*first).to_owned(),
        _ if several => parts[..parts.len() - 1].join("_"),
        _ => rest.to_owned(),
    };
    if kept.is_empty() { top.rsplit('_').next().unwrap_or("core").to_owned() } else { kept }
}

/// A line with its mutants: statements by `if`, conditions and constants by an expression, so that no mutant widens what
/// another one is evaluated in.
fn choice(line: &str, numbers: &[usize], list: &[Change], mutant: &str) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let body = line.trim();
    if let Some(condition) = condition(body) {
        let inner: String = numbers
            .iter()
            .filter_map(|&n| Some(format!("({mutant} == {n}) ? |{{{}}} : ", line::condition(&list[n - 1].to)?)))
            .collect();
        return format!("{indent}if ({inner}|{{{condition}}}) begin");
    }
    if let Some(Constant { name, value, .. }) = constant(body) {
        let width = literal(value).map_or(32, |(width, _)| width);
        let inner: String = numbers
            .iter()
            .filter_map(|&n| Some(format!("({mutant} == {n}) ? {} : ", constant(&list[n - 1].to)?.value)))
            .collect();
        return format!("{indent}wire [{}:0] {name} = {inner}{value};", width - 1);
    }
    let inner: String =
        numbers.iter().map(|&n| format!("if ({mutant} == {n}) begin {} end else ", list[n - 1].to)).collect();
    format!("{indent}{inner}begin {body} end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_no_widths() {
        let change = |block: &str, from: &str, to: &str| {
            Change { block: block.into(), sort: "slice", from: from.into(), to: to.into() }.key()
        };
        assert_eq!(change("copy", "held <= d[12:0];", "held <= d[11:0];"), "copy: slice: held <= d[#':#];");
        assert_eq!(change("rom", "q = 11'h0;", "q = 11'h1;"), "rom: slice: q = #';");
        assert_eq!(change("ram", "q <= d;", "q <= q;"), "ram: slice: q <= d; -> q <= q;");
        assert_eq!(change("lane", "a$3 = b[2:0];", "a$3 = b[1:0];"), "lane: slice: a$N = b[2:0]; -> a$N = b[1:0];");
    }

    #[test]
    fn kinds_of_blocks() {
        for (module, is) in [
            ("hopgate_core", "core"),
            ("hopgate_core_lane_2", "lane"),
            ("hopgate_core_copy_13", "copy"),
            ("hopgate_core_rom_46x16", "rom"),
            ("hopgate_core_rom_256x16_tail_4", "rom"),
            ("hopgate_core_adder_tree", "adder_tree"),
            ("hopgate_core_popcount16", "popcount16"),
        ] {
            assert_eq!(kind(module, "hopgate_core"), is);
        }
    }

    #[test]
    fn the_choice_keeps_the_original() {
        let text = "module t (\n    a\n);\n    localparam [1:0] k = 2'h1;\n        if (a) begin\n        b = a + k;\nendmodule\n";
        let schema = schema(text, "t", Chooser::File, |_| true);
        assert!(schema.verilog.contains("else begin b = a + k; end"), "{}", schema.verilog);
        assert!(schema.verilog.contains("|{a}) begin"));
        assert!(schema.verilog.contains(": 2'h1;"));
        assert!(schema.verilog.ends_with("endmodule\n"));
    }

    #[test]
    fn a_proof_has_its_instances() {
        let text = "module t (\n    a\n);\n        b = a + k;\nendmodule\n\nmodule t_u (\n    a\n);\n        c = d;\nendmodule\n";
        let schema = schema(text, "t", Chooser::Instances, |c| c.sort == "operator");
        assert_eq!(schema.changes.len(), 1);
        assert_eq!(schema.verilog.matches("chosen chosen(").count(), 1, "{}", schema.verilog);
        assert!(schema.verilog.contains("if (mutant == 1) begin b = a - k; end else begin b = a + k; end"));
    }

    #[test]
    fn equal_changes_are_spread() {
        let body: String = (0..7).map(|i| format!("        x${i} = y + z;\n")).collect();
        let schema = schema(&format!("module t(a);\n{body}endmodule\n"), "t", Chooser::File, |c| c.sort == "operator");
        let made: Vec<&str> = schema.changes.iter().map(|c| &c.from[..3]).collect();
        assert_eq!(made, ["x$0", "x$2", "x$4", "x$6"]);
    }
}
