//! `make mutants`: breaks the emitted Verilog in every way that [`hopgate_formal::mutate`] knows, and its memory files bit by
//! bit, lists what co-simulation overlooks, and tries to prove that it may.

use clap::Parser;
use hopgate_files::atomic;
use hopgate_formal::{
    engine::Verdict,
    equivalent::{Miter, can_try},
    fates::{Fate, Fates},
    flips::flips,
    kept::{Kept, hash},
    mutate::{Change, Chooser, kind, module_name, schema},
    simulation::Simulation,
    survivors::Reasons,
};
use hopgate_hdl::{Top, emit};
use hopgate_model::{Error, Result};
use hopgate_sim::{
    trial::Noticed,
    tried::{Trial, Tried, trials},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

/// Looks for mutants of the emitted Verilog that co-simulation overlooks.
#[derive(Parser)]
struct Arguments {
    /// Trials (all, if none is named).
    names: Vec<String>,
    /// How many of each block became what; those that live go to FILE-living.csv beside it. Of a shard: all mutants, for --join.
    #[arg(short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Why some live: see `survivors.rs`.
    #[arg(long, default_value = "formal/survivors.txt")]
    reasons: PathBuf,
    /// Only so many mutants, drawn from all.
    #[arg(long)]
    sample: Option<usize>,
    /// The seed of the draw.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only mutants with this in their names: `sequencer: literal`. Several of them: with any.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Seconds for each proof that a survivor is equivalent (0: none is tried).
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Part of a run: what lives is left to --join, which tries the proofs; another trial may notice it.
    #[arg(long, conflicts_with = "join")]
    shard: bool,
    /// Put the tables of all parts of a run together, and try to prove what lives.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["names", "sample"])]
    join: Vec<PathBuf>,
    /// Where results are kept: a run that was stopped goes on with those whose Verilog and comparison are the same.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Only say which trials there are.
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    hopgate_formal::ended(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<bool> {
    let Arguments { names, reasons, sample, seed, list, .. } = arguments;
    if *list {
        trials().iter().for_each(|t| println!("{}", t.name()));
        return Ok(true);
    }
    if let Some(name) = names.iter().find(|n| !trials().iter().any(|t| t.name() == **n)) {
        return Err(Error::usage(format!("there is no trial {name}")));
    }
    let reasons = match std::fs::read_to_string(reasons) {
        Ok(text) => Reasons::parse(&text)?,
        Err(_) => Reasons::default(),
    };
    let mut fates = Fates::default();
    for path in &arguments.join {
        let table = std::fs::read_to_string(path).map_err(|e| Error::io("read", path, e))?;
        fates.join(&table).map_err(|e| e.at(path.display()))?;
    }
    let joined = |t: &Trial| fates.0.values().any(|fate| fate.trials.contains(&t.name()));
    let named = |t: &Trial| names.is_empty() || names.iter().any(|n| n == t.name());
    let all = trials();
    let trials: Vec<&Trial> =
        all.iter().filter(|t| if arguments.join.is_empty() { named(t) } else { joined(t) }).collect();
    let prepared: Vec<Box<dyn Tried>> = trials.iter().map(|t| t.prepare()).collect::<Result<_>>()?;
    let drawn = sample.map(|n| draw(&trials, &prepared, n, *seed)).transpose()?;
    let only = |key: &str| arguments.only.is_empty() || arguments.only.iter().any(|text| key.contains(text));
    let wanted = |key: &str| only(key) && drawn.as_ref().is_none_or(|d| d.contains(key));
    let designs = || trials.iter().zip(&prepared);
    if arguments.join.is_empty() {
        // first a few cues for all of them, then more for those that live: a simulation with few mutants in it is many times faster
        let stages = prepared.iter().map(|p| p.stages().len()).max().unwrap_or(0);
        let mut built: Vec<Option<Simulation>> = trials.iter().map(|_| None).collect();
        for round in 0..stages {
            for (at, (trial, prepared)) in designs().enumerate() {
                // a trial of few stages has its last one when all have theirs: what it has alone lives until then, all else is tried elsewhere
                let Some(stage) = (round + prepared.stages().len()).checked_sub(stages) else { continue };
                let living: BTreeSet<String> = fates.living().cloned().collect();
                let open = |key: &str| if stage == 0 { wanted(key) } else { living.contains(key) };
                simulate(arguments, trial, prepared.as_ref(), stage, &open, &mut built[at], &mut fates)?;
                report(arguments, &fates, &reasons)?;
            }
        }
    }
    if arguments.shard {
        fates.say(&reasons);
        return Ok(true);
    }
    if arguments.seconds > 0 {
        for (trial, prepared) in designs() {
            prove(arguments, trial, prepared.as_ref(), &reasons, &mut fates)?;
            report(arguments, &fates, &reasons)?;
        }
    }
    report(arguments, &fates, &reasons)?;
    let whole = trials.len() == all.len() && drawn.is_none() && arguments.only.is_empty();
    let open = fates.say(&reasons);
    let living: Vec<&str> = fates.living().map(String::as_str).collect();
    let unused = if whole { reasons.unused(&living) } else { vec![] };
    for pattern in &unused {
        println!("out of date, for no survivor is it: {pattern}");
    }
    Ok(open == 0 && unused.is_empty())
}

/// Keys of `n` mutants, by a seed.
fn draw(trials: &[&Trial], prepared: &[Box<dyn Tried>], n: usize, seed: u64) -> Result<BTreeSet<String>> {
    let mut keys = BTreeSet::new();
    for (trial, prepared) in trials.iter().zip(prepared) {
        let design = prepared.design();
        let of_here = blocks_of(prepared.as_ref())?;
        let all = schema(&design.verilog, design.top.name(), Chooser::File, |c| of_here(&c.block));
        keys.extend(all.changes.iter().map(Change::key));
        keys.extend(flips(trial.name(), prepared.as_ref()).into_iter().map(|f| f.key));
    }
    let mut order: Vec<(u64, String)> = keys.into_iter().map(|k| (hash(seed, &k), k)).collect();
    order.sort();
    Ok(order.into_iter().take(n).map(|(_, key)| key).collect())
}

/// Around a core, the kinds of blocks that are the core's: other trials have their mutants.
fn cores_of(prepared: &dyn Tried) -> Result<BTreeSet<String>> {
    let design = prepared.design();
    if design.top == Top::Core {
        return Ok(BTreeSet::new());
    }
    // each of several is one
    let mut one = design.plan.clone();
    one.layout.cores = 1;
    let core = emit(&one, Top::Core, "core")?;
    Ok(core.verilog.lines().filter_map(module_name).map(|name| kind(name, Top::Core.name())).collect())
}

/// Whether a kind of block is one of some.
type Among = Box<dyn Fn(&str) -> bool>;

/// Those that are broken in a trial.
fn blocks_of(prepared: &dyn Tried) -> Result<Among> {
    let own = prepared.blocks();
    let core = cores_of(prepared)?;
    Ok(Box::new(move |block| own.is_none_or(|own| own.contains(&block)) && !core.contains(block)))
}

/// What a core's mutant is compared with, and how: a result holds while these texts are the same.
const OF_CORES: [&str; 14] = [
    include_str!("../../sim/src/behind.rs"),
    include_str!("../../sim/src/pace.rs"),
    include_str!("../../sim/src/trial.rs"),
    include_str!("../../sim/src/trial/cores.rs"),
    include_str!("../../sim/src/cosim.rs"),
    include_str!("../../sim/src/reset.rs"),
    include_str!("../../sim/src/suite.rs"),
    include_str!("../../sim/src/words.rs"),
    include_str!("../../sim/src/wrapped.rs"),
    include_str!("../../sim/src/bench/core.rs"),
    include_str!("../../sim/src/bench/axis.rs"),
    include_str!("../../sim/shim/core.cpp"),
    include_str!("../../sim/shim/axis.cpp"),
    include_str!("../../sim/shim/packets.cpp"),
];
/// The same of a board's; what is said to it is written down in each of its stages.
const OF_BOARDS: [&str; 5] = [
    include_str!("../../sim/src/trial/turns.rs"),
    include_str!("../../sim/src/bench/board.rs"),
    include_str!("../../sim/src/bench/stream.rs"),
    include_str!("../../sim/shim/board.cpp"),
    include_str!("../../sim/shim/stream.cpp"),
];
/// And of a wrapper's, of which that is so too.
const OF_WRAPPERS: [&str; 5] = [
    include_str!("../../sim/src/wrapper/act.rs"),
    include_str!("../../sim/src/wrapper/master.rs"),
    include_str!("../../sim/src/bench/wires.rs"),
    include_str!("../../sim/shim/axil.cpp"),
    include_str!("../../sim/shim/wishbone.cpp"),
];

/// What is kept of a trial under a word.
fn kept(arguments: &Arguments, trial: &Trial, prepared: &dyn Tried, what: &str, said: String) -> Result<Kept> {
    let design = prepared.design();
    let images = design.plan.images().into_iter().map(|image| image.hex());
    let comparison = match trial {
        Trial::Core(core) if core.board.is_some() => &OF_BOARDS[..],
        Trial::Core(_) => &OF_CORES,
        Trial::Wrapper(_) => &OF_WRAPPERS,
    };
    let texts = comparison.iter().map(|&text| text.to_owned()).chain(images).chain([said]);
    let mark = texts.fold(hash(0, &format!("{trial:?} {}", design.verilog)), |mark, text| hash(mark, &text));
    Kept::open(arguments.keep.as_deref(), &format!("{}-{what}-{mark:016x}", trial.name()))
}

/// Those mutants of a trial that are wanted and live, in one simulation: the one of the stage before, if most of its mutants still do.
fn simulate(
    arguments: &Arguments,
    trial: &Trial,
    prepared: &dyn Tried,
    stage: usize,
    wanted: &dyn Fn(&str) -> bool,
    built: &mut Option<Simulation>,
    fates: &mut Fates,
) -> Result<()> {
    let began = Instant::now();
    let (name, design) = (trial.name(), prepared.design());
    let of_here = blocks_of(prepared)?;
    let stages = prepared.stages();
    let mut kept = kept(arguments, trial, prepared, stages[stage], prepared.said(stage))?;
    let chosen = |take: &dyn Fn(&str) -> bool| {
        let take = |c: &Change| of_here(&c.block) && wanted(&c.key()) && take(&c.key());
        schema(&design.verilog, design.top.name(), Chooser::File, take)
    };
    let flips: Vec<_> = flips(name, prepared).into_iter().filter(|f| wanted(&f.key)).collect();
    let examples = chosen(&|_| true).changes.into_iter().map(|c| (c.key(), format!("{} => {}", c.from, c.to)));
    let all = examples.chain(flips.iter().map(|f| (f.key.clone(), "a flipped bit".to_owned())));
    let mut open = BTreeSet::new();
    for (key, example) in all {
        let known = kept.of(&key);
        let fate = fates.entry(key.clone(), name, &example);
        match (fate.killed, known) {
            (Some(_), _) => {}
            (None, Some(how)) => {
                fate.killed = Noticed::ALL.into_iter().find(|n| n.to_string() == how).map(|how| (name, how))
            }
            (None, None) => drop(open.insert(key)),
        }
    }
    if !open.is_empty() {
        let flipped: BTreeSet<&String> = flips.iter().map(|flip| &flip.key).collect();
        let places = open.iter().filter(|key| !flipped.contains(key)).collect();
        if built.as_ref().is_none_or(|built| !built.serves(&places)) {
            *built = Some(Simulation::build(design, chosen(&|key| open.contains(key)))?);
        }
        let mut became = |key: &str, how: Option<Noticed>| {
            if let Some(fate) = fates.0.get_mut(key) {
                fate.killed = how.map(|how| (name, how));
            }
            kept.add(key, &how.map_or_else(|| "lives".to_owned(), |how| how.to_string()))
        };
        if let Some(built) = built {
            built.each(prepared, stage, &open, &flips, &mut became).map_err(|e| e.at(name))?;
        }
    }
    println!(
        "{name}, {}: {} tried in {} s; of all so far {} of {} live",
        stages[stage],
        open.len(),
        began.elapsed().as_secs(),
        fates.living().count(),
        fates.0.len()
    );
    Ok(())
}

/// What is kept of a mutant that is proved equivalent.
const PROVED: &str = "proved";

/// Tries every survivor of a design that has no stated reason for equivalence: without its data path, and then with it.
fn prove(
    arguments: &Arguments,
    trial: &Trial,
    prepared: &dyn Tried,
    reasons: &Reasons,
    fates: &mut Fates,
) -> Result<()> {
    let (name, design, limit) = (trial.name(), prepared.design(), Duration::from_secs(arguments.seconds));
    // the two sides are compared at a core's ports
    if design.top != Top::Core {
        return Ok(());
    }
    let mut kept = kept(arguments, trial, prepared, &format!("proved-{}", arguments.seconds), String::new())?;
    // one that another trial left open cannot become equivalent everywhere
    let hopeful = |f: &Fate| f.killed.is_none() && !f.open;
    let of_here = |f: &Fate| hopeful(f) && f.trials.contains(&name) && !f.proved.contains(&name);
    for (key, fate) in fates.0.iter_mut().filter(|(key, fate)| of_here(fate) && reasons.of(key).is_none()) {
        match kept.of(key) {
            Some(PROVED) => fate.proved.push(name),
            Some(_) => fate.open = true,
            None => {}
        }
    }
    let living = |c: &Change| {
        let key = c.key();
        can_try(c) && reasons.of(&key).is_none() && kept.of(&key).is_none() && fates.0.get(&key).is_some_and(hopeful)
    };
    let mut open: BTreeMap<(String, String, String), bool> = BTreeMap::new();
    for control in [true, false] {
        let known: BTreeSet<_> = open.iter().filter(|(_, done)| **done).map(|(k, _)| k.clone()).collect();
        let id = |c: &Change| (c.key(), c.from.clone(), c.to.clone());
        let Some(miter) = Miter::new(design, control, |c| living(c) && !known.contains(&id(c)))? else { continue };
        if miter.decide(0, 10 * limit)? != Verdict::Proved {
            return Err(Error::usage(format!("{name} is not proved equivalent to itself")));
        }
        // equal lines of several modules are one change: all must be proved
        let mut here = BTreeMap::new();
        for (i, change) in miter.changes.iter().enumerate() {
            let verdict = miter.decide(i + 1, limit)?;
            *here.entry(id(change)).or_insert(true) &= verdict == Verdict::Proved;
        }
        for (id, proved) in here {
            *open.entry(id).or_insert(false) |= proved;
        }
    }
    // and every place of a mutant
    let keys: BTreeSet<&String> = open.keys().map(|(key, ..)| key).collect();
    for key in keys {
        let all = open.iter().filter(|((k, ..), _)| k == key).all(|(_, proved)| *proved);
        kept.add(key, if all { PROVED } else { "open" })?;
        match fates.0.get_mut(key) {
            Some(fate) if all => fate.proved.push(name),
            Some(fate) => fate.open = true,
            None => {}
        }
    }
    let proved = open.values().filter(|p| **p).count();
    println!("{name}: {proved} of {} survivors are proved equivalent", open.len());
    Ok(())
}

/// Writes the tables: of a shard one of all mutants, of a run how many there are, and those that live.
fn report(arguments: &Arguments, fates: &Fates, reasons: &Reasons) -> Result<()> {
    let Some(output) = &arguments.output else { return Ok(()) };
    if arguments.shard {
        return atomic::write(output, fates.table(reasons).as_bytes());
    }
    atomic::write(output, fates.counts(reasons).as_bytes())?;
    let stem = output.file_stem().unwrap_or_default().to_string_lossy();
    atomic::write(&output.with_file_name(format!("{stem}-living.csv")), fates.survivors(reasons).as_bytes())
}
