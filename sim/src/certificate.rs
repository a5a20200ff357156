//! The certificate of a build: what was compared from the model to the bitstream, and the SHA-256 of every file on the way.
//!
//! A certificate is `certificate.json`. Its `chain` lists the files from the patterns to the bitstream. Each has its own hash,
//! and `chain`, which binds it to all files before it:
//!
//! ```text
//! chain[i] = SHA-256 of the text  chain[i-1] + "\n" + what[i] + "\n" + sha256[i]      chain[-1] is empty
//! ```
//!
//! Paths are relative to the folder of the certificate. `certificate_sha256` is the SHA-256 of the other lines of the file.

use crate::chip::Origin;
use hopgate_eda::{finished::Finished, pack::sha256};
use hopgate_files::{atomic, folder, npz};
use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::{Component, Path, PathBuf};

/// What `format` says.
pub const FORMAT: &str = "hopgate-certificate";
/// The version that is written and read.
pub const VERSION: u32 = 1;
/// The rung of a board that was asked through its port.
pub const PORT: &str = "port";
/// The name of the file.
pub const FILE: &str = "certificate.json";
const SELF_HASH: &str = "certificate_sha256";

/// A certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The version of hopgate that made it.
    pub hopgate: String,
    /// The board's name.
    pub board: String,
    /// Device and package.
    pub device: String,
    /// The content hash of the memory, as its manifest and the header of its Verilog have it.
    pub memory: String,
    /// SHA-256 of the bitstream.
    pub bitstream: String,
    /// Where the cues come from.
    pub cues: String,
    /// Every rung, from the model down to the bitstream.
    pub rungs: Vec<Rung>,
    /// The first rung that is not what it should be; none if all are.
    pub first_difference: Option<String>,
    /// The files from the patterns to the bitstream, and the cues.
    pub chain: Vec<Linked>,
    /// The tools, by what they say about themselves.
    pub tools: Vec<String>,
    /// SHA-256 of the file's other lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_sha256: Option<String>,
}

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// What is looked at.
    pub name: String,
    /// What it is compared with.
    pub against: String,
    /// What is compared.
    pub compared: String,
    /// On how many cues; none where it is files that are compared.
    pub cues: Option<usize>,
    /// What came out.
    pub result: Outcome,
    /// The rate of agreement, the first difference, or why it was skipped.
    pub detail: Option<String>,
    /// Clock cycles simulated.
    pub cycles: Option<u64>,
    /// The rate of agreement in numbers, where equality is not demanded.
    pub agreement: Option<Value>,
}

/// What came out of a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Equal, as demanded.
    Equal,
    /// Not equal, although demanded.
    Differs,
    /// A rate of agreement is stated; equality is not demanded.
    Stated,
    /// Not looked at.
    Skipped,
}

/// A file of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linked {
    /// What it is: `patterns`, `model`, `memory`, `verilog`, `constraints`, `netlist`, `routed`, `bitstream`, `record` or `cues`.
    pub what: String,
    /// Where it is, from the folder of the certificate.
    pub file: String,
    /// What made it.
    pub made_by: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The hash that binds it to all before it.
    pub chain: String,
}

/// A file to be linked.
#[derive(Debug, Clone)]
pub struct ToLink {
    /// As [`Linked::what`].
    pub what: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// As [`Linked::made_by`].
    pub made_by: String,
}

/// Hashes files, in order; their paths become relative to `folder`, which must exist.
///
/// # Errors
/// [`ErrorKind::Io`] for a file that cannot be read.
pub fn link(files: &[ToLink], folder: &Path) -> Result<Vec<Linked>> {
    let mut last = String::new();
    let one = |f: &ToLink| {
        let sha256 = sha256(&npz::read_file(&f.path)?);
        let chain = bind(&last, f.what, &sha256);
        last.clone_from(&chain);
        let file = relative(&f.path, folder)?;
        Ok(Linked { what: f.what.into(), file, made_by: f.made_by.clone(), sha256, chain })
    };
    files.iter().map(one).collect()
}

fn bind(last: &str, what: &str, hash: &str) -> String {
    sha256(format!("{last}\n{what}\n{hash}").as_bytes())
}

/// The path of a file as seen from a folder.
fn relative(file: &Path, folder: &Path) -> Result<String> {
    let full = |path: &Path| std::fs::canonicalize(path).map_err(|e| Error::io("open", path, e));
    let (file, folder) = (full(file)?, full(folder)?);
    let shared = file.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(file.components().skip(shared)).collect();
    Ok(path.display().to_string())
}

impl Certificate {
    /// Writes it.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] with the path.
    pub fn save(&self, path: &Path) -> Result<()> {
        let json = |c: &Certificate| {
            let text = serde_json::to_string_pretty(c);
            text.map_err(|e| {
                Error::new(ErrorKind::Failed, format!("the certificate cannot be written: {e}")).because(e)
            })
        };
        let mut signed = Certificate { certificate_sha256: Some(String::new()), ..self.clone() };
        signed.certificate_sha256 = Some(self_hash(&json(&signed)?));
        atomic::write(path, (json(&signed)? + "\n").as_bytes())
    }

    /// Reads one, and sees that nobody edited it.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is none; [`ErrorKind::Format`] if it is no certificate, or was edited.
    pub fn load(path: &Path) -> Result<Certificate> {
        let bad = |what: String| Error::new(ErrorKind::Format, format!("{}: {what}", path.display()));
        let bytes = npz::read_file(path)?;
        let text = String::from_utf8(bytes).map_err(|_| bad("this is no certificate: it is no text".into()))?;
        let certificate: Certificate =
            serde_json::from_str(&text).map_err(|e| bad(format!("this is no certificate: {e}")))?;
        if certificate.format != FORMAT || certificate.version != VERSION {
            return Err(bad(format!("this is {} {}, not {FORMAT} {VERSION}", certificate.format, certificate.version)));
        }
        if certificate.certificate_sha256.as_deref() != Some(&self_hash(text.trim_end())) {
            return Err(bad(format!("it was damaged or edited: {SELF_HASH} is not that of its other lines")));
        }
        Ok(certificate)
    }

    /// The first rung that is not what was demanded, by the rungs themselves.
    pub fn broken_rung(&self) -> Option<&Rung> {
        self.rungs.iter().find(|r| r.result == Outcome::Differs)
    }

    /// What the certificate says of itself that cannot be true of one: its own hash shows only that nobody edited it afterwards.
    fn is_of_one_mind(&self) -> std::result::Result<(), String> {
        if self.rungs.is_empty() {
            return Err("it has no rungs: nothing was compared".into());
        }
        let (says, is) = (self.first_difference.as_deref(), self.broken_rung().map(|r| r.name.as_str()));
        if says != is {
            let named = |rung: Option<&str>| rung.map_or("no rung".into(), |name| format!("the rung {name}"));
            return Err(format!("it says that {} differs first, but by its rungs {} does", named(says), named(is)));
        }
        Ok(())
    }

    /// Hashes every file again. Returns what is wrong, in words: nothing if all is as it was.
    ///
    /// `folder` is that of the certificate. Nothing is simulated.
    pub fn check(&self, folder: &Path) -> Vec<String> {
        let (mut wrong, mut last) = (Vec::from_iter(self.is_of_one_mind().err()), String::new());
        for linked in &self.chain {
            match npz::read_file(&folder.join(&linked.file)) {
                Err(e) => wrong.push(format!("{} ({}): {e}", linked.file, linked.what)),
                Ok(bytes) if sha256(&bytes) != linked.sha256 => {
                    wrong.push(format!("{} ({}) is not the file that was certified", linked.file, linked.what));
                }
                Ok(_) => (),
            }
            last = bind(&last, &linked.what, &linked.sha256);
            if last != linked.chain {
                wrong.push(format!("the chain is broken at {} ({})", linked.file, linked.what));
            }
        }
        if wrong.is_empty() {
            wrong.extend(self.contradictions(folder));
        }
        wrong
    }

    /// What the files say of each other, where that contradicts the certificate.
    fn contradictions(&self, folder: &Path) -> Vec<String> {
        let parent = |what: &str| {
            let file = self.chain.iter().find(|l| l.what == what)?;
            Some(folder.join(&file.file).parent()?.to_owned())
        };
        let mut wrong = Vec::new();
        let mut say = |found: Result<String>, should: &str, whose: &str| match found {
            Ok(hash) if hash == should => (),
            Ok(_) => wrong.push(format!("{whose} is another one than the certificate says")),
            Err(e) => wrong.push(format!("{whose}: {e}")),
        };
        if let Some(memory) = parent("memory") {
            let proved = |s: folder::Stored| s.prove().map(|()| folder::hash(&s.memory));
            say(folder::open(&memory).and_then(proved), &self.memory, "the memory");
        }
        if let Some(build) = parent("bitstream").map(|b| Finished::open(&b)) {
            let origin = |b: &Finished| Origin::of(b).map(|o| o.memory);
            match build {
                Ok(b) => say(origin(&b), &self.memory, "the memory that the Verilog names"),
                Err(e) => say(Err(e), "", "the build"),
            }
        }
        match self.chain.iter().find(|l| l.what == "bitstream") {
            Some(l) => say(Ok(l.sha256.clone()), &self.bitstream, "the bitstream"),
            // that of a board at a port: what configured it is not seen there
            None if self.bitstream.is_empty() && self.rungs.iter().any(|rung| rung.name == PORT) => {}
            None => wrong.push("the chain has no bitstream".into()),
        }
        wrong
    }
}

/// SHA-256 of the lines, without the one that holds it.
fn self_hash(text: &str) -> String {
    let key = format!("\"{SELF_HASH}\":");
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with(&key)).collect();
    sha256(lines.join("\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(results: &[(&str, Outcome)], first: Option<&str>) -> Certificate {
        let rung = |&(name, result): &(&str, Outcome)| Rung {
            name: name.into(),
            against: String::new(),
            compared: String::new(),
            cues: None,
            result,
            detail: None,
            cycles: None,
            agreement: None,
        };
        Certificate {
            format: FORMAT.into(),
            version: VERSION,
            hopgate: String::new(),
            board: String::new(),
            device: String::new(),
            memory: String::new(),
            bitstream: String::new(),
            cues: String::new(),
            rungs: results.iter().map(rung).collect(),
            first_difference: first.map(str::to_owned),
            chain: Vec::new(),
            tools: Vec::new(),
            certificate_sha256: None,
        }
    }

    /// A hash of its own shows that nobody edited a certificate, and not that it was right when it was signed.
    #[test]
    fn a_certificate_must_not_contradict_itself() {
        use Outcome::{Differs, Equal, Skipped, Stated};
        let home = tempfile::tempdir().unwrap();
        type Case<'a> = (&'a [(&'a str, Outcome)], Option<&'a str>, Option<&'a str>);
        let cases: [Case; 7] = [
            (&[("a", Stated), ("b", Equal), ("c", Skipped)], None, None),
            (&[("a", Equal), ("b", Differs), ("c", Differs)], Some("b"), None),
            (&[("a", Equal), ("b", Differs)], None, Some("no rung differs first, but by its rungs the rung b does")),
            (
                &[("a", Differs), ("b", Differs)],
                Some("b"),
                Some("the rung b differs first, but by its rungs the rung a does"),
            ),
            (
                &[("a", Equal), ("b", Skipped)],
                Some("b"),
                Some("the rung b differs first, but by its rungs no rung does"),
            ),
            (&[("a", Equal)], Some("x"), Some("the rung x")),
            (&[], None, Some("it has no rungs")),
        ];
        for (results, first, expected) in cases {
            let path = home.path().join(FILE);
            certificate(results, first).save(&path).unwrap();
            // the hash is right, so it is read
            let wrong = Certificate::load(&path).unwrap().check(home.path());
            let found = wrong.iter().find(|w| w.contains("rungs"));
            assert_eq!(found.is_some(), expected.is_some(), "{wrong:?}");
            assert!(expected.is_none_or(|e| found.is_some_and(|f| f.contains(e))), "{wrong:?}");
        }
    }

    /// What was certified is a file; a pipe in its place is not waited for.
    #[test]
    fn a_pipe_is_not_what_was_certified() {
        let home = tempfile::tempdir().unwrap();
        let pipe = home.path().join("cues.npy");
        if !std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|m| m.success()) {
            println!("skipped: no mkfifo");
            return;
        }
        let hash = sha256(b"");
        let mut c = certificate(&[("a", Outcome::Equal)], None);
        let chain = bind("", "cues", &hash);
        c.chain =
            vec![Linked { what: "cues".into(), file: "cues.npy".into(), made_by: String::new(), sha256: hash, chain }];
        let wrong = c.check(home.path());
        assert!(wrong.iter().any(|w| w.contains("cues.npy") && w.contains("a pipe or a device")), "{wrong:?}");
    }
}
