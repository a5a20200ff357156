//! `hopgate host`: what a host asks of a board.

mod bench;
mod info;
mod learn;
mod memory;
mod recall;
mod selftest;

use crate::ui::Ui;
use hopgate_host::{
    client::{LineOptions, Session},
    transport::Serial,
};
use hopgate_model::{Error, Result};
use std::{
    hash::{BuildHasher, RandomState},
    path::PathBuf,
    time::Duration,
};

/// Talk to a board: what it is, recalls, another memory, its self-test; what it learns
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate host --port /dev/ttyUSB1 info\n    \
                        hopgate host --port /dev/ttyUSB1 load memory/\n    \
                        hopgate host --port /dev/ttyUSB1 recall --queries cues.npy -o answers.npy\n\n\
                        Without a board, `hopgate board memory/ --pty` plays one.")]
pub struct Args {
    /// The board's serial port
    #[arg(long, value_name = "PORT", global = true)]
    port: Option<PathBuf>,
    /// Its baud rate
    #[arg(long, default_value_t = 1_000_000, global = true, value_parser = clap::value_parser!(u32).range(300..=12_000_000))]
    baud: u32,
    /// How many seconds a reply may take, beyond what the line and the board's work take
    #[arg(long, value_name = "SECONDS", default_value_t = 0.5, global = true)]
    timeout: f64,
    /// How often a request is sent before it counts as lost
    #[arg(long, value_name = "N", default_value_t = 200, global = true, value_parser = clap::value_parser!(u32).range(1..))]
    tries: u32,
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Info(info::Args),
    Recall(recall::Args),
    Load(memory::LoadArgs),
    Read(memory::ReadArgs),
    Selftest(selftest::Args),
    Bench(bench::Args),
    Store(learn::StoreArgs),
    Forget(learn::ForgetArgs),
    Classify(learn::ClassifyArgs),
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let Some(port) = &args.port else {
        return Err(Error::usage("which port? --port is missing")
            .hint("--port /dev/ttyUSB1, for instance; hopgate board memory/ --pty prints the name of its own"));
    };
    if !(0.001..=3600.0).contains(&args.timeout) {
        return Err(Error::usage(format!("--timeout is {}, but must be 0.001 to 3600 seconds", args.timeout)));
    }
    // what can be said without a board is said first
    match &args.what {
        What::Recall(a) => a.check(ui)?,
        What::Read(a) => a.check(ui)?,
        What::Classify(a) => a.check(ui)?,
        What::Load(_) | What::Info(_) | What::Selftest(_) | What::Bench(_) | What::Store(_) | What::Forget(_) => {}
    }
    // the system's random bits: no other program has the same, so replies to it are not taken for ours
    let seed = RandomState::new().hash_one(std::process::id());
    let options = LineOptions {
        timeout: Duration::from_secs_f64(args.timeout),
        tries: args.tries,
        seed,
        ..LineOptions::default()
    };
    let connect = || -> Result<Session<Serial>> {
        Session::connect(Serial::open(port, args.baud)?, options).map_err(|e| e.at(port.display()))
    };
    match args.what {
        What::Info(a) => info::run(a, &connect, ui),
        What::Recall(a) => recall::run(a, &connect, ui),
        What::Load(a) => memory::load(a, &connect, ui),
        What::Read(a) => memory::read(a, &connect, ui),
        What::Selftest(a) => selftest::run(a, &connect, ui),
        What::Bench(a) => bench::run(a, &connect, ui),
        What::Store(a) => learn::store(a, &connect, ui),
        What::Forget(a) => learn::forget(a, &connect, ui),
        What::Classify(a) => learn::classify(a, &connect, ui),
    }
}

/// Opens the port and finds the board.
type Connect<'a> = &'a dyn Fn() -> Result<Session<Serial>>;

/// What went over the line, for people who wonder why it took so long.
fn note_line(board: &Session<Serial>, ui: &Ui) {
    let stats = board.stats();
    if stats.again > 0 {
        let (again, sent) = (stats.again, stats.sent);
        ui.note(format!("{again} of {sent} requests were sent again: the line loses or changes bytes"));
    }
}
