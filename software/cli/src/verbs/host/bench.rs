//! `hopgate host bench`: how fast a board recalls, over its line and inside.

use super::Connect;
use crate::ui::{Ui, table};
use hopgate_files::room;
use hopgate_model::{
    Error, Result,
    noise::{self, Purpose, Seed},
};
use hopgate_wire::{frame, page::FOUND_WORDS, request::SelfTest};
use serde_json::json;
use std::time::Instant;

/// Measure recalls a second: over the line beside the line's limit, and on the chip by its self-test
#[derive(clap::Args)]
pub struct Args {
    /// How many recalls over the line
    #[arg(long, value_name = "Q", default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Flip every neuron of a cue with this probability
    #[arg(long, value_name = "P", default_value_t = 0.1, allow_negative_numbers = true)]
    noise: f64,
    /// Seed of the flips
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Ask for the nearest pattern and its distance alone: four bytes a recall
    #[arg(long)]
    find: bool,
}

/// Recalls of the self-test.
const ON_CHIP: u16 = 10_000;

/// Runs it.
pub fn run(args: Args, connect: Connect, ui: &Ui) -> Result<()> {
    if !(0.0..=255.0 / 256.0).contains(&args.noise) {
        return Err(Error::usage(format!("--noise is {}, but must be 0 to 0.996", args.noise)));
    }
    let mut board = connect()?;
    let bar = ui.bar("reading patterns", board.held().patterns as u64);
    let patterns = board.patterns(&mut |done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    let (count, bits) = (args.count, patterns.cols());
    room::check(u64::from(count) * (bits as u64 / 2 + 64), || format!("holding {count} cues of {bits} bits"))?;
    let seed = Seed::from(u64::from(args.seed)).of(Purpose::Speed, 0);
    let cues = noise::cues(&patterns, args.count as usize, args.noise, seed);
    let bar = ui.bar("recalling", cues.rows() as u64);
    let (before, begun) = (board.stats(), Instant::now());
    let mut progress = |done| bar.set_position(done as u64);
    if args.find {
        board.find(&cues, None, &mut progress)?;
    } else {
        board.recall(&cues, &mut progress)?;
    }
    let seconds = begun.elapsed().as_secs_f64().max(1e-9);
    bar.finish_and_clear();
    let stats = board.stats();
    let rate = f64::from(args.count) / seconds;
    let is = board.identity().clone();
    // the busier direction, with one cue a request and with as many as the window takes
    let steps = board.held().max_steps;
    let said = if args.find { is.answers(steps) * FOUND_WORDS } else { is.reply_words(steps) };
    let words = is.words_of_key().max(said);
    let answer = |cues: usize| frame::length(cues * words + 1) as f64 / cues as f64;
    let fits = ((is.window / 2).saturating_sub(4) / is.words_of_key()).max(1);
    let most = if args.find { fits } else { fits.min(32) };
    let limit = |cues: usize| f64::from(is.baud) / 10.0 / answer(cues);
    let chip = if is.self_test {
        let flips = (256.0 * args.noise).round().min(255.0) as u16;
        let counted = board.self_test(SelfTest { recalls: ON_CHIP, first: 0, flips, seed: args.seed })?;
        let cycles = counted.cycles as f64 / f64::from(counted.recalls.max(1));
        Some((cycles, f64::from(is.clock) / cycles.max(1.0)))
    } else {
        None
    };
    let json = json!({
        "recalls": args.count,
        "seconds": seconds,
        "recalls_per_second": rate,
        "line_limit": (is.baud > 0).then(
            || json!({ "one_cue_a_request": limit(1), "cues_a_request": most, "that_many": limit(most) })
        ),
        "requests": stats.sent - before.sent,
        "sent_again": stats.again - before.again,
        "on_chip": chip.map(|(cycles, rate)| json!({ "cycles_per_recall": cycles, "recalls_per_second": rate })),
    });
    ui.result("host.bench/1", &json, || {
        let mut rows =
            vec![vec!["over the line".into(), format!("{rate:.0} recalls/s ({} in {seconds:.2} s)", args.count)]];
        // over SPI the controller has the rate, and the board knows none
        if is.baud > 0 {
            let many = format!("{:.0} recalls/s at {} baud, {most} cues a request", limit(most), is.baud);
            rows.push(vec!["the line's limit".into(), many]);
            rows.push(vec![String::new(), format!("{:.0} recalls/s with one cue a request", limit(1))]);
        }
        if let Some((cycles, rate)) = chip {
            let mhz = f64::from(is.clock) / 1e6;
            rows.push(vec![
                "on the chip".into(),
                format!("{rate:.0} recalls/s: {cycles:.1} cycles of steps each, at {mhz} MHz"),
            ]);
        }
        table(&rows)
    })?;
    super::note_line(&board, ui);
    Ok(())
}
