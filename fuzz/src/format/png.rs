//! `.png`: a chunk changed, with its checksum made right again.

use crate::{bytes, dice::Dice};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The checksum of PNG and zip, bit by bit.
pub fn crc32(data: &[u8]) -> u32 {
    let step = |crc: u32, &b: &u8| {
        (0..8).fold(crc ^ u32::from(b), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    };
    !data.iter().fold(!0, step)
}

/// Changes a chunk, or the list of chunks.
pub fn mutate(data: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let Some(mut chunks) = split(data).filter(|c| !c.is_empty()) else { return bytes::mutate(data, other, dice) };
    let at = dice.below(chunks.len());
    match dice.below(8) {
        0 => drop(chunks.remove(at)),
        1 => chunks.insert(dice.below(chunks.len()), chunks[at].clone()),
        2 => {
            let with = dice.below(chunks.len());
            chunks.swap(at, with);
        }
        3 => {
            if let Some(foreign) = split(other).filter(|c| !c.is_empty()) {
                chunks.insert(at, foreign[dice.below(foreign.len())].clone());
            }
        }
        4 => {
            // the header: size, depth, colour type, interlace
            let header = &mut chunks[0].1;
            match dice.below(2) {
                0 => bytes::word(header, dice),
                _ if !header.is_empty() => {
                    let place = dice.below(header.len());
                    header[place] = [0, 1, 2, 3, 4, 6, 8, 16, 255][dice.below(9)];
                }
                _ => {}
            }
        }
        5 => chunks[at].0 = *b"zTXt",
        _ => {
            let content = &mut chunks[at].1;
            bytes::mutate(content, other, dice);
        }
    }
    *data = SIGNATURE.to_vec();
    for (name, content) in chunks {
        let body: Vec<u8> = name.into_iter().chain(content).collect();
        data.extend((body.len() as u32 - 4).to_be_bytes());
        data.extend(&body);
        data.extend(crc32(&body).to_be_bytes());
    }
    if dice.once_in(8) {
        bytes::word(data, dice);
    }
}

type Chunk = ([u8; 4], Vec<u8>);

fn split(data: &[u8]) -> Option<Vec<Chunk>> {
    let mut rest = data.strip_prefix(SIGNATURE)?;
    let mut chunks = Vec::new();
    while rest.len() >= 12 {
        let length = u32::from_be_bytes(rest[..4].try_into().ok()?) as usize;
        let name = rest[4..8].try_into().ok()?;
        chunks.push((name, rest.get(8..8 + length)?.to_vec()));
        rest = rest.get(12 + length..)?;
    }
    Some(chunks)
}
