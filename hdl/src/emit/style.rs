//! How a design is written: its name, and where the contents of its memories are.

use hopgate_model::{Error, Result};

/// How a design is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Style {
    /// The name of the top module and the start of every other module's and file's name; that of the top by default.
    pub name: Option<String>,
    /// Where the contents of the memories are.
    pub roms: Roms,
}

/// Where the contents of a design's memories are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Roms {
    /// In `.hex` files, which parameters of the top module name.
    #[default]
    Files,
    /// In the Verilog.
    Inline,
}

impl Style {
    /// The same with another name.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for what is no name of a Verilog module.
    pub fn named(self, name: &str) -> Result<Style> {
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts || !name.chars().all(letters) || name.len() > MOST_LETTERS {
            return Err(Error::usage(format!("{name:?} is no name for a Verilog module"))
                .hint(format!("a letter or _ first, then letters, digits and _, at most {MOST_LETTERS} in all")));
        }
        if KEYWORDS.contains(&name) {
            return Err(Error::usage(format!("{name} is a keyword of Verilog, SystemVerilog or VHDL"))
                .hint("choose another name"));
        }
        Ok(Style { name: Some(name.to_owned()), ..self })
    }

    /// The same with the contents of the memories elsewhere.
    #[must_use]
    pub fn roms(self, roms: Roms) -> Style {
        Style { roms, ..self }
    }
}

/// The longest name of a module: those of its blocks are longer, and some tools stop at 64 letters more.
const MOST_LETTERS: usize = 64;

/// Reserved words that look like a name that one might choose; a module of such a name is refused by some tool.
const KEYWORDS: [&str; 66] = [
    "alias",
    "always",
    "and",
    "assert",
    "assign",
    "automatic",
    "begin",
    "bit",
    "buf",
    "byte",
    "case",
    "cell",
    "class",
    "config",
    "const",
    "cover",
    "default",
    "design",
    "disable",
    "do",
    "edge",
    "else",
    "end",
    "endmodule",
    "entity",
    "enum",
    "event",
    "final",
    "for",
    "force",
    "function",
    "generate",
    "if",
    "import",
    "initial",
    "inout",
    "input",
    "instance",
    "int",
    "integer",
    "interface",
    "library",
    "local",
    "logic",
    "module",
    "nand",
    "new",
    "nor",
    "not",
    "or",
    "output",
    "package",
    "parameter",
    "property",
    "real",
    "ref",
    "reg",
    "sequence",
    "signal",
    "string",
    "table",
    "task",
    "time",
    "type",
    "use",
    "wire",
];
