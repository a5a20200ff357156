//! The options that say how a memory becomes hardware, the same for every verb that makes some.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use hopgate_hdl::{Options, Plan, Readout};
use hopgate_model::{memory::Memory, Result};

/// How a memory becomes hardware.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Hardware {
    /// Rows scanned in a cycle: a faster scan for more logic
    #[arg(long, value_name = "R", default_value = "1", value_parser = one_two_four())]
    parallel: usize,
    /// Neurons that share an accumulator, in turn: less logic for a slower vote
    #[arg(long, value_name = "F", default_value = "1", value_parser = one_two_four())]
    fold: usize,
    /// Where the answer comes from
    #[arg(long, value_enum, default_value_t = Source::Vote)]
    readout: Source,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Source {
    /// The candidates vote
    Vote,
    /// The nearest pattern itself, in one step: a plain search, the baseline
    Nearest,
}

fn one_two_four() -> impl TypedValueParser<Value = usize> {
    PossibleValuesParser::new(["1", "2", "4"]).map(|s| s.parse().unwrap_or(1))
}

impl Hardware {
    /// The memory laid out with these options.
    ///
    /// # Errors
    /// As [`Plan::with`].
    pub fn plan(self, memory: &Memory) -> Result<Plan> {
        let readout = match self.readout {
            Source::Vote => Readout::Vote,
            Source::Nearest => Readout::Nearest,
        };
        Plan::with(memory, Options { parallel: self.parallel, fold: self.fold, readout, room: None })
    }
}
