//! Proofs about the emitted Verilog, and mutants of it.
//!
//! A [`property`] is a file in `properties/`: a harness around an emitted block, or assertions that are read inside one.
//! [`engine`] turns block and property into an AIGER circuit (yosys) and decides it (ABC): by property-directed
//! reachability where that closes, which holds for all time, or else by unrolling to a depth that the property argues. Each
//! property comes with mutants of the block that it must refute, and with a situation that it must be able to reach: a
//! proof that holds because its assumptions contradict each other is none. [`catalogue`] lists them all.
//!
//! [`mutate`] breaks the emitted Verilog in hundreds of ways, to see which of them co-simulation overlooks. One that it does is tried
//! for being [`equivalent`], or has a reason among the [`survivors`]'.

pub mod aig;
pub mod catalogue;
pub mod engine;
pub mod equivalent;
pub mod fates;
pub mod flips;
pub mod hidden;
pub mod kept;
pub mod mutate;
pub mod property;
pub mod question;
pub mod simulation;
pub mod survivors;

/// How a program ends, by what came of it: well, with something found, or with an error that is printed.
pub fn ended(done: hopgate_model::Result<bool>) -> std::process::ExitCode {
    match done {
        Ok(true) => std::process::ExitCode::SUCCESS,
        Ok(false) => std::process::ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}
