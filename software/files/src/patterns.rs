//! Where patterns and cues come from: arrays, text, pictures and built-in sets.
//!
//! | source | what it is |
//! |---|---|
//! | `x.npy` | a matrix of 0/1 or of -1/1, of any real or bool type; a row is a pattern |
//! | `x.npz` | the same, in the array `patterns` (or `queries`, or `arr_0`) |
//! | `x.csv`, `x.txt` | a row per line: `0,1,1` or `0 1 1` or `011`; `#` begins a comment |
//! | `x.pbm`, `x.png` | one picture, one pattern: dark is 1 (see [`mod@picture`]) |
//! | a folder | its `.pbm` and `.png` files, all of one size, sorted by name |
//! | `glyphs` | 384 glyphs of an 8x16 bitmap font, N = 128 |
//! | `digits` | 192 handwritten digits of 8x8 pixels, N = 64 |
//! | `optdigits` | 1,797 handwritten digits, two bits a pixel, N = 128; `optdigits:train` and `:test` are its first 1,200 and the others |
//! | `random:N=170,P=510,seed=1` | fair random bits, all rows distinct |
//!
//! A built-in name wins over a file of the same name; write `./glyphs` for the file. `-` is standard input. What
//! has no extension, and so does not say what it is (`/dev/stdin`, a pipe of the shell), is known by its first bytes.

pub mod array;
pub mod builtin;
pub mod digits;
mod pbm;
pub mod picture;
pub mod text;

use crate::{npy::Npy, npz};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, words_for},
    memory::MAX_NEURONS,
};
use std::{collections::HashMap, ffi::OsStr, os::unix::fs::FileTypeExt, path::Path};

/// Patterns, or cues, and what is known about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns {
    /// The bits, `(P, N)`.
    pub bits: BitMatrix,
    /// A name for each row, or none.
    pub labels: Option<Vec<String>>,
    /// Where they came from, as the user wrote it; what is no text in it is replaced by U+FFFD.
    pub source: String,
    /// What the user should know: one sentence each.
    pub warnings: Vec<String>,
    /// Height and width, if a row is a picture: neuron `i` is at row `i / width`, column `i % width`.
    pub shape: Option<(usize, usize)>,
    /// Of cues: which bits are known, `(Q, N)`, where not all are.
    pub known: Option<BitMatrix>,
}

impl Patterns {
    /// Rows without labels or shape.
    pub fn new(bits: BitMatrix, source: impl AsRef<OsStr>) -> Self {
        let source = source.as_ref().to_string_lossy().into_owned();
        Patterns { bits, labels: None, source, warnings: Vec::new(), shape: None, known: None }
    }

    /// Drops every row that repeats an earlier one, and adds a warning if there were any.
    ///
    /// ```
    /// use hopgate_files::patterns::Patterns;
    /// use hopgate_model::bits::BitMatrix;
    /// let twice = Patterns::new(BitMatrix::from_fn(3, 4, |r, c| r != 1 && c == 0), "example");
    /// let once = twice.merge_duplicates();
    /// assert_eq!(once.bits.rows(), 2);
    /// assert_eq!(once.warnings, ["1 of 3 patterns repeats an earlier one and was merged with it (2 = 0)"]);
    /// ```
    #[must_use]
    pub fn merge_duplicates(mut self) -> Self {
        let rows = self.bits.rows();
        let mut first: HashMap<&[u64], usize> = HashMap::new();
        let (mut kept, mut repeats) = (Vec::new(), Vec::new());
        for r in 0..rows {
            match *first.entry(self.bits.row(r)).or_insert(r) {
                original if original == r => kept.push(r),
                original => repeats.push((r, original)),
            }
        }
        if repeats.is_empty() {
            return self;
        }
        let mut shown: Vec<String> = repeats.iter().take(5).map(|(r, original)| format!("{r} = {original}")).collect();
        if repeats.len() > shown.len() {
            shown.push("...".into());
        }
        let (verb, was) = if repeats.len() == 1 { ("repeats", "was") } else { ("repeat", "were") };
        let shown = shown.join(", ");
        let count = repeats.len();
        self.warnings
            .push(format!("{count} of {rows} patterns {verb} an earlier one and {was} merged with it ({shown})"));
        self.labels = self.labels.map(|l| kept.iter().map(|&r| l[r].clone()).collect());
        self.bits = self.bits.select(&kept);
        self
    }
}

/// Loads patterns from a file, a folder or a built-in set, and merges duplicates.
///
/// ```
/// let p = hopgate_files::patterns::load("random:N=170,P=510,seed=1")?;
/// assert_eq!((p.bits.rows(), p.bits.cols()), (510, 170));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Usage`] for a wrong built-in name or option, [`ErrorKind::Io`] for a file that cannot be
/// read, [`ErrorKind::Format`] for one that is no matrix of patterns, [`ErrorKind::Value`] for entries
/// out of range. A file with a single column is refused: it is nearly always a transposed matrix or a
/// wrong separator (`random:N=1,P=2` and the library still make memories of one neuron).
pub fn load(spec: impl AsRef<OsStr>) -> Result<Patterns> {
    let spec = spec.as_ref();
    let read = read(spec, &OF_PATTERNS, false)?;
    if built_in(spec).is_some() { Ok(read.merge_duplicates()) } else { checked(read) }
}

/// [`load`] from the bytes of a file, whose name says what it is and stands in messages. A name without an extension says nothing: then
/// the first bytes do.
///
/// ```
/// let p = hopgate_files::patterns::from_bytes("mine.csv", b"0,1,1\n1,0,0\n".to_vec())?;
/// assert_eq!((p.bits.rows(), p.bits.cols()), (2, 3));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// As [`load`].
pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Patterns> {
    checked(parse(Path::new(name), kind_by_name(Path::new(name))?, bytes, &OF_PATTERNS, false)?)
}

/// The arrays of a `.npz` that patterns are looked for in, best first.
const OF_PATTERNS: [&str; 3] = ["patterns", "queries", "arr_0"];

/// Patterns of a file, each once, if they are not those of a file that was meant otherwise.
fn checked(read: Patterns) -> Result<Patterns> {
    if read.bits.cols() == 1 && read.shape.is_none() {
        let what = format!("{}: there is only one column, so only one neuron", read.source);
        return Err(Error::new(ErrorKind::Value, what)
            .hint("a pattern is a row: transpose the matrix, or separate the values by commas or spaces"));
    }
    Ok(read.merge_duplicates())
}

/// Loads cues for a memory of this many neurons; the sources are those of [`load`], duplicates stay. NaN, or `?` in a text, is a bit that is
/// not known.
///
/// # Errors
/// As [`load`]; [`ErrorKind::Value`] if the width differs from `neurons`.
pub fn load_queries(spec: impl AsRef<OsStr>, neurons: usize) -> Result<Patterns> {
    let spec = spec.as_ref();
    let read = read(spec, &["queries", "patterns", "arr_0"], true)?;
    if read.bits.cols() != neurons {
        let is = read.bits.cols();
        let what = format!("{}: the cues have {is} columns, but the memory has {neurons} neurons", spec.display());
        let hint = if read.bits.rows() == neurons {
            "a cue is a row: transpose the matrix"
        } else {
            "give cues made for this memory, or the memory made for these cues"
        };
        return Err(Error::new(ErrorKind::Value, what).hint(hint));
    }
    Ok(read)
}

/// Loads keys, or values, to train on: as [`load`], but rows that repeat stay, since each has a value of its own.
///
/// # Errors
/// As [`load`]. A single column is one bit.
pub fn load_samples(spec: impl AsRef<OsStr>) -> Result<Patterns> {
    read(spec.as_ref(), &["keys", "values", "patterns", "queries", "arr_0"], false)
}

/// Loads masks for so many cues of this many bits, (Q, N) or one row for all: 1 is known.
///
/// # Errors
/// As [`load`]; [`ErrorKind::Value`] for another shape.
pub fn load_masks(spec: impl AsRef<OsStr>, cues: usize, neurons: usize) -> Result<Patterns> {
    let spec = spec.as_ref();
    let read = read(spec, &["mask", "known", "arr_0"], false).map_err(|error| match error.kind() {
        // what it says of patterns holds of masks, but not what to do
        ErrorKind::Value => error.hint("a mask is 1 where a bit is known, and 0 where it is not"),
        _ => error,
    })?;
    let (rows, cols) = (read.bits.rows(), read.bits.cols());
    if cols == neurons && (rows == 1 || rows == cues) {
        return Ok(read);
    }
    let what = format!("{}: a mask of {rows} rows of {cols} bits, but there are {cues} cues", spec.display());
    Err(Error::new(ErrorKind::Value, format!("{what} of {neurons} bits"))
        .hint("give a row for each cue, or one for all: 1 where the bit is known"))
}

/// The built-in set of this name.
fn built_in(spec: &OsStr) -> Option<Result<Patterns>> {
    spec.to_str().and_then(builtin::parse)
}

/// Reads any source; `names` are the arrays that a `.npz` may hold them in, best first. `may_be_unknown`: NaN is a bit that is not known.
fn read(spec: &OsStr, names: &[&str], may_be_unknown: bool) -> Result<Patterns> {
    let path = Path::new(if spec == "-" { OsStr::new("/dev/stdin") } else { spec });
    if let Some(built_in) = built_in(spec) {
        let mut made = built_in?;
        if path.exists() {
            let name = spec.display();
            made.warnings
                .push(format!("{name} is the built-in set, not the file of that name; that would be ./{name}"));
        }
        return Ok(made);
    }
    if path.is_dir() {
        return picture::folder(path);
    }
    // a missing file is the greater mistake than a wrong name
    let about = match std::fs::metadata(path) {
        // with a slash it is a place, and no name
        Err(_) if path.extension().is_none() && !spec.to_string_lossy().contains('/') => {
            let what = format!("there is no file {:?}, and no built-in set of that name", spec.to_string_lossy());
            return Err(Error::usage(what).hint(builtin::LIST));
        }
        about => about.map_err(|e| Error::io("read", path, e))?.file_type(),
    };
    if about.is_char_device() || about.is_block_device() {
        let what = format!("{} is a device, which may never end", path.display());
        return Err(Error::new(ErrorKind::Format, what).hint("give a file, a folder of pictures, or a pipe"));
    }
    // the name is looked at first: what is of another kind may be large
    let kind = kind_by_name(path)?;
    let read = parse(path, kind, npz::read_up_to(path, npz::MAX_BYTES)?, names, may_be_unknown)?;
    // what came from standard input is called as it was asked for
    Ok(if read.shape.is_none() { Patterns { source: spec.to_string_lossy().into_owned(), ..read } } else { read })
}

/// The kind of a file that its name says; none, if it has no extension.
fn kind_by_name(path: &Path) -> Result<Option<&'static str>> {
    let Some(extension) = path.extension().map(|e| e.to_string_lossy().to_lowercase()) else { return Ok(None) };
    let known = ["npy", "npz", "csv", "txt", "pbm", "png"].into_iter().find(|known| *known == extension);
    known.map(Some).ok_or_else(|| {
        let what = format!("{}: not a kind of file that holds patterns", path.display());
        Error::new(ErrorKind::Format, what).hint("use .npy, .npz, .csv, .txt, .pbm, .png, or a folder of pictures")
    })
}

/// Patterns from the bytes of a file of this kind, or of the one that its first bytes say; `names` are the arrays that a `.npz` may hold
/// them in, best first.
fn parse(path: &Path, kind: Option<&str>, bytes: Vec<u8>, names: &[&str], may_be_unknown: bool) -> Result<Patterns> {
    let array::Partial { bits, known } = match kind.unwrap_or_else(|| kind_of(&bytes)) {
        "npy" => Npy::parse(bytes).and_then(|a| array::read(&a, may_be_unknown)).map_err(|e| e.at(path.display()))?,
        "npz" => {
            let (name, array) = npz::Npz::parse(path, bytes)?.first_of(names)?;
            array::read(&array, may_be_unknown).map_err(|e| e.at(format!("{}: array {name}", path.display())))?
        }
        kind @ ("png" | "pbm") => return picture::parse(path, &bytes, kind == "png"),
        _ => text::read(&bytes, may_be_unknown).map_err(|e| e.at(path.display()))?,
    };
    Ok(Patterns { known, ..Patterns::new(bits, path) })
}

/// What a file is, by its first bytes: text, if it is nothing else.
fn kind_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x93, b'N', b'U', b'M', ..] => "npy",
        [b'P', b'K', 3 | 5, 4 | 6, ..] => "npz",
        [0x89, b'P', b'N', b'G', ..] => "png",
        [b'P', b'1'..=b'7', ..] => "pbm",
        _ => "txt",
    }
}

/// Checks how many rows and columns there are.
fn check_shape(rows: usize, cols: usize) -> Result<()> {
    let bad = |what: String, hint: &str| Err(Error::new(ErrorKind::Value, what).hint(hint));
    if rows == 0 {
        return bad("there are no rows".into(), "give at least one pattern");
    }
    if cols == 0 {
        return bad("there are no columns".into(), "a pattern is a row of 0 and 1");
    }
    if cols > MAX_NEURONS {
        let mut hint = format!("a pattern has at most {MAX_NEURONS} bits: make the patterns smaller");
        // the other way round there would be patterns of some bits, and of not too many
        if (2..=MAX_NEURONS).contains(&rows) {
            hint += ", or transpose the matrix if a column is a pattern";
        }
        return bad(format!("there are {cols} columns, but a memory has at most {MAX_NEURONS} neurons"), &hint);
    }
    Ok(())
}

/// Checks that this many packed rows are not more than a file may unpack to: a row of one bit takes eight bytes.
fn check_rows(rows: usize, cols: usize) -> Result<()> {
    let bad = |what: String, hint: &str| Err(Error::new(ErrorKind::Value, what).hint(hint));
    let most = npz::MAX_BYTES as usize / (8 * words_for(cols));
    if rows > most {
        let what = format!("there are {rows} rows, but of {cols} columns at most {most} fit the 2 GiB that are read");
        return bad(what, "give them in several files");
    }
    Ok(())
}

/// The name of a file without its extension, for a label.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_would_take_more_than_two_gibibytes_are_refused() {
        assert!(check_rows(1 << 28, 64).is_ok() && check_rows(1 << 24, 1024).is_ok());
        for (rows, cols) in [((1 << 28) + 1, 1), ((1 << 28) + 1, 64), ((1 << 24) + 1, 1024), (usize::MAX, 7)] {
            let e = check_rows(rows, cols).expect_err("too many");
            assert!(e.to_string().contains(&rows.to_string()) && e.help_text().is_some(), "{e}");
        }
    }
}
