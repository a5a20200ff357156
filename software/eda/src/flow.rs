//! From a folder of Verilog to a bitstream: synthesis, place and route of many seeds, timing, packing.
//!
//! Everything happens in a temporary folder that takes its final name only when all went well. A build
//! that fails leaves its logs and reports in `<out>.failed` instead; an interrupted one leaves nothing.

use crate::{
    asc::Place,
    critical,
    exec::Until,
    memories::{self, Declared},
    pack, planned,
    report::{BuildReport, FORMAT, Usage},
    seeds::{self, Candidate},
    synth,
    toolset::Tools,
    workplace::{Workplace, move_contents},
};
pub use crate::{request::BuildRequest, toolset::check_tools};
use hopgate_files::atomic;
use hopgate_model::{
    Error, ErrorKind, Result,
    progress::{Progress, Watch},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// The files that go in, by name.
pub(crate) struct Inputs {
    verilog: Vec<String>,
    hashes: BTreeMap<String, String>,
}

/// Builds a bitstream.
///
/// The folder that it makes holds the bitstream (`<top>.bin` or `.bit`), the routed design (`<top>.asc` or `.config`),
/// `timing.txt`, `report.json` (see [`BuildReport`]), for an iCE40 `memories.json` (see [`memories`]), `netlist.json`, `board.pcf` or `.lpf`, the inputs in `rtl/`, the reports of every seed in
/// `seeds/`, and all logs in `logs/`.
///
/// # Errors
/// [`ErrorKind::Usage`] for a wrong request, [`ErrorKind::Tool`] for a tool that is missing or fails,
/// [`ErrorKind::Fit`] for a design that is too large (which resource, by how much),
/// [`ErrorKind::Failed`] for one that is too slow, [`ErrorKind::Io`] for files, [`ErrorKind::Interrupted`] if the watch stops it.
pub fn build(request: &BuildRequest, watch: &dyn Watch) -> Result<BuildReport> {
    in_folder(request, &|tools, work| {
        let report = run(request, tools, work, watch)?;
        match report.timing_met || request.allow_slow {
            true => Ok(report),
            false => Err(too_slow(&report)),
        }
    })
}

pub(crate) fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir(path).map_err(|e| Error::io("make the folder", path, e))
}

pub(crate) fn remove_folder(path: &Path) -> Result<()> {
    fs::remove_dir_all(path).map_err(|e| Error::io("remove", path, e))
}

/// Checks the request and its tools, and has a build made in a folder that becomes `request.out` if all goes well.
pub(crate) fn in_folder(
    request: &BuildRequest,
    make: &dyn Fn(&Tools, &Path) -> Result<BuildReport>,
) -> Result<BuildReport> {
    request.check()?;
    let tools = Tools::find(&request.tools, &request.board.tools)?;
    let mut report = None;
    atomic::folder(&request.out, is_build, |folder| {
        let work = Workplace::of(folder)?;
        match make(&tools, work.path()) {
            Ok(done) => {
                report = Some(done);
                work.deliver()
            }
            Err(e) if e.kind() == ErrorKind::Interrupted => Err(e),
            Err(e) => Err(keep_failed(work.path(), &request.out, e)),
        }
    })?;
    // an older failure says nothing about this build any more
    let failed = failed_path(&request.out);
    if is_failed(&failed) {
        fs::remove_dir_all(&failed).map_err(|e| Error::io("remove", &failed, e))?;
    }
    report.ok_or_else(|| Error::new(ErrorKind::Failed, "the build made no report"))
}

/// All stages, in the folder `work`. A design that is too slow is packed only if that is allowed.
pub(crate) fn run(request: &BuildRequest, tools: &Tools, work: &Path, watch: &dyn Watch) -> Result<BuildReport> {
    let start = Instant::now();
    let until = Until::of(watch, request.timeout);
    let total = request.seeds.len() + 2;
    for folder in ["rtl", "seeds", "logs"] {
        make_folder(&work.join(folder))?;
    }
    let inputs = copy_inputs(&request.rtl, &work.join("rtl"))?;
    let (board, top) = (&request.board, &request.top);
    let mut seconds = BTreeMap::new();

    watch.at(Progress::of(0, total));
    watch.says("synthesis");
    let script = synth::script(&inputs.verilog, top, board);
    let (synthesis, line) = synth::run(&tools.synthesis, &script, work, until)?;
    seconds.insert("synthesis".to_owned(), synthesis.seconds);
    let mut commands = vec![line];
    let netlist = synth::read_netlist(&work.join("netlist.json"), top)?;
    let declared = memories::declared(&work.join("rtl"))?;
    let more_memory = planned::check(&netlist, board.family, &request.planned, &declared)?;
    let pins = board.constraints(netlist.ports.iter().map(|(name, width)| (name.as_str(), *width)))?;
    atomic::write(&work.join(format!("board.{}", board.family.constraints())), pins.as_bytes())?;

    let placing = Instant::now();
    let step = |done: usize, text: &str| {
        watch.at(Progress::of(1 + done, total));
        watch.says(text);
    };
    let found = seeds::run(request, tools, work, until, &step)?;
    seconds.insert("place, route and timing".into(), placing.elapsed().as_secs_f64());
    commands.extend(found.commands);
    let Candidate { seed, timing, placed } = best(found.candidates, found.failure, found.results.len())?;
    keep_best(work, top, board.family.routed(), seed, &request.seeds)?;
    record_memories(work, &declared, &placed.block_rams)?;

    let names = &board.family.data().resources;
    let mut report = BuildReport {
        format: FORMAT,
        version: 1,
        top: top.clone(),
        board: board.name.clone(),
        design: request.design.clone(),
        nearest: request.nearest.clone(),
        device: format!("{}-{}", board.device, board.package),
        clock_mhz: request.clock_mhz(),
        clock: request.clock,
        tries: Vec::new(),
        requested_mhz: request.aim_mhz(),
        fmax_mhz: timing.fmax_mhz,
        judge: timing.judge,
        timing_met: timing.fmax_mhz >= request.clock_mhz(),
        best_seed: seed,
        logic_cells: placed.usage(&names.logic_cells),
        flip_flops: Some(&names.flip_flops).filter(|n| !n.is_empty()).map(|n| placed.usage(n)),
        block_rams: {
            // halves of one block RAM may be one in nextpnr's report
            let placed = placed.usage(&names.block_rams);
            Usage { used: placed.used.max(planned::inferred(&netlist, board.family) as u32), ..placed }
        },
        sprams: Some(placed.usage(&names.sprams)).filter(|usage| usage.used > 0),
        seeds: found.results,
        slowest_stage: critical::read(work, top, board.family)?,
        critical_path: timing.path,
        cells: netlist.cells,
        warnings: synth::warnings(&synthesis.stdout).into_iter().chain(more_memory).collect(),
        tools: tools.all(),
        commands,
        inputs: inputs.hashes,
        outputs: BTreeMap::new(),
        bitstream: format!("{top}.{}", board.family.bitstream()),
        seconds,
    };
    if report.timing_met || request.allow_slow {
        step(request.seeds.len(), "packing");
        let (packing, line) = pack::run(&tools.pack, board, top, work, until)?;
        report.seconds.insert("packing".into(), packing);
        report.commands.push(line);
    }
    report.outputs = hashes(work)?;
    report.seconds.insert("all".into(), start.elapsed().as_secs_f64());
    write_report(&report, work)?;
    step(request.seeds.len() + 1, "done");
    Ok(report)
}

pub(crate) fn write_report(report: &BuildReport, work: &Path) -> Result<()> {
    let json = serde_json::to_string_pretty(report)
        .map_err(|e| Error::new(ErrorKind::Failed, format!("the report cannot be written as JSON: {e}")).because(e))?;
    atomic::write(&work.join("report.json"), (json + "\n").as_bytes())
}

/// The fastest candidate; of equals the one whose seed was given first.
fn best(candidates: Vec<Candidate>, failure: Option<(u32, Error)>, tried: usize) -> Result<Candidate> {
    let faster = |a: Candidate, b: Candidate| if b.timing.fmax_mhz > a.timing.fmax_mhz { b } else { a };
    candidates.into_iter().reduce(faster).ok_or_else(|| match failure {
        Some((_, e)) if tried == 1 => e,
        Some((seed, e)) => e.at(format!("all {tried} seeds failed; with seed {seed}")),
        None => Error::new(ErrorKind::Tool, "no seed was tried"),
    })
}

pub(crate) fn too_slow(report: &BuildReport) -> Error {
    let tried = match report.seeds.len() {
        1 => "the design".to_owned(),
        n => format!("the best of {n} seeds"),
    };
    let (fmax, clock) = (report.fmax_mhz, report.clock_mhz);
    let whose = match report.clock.and_then(|c| c.pll) {
        Some(_) => format!("the clock is {clock:.3} MHz"),
        None => format!("the board's clock is {clock} MHz"),
    };
    Error::new(ErrorKind::Failed, format!("{tried} reaches {fmax:.2} MHz by {}, but {whose}", report.judge))
        .hint("try more seeds, or a slower clock, or accept that it is too slow (allow slow)")
}

/// Copies what the tools read, and hashes it.
fn copy_inputs(rtl: &Path, to: &Path) -> Result<Inputs> {
    let failed = |e| Error::io("read the folder", rtl, e);
    let mut inputs = Inputs { verilog: Vec::new(), hashes: BTreeMap::new() };
    for entry in fs::read_dir(rtl).map_err(failed)? {
        let from = entry.map_err(failed)?.path();
        let kind = from.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let description = from.file_name().is_some_and(|name| name == memories::DESIGN);
        if !(description || ["v", "sv", "vh", "svh", "hex", "mem"].contains(&kind)) || !from.is_file() {
            continue;
        }
        let Some(name) = from.file_name().and_then(|n| n.to_str()).filter(|n| !n.contains(['"', '\\', '\n', ';']))
        else {
            return Err(Error::new(ErrorKind::Format, format!("{} has a name that yosys cannot read", from.display())));
        };
        let bytes = fs::read(&from).map_err(|e| Error::io("read", &from, e))?;
        inputs.hashes.insert(format!("rtl/{name}"), pack::sha256(&bytes));
        atomic::write(&to.join(name), &bytes)?;
        if kind == "v" || kind == "sv" {
            inputs.verilog.push(name.to_owned());
        }
    }
    inputs.verilog.sort();
    if inputs.verilog.is_empty() {
        return Err(Error::new(ErrorKind::Format, format!("{}: there is no Verilog in this folder", rtl.display()))
            .hint("`verilog` makes some of a memory"));
    }
    Ok(inputs)
}

/// Gives the files of the best seed their final names, and removes the routed designs of the others.
fn keep_best(work: &Path, top: &str, ending: &str, best: u32, seeds: &[u32]) -> Result<()> {
    let file = |name: String| work.join("seeds").join(name);
    let failed = |e| Error::io("write in", work, e);
    fs::copy(file(format!("{best}.timing.txt")), work.join("timing.txt")).map_err(failed)?;
    fs::rename(file(format!("{best}.{ending}")), work.join(format!("{top}.{ending}"))).map_err(failed)?;
    for seed in seeds.iter().filter(|s| **s != best) {
        match fs::remove_file(file(format!("{seed}.{ending}"))) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
            _ => (), // removed, or a failed seed that never had one
        }
    }
    Ok(())
}

/// Writes which block RAMs hold what, if that is known.
fn record_memories(work: &Path, declared: &[Declared], places: &BTreeMap<String, Place>) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let stored = memories::find(&work.join("netlist.json"), declared, places)?;
    let json = serde_json::to_string_pretty(&stored)
        .map_err(|e| Error::new(ErrorKind::Failed, format!("{} cannot be written: {e}", memories::FILE)).because(e))?;
    atomic::write(&work.join(memories::FILE), (json + "\n").as_bytes())
}

/// SHA-256 of the files that came out.
fn hashes(work: &Path) -> Result<BTreeMap<String, String>> {
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(work).map_err(|e| Error::io("read the folder", work, e))? {
        let path = entry.map_err(|e| Error::io("read the folder", work, e))?.path();
        if let Some(name) = path.file_name().and_then(|n| n.to_str()).filter(|_| path.is_file()) {
            let bytes = fs::read(&path).map_err(|e| Error::io("read", &path, e))?;
            hashes.insert(name.to_owned(), pack::sha256(&bytes));
        }
    }
    Ok(hashes)
}

/// Whether a folder is a build, which a new one may replace.
pub fn is_build(folder: &Path) -> bool {
    fs::read_to_string(folder.join("report.json")).is_ok_and(|text| text.contains(&format!("\"{FORMAT}\"")))
}

/// Where the remains of a failed build go.
pub fn failed_path(out: &Path) -> PathBuf {
    let mut name = out.components().collect::<PathBuf>().into_os_string(); // without a slash at the end
    name.push(".failed");
    name.into()
}

fn is_failed(folder: &Path) -> bool {
    folder.join("failure.txt").is_file()
}

/// Moves logs and reports to `<out>.failed`, and says so in the error.
fn keep_failed(work: &Path, out: &Path, error: Error) -> Error {
    let failed = failed_path(out);
    let kept = atomic::folder(&failed, is_failed, |folder| {
        move_contents(work, folder)?;
        atomic::write(&folder.join("failure.txt"), format!("{error}\n").as_bytes())
    });
    if kept.is_err() {
        return error; // a full disk, say: the first error is the one that matters
    }
    let kept = format!("logs and reports are in {}", failed.display());
    let hint = match error.help_text() {
        // the log was named where it lay then
        Some(hint) if !hint.contains(&work.display().to_string()) => format!("{hint}; {kept}"),
        _ => kept,
    };
    error.hint(hint)
}
