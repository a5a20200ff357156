//! Constants as fields of a block.
//!
//! rust-hdl's own constant has no default, so a block that has one must name all its fields in its constructor. These have: a
//! constructor names only what is not the default.

use rust_hdl::prelude::{Bits, Block, Logic, Probe, Synth};

/// A value that differs from design to design.
#[derive(Clone, Debug)]
pub struct Constant<T: Synth>(rust_hdl::prelude::Constant<T>);

impl<T: Synth> Constant<T> {
    /// With this value.
    pub fn new(value: T) -> Self {
        Constant(rust_hdl::prelude::Constant::new(value))
    }

    /// The value.
    pub fn val(&self) -> T {
        self.0.val()
    }
}

impl<T: Synth> Default for Constant<T> {
    fn default() -> Self {
        Constant::new(T::default())
    }
}

impl<T: Synth> Logic for Constant<T> {
    fn update(&mut self) {}
}

impl<T: Synth> Block for Constant<T> {
    fn connect_all(&mut self) {}

    fn update_all(&mut self) {}

    fn has_changed(&self) -> bool {
        false
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        self.0.accept(name, probe);
    }
}

/// `WIDTH` bits that are `VALUE` in every design: it stands where the name is declared.
#[derive(Clone, Debug)]
pub struct Literal<const WIDTH: usize, const VALUE: usize>(Constant<Bits<WIDTH>>);

impl<const WIDTH: usize, const VALUE: usize> Literal<WIDTH, VALUE> {
    /// The value.
    pub fn val(&self) -> Bits<WIDTH> {
        self.0.val()
    }
}

impl<const WIDTH: usize, const VALUE: usize> Default for Literal<WIDTH, VALUE> {
    fn default() -> Self {
        Literal(constant(VALUE))
    }
}

impl<const WIDTH: usize, const VALUE: usize> Logic for Literal<WIDTH, VALUE> {
    fn update(&mut self) {}
}

impl<const WIDTH: usize, const VALUE: usize> Block for Literal<WIDTH, VALUE> {
    fn connect_all(&mut self) {}

    fn update_all(&mut self) {}

    fn has_changed(&self) -> bool {
        false
    }

    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        self.0.accept(name, probe);
    }
}

/// A constant of this value.
pub fn constant<const B: usize>(value: usize) -> Constant<Bits<B>> {
    Constant::new((value as u64).into())
}
