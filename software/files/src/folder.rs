//! A memory on disk: a folder that numpy alone can open.
//!
//! | file | |
//! |---|---|
//! | `manifest.json` | [`Manifest`] |
//! | `patterns.npy` | uint8 `(P, N)` of 0 and 1 |
//! | `planes.npy` | uint8 `(k, P, M)` of 0 and 1, plane `k-1` the most significant |
//! | `kernel.npy` | uint32 `(k, N+1)`, each entry below `2^kernel_bits`, indexed by `e` |
//! | `offset.npy` | int32 `(N+1)`, indexed by `e` |
//! | `labels.json` | optional: a list of `P` strings |
//! | `classes.json` | optional, of kind `class`: a list of `M` strings |
//!
//! `sha256` in the manifest, and [`hash`], is the SHA-256 of the elements of `patterns`, `planes`, `kernel` and
//! `offset`, in this order, each in C order and little endian, without the headers. In Python:
//!
//! ```python
//! import hashlib, json, numpy as np
//! h = hashlib.sha256()
//! for name, kind in [("patterns", "u1"), ("planes", "u1"), ("kernel", "<u4"), ("offset", "<i4")]:
//!     h.update(np.load(f"memory/{name}.npy").astype(kind).tobytes())
//! m = json.load(open("memory/manifest.json"))
//! if m["version"] == 2:
//!     h.update(m["kind"].encode() + np.uint32(m["radius"]).tobytes())
//! assert h.hexdigest() == m["sha256"]
//! ```
//!
//! It identifies the stored content. Two more guards find out *what* was damaged: `files` holds the
//! SHA-256 of each other file as `sha256sum` prints it, and `manifest_sha256` that of the manifest's own
//! lines except the one it stands in. Programs that write a memory may leave these two out.
//!
//! A memory that is read while another takes its place is the one or the other: see `handle`.

mod handle;
mod read;

use crate::{atomic, npy, npz, temporary};
use handle::Handle;
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, kernel::KernelMode, kind::Kind, memory::Memory};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, path::Path};

/// What `format` says.
pub const FORMAT: &str = "hopgate-memory";
/// The newest version. An auto-associative memory whose every answer is known is written as version 1, which means the same.
pub const VERSION: u64 = 2;

/// The largest `manifest.json` that is read.
const MAX_MANIFEST: u64 = 16 << 20;
/// The largest `labels.json` that is read.
const MAX_LABELS: u64 = 256 << 20;

const MANIFEST: &str = "manifest.json";
const LABELS: &str = "labels.json";
const CLASSES: &str = "classes.json";
const ARRAYS: [&str; 4] = ["patterns.npy", "planes.npy", "kernel.npy", "offset.npy"];
const SELF_HASH: &str = "manifest_sha256";

/// What to do where there is no memory.
const MAKES_ONE: &str = "`quantize` makes one of a model";

/// What `manifest.json` says. Unknown fields are refused: a new field is a new version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// 1 or [`VERSION`].
    pub version: u64,
    /// Version 2: what a recall answers. Of version 1: auto.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// `N`, 1..=16384.
    pub neurons: usize,
    /// Version 2: `M`, at most as many as the kind can have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs: Option<usize>,
    /// `P`, at least 1.
    pub patterns: usize,
    /// `k`, 1..=16.
    pub planes: usize,
    /// Whether plane `k-1` equals the patterns (derived).
    pub top_plane_is_pattern: bool,
    /// Bits of a kernel entry, 4..=16.
    pub kernel_bits: u32,
    /// What the columns are indexed by.
    pub kernel_mode: KernelMode,
    /// Width of a signed accumulator (derived).
    pub accumulator_bits: u32,
    /// The most steps of a recall, 1..=255; the length of a sequence.
    pub max_steps: u32,
    /// Version 2: an answer is known if its nearest pattern is at most this far, 0..=N.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius: Option<u32>,
    /// The kernel's gamma, for the record.
    pub gamma: f64,
    /// The largest `e` with a nonzero entry (derived).
    pub reach: u32,
    /// How the planes were made, for the record.
    #[serde(default)]
    pub scheme: String,
    /// [`hash`] of the memory.
    pub sha256: String,
    /// SHA-256 of each file beside the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<BTreeMap<String, String>>,
    /// Whatever the writer wants to keep with the memory.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub info: serde_json::Map<String, serde_json::Value>,
    /// SHA-256 of the manifest's other lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_sha256: Option<String>,
}

impl Manifest {
    /// What a recall answers.
    pub fn kind(&self) -> Kind {
        self.kind.unwrap_or_default()
    }

    /// `M`, which is `N` in version 1.
    pub fn outputs(&self) -> usize {
        self.outputs.unwrap_or(self.neurons)
    }

    /// How far the nearest pattern of a known answer may be: any distance, in version 1.
    pub fn radius(&self) -> u32 {
        self.radius.unwrap_or(self.neurons as u32)
    }

    /// Height and width of the patterns, where they were pictures: as the writer kept it of the patterns, or of the model.
    pub fn picture(&self) -> Option<(usize, usize)> {
        let kept = self.info.get("shape").or_else(|| self.info.get("model")?.get("shape"))?;
        let (height, width): (usize, usize) = serde_json::from_value(kept.clone()).ok()?;
        (height.checked_mul(width) == Some(self.neurons)).then_some((height, width))
    }

    /// The same, or nearly square.
    pub fn picture_or_square(&self) -> (usize, usize) {
        let width = self.neurons.isqrt() + usize::from(self.neurons.isqrt().pow(2) < self.neurons);
        self.picture().unwrap_or((self.neurons.div_ceil(width.max(1)), width.max(1)))
    }
}

/// The lowest version that can say what this memory is.
fn version_of(memory: &Memory) -> u64 {
    let first = memory.kind() == Kind::Auto && memory.radius() as usize == memory.neurons();
    if first { 1 } else { VERSION }
}

fn hex(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

/// The hash that identifies a memory, in hexadecimal digits: see the page of this module.
pub fn hash(memory: &Memory) -> String {
    hex(digest(memory))
}

/// The hash that identifies a memory, as bytes.
pub fn digest(memory: &Memory) -> [u8; 32] {
    let mut sha = Sha256::new();
    for m in std::iter::once(memory.patterns()).chain(memory.planes()) {
        sha.update(m.to_bytes());
    }
    for w in memory.kernel().iter().flatten() {
        sha.update(w.to_le_bytes());
    }
    for o in memory.offset() {
        sha.update(o.to_le_bytes());
    }
    if version_of(memory) > 1 {
        sha.update(memory.kind().name());
        sha.update(memory.radius().to_le_bytes());
    }
    sha.finalize().into()
}

/// The files of a memory folder, by their names; `info` is kept in the manifest for the record (the model it was made from, say). The
/// same memory gives the same bytes.
///
/// ```
/// use hopgate_files::folder;
/// use hopgate_model::{bits::BitMatrix, memory::{Memory, Parts}};
/// let patterns = BitMatrix::from_fn(2, 3, |mu, _| mu == 1);
/// let kernel = vec![vec![9, 1, 0, 0]];
/// let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel, gamma: 0.5, ..Parts::of(patterns) })?;
/// let files = folder::to_files(&memory, &Default::default())?;
/// assert_eq!(folder::from_files(&files)?.memory.patterns(), memory.patterns());
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Value`] if the memory's gamma is none.
pub fn to_files(
    memory: &Memory,
    info: &serde_json::Map<String, serde_json::Value>,
) -> Result<BTreeMap<String, Vec<u8>>> {
    let parts = memory.parts();
    let (p, n, k) = (parts.patterns.rows(), parts.patterns.cols(), parts.planes.len());
    let (m, version) = (memory.outputs(), version_of(memory));
    check_gamma(parts.gamma)?;
    let json = |e: serde_json::Error| Error::new(ErrorKind::Value, e.to_string()).because(e);
    let mut files = vec![
        (ARRAYS[0], npy::encode(&[p, n], parts.patterns.to_bytes())),
        (ARRAYS[1], npy::encode(&[k, p, m], parts.planes.iter().flat_map(BitMatrix::to_bytes))),
        (ARRAYS[2], npy::encode(&[k, n + 1], parts.kernel.iter().flatten().copied())),
        (ARRAYS[3], npy::encode(&[n + 1], parts.offset.iter().copied())),
    ];
    for (file, names) in [(LABELS, &parts.labels), (CLASSES, &parts.classes)] {
        if let Some(names) = names {
            files.push((file, (serde_json::to_string_pretty(names).map_err(json)? + "\n").into_bytes()));
        }
    }
    let mut manifest = Manifest {
        format: FORMAT.into(),
        version,
        kind: (version > 1).then_some(memory.kind()),
        neurons: n,
        outputs: (version > 1).then_some(m),
        patterns: p,
        planes: k,
        top_plane_is_pattern: memory.top_plane_is_pattern(),
        kernel_bits: parts.kernel_bits,
        kernel_mode: parts.kernel_mode,
        accumulator_bits: memory.accumulator_bits(),
        max_steps: parts.max_steps,
        radius: (version > 1).then_some(parts.radius),
        gamma: parts.gamma,
        reach: memory.reach(),
        scheme: parts.scheme.clone(),
        sha256: hash(memory),
        files: Some(files.iter().map(|(name, bytes)| (name.to_string(), hex(Sha256::digest(bytes)))).collect()),
        info: info.clone(),
        manifest_sha256: Some(String::new()),
    };
    // every line is final but the hash's own, which does not count
    let draft = serde_json::to_string_pretty(&manifest).map_err(json)? + "\n";
    manifest.manifest_sha256 = Some(self_hash(&draft));
    let text = serde_json::to_string_pretty(&manifest).map_err(json)? + "\n";
    files.push((MANIFEST, text.into_bytes()));
    Ok(files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect())
}

/// Writes a memory folder whole, replacing one that is there: [`to_files`].
///
/// # Errors
/// As [`to_files`]; [`ErrorKind::Io`] if it cannot be written, or if there is a folder with files that are no memory's.
pub fn save(memory: &Memory, path: &Path, info: &serde_json::Map<String, serde_json::Value>) -> Result<()> {
    let files = to_files(memory, info)?;
    atomic::folder(path, is_memory, |new| {
        files.iter().try_for_each(|(name, bytes)| atomic::write(&new.join(name), bytes))
    })
}

/// Whether a folder holds a memory, of any version, and nothing else: only then may it be replaced.
pub fn is_memory(path: &Path) -> bool {
    let known = |name: &std::ffi::OsStr| {
        [MANIFEST, LABELS, CLASSES].iter().any(|n| name == *n)
            || ARRAYS.iter().any(|a| name == *a)
            || temporary::is_temporary(name)
    };
    let only_ours = std::fs::read_dir(path)
        .is_ok_and(|mut entries| entries.all(|e| e.is_ok_and(|e| known(&e.file_name()) && !e.path().is_dir())));
    let manifest = npz::read_file(&path.join(MANIFEST)).ok().filter(|bytes| bytes.len() as u64 <= MAX_MANIFEST);
    let json: Option<serde_json::Value> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    only_ours && json.is_some_and(|j| j.get("format").and_then(|f| f.as_str()) == Some(FORMAT))
}

/// Reads and checks `manifest.json` by itself; `path` is the folder.
///
/// # Errors
/// [`ErrorKind::Io`] if there is none, [`ErrorKind::Format`] if it is damaged or of another version.
pub fn manifest(path: &Path) -> Result<Manifest> {
    Handle::read_whole(path, |folder| Ok(read::manifest(folder)?.0))
}

/// A memory as it is stored.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The memory.
    pub memory: Memory,
    /// Its manifest.
    pub manifest: Manifest,
    /// The bytes of `manifest.json`.
    pub text: Vec<u8>,
    place: String,
}

impl Stored {
    /// Proves the width that the manifest states for the accumulators. [`load`] believes it where the manifest has the right hash of its own, since
    /// whoever wrote that has proved it, or lied: nothing but this finds a lie. Hardware is not made by it: see [`Memory::accumulator_bits`].
    ///
    /// A wider one than the arrays need holds every sum too: whoever wrote that had a looser bound.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if it is less than the arrays need.
    pub fn prove(&self) -> Result<()> {
        let (says, is) = (self.manifest.accumulator_bits, self.memory.accumulator_bits());
        if says < is {
            let what = format!("accumulator_bits is {says}, but the arrays need {is}");
            return Err(Error::new(ErrorKind::Value, what)
                .at(&self.place)
                .hint("the program that wrote this memory is wrong: quantize the model again"));
        }
        Ok(())
    }
}

/// Reads a memory folder and checks every shape, value and hash, and that the manifest's derived fields
/// are those derived again from the arrays (`accumulator_bits`: see [`Stored::prove`]).
///
/// # Errors
/// [`ErrorKind::Io`] for a missing file, [`ErrorKind::Format`] and [`ErrorKind::Value`] for a damaged one; each
/// names the file and what is wrong in it.
pub fn load(path: &Path) -> Result<Memory> {
    Ok(open(path)?.memory)
}

/// [`load`] from the files themselves, by their names, as [`to_files`] gives them.
///
/// # Errors
/// As [`load`]; a missing file is of [`ErrorKind::Format`].
pub fn from_files(files: &BTreeMap<String, Vec<u8>>) -> Result<Stored> {
    read::memory(&read::Given(files))
}

/// [`load`] with what is stored beside the memory.
///
/// # Errors
/// As [`load`].
pub fn open(path: &Path) -> Result<Stored> {
    Handle::read_whole(path, |folder| read::memory(folder))
}

/// SHA-256 of the manifest's lines, without the one that holds it.
fn self_hash(manifest: &str) -> String {
    let mut sha = Sha256::new();
    let key = format!("\"{SELF_HASH}\":");
    manifest.split_inclusive('\n').filter(|l| !l.trim_start().starts_with(&key)).for_each(|l| sha.update(l));
    hex(sha.finalize())
}

/// The kernel's gamma decides nothing in a memory, but whoever computes with it takes it for one.
fn check_gamma(gamma: f64) -> Result<()> {
    if !(gamma.is_finite() && gamma > 0.0) {
        return Err(Error::new(ErrorKind::Value, format!("gamma is {gamma}, but must be greater than 0")));
    }
    Ok(())
}
