//! `hopgate show`: recalls to look at, in a terminal.

mod canvas;
mod scene;
mod svg;
pub mod terminal;

use super::output::{self, Outputs};
use crate::ui::Ui;
use hopgate_files::{atomic, folder, kinds, trace::Trace};
use hopgate_host::{
    client::{LineOptions, Session},
    transport::Serial,
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, memory::Memory, reference};
use hopgate_web::serve::Playground;
use hopgate_wire::page;
use scene::{Answer, Ask, Layout, Recalled, draw};
use serde_json::json;
use std::{
    io::IsTerminal,
    path::PathBuf,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use terminal::{Key, Screen};

const KEYS: &str = "n more noise  N less  space next pattern  r other noise  q quit";
/// How long a step is looked at.
const STEP: Duration = Duration::from_millis(600);

/// Watch a board recall: the cue and the answer as pictures, step by step
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate show memory/ --port /dev/ttyUSB1\n    \
                        hopgate board memory/ --pty --link /tmp/board &\n    hopgate show memory/ --port /tmp/board\n    hopgate show memory/ --web\n\n\
                        The answer is the board's; the steps between are computed by the software. Keys: n and N more and less noise,\n\
                        space the next pattern, r other noise, q quit. Without a terminal, one recall is printed as text.")]
pub struct Args {
    /// The memory folder that the board holds: for names, shapes and steps
    memory: PathBuf,
    /// Serve a page to a browser of this machine, until Ctrl-C: draw cues, step through the scan and the vote, teach, ask a board
    #[arg(long, conflicts_with_all = ["port", "baud", "pattern", "noise", "seed", "width", "record", "count"])]
    web: bool,
    /// The board's serial port; without one, the software answers
    #[arg(long, value_name = "PORT")]
    port: Option<PathBuf>,
    /// Its baud rate
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(300..=12_000_000))]
    baud: u32,
    /// The first pattern
    #[arg(long, value_name = "MU", default_value_t = 0)]
    pattern: usize,
    /// The probability with which every bit of the cue is flipped, in steps of 0.01
    #[arg(long, value_name = "P", default_value = "0.1", value_parser = percent, allow_negative_numbers = true)]
    noise: u32,
    /// Seed of the flips
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Pixels of a row of the pictures [default: as the patterns were, or nearly square]
    #[arg(long, value_name = "W", value_parser = clap::value_parser!(u32).range(1..=1024))]
    width: Option<u32>,
    /// Do not look for keys: write some recalls as an animated picture (.svg)
    #[arg(long, value_name = "FILE", value_parser = output::file())]
    record: Option<PathBuf>,
    /// --record: how many recalls, of patterns that lie evenly in the memory
    #[arg(long, value_name = "Q", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=64))]
    count: u32,
}

/// A flip probability in percent. A number above one is in percent already, as it was in former releases.
fn percent(text: &str) -> std::result::Result<u32, String> {
    let range = "must be 0 to 0.5, in steps of 0.01".to_owned();
    let value: f64 = text.parse().map_err(|_| range.clone())?;
    let percent = if value > 1.0 {
        crate::ui::say(&format!("note: --noise is a probability now: {text} % is {}", value / 100.0));
        value
    } else {
        (value * 100.0 * 1e6).round() / 1e6
    };
    if !(0.0..=50.0).contains(&percent) || percent.fract() != 0.0 { Err(range) } else { Ok(percent as u32) }
}

/// Who answers.
struct Source<'a> {
    memory: &'a Memory,
    board: Option<Session<Serial>>,
    name: String,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    if args.web {
        return web(&args, ui);
    }
    let memory = folder::load(&args.memory)?;
    Outputs::new(ui).reads(args.memory.as_path()).file_of(args.record.as_deref(), kinds::RECORDING).check()?;
    scene::check_pattern(&memory, args.pattern)?;
    let mut source = Source::find(&args, &memory)?;
    let width = match args.width {
        Some(width) => width as usize,
        None => folder::manifest(&args.memory)?.picture_or_square().1,
    };
    let ask = Ask { pattern: args.pattern, percent: args.noise, seed: args.seed };
    if let Some(path) = &args.record {
        let frames = record(&mut source, ask, width, args.count as usize)?;
        atomic::write(path, svg::animation(&frames).as_bytes())?;
        let outputs = json!({ "recording": ui.path(path) });
        let json = json!({ "outputs": outputs, "frames": frames.len(), "answered_by": source.name });
        return ui.result("show.record/1", &json, || format!("{} frames in {}", frames.len(), path.display()));
    }
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && !ui.json() {
        return watch(&mut source, ask, width);
    }
    let recalled = source.recall(ask)?;
    let states: Vec<usize> = (0..recalled.states.len()).collect();
    let shown = recalled.shown(recalled.states.len() - 1);
    let layout = Layout { half: false, ..Layout::fit(width, memory.neurons(), 0, 0) };
    let json = json!({
        "pattern": ask.pattern, "name": recalled.name, "answered_by": source.name,
        "wrong_bits": states.iter().map(|&s| recalled.wrong(s)).collect::<Vec<_>>(), "steps": recalled.answer.steps,
        "converged": recalled.answer.converged, "nearest": recalled.answer.nearest, "distance": recalled.answer.distance,
        "equal": recalled.answer == recalled.software,
    });
    ui.result("show/1", &json, || draw(&recalled, layout, &shown, &source.name, "# one  . zero  + and - wrong").plain())
}

/// Serves the playground.
fn web(args: &Args, ui: &Ui) -> Result<()> {
    let playground = Playground::open(&args.memory)?;
    ui.note("for browsers of this machine, until Ctrl-C; whoever has the address has the memory:");
    let url = playground.url();
    ui.announce("show.web/1", &json!({ "url": url }), || url.clone())?;
    playground.serve();
    Ok(())
}

impl Source<'_> {
    /// Opens the port, and demands that the board there holds this memory.
    fn find<'a>(args: &Args, memory: &'a Memory) -> Result<Source<'a>> {
        let Some(port) = &args.port else {
            return Ok(Source { memory, board: None, name: "the software (no --port)".into() });
        };
        let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |t| t.as_nanos() as u64);
        let options = LineOptions { seed, ..LineOptions::default() };
        let board = Session::connect(Serial::open(port, args.baud)?, options).map_err(|e| e.at(port.display()))?;
        let (held, given) = (page::hex(&board.held().sha256), folder::hash(memory));
        if held != given {
            let what = format!("the board holds another memory than {}: sha256 {held}", args.memory.display());
            let line = format!("hopgate host --port {} load {}", port.display(), args.memory.display());
            return Err(Error::new(ErrorKind::Value, what).hint(format!("{line} puts it there")));
        }
        Ok(Source { memory, board: Some(board), name: format!("the board at {}", port.display()) })
    }

    fn recall(&mut self, ask: Ask) -> Result<Recalled> {
        let memory = self.memory;
        let nearest = self.board.as_ref().is_some_and(|board| board.identity().nearest);
        let mut answer = |cue: &BitMatrix| match &mut self.board {
            None => {
                let a = reference::recall(memory, cue.row(0));
                Ok(Answer::of(memory, &Trace::without_fields(&[a], memory.outputs())))
            }
            Some(board) => {
                let trace = board.recall(cue, &mut |_| ())?;
                Ok(if nearest { Answer::of_key(&trace) } else { Answer::of(memory, &trace) })
            }
        };
        Recalled::of(memory, ask, nearest, &mut answer)
    }
}

/// The frames of the recording: each recall step by step, its answer for longer.
fn record(source: &mut Source, first: Ask, width: usize, count: usize) -> Result<Vec<(canvas::Canvas, u32)>> {
    let patterns = source.memory.patterns().rows();
    let layout = Layout::fit(width, source.memory.neurons(), 100, 40);
    let name = if source.board.is_some() { "the board".to_owned() } else { source.name.clone() };
    let mut frames = Vec::new();
    for i in 0..count {
        let ask = Ask {
            pattern: (first.pattern + i * patterns / count) % patterns,
            seed: first.seed.wrapping_add(i as u64),
            ..first
        };
        let recalled = source.recall(ask)?;
        for state in 0..recalled.states.len() {
            let last = state + 1 == recalled.states.len();
            let shown = recalled.shown(state);
            frames.push((draw(&recalled, layout, &shown, &name, KEYS), if last { 1600 } else { 700 }));
        }
    }
    Ok(frames)
}

/// The terminal: draws, and listens to keys, until there are enough.
fn watch(source: &mut Source, mut ask: Ask, width: usize) -> Result<()> {
    let patterns = source.memory.patterns().rows();
    let mut recalled = source.recall(ask)?;
    let mut screen = Screen::take()?;
    let (mut state, mut since) = (0, Instant::now());
    loop {
        let (columns, rows) = screen.size();
        let layout = Layout::fit(width, source.memory.neurons(), columns, rows);
        let shown = recalled.shown(state);
        let canvas = draw(&recalled, layout, &shown, &source.name, KEYS);
        let (needs_columns, needs_rows) = layout.size(scene::PICTURES);
        if needs_columns.max(1) > columns || needs_rows > rows {
            let mut small = canvas::Canvas::new(columns.max(1), rows.max(1));
            small.text(0, 0, &format!("{needs_columns} x {needs_rows} characters are needed; q quits"), canvas::TEXT);
            screen.draw(&small)?;
        } else {
            screen.draw(&canvas)?;
        }
        let key = screen.key(STEP.saturating_sub(since.elapsed()).max(Duration::from_millis(20)))?;
        match key {
            Some(Key::Quit) => return Ok(()),
            Some(Key::Noise(by)) => ask.percent = ask.percent.saturating_add_signed(by).min(50),
            Some(Key::Pattern(by)) => {
                ask.pattern = (ask.pattern + patterns).saturating_add_signed(by as isize) % patterns
            }
            Some(Key::Again) => ask.seed = ask.seed.wrapping_add(1),
            Some(Key::Resized) | None => {
                if since.elapsed() >= STEP && state + 1 < recalled.states.len() {
                    (state, since) = (state + 1, Instant::now());
                }
                continue;
            }
        }
        recalled = source.recall(ask)?;
        (state, since) = (0, Instant::now());
    }
}
