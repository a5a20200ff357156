//! A property of an emitted design: what it says, on which design, how it is decided, and what it must refute.

use crate::engine::Engine;
use crate::question::Question;
use hopgate_hdl::{CoreOptions, Link, Room, Top, blocks::edge::pll, pins::Pins};
use hopgate_model::{Error, ErrorKind, Result};
use hopgate_sim::suite::Shape;

/// Where a property's text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Around a block: a module `harness` that instantiates it.
    Around,
    /// Inside the top module, before its `endmodule`, where its own signals have their names.
    Inside,
    /// The same inside a block of this kind, which stands alone: whatever it is given.
    Alone(&'static str),
}

/// What is around a core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Nothing.
    Core,
    /// A board, with so many clock cycles a bit.
    Board(usize),
    /// A board behind SPI.
    Spi,
    /// A board that learns, and stores cues that it does not know.
    Learning,
    /// The AXI4-Stream wrapper.
    Axis,
    /// The same, and its packets are requests.
    Requests,
    /// The AXI4-Lite wrapper.
    Axil,
    /// The Wishbone wrapper.
    Wishbone {
        /// Whether it takes requests.
        requests: bool,
    },
}

/// The clock of wrappers, Hz: so slow that its 10 us are as short as any reset.
const SLOW_CLOCK: u32 = 1_000_000;

/// The design that a property is proved on.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// What the table calls it.
    pub name: &'static str,
    /// The memory.
    pub shape: Shape,
    /// What is around it.
    pub on: On,
    /// How it is decided here.
    pub engine: Engine,
    /// Whether `make test` proves it too.
    pub quick: bool,
    /// More `NAME` or `NAME=value`.
    pub defines: &'static [&'static str],
}

/// A change of an emitted block that a property must refute.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// What it breaks.
    pub what: &'static str,
    /// The kind of block, as in its module's name; nothing for the top module.
    pub block: &'static str,
    /// A text in it (the first place counts).
    pub from: &'static str,
    /// What it becomes.
    pub to: &'static str,
}

/// A property.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// What it says, in one line.
    pub claim: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Where it goes.
    pub place: Place,
    /// Kinds of instances whose outputs are free, and after `=` one instance of the top module, or one register (`KIND:NAME$q`).
    pub free: &'static [&'static str],
    /// What is added to blocks so that the property sees what it must.
    pub probes: &'static [Mutant],
    /// The designs.
    pub cases: &'static [Case],
    /// What it must refute, on the first case.
    pub mutants: &'static [Mutant],
    /// How deep to look for what must be found.
    pub reach: usize,
}

impl Case {
    /// How its memory becomes hardware.
    pub fn options(&self) -> CoreOptions {
        let options = self.shape.hardware();
        match self.on {
            On::Learning => CoreOptions { room: Some(Room::NONE), learns: true, auto_store: true, ..options },
            _ => options,
        }
    }

    /// What is on top of its design.
    pub fn top(&self) -> Top {
        match self.on {
            On::Core => Top::Core,
            On::Spi => {
                let (clock, pll, pins) = (SLOW_CLOCK, None::<pll::Settings>, Pins::default());
                Top::Board { clock, uart_divider: 8, pll, pins, link: Link::Spi }
            }
            On::Learning => {
                let (clock, pll, pins) = (SLOW_CLOCK, None::<pll::Settings>, Pins::default());
                Top::Board { clock, uart_divider: 8, pll, pins, link: Link::Framed { baud: SLOW_CLOCK / 8 } }
            }
            On::Axis | On::Requests => Top::Axis { clock: SLOW_CLOCK, requests: self.on == On::Requests },
            On::Axil => Top::Axil { clock: SLOW_CLOCK, requests: false, streams: false },
            On::Wishbone { requests } => Top::Wishbone { clock: SLOW_CLOCK, requests, streams: false },
            On::Board(uart_divider) => {
                let (clock, pll, pins) = (uart_divider as u32 * 1_000_000, None::<pll::Settings>, Pins::default());
                Top::Board { clock, uart_divider, pll, pins, link: Link::Plain }
            }
        }
    }
}

impl Property {
    /// Whether it holds on a case: it must be proved.
    ///
    /// # Errors
    /// When the design has no block that the property speaks of.
    pub fn proof(&self, case: &Case) -> Result<Question> {
        Question::new(self, case, None, &[], case.engine)
    }

    /// Whether the situation that the property is about can be reached: it must be found (refuted).
    ///
    /// # Errors
    /// As [`Property::proof`].
    pub fn reach(&self, case: &Case) -> Result<Question> {
        Question::new(self, case, None, &["CLAIMS", "REACHED"], self.shallow(case))
    }

    /// Whether it holds of a mutant: what that breaks must be found (refuted). The claims alone must find it: what else is
    /// asserted to make them inductive (`links.vh`) is left out.
    ///
    /// # Errors
    /// As [`Property::proof`], and when the block does not contain what the mutant changes.
    pub fn refutation(&self, case: &Case, mutant: &Mutant) -> Result<Question> {
        Question::new(self, case, Some(mutant), &["CLAIMS"], self.shallow(case))
    }

    /// A proof to a depth has no deeper look at its mutants: that it is deep enough is what they test.
    fn shallow(&self, case: &Case) -> Engine {
        match case.engine {
            Engine::Cycles(n) => Engine::Cycles(n),
            Engine::Reachability | Engine::Merged | Engine::Induction => Engine::Cycles(self.reach),
        }
    }
}

impl Mutant {
    /// The Verilog with the change, in every module of the block's kind.
    ///
    /// # Errors
    /// When none contains the text: the mutant is out of date.
    pub fn apply(&self, verilog: &str, prefix: &str) -> Result<String> {
        // no kind: the top module itself
        let start = match self.block {
            "" => format!("module {prefix}"),
            kind => format!("module {prefix}_{kind}"),
        };
        let mut changed = false;
        let mut out = String::with_capacity(verilog.len());
        for module in verilog.split_inclusive("endmodule") {
            // only the kind itself, and its numbered variants
            let named = module.find(&start).is_some_and(|at| {
                let rest = module[at + start.len()..].split([' ', '(']).next().unwrap_or("");
                rest.is_empty() || rest.strip_prefix('_').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
            });
            if named && module.contains(self.from) {
                changed = true;
                out += &module.replacen(self.from, self.to, 1);
            } else {
                out += module;
            }
        }
        if !changed {
            let what = format!("the block {} does not contain `{}` ({})", self.block, self.from, self.what);
            return Err(Error::new(ErrorKind::Failed, what).hint("write the mutant anew: formal/src/catalogue.rs"));
        }
        Ok(out)
    }
}
