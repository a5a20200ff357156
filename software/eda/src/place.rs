//! Place and route, by nextpnr; and what it says about size and speed.

use crate::{
    board::Board,
    exec::{End, Output, Until},
    family::fill,
    report::Usage,
    tools::Tool,
};
use hopgate_model::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What nextpnr says of one seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Fmax of the slowest clock in MHz, none if nothing is clocked.
    pub fmax_mhz: Option<f64>,
    /// Used and available, by nextpnr's names (`ICESTORM_LC`, `DP16KD`, ...).
    pub utilisation: BTreeMap<String, Usage>,
    /// When and by what name the critical path passes the nets of the slowest clock.
    pub path: Vec<String>,
    /// That path as a whole.
    pub ends: Option<Ends>,
    /// Where each block RAM is, by its name in the netlist: iCE40 only.
    pub block_rams: BTreeMap<String, crate::asc::Place>,
}

/// Where the critical path begins and ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Ends {
    /// Its delay in nanoseconds, setup included.
    pub ns: f64,
    /// The cell that it starts from, as nextpnr packed it: a register or a memory.
    pub from: String,
    /// The cell where it ends.
    pub to: String,
}

impl Placed {
    /// How much of a resource is used, by its names; nothing of it if nextpnr does not mention it. Kinds of cells that share a place
    /// are as many as there are of the first.
    pub fn usage<S: AsRef<str>>(&self, names: &[S]) -> Usage {
        usage(&self.utilisation, names)
    }
}

fn usage<S: AsRef<str>>(utilisation: &BTreeMap<String, Usage>, names: &[S]) -> Usage {
    let of = |name: &S| utilisation.get(name.as_ref()).copied().unwrap_or(Usage { used: 0, available: 0 });
    let available = names.first().map_or(0, |name| of(name).available);
    Usage { used: names.iter().map(|name| of(name).used).sum(), available }
}

/// The arguments of nextpnr for one seed, with paths relative to the build folder.
///
/// Timing failures are allowed here because the flow judges them, over all seeds.
pub fn arguments(board: &Board, seed: u32, mhz: f64) -> Vec<String> {
    let (seed, mhz) = (seed.to_string(), mhz.to_string());
    let values = [
        ("device", board.device.as_str()),
        ("package", board.package.as_str()),
        ("part", board.family.part(&board.device)),
        ("mhz", mhz.as_str()),
        ("seed", seed.as_str()),
    ];
    fill(&board.family.data().place.arguments, &values, &board.flags.place)
}

/// Places and routes the netlist of the build folder `work` with one seed. Returns also the command line.
///
/// # Errors
/// [`ErrorKind::Fit`] if the device is too small, [`ErrorKind::Tool`] if nextpnr fails otherwise.
pub(crate) fn run(
    tool: &Tool,
    board: &Board,
    seed: u32,
    mhz: f64,
    work: &std::path::Path,
    until: Until,
) -> (String, Result<Placed>) {
    let run = tool.run().args(arguments(board, seed, mhz)).cwd(work).log(&work.join(format!("logs/place-{seed}.log")));
    let run = run.until(until);
    let line = run.line();
    let placed = run.output().and_then(|out| {
        if !out.succeeded() {
            let why = too_large(&out, board).or_else(|| too_long(&out, board));
            return Err(why.unwrap_or_else(|| match out.check() {
                Err(e) => e,
                Ok(()) => Error::new(ErrorKind::Tool, out.complaint()),
            }));
        }
        let path = work.join(format!("seeds/{seed}.json"));
        let text = std::fs::read_to_string(&path).map_err(|e| Error::io("read nextpnr's report", &path, e))?;
        let mut placed = parse_report(&text)?;
        let design = work.join(format!("seeds/{seed}.placed.json"));
        if design.exists() {
            let bytes = std::fs::read(&design).map_err(|e| Error::io("read nextpnr's design", &design, e))?;
            placed.block_rams = crate::memories::places(&bytes, board.family)?;
            std::fs::remove_file(&design).map_err(|e| Error::io("remove", &design, e))?;
        }
        Ok(placed)
    });
    (line, placed)
}

/// Reads what `--report` writes.
///
/// # Errors
/// [`ErrorKind::Tool`] if it is not such a report.
pub fn parse_report(text: &str) -> Result<Placed> {
    #[derive(Deserialize)]
    struct Report {
        #[serde(default)]
        fmax: BTreeMap<String, Fmax>,
        #[serde(default)]
        critical_paths: Vec<Path>,
        utilization: BTreeMap<String, Utilisation>,
    }
    /// From one clock, or the outside, to another.
    #[derive(Deserialize)]
    struct Path {
        from: String,
        to: String,
        path: Vec<Segment>,
    }
    #[derive(Deserialize)]
    struct Segment {
        delay: f64,
        to: Option<Pin>,
        net: Option<String>,
    }
    #[derive(Deserialize)]
    struct Pin {
        cell: String,
    }
    #[derive(Deserialize)]
    struct Fmax {
        achieved: f64,
    }
    #[derive(Deserialize)]
    struct Utilisation {
        used: u32,
        available: u32,
    }
    let report: Report = serde_json::from_str(text)
        .map_err(|e| Error::new(ErrorKind::Tool, format!("nextpnr's report cannot be read: {e}")).because(e))?;
    let usage = |u: Utilisation| Usage { used: u.used, available: u.available };
    let slowest = report.fmax.iter().min_by(|a, b| a.1.achieved.total_cmp(&b.1.achieved));
    // "posedge NET" on both sides is a path inside the clock domain; "<async>" is a pin
    let net = |edge: &str| edge.split_once(' ').map(|(_, net)| net.to_owned());
    let inside = |p: &&Path| p.from == p.to && net(&p.to).as_ref() == slowest.map(|(clock, _)| clock);
    let mut path = Vec::new();
    let mut passed = 0.0;
    let segments = report.critical_paths.iter().find(inside).map_or(&[][..], |p| &p.path);
    for segment in segments {
        passed += segment.delay;
        path.extend(segment.net.as_ref().map(|net| format!("{passed:.3} ns {net}")));
    }
    // the first segment is inside the first cell, and nextpnr 0.4 has another cell's name in its `from`
    let from = segments.first().and_then(|s| s.to.as_ref());
    let to = segments.last().and_then(|s| s.to.as_ref());
    let ends = from.zip(to).map(|(from, to)| Ends { ns: passed, from: from.cell.clone(), to: to.cell.clone() });
    Ok(Placed {
        ends,
        fmax_mhz: slowest.map(|(_, f)| f.achieved),
        path,
        block_rams: BTreeMap::new(),
        utilisation: report.utilization.into_iter().map(|(name, u)| (name, usage(u))).collect(),
    })
}

/// The table "Device utilisation" of nextpnr's log.
pub fn parse_utilisation(log: &str) -> BTreeMap<String, Usage> {
    let rows = log.lines().skip_while(|l| !l.contains("Device utilisation:")).skip(1);
    let row = |line: &str| {
        let (name, rest) = line.trim().strip_prefix("Info:")?.trim().split_once(':')?;
        let (used, rest) = rest.split_once('/')?;
        let available = rest.split_whitespace().next()?.parse().ok()?;
        Some((name.to_owned(), Usage { used: used.trim().parse().ok()?, available }))
    };
    rows.map_while(row).collect()
}

/// Whether a design needs more than the device has, so that no other seed can help.
pub(crate) fn is_hopeless(error: &Error) -> bool {
    error.kind() == ErrorKind::Fit && !error.to_string().contains(TOO_FULL)
}

/// What an error says when a design is below 100 %, and yet this seed found no place for every cell.
const TOO_FULL: &str = "is too full for";

/// The error for a design that does not fit, if that is why nextpnr failed.
fn too_large(out: &Output, board: &Board) -> Option<Error> {
    let log = format!("{}\n{}", out.stderr, out.stdout);
    let utilisation = parse_utilisation(&log);
    let over: Vec<String> = utilisation
        .iter()
        .filter(|(_, u)| u.used > u.available)
        .map(|(name, u)| {
            let excess = u.used - u.available;
            format!("{} {}, and there are {}: {excess} too many", u.used, board.family.resource(name), u.available)
        })
        .collect();
    let hint = "store fewer patterns or planes, or use a larger board; `fold` and `lanes` make the design smaller and slower; \
                `estimate` says what would fit";
    let title = &board.title;
    if !over.is_empty() {
        let text = format!("the design does not fit the {title}: it needs {}", over.join(", and "));
        return Some(Error::new(ErrorKind::Fit, text).hint(hint));
    }
    let full = ["utilisation limit", "no BELs remaining", "Failed to expand region"];
    full.iter().any(|sign| log.contains(sign)).then(|| {
        let cells = cells(&utilisation, board).map_or(String::new(), |cells| format!(" ({cells})"));
        let text = format!("the design {TOO_FULL} the {title}{cells}: {}", out.complaint());
        Error::new(ErrorKind::Fit, text).hint(hint)
    })
}

/// How many logic cells are used, if nextpnr came so far as to say it.
fn cells(utilisation: &BTreeMap<String, Usage>, board: &Board) -> Option<String> {
    let all = usage(utilisation, &board.family.data().resources.logic_cells);
    let share = 100.0 * f64::from(all.used) / f64::from(all.available.max(1));
    (all.available > 0).then(|| format!("{} of {} logic cells, {share:.0} %", all.used, all.available))
}

/// The error for a seed whose time was up, with how full the device is: the fuller, the longer it takes.
fn too_long(out: &Output, board: &Board) -> Option<Error> {
    let End::Timeout(seconds) = out.end else { return None };
    let utilisation = parse_utilisation(&format!("{}\n{}", out.stderr, out.stdout));
    let cells = cells(&utilisation, board).map_or(String::new(), |cells| format!("; the design takes {cells}"));
    let text = format!("{} had no result after {seconds:.0} s, and was stopped{cells}", out.name);
    Some(Error::new(ErrorKind::Tool, text).hint(
        "in a device that is nearly full it may never end: `fold` and `lanes` make the design smaller and slower; \
         or give each seed more time: `seed-time`",
    ))
}
