//! Frames: words of one changed, and its CRC made right again.

use crate::{bytes, dice::Dice};
use hopgate_wire::frame::{self, Decoder};

/// Changes the words of a frame, takes one away, or puts one of the other sample in.
pub fn mutate(data: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let mut all = frames(data);
    let others = frames(other);
    if all.is_empty() || others.is_empty() {
        return bytes::mutate(data, other, dice);
    }
    let place = dice.below(all.len());
    match dice.below(6) {
        0 => all.insert(place, others[dice.below(others.len())].clone()),
        1 if all.len() > 1 => drop(all.remove(place)),
        // the header: version, kind and number
        2 => all[place][0] ^= 1 << dice.below(16),
        _ => {
            let mut words: Vec<u8> = all[place].iter().flat_map(|word| word.to_le_bytes()).collect();
            if dice.once_in(3) {
                bytes::mutate(&mut words, other, dice);
            } else {
                bytes::word(&mut words, dice);
            }
            all[place] = words.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
        }
    }
    *data = all.iter().flat_map(|words| frame::encode(words)).collect();
}

/// The words of the frames that are whole.
fn frames(data: &[u8]) -> Vec<Vec<u16>> {
    let mut decoder = Decoder::new(1 << 12);
    data.iter().filter_map(|&byte| decoder.push(byte)?.ok()).collect()
}
