//! What lies in the folder of a run.

use super::value::{count, text};
use hopgate_files::{
    folder::{self, Stored},
    npz, patterns,
    trace::Trace,
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, kind::Kind, memory::Memory};
use serde_json::Value;
use std::path::Path;

/// What `format` says in the report of a build.
const BUILD: &str = "hopgate-build";
/// What `format` says in a certificate.
const CERTIFICATE: &str = "hopgate-certificate";

/// A memory, the cues that it was asked, and the answers of the hardware.
pub struct Asked {
    /// The memory.
    pub stored: Stored,
    /// The cues, (Q, N).
    pub cues: BitMatrix,
    /// The answers to them.
    pub trace: Trace,
}

/// A run.
pub struct Run {
    /// `report.json` of a demonstration; null in the folder of a build or a certificate alone.
    pub report: Value,
    /// What `report.json` of the build says; null without one.
    pub build: Value,
    /// `certificate.json`; null without one.
    pub certificate: Value,
    /// The memory with its cues, if all of them are there.
    pub asked: Option<Asked>,
}

impl Run {
    /// Reads what is there.
    pub fn open(folder: &Path) -> Result<Run> {
        std::fs::read_dir(folder).map_err(|e| Error::io("open the folder", folder, e))?;
        let [report, certificate] = ["report.json", "certificate.json"].map(|name| json(&folder.join(name)));
        let (report, certificate) = (report?, certificate?);
        if report.is_null() && certificate.is_null() {
            let what = format!("{} has no report: there is neither report.json nor certificate.json", folder.display());
            return Err(Error::new(ErrorKind::Io, what).hint("give the folder that `demo`, `build` or `verify` made"));
        }
        if !certificate.is_null() && text(&certificate, "/format") != Some(CERTIFICATE) {
            return Err(other(&folder.join("certificate.json"), "certificate"));
        }
        let (report, build) = match text(&report, "/format") {
            Some(BUILD) => (Value::Null, report),
            Some(_) => return Err(other(&folder.join("report.json"), "report of a run")),
            None => {
                let build = report.get("build").cloned().unwrap_or_default();
                (report, build)
            }
        };
        if !report.is_null() && !report.is_object() || !build.is_null() && text(&build, "/format") != Some(BUILD) {
            return Err(other(&folder.join("report.json"), "report of a run"));
        }
        let asked = if report.is_null() { None } else { Asked::open(folder)? };
        Ok(Run { report, build, certificate, asked })
    }

    /// What the run was about.
    pub fn title(&self) -> String {
        let source = text(&self.report, "/patterns/source").or(text(&self.report, "/keys/source"));
        match (source, self.board()) {
            (Some(source), Some(board)) => format!("{source} on {board}"),
            (Some(source), None) => source.to_owned(),
            (None, Some(board)) if self.report.get("lessons").is_some() => format!("A board that learns: {board}"),
            (None, Some(board)) => format!("A build for {board}"),
            (None, None) => "A certificate".to_owned(),
        }
    }

    /// The same in a line below.
    pub fn subtitle(&self) -> String {
        let version = text(&self.report, "/version")
            .or(text(&self.build, "/design/hopgate"))
            .or(text(&self.certificate, "/hopgate"))
            .map_or(String::new(), |version| format!(" {version}"));
        format!("A report by hopgate{version}. Every number here stands in the files of the run.")
    }

    /// The board that it was built for.
    pub fn board(&self) -> Option<&str> {
        text(&self.build, "/board").or(text(&self.certificate, "/board"))
    }

    /// What the memory holds in numbers, by the report or the design.
    pub fn size(&self, name: &str) -> Option<u64> {
        let places = [format!("/patterns/{name}"), format!("/keys/{name}"), format!("/memory/{name}")];
        let of_report = places.iter().find_map(|place| count(&self.report, place));
        of_report.or_else(|| count(&self.build, &format!("/design/shape/{name}")))
    }
}

impl Asked {
    fn open(folder: &Path) -> Result<Option<Asked>> {
        let [memory, cues, trace] = ["memory", "cues.npy", "trace.npz"].map(|name| folder.join(name));
        if !(folder::is_memory(&memory) && cues.is_file() && trace.is_file()) {
            return Ok(None);
        }
        let stored = folder::open(&memory)?;
        let cues = patterns::load_queries(&cues, stored.memory.neurons())?.bits;
        let trace = Trace::load(&trace)?;
        if let Some(what) = unlike(&stored.memory, &cues, &trace) {
            let hint = "memory, cues.npy and trace.npz are not of one run: make it again";
            return Err(Error::new(ErrorKind::Value, what).at(folder.join("trace.npz").display()).hint(hint));
        }
        Ok(Some(Asked { stored, cues, trace }))
    }

    /// Height and width of the patterns as pictures: as they were, or nearly square.
    pub fn shape(&self) -> (usize, usize) {
        self.stored.manifest.picture_or_square()
    }

    /// The name of a pattern: its label, or its number.
    pub fn name(&self, mu: usize) -> String {
        let labels = self.stored.memory.parts().labels.as_ref();
        labels.and_then(|all| all.get(mu)).map_or_else(|| format!("pattern {mu}"), |label| format!("{mu}: {label}"))
    }

    /// The name of a class: its own, or its number.
    pub fn class(&self, c: usize) -> String {
        let names = self.stored.memory.parts().classes.as_ref();
        names.and_then(|all| all.get(c)).cloned().unwrap_or_else(|| c.to_string())
    }
}

/// Why a trace is none of this memory and these cues.
fn unlike(memory: &Memory, cues: &BitMatrix, trace: &Trace) -> Option<String> {
    let (outputs, kind) = (memory.outputs(), memory.kind());
    if trace.steps.len() != cues.rows() {
        return Some(format!("there are {} answers to {} cues", trace.steps.len(), cues.rows()));
    }
    let (expected, found) = (kind == Kind::Class, trace.ranking.is_some());
    if expected != found {
        let what = if found { "classes" } else { "no classes" };
        return Some(format!("the answers are {what}, but the memory is of kind {kind}"));
    }
    if !found && trace.state.cols() != outputs {
        return Some(format!("the answers have {} bits, but the memory's {outputs}", trace.state.cols()));
    }
    let beyond = trace.ranking.iter().flatten().map(|r| r.class.max(r.second)).find(|&c| c >= outputs);
    beyond.map(|c| format!("an answer is class {c}, but the memory has classes 0 to {}", outputs - 1))
}

/// A file as JSON; null if there is none.
fn json(path: &Path) -> Result<Value> {
    if !path.exists() {
        return Ok(Value::Null);
    }
    let bytes = npz::read_up_to(path, 64 << 20)?;
    serde_json::from_slice(&bytes).map_err(|e| {
        let what = format!("{} is no JSON: {e}", path.display());
        Error::new(ErrorKind::Format, what).hint("it is damaged: make the run again")
    })
}

fn other(path: &Path, wanted: &str) -> Error {
    let what = format!("{} is not a {wanted}", path.display());
    Error::new(ErrorKind::Format, what).hint("give the folder that `demo`, `build` or `verify` made")
}
