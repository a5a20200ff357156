//! `hopgate host selftest`: the board recalls its own patterns, and counts; the software predicts every count.

use super::Connect;
use crate::ui::{Ui, table};
use hopgate_files::folder;
use hopgate_host::device::Device;
use hopgate_model::{Error, ErrorKind, Result, kind::Kind};
use hopgate_wire::{
    layout::Layout,
    page::{Counters, hex},
    request::SelfTest,
};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Let the board recall its own patterns with noise, and compare what it counts with the software
#[derive(clap::Args)]
#[command(
    after_help = "Without a memory, what the board holds is read back and the software computes from that. With one, the board must hold it."
)]
pub struct Args {
    /// The memory folder that the board should hold
    memory: Option<PathBuf>,
    /// How many recalls
    #[arg(long, value_name = "Q", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..))]
    count: u16,
    /// The first pattern; the others follow in turn
    #[arg(long, value_name = "MU", default_value_t = 0)]
    first: u16,
    /// Flip every neuron with this probability, in steps of 1/256
    #[arg(long, value_name = "P", default_value_t = 0.1, allow_negative_numbers = true)]
    noise: f64,
    /// Seed of the flips
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// Runs it.
pub fn run(args: Args, connect: Connect, ui: &Ui) -> Result<()> {
    if !(0.0..=255.0 / 256.0).contains(&args.noise) {
        return Err(Error::usage(format!("--noise is {}, but must be 0 to 0.996", args.noise)));
    }
    let memory = args.memory.as_ref().map(|path| folder::load(path)).transpose()?;
    let mut board = connect()?;
    let flips = (256.0 * args.noise).round().min(255.0) as u16;
    let test = SelfTest { recalls: args.count, first: args.first, flips, seed: args.seed };
    let software = match &memory {
        Some(memory) => {
            let (has, should) = (hex(&board.held().sha256), folder::hash(memory));
            if has != should {
                let what = format!("the board holds another memory: sha256 {has}, but the folder's is {should}");
                return Err(Error::new(ErrorKind::Failed, what).hint("load it: hopgate host --port PORT load memory/"));
            }
            let mut device = Device::empty(board.identity().clone());
            device.put(&Layout::of(memory, folder::digest(memory), board.identity())?);
            device
        }
        None => {
            let bar = ui.bar("reading the memory", 0);
            let device = board.image(&mut |done| bar.set_position(done as u64))?;
            bar.finish_and_clear();
            device
        }
    };
    let bar = ui.bar("testing", 1);
    let counted = board.self_test(test)?;
    bar.finish_and_clear();
    let predicted = software.predict(test);
    let equal = counted == predicted;
    let kind = board.identity().kind;
    let rows = [rows(&counted, kind), rows(&predicted, kind)];
    let pairs: Vec<(String, u64, u64)> =
        rows[0].iter().zip(&rows[1]).map(|((name, a), (_, b))| (name.clone(), *a, *b)).collect();
    let json = json!({ "equal": equal, "board": counters(&counted), "software": counters(&predicted) });
    ui.result("host.selftest/1", &json, || {
        let mut lines = vec![vec![String::new(), "board".into(), "software".into(), String::new()]];
        for (name, board, software) in pairs.iter().filter(|p| p.1 > 0 || p.2 > 0 || !p.0.contains("steps")) {
            let verdict = if board == software { "equal" } else { "DIFFERENT" };
            lines.push(vec![name.clone(), board.to_string(), software.to_string(), verdict.into()]);
        }
        table(&lines)
    })?;
    super::note_line(&board, ui);
    if equal {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Failed, "the board counts otherwise than the software")
        .hint("a board that misses its clock, or a damaged one, does that: see the report of its build"))
}

/// The counters for machines; `steps` has how many recalls took so many, the last one those that took more as well.
fn counters(c: &Counters) -> Value {
    json!({
        "recalls": c.recalls,
        "exact": c.exact,
        "wrong_bits": c.wrong_neurons,
        "not_converged": c.not_converged,
        "nearest_is_the_pattern": c.nearest,
        "cycles": c.cycles,
        "steps": c.steps,
    })
}

/// The counters by name: only where a pattern is its own answer can the board compare the two.
fn rows(c: &Counters, kind: Kind) -> Vec<(String, u64)> {
    let [exact, wrong] = match kind {
        Kind::Auto => ["exact", "wrong neurons"],
        Kind::Map | Kind::Class | Kind::Sequence => ["answers without a one", "ones of the answers"],
    };
    let mut rows = vec![
        ("recalls".to_owned(), c.recalls.into()),
        (exact.to_owned(), c.exact.into()),
        (wrong.to_owned(), c.wrong_neurons.into()),
        ("not converged".to_owned(), c.not_converged.into()),
        ("nearest is the pattern".to_owned(), c.nearest.into()),
        ("cycles".to_owned(), c.cycles),
    ];
    let steps = c.steps.iter().enumerate().skip(1);
    rows.extend(
        steps.map(|(s, &count)| (if s == 31 { "31 steps or more".into() } else { format!("{s} steps") }, count.into())),
    );
    rows
}
