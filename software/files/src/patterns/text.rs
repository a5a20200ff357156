//! Patterns from text: a row per line.
//!
//! Values are separated by commas, semicolons, tabs or spaces; lines of nothing but 0 and 1 need no
//! separator (`010011`, or groups: `0100 1100`). `#` begins a comment; empty lines are skipped. A line ends
//! as Unix, Windows or the old Macintosh end it (LF, CR LF or CR), in one file in any mixture. In a cue, `?` (or `nan`) is a bit that is not known.

use super::{
    array::{self, Partial},
    check_rows, check_shape,
};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, memory::MAX_NEURONS};

/// What stands for a bit that is not known, among values.
const UNKNOWN: i8 = 2;

/// A line of more values is counted, for the message, but not taken apart: no memory has as many.
const LONGEST: usize = 100 * MAX_NEURONS;

/// The bits of a text file.
///
/// ```
/// let m = hopgate_files::patterns::text::parse(b"# two patterns\n0, 1, 1\n110\n")?;
/// assert_eq!((m.rows(), m.cols(), m.get(1, 2)), (2, 3, false));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Format`] if rows differ in length or the file is not text; [`ErrorKind::Value`] with line,
/// column and value of the first entry that is no bit. Lines and columns count from 1, as editors do.
pub fn parse(file: &[u8]) -> Result<BitMatrix> {
    read(file, false).map(|read| read.bits)
}

/// [`parse`], where `?` is a bit that is not known, if there may be such.
pub(super) fn read(file: &[u8], may_be_unknown: bool) -> Result<Partial> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = std::str::from_utf8(file).map_err(|e| {
        Error::new(ErrorKind::Format, format!("not a text file: byte {} is no UTF-8", e.valid_up_to()))
            .hint("save it as plain text; arrays belong in .npy files")
            .because(e)
    })?;
    let mut lines = Vec::new(); // the line of each row
    let mut values: Vec<i8> = Vec::new();
    let mut cols = 0;
    for (line, content) in lines_of(text).enumerate() {
        let content = content.split('#').next().unwrap_or_default().trim();
        if content.is_empty() {
            continue;
        }
        let before = values.len();
        // a line that is too long by far is not taken apart first
        let fields = content.split([',', ';', ' ', '\t']).filter(|f| !f.is_empty()).count();
        if fields > LONGEST {
            check_shape(1, fields)?;
        }
        row(content, may_be_unknown, &mut values).map_err(|(column, value)| {
            let e = array::wrong(format!("the value {value:?} at line {}, column {column}", line + 1));
            e.hint(advice(lines.len(), column, &value))
        })?;
        let here = values.len() - before;
        match lines.first() {
            None => cols = here,
            Some(first) if here != cols => {
                let first = first + 1;
                let what = format!("line {} has {here} values, but line {first} has {cols}", line + 1);
                return Err(Error::new(ErrorKind::Format, what).hint("all patterns have the same number of neurons"));
            }
            Some(_) => {}
        }
        lines.push(line);
    }
    check_shape(lines.len(), cols)?;
    check_rows(lines.len(), cols)?;
    let value = |r: usize, c: usize| match values[r * cols + c] {
        UNKNOWN => f64::NAN,
        value => f64::from(value),
    };
    array::binary(lines.len(), cols, may_be_unknown, value)
        .map_err(|(r, c, what)| array::wrong(format!("{what} at line {}, column {}", lines[r] + 1, c + 1)))
}

/// The lines of a text. LF, CR LF and CR end one, and so does whatever else Unicode calls the end of a line: within a
/// line, any of these would pass for a space, and two patterns for one.
fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    let other = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    text.split('\n').flat_map(move |line| line.strip_suffix('\r').unwrap_or(line).split(other))
}

/// What to do about a value that is no bit, in this row (from 0) and column (from 1).
fn advice(row: usize, column: usize, value: &str) -> &'static str {
    let number = value.parse::<usize>().ok();
    let is = |count: Option<usize>| number.is_some() && number == count;
    if value.contains('?') || value.eq_ignore_ascii_case("nan") {
        return "only bits of a cue may be unknown: give the whole pattern";
    }
    if value.contains(char::is_alphabetic) {
        return match row {
            0 => "if that line is a header, put # in front of it; if that column holds names or classes, leave it out",
            _ => "write 0 and 1, separated by commas, spaces or nothing; leave out a column of names or classes",
        };
    }
    // a corner without a name, or columns that are counted
    if row == 0 && column == 1 && value.is_empty()
        || row == 0 && (is(column.checked_sub(1)) || is(column.checked_sub(2)))
    {
        return "if that is a header and the first column counts the rows, leave both out: to_csv(path, header=False, index=False) in pandas";
    }
    if column == 1 && (is(Some(row)) || is(row.checked_add(1))) {
        return "if the first column counts the rows, leave it out: to_csv(path, index=False) in pandas";
    }
    "write 0 and 1, separated by commas, spaces or nothing; leave out a column of labels"
}

/// Appends the values of one line; or says which column (from 1) is wrong, and what stands there.
fn row(line: &str, may_be_unknown: bool, values: &mut Vec<i8>) -> std::result::Result<(), (usize, String)> {
    let separator = [',', ';'].into_iter().find(|&s| line.contains(s));
    let fields: Vec<&str> = match separator {
        Some(s) => line.strip_suffix(s).unwrap_or(line).split(s).map(str::trim).collect(),
        None => line.split_whitespace().collect(),
    };
    let digits = |f: &&str| f.bytes().all(|b| b == b'0' || b == b'1' || may_be_unknown && b == b'?');
    if separator.is_none() && fields.iter().all(digits) {
        let value = |b: u8| if b == b'?' { UNKNOWN } else { i8::from(b == b'1') };
        values.extend(fields.iter().flat_map(|f| f.bytes()).map(value));
        return Ok(());
    }
    for (column, field) in fields.iter().enumerate() {
        let bare = field.trim_matches(['"', '\'']);
        let value = match bare.to_ascii_lowercase().as_str() {
            "true" => Some(1.0),
            "false" => Some(0.0),
            "?" => Some(f64::NAN),
            other => other.parse::<f64>().ok(),
        };
        match value {
            Some(v) if [-1.0, 0.0, 1.0].contains(&v) => values.push(v as i8),
            Some(v) if may_be_unknown && v.is_nan() => values.push(UNKNOWN),
            _ => return Err((column + 1, bare.to_owned())),
        }
    }
    Ok(())
}
