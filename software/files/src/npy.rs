//! The `.npy` format of numpy: one array, its type, shape and order in a short header.
//!
//! Reads every version, real number type, byte order and memory order; nothing is allocated on the
//! word of a header. Writes what `numpy.save` writes: version 1.0, C order, little endian.
//! Format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.

mod elements;

use elements::{half, parse_descr, sign_extend};
use hopgate_model::{Error, ErrorKind, Result};

/// How the bytes of an element are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One byte, 0 or 1.
    Bool,
    /// Signed integers of 1, 2, 4 or 8 bytes.
    Int,
    /// Unsigned integers of 1, 2, 4 or 8 bytes.
    Uint,
    /// IEEE numbers of 2, 4 or 8 bytes.
    Float,
    /// UTF-32 text, 4 bytes a character.
    Text,
}

/// An array. Elements are counted in C order (last axis fastest), however they lay in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Npy {
    kind: Kind,
    size: usize,
    big_endian: bool,
    shape: Vec<usize>,
    /// In C order.
    data: Vec<u8>,
}

fn bad<T>(what: impl Into<String>) -> Result<T> {
    Err(Error::new(ErrorKind::Format, what))
}

/// One element to be written.
pub trait Element: Copy {
    /// The type's name in a header.
    const DESCR: &'static str;
    /// Appends the little-endian bytes.
    fn push(self, to: &mut Vec<u8>);
}

macro_rules! element {
    ($($t:ty = $descr:literal),*) => {$(
        impl Element for $t {
            const DESCR: &'static str = $descr;
            fn push(self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}
element!(u8 = "|u1", i8 = "|i1", u32 = "<u4", i32 = "<i4", i64 = "<i8", f64 = "<f8");

impl Element for bool {
    const DESCR: &'static str = "|b1";
    fn push(self, to: &mut Vec<u8>) {
        to.push(u8::from(self));
    }
}

/// The bytes of a `.npy` file with these elements in C order.
///
/// ```
/// use hopgate_files::npy::{self, Npy};
/// let file = npy::encode(&[2, 2], [1u8, 0, 0, 1]);
/// let array = Npy::parse(file)?;
/// assert_eq!((array.shape(), array.float(3)), (&[2, 2][..], 1.0));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn encode<T: Element>(shape: &[usize], elements: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut file = header::<T>(shape);
    let start = file.len();
    elements.into_iter().for_each(|e| e.push(&mut file));
    debug_assert_eq!(file.len() - start, shape.iter().product::<usize>() * std::mem::size_of::<T>());
    file
}

/// The bytes of a `.npy` file with one text: a 0-d unicode array, `str(numpy.load(..))` in Python.
pub fn encode_text(text: &str) -> Vec<u8> {
    let mut file = header_of(&format!("<U{}", text.chars().count().max(1)), &[]);
    text.chars().for_each(|c| u32::from(c).push(&mut file));
    if text.is_empty() {
        0u32.push(&mut file);
    }
    file
}

/// The header of a `.npy` file with elements of this type, which follow it in C order.
pub(crate) fn header<T: Element>(shape: &[usize]) -> Vec<u8> {
    header_of(T::DESCR, shape)
}

fn header_of(descr: &str, shape: &[usize]) -> Vec<u8> {
    let shape = match shape {
        [n] => format!("({n},)"),
        _ => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    };
    let mut dict = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    // magic, version and length take 10 bytes; the whole header is a multiple of 64 and ends a line
    let padding = 63 - (10 + dict.len()) % 64;
    dict.push_str(&" ".repeat(padding));
    dict.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend_from_slice(&(dict.len() as u16).to_le_bytes());
    file.extend_from_slice(dict.as_bytes());
    file
}

impl Npy {
    /// Reads a whole `.npy` file.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if it is not one, is cut short or goes on after its last element, or holds
    /// something else than real numbers or text.
    pub fn parse(mut file: Vec<u8>) -> Result<Self> {
        if file.get(..6) != Some(b"\x93NUMPY") {
            return Err(Error::new(ErrorKind::Format, "not a .npy file: it does not begin with \\x93NUMPY")
                .hint("write it with numpy.save"));
        }
        let (length_at, length_size) = match file.get(6..8) {
            Some([1, 0]) => (8, 2),
            Some([2 | 3, 0]) => (8, 4),
            Some([major, minor]) => return bad(format!("unknown .npy version {major}.{minor}")),
            _ => return bad("the .npy header is cut short"),
        };
        let start = length_at + length_size;
        let Some(length) = file.get(length_at..start) else { return bad("the .npy header is cut short") };
        let length = length.iter().rev().fold(0usize, |n, &b| n << 8 | usize::from(b));
        let Some(text) = file.get(start..start.saturating_add(length)) else {
            return bad("the .npy header is cut short");
        };
        let Ok(text) = std::str::from_utf8(text) else { return bad("the .npy header is not text") };
        let (mut array, fortran) = Self::parse_header(text)?;
        file.drain(..start + length);
        let elements = array.shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
        let needed = elements.and_then(|n| n.checked_mul(array.size));
        match needed {
            Some(needed) if needed == file.len() => {}
            Some(needed) if needed < file.len() => {
                return bad(format!(
                    "{} bytes follow the last element of shape {:?}",
                    file.len() - needed,
                    array.shape
                ));
            }
            _ => {
                let needed = needed.map_or("more than memory can hold".into(), |n| format!("{n} bytes"));
                return bad(format!(
                    "cut short: shape {:?} needs {needed} of data, but there are {}",
                    array.shape,
                    file.len()
                ));
            }
        }
        array.data = if fortran { turned_over(&file, &array.shape, array.size) } else { file };
        Ok(array)
    }

    /// Reads the Python dictionary of a header: three keys, each once, in any order. Also says whether the order is Fortran's.
    fn parse_header(text: &str) -> Result<(Self, bool)> {
        let Some(inside) = text.trim().strip_prefix('{').and_then(|t| t.strip_suffix('}')) else {
            return bad("the .npy header is not a dictionary");
        };
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        let mut rest = inside.trim();
        while !rest.is_empty() {
            let Some((key, after)) = rest.split_once(':') else {
                return bad(format!("the .npy header has no value for {rest:?}"));
            };
            let after = after.trim_start();
            let end = match after.as_bytes().first() {
                Some(b'(') => after.find(')').map(|e| e + 1),
                Some(b'[') => after.rfind(']').map(|e| e + 1),
                _ => Some(after.find(',').unwrap_or(after.len())),
            };
            let Some(end) = end else { return bad("the .npy header has an open bracket") };
            let (value, tail) = after.split_at(end);
            let value = value.trim();
            let twice = match key.trim().trim_matches(['\'', '"']) {
                "descr" => descr.replace(value).is_some(),
                "fortran_order" => fortran.replace(value).is_some(),
                "shape" => shape.replace(value).is_some(),
                other => return bad(format!("the .npy header has an unknown key {other:?}")),
            };
            if twice {
                return bad("the .npy header has a key twice");
            }
            let tail = tail.trim_start();
            rest = match tail.strip_prefix(',') {
                Some(next) => next.trim_start(),
                None if tail.is_empty() => tail,
                None => return bad(format!("the .npy header has {tail:?} after a value")),
            };
        }
        let (Some(descr), Some(fortran), Some(shape)) = (descr, fortran, shape) else {
            return bad("the .npy header lacks descr, fortran_order or shape");
        };
        let fortran = match fortran {
            "True" => true,
            "False" => false,
            other => return bad(format!("the .npy header has fortran_order {other:?}")),
        };
        let numbers = shape.trim_start_matches('(').trim_end_matches(')').trim();
        let numbers = numbers.strip_suffix(',').unwrap_or(numbers);
        let parts = numbers.split(',').map(str::trim).filter(|_| !numbers.is_empty());
        let Ok(shape) = parts.map(|n| n.trim_end_matches('L').parse()).collect::<std::result::Result<Vec<usize>, _>>()
        else {
            return bad(format!("the .npy header has shape {shape}"));
        };
        let (kind, size, big_endian) = parse_descr(descr)?;
        Ok((Npy { kind, size, big_endian, shape, data: Vec::new() }, fortran))
    }

    /// The lengths of the axes; empty for a scalar.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// What the elements are.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type as numpy spells it, such as `uint8`.
    pub fn type_name(&self) -> String {
        match self.kind {
            Kind::Bool => "bool".into(),
            Kind::Int => format!("int{}", 8 * self.size),
            Kind::Uint => format!("uint{}", 8 * self.size),
            Kind::Float => format!("float{}", 8 * self.size),
            Kind::Text => "text".into(),
        }
    }

    /// The bytes of an element in C order, little endian, in the low end of a 64-bit word.
    fn raw(&self, index: usize) -> u64 {
        let bytes = &self.data[index * self.size..(index + 1) * self.size];
        let gather = |n, &b: &u8| n << 8 | u64::from(b);
        if self.big_endian { bytes.iter().fold(0, gather) } else { bytes.iter().rev().fold(0, gather) }
    }

    /// The elements in C order, where each is one byte.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        (self.size == 1).then_some(&self.data)
    }

    /// Element `index` in C order as a number (integers beyond 2^53 are rounded; text is NaN).
    ///
    /// # Panics
    /// If `index` is not below [`Npy::len`].
    pub fn float(&self, index: usize) -> f64 {
        let raw = self.raw(index);
        match (self.kind, self.size) {
            (Kind::Bool | Kind::Uint, _) => raw as f64,
            (Kind::Int, _) => sign_extend(raw, self.size) as f64,
            (Kind::Float, 2) => half(raw as u16),
            (Kind::Float, 4) => f64::from(f32::from_bits(raw as u32)),
            (Kind::Float, _) => f64::from_bits(raw),
            (Kind::Text, _) => f64::NAN,
        }
    }

    /// Element `index` in C order as an exact integer; `None` if it is not one of `i64`.
    ///
    /// # Panics
    /// If `index` is not below [`Npy::len`].
    pub fn int(&self, index: usize) -> Option<i64> {
        match self.kind {
            Kind::Bool | Kind::Uint => i64::try_from(self.raw(index)).ok(),
            Kind::Int => Some(sign_extend(self.raw(index), self.size)),
            Kind::Float => {
                let v = self.float(index);
                (v.abs() < 9e15 && v == v.trunc()).then_some(v as i64)
            }
            Kind::Text => None,
        }
    }

    /// The text of a 0-d or one-element unicode array, or the UTF-8 bytes of a 1-d uint8 array.
    pub fn text(&self) -> Option<String> {
        match self.kind {
            Kind::Text if self.len() == 1 => {
                let word = |b: &[u8]| {
                    let b = [b[0], b[1], b[2], b[3]];
                    char::from_u32(if self.big_endian { u32::from_be_bytes(b) } else { u32::from_le_bytes(b) })
                };
                let text: Option<String> = self.data.chunks_exact(4).map(word).collect();
                text.map(|t| t.trim_end_matches('\0').to_owned())
            }
            Kind::Uint if self.size == 1 && self.shape.len() == 1 => String::from_utf8(self.data.clone()).ok(),
            _ => None,
        }
    }
}

/// The data of an array in Fortran order (first axis fastest), in C order.
fn turned_over(data: &[u8], shape: &[usize], size: usize) -> Vec<u8> {
    // how far the elements of an axis lie apart in the file
    let strides = shape.iter().scan(size, |stride, &d| Some(std::mem::replace(stride, *stride * d)));
    let axes: Vec<(usize, usize)> = shape.iter().copied().zip(strides).collect();
    let mut turned = Vec::with_capacity(data.len());
    let (mut index, mut place) = (vec![0; axes.len()], 0);
    while turned.len() < data.len() {
        turned.extend_from_slice(&data[place..place + size]);
        // the next element in C order: the last axis that has one more goes on, those behind it begin again
        for (i, &(length, stride)) in index.iter_mut().zip(&axes).rev() {
            (*i, place) = (*i + 1, place + stride);
            if *i < length {
                break;
            }
            (*i, place) = (0, place - length * stride);
        }
    }
    turned
}
