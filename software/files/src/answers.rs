//! A matrix of bits written a block of rows at a time, so that it need not be held as a whole: to a `.npy`, or as text.

use crate::{atomic, kinds, npy};
use hopgate_model::{Error, Result, bits::BitMatrix};
use std::{io::Write, path::Path};

/// Where the rows go.
pub struct Rows<'a> {
    file: &'a mut dyn Write,
    path: &'a Path,
    cols: usize,
    left: usize,
    /// What stands between the values of a text; none in a `.npy`.
    between: Option<u8>,
}

impl Rows<'_> {
    /// Appends rows.
    ///
    /// # Errors
    /// [`hopgate_model::ErrorKind::Io`] with the path.
    ///
    /// # Panics
    /// When they are wider or narrower than the others, or more than were announced.
    pub fn push(&mut self, rows: &BitMatrix) -> Result<()> {
        assert!(rows.cols() == self.cols && rows.rows() <= self.left, "other rows than were announced");
        self.left -= rows.rows();
        let bytes = self.between.map_or_else(|| rows.to_bytes(), |between| as_text(rows, between));
        self.file.write_all(&bytes).map_err(|e| Error::io("write", self.path, e))
    }
}

/// The bits as text: a row per line, `0` and `1` with this between them.
fn as_text(rows: &BitMatrix, between: u8) -> Vec<u8> {
    let mut text = Vec::with_capacity(2 * rows.rows() * rows.cols());
    for row in rows.to_bytes().chunks_exact(rows.cols().max(1)) {
        row.iter().for_each(|bit| text.extend([b'0' + bit, between]));
        // in the place of the last one between
        text.pop();
        text.push(b'\n');
    }
    text
}

/// Writes `(rows, cols)` bits as what the name says, whole or not at all: a `.npy` of uint8, or text with a row per line (`.csv` with commas, `.txt`
/// with spaces). `fill` pushes the rows; where it fails, nothing is written.
///
/// ```no_run
/// use hopgate_files::answers;
/// use hopgate_model::bits::BitMatrix;
/// // a million rows of zeros, a thousand at a time
/// let block = BitMatrix::zeros(1000, 128);
/// answers::write("zeros.npy".as_ref(), 1_000_000, 128, |rows| (0..1000).try_for_each(|_| rows.push(&block)))?;
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// What `fill` returns, [`hopgate_model::ErrorKind::Io`] with the path, or [`hopgate_model::ErrorKind::Usage`] if the name says another kind (see [`mod@kinds`]).
///
/// # Panics
/// When `fill` pushes fewer rows than were announced, and returns no error.
pub fn write(path: &Path, rows: usize, cols: usize, fill: impl FnOnce(&mut Rows) -> Result<()>) -> Result<()> {
    let between = match kinds::ANSWERS.of(path)? {
        "csv" => Some(b','),
        "txt" => Some(b' '),
        _ => None,
    };
    atomic::write_with(path, |file| {
        if between.is_none() {
            file.write_all(&npy::header::<u8>(&[rows, cols])).map_err(|e| Error::io("write", path, e))?;
        }
        let mut to = Rows { file, path, cols, left: rows, between };
        fill(&mut to)?;
        assert!(to.left == 0, "{} rows are missing", to.left);
        Ok(())
    })
}

/// Writes numbers, a row for each cue, all of one length, as what the name says: a `.npy` of int32 (Q, K), or text with a row a line.
///
/// # Errors
/// As [`write()`].
pub fn write_numbers(path: &Path, rows: &[Vec<i32>]) -> Result<()> {
    let text = |between: &str| -> Vec<u8> {
        let line = |row: &Vec<i32>| row.iter().map(i32::to_string).collect::<Vec<_>>().join(between) + "\n";
        rows.iter().map(line).collect::<String>().into_bytes()
    };
    let bytes = match kinds::ANSWERS.of(path)? {
        "csv" => text(","),
        "txt" => text(" "),
        _ => npy::encode(&[rows.len(), rows.first().map_or(0, Vec::len)], rows.iter().flatten().copied()),
    };
    atomic::write(path, &bytes)
}

/// Writes the classes of cues, (Q), -1 for unknown, as what the name says: a `.npy` of int32, or text with a class a line.
///
/// # Errors
/// As [`write()`].
pub fn write_classes(path: &Path, classes: &[i32]) -> Result<()> {
    let bytes = match kinds::ANSWERS.of(path)? {
        "csv" | "txt" => classes.iter().map(|class| format!("{class}\n")).collect::<String>().into_bytes(),
        _ => npy::encode(&[classes.len()], classes.iter().copied()),
    };
    atomic::write(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace;
    use hopgate_model::{ErrorKind, noise};

    #[test]
    fn blocks_are_the_whole() {
        let place = tempfile::tempdir().unwrap();
        let (blocks, whole) = (place.path().join("blocks.npy"), place.path().join("whole.npy"));
        for cols in [1, 7, 63, 64, 65, 130] {
            let all = noise::random(23, cols, 1);
            trace::save_answers(&all, &whole).unwrap();
            write(&blocks, 23, cols, |rows| {
                [0..0, 0..10, 10..11, 11..23]
                    .map(|part| rows.push(&all.select(&part.collect::<Vec<_>>())))
                    .into_iter()
                    .collect()
            })
            .unwrap();
            assert_eq!(std::fs::read(&blocks).unwrap(), std::fs::read(&whole).unwrap());
            // as an element at a time has them
            assert_eq!(std::fs::read(&whole).unwrap(), npy::encode(&[23, cols], all.to_bytes()));
        }
    }

    #[test]
    fn what_fails_half_way_leaves_the_former_file() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.npy");
        std::fs::write(&path, "former").unwrap();
        let half = |rows: &mut Rows| {
            rows.push(&BitMatrix::zeros(2, 8))?;
            Err(Error::new(ErrorKind::Failed, "no more"))
        };
        assert_eq!(write(&path, 3, 8, half).unwrap_err().to_string(), "no more");
        assert_eq!(std::fs::read(&path).unwrap(), b"former");
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
