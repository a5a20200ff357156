//! Mutants of the emitted Verilog, all in one simulation.
//!
//! Building a simulation takes far longer than running it. So every mutant goes into the same Verilog: a statement with
//! mutants becomes a choice among them by a number that the top module reads from `mutant.hex` when a bench is opened, and 0
//! is the design as it was emitted. A mutant is named by the kind of its block and by what it changes, with the numbers
//! of instances left out: that names a change of the *generator*, which must be noticed in one shape at least.

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
const HAND_WRITTEN: [&str; 5] = ["copy", "ram", "rom", "tail", "spram"];

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
/// one, and two between.
pub fn schema(verilog: &str, top: &str, chooser: Chooser, wanted: impl Fn(&Change) -> bool) -> Schema {
    let mut found: BTreeMap<String, Vec<(usize, Change)>> = BTreeMap::new();
    let (mut block, mut simulated) = (String::new(), false);
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
        if simulated {
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
pub(crate) fn module_name(line: &str) -> Option<&str> {
    line.strip_prefix("module ")?.split([' ', '(', '#']).next()
}

const WAIVERS: &str = "/* verilator lint_off CMPCONST */\n/* verilator lint_off UNSIGNED */\n/* verilator lint_off SELRANGE */\n\
     /* verilator lint_off UNUSED */\n/* verilator lint_off UNOPTFLAT */\n/* verilator lint_off LATCH */\n\
     /* verilator lint_off WIDTH */\n/* verilator lint_off WIDTHCONCAT */\n/* verilator lint_off CASEINCOMPLETE */\n";

/// `hopgate_core_lane_2` is a `lane`, `hopgate_core` the `core`.
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
    if kept.is_empty() { "core".into() } else { kept }
}

/// A line with its mutants: statements by `if`, conditions and constants by an expression, so that no mutant widens what
/// another one is evaluated in.
fn choice(line: &str, numbers: &[usize], list: &[Change], mutant: &str) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let body = line.trim();
    if let Some(condition) = condition(body) {
        let inner: String = numbers
            .iter()
            .filter_map(|&n| Some(format!("({mutant} == {n}) ? |{{{}}} : ", self::condition(&list[n - 1].to)?)))
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

fn condition(body: &str) -> Option<&str> {
    body.strip_prefix("if (")?.strip_suffix(") begin")
}

/// What a constant is declared as: `localparam [3:0] name = value;`.
struct Constant<'a> {
    kind: &'a str,
    name: &'a str,
    value: &'a str,
}

fn constant(body: &str) -> Option<Constant<'_>> {
    let (declared, value) = body.strip_suffix(';')?.split_once(" = ")?;
    let (kind, name) = declared.rsplit_once(' ').filter(|(kind, _)| kind.starts_with("localparam"))?;
    Some(Constant { kind, name, value })
}

/// Target, operator and value of an assignment.
fn assignment(body: &str) -> Option<(&str, &str, &str)> {
    let body = body.strip_suffix(';')?;
    let at = body.find(" = ").into_iter().chain(body.find(" <= ")).min()?;
    let (target, rest) = body.split_at(at);
    if target.contains(' ') || target.contains('"') || rest.contains('"') {
        return None;
    }
    let (operator, value) = rest[1..].split_once(' ')?;
    Some((target, operator, value))
}

/// Every change of a line.
fn changes(line: &str, block: &str) -> Vec<Change> {
    let body = line.trim();
    let mut out = Vec::new();
    let mut push = |sort, to: String| {
        if to != body {
            out.push(Change { block: block.to_owned(), sort, from: body.to_owned(), to });
        }
    };
    if let Some(Constant { kind, name, value }) = constant(body) {
        // the number of a bit has no width
        let plain = value.parse::<u64>().ok().map(|number| (32, number));
        let Some((width, number)) = plain.or_else(|| literal(value)) else { return out };
        let mask = if width >= 64 { u64::MAX } else { (1 << width) - 1 };
        let with = |v: u64| match plain {
            Some(_) => format!("{kind} {name} = {};", v & mask),
            None => format!("{kind} {name} = {width}'h{:x};", v & mask),
        };
        push("constant up", with(number.wrapping_add(1)));
        if width > 1 {
            push("constant down", with(number.wrapping_sub(1)));
        }
        return out;
    }
    if let Some(c) = condition(body) {
        push("condition always", "if (1'b1) begin".into());
        push("condition never", "if (1'b0) begin".into());
        for (sort, text) in expressions(c) {
            push(sort, format!("if ({text}) begin"));
        }
        return out;
    }
    let Some((target, operator, value)) = assignment(body) else { return out };
    // what a register takes has its mutants where it is made, and what a port is where its variable is
    let taken = target.strip_suffix("$q").is_some_and(|register| value == format!("{register}$d"));
    if taken || value == format!("{target}$v") {
        return out;
    }
    // a default is no statement of its own
    let is_default = target.strip_suffix("$d").is_some_and(|t| value == format!("{t}$q"));
    if !is_default {
        match target.strip_suffix("$d") {
            Some(name) => push("register holds", format!("{target} {operator} {name}$q;")),
            None if operator == "=" && !is_zero(value) && !value.starts_with("1'b") => {
                push("wire is zero", format!("{target} {operator} 0;"));
            }
            None if operator == "<=" => push("not written", format!("{target} <= {target};")),
            None => {}
        }
        for (sort, text) in expressions(value) {
            push(sort, format!("{target} {operator} {text};"));
        }
    }
    out
}

/// Values that are zero already: literals, and the names of constants that are zero in every design.
fn is_zero(value: &str) -> bool {
    literal(value).is_some_and(|(_, number)| number == 0)
        || ["zero", "none", "no", "no_index", "nothing"].contains(&value)
}

/// Width and value of a sized literal.
fn literal(text: &str) -> Option<(u32, u64)> {
    let (width, rest) = text.split_once('\'')?;
    let radix = match rest.chars().next()? {
        'h' => 16,
        'b' => 2,
        'd' => 10,
        _ => return None,
    };
    Some((width.parse().ok()?, u64::from_str_radix(&rest[1..], radix).ok()?))
}

/// Every expression with one operator or one number changed.
fn expressions(text: &str) -> Vec<(&'static str, String)> {
    let swaps = [
        (" + ", " - "),
        (" - ", " + "),
        (" & ", " | "),
        (" | ", " & "),
        (" ^ ", " ~^ "),
        (" == ", " != "),
        (" != ", " == "),
        (" < ", " <= "),
        (" <= ", " < "),
        (" >> ", " << "),
        (" << ", " >> "),
    ];
    let mut out = Vec::new();
    for (from, to) in swaps {
        for (at, _) in text.match_indices(from) {
            out.push(("operator", format!("{}{to}{}", &text[..at], &text[at + from.len()..])));
        }
    }
    for (at, _) in text.match_indices('~') {
        out.push(("not", format!("{}{}", &text[..at], &text[at + 1..])));
    }
    // sized literals, and plain indices in brackets
    for (at, word) in words(text) {
        let put = |new: String| format!("{}{new}{}", &text[..at], &text[at + word.len()..]);
        if let Some((width, number)) = literal(word) {
            out.push(("literal", put(format!("{width}'h{:x}", number ^ 1))));
            let slice = text[at + word.len()..].starts_with(")+:");
            if slice {
                out.push(("bit order", put(format!("{width}'h{:x}", number ^ 4))));
            }
        } else if let (true, Ok(number)) = (text[..at].ends_with('['), word.parse::<u64>()) {
            // of a slice the highest bit goes: one more would be cut off
            let slice = text[at + word.len()..].starts_with(':');
            match (slice, number) {
                (true, 0) => {}
                (true, _) => out.push(("slice", put((number - 1).to_string()))),
                (false, _) => out.push(("bit order", put((number ^ 1).to_string()))),
            }
        }
    }
    out
}

/// The words of a text and where they begin.
fn words(text: &str) -> Vec<(usize, &str)> {
    let part = |c: char| c.is_ascii_alphanumeric() || "_$'".contains(c);
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (part(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorts(line: &str) -> Vec<(&'static str, String)> {
        changes(line, "x").into_iter().map(|c| (c.sort, c.to)).collect()
    }

    #[test]
    fn what_becomes_of_a_line() {
        assert_eq!(
            sorts("        rows_left$d = rows_left$q - one_index;"),
            [
                ("register holds", "rows_left$d = rows_left$q;".to_owned()),
                ("operator", "rows_left$d = rows_left$q + one_index;".to_owned())
            ]
        );
        assert_eq!(
            sorts("    localparam [3:0] sign = 4'h6;"),
            [
                ("constant up", "localparam [3:0] sign = 4'h7;".to_owned()),
                ("constant down", "localparam [3:0] sign = 4'h5;".to_owned())
            ]
        );
        assert_eq!(sorts("localparam integer sign = 6;")[0].1, "localparam integer sign = 7;");
        assert_eq!(sorts("if (~reset) begin").len(), 3);
        assert_eq!(sorts("held <= d[12:0];")[1], ("slice", "held <= d[11:0];".to_owned()));
        assert!(sorts("q = 11'h0;").iter().all(|(sort, _)| *sort == "literal"));
        assert!(sorts("waking$q <= waking$d;").is_empty());
        assert!(sorts("ready = ready$v;").is_empty());
        assert!(sorts("waking$d = waking$q;").is_empty());
    }

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
