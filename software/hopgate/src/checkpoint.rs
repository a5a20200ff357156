//! The checkpoint of a training run as a file, and what a shard of one found.

use hopgate_files::{
    kinds,
    npy::{self, Npy},
    npz::{self, Npz},
};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, words_for},
};
use hopgate_train::solver::{Checkpointer, DEFAULT_EVERY, Shard, State};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// A file that holds the state of a run: a `.npz` archive, written as a whole or not at all.
///
/// ```no_run
/// use hopgate::{TrainOptions, checkpoint::CheckpointFile, noise, train_from};
/// let (patterns, options) = (noise::random(6000, 1000, 1), TrainOptions::new(0.005));
/// let checkpoint = CheckpointFile::beside("model.npz".as_ref());
/// // if this is interrupted, the same lines go on from the last minute's checkpoint
/// let trained = train_from(&patterns, &options, &checkpoint, &|_| ())?;
/// trained.model.save("model.npz".as_ref())?;
/// checkpoint.remove();
/// # Ok::<(), hopgate::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CheckpointFile {
    path: PathBuf,
    every: Duration,
}

impl CheckpointFile {
    /// The checkpoint of a run whose model goes to `output`: that name with `.checkpoint` behind it, at most once a minute.
    pub fn beside(output: &Path) -> Self {
        let mut name = output.as_os_str().to_owned();
        name.push(".checkpoint");
        CheckpointFile { path: name.into(), every: DEFAULT_EVERY }
    }

    /// The same, written as often as there is something new but at most once in `every`.
    #[must_use]
    pub fn every(self, every: Duration) -> Self {
        CheckpointFile { every, ..self }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the file, if there is one: when the model is saved.
    pub fn remove(&self) {
        // one that stays says at the next run that everything is done
        let _ = fs::remove_file(&self.path);
    }

    fn damaged(&self) -> Error {
        Error::new(ErrorKind::Format, format!("{} is damaged", self.path.display()))
            .hint("remove it: training begins anew")
    }
}

impl Checkpointer for CheckpointFile {
    fn load(&self) -> Result<Option<State>> {
        if self.path.exists() { read(&self.path, &|| self.damaged()).map(Some) } else { Ok(None) }
    }

    fn save(&self, state: &State) -> Result<()> {
        write(&self.path, state)
    }

    fn every(&self) -> Duration {
        self.every
    }
}

/// Writes what a shard found: what [`load_shard`] reads.
///
/// # Errors
/// [`ErrorKind::Io`] where the file cannot be written.
pub fn save_shard(state: &State, path: &Path) -> Result<()> {
    kinds::MODEL.of(path)?;
    write(path, state)
}

/// What a shard found.
///
/// # Errors
/// [`ErrorKind::Io`] if there is no such file, [`ErrorKind::Format`] if it is none of a shard.
pub fn load_shard(path: &Path) -> Result<State> {
    let other = || Error::new(ErrorKind::Format, format!("{} is no shard of a model", path.display()));
    let state = read(path, &|| other().hint("`shard I/N` writes one"))?;
    if state.shard == Shard::WHOLE {
        return Err(other().hint("it is the checkpoint of a run that was not split"));
    }
    Ok(state)
}

fn read(path: &Path, damaged: &dyn Fn() -> Error) -> Result<State> {
    let mut file = Npz::open(path)?;
    let names = ["patterns", "shape", "options", "places", "alpha"];
    if names.iter().any(|name| !file.names().iter().any(|there| there == name)) {
        return Err(damaged());
    }
    let (options, places, alpha) = (file.get("options")?, file.get("places")?, file.get("alpha")?);
    let patterns = unpack(&file.get("patterns")?, &file.get("shape")?).ok_or_else(damaged)?;
    let number = |array: &Npy, x: usize| array.int(x).and_then(|i| u32::try_from(i).ok()).ok_or_else(damaged);
    let shard = match file.names().iter().any(|name| name == "shard") {
        false => Shard::WHOLE,
        true => {
            let shard = file.get("shard")?;
            if shard.len() != 2 {
                return Err(damaged());
            }
            Shard::new(number(&shard, 0)?, number(&shard, 1)?).map_err(|_| damaged())?
        }
    };
    let places = (0..places.len() / 2)
        .map(|x| Ok((number(&places, 2 * x)?, number(&places, 2 * x + 1)?)))
        .collect::<Result<_>>()?;
    Ok(State {
        options: options.text().ok_or_else(damaged)?,
        shard,
        patterns,
        places,
        alpha: (0..alpha.len()).map(|x| alpha.float(x)).collect(),
    })
}

/// Rows of whole 64-bit words, as the matrix holds them.
fn pack(patterns: &BitMatrix) -> Vec<u8> {
    let words = words_for(patterns.cols());
    npy::encode(
        &[patterns.rows(), words],
        (0..patterns.rows()).flat_map(|mu| patterns.row(mu)).map(|word| word.cast_signed()),
    )
}

/// What [`pack`] packed.
fn unpack(rows: &Npy, shape: &Npy) -> Option<BitMatrix> {
    let size = |x: usize| (shape.len() == 2).then(|| shape.int(x))?.and_then(|i| usize::try_from(i).ok());
    let (p, n) = (size(0)?, size(1)?);
    let words = words_for(n);
    if n == 0 || *rows.shape() != [p, words] {
        return None;
    }
    let mut patterns = BitMatrix::zeros(p, n);
    for mu in 0..p {
        let row: Vec<u64> =
            (0..words).map(|w| rows.int(mu * words + w).map(i64::cast_unsigned)).collect::<Option<_>>()?;
        patterns.set_row(mu, &row);
    }
    Some(patterns)
}

fn write(path: &Path, state: &State) -> Result<()> {
    let places = state.places.iter().flat_map(|&(a, b)| [a, b]);
    let mut arrays = vec![
        // packed: each of a hundred shards holds them
        ("patterns", pack(&state.patterns)),
        ("shape", npy::encode(&[2], [state.patterns.rows() as i64, state.patterns.cols() as i64])),
        ("options", npy::encode_text(&state.options)),
        ("places", npy::encode(&[state.places.len(), 2], places)),
        ("alpha", npy::encode(&[state.alpha.len()], state.alpha.iter().copied())),
    ];
    if state.shard != Shard::WHOLE {
        arrays.push(("shard", npy::encode(&[2], [state.shard.index, state.shard.of])));
    }
    npz::write(path, &arrays)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hopgate_model::noise;
    use hopgate_train::solver::{Method, TrainOptions, resumed_at, train, train_from};

    #[test]
    fn what_is_kept_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let patterns = noise::random(30, 20, 1);
        for (method, done) in [(Method::Newton, 20), (Method::Gd, 12)] {
            let options = TrainOptions::new(0.1).method(method).epochs(12);
            let file = CheckpointFile::beside(&folder.path().join("model.npz")).every(Duration::ZERO);
            assert_eq!(resumed_at(&file, &patterns, &options).unwrap(), None);
            let trained = train_from(&patterns, &options, &file, &|_| ()).unwrap();
            let state = file.load().unwrap().expect("it is there");
            assert_eq!(resumed_at(&file, &patterns, &options).unwrap(), Some(done));
            assert_eq!((state.patterns.clone(), state.alpha.len()), (patterns.clone(), 600));
            let again = train_from(&patterns, &options, &file, &|_| ()).unwrap();
            let plain = train(&patterns, &options, &|_| ()).unwrap();
            assert!(trained.model.alpha == plain.model.alpha && again.model.alpha == plain.model.alpha);
            file.save(&state).unwrap();
            assert_eq!(file.load().unwrap(), Some(state));
            file.remove();
            assert!(!file.path().exists());
        }
    }

    #[test]
    fn a_short_run_writes_none_and_a_damaged_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (patterns, options) = (noise::random(20, 16, 1), TrainOptions::new(0.1));
        let file = CheckpointFile::beside(&folder.path().join("model.npz"));
        train_from(&patterns, &options, &file, &|_| ()).unwrap();
        assert!(!file.path().exists());
        fs::write(file.path(), "PK and nothing more").unwrap();
        assert_eq!(train_from(&patterns, &options, &file, &|_| ()).unwrap_err().kind(), ErrorKind::Format);
    }

    #[test]
    fn one_that_cannot_be_written_names_its_place() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let file = CheckpointFile::beside(&folder.path().join("file/model.npz")).every(Duration::ZERO);
        let trained = train_from(&noise::random(20, 16, 1), &TrainOptions::new(0.1), &file, &|_| ()).unwrap();
        assert!(trained.checkpoint_failed.unwrap().contains("file"));
    }
}
