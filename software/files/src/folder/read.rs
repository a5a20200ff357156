//! Reading a memory's files, wherever they come from, and checking all that is in them.

use super::{
    ARRAYS, CLASSES, FORMAT, LABELS, MAKES_ONE, MANIFEST, MAX_LABELS, MAX_MANIFEST, Manifest, SELF_HASH, Stored,
    VERSION, check_gamma, hash, hex, self_hash,
};
use crate::{
    npy::{Kind, Npy},
    npz,
};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    memory::{KERNEL_BITS, MAX_NEURONS, MAX_PLANES, Memory, Parts},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Where the files of a memory come from.
pub(super) trait Source {
    /// What they are of, for messages.
    fn name(&self) -> String;

    /// One of them, for messages.
    fn place(&self, file: &str) -> String;

    /// Whether there is a file of this name.
    fn holds(&self, file: &str) -> bool;

    /// A whole file, up to so many bytes.
    fn read(&self, file: &str, most: u64) -> Result<Vec<u8>>;
}

/// Files that were read, or came over a network, by their names.
pub(super) struct Given<'a>(pub &'a BTreeMap<String, Vec<u8>>);

impl Source for Given<'_> {
    fn name(&self) -> String {
        "what is given".into()
    }

    fn place(&self, file: &str) -> String {
        file.into()
    }

    fn holds(&self, file: &str) -> bool {
        self.0.contains_key(file)
    }

    fn read(&self, file: &str, most: u64) -> Result<Vec<u8>> {
        let bytes = self.0.get(file).ok_or_else(|| Error::new(ErrorKind::Format, format!("there is no {file}")))?;
        if bytes.len() as u64 > most {
            return Err(Error::new(ErrorKind::Format, format!("{file} is larger than {} MiB", most >> 20)));
        }
        Ok(bytes.clone())
    }
}

/// Reads the manifest, and its bytes.
pub(super) fn manifest(folder: &dyn Source) -> Result<(Manifest, Vec<u8>)> {
    let bad = |what: &str| Error::new(ErrorKind::Format, format!("{}: {what}", folder.place(MANIFEST)));
    if !folder.holds(MANIFEST) {
        let what = format!("{} is not a memory: there is no {MANIFEST} in it", folder.name());
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
        Some(1..=VERSION) => {}
        Some(other) => {
            let what = format!("the memory has version {other}, but this program reads versions 1 to {VERSION}");
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

/// Reads a memory, and checks every shape, value and hash.
pub(super) fn memory(folder: &dyn Source) -> Result<Stored> {
    let (m, text) = manifest(folder)?;
    let place = folder.place(MANIFEST);
    check_settings(&m).map_err(|e| e.at(&place))?;
    let (p, n, k, outputs) = (m.patterns, m.neurons, m.planes, m.outputs());
    let read = |file: &str, kind: Kind, bytes: u32, shape: &[usize]| -> Result<Npy> {
        let place = folder.place(file);
        let array = Npy::parse(verified(folder, file, &m)?).map_err(|e| e.at(&place))?;
        let wanted = format!("{}{}", if kind == Kind::Uint { "uint" } else { "int" }, bytes * 8);
        if array.type_name() != wanted || array.shape() != shape {
            let (is, of) = (array.type_name(), array.shape());
            let what = format!("holds {is} {of:?}, but by {MANIFEST} it must hold {wanted} {shape:?}");
            return Err(Error::new(ErrorKind::Format, what).at(&place));
        }
        Ok(array)
    };
    let value = |file: &str, what: String| Err(Error::new(ErrorKind::Value, what).at(folder.place(file)));
    let patterns = read(ARRAYS[0], Kind::Uint, 1, &[p, n])?;
    let planes = read(ARRAYS[1], Kind::Uint, 1, &[k, p, outputs])?;
    let kernel = read(ARRAYS[2], Kind::Uint, 4, &[k, n + 1])?;
    let offset = read(ARRAYS[3], Kind::Int, 4, &[n + 1])?;
    for (array, file, cols) in [(&patterns, ARRAYS[0], n), (&planes, ARRAYS[1], outputs)] {
        if let Some(i) = bytes_of(array).iter().position(|&b| b > 1) {
            let (matrix, mu, place) = (i / (p * cols), i / cols % p, i % cols);
            let plane = if file == ARRAYS[1] { format!("plane {matrix}, ") } else { String::new() };
            let column = if m.kind().answers_keys() || file == ARRAYS[0] { "neuron" } else { "output" };
            let what = format!("{} at {plane}pattern {mu}, {column} {place}, but all must be 0 or 1", array.float(i));
            return value(file, what);
        }
    }
    let top = f64::from((1u32 << m.kernel_bits) - 1);
    if let Some(i) = (0..kernel.len()).find(|&i| kernel.float(i) > top) {
        let what = format!("{} in column {} at e = {}, but at most {top}", kernel.float(i), i / (n + 1), i % (n + 1));
        return value(ARRAYS[2], format!("{what} fits the {} bits that {MANIFEST} gives", m.kernel_bits));
    }
    let plane = |bytes: &[u8]| BitMatrix::from_bytes(p, outputs, bytes);
    let parts = Parts {
        kind: m.kind(),
        radius: m.radius(),
        planes: bytes_of(&planes).chunks_exact(p * outputs).map(plane).collect(),
        kernel: (0..k).map(|j| (0..=n).map(|e| kernel.float(j * (n + 1) + e) as u32).collect()).collect(),
        offset: (0..=n).map(|e| offset.float(e) as i32).collect(),
        kernel_bits: m.kernel_bits,
        kernel_mode: m.kernel_mode,
        max_steps: m.max_steps,
        gamma: m.gamma,
        scheme: m.scheme.clone(),
        labels: names(folder, &m, LABELS, p, "labels, but there are", "patterns")?,
        classes: names(folder, &m, CLASSES, outputs, "names, but there are", "classes")?,
        patterns: BitMatrix::from_bytes(p, n, bytes_of(&patterns)),
    };
    let memory = Memory::new(parts).map_err(|e| e.at(folder.name()))?;
    check_derived(&memory, &m).map_err(|e| e.at(&place))?;
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
    let given = [m.kind.is_some(), m.outputs.is_some(), m.radius.is_some()];
    if given != [m.version > 1; 3] {
        return bad(match m.version {
            1 => "kind, outputs and radius are of version 2, but the memory has version 1".into(),
            _ => "the memory has version 2, which has kind, outputs and radius, but not all of them are there".into(),
        });
    }
    let most = m.kind().most_outputs();
    if m.outputs() == 0 || m.outputs() > most {
        return bad(format!("outputs is {}, but must be 1 to {most}", m.outputs()));
    }
    if m.radius() as usize > m.neurons {
        return bad(format!("radius is {}, but must be 0 to {}", m.radius(), m.neurons));
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
fn verified(folder: &dyn Source, file: &str, m: &Manifest) -> Result<Vec<u8>> {
    let most = if [LABELS, CLASSES].contains(&file) { MAX_LABELS } else { npz::MAX_BYTES };
    let bytes = folder.read(file, most)?;
    let bad = |what: &str| {
        Err(Error::new(ErrorKind::Format, format!("{}: {what}", folder.place(file)))
            .hint("copy the memory again, or quantize the model again"))
    };
    match m.files.as_ref().map(|f| f.get(file)) {
        None => Ok(bytes),
        Some(None) => bad(&format!("not listed in {MANIFEST}")),
        Some(Some(recorded)) if *recorded == hex(Sha256::digest(&bytes)) => Ok(bytes),
        Some(Some(_)) => match Npy::parse(bytes) {
            // what is wrong with it says more than that something is
            Err(e) if ARRAYS.contains(&file) => bad(&format!("damaged: {e}")),
            _ => bad(&format!("damaged or changed: its SHA-256 is not the one in {MANIFEST}")),
        },
    }
}

/// The names in a file, if there is one: as many as there must be.
fn names(
    folder: &dyn Source,
    m: &Manifest,
    file: &str,
    count: usize,
    but: &str,
    things: &str,
) -> Result<Option<Vec<String>>> {
    let listed = m.files.as_ref().is_some_and(|f| f.contains_key(file));
    if !listed && !folder.holds(file) {
        return Ok(None);
    }
    let bad = |what: String| Error::new(ErrorKind::Format, what).at(folder.place(file));
    let names: Vec<String> = serde_json::from_slice(&verified(folder, file, m)?)
        .map_err(|e| bad(format!("not a list of strings: {e}")).because(e))?;
    if names.len() != count {
        return Err(bad(format!("{} {but} {count} {things}", names.len())));
    }
    Ok(Some(names))
}
