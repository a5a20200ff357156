//! Parts of a block: what a block does, in several files.
//!
//! A block that is one thing to the hardware may be several to a reader. Each part has an `update` of its own; what is emitted is one
//! always-block, with the parts in the order in which `parts!` names them.

use rust_hdl::prelude::*;

/// A part of a block, by its name.
pub trait Part<Name> {
    /// As [`Logic::update`].
    fn update(&mut self);
    /// As [`Logic::connect`].
    fn connect(&mut self);
    /// As [`Logic::hdl`].
    fn hdl(&self) -> ast::Verilog;
}

/// What parts emit, one after the other.
pub fn joined<const N: usize>(parts: [ast::Verilog; N]) -> ast::Verilog {
    let statements = parts.into_iter().flat_map(|part| match part {
        ast::Verilog::Combinatorial(statements) => statements,
        _ => Vec::new(),
    });
    ast::Verilog::Combinatorial(statements.collect())
}

/// The logic of a block that has parts.
macro_rules! parts {
    ($block:ty: $($part:ty),*) => {
        impl rust_hdl::prelude::Logic for $block {
            fn update(&mut self) {
                $(crate::blocks::part::Part::<$part>::update(self);)*
            }

            fn connect(&mut self) {
                $(crate::blocks::part::Part::<$part>::connect(self);)*
            }

            fn hdl(&self) -> rust_hdl::prelude::ast::Verilog {
                crate::blocks::part::joined([$(crate::blocks::part::Part::<$part>::hdl(self)),*])
            }
        }
    };
}

pub(crate) use parts;
