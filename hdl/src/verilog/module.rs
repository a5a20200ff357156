//! One block as a Verilog module.
//!
//! The combinational part is one `always @(*)` in which a port, or an input of a block inside, is assigned once, at the end: event-driven
//! simulators then never see a value that is not meant. Registers are an `always @(posedge clock)` of the module that has
//! them, and clocks are wires.

use super::{
    collect::{Node, Signal},
    expression::{Expression, Name, sized},
    statement::{
        Statement, assignments, lower, only_indices, print, purposes, reads, rename, take, take_idle_defaults,
    },
};
use crate::blocks::{memories::Reading, register::Traits};
use rust_hdl::core::{ast::Verilog, atom::AtomKind};
use std::collections::{BTreeMap, HashMap, HashSet};

type Result<T> = std::result::Result<T, String>;

/// A block inside another, whose module is written.
pub struct Placed {
    /// The name of its module.
    pub module: String,
    /// The memory files in it: the name of its parameter, and what the block around it calls that.
    pub parameters: Vec<(String, String)>,
}

/// What fills a memory.
pub struct Filled {
    /// The Verilog.
    pub text: String,
    /// Whether a parameter of the module names a file.
    pub from_file: bool,
}

/// A module without its name.
pub struct Written {
    /// What it calls itself, as in `lane`.
    pub kind: String,
    /// Its parameters.
    pub parameters: Vec<String>,
    /// Its ports and all that follows, up to `endmodule`.
    pub body: String,
    /// Its registers, and what each is for.
    pub registers: BTreeMap<String, String>,
}

/// What a block is beside a register, if it is one: its module is then not written.
pub fn register(node: &Node) -> Option<Traits> {
    match &node.code {
        Verilog::Custom(code) => Traits::of(code),
        _ => None,
    }
}

/// Writes the module of a block. `children` are the modules of those blocks inside that are no registers, by instance name.
/// `memory` says how a memory is filled.
pub fn write(node: &Node, children: &HashMap<&str, Placed>, memory: &dyn Fn(&Reading) -> Filled) -> Result<Written> {
    match &node.code {
        Verilog::Combinatorial(code) => Combinational::new(node, children)?.write(code),
        Verilog::Custom(code) => Ok(custom(node, code, memory)),
        other => Err(format!("{} has no code that can be written: {other:?}", node.name)),
    }
}

/// A declaration without its semicolon.
fn declaration(kind: &str, width: usize, name: &str) -> String {
    match width {
        1 => format!("{kind} {name}"),
        _ => format!("{kind} [{}:0] {name}", width - 1),
    }
}

/// The port list.
fn ports(node: &Node, output: impl Fn(&Signal) -> &'static str) -> String {
    let port = |s: &Signal| {
        let kind = if s.kind == AtomKind::InputParameter { "input wire" } else { output(s) };
        format!("    {}", declaration(kind, s.width, &s.name))
    };
    format!("(\n{}\n);\n", node.ports().map(port).collect::<Vec<_>>().join(",\n"))
}

/// A module that is written by hand: its outputs are wires.
fn custom(node: &Node, code: &str, memory: &dyn Fn(&Reading) -> Filled) -> Written {
    let (mut body, mut kind, mut parameters) = (ports(node, |_| "output wire"), node.name.replace('$', "_"), vec![]);
    for line in code.lines() {
        if let Some(name) = line.strip_prefix("// block: ") {
            kind = name.trim().to_owned();
        }
        match Reading::of(line) {
            Some(reading) => {
                let filled = memory(&reading);
                body += &filled.text;
                parameters.extend(filled.from_file.then_some(reading.parameter));
            }
            None if line.trim().is_empty() => body.push('\n'),
            None => body += &format!("    {line}\n"),
        }
    }
    Written { kind, parameters, body, registers: BTreeMap::new() }
}

struct Combinational<'a> {
    node: &'a Node,
    children: &'a HashMap<&'a str, Placed>,
    names: HashMap<String, Name>,
    clocks: HashSet<String>,
    registers: Vec<(&'a Node, Traits)>,
}

impl<'a> Combinational<'a> {
    fn new(node: &'a Node, children: &'a HashMap<&'a str, Placed>) -> Result<Self> {
        let (mut names, mut clocks) = (HashMap::new(), HashSet::new());
        let mut put = |name: String, signal: &Signal| {
            if signal.is_clock {
                clocks.insert(name.clone());
            }
            let value = (signal.kind == AtomKind::Constant).then_some(signal.value);
            names.insert(name, Name { width: signal.width, value });
        };
        node.signals.iter().for_each(|s| put(s.name.clone(), s));
        for child in &node.children {
            child.ports().for_each(|s| put(format!("{}${}", child.name, s.name), s));
        }
        let registers = node.children.iter().filter_map(|c| Some((c, register(c)?))).collect();
        Ok(Combinational { node, children, names, clocks, registers })
    }

    fn width(&self, name: &str) -> usize {
        self.names.get(name).map_or(1, |n| n.width)
    }

    fn write(&self, code: &rust_hdl::core::ast::VerilogBlock) -> Result<Written> {
        let mut statements = lower(code, &self.names)?;
        let kind = match statements.first() {
            Some(Statement::Comment(text)) if text.starts_with("block: ") => {
                let kind = text["block: ".len()..].trim().to_owned();
                statements.remove(0);
                kind
            }
            _ => self.node.name.replace('$', "_"),
        };
        let clocks = self.clocks(&mut statements)?;
        self.check(&statements)?;
        let held = |(node, _): &(&Node, Traits)| {
            let held = format!("{}$q", node.name);
            let width = self.width(&held);
            Statement::Assign(format!("{}$d", node.name), Expression::Name(held, width))
        };
        statements.splice(0..0, self.registers.iter().map(held));
        take_idle_defaults(&mut statements);
        let constants = self.take_constants(&mut statements);
        let last = self.settle(&mut statements);
        statements.extend(
            last.iter().map(|(port, inside)| {
                Statement::Assign(port.clone(), Expression::Name(inside.clone(), self.width(port)))
            }),
        );
        Ok(self.print(kind, &statements, &constants, &clocks, &last))
    }

    /// What clock every clock signal is; takes the statements that say so. A block inside has the clock of this one, where none does:
    /// the one that is made here, or the one that comes in.
    fn clocks(&self, statements: &mut Vec<Statement>) -> Result<HashMap<String, String>> {
        let mut clocks = HashMap::new();
        take(statements, &mut |statement| match statement {
            Statement::Assign(target, Expression::Name(source, _)) if self.clocks.contains(target) => {
                clocks.insert(target.clone(), source.clone());
                true
            }
            _ => false,
        });
        let own = |kind| self.node.of(kind).find(|s| s.is_clock);
        let own = own(AtomKind::LocalSignal).or_else(|| own(AtomKind::InputParameter));
        for child in &self.node.children {
            for port in child.ports().filter(|s| s.is_clock && s.kind == AtomKind::InputParameter) {
                let name = format!("{}${}", child.name, port.name);
                let own = own.ok_or_else(|| format!("{name} has no clock"))?;
                clocks.entry(name).or_insert_with(|| own.name.clone());
            }
        }
        Ok(clocks)
    }

    /// Finds what is used and given no value.
    fn check(&self, statements: &[Statement]) -> Result<()> {
        let (mut given, mut read) = (HashSet::new(), Vec::new());
        assignments(statements, &mut |target, _| {
            given.insert(target);
        });
        reads(statements, &mut read);
        let is_local = |name: &&&str| self.node.of(AtomKind::LocalSignal).any(|s| s.name == **name);
        let locals = read.iter().filter(is_local).map(|name| (*name).to_owned());
        let entered = self.registers.iter().map(|(node, _)| format!("{}$d", node.name));
        let mut used = self.outside().chain(entered).chain(locals);
        match used.find(|name| !given.contains(name.as_str()) && !self.clocks.contains(name)) {
            Some(name) => Err(format!("{name} is given no value")),
            None => Ok(()),
        }
    }

    /// Takes the assignments of what never changes: an `always @(*)` that reads nothing would never run.
    fn take_constants(&self, statements: &mut Vec<Statement>) -> Vec<(String, Expression)> {
        let mut count: HashMap<String, usize> = HashMap::new();
        assignments(statements, &mut |target, _| *count.entry(target.to_owned()).or_default() += 1);
        let entered: HashSet<String> = self.registers.iter().map(|(node, _)| format!("{}$d", node.name)).collect();
        let mut constants = Vec::new();
        take(statements, &mut |statement| match statement {
            Statement::Assign(target, value)
                if count[target] == 1 && value.is_constant() && !entered.contains(target) =>
            {
                constants.push((target.clone(), value.clone()));
                true
            }
            _ => false,
        });
        constants
    }

    /// Gives every port and every input of a block inside that is assigned more than once a variable, and says which: the port is
    /// assigned at the end.
    fn settle(&self, statements: &mut [Statement]) -> Vec<(String, String)> {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        assignments(statements, &mut |target, _| *count.entry(target).or_default() += 1);
        let outside: HashSet<String> = self.outside().collect();
        let settled: Vec<(String, String)> = count
            .into_iter()
            .filter(|(target, n)| *n > 1 && outside.contains(*target))
            .map(|(target, _)| (target.to_owned(), format!("{target}$v")))
            .collect();
        rename(statements, &settled.iter().cloned().collect());
        settled
    }

    /// What another block sees: outputs, and inputs of blocks inside that are no registers.
    fn outside(&self) -> impl Iterator<Item = String> + '_ {
        let own = self.node.ports().filter(|s| s.kind == AtomKind::OutputParameter).map(|s| s.name.clone());
        own.chain(self.blocks().flat_map(|child| {
            let inputs = child.ports().filter(|s| s.kind == AtomKind::InputParameter);
            inputs.map(move |s| format!("{}${}", child.name, s.name))
        }))
    }

    /// Blocks inside that are no registers.
    fn blocks(&self) -> impl Iterator<Item = &'a Node> + use<'a> {
        self.node.children.iter().filter(|c| register(c).is_none())
    }

    fn print(
        &self,
        kind: String,
        statements: &[Statement],
        constants: &[(String, Expression)],
        clocks: &HashMap<String, String>,
        settled: &[(String, String)],
    ) -> Written {
        // a clock of the block's own, or one that comes from a block inside
        let clock_of = |name: &str| clocks.get(name).map_or(name, String::as_str).to_owned();
        let mut read = Vec::new();
        reads(statements, &mut read);
        constants.iter().for_each(|(_, value)| value.names(&mut read));
        let read: HashSet<&str> = read.into_iter().collect();
        let mut assigned = HashSet::new();
        assignments(statements, &mut |target, _| {
            assigned.insert(target);
        });
        let constant: HashSet<&str> = constants.iter().map(|(name, _)| name.as_str()).collect();

        let is_wire = |name: &str| constant.contains(name) || clocks.contains_key(name);
        let mut text = ports(self.node, |s| if is_wire(&s.name) { "output wire" } else { "output reg" });
        text += &format!("    // block: {kind}\n");
        let mut section = |heading: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                text += &format!("\n    // {heading}\n");
                lines.iter().for_each(|line| text += &format!("    {line}\n"));
            }
        };
        let used = self.node.of(AtomKind::Constant).filter(|s| read.contains(s.name.as_str()));
        let mut indices = HashSet::new();
        only_indices(statements, &mut indices);
        let value = |s: &Signal| match indices.contains(s.name.as_str()) {
            true => format!("localparam integer {} = {};", s.name, s.value),
            false => format!("{} = {};", declaration("localparam", s.width, &s.name), sized(s.width, s.value)),
        };
        section("constants", used.map(value).collect());

        let stores = self.registers.iter().flat_map(|(node, traits)| {
            let width = self.width(&format!("{}$q", node.name));
            let attributes = if traits.synchroniser { SYNCHRONISER } else { "" };
            let start = if traits.zeroed { format!(" = {width}'d0") } else { String::new() };
            [
                format!("{attributes}{}{start};", declaration("reg", width, &format!("{}$q", node.name))),
                format!("{};", declaration("reg", width, &format!("{}$d", node.name))),
            ]
        });
        section("registers, and what goes into them", stores.collect());

        let wires = self.blocks().flat_map(|child| child.ports().map(move |s| (child, s))).filter_map(|(child, s)| {
            let name = format!("{}${}", child.name, s.name);
            let is_input = s.kind == AtomKind::InputParameter;
            let kind = if is_input && !is_wire(&name) { "reg" } else { "wire" };
            // a clock goes where it comes from
            (!(is_input && s.is_clock)).then(|| format!("{};", declaration(kind, s.width, &name)))
        });
        section("to and from the blocks", wires.collect());

        let locals = self.node.of(AtomKind::LocalSignal).filter(|s| {
            let name = s.name.as_str();
            !s.is_clock && (read.contains(name) || assigned.contains(name) || constant.contains(name))
        });
        let local =
            |s: &Signal| format!("{};", declaration(if is_wire(&s.name) { "wire" } else { "reg" }, s.width, &s.name));
        let variables =
            settled.iter().map(|(port, inside)| format!("{};", declaration("reg", self.width(port), inside)));
        section("local signals", locals.map(local).chain(variables).collect());

        let made = self.node.signals.iter().filter(|s| s.is_clock && clocks.contains_key(&s.name));
        let made: Vec<String> = made
            .map(|s| match s.kind {
                AtomKind::LocalSignal => format!("wire {} = {};", s.name, clock_of(&s.name)),
                _ => format!("assign {} = {};", s.name, clock_of(&s.name)),
            })
            .collect();
        section("clocks", made);
        let width = |name: &str| self.width(name);
        let fixed = constants.iter().map(|(name, value)| format!("assign {name} = {};", value.text(width(name))));
        section("what never changes", fixed.collect());

        let mut parameters = Vec::new();
        for child in self.blocks() {
            let Some(placed) = self.children.get(child.name.as_str()) else { continue };
            // cores side by side are filled from the same files
            for (_, outside) in &placed.parameters {
                if !parameters.contains(outside) {
                    parameters.push(outside.clone());
                }
            }
            let passed: Vec<String> =
                placed.parameters.iter().map(|(inside, out)| format!(".{inside}({out})")).collect();
            let passed = if passed.is_empty() { String::new() } else { format!(" #({})", passed.join(", ")) };
            let connect = |s: &Signal| {
                let name = format!("{}${}", child.name, s.name);
                let other = if s.is_clock && s.kind == AtomKind::InputParameter { clock_of(&name) } else { name };
                format!("        .{}({other})", s.name)
            };
            let ports: Vec<String> = child.ports().map(connect).collect();
            text += &format!("\n    {}{passed} {}(\n{}\n    );\n", placed.module, child.name, ports.join(",\n"));
        }

        let zeroed: Vec<&str> =
            self.registers.iter().filter(|(_, traits)| traits.zeroed).map(|(node, _)| node.name.as_str()).collect();
        if !zeroed.is_empty() {
            // nothing has run yet then: what goes into the registers would be unknown, and for ever where no reset comes
            let width: usize = zeroed.iter().map(|name| self.width(&format!("{name}$d"))).sum();
            let inputs = zeroed.iter().map(|name| format!("{name}$d")).collect::<Vec<_>>().join(", ");
            text += &format!(
                "\n`ifndef SYNTHESIS\n`ifndef VERILATOR\n    // synthesis translate_off\n    // for a simulation of four values whose clock rises at \
                 time 0\n    initial {{{inputs}}} = {width}'d0;\n    // synthesis translate_on\n`endif\n`endif\n"
            );
        }

        let mut by_clock: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (node, _) in &self.registers {
            by_clock.entry(clock_of(&format!("{}$clock", node.name))).or_default().push(&node.name);
        }
        for (clock, registers) in by_clock {
            text += &format!("\n    always @(posedge {clock}) begin\n");
            registers.iter().for_each(|name| text += &format!("        {name}$q <= {name}$d;\n"));
            text += "    end\n";
        }
        if !assigned.is_empty() {
            text += "\n    always @(*) begin\n";
            let variables: HashMap<&str, usize> = settled.iter().map(|(p, v)| (v.as_str(), self.width(p))).collect();
            print(statements, &|name| variables.get(name).copied().unwrap_or_else(|| self.width(name)), 2, &mut text);
            text += "    end\n";
        }
        let mut what = HashMap::new();
        purposes(statements, "", &mut what);
        let purpose = |(node, _): &(&Node, Traits)| {
            let what = what.get(format!("{}$d", node.name).as_str());
            (node.name.clone(), what.copied().unwrap_or_default().to_owned())
        };
        let registers = self.registers.iter().map(purpose).collect();
        Written { kind, parameters, body: text, registers }
    }
}

/// What keeps the flip-flops of a synchroniser apart from logic, and together, in every vendor's words.
const SYNCHRONISER: &str = "(* ASYNC_REG = \"TRUE\", syn_preserve = 1, preserve *) ";
