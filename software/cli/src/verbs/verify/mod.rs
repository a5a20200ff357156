//! `hopgate verify`: the ladder from a model to the packed bitstream, and a certificate of it.

use super::{DEFAULT_BOARD, hardware::HardwareArgs, output::Outputs, queries::Queries};
use crate::ui::{Ui, table};
use hopgate::{
    Board, BuildOptions,
    verify::{AtPort, Certificate, FILE, Ladder, LadderCues, MASK, PAGE, first_difference, in_words},
};
use hopgate_eda::{finished::Finished, flow, tools};
use hopgate_files::{folder, model_file::Model, trace};
use hopgate_host::{
    client::{LineOptions, Session},
    transport::Serial,
};
use hopgate_model::{Error, ErrorKind, Result};
use hopgate_sim::chip::Origin;
use serde_json::{Value, json};
use std::{
    ffi::OsString,
    hash::{BuildHasher, RandomState},
    path::{Path, PathBuf},
};

/// Run the whole ladder, from the model to the packed bitstream, on the same cues, and write a certificate
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate verify memory/ --board alchitry-cu --model model.npz -o cert/\n    \
                        hopgate verify memory/ --build build/ -o cert/\n    \
                        hopgate verify learnt/ --port /dev/ttyUSB1 -o cert/\n    \
                        hopgate verify --check cert/certificate.json\n\n\
                        The first makes a build of its own, in cert/build. The last hashes every file again; it simulates nothing.")]
pub struct Args {
    /// A memory folder, as `quantize` writes it
    #[arg(required_unless_present = "check")]
    memory: Option<PathBuf>,
    /// Check a certificate instead: every file it names is hashed again
    #[arg(long, value_name = "FILE", conflicts_with_all = ["memory", "build", "board", "output", "model", "queries", "mask"])]
    check: Option<PathBuf>,
    /// Compare a board at this port instead: its answers, and what it holds where that can be read
    #[arg(long, value_name = "PORT", conflicts_with_all = ["check", "build", "board", "model", "pin_cues", "runs"])]
    port: Option<PathBuf>,
    /// With --port: its baud rate [default: 1000000]
    #[arg(long, value_name = "BAUD", requires = "port", value_parser = clap::value_parser!(u32).range(300..=12_000_000))]
    baud: Option<u32>,
    /// A finished build of this memory; without it, one is made
    #[arg(long, value_name = "FOLDER")]
    build: Option<PathBuf>,
    /// A board's name, or a board file (.toml) [default: that of the build, or alchitry-cu]
    #[arg(long)]
    board: Option<OsString>,
    /// The model that the memory was quantised from: adds the rungs of real weights
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Cues, (Q, N) of 0 and 1; without it, stored patterns with noise
    #[arg(long, value_name = "FILE")]
    queries: Option<OsString>,
    /// How many cues to draw [default: 1000]
    #[arg(long, value_name = "Q", value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    count: Option<u32>,
    /// How many of them also go through the pins of the board, the netlist and the bitstream
    #[arg(long, value_name = "Q", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    pin_cues: u32,
    /// Flip every bit of every cue with this probability [default: 0.1; with --queries: 0]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    noise: Option<f64>,
    /// Seed of the flips
    #[arg(long, default_value_t = 1, allow_negative_numbers = true)]
    seed: u64,
    /// Which bits of the cues are known: (Q, N) of 0 and 1, or one row for all; 1 is known. For a build with --masks
    #[arg(long, value_name = "FILE")]
    mask: Option<OsString>,
    /// Make every bit of every cue unknown with this probability, for a build with --masks
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_negative_numbers = true)]
    erase: f64,
    /// Without --build: how often to place and route, each time with another seed
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64), allow_negative_numbers = true)]
    runs: u32,
    #[command(flatten)]
    hardware: HardwareArgs,
    /// Where certificate.json, certificate.md, cues.npy and, where bits are unknown, mask.npy go
    #[arg(short, long, value_name = "FOLDER", required_unless_present = "check")]
    output: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    match (&args.check, &args.memory, &args.output) {
        (Some(file), _, _) => check(file, ui),
        (None, Some(memory), Some(out)) => verify(&args, memory, out, ui),
        _ => Err(Error::usage("verify needs a memory and an output folder, or --check")),
    }
}

fn verify(args: &Args, path: &Path, out: &Path, ui: &Ui) -> Result<()> {
    let stored = folder::open(path)?;
    stored.prove()?;
    let memory = stored.memory;
    check_outputs(args, path, out, ui)?;
    if args.queries.is_some() && args.count.is_some() {
        return Err(Error::usage("--count goes without --queries")
            .hint("--count draws cues from the stored patterns; a file has as many as it has"));
    }
    let model = args.model.as_deref().map(|file| Ok::<_, Error>((Model::load(file)?, file))).transpose()?;
    if model.as_ref().is_some_and(|(m, _)| m.patterns != *memory.patterns()) {
        return Err(Error::usage("the model's patterns are not those of the memory")
            .hint("give the model that the memory was quantised from"));
    }
    let noise = args.noise.unwrap_or(if args.queries.is_some() { 0.0 } else { 0.1 });
    let count = args.queries.is_none().then(|| args.count.unwrap_or(1000));
    let mut at_port = args.port.as_deref().map(|port| connect(port, args.baud)).transpose()?;
    if at_port.is_some() {
        args.hardware.none_for_a_build()?;
    }
    let masks = match &args.build {
        _ if at_port.is_some() => at_port.as_ref().is_some_and(|board| board.identity().masks),
        Some(folder) => Origin::of(&Finished::open(folder)?)?.options.masks,
        None => args.hardware.masks(),
    };
    let (queries, mask) = (args.queries.clone(), args.mask.clone());
    let drawn = Queries { queries, noise, seed: args.seed, mask, erase: args.erase, count, ..Queries::default() };
    let drawn = drawn.load(memory.patterns(), memory.kind(), masks, ui)?;
    let source = match &args.queries {
        None => format!("stored patterns in turn, every bit flipped with probability {noise}, seed {}", args.seed),
        Some(_) if noise == 0.0 => "the file cues.npy".to_owned(),
        Some(_) => format!("a file, every bit flipped with probability {noise}, seed {}", args.seed),
    };
    let unknown = [
        args.mask.as_ref().map(|_| ", their known bits by a mask".to_owned()),
        (args.erase > 0.0).then(|| format!(", every bit unknown with probability {}", args.erase)),
    ];
    let source = source + &unknown.into_iter().flatten().collect::<String>();
    let known = drawn.known.as_ref();
    let cues = LadderCues {
        bits: &drawn.bits,
        known,
        origin: drawn.origin.as_deref(),
        source,
        at_pins: args.pin_cues as usize,
    };
    if let (Some(board), Some(port)) = (&mut at_port, &args.port) {
        let at = AtPort { memory: &memory, memory_path: path, cues };
        return verify_port(at, board, port, out, ui);
    }
    for tool in ["verilator", "make", "g++"] {
        tools::require(tool)?;
    }
    let (build, board) = match &args.build {
        Some(folder) => {
            args.hardware.none_for_a_build()?;
            let build = Finished::open(folder)?;
            let name = args.board.clone().unwrap_or(build.record.board.clone().into());
            let board = Board::find(&name)
                .map_err(|e| e.hint("the build is for a board of your own: give its file with --board"))?;
            (build, board)
        }
        None => {
            let board = Board::find(args.board.as_deref().unwrap_or(DEFAULT_BOARD.as_ref()))?;
            flow::check_tools(&board)?;
            let hardware = args.hardware.on(&memory, &board)?;
            let folder = out.join("build");
            let options = BuildOptions::new().runs(args.runs);
            let bar = ui.follow("building the bitstream");
            let built = hopgate::build(&memory, &hardware, &board, &options, &folder, &bar)?;
            drop(bar);
            built.warnings.iter().for_each(|w| ui.warn(w));
            let report = &built.report;
            ui.note(format!("built      {:.1} MHz by {} in {}", report.fmax_mhz, report.judge, folder.display()));
            (Finished::open(&folder)?, board)
        }
    };
    if build.record.board != board.name {
        let what = format!("the build is for the board {}, not for {}", build.record.board, board.name);
        return Err(Error::usage(what).hint("leave --board out, or give the build for that board"));
    }
    std::fs::create_dir_all(out).map_err(|e| Error::io("make the folder", out, e))?;
    trace::save_answers(cues.bits, &out.join("cues.npy"))?;
    known.map(|known| trace::save_answers(known, &out.join(MASK))).transpose()?;
    let ladder = Ladder {
        memory: &memory,
        memory_path: path,
        model: model.as_ref().map(|(model, path)| (model, *path)),
        cues,
        build: &build,
        board: &board,
        rtl: None,
    };
    let certificate = ladder.climb(out, &out.join("cues.npy"), &ui.tell())?;
    let place = out.join(FILE);
    let json = json!({
        "outputs": {
            "certificate": ui.path(&place),
            "page": ui.path(&out.join(PAGE)),
            "cues": ui.path(&out.join("cues.npy")),
            "mask": known.map(|_| ui.path(&out.join(MASK))),
            "build": args.build.is_none().then(|| ui.path(&build.folder)),
        },
        "certificate": certificate,
    });
    show(&certificate, &json, &place, ui)
}

/// Prints what came of it; a difference is an error.
fn show(certificate: &Certificate, json: &Value, place: &Path, ui: &Ui) -> Result<()> {
    ui.result("verify/1", json, || {
        let mut rows: Vec<_> = certificate.rungs.iter().map(|r| vec![r.name.clone(), in_words(r)]).collect();
        rows.push(vec!["certificate".into(), place.display().to_string()]);
        table(&rows)
    })?;
    first_difference(certificate)
}

/// Finds the board at a port.
fn connect(port: &Path, baud: Option<u32>) -> Result<Session<Serial>> {
    let options = LineOptions { seed: RandomState::new().hash_one(std::process::id()), ..LineOptions::default() };
    let found = Serial::open(port, baud.unwrap_or(1_000_000)).and_then(|line| Session::connect(line, options));
    found.map_err(|e| e.at(port.display()))
}

/// Compares a board at a port.
fn verify_port(at: AtPort, board: &mut Session<Serial>, port: &Path, out: &Path, ui: &Ui) -> Result<()> {
    at.must_be_alike(board)?;
    std::fs::create_dir_all(out).map_err(|e| Error::io("make the folder", out, e))?;
    let (cues, place) = (out.join("cues.npy"), out.join(FILE));
    trace::save_answers(at.cues.bits, &cues)?;
    let known = at.cues.known.map(|known| trace::save_answers(known, &out.join(MASK))).transpose()?;
    let certificate = at.verify(board, port, out, &cues, &ui.tell())?;
    let json = json!({
        "outputs": {
            "certificate": ui.path(&place),
            "page": ui.path(&out.join(PAGE)),
            "cues": ui.path(&cues),
            "mask": known.map(|()| ui.path(&out.join(MASK))),
            "build": null,
        },
        "certificate": certificate,
    });
    show(&certificate, &json, &place, ui)
}

/// Whether all of it can be written.
fn check_outputs(args: &Args, memory: &Path, out: &Path, ui: &Ui) -> Result<()> {
    let [certificate, page, cues, mask, build] = [FILE, PAGE, "cues.npy", MASK, "build"].map(|name| out.join(name));
    Outputs::new(ui)
        .reads(memory)
        .reads(args.model.as_deref())
        .reads(args.queries.as_deref().map(Path::new))
        .reads(args.build.as_deref())
        .file(certificate.as_path())
        .file(page.as_path())
        .reads(args.mask.as_deref().map(Path::new))
        .file(cues.as_path())
        .file(mask.as_path())
        .folder(args.build.is_none().then_some(build.as_path()), flow::is_build)
        .check()
}

/// Hashes again what a certificate names.
fn check(file: &Path, ui: &Ui) -> Result<()> {
    let certificate = Certificate::load(file)?;
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wrong = certificate.check(folder);
    let json =
        json!({ "files": certificate.chain.len(), "wrong": wrong, "first_difference": certificate.first_difference });
    ui.result("verify.check/1", &json, || {
        let verdict = match certificate.broken_rung() {
            None if certificate.rungs.is_empty() => "nothing was compared".to_owned(),
            None => "every rung was as demanded".to_owned(),
            Some(rung) => format!("THE LADDER BROKE at the rung {}", rung.name),
        };
        let same = if wrong.is_empty() { "all as certified".to_owned() } else { wrong.join("; ") };
        table(&[
            vec!["files".into(), format!("{} hashed again: {same}", certificate.chain.len())],
            vec!["when certified".into(), verdict],
            vec!["bitstream".into(), format!("sha256 {}", certificate.bitstream)],
        ])
    })?;
    if !wrong.is_empty() {
        return Err(Error::new(ErrorKind::Failed, format!("the certificate does not hold: {}", wrong.join("; ")))
            .hint("hopgate verify makes a new one"));
    }
    first_difference(&certificate)
}
