//! The state of the external tools on this machine: which are there, work, and are new enough.

pub use crate::catalogue::{Source, TOOLS, ToolInfo, how_to_get, info};
use crate::{
    catalogue::{Probe, variable},
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
    let variable = variable(name);
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
