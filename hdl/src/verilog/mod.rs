//! The one place that writes Verilog: one module per kind of block, not one per instance.
//!
//! rust-hdl emits a module for every instance, named by its path, so a design of 128 neurons would have 128 equal registers and 8
//! equal lanes. Here the blocks are collected as a tree, every one is written from the leaves up, and those with the same text are
//! one module, named after its `block:` comment.

mod collect;
mod expression;
mod module;
mod statement;

use crate::blocks::memories::Reading;
use collect::Node;
use module::{Placed, Written};

pub use module::Filled;
use rust_hdl::prelude::Block;
use std::collections::{BTreeMap, HashMap};

/// A memory of a design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// The instance path below the top module, as in `core.scan.row_store$0`.
    pub path: String,
    /// Its register there.
    pub register: String,
    /// The file that it is read from.
    pub file: String,
    /// The top module's parameter that names the file.
    pub parameter: String,
}

/// A module of a design.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Module {
    /// The kind of block that it is, as in `lane`.
    pub block: String,
    /// The module of each instance in it.
    pub instances: BTreeMap<String, String>,
    /// Its registers, and what each is for.
    pub registers: BTreeMap<String, String>,
}

/// The Verilog of a design, less its header.
pub struct Source {
    /// The modules, the top one first.
    pub text: String,
    /// Its memories.
    pub memories: Vec<Memory>,
    /// Its modules by name.
    pub modules: BTreeMap<String, Module>,
}

/// Writes a connected block as the module `name`, and every block in it as `name_kind`. Files of memories are called
/// `prefix` and their name; `fill` says how a memory is filled.
///
/// # Errors
/// What in a block cannot be written: a defect of that block.
pub fn write(block: &dyn Block, name: &str, prefix: &str, fill: &dyn Fn(&Reading) -> Filled) -> Result<Source, String> {
    let mut writer = Writer {
        name,
        prefix,
        fill,
        modules: Vec::new(),
        described: BTreeMap::new(),
        by_text: HashMap::new(),
        taken: BTreeMap::new(),
    };
    let root = writer.module(&collect::collect(block, name), true)?;
    // the reader starts at the top
    let modules = writer.modules.into_iter().rev();
    let text = modules.map(|(name, body)| format!("module {name}{body}endmodule // {name}\n\n")).collect();
    Ok(Source { text, memories: root.memories, modules: writer.described })
}

/// What the top module's parameter for a file is called.
pub(crate) fn parameter(file: &str) -> String {
    file.trim_end_matches(".hex").to_uppercase()
}

/// The first of the memories that are read from each file: several may hold the same.
pub(crate) fn distinct(memories: &[Memory]) -> impl Iterator<Item = &Memory> {
    let first = |at: usize, memory: &Memory| memories[..at].iter().all(|other| other.parameter != memory.parameter);
    memories.iter().enumerate().filter(move |(at, memory)| first(*at, memory)).map(|(_, memory)| memory)
}

struct Writer<'a> {
    name: &'a str,
    prefix: &'a str,
    fill: &'a dyn Fn(&Reading) -> Filled,
    /// Name, and what follows it.
    modules: Vec<(String, String)>,
    described: BTreeMap<String, Module>,
    by_text: HashMap<String, String>,
    /// How many modules have a name, but for their numbers.
    taken: BTreeMap<String, usize>,
}

struct Placement {
    name: String,
    /// Its own parameter for the file of each of its memories, in the order of `memories`.
    parameters: Vec<String>,
    memories: Vec<Memory>,
}

impl Writer<'_> {
    fn module(&mut self, node: &Node, is_root: bool) -> Result<Placement, String> {
        let (mut children, mut memories) = (HashMap::new(), Vec::new());
        for child in node.children.iter().filter(|c| module::register(c).is_none()) {
            let inside = self.module(child, false)?;
            let outside = distinct(&inside.memories).map(|m| m.parameter.clone());
            let parameters = inside.parameters.iter().cloned().zip(outside).collect();
            children.insert(child.name.as_str(), Placed { module: inside.name, parameters });
            memories.extend(inside.memories.into_iter().map(|memory| Memory {
                path: match memory.path.as_str() {
                    "" => child.name.clone(),
                    path => format!("{}.{path}", child.name),
                },
                ..memory
            }));
        }
        let own = std::cell::RefCell::new(Vec::new());
        let fill = |reading: &Reading| {
            let filled = (self.fill)(reading);
            own.borrow_mut().extend(filled.from_file.then(|| Memory {
                path: String::new(),
                register: reading.memory.clone(),
                file: format!("{}{}", self.prefix, reading.file),
                parameter: parameter(&reading.file),
            }));
            filled
        };
        let at = |what: String| format!("{}: {what}", node.name);
        let written = module::write(node, &children, &fill).map_err(at)?;
        memories.extend(own.into_inner());
        let list: Vec<String> = written
            .parameters
            .iter()
            .zip(distinct(&memories))
            .map(|(parameter, memory)| format!("    parameter {parameter} = \"{}\"", memory.file))
            .collect();
        let head = if list.is_empty() { " ".to_owned() } else { format!(" #(\n{}\n) ", list.join(",\n")) };
        let name = self.name_of(&written, head, is_root);
        self.described.entry(name.clone()).or_insert_with(|| Module {
            block: written.kind,
            instances: children.into_iter().map(|(instance, placed)| (instance.to_owned(), placed.module)).collect(),
            registers: written.registers,
        });
        Ok(Placement { name, parameters: written.parameters, memories })
    }

    /// The name of the module with this text. Which files a memory is read from is told by the block around it: that equal memories begin
    /// with other ones does not make them two modules.
    fn name_of(&mut self, written: &Written, head: String, is_root: bool) -> String {
        if let Some(name) = self.by_text.get(&written.body) {
            return name.clone();
        }
        let wanted = if is_root { self.name.to_owned() } else { format!("{}_{}", self.name, written.kind) };
        let count = self.taken.entry(wanted.clone()).or_insert(0);
        *count += 1;
        let name = if *count == 1 { wanted } else { format!("{wanted}_{count}") };
        self.by_text.insert(written.body.clone(), name.clone());
        self.modules.push((name.clone(), head + &written.body));
        name
    }
}
