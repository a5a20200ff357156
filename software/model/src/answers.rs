//! A matrix of bits written to a `.npy` a block of rows at a time, so that it need not be held as a whole.

use crate::{atomic, bits::BitMatrix, npy, Error, Result};
use std::{io::Write, path::Path};

/// Where the rows go.
pub struct Rows<'a> {
    file: &'a mut dyn Write,
    path: &'a Path,
    cols: usize,
    left: usize,
}

impl Rows<'_> {
    /// Appends rows.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] with the path.
    ///
    /// # Panics
    /// When they are wider or narrower than the others, or more than were announced.
    pub fn push(&mut self, rows: &BitMatrix) -> Result<()> {
        assert!(rows.cols() == self.cols && rows.rows() <= self.left, "other rows than were announced");
        self.left -= rows.rows();
        self.file.write_all(&rows.to_bytes()).map_err(|e| Error::io("write", self.path, e))
    }
}

/// Writes a `.npy` of uint8 `(rows, cols)`, whole or not at all. `fill` pushes the rows; where it fails, nothing is written.
///
/// ```no_run
/// use hopgate_model::{answers, bits::BitMatrix};
/// // a million rows of zeros, a thousand at a time
/// let block = BitMatrix::zeros(1000, 128);
/// answers::write("zeros.npy".as_ref(), 1_000_000, 128, |rows| (0..1000).try_for_each(|_| rows.push(&block)))?;
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// What `fill` returns, or [`crate::ErrorKind::Io`] with the path.
///
/// # Panics
/// When `fill` pushes fewer rows than were announced, and returns no error.
pub fn write(path: &Path, rows: usize, cols: usize, fill: impl FnOnce(&mut Rows) -> Result<()>) -> Result<()> {
    atomic::write_with(path, |file| {
        file.write_all(&npy::header::<u8>(&[rows, cols])).map_err(|e| Error::io("write", path, e))?;
        let mut to = Rows { file, path, cols, left: rows };
        fill(&mut to)?;
        assert!(to.left == 0, "{} rows are missing", to.left);
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{noise, trace, ErrorKind};

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
            assert_eq!(std::fs::read(&whole).unwrap(), npy::encode(&[23, cols], all.to_array()));
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
