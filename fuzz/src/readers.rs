//! The readers that are attacked, and what must hold whether they accept or refuse.

use hopgate_eda::board::Board;
use hopgate_files::{
    folder,
    model_file::Model,
    npy::Npy,
    npz::Npz,
    patterns::{self, array, picture, text},
    trace::Trace,
};
use hopgate_host::device::{Build, Device};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, words_for},
    kernel,
    memory::{Memory, Parts},
    reference,
};
use hopgate_wire::{
    frame::Decoder,
    page::{HELD, Held, Identity},
    protocol::{REPLY, WIDE_VERSION},
};
use std::path::Path;

/// A reader: its name, which is that of its folder of samples, and what reads the files of a sample.
pub struct Reader {
    /// Its name.
    pub name: &'static str,
    /// Reads from the folder that holds the sample's files; the second argument is the first file's name.
    pub read: fn(&Path, &str) -> Result<()>,
}

/// Every reader of files that come from elsewhere.
pub const READERS: [Reader; 14] = [
    Reader { name: "npy", read: npy },
    Reader { name: "npz", read: npz },
    Reader { name: "csv", read: |at, file| text::parse(&bytes(at, file)).map(|_| ()) },
    Reader { name: "pbm", read: |at, file| picture::file(&at.join(file)).map(|_| ()) },
    Reader { name: "png", read: |at, file| picture::file(&at.join(file)).map(|_| ()) },
    Reader { name: "manifest", read: |at, _| folder::manifest(at).map(|_| ()) },
    Reader { name: "memory", read: memory },
    Reader { name: "model", read: model },
    Reader { name: "trace", read: |at, file| Trace::load(&at.join(file)).map(|_| ()) },
    Reader { name: "board", read: |at, file| Board::find(at.join(file)).map(|_| ()) },
    Reader { name: "mask", read: mask },
    Reader { name: "cues", read: cues },
    Reader { name: "frames", read: frames },
    Reader { name: "page", read: page },
];

/// What every error must say.
///
/// # Panics
/// If it says nothing.
pub fn check_error(error: &Error) {
    let what = error.to_string();
    assert!(what.len() >= 10 && what.len() < 100_000, "an error of {} bytes: {what:.200}", what.len());
}

fn bytes(at: &Path, file: &str) -> Vec<u8> {
    std::fs::read(at.join(file)).expect("the sample was written")
}

/// Looks at the elements that there are, and as bits if they are.
fn look(array: &Npy) -> Result<()> {
    for i in 0..array.len().min(1000) {
        let (float, int) = (array.float(i), array.int(i));
        assert!(int.is_none_or(|v| v as f64 == float), "element {i} is {float} and {int:?}");
    }
    let _ = (array.text(), array.type_name());
    array::bits(array).map(|_| ())
}

fn npy(at: &Path, file: &str) -> Result<()> {
    look(&Npy::parse(bytes(at, file))?)
}

fn npz(at: &Path, file: &str) -> Result<()> {
    let mut archive = Npz::parse(file.as_ref(), bytes(at, file))?;
    let mut first = Ok(());
    for name in archive.names() {
        first = first.and(archive.get(&name).and_then(|array| look(&array)));
    }
    first
}

fn memory(at: &Path, _: &str) -> Result<()> {
    let memory = folder::load(at)?;
    // what was accepted works: one step from the first pattern and from nothing
    for state in [memory.patterns().row(0).to_vec(), vec![0; words_for(memory.neurons())]] {
        let step = reference::step(&memory, &state);
        let bound = memory.bound();
        assert!(step.field.iter().all(|h| (bound.low..=bound.high).contains(h)), "a field is out of its bound");
    }
    Ok(())
}

fn model(at: &Path, file: &str) -> Result<()> {
    let model = Model::load(&at.join(file))?;
    model.check().expect("what was loaded is valid");
    Ok(())
}

/// What masks and cues of the samples are for: so many bits, and cues.
const BITS: usize = 9;
const CUES: usize = 3;

fn mask(at: &Path, file: &str) -> Result<()> {
    let mask = patterns::load_masks(at.join(file), CUES, BITS)?;
    assert!(mask.known.is_none(), "a mask has a bit that is not known");
    assert!(mask.bits.cols() == BITS && [1, CUES].contains(&mask.bits.rows()), "a mask of another shape");
    Ok(())
}

fn cues(at: &Path, file: &str) -> Result<()> {
    let cues = patterns::load_queries(at.join(file), BITS)?;
    assert!(cues.bits.cols() == BITS, "cues of another width");
    if let Some(known) = &cues.known {
        assert!((known.rows(), known.cols()) == (cues.bits.rows(), BITS), "a mask of another shape");
        let unknown = |q: usize, i: usize| cues.bits.get(q, i) && !known.get(q, i);
        assert!((0..known.rows()).all(|q| (0..BITS).all(|i| !unknown(q, i))), "an unknown bit is one");
    }
    Ok(())
}

/// Bytes on the line to a board of two beats that takes masks: each request has one reply, of version 2 and with its number.
fn frames(at: &Path, file: &str) -> Result<()> {
    let stored = BitMatrix::from_fn(3, 20, |mu, i| i % (mu + 2) == 0);
    let columns = kernel::columns(20, 0.1, &[1.0], 0.0, 8);
    let memory = Memory::new(Parts { planes: vec![stored.clone()], kernel: columns.weights, ..Parts::of(stored) })?;
    let mut device = Device::new(Build { masks: true, beats: 2, ..Build::of(&memory) }, &memory)?;
    let mut refused = None;
    for chunk in bytes(at, file).chunks(100) {
        device.receive(chunk);
        while let Some(reply) = device.work() {
            let mut decoder = Decoder::new(1 << 16);
            let frame = reply.iter().find_map(|&byte| decoder.push(byte));
            let words = frame.expect("a reply is a frame").expect("and its CRC is right");
            assert!(words[0] & REPLY != 0 && words[0] >> 4 & 7 == u16::from(WIDE_VERSION), "no reply: {words:04x?}");
            // a reply of kind 0 says what was wrong
            if words[0] & 15 == 0 {
                refused = refused.or(Some(words));
            }
        }
    }
    refused.map_or(Ok(()), |words| Err(Error::new(ErrorKind::Format, format!("the board refused: {words:04x?}"))))
}

/// What a board says of itself, as the host reads it.
fn page(at: &Path, file: &str) -> Result<()> {
    let bytes = bytes(at, file);
    let words: Vec<u16> = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
    // the release is text for people: what is no UTF-8 in it does not come back
    let identity = Identity { version: "0.1.0".into(), ..Identity::of(&words)? };
    let again = Identity::of(&identity.words())?;
    assert!(again == identity, "{identity:?} is read as {again:?}");
    // no size that follows overflows
    let held = Held::of(words.get(HELD..).unwrap_or_default())?;
    let _ = (identity.reply_words(held.max_steps), identity.entries(), identity.cue_words(), held.valid());
    match held.contradiction(&identity) {
        None => Ok(()),
        Some(what) => Err(Error::new(ErrorKind::Format, format!("the page contradicts itself: {what}"))),
    }
}
