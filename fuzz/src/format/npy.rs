//! `.npy`: a field of the header replaced, with a length that is right (or not).

use crate::{
    bytes::{self, NUMBERS},
    dice::Dice,
};

const TYPES: [&str; 20] = [
    "'|b1'",
    "'|u1'",
    "'|i1'",
    "'<u4'",
    "'>u4'",
    "'<i8'",
    "'>f8'",
    "'<f2'",
    "'<f4'",
    "'<U1'",
    "'>U7'",
    "'<U268435455'",
    "'<U0'",
    "'|O'",
    "'<c16'",
    "'u3'",
    "'\u{fc}1'",
    "[('a', '<f8')]",
    "''",
    "'='",
];

/// Changes the header, or the data behind it.
pub fn mutate(data: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let start = if data.get(6) == Some(&1) { 10 } else { 12 };
    let Some(end) = data.iter().position(|&b| b == b'\n').map(|e| e + 1).filter(|&e| e > start) else {
        return bytes::mutate(data, other, dice);
    };
    let Ok(header) = std::str::from_utf8(&data[start..end]) else { return bytes::mutate(data, other, dice) };
    let mut header = header.to_owned();
    let mut body = data[end..].to_vec();
    match dice.below(8) {
        0 => replace(&mut header, "'descr': ", ", 'f", dice.pick(&TYPES)),
        1 => replace(&mut header, "'fortran_order': ", ", '", dice.pick(&["True", "False", "0", "None", ""])),
        2..=4 => {
            let axes = [0, 1, 2, 2, 2, 3, 3, 40][dice.below(8)];
            let shape: Vec<&str> = (0..axes).map(|_| dice.pick(&NUMBERS)).collect();
            let shape = format!("({}{}", shape.join(", "), dice.pick(&[")", ",)", "", "L)", "))"]));
            replace(&mut header, "'shape': ", ", }", &shape);
        }
        5 => {
            let mut raw = header.into_bytes();
            bytes::text(&mut raw, other, &["'descr'", "'shape'", "'fortran_order'", ":", ",", "(", ")"], dice);
            header = String::from_utf8_lossy(&raw).into_owned();
        }
        _ => bytes::mutate(&mut body, other, dice),
    }
    let version = [1, 1, 1, 2, 3, 4][dice.below(6)];
    *data = join(version, &header, &body);
    if dice.once_in(8) {
        let length = data.len().min(12);
        bytes::word(&mut data[..length], dice);
    }
}

/// Replaces what stands between two words.
fn replace(header: &mut String, after: &str, before: &str, with: &str) {
    if let Some(start) = header.find(after).map(|s| s + after.len())
        && let Some(length) = header[start..].find(before)
    {
        header.replace_range(start..start + length, with);
    }
}

/// A file of this version, header and data.
fn join(version: u8, header: &str, body: &[u8]) -> Vec<u8> {
    let mut file = b"\x93NUMPY".to_vec();
    file.extend([version, 0]);
    match version {
        1 => file.extend((header.len() as u16).to_le_bytes()),
        _ => file.extend((header.len() as u32).to_le_bytes()),
    }
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(body);
    file
}
