//! Which pipeline stage a register belongs to: the design says it beside its Verilog.
//!
//! `design.json` has for every module its block, and for every register what it is for: the comment over the first statement that
//! gives it a value (`cycle 2: the table's address`). So there is no table to keep: a block that is written anew brings its own words.

use crate::memories::DESIGN;
use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    path::Path,
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

/// One module.
#[derive(Deserialize)]
struct Module {
    /// What it calls itself.
    block: String,
    /// The module of each instance.
    instances: BTreeMap<String, String>,
    /// Its registers, and what each is for.
    registers: BTreeMap<String, String>,
}

/// What the modules of a design say of themselves.
#[derive(Deserialize)]
pub struct Stages {
    #[serde(default)]
    modules: HashMap<String, Module>,
    #[serde(rename = "name")]
    top: String,
}

impl Stages {
    /// Reads the description beside the Verilog in a folder. Of a design without one nothing is known, and no register has a stage.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if the file cannot be read, [`ErrorKind::Format`] if it is no description.
    pub fn read(rtl: &Path) -> Result<Stages> {
        let path = rtl.join(DESIGN);
        match std::fs::read_to_string(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                Ok(Stages { modules: HashMap::new(), top: String::new() })
            }
            text => Stages::of_description(&text.map_err(|e| Error::io("read", &path, e))?),
        }
    }

    /// Reads a description.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if it is none.
    pub fn of_description(text: &str) -> Result<Stages> {
        serde_json::from_str(text)
            .map_err(|e| Error::new(ErrorKind::Format, format!("{DESIGN}: no description of a design: {e}")).because(e))
    }

    /// The stage of a register or memory by its instance path below the top; none if there is no such instance.
    pub fn of(&self, path: &str) -> Option<Stage> {
        let mut inside = self.modules.get(&self.top)?;
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            let is_last = parts.peek().is_none();
            let register = inside.registers.get(part).filter(|_| is_last);
            // a memory has no statements over it
            let what = register.cloned().unwrap_or_else(|| format!("the memory {part}"));
            let stage = Some(Stage { register: path.to_owned(), block: inside.block.clone(), what });
            if register.is_some() {
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
        found.extend(module.registers.keys().map(|register| format!("{path}{register}")));
        for (instance, kind) in &module.instances {
            self.walk(kind, &format!("{path}{instance}."), found);
        }
    }
}
