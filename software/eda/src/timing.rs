//! Static timing: how fast a design is, by the slower of two judges.
//!
//! icetime reckons with longer wires than nextpnr, but does not see every path: not from logic through a global buffer to
//! clock enables and resets (`no driver model at ..._glb_netwk`), and not a carry that ends in the first cell of the next
//! tile, which has no driver in its netlist. nextpnr sees both. Where there is no icetime, nextpnr is the only judge.

use crate::{
    board::Board,
    exec::Until,
    family::fill,
    place::{Ends, Placed},
    tools::Tool,
};
use hopgate_model::{Error, ErrorKind, Result};
use std::{fs, path::Path};

/// What the judge says of a routed design.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// The highest clock frequency in MHz.
    pub fmax_mhz: f64,
    /// Who says so: `icetime` or `nextpnr`.
    pub judge: &'static str,
    /// When and by what name the critical path passes the nets that have one.
    pub path: Vec<String>,
}

/// What icetime says of the routed design of a seed. Returns also the command line.
///
/// # Errors
/// [`ErrorKind::Tool`] if icetime fails or does not name a frequency.
pub(crate) fn run(tool: &Tool, board: &Board, seed: u32, work: &Path, until: Until) -> (String, Result<Timing>) {
    let number = seed.to_string();
    let values = [("device", board.device.as_str()), ("package", &board.package), ("seed", &number)];
    let arguments = board.family.data().timing.as_ref().map_or(&[][..], |judge| &judge.arguments);
    let run = tool.run().args(fill(arguments, &values, &board.flags.timing));
    let run = run.cwd(work).log(&work.join(format!("logs/timing-{seed}.log"))).until(until);
    let line = run.line();
    let timing = run.run().and_then(|out| {
        let path = work.join(format!("seeds/{seed}.timing.txt"));
        fs::write(&path, &out.stdout).map_err(|e| Error::io("write", &path, e))?;
        parse(&out.stdout)
            .ok_or_else(|| Error::new(ErrorKind::Tool, format!("icetime names no frequency for seed {seed}")))
    });
    (line, timing)
}

/// What counts, if icetime said this: that, or what nextpnr said if it is less.
///
/// # Errors
/// [`ErrorKind::Io`] if the report cannot be written.
pub(crate) fn slower(icetime: Timing, placed: &Placed, seed: u32, work: &Path) -> Result<Timing> {
    match placed.fmax_mhz {
        Some(mhz) if mhz < icetime.fmax_mhz => of_nextpnr(placed, seed, work),
        _ => Ok(icetime),
    }
}

/// Takes what nextpnr itself said of a seed, and writes that where icetime's report would be.
///
/// # Errors
/// [`ErrorKind::Tool`] if it names no frequency, [`ErrorKind::Io`] if the report cannot be written.
pub(crate) fn of_nextpnr(placed: &Placed, seed: u32, work: &Path) -> Result<Timing> {
    let mhz = placed.fmax_mhz.filter(|mhz| mhz.is_finite() && *mhz > 0.0);
    let mhz = mhz.ok_or_else(|| Error::new(ErrorKind::Tool, format!("nextpnr names no frequency for seed {seed}")))?;
    let mut text = format!("nextpnr: {mhz:.2} MHz\n");
    if let Some(Ends { ns, from, to }) = &placed.ends {
        text += &format!("Total path delay: {ns:.2} ns\nfrom the cell {from}\nto the cell {to}\n");
    }
    text += "critical path:\n";
    placed.path.iter().for_each(|line| text += &format!("{line}\n"));
    let path = work.join(format!("seeds/{seed}.timing.txt"));
    fs::write(&path, text).map_err(|e| Error::io("write", &path, e))?;
    Ok(Timing { fmax_mhz: mhz, judge: "nextpnr", path: placed.path.clone() })
}

/// Reads a timing report of `icetime -t`; none if it names no (finite) frequency.
///
/// ```
/// let text = "Total number of logic levels: 17\nTotal path delay: 7.56 ns (132.23 MHz)\n";
/// assert_eq!(hopgate_eda::timing::parse(text).map(|t| t.fmax_mhz), Some(132.23));
/// ```
pub fn parse(text: &str) -> Option<Timing> {
    let total = text.lines().find_map(|l| l.trim().strip_prefix("Total path delay:"))?;
    let mhz: f64 = total.split_once('(')?.1.split_once(" MHz)")?.0.trim().parse().ok()?;
    let path = text.lines().skip_while(|l| !l.starts_with("Resolvable net names")).skip(1);
    let path = path.take_while(|l| !l.trim().is_empty()).map(|l| l.trim().to_owned()).collect();
    (mhz.is_finite() && mhz > 0.0).then_some(Timing { fmax_mhz: mhz, judge: "icetime", path })
}
