//! Types of elements as a header describes them, and numbers of their bytes.

use super::Kind;
use hopgate_model::{Error, ErrorKind, Result};

/// A signed number of so many bytes.
pub fn sign_extend(raw: u64, size: usize) -> i64 {
    let unused = 64 - 8 * size as u32;
    (raw << unused) as i64 >> unused
}

/// An IEEE half-precision number.
pub fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let magnitude = match exponent {
        0 => libm::ldexp(fraction, -24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => libm::ldexp(1024.0 + fraction, exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

/// Kind, bytes per element and byte order of a type description such as `'<f8'`: whatever numpy reads as a real number or text of the same
/// size on every machine.
pub fn parse_descr(descr: &str) -> Result<(Kind, usize, bool)> {
    let real = "save real numbers: numpy.save(path, a.astype(numpy.uint8))";
    let refuse = |what: &str| Err(Error::new(ErrorKind::Format, format!("the array holds {what}")).hint(real));
    if descr.starts_with('[') {
        return refuse("records of several fields");
    }
    let whole = descr.trim_matches(['\'', '"']);
    if let Some((kind, size)) = full_name(whole) {
        return Ok((kind, size, cfg!(target_endian = "big")));
    }
    let (order, name) = match whole.as_bytes().first() {
        Some(b'<' | b'>' | b'|' | b'=') => whole.split_at(1),
        _ => ("|", whole),
    };
    let mut letters = name.chars();
    let letter = letters.next().unwrap_or(' ');
    let digits = letters.as_str();
    let (kind, size) = match (letter, digits.parse::<usize>().unwrap_or(0)) {
        // a letter alone is a type of C, of the size that it has everywhere
        ('?', 0) if digits.is_empty() => (Kind::Bool, 1),
        ('b' | 'h' | 'i' | 'q', 0) if digits.is_empty() => (Kind::Int, size_of_letter(letter)),
        ('B' | 'H' | 'I' | 'Q', 0) if digits.is_empty() => (Kind::Uint, size_of_letter(letter)),
        ('e' | 'f' | 'd', 0) if digits.is_empty() => (Kind::Float, size_of_letter(letter)),
        ('b', 1) => (Kind::Bool, 1),
        ('i', size @ (1 | 2 | 4 | 8)) => (Kind::Int, size),
        ('u', size @ (1 | 2 | 4 | 8)) => (Kind::Uint, size),
        ('f', size @ (2 | 4 | 8)) => (Kind::Float, size),
        ('U', size @ 1..=0x0fff_ffff) => (Kind::Text, 4 * size),
        ('O', _) => return refuse("Python objects"),
        ('c', _) => return refuse("complex numbers"),
        _ => return refuse(&format!("elements of the unknown type {descr}")),
    };
    Ok((kind, size, order == ">"))
}

/// Bytes of a type of C, by numpy's letter for it.
fn size_of_letter(letter: char) -> usize {
    match letter {
        'b' | 'B' => 1,
        'h' | 'H' | 'e' => 2,
        'i' | 'I' | 'f' => 4,
        _ => 8,
    }
}

/// A type by its whole name, such as `uint8`; such names come without a byte order, which is the machine's.
fn full_name(name: &str) -> Option<(Kind, usize)> {
    let (kind, bits) = match name {
        "bool" => (Kind::Bool, 8),
        "half" => (Kind::Float, 16),
        "single" => (Kind::Float, 32),
        "double" | "float" => (Kind::Float, 64),
        _ => {
            let at = name.find(|c: char| c.is_ascii_digit())?;
            let kind = match &name[..at] {
                "int" => Kind::Int,
                "uint" => Kind::Uint,
                "float" => Kind::Float,
                _ => return None,
            };
            (kind, name[at..].parse().ok()?)
        }
    };
    let known = matches!((kind, bits), (_, 16 | 32 | 64)) || bits == 8 && kind != Kind::Float;
    known.then_some((kind, bits / 8))
}
