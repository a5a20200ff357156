//! Signals that end the program: first its tools end and its temporaries go, then the program dies of the signal itself.

use crate::{system, ui, verbs};
use hopgate_files::atomic;
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
    iterator::Signals,
    low_level,
};
use std::sync::atomic::{AtomicBool, Ordering};

/// What ends the program, unless it was told to ignore it.
const ENDING: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// Whether such a signal came.
static CAME: AtomicBool = AtomicBool::new(false);

/// Listens to them from now on. Those that were ignored when the program was started stay ignored.
pub fn watch() -> std::io::Result<()> {
    let ignored = system::ignored_signals();
    let heard = ENDING.into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let mut signals = Signals::new(heard)?;
    let listen = move || {
        if let Some(signal) = signals.forever().next() {
            end(signal);
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(listen).map(drop)
}

/// Waits for the end, if a signal came: what fails meanwhile fails because of it, and is no news.
pub fn wait_if_one_came() {
    while CAME.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

fn end(signal: i32) {
    CAME.store(true, Ordering::SeqCst);
    verbs::show::terminal::restore();
    hopgate_eda::exec::kill_all();
    atomic::cleanup();
    verbs::board::cleanup();
    let name = low_level::signal_name(signal).unwrap_or("a signal");
    ui::say(&format!("\ninterrupted by {name}: nothing half-written was left behind"));
    // so that who waits for the program sees what ended it, as with any other
    let _ = low_level::emulate_default_handler(signal);
    std::process::exit(128 + signal);
}
