//! A register that exists more than once on purpose.
//!
//! One register that drives hundreds of cells is slow to reach the farthest. So every lane and every column has a copy
//! of its own of what all of them listen to. Synthesis would see that the copies are equal and keep one:
//! an attribute tells it not to, which rust-hdl cannot say, hence the hand-written Verilog.

use crate::blocks::prelude::*;

/// Keep it, in the words of Vivado, Quartus, and what comes of Synplify (Lattice, Gowin, Efinix).
const KEPT: &str = "(* dont_touch = \"true\", preserve, dont_merge, syn_preserve = 1, syn_keep = 1 *) ";

/// `q` is the lowest bits of `d`, a cycle later.
#[derive(Clone, Debug, LogicBlock)]
pub struct Copied<const D: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// What to hold.
    pub d: Signal<In, Bits<D>>,
    /// What was held in the cycle before.
    pub q: Signal<Out, Bits<D>>,
    _width: usize,
    _kept: bool,
}

impl<const D: usize> Copied<D> {
    /// A copy of the lowest `width` bits; the others of `q` are zero.
    pub fn new(width: usize) -> Self {
        assert!((1..=D).contains(&width));
        Copied { clock: Signal::default(), d: Signal::default(), q: Signal::default(), _width: width, _kept: true }
    }

    /// One that synthesis may merge with its equals: where cells are scarcer than time.
    pub fn shared() -> Self {
        Copied { _kept: false, ..Copied::default() }
    }
}

impl<const D: usize> Default for Copied<D> {
    fn default() -> Self {
        Copied::new(D)
    }
}

impl<const D: usize> Logic for Copied<D> {
    fn update(&mut self) {}

    fn hdl(&self) -> Verilog {
        let (width, high) = (self._width, self._width - 1);
        // yosys asks the process, others the register
        let (keep, kept) = match self._kept {
            true => ("(* keep *)\n", KEPT),
            false => ("", ""),
        };
        let whole = match D - width {
            0 => "held".to_owned(),
            pad => format!("{{{pad}'b0, held}}"),
        };
        // a signal of one bit has no range
        let low = if D == 1 { "d".to_owned() } else { format!("d[{high}:0]") };
        Verilog::Custom(format!(
            "\
// block: copy_{width}
{kept}reg [{high}:0] held;
{keep}always @(posedge clock) begin
   held <= {low};
end
assign q = {whole};
"
        ))
    }
}
