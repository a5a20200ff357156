//! `design.json`: what a design is, for programs, so that none reads it out of the Verilog.

use crate::{
    emit::{Design, Link, Top},
    options::CoreOptions,
    refit::Geometry,
    verilog::Module,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The file's contents.
#[derive(Serialize)]
struct Description<'a> {
    format: &'static str,
    version: u32,
    /// The top module.
    name: &'a str,
    /// The Verilog's file.
    file: &'a str,
    /// The hash of the memory in it.
    memory: &'a str,
    shape: Geometry,
    /// The options that lay the memory out in the same way.
    options: CoreOptions,
    /// What a board speaks: `plain` or `framed`, or `spi`, which is framed over SPI; none for another top.
    link: Option<&'static str>,
    memories: Vec<Described<'a>>,
    modules: &'a BTreeMap<String, Module>,
}

/// A memory that is read from a file.
#[derive(Serialize)]
struct Described<'a> {
    /// The instance path below the top module, as in `core.scan.row_store$0`.
    path: &'a str,
    /// Its register there.
    register: &'a str,
    file: &'a str,
    /// The top module's parameter that names the file.
    parameter: &'a str,
    /// Words.
    depth: usize,
    /// Bits of each.
    width: usize,
}

impl Design {
    /// The name and the text of the file that describes the design, for beside its other files.
    pub fn description(&self) -> (String, String) {
        let described = |(memory, image)| {
            let (memory, image): (&crate::Memory, &crate::contents::Image) = (memory, image);
            Described {
                path: &memory.path,
                register: &memory.register,
                file: &memory.file,
                parameter: &memory.parameter,
                depth: image.words.len(),
                width: image.width,
            }
        };
        let images = self.images();
        let description = Description {
            format: "hopgate-design",
            version: 1,
            name: &self.name,
            file: &self.file,
            memory: &self.memory,
            shape: Geometry::of(&self.plan),
            options: self.plan.options(),
            link: match self.top {
                Top::Board { link: Link::Plain, .. } => Some("plain"),
                Top::Board { link: Link::Framed { .. }, .. } => Some("framed"),
                Top::Board { link: Link::Spi, .. } => Some("spi"),
                _ => None,
            },
            memories: self.held(&images).map(described).collect(),
            modules: &self.modules,
        };
        let text = serde_json::to_string_pretty(&description).expect("strings and numbers");
        ("design.json".into(), text + "\n")
    }
}
