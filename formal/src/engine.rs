//! From Verilog and a property to a verdict: yosys makes a circuit, ABC decides it.

use crate::aig::Aig;
use hopgate_eda::{exec, tools};
use hopgate_model::{Error, ErrorKind, Result};
use std::path::Path;
use std::time::Duration;

/// How a property is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Property-directed reachability: for all time.
    Reachability,
    /// The same, after registers that are always equal were merged by induction: where a property counts what the design counts.
    Merged,
    /// Induction over one cycle: where all assertions hold, whatever the state is, they hold in the next cycle too.
    Induction,
    /// Unrolled for so many cycles. It takes an argument why they are enough.
    Cycles(usize),
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Engine::Reachability => f.write_str("reachability"),
            Engine::Merged => f.write_str("merged and reachability"),
            Engine::Induction => f.write_str("induction"),
            Engine::Cycles(n) => write!(f, "{n} cycles"),
        }
    }
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Proved,
    /// It does not: an assertion fails in this cycle.
    Refuted(usize),
    /// The engine gave up, and said this.
    Open(String),
}

/// What to read.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// A folder with the Verilog, its memory files and the property.
    pub folder: &'a Path,
    /// The Verilog files, the emitted one first.
    pub files: Vec<String>,
    /// The top module.
    pub top: &'a str,
    /// The start of the names of all emitted modules.
    pub prefix: &'a str,
    /// Whether the emitted modules' registers begin with anything, and not with zero.
    pub any_start: bool,
    /// Kinds of instances whose outputs are free, and after `=` one instance of the top module, or register (`KIND:NAME$q`).
    pub free: &'a [&'a str],
    /// `NAME` or `NAME=value`.
    pub defines: Vec<String>,
}

/// Makes the circuit, in the folder: `NAME.aig`.
///
/// # Errors
/// When yosys is missing, or rejects what it reads.
pub fn circuit(source: &Source, name: &str) -> Result<()> {
    let Source { folder, files, top, prefix, any_start, free, defines } = source;
    // what a wire of the property is joined to (see `hidden`) takes the attributes of that wire: beginning with zero is said last
    let (before, start) = if *any_start {
        (format!("setattr -unset init {prefix}_*/w:*; "), "")
    } else {
        (String::new(), "setundef -init -zero; ")
    };
    let defines: String = defines.iter().map(|d| format!(" -D{d}")).collect();
    let cut = |what: &&str| match what.strip_prefix('=') {
        Some(what) => match what.split_once(':') {
            Some((kind, register)) => format!("cutpoint {prefix}_{kind}/w:{register}; "),
            None => format!("cutpoint {top}/c:{what}; "),
        },
        // a module with a parameter has another name by now
        None => format!("cutpoint */t:{prefix}_{what}* */t:$paramod*{prefix}_{what}*; "),
    };
    let cuts: String = free.iter().map(cut).collect();
    // memories become one cell each first: of their parts, what is not yet said would be nought, whether they are read among it;
    // flip-flops without enables and resets of their own, for AIGER knows no others
    let plain = "-nodffe -nosdff";
    let script = format!(
        "read_verilog -sv -formal{defines} {files}; hierarchy -check -top {top}; proc; {cuts}{before}\
         flatten; memory_collect; {start}delete -output; opt {plain}; memory_map; opt -full {plain}; setundef -undriven -anyseq; techmap; opt {plain}; \
         dffunmap; abc -g AND -fast; opt_clean; write_aiger -I -B -zinit {name}.aig",
        files = files.join(" "),
    );
    tools::require("yosys")?.run().cwd(folder).args(["-q", "-p", &script]).timeout(Some(LIMIT)).run()?;
    Ok(())
}

/// Decides a circuit that [`circuit`] made. The engine gives up after `limit`.
///
/// # Errors
/// When ABC is missing, or says something unknown.
pub fn decide(folder: &Path, name: &str, engine: Engine, limit: Duration) -> Result<Verdict> {
    match engine {
        Engine::Induction => induct(folder, name, limit),
        Engine::Merged => decide_after(folder, name, "scorr; ", engine, limit),
        _ => decide_after(folder, name, "", engine, limit),
    }
}

/// The first cycle, then the step from any to the next.
fn induct(folder: &Path, name: &str, limit: Duration) -> Result<Verdict> {
    let first = decide_after(folder, name, "", Engine::Cycles(1), limit)?;
    if first != Verdict::Proved {
        return Ok(first);
    }
    let path = folder.join(format!("{name}.aig"));
    let bytes = std::fs::read(&path).map_err(|e| Error::io("read", &path, e))?;
    let path = folder.join("step.aig");
    std::fs::write(&path, Aig::parse(&bytes)?.step()?).map_err(|e| Error::io("write", &path, e))?;
    Ok(match decide_after(folder, "step", "", Engine::Cycles(2), limit)? {
        Verdict::Refuted(_) => Verdict::Open("what is asserted is not inductive".into()),
        other => other,
    })
}

/// The same after more commands of ABC, each with its semicolon.
///
/// # Errors
/// As [`decide`].
pub fn decide_after(folder: &Path, name: &str, before: &str, engine: Engine, limit: Duration) -> Result<Verdict> {
    let seconds = limit.as_secs().max(1);
    let command = match engine {
        Engine::Reachability | Engine::Merged | Engine::Induction => format!("pdr -T {seconds}"),
        Engine::Cycles(n) => format!("bmc3 -F {n} -T {seconds}"),
    };
    let output = exec::Run::new("yosys-abc", exec::find("yosys-abc")?)
        .cwd(folder)
        .args(["-c", &format!("read_aiger {name}.aig; fold; strash; {before}{command}")])
        .timeout(Some(limit + LIMIT))
        .run()?;
    verdict(&output.stdout, engine).ok_or_else(|| {
        Error::new(ErrorKind::Tool, format!("yosys-abc said neither yes nor no: {}", output.stdout.trim()))
            .hint("it should be the one that comes with yosys: `hopgate doctor` shows which that is")
    })
}

const LIMIT: Duration = Duration::from_secs(600);

fn verdict(text: &str, engine: Engine) -> Option<Verdict> {
    for line in text.lines() {
        if let Some((_, rest)) = line.split_once("was asserted in frame ") {
            let frame: String = rest.chars().take_while(char::is_ascii_digit).collect();
            return Some(Verdict::Refuted(frame.parse().ok()?));
        }
        if line.starts_with("Property proved") {
            return Some(Verdict::Proved);
        }
        if let (Engine::Cycles(n), Some(rest)) = (engine, line.strip_prefix("No output asserted in ")) {
            let frames: usize = rest.split(' ').next()?.parse().ok()?;
            return Some(if frames >= n { Verdict::Proved } else { Verdict::Open(line.to_owned()) });
        }
        if line.starts_with("Property UNDECIDED") {
            return Some(Verdict::Open(line.to_owned()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_abc_says() {
        let cycles = Engine::Cycles(13);
        let open = "No output asserted in 9 frames. Resource limit reached (timeout 1 sec). Time = 1.00 sec";
        let done = "No output asserted in 13 frames. Resource limit reached (conf limit 0). Time =     0.02 sec";
        let found = "Output 4 of miter \"qr\" was asserted in frame 14. Time =     0.05 sec";
        assert_eq!(verdict(done, cycles), Some(Verdict::Proved));
        assert_eq!(verdict(open, cycles), Some(Verdict::Open(open.into())));
        assert_eq!(verdict(found, cycles), Some(Verdict::Refuted(14)));
        assert_eq!(verdict("Property proved.  Time =     3.49 sec", Engine::Reachability), Some(Verdict::Proved));
        assert_eq!(verdict("** cmd error: unknown command", cycles), None);
    }
}
