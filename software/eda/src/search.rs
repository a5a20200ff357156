//! The search for the highest clock that a design reaches.
//!
//! Another clock is another design: the PLL's settings and the UART's bit time change, and with them, by chance, what
//! place and route makes of it. So every try is a build of its own, and the number of tries is bounded. So are other flags
//! of synthesis: another netlist, with luck of its own.

use crate::{
    clock::Clock,
    flow::{in_folder, make_folder, remove_folder, run, too_slow, write_report},
    report::{BuildReport, Try},
    request::BuildRequest,
    workplace::move_contents,
};
use hopgate_model::{
    Error, ErrorKind, Result,
    progress::{Progress, Watch},
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// The most clocks of a search.
pub const TRIES: usize = 6;

/// The fastest clock that passes, found with at most `limit` tries; or else the last one that failed.
///
/// `clocks` are sorted, slowest first; `attempt` builds for one of them and says what it reached. After a try that
/// passes comes the fastest clock not above what it reached, or, if that is the same one, the next faster; after one that
/// fails, the fastest not above what it reached, or, while nothing has passed, what the worst try reached. No clock is
/// tried twice, and none below one that has passed.
///
/// # Errors
/// Those of `attempt`.
pub fn search(
    clocks: &[Clock],
    start: usize,
    limit: usize,
    attempt: &mut dyn FnMut(&Clock) -> Result<Try>,
) -> Result<Vec<Try>> {
    let fastest_below = |mhz: f64| clocks.iter().rposition(|c| c.mhz <= mhz).unwrap_or(0);
    let mut tried: Vec<usize> = Vec::new();
    let mut tries: Vec<Try> = Vec::new();
    let mut passed: Option<usize> = None;
    let mut next = start.min(clocks.len().saturating_sub(1));
    while tries.len() < limit && next < clocks.len() {
        let done = attempt(&clocks[next])?;
        tries.push(done.clone());
        tried.push(next);
        if done.timing_met {
            passed = passed.max(Some(next));
            next = fastest_below(done.fmax_mhz).max(next + 1);
        } else {
            let least = tries.iter().map(|t| t.fmax_mhz).fold(f64::INFINITY, f64::min);
            next = fastest_below(if passed.is_some() { done.fmax_mhz } else { least });
        }
        if tried.contains(&next) || passed.is_some_and(|p| next <= p) {
            // what is left are slower clocks, and only of use while nothing has passed
            let below = (0..next).rev().find(|c| !tried.contains(c));
            match below.filter(|_| passed.is_none()) {
                Some(slower) => next = slower,
                None => break,
            }
        }
    }
    Ok(tries)
}

/// The flags of synthesis to try for every clock, and their seeds: the board's with the first, third, ... seed, and with the
/// others those and `-abc9`, or those without it, as it helps some memories and hurts others.
///
/// ```
/// let (with, without) = (vec!["-abc9".to_owned()], vec![]);
/// assert_eq!(hopgate_eda::search::tickets(&with, &[1, 2, 3]), [(with.clone(), vec![1, 3]), (without, vec![2])]);
/// ```
pub fn tickets(board: &[String], seeds: &[u32]) -> Vec<(Vec<String>, Vec<u32>)> {
    const FLAG: &str = "-abc9";
    let mut other: Vec<String> = board.iter().filter(|flag| *flag != FLAG).cloned().collect();
    if other.len() == board.len() {
        other.push(FLAG.to_owned());
    }
    let share = |first: usize| seeds.iter().skip(first).step_by(2).copied().collect::<Vec<_>>();
    let tickets = [(board.to_vec(), share(0)), (other, share(1))];
    tickets.into_iter().filter(|(_, seeds)| !seeds.is_empty()).collect()
}

/// Builds for the fastest of these clocks (slowest first) that the design reaches, as [`search()`] finds it.
///
/// `emit` writes the design for a clock into a folder; `request.rtl` and `request.clock` are not looked at. The search
/// begins at the clock `start_mhz`. Each clock is built for with several flags of synthesis, which share the seeds: see
/// [`tickets`]. The folder that it makes is that of the best build; its report has all tries.
///
/// # Errors
/// Those of [`build()`](crate::flow::build); [`ErrorKind::Failed`] if no clock that was tried passes.
pub fn build_fastest(
    request: &BuildRequest,
    clocks: &[Clock],
    start_mhz: f64,
    emit: &dyn Fn(&Clock, &Path) -> Result<()>,
    watch: &dyn Watch,
) -> Result<BuildReport> {
    let start = clocks.iter().position(|c| c.mhz >= start_mhz).unwrap_or(clocks.len().saturating_sub(1));
    in_folder(request, &|tools, work| {
        let began = Instant::now();
        let tickets = tickets(&request.board.flags.synthesis, &request.seeds);
        let mut best: Option<(PathBuf, BuildReport)> = None;
        let (mut number, mut tries, mut failures) = (0, Vec::new(), Vec::new());
        search(clocks, start, TRIES, &mut |clock| {
            number += 1;
            let rtl = work.join(format!("rtl-{number}"));
            make_folder(&rtl)?;
            emit(clock, &rtl)?;
            let mut fastest: Option<Try> = None;
            for (ticket, (flags, seeds)) in tickets.iter().enumerate() {
                let folder = work.join(format!("try-{number}-{ticket}"));
                make_folder(&folder)?;
                let mut this =
                    BuildRequest { rtl: rtl.clone(), clock: Some(*clock), seeds: seeds.clone(), ..request.clone() };
                this.board.flags.synthesis = flags.clone();
                let what = format!("try {number}, {:.2} MHz, flags [{}]", clock.mhz, flags.join(" "));
                let report = match run(&this, tools, &folder, &Attempt { what: &what, watch }) {
                    Ok(report) => report,
                    // another netlist may be too large: then there are still the board's own flags
                    Err(e) if ticket > 0 && matches!(e.kind(), ErrorKind::Tool | ErrorKind::Fit) => {
                        failures.push(format!("{what}: {}", e.to_string().lines().next().unwrap_or_default()));
                        remove_folder(&folder)?;
                        continue;
                    }
                    Err(e) => return Err(e),
                };
                let done = Try {
                    clock_mhz: clock.mhz,
                    synthesis: flags.clone(),
                    fmax_mhz: report.fmax_mhz,
                    timing_met: report.timing_met,
                    best_seed: report.best_seed,
                };
                tries.push(done.clone());
                if !fastest.as_ref().is_some_and(|other| other.fmax_mhz >= done.fmax_mhz) {
                    fastest = Some(done);
                }
                // one that passes is better than one that fails; of two that pass the faster clock, of two that fail
                // the one that misses least; for the same clock the faster build
                let worth = |r: &BuildReport| match r.timing_met {
                    true => (true, r.clock_mhz, r.fmax_mhz),
                    false => (false, r.fmax_mhz - r.clock_mhz, 0.0),
                };
                let loser = match &best {
                    Some((_, other)) if worth(other) >= worth(&report) => Some(folder),
                    _ => best.replace((folder, report)).map(|(folder, _)| folder),
                };
                loser.map_or(Ok(()), |loser| remove_folder(&loser))?;
            }
            remove_folder(&rtl)?;
            fastest.ok_or_else(|| Error::new(ErrorKind::Failed, "there are no seeds to try"))
        })?;
        let (folder, mut report) =
            best.ok_or_else(|| Error::new(ErrorKind::Failed, "there is no clock to build for"))?;
        move_contents(&folder, work)?;
        fs::remove_dir(&folder).map_err(|e| Error::io("remove", &folder, e))?;
        report.tries = tries;
        report.warnings.extend(failures);
        report.seconds.insert("all tries".into(), began.elapsed().as_secs_f64());
        write_report(&report, work)?;
        match report.timing_met || request.allow_slow {
            true => Ok(report),
            false => Err(too_slow(&report)),
        }
    })
}

/// Says of which attempt it is what it hears.
struct Attempt<'a> {
    what: &'a str,
    watch: &'a dyn Watch,
}

impl Watch for Attempt<'_> {
    fn at(&self, now: Progress) {
        self.watch.at(now);
    }

    fn says(&self, text: &str) {
        self.watch.says(&format!("{}: {text}", self.what));
    }

    fn cancelled(&self) -> bool {
        self.watch.cancelled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clocks(mhz: impl IntoIterator<Item = u32>) -> Vec<Clock> {
        mhz.into_iter().map(|m| Clock { mhz: m.into(), pll: None, uart_divider: m as usize, baud: 1e6 }).collect()
    }

    /// The clocks that are tried of 90, 91, ... 199 when building for `c` MHz reaches `reached(c)`.
    fn run(start: u32, limit: usize, reached: impl Fn(f64) -> f64) -> Vec<(f64, bool)> {
        let tries = search(&clocks(90..200), (start - 90) as usize, limit, &mut |c| {
            let fmax_mhz = reached(c.mhz);
            Ok(Try { clock_mhz: c.mhz, synthesis: Vec::new(), fmax_mhz, timing_met: fmax_mhz >= c.mhz, best_seed: 1 })
        });
        tries.unwrap().iter().map(|t| (t.clock_mhz, t.timing_met)).collect()
    }

    #[test]
    fn a_design_that_always_reaches_the_same() {
        // too fast, then what it reached, then one more that fails
        assert_eq!(run(150, 6, |_| 142.7), [(150.0, false), (142.0, true), (143.0, false)]);
        assert_eq!(run(120, 6, |_| 142.7), [(120.0, true), (142.0, true), (143.0, false)]);
    }

    #[test]
    fn luck_upwards_is_followed() {
        let luck = |c: f64| if c == 142.0 { 145.5 } else { 142.5 };
        assert_eq!(run(150, 6, luck), [(150.0, false), (142.0, true), (145.0, false)]);
        // an unlucky first try does not hold the others back
        let luck = |c: f64| if c == 150.0 { 132.0 } else { 140.5 };
        assert_eq!(run(150, 6, luck), [(150.0, false), (132.0, true), (140.0, true), (141.0, false)]);
        let luck = |c: f64| if c < 146.0 { c + 1.5 } else { 142.5 };
        let expected = [(150.0, false), (142.0, true), (143.0, true), (144.0, true), (145.0, true), (146.0, false)];
        assert_eq!(run(150, 6, luck), expected);
    }

    #[test]
    fn bad_luck_steps_down_until_it_passes() {
        let bad = |c: f64| if c > 137.0 { c - 2.0 } else { 140.0 };
        let expected = [(150.0, false), (148.0, false), (146.0, false), (144.0, false)];
        assert_eq!(run(150, 4, bad), expected);
        // a clock just tried is not tried again
        let stuck = |c: f64| {
            if c > 140.0 {
                130.5
            } else if c > 128.0 {
                c - 0.5
            } else {
                128.0
            }
        };
        assert_eq!(run(150, 6, stuck), [(150.0, false), (130.0, false), (129.0, false), (128.0, true)]);
        let worse = |c: f64| if c == 150.0 { 130.5 } else { 129.9 };
        assert_eq!(run(150, 6, worse), [(150.0, false), (130.0, false), (129.0, true)]);
    }

    #[test]
    fn flags_of_a_board_without_abc9() {
        let flags = |all: &[&str]| all.iter().map(|flag| flag.to_string()).collect::<Vec<_>>();
        let (own, other) = (flags(&["-dsp"]), flags(&["-dsp", "-abc9"]));
        assert_eq!(tickets(&own, &[4, 5]), [(own.clone(), vec![4]), (other, vec![5])]);
        assert_eq!(tickets(&own, &[4]), [(own.clone(), vec![4])], "one seed is the board's");
    }

    #[test]
    fn the_ends_of_the_list() {
        assert_eq!(run(150, 6, |_| 20.0).len(), 2, "the slowest clock fails too");
        assert_eq!(run(150, 6, |_| 900.0), [(150.0, true), (199.0, true)]);
        assert!(search(&[], 0, 6, &mut |_| unreachable!()).unwrap().is_empty());
    }
}
