//! hopgate: from binary patterns to a verified hardware associative memory.
//!
//! The binary parses, calls the libraries, and prints; no algorithm lives here.

mod ui;
mod verbs;

use clap::{Parser, Subcommand};
use hopgate_model::{atomic, Error, ErrorKind, Result};
use std::process::ExitCode;

/// Turns binary patterns into a hardware associative memory: train, quantise, emit Verilog, prove it equal
/// to the software, build the bitstream.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
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
    /// Print the result as JSON on standard output, for machines
    #[arg(long, global = true)]
    json: bool,
    /// No progress bars and no hints of what comes next
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Verb {
    Recall(verbs::recall::Args),
    Cosim(verbs::cosim::Args),
    Build(verbs::build::Args),
    Demo(verbs::demo::Args),
}

fn run(cli: Cli) -> Result<()> {
    let ui = ui::Ui::new(cli.json, cli.quiet);
    match cli.verb {
        Verb::Recall(args) => verbs::recall::run(args, &ui),
        Verb::Cosim(args) => verbs::cosim::run(args, &ui),
        Verb::Build(args) => verbs::build::run(args, &ui),
        Verb::Demo(args) => verbs::demo::run(args, &ui),
    }
}

/// On Ctrl-C: end the tools that run, remove what is half written, and go.
fn on_interrupt() {
    hopgate_eda::exec::kill_all();
    atomic::cleanup();
    eprintln!("\ninterrupted: nothing half-written was left behind");
    std::process::exit(130);
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if ctrlc::set_handler(on_interrupt).is_err() {
        eprintln!("warning: Ctrl-C will not clean up after itself on this system");
    }
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = exit_code(&error);
            ui::print_error(error);
            ExitCode::from(code)
        }
    }
}

/// 2 for wrong usage, 130 after Ctrl-C, 1 for everything else.
fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::Usage => 2,
        ErrorKind::Interrupted => 130,
        _ => 1,
    }
}
