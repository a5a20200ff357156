//! The readers that are attacked, and what must hold whether they accept or refuse.

use hopgate_eda::board::Board;
use hopgate_files::{
    folder,
    model_file::Model,
    npy::Npy,
    npz::Npz,
    patterns::{array, picture, text},
    trace::Trace,
};
use hopgate_model::{Error, Result, bits::words_for, reference};
use std::path::Path;

/// A reader: its name, which is that of its folder of samples, and what reads the files of a sample.
pub struct Reader {
    /// Its name.
    pub name: &'static str,
    /// Reads from the folder that holds the sample's files; the second argument is the first file's name.
    pub read: fn(&Path, &str) -> Result<()>,
}

/// Every reader of files that come from elsewhere.
pub const READERS: [Reader; 10] = [
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
