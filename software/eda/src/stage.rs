//! Which pipeline stage a register belongs to: said in the Verilog itself.
//!
//! The emitted Verilog says in comments what its statements do (`// cycle 2: the table's address`), and what block a
//! module is (`// block: vote`). The stage of a register is the comment over the first statement that gives it a value.
//! So there is no table to keep: a block that is written anew brings its own words.

use serde::Serialize;
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

/// A register or a memory, and where in the pipeline it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Its instance path below the top module, as in `core.vote.entry`.
    pub register: String,
    /// The block that it is in, as in `vote`.
    pub block: String,
    /// What happens there, as in `cycle 2: the table's address`; empty if the block does not say.
    pub what: String,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.what.as_str() {
            "" => write!(f, "{}", self.block),
            what => write!(f, "{}, {what}", self.block),
        }
    }
}

/// One module of the Verilog.
#[derive(Default)]
struct Module {
    /// What it calls itself.
    block: Option<String>,
    /// The module of each instance.
    instances: HashMap<String, String>,
    /// The comment over the first statement that sets `NAME$d`.
    comments: HashMap<String, String>,
    /// Its registers: `NAME$q <= NAME$d`.
    registers: BTreeSet<String>,
}

/// What the modules of a design say of themselves.
pub struct Stages {
    modules: HashMap<String, Module>,
    top: String,
}

impl Stages {
    /// Reads emitted Verilog. Of other Verilog nothing is known, and no register has a stage.
    pub fn read(verilog: &str, top: &str) -> Stages {
        let mut modules: HashMap<String, Module> = HashMap::new();
        let mut current: Option<(String, Module)> = None;
        // the comments in force, each with its depth: one ends with the block that it stands in
        let mut comments: Vec<(usize, String)> = Vec::new();
        for line in verilog.lines() {
            let (text, depth) = (line.trim(), line.len() - line.trim_start().len());
            if let Some(rest) = text.strip_prefix("module ") {
                let name = rest.split([' ', '(']).next().unwrap_or_default().to_owned();
                (current, comments) = (Some((name, Module::default())), Vec::new());
                continue;
            }
            let Some((_, module)) = &mut current else { continue };
            if text.starts_with("endmodule") {
                modules.extend(current.take());
                continue;
            }
            if !text.is_empty() {
                comments.retain(|(at, _)| *at <= depth);
            }
            if let Some(block) = text.strip_prefix("// block: ") {
                module.block = Some(block.trim().to_owned());
            } else if text.starts_with("always ") {
                comments.clear(); // those before it are headings
            } else if let Some(comment) = text.strip_prefix("// ") {
                comments.retain(|(at, _)| *at < depth);
                comments.push((depth, comment.trim().to_owned()));
            } else if let Some((register, _)) = text.split_once("$q <= ") {
                module.registers.insert(register.to_owned());
            } else if let Some((target, value)) = text.split_once(" = ") {
                if let Some(name) = target.strip_suffix("$d").filter(|name| value != format!("{name}$q;")) {
                    let comment = comments.last().map(|(_, c)| c.clone()).unwrap_or_default();
                    module.comments.entry(name.to_owned()).or_insert(comment);
                }
            } else if let Some(placed) = text.strip_suffix('(') {
                // the module first, the instance last, and parameters between
                if let (Some((kind, _)), Some((_, instance))) = (placed.split_once(' '), placed.rsplit_once(' ')) {
                    module.instances.insert(instance.to_owned(), kind.to_owned());
                }
            }
        }
        Stages { modules, top: top.to_owned() }
    }

    /// The stage of a register or memory by its instance path below the top; none if there is no such instance.
    pub fn of(&self, path: &str) -> Option<Stage> {
        let mut inside = self.modules.get(&self.top)?;
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            let is_last = parts.peek().is_none();
            let is_register = is_last && inside.registers.contains(part);
            let what = match is_register {
                true => inside.comments.get(part).cloned().unwrap_or_default(),
                // a memory has no statements over it
                false => format!("the memory {part}"),
            };
            let stage = Some(Stage { register: path.to_owned(), block: inside.block.clone()?, what });
            if is_register {
                return stage;
            }
            inside = self.modules.get(inside.instances.get(part)?)?;
            if is_last {
                return stage;
            }
        }
        None
    }

    /// The instance paths of all registers.
    pub fn registers(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.walk(&self.top, "", &mut found);
        found.sort();
        found
    }

    fn walk(&self, module: &str, path: &str, found: &mut Vec<String>) {
        let Some(module) = self.modules.get(module) else { return };
        found.extend(module.registers.iter().map(|register| format!("{path}{register}")));
        for (instance, kind) in &module.instances {
            self.walk(kind, &format!("{path}{instance}."), found);
        }
    }
}
