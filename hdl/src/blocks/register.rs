//! Registers.
//!
//! The writer of Verilog gives them the clock of the block that they are in. One that is given nothing in a cycle keeps what it holds.

use rust_hdl::prelude::*;

/// `q` is `d`, a cycle later.
#[derive(Clone, Debug, LogicBlock)]
pub struct Register<T: Synth> {
    /// What to hold.
    pub d: Signal<In, T>,
    /// What was held in the cycle before.
    pub q: Signal<Out, T>,
    /// Clock.
    pub clock: Signal<In, Clock>,
    _traits: Traits,
}

/// What a register is beside a register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// It is zero after configuration. Only what makes the reset needs that, and nothing that a reset sets may ask for it: some
    /// families cannot give it.
    pub zeroed: bool,
    /// What comes in follows no clock: synthesis is told to leave it alone, and timing not to ask when it comes.
    pub synchroniser: bool,
}

impl<T: Synth> Register<T> {
    /// One with these traits.
    pub fn with(traits: Traits) -> Self {
        Register { d: Signal::default(), q: Signal::default(), clock: Signal::default(), _traits: traits }
    }

    /// One that is zero after configuration.
    pub fn zeroed() -> Self {
        Register::with(Traits { zeroed: true, ..Traits::default() })
    }

    /// One of the two of a synchroniser.
    pub fn synchroniser() -> Self {
        Register::with(Traits { synchroniser: true, ..Traits::default() })
    }
}

impl<T: Synth> Default for Register<T> {
    fn default() -> Self {
        Register::with(Traits::default())
    }
}

impl<T: Synth> Logic for Register<T> {
    fn update(&mut self) {}

    fn hdl(&self) -> Verilog {
        Verilog::Custom(self._traits.code())
    }
}

impl Traits {
    const ZEROED: &'static str = "// zero after configuration\n";
    const SYNCHRONISER: &'static str = "// synchroniser\n";
    const STORE: &'static str = "q <= d;\nend";

    fn code(self) -> String {
        let zeroed = if self.zeroed { Traits::ZEROED } else { "" };
        let synchroniser = if self.synchroniser { Traits::SYNCHRONISER } else { "" };
        format!("{zeroed}{synchroniser}always @(posedge clock) begin\n   {}\n", Traits::STORE)
    }

    /// The traits of the register with this code: none for what is no register.
    pub(crate) fn of(code: &str) -> Option<Traits> {
        code.trim_end().ends_with(Traits::STORE).then(|| Traits {
            zeroed: code.contains(Traits::ZEROED),
            synchroniser: code.contains(Traits::SYNCHRONISER),
        })
    }
}
