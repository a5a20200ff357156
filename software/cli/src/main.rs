//! hopgate: from binary patterns to a verified hardware associative memory.
//!
//! The binary parses, calls the libraries, and prints; no algorithm lives here.

mod failure;
mod former;
mod signals;
mod system;
mod ui;
mod verbs;

use clap::{CommandFactory, Parser, Subcommand};
use hopgate_model::Result;
use std::process::ExitCode;

/// Turns binary patterns into a hardware associative memory: train, quantise, emit Verilog, prove it equal
/// to the software, build the bitstream.
#[derive(Parser)]
#[command(name = "hopgate", version, about, arg_required_else_help = true)]
#[command(
    after_help = "The whole way at once, with a report:\n    hopgate demo -o demo/\n    hopgate demo mine.npy -o mine/\n\
                        Step by step:\n    hopgate train mine.npy --gamma auto -o model.npz\n    \
                        hopgate quantize model.npz --bits 1 -o memory/\n    \
                        hopgate cosim memory/ --queries mine.npy --noise 0.1 -o answers.npy\n    \
                        hopgate build memory/ --board alchitry-cu -o build/"
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// Print the result, or the error, as one JSON object on standard output, for machines
    #[arg(long, global = true)]
    json: bool,
    /// No progress bars and no hints of what comes next
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Verb {
    Train(verbs::train::Args),
    Quantize(verbs::quantize::Args),
    Memory(verbs::memory::Args),
    Recall(verbs::recall::Args),
    Verilog(verbs::verilog::Args),
    Cosim(verbs::cosim::Args),
    Estimate(verbs::estimate::Args),
    Build(verbs::build::Args),
    Reload(verbs::reload::Args),
    Flash(verbs::flash::Args),
    Board(verbs::board::Args),
    Host(verbs::host::Args),
    Show(verbs::show::Args),
    Doctor(verbs::doctor::Args),
    Demo(verbs::demo::Args),
    Report(verbs::report::Args),
    Explore(verbs::explore::Args),
    Reproduce(verbs::reproduce::Args),
    Tune(verbs::tune::Args),
    Verify(verbs::verify::Args),
    Manual(verbs::manual::Args),
}

fn run(verb: Verb, ui: &ui::Ui) -> Result<()> {
    let done = match verb {
        Verb::Train(args) => verbs::train::run(args, ui),
        Verb::Quantize(args) => verbs::quantize::run(args, ui),
        Verb::Memory(args) => verbs::memory::run(args, ui),
        Verb::Recall(args) => verbs::recall::run(args, ui),
        Verb::Verilog(args) => verbs::verilog::run(args, ui),
        Verb::Cosim(args) => verbs::cosim::run(args, ui),
        Verb::Estimate(args) => verbs::estimate::run(args, ui),
        Verb::Build(args) => verbs::build::run(args, ui),
        Verb::Reload(args) => verbs::reload::run(args, ui),
        Verb::Flash(args) => verbs::flash::run(args, ui),
        Verb::Board(args) => verbs::board::run(args, ui),
        Verb::Host(args) => verbs::host::run(args, ui),
        Verb::Show(args) => verbs::show::run(args, ui),
        Verb::Doctor(args) => verbs::doctor::run(args, ui),
        Verb::Demo(args) => verbs::demo::run(args, ui),
        Verb::Report(args) => verbs::report::run(args, ui),
        Verb::Explore(args) => verbs::explore::run(args, ui),
        Verb::Reproduce(args) => verbs::reproduce::run(args, ui),
        Verb::Tune(args) => verbs::tune::run(args, ui),
        Verb::Verify(args) => verbs::verify::run(args, ui),
        Verb::Manual(args) => verbs::manual::run(args, Cli::command(), ui),
    };
    if let Some(trouble) = hopgate_sim::cache::trouble() {
        ui.note(trouble);
    }
    done
}

fn main() -> ExitCode {
    let (words, notes) = former::renamed(std::env::args_os());
    for note in &notes {
        ui::say(note);
    }
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(said) => return ui::usage(&said, words.into_iter()),
    };
    if let Err(e) = signals::watch() {
        ui::say(&format!("warning: Ctrl-C will not clean up after itself on this system: {e}"));
    }
    let ui = ui::Ui::new(cli.json, cli.quiet);
    let result = run(cli.verb, &ui);
    signals::wait_if_one_came();
    ui.finish(result)
}
