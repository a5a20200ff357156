//! `make mutants`: breaks the emitted Verilog in every way that [`hopgate_formal::mutate`] knows, and its memory files bit by
//! bit, and lists what co-simulation overlooks.

use clap::Parser;
use hopgate_formal::mutate::{schema, Change};
use hopgate_hdl::{emit, Design, Plan, Readout, Top};
use hopgate_model::{atomic, bits::BitMatrix, kernel::KernelMode, memory::Memory, Error, Result};
use hopgate_sim::{
    cosim, reset,
    suite::{Shape, SHAPE},
    Library, Options, Waveform,
};
use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

/// Shapes of `sim/tests/shapes.rs` that together have every kind of block: see the test beside [`SHAPES`].
const SHAPES: [(&str, Shape); 9] = [
    ("one_neuron_more_than_a_lane", Shape { neurons: 17, patterns: 33, planes: 3, ..SHAPE }),
    (
        "negative_offset_fixed",
        Shape { neurons: 25, patterns: 16, planes: 2, shared: false, offset: -1.3, mode: KernelMode::Fixed, ..SHAPE },
    ),
    ("few_steps", Shape { neurons: 30, patterns: 60, gamma: 0.01, max_steps: 2, ..SHAPE }),
    (
        "four_rows_a_cycle",
        Shape { neurons: 33, patterns: 31, parallel: 4, planes: 3, shared: false, offset: 0.7, ..SHAPE },
    ),
    ("two_slots_of_three_lanes", Shape { neurons: 43, patterns: 30, fold: 2, planes: 2, ..SHAPE }),
    (
        "two_slots_of_two_rows_two_ranks",
        Shape { neurons: 39, patterns: 700, fold: 2, parallel: 2, planes: 2, gamma: 0.2, ..SHAPE },
    ),
    ("nearest_alone", Shape { neurons: 40, patterns: 37, readout: Readout::Nearest, ..SHAPE }),
    ("two_rows_a_cycle_two_planes", Shape { neurons: 50, patterns: 64, parallel: 2, planes: 2, ..SHAPE }),
    ("all_vote", Shape { neurons: 24, patterns: 40, gamma: 0.001, planes: 4, ..SHAPE }),
];

/// Bits that are flipped in each memory file.
const FLIPS: usize = 12;

/// Looks for mutants of the emitted Verilog that co-simulation overlooks.
#[derive(Parser)]
struct Arguments {
    /// Where to write the table.
    #[arg(short, default_value = "formal/mutants.csv")]
    output: PathBuf,
    /// Only so many shapes.
    #[arg(long, default_value_t = SHAPES.len())]
    shapes: usize,
    /// Reasons for survivors: lines of a key, a tab, and why no answer can show it.
    #[arg(long, default_value = "formal/survivors.txt")]
    reasons: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What became of a mutant so far.
#[derive(Debug, Clone)]
struct Fate {
    /// Where, and by what, it was noticed.
    killed: Option<(&'static str, &'static str)>,
    /// Shapes that have it.
    shapes: Vec<&'static str>,
    /// Its first form.
    example: String,
}

fn run(arguments: &Arguments) -> Result<bool> {
    let mut fates: BTreeMap<String, Fate> = BTreeMap::new();
    let mut good = true;
    for (name, shape) in SHAPES.iter().take(arguments.shapes) {
        let (memory, cues) = shape.example();
        let design = emit(&Plan::with(&memory, shape.hardware())?, Top::Core, "mutants")?;
        let schema = schema(&design.verilog, design.top.name());
        let broken = Design { verilog: schema.verilog, ..design };
        let library = Library::build_with(&broken, Waveform::Off, &[("mutant.hex".into(), "0000\n".into())])?;
        if let Some(difference) = cosim(&library, &memory, &cues, Options::default(), &|_| ())?.difference {
            return Err(Error::usage(format!("{name} differs without a mutant: {}", difference.what)));
        }
        if let Some(after) = reset::interrupted(&library, &memory, &cues)? {
            return Err(Error::usage(format!("{name}: a reset after {after} cycles is not survived without a mutant")));
        }
        let mut count = 0;
        for (i, change) in schema.changes.iter().enumerate() {
            let fate = entry(&mut fates, change.key(), name, &format!("{} => {}", change.from, change.to));
            count += 1;
            if fate.killed.is_some() && already(change) {
                continue;
            }
            write(&library, "mutant.hex", &format!("{:04x}\n", i + 1))?;
            if let Some(how) = noticed(&library, &memory, &cues)? {
                fate.killed.get_or_insert((name, how));
            }
        }
        write(&library, "mutant.hex", "0000\n")?;
        flip_bits(&library, &memory, &cues, name, &mut fates)?;
        let alive = fates.values().filter(|f| f.killed.is_none()).count();
        println!("{name}: {count} mutants; of all so far {alive} of {} live", fates.len());
        // what is known so far: the whole takes a while
        good = report(arguments, &fates)?;
    }
    Ok(good)
}

/// Whether a change that was noticed elsewhere need not be tried again: all but constants, which depend on the shape.
fn already(change: &Change) -> bool {
    !change.sort.starts_with("constant")
}

fn entry<'a>(fates: &'a mut BTreeMap<String, Fate>, key: String, shape: &'static str, example: &str) -> &'a mut Fate {
    let fate = fates.entry(key).or_insert_with(|| Fate { killed: None, shapes: vec![], example: example.to_owned() });
    if fate.shapes.last() != Some(&shape) {
        fate.shapes.push(shape);
    }
    fate
}

/// Flips bits of every memory file, spread over its words and bits.
fn flip_bits(
    library: &Library,
    memory: &Memory,
    cues: &BitMatrix,
    name: &'static str,
    fates: &mut BTreeMap<String, Fate>,
) -> Result<()> {
    let plan = library.design.plan.clone();
    for (r, image) in plan.images().into_iter().enumerate() {
        // bits above the last neuron of a lane are not read
        let is_row = r < plan.rows.len();
        let width = if is_row { plan.lane_neurons(r / plan.parallel) } else { image.width };
        for f in 0..FLIPS.min(image.words.len() * width) {
            let (at, bit) = (f * image.words.len() / FLIPS.min(image.words.len() * width), (7 * f + 3) % width);
            let mut bad = image.clone();
            bad.words[at] ^= 1 << bit;
            write(library, &image.file, &bad.hex())?;
            let key = format!("{name}: bit {bit} of word {at} of {}", image.file);
            let fate = entry(fates, key, name, "a flipped bit");
            fate.killed = noticed(library, memory, cues)?.map(|how| (name, how));
        }
        write(library, &image.file, &image.hex())?;
    }
    Ok(())
}

fn write(library: &Library, file: &str, text: &str) -> Result<()> {
    let path = library.folder().join(file);
    std::fs::write(&path, text).map_err(|e| Error::io("write", &path, e))
}

/// What tells that the hardware is not the reference. A few cues often do.
fn noticed(library: &Library, memory: &Memory, cues: &BitMatrix) -> Result<Option<&'static str>> {
    let few: Vec<usize> = (0..cues.rows().min(16)).collect();
    for cues in [&cues.select(&few), cues] {
        match cosim(library, memory, cues, Options::default(), &|_| ()) {
            Err(_) => return Ok(Some("no answer")),
            Ok(result) => {
                if let Some(difference) = result.difference {
                    let what = &difference.what;
                    let count = what.contains("candidates are queued") || what.contains("it took");
                    return Ok(Some(if count { "cycles or candidates" } else { "answer" }));
                }
            }
        }
    }
    Ok(match reset::interrupted(library, memory, cues) {
        Err(_) => Some("no answer after a reset"),
        Ok(Some(_)) => Some("answer after a reset"),
        Ok(None) => None,
    })
}

/// Prints who lives, with the reason if one is known, and writes the table.
fn report(arguments: &Arguments, fates: &BTreeMap<String, Fate>) -> Result<bool> {
    let reasons = std::fs::read_to_string(&arguments.reasons).unwrap_or_default();
    let reasons: BTreeMap<&str, &str> = reasons.lines().filter_map(|l| l.split_once('\t')).collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut table = "mutant,shapes,killed in,by,reason\n".to_owned();
    let (mut killed, mut explained, mut open) = (0, 0, 0);
    for (key, fate) in fates {
        let reason = reasons.get(key.as_str()).copied().unwrap_or("");
        let (place, how) = fate.killed.unwrap_or_default();
        match (fate.killed.is_some(), reason.is_empty()) {
            (true, _) => killed += 1,
            (false, false) => explained += 1,
            (false, true) => {
                open += 1;
                println!("lives: {key}\n       {}", fate.example);
            }
        }
        let reason = if fate.killed.is_some() { "" } else { reason };
        table += &format!("{},{},{place},{how},{}\n", quoted(key), quoted(&fate.shapes.join(" ")), quoted(reason));
    }
    atomic::write(&arguments.output, table.as_bytes())?;
    println!("{} mutants: {killed} killed, {explained} live for a known reason, {open} live", fates.len());
    Ok(open == 0)
}
