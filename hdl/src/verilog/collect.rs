//! What rust-hdl knows of a design: every block with its ports, signals, constants, children and code.

use rust_hdl::core::{ast::Verilog, atom::AtomKind};
use rust_hdl::prelude::*;

/// A signal or constant of a block.
#[derive(Debug, Clone)]
pub struct Signal {
    /// Its name, as in `lane$0` for the first of a vector.
    pub name: String,
    /// Whether it is an input, an output, local or a constant.
    pub kind: AtomKind,
    /// Bits.
    pub width: usize,
    /// It is a clock.
    pub is_clock: bool,
    /// What a constant is.
    pub value: u128,
}

/// A block and everything in it.
#[derive(Debug)]
pub struct Node {
    /// The instance's name.
    pub name: String,
    /// Ports, signals and constants, in the order of their fields.
    pub signals: Vec<Signal>,
    /// Blocks in it, in the order of their fields.
    pub children: Vec<Node>,
    /// What it does.
    pub code: Verilog,
}

impl Node {
    /// The ports.
    pub fn ports(&self) -> impl Iterator<Item = &Signal> {
        self.signals.iter().filter(|s| s.kind.is_parameter())
    }

    /// The others of a kind.
    pub fn of(&self, kind: AtomKind) -> impl Iterator<Item = &Signal> {
        self.signals.iter().filter(move |s| s.kind == kind)
    }
}

/// A connected block and everything in it.
pub fn collect(block: &dyn Block, name: &str) -> Node {
    let mut collector = Collector { open: Vec::new(), root: None };
    block.accept(name, &mut collector);
    collector.root.expect("a block visits itself")
}

struct Collector {
    open: Vec<Node>,
    root: Option<Node>,
}

impl Probe for Collector {
    fn visit_start_scope(&mut self, name: &str, node: &dyn Block) {
        self.open.push(Node { name: name.to_owned(), signals: vec![], children: vec![], code: node.hdl() });
    }

    fn visit_atom(&mut self, name: &str, atom: &dyn Atom) {
        let Some(node) = self.open.last_mut() else { return };
        let (_, value) = literal(&atom.verilog());
        let (kind, width, is_clock) = (atom.kind(), atom.bits(), atom.descriptor().name == CLOCK);
        node.signals.push(Signal { name: name.to_owned(), kind, width, is_clock, value });
    }

    fn visit_end_scope(&mut self, _name: &str, _node: &dyn Block) {
        let Some(node) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.root = Some(node),
        }
    }
}

/// What rust-hdl calls the type of a clock.
const CLOCK: &str = "clock";

/// Width and value of a literal, which rust-hdl only prints.
pub fn literal(literal: &rust_hdl::core::ast::VerilogLiteral) -> (usize, u128) {
    let text = format!("{literal:x}");
    let (width, digits) = text.split_once("'h").unwrap_or(("0", "0"));
    (width.parse().unwrap_or(0), u128::from_str_radix(digits, 16).unwrap_or(0))
}
