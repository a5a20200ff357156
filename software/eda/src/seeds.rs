//! Many seeds of place and route, some at a time.

use crate::{
    exec::Until,
    place::{self, Placed},
    report::SeedResult,
    request::BuildRequest,
    timing::{self, Timing},
    toolset::Tools,
};
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

/// A seed that led to a design.
pub(crate) struct Candidate {
    pub(crate) seed: u32,
    pub(crate) timing: Timing,
    pub(crate) placed: Placed,
}

/// What all seeds gave, in the order in which they were asked for.
pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) results: Vec<SeedResult>,
    pub(crate) commands: Vec<String>,
    /// The error of the first seed that failed, if any did.
    pub(crate) failure: Option<(u32, Error)>,
}

/// What one seed gave.
struct One {
    result: SeedResult,
    outcome: Result<Candidate>,
    commands: Vec<String>,
}

/// Runs every seed; a seed that fails by its own bad luck is a result, not an error.
pub(crate) fn run(
    request: &BuildRequest,
    tools: &Tools,
    work: &Path,
    until: Until,
    step: &(dyn Fn(usize, &str) + Sync),
) -> Result<Found> {
    let seeds = &request.seeds;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = if request.jobs == 0 { cores } else { request.jobs }.min(seeds.len());
    let (next, done, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let slots: Mutex<Vec<Option<Result<One>>>> = Mutex::new(seeds.iter().map(|_| None).collect());
    let worker = || loop {
        let index = next.fetch_add(1, Ordering::SeqCst);
        let Some(&seed) = seeds.get(index).filter(|_| !stop.load(Ordering::SeqCst)) else { return };
        step(done.load(Ordering::SeqCst), &format!("place and route, seed {seed}"));
        let one = one(request, tools, work, until, seed);
        let text = match &one {
            Ok(One { result: SeedResult { fmax_mhz: Some(mhz), .. }, .. }) => format!("seed {seed}: {mhz:.2} MHz"),
            _ => format!("seed {seed} failed"),
        };
        if one.is_err() {
            stop.store(true, Ordering::SeqCst); // every seed would meet the same end
        }
        slots.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(one);
        step(1 + done.fetch_add(1, Ordering::SeqCst), &text);
    };
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(worker);
        }
    });
    let mut found = Found { candidates: Vec::new(), results: Vec::new(), commands: Vec::new(), failure: None };
    let slots = slots.into_inner().unwrap_or_else(PoisonError::into_inner);
    for one in slots.into_iter().flatten() {
        let one = one?;
        match one.outcome {
            Ok(candidate) => found.candidates.push(candidate),
            Err(e) => drop(found.failure.get_or_insert((one.result.seed, e))),
        }
        found.results.push(one.result);
        found.commands.extend(one.commands);
    }
    Ok(found)
}

/// Place, route and timing with one seed.
///
/// # Errors
/// What no other seed could change: too large a design, a full disk, an interruption.
fn one(request: &BuildRequest, tools: &Tools, work: &Path, until: Until, seed: u32) -> Result<One> {
    let (board, start) = (&request.board, Instant::now());
    // the shorter of the two limits
    let limit = [until.timeout, request.seed_limit].into_iter().flatten().min();
    let (line, placed) =
        place::run(&tools.place, board, seed, request.aim_mhz(), work, Until { timeout: limit, ..until });
    let mut commands = vec![line];
    let outcome = placed.and_then(|placed| {
        let Some(icetime) = &tools.timing else {
            let timing = timing::of_nextpnr(&placed, seed, work)?;
            return Ok((placed, None, timing));
        };
        let (line, timing) = timing::run(icetime, board, seed, work, until);
        commands.push(line);
        let timing = timing?;
        let icetime_mhz = Some(timing.fmax_mhz);
        let timing = timing::slower(timing, &placed, seed, work)?;
        Ok((placed, icetime_mhz, timing))
    });
    let mut result = SeedResult {
        seed,
        fmax_mhz: None,
        icetime_mhz: None,
        nextpnr_mhz: None,
        timing_met: false,
        failure: None,
        seconds: start.elapsed().as_secs_f64(),
    };
    let outcome = match outcome {
        Ok((placed, icetime_mhz, timing)) => {
            result.fmax_mhz = Some(timing.fmax_mhz);
            result.icetime_mhz = icetime_mhz;
            result.nextpnr_mhz = placed.fmax_mhz;
            result.timing_met = timing.fmax_mhz >= request.clock_mhz();
            Ok(Candidate { seed, timing, placed })
        }
        Err(e) if !matches!(e.kind(), ErrorKind::Tool | ErrorKind::Fit) || place::is_hopeless(&e) => return Err(e),
        Err(e) => {
            result.failure = Some(e.to_string());
            Err(e)
        }
    };
    Ok(One { result, outcome, commands })
}
