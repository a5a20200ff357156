//! `.npz`: a member changed inside an archive that is whole, or a field of the archive itself.

use super::{npy, png::crc32};
use crate::{bytes, dice::Dice};

/// Changes one member, the list of members, or what the archive says about them.
pub fn mutate(data: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let Some(mut members) = split(data) else { return bytes::mutate(data, other, dice) };
    if members.is_empty() || dice.once_in(5) {
        return field(data, dice);
    }
    let at = dice.below(members.len());
    match dice.below(8) {
        0 => drop(members.remove(at)),
        1 => members.push(members[at].clone()),
        2 => {
            let name = members[dice.below(members.len())].0.clone();
            members[at].0 = if dice.once_in(3) { format!("../{name}\0") } else { name };
        }
        _ => {
            let foreign = split(other).and_then(|m| m.into_iter().next()).map_or(Vec::new(), |m| m.1);
            npy::mutate(&mut members[at].1, &foreign, dice);
        }
    }
    *data = join(&members);
}

/// Overwrites a field of one of the archive's records.
fn field(data: &mut [u8], dice: &mut Dice) {
    let starts: Vec<usize> =
        (0..data.len().saturating_sub(4)).filter(|&i| &data[i..i + 2] == b"PK" && data[i + 2] < 8).collect();
    if !starts.is_empty() {
        let start = starts[dice.below(starts.len())];
        let end = (start + 50).min(data.len());
        bytes::word(&mut data[start + 4..end], dice);
    }
}

fn number(data: &[u8], at: usize, size: usize) -> Option<usize> {
    Some(data.get(at..at + size)?.iter().rev().fold(0, |n, &b| n << 8 | usize::from(b)))
}

/// Names and contents of the stored members from the beginning on; none if something else comes first.
fn split(data: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut members = Vec::new();
    let mut at = 0;
    while data.get(at..at + 4)? == b"PK\x03\x04" {
        let (method, size) = (number(data, at + 8, 2)?, number(data, at + 18, 4)?);
        let (name, extra) = (number(data, at + 26, 2)?, number(data, at + 28, 2)?);
        if method != 0 {
            return None;
        }
        let start = at + 30 + name + extra;
        let text = String::from_utf8_lossy(data.get(at + 30..at + 30 + name)?).into_owned();
        members.push((text, data.get(start..start + size)?.to_vec()));
        at = start + size;
    }
    Some(members)
}

/// An archive of stored members.
fn join(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut common = Vec::new();
        for field in [20u16, 0, 0, 0, 0x21] {
            common.extend(field.to_le_bytes());
        }
        common.extend(crc32(content).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 12]);
        directory.extend((file.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend([0; 2]);
        file.extend(name.as_bytes());
        file.extend(content);
    }
    let (start, size, count) = (file.len() as u32, directory.len() as u32, members.len() as u16);
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(size.to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0; 2]);
    file
}
