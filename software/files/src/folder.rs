//! A memory on disk: a folder that numpy alone can open.
//!
//! | file | |
//! |---|---|
//! | `manifest.json` | [`Manifest`] |
//! | `patterns.npy` | uint8 `(P, N)` of 0 and 1 |
//! | `planes.npy` | uint8 `(k, P, N)` of 0 and 1, plane `k-1` the most significant |
//! | `kernel.npy` | uint32 `(k, N+1)`, each entry below `2^kernel_bits`, indexed by `e` |
//! | `offset.npy` | int32 `(N+1)`, indexed by `e` |
//! | `labels.json` | optional: a list of `P` strings |
//!
//! `sha256` in the manifest, and [`hash`], is the SHA-256 of the elements of `patterns`, `planes`, `kernel` and
//! `offset`, in this order, each in C order and little endian, without the headers. In Python:
//!
//! ```python
//! import hashlib, json, numpy as np
//! h = hashlib.sha256()
//! for name, kind in [("patterns", "u1"), ("planes", "u1"), ("kernel", "<u4"), ("offset", "<i4")]:
//!     h.update(np.load(f"memory/{name}.npy").astype(kind).tobytes())
//! assert h.hexdigest() == json.load(open("memory/manifest.json"))["sha256"]
//! ```
//!
//! It identifies the stored content. Two more guards find out *what* was damaged: `files` holds the
//! SHA-256 of each other file as `sha256sum` prints it, and `manifest_sha256` that of the manifest's own
//! lines except the one it stands in. Programs that write a memory may leave these two out.
//!
//! A memory that is read while another takes its place is the one or the other: see `handle`.

mod handle;

use crate::{
    atomic,
    npy::{self, Kind, Npy},
    npz,
};
use handle::Handle;
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel::KernelMode,
    memory::{KERNEL_BITS, MAX_NEURONS, MAX_PLANES, Memory, Parts},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// What `format` says.
pub const FORMAT: &str = "hopgate-memory";
/// The version that is written and read.
pub const VERSION: u64 = 1;

/// The largest `manifest.json` that is read.
const MAX_MANIFEST: u64 = 16 << 20;
/// The largest `labels.json` that is read.
const MAX_LABELS: u64 = 256 << 20;

const MANIFEST: &str = "manifest.json";
const LABELS: &str = "labels.json";
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
    /// [`VERSION`].
    pub version: u64,
    /// `N`, 1..=1024.
    pub neurons: usize,
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
    /// The most steps of a recall, 1..=255.
    pub max_steps: u32,
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
    sha.finalize().into()
}

/// SHA-256 of the manifest's lines, without the one that holds it.
fn self_hash(manifest: &str) -> String {
    let mut sha = Sha256::new();
    let key = format!("\"{SELF_HASH}\":");
    manifest.split_inclusive('\n').filter(|l| !l.trim_start().starts_with(&key)).for_each(|l| sha.update(l));
    hex(sha.finalize())
}

/// Writes a memory folder whole, replacing one that is there; `info` is kept in the manifest for the
/// record (the model it was made from, say). The same memory gives the same bytes.
///
/// # Errors
/// [`ErrorKind::Io`] if it cannot be written, or if there is a folder with files that are no memory's.
pub fn save(memory: &Memory, path: &Path, info: &serde_json::Map<String, serde_json::Value>) -> Result<()> {
    let parts = memory.parts();
    let (p, n, k) = (parts.patterns.rows(), parts.patterns.cols(), parts.planes.len());
    check_gamma(parts.gamma)?;
    let json = |e: serde_json::Error| Error::new(ErrorKind::Value, format!("{}: {e}", path.display())).because(e);
    let mut files = vec![
        (ARRAYS[0], npy::encode(&[p, n], parts.patterns.to_bytes())),
        (ARRAYS[1], npy::encode(&[k, p, n], parts.planes.iter().flat_map(BitMatrix::to_bytes))),
        (ARRAYS[2], npy::encode(&[k, n + 1], parts.kernel.iter().flatten().copied())),
        (ARRAYS[3], npy::encode(&[n + 1], parts.offset.iter().copied())),
    ];
    if let Some(labels) = &parts.labels {
        files.push((LABELS, (serde_json::to_string_pretty(labels).map_err(json)? + "\n").into_bytes()));
    }
    let mut manifest = Manifest {
        format: FORMAT.into(),
        version: VERSION,
        neurons: n,
        patterns: p,
        planes: k,
        top_plane_is_pattern: memory.top_plane_is_pattern(),
        kernel_bits: parts.kernel_bits,
        kernel_mode: parts.kernel_mode,
        accumulator_bits: memory.accumulator_bits(),
        max_steps: parts.max_steps,
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
    atomic::folder(path, is_memory, |new| {
        files.iter().try_for_each(|(name, bytes)| atomic::write(&new.join(name), bytes))
    })
}

/// Whether a folder holds a memory, of any version, and nothing else: only then may it be replaced.
pub fn is_memory(path: &Path) -> bool {
    let known = |name: &std::ffi::OsStr| {
        name == MANIFEST || name == LABELS || ARRAYS.iter().any(|a| name == *a) || atomic::is_temporary(name)
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
    Handle::read_whole(path, |folder| Ok(read_manifest(folder)?.0))
}

/// Reads the manifest, and its bytes.
fn read_manifest(folder: &Handle) -> Result<(Manifest, Vec<u8>)> {
    let bad = |what: &str| Error::new(ErrorKind::Format, format!("{}: {what}", folder.place(MANIFEST).display()));
    if !folder.holds(MANIFEST) {
        let what = format!("{} is not a memory: there is no {MANIFEST} in it", folder.path().display());
        return Err(Error::new(ErrorKind::Io, what).hint(MAKES_ONE));
    }
    let bytes = folder.read(MANIFEST, MAX_MANIFEST)?;
    let text = std::str::from_utf8(&bytes).map_err(|e| bad("damaged: not text").because(e))?;
    let json: serde_json::Value =
        serde_json::from_str(text).map_err(|e| bad(&format!("damaged: not JSON: {e}")).because(e))?;
    if json.get("format").and_then(|f| f.as_str()) != Some(FORMAT) {
        return Err(bad(&format!("not the manifest of a memory: format is not {FORMAT:?}")));
    }
    match json.get("version").and_then(|v| v.as_u64()) {
        Some(VERSION) => {}
        Some(other) => {
            let what = format!("the memory has version {other}, but this program reads version {VERSION}");
            return Err(bad(&what).hint("quantize the model again with this program, or use the program that wrote it"));
        }
        None => return Err(bad("there is no version number")),
    }
    let manifest: Manifest = serde_json::from_str(text).map_err(|e| bad(&e.to_string()).because(e))?;
    if manifest.manifest_sha256.as_ref().is_some_and(|h| *h != self_hash(text)) {
        return Err(bad(&format!("it was damaged or edited: {SELF_HASH} is not that of its other lines"))
            .hint("quantize the model again, with the settings you want"));
    }
    Ok((manifest, bytes))
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
    place: PathBuf,
}

impl Stored {
    /// Proves the width that the manifest states for the accumulators. [`load`] believes it where the manifest has the right hash of its own, since
    /// whoever wrote that has proved it, or lied: nothing but this finds a lie. Hardware is not made by it: see [`Memory::accumulator_bits`].
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if it is another one than the arrays need.
    pub fn prove(&self) -> Result<()> {
        let (says, is) = (self.manifest.accumulator_bits, self.memory.accumulator_bits());
        if says != is {
            let what = format!("accumulator_bits is {says}, but the arrays need {is}");
            return Err(Error::new(ErrorKind::Value, what)
                .at(self.place.display())
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

/// [`load`] with what is stored beside the memory.
///
/// # Errors
/// As [`load`].
pub fn open(path: &Path) -> Result<Stored> {
    Handle::read_whole(path, read)
}

fn read(folder: &Handle) -> Result<Stored> {
    let (m, text) = read_manifest(folder)?;
    let place = folder.place(MANIFEST);
    check_settings(&m).map_err(|e| e.at(place.display()))?;
    let (p, n, k) = (m.patterns, m.neurons, m.planes);
    let read = |file: &str, kind: Kind, bytes: u32, shape: &[usize]| -> Result<Npy> {
        let place = folder.place(file);
        let array = Npy::parse(verified(folder, file, &m)?).map_err(|e| e.at(place.display()))?;
        let wanted = format!("{}{}", if kind == Kind::Uint { "uint" } else { "int" }, bytes * 8);
        if array.type_name() != wanted || array.shape() != shape {
            let (is, of) = (array.type_name(), array.shape());
            let what = format!("holds {is} {of:?}, but by {MANIFEST} it must hold {wanted} {shape:?}");
            return Err(Error::new(ErrorKind::Format, what).at(place.display()));
        }
        Ok(array)
    };
    let value = |file: &str, what: String| Err(Error::new(ErrorKind::Value, what).at(folder.place(file).display()));
    let patterns = read(ARRAYS[0], Kind::Uint, 1, &[p, n])?;
    let planes = read(ARRAYS[1], Kind::Uint, 1, &[k, p, n])?;
    let kernel = read(ARRAYS[2], Kind::Uint, 4, &[k, n + 1])?;
    let offset = read(ARRAYS[3], Kind::Int, 4, &[n + 1])?;
    for (array, file) in [(&patterns, ARRAYS[0]), (&planes, ARRAYS[1])] {
        if let Some(i) = bytes_of(array).iter().position(|&b| b > 1) {
            let (matrix, mu, neuron) = (i / (p * n), i / n % p, i % n);
            let plane = if file == ARRAYS[1] { format!("plane {matrix}, ") } else { String::new() };
            let what = format!("{} at {plane}pattern {mu}, neuron {neuron}, but all must be 0 or 1", array.float(i));
            return value(file, what);
        }
    }
    let top = f64::from((1u32 << m.kernel_bits) - 1);
    if let Some(i) = (0..kernel.len()).find(|&i| kernel.float(i) > top) {
        let what = format!("{} in column {} at e = {}, but at most {top}", kernel.float(i), i / (n + 1), i % (n + 1));
        return value(ARRAYS[2], format!("{what} fits the {} bits that {MANIFEST} gives", m.kernel_bits));
    }
    let parts = Parts {
        planes: bytes_of(&planes).chunks_exact(p * n).map(|plane| BitMatrix::from_bytes(p, n, plane)).collect(),
        kernel: (0..k).map(|j| (0..=n).map(|e| kernel.float(j * (n + 1) + e) as u32).collect()).collect(),
        offset: (0..=n).map(|e| offset.float(e) as i32).collect(),
        kernel_bits: m.kernel_bits,
        kernel_mode: m.kernel_mode,
        max_steps: m.max_steps,
        gamma: m.gamma,
        scheme: m.scheme.clone(),
        labels: labels(folder, &m)?,
        patterns: BitMatrix::from_bytes(p, n, bytes_of(&patterns)),
    };
    let memory = Memory::new(parts).map_err(|e| e.at(folder.path().display()))?;
    check_derived(&memory, &m).map_err(|e| e.at(place.display()))?;
    let stored = Stored { memory, manifest: m, text, place };
    if stored.manifest.manifest_sha256.is_none() {
        stored.prove()?;
    }
    Ok(stored)
}

/// The elements of an array of single bytes.
fn bytes_of(array: &Npy) -> &[u8] {
    array.bytes().unwrap_or_default()
}

/// The kernel's gamma decides nothing in a memory, but whoever computes with it takes it for one.
fn check_gamma(gamma: f64) -> Result<()> {
    if !(gamma.is_finite() && gamma > 0.0) {
        return Err(Error::new(ErrorKind::Value, format!("gamma is {gamma}, but must be greater than 0")));
    }
    Ok(())
}

/// Checks what the manifest says by itself, before any array is opened.
fn check_settings(m: &Manifest) -> Result<()> {
    let bad = |what: String| Err(Error::new(ErrorKind::Value, what));
    if m.neurons == 0 || m.neurons > MAX_NEURONS {
        return bad(format!("neurons is {}, but must be 1 to {MAX_NEURONS}", m.neurons));
    }
    if m.patterns == 0 {
        return bad("patterns is 0, but must be at least 1".into());
    }
    if m.planes == 0 || m.planes > MAX_PLANES {
        return bad(format!("planes is {}, but must be 1 to {MAX_PLANES}", m.planes));
    }
    if !KERNEL_BITS.contains(&m.kernel_bits) {
        return bad(format!("kernel_bits is {}, but must be 4 to 16", m.kernel_bits));
    }
    check_gamma(m.gamma)
}

/// Checks what the manifest says about the arrays.
fn check_derived(memory: &Memory, m: &Manifest) -> Result<()> {
    let bad = |what: String| Err(Error::new(ErrorKind::Value, what));
    if m.top_plane_is_pattern != memory.top_plane_is_pattern() {
        let is = if memory.top_plane_is_pattern() { "is" } else { "is not" };
        return bad(format!("top_plane_is_pattern is {}, but the top plane {is} the patterns", m.top_plane_is_pattern));
    }
    if m.reach != memory.reach() {
        return bad(format!("reach is {}, but the columns reach to {}", m.reach, memory.reach()));
    }
    let (says, is) = (&m.sha256, hash(memory));
    if *says != is {
        return Err(Error::new(ErrorKind::Value, format!("sha256 is {says}, but the arrays have {is}"))
            .hint("a file was changed or damaged: copy the memory again, or quantize the model again"));
    }
    Ok(())
}

/// The bytes of a file of the folder, once they have the hash that the manifest gives.
fn verified(folder: &Handle, file: &str, m: &Manifest) -> Result<Vec<u8>> {
    let most = if file == LABELS { MAX_LABELS } else { npz::MAX_BYTES };
    let bytes = folder.read(file, most)?;
    let bad = |what: &str| {
        Err(Error::new(ErrorKind::Format, format!("{}: {what}", folder.place(file).display()))
            .hint("copy the memory again, or quantize the model again"))
    };
    match m.files.as_ref().map(|f| f.get(file)) {
        None => Ok(bytes),
        Some(None) => bad(&format!("not listed in {MANIFEST}")),
        Some(Some(recorded)) if *recorded == hex(Sha256::digest(&bytes)) => Ok(bytes),
        Some(Some(_)) => match Npy::parse(bytes) {
            // what is wrong with it says more than that something is
            Err(e) if file != LABELS => bad(&format!("damaged: {e}")),
            _ => bad(&format!("damaged or changed: its SHA-256 is not the one in {MANIFEST}")),
        },
    }
}

/// The labels, if there are any.
fn labels(folder: &Handle, m: &Manifest) -> Result<Option<Vec<String>>> {
    let listed = m.files.as_ref().is_some_and(|f| f.contains_key(LABELS));
    if !listed && !folder.holds(LABELS) {
        return Ok(None);
    }
    let bad = |what: String| Error::new(ErrorKind::Format, what).at(folder.place(LABELS).display());
    let labels: Vec<String> = serde_json::from_slice(&verified(folder, LABELS, m)?)
        .map_err(|e| bad(format!("not a list of strings: {e}")).because(e))?;
    if labels.len() != m.patterns {
        return Err(bad(format!("{} labels, but there are {} patterns", labels.len(), m.patterns)));
    }
    Ok(Some(labels))
}
