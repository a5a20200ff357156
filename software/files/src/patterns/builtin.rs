//! Built-in pattern sets.

use super::{
    Patterns, check_shape,
    digits::{Part, digits, optdigits},
};
use crate::room;
use hopgate_model::{
    Error, Result,
    bits::{BitMatrix, words_for},
    noise,
};
use rand::Rng;
use std::collections::HashSet;
use unifont::Glyph;

/// What there is, for messages.
pub const LIST: &str =
    "built-in sets: glyphs, digits, optdigits, optdigits:train, optdigits:test, random:N=170,P=510,seed=1";

/// Glyphs in the set `glyphs`.
pub const GLYPHS: usize = 384;

/// At most two to the power of this are drawn as `random` patterns.
const MAX_RANDOM_BITS: usize = 20;

/// Where glyphs are taken from, in this order: Basic Latin, Latin-1, Latin Extended-A, Greek, Cyrillic.
const BLOCKS: [std::ops::Range<u32>; 5] = [0x20..0x7f, 0xa0..0x100, 0x100..0x180, 0x370..0x400, 0x400..0x500];

/// The built-in set that `spec` names; `None` if it names none.
pub fn parse(spec: &str) -> Option<Result<Patterns>> {
    if spec == "glyphs" {
        return Some(Ok(glyphs()));
    }
    if spec == "digits" {
        return Some(Ok(digits()));
    }
    if let Some(part) = Part::named(spec) {
        return Some(Ok(optdigits(part, spec)));
    }
    let options = if spec == "random" { Some("") } else { spec.strip_prefix("random:") };
    options.map(|o| random(o, spec))
}

/// 384 distinct glyphs of GNU Unifont, 8 wide and 16 high: N = 128, neuron = row * 8 + column, ink is 1.
///
/// Those of the half-width characters of five blocks in code point order, without blank ones
/// and repeats (a Greek capital Alpha looks like a Latin A). Labels are the characters.
pub fn glyphs() -> Patterns {
    let mut seen = HashSet::from([[0u8; 16]]);
    let (mut labels, mut rows) = (Vec::new(), Vec::new());
    for c in BLOCKS.into_iter().flatten().filter_map(char::from_u32) {
        if let Some(Glyph::Halfwidth(bitmap)) = unifont::get_glyph(c)
            && rows.len() < GLYPHS
            && seen.insert(*bitmap)
        {
            labels.push(c.to_string());
            rows.push(bitmap);
        }
    }
    let bits = BitMatrix::from_fn(rows.len(), 128, |r, i| rows[r][i / 8] >> (7 - i % 8) & 1 == 1);
    Patterns { labels: Some(labels), shape: Some((16, 8)), ..Patterns::new(bits, "glyphs") }
}

/// `N=..,P=..,seed=..`: fair random bits, all rows distinct. The first rows of
/// [`noise::random`] with the same seed, without repeats.
fn random(options: &str, spec: &str) -> Result<Patterns> {
    let wrong = |what: String| Error::usage(format!("{spec}: {what}")).hint("for example random:N=170,P=510,seed=1");
    let (mut n, mut p, mut seed) = (None, None, None);
    for option in options.split(',').filter(|o| !o.trim().is_empty()) {
        let Some((key, value)) = option.split_once('=') else {
            return Err(wrong(format!("{option:?} is not of the form name=number")));
        };
        let slot = match key.trim() {
            "N" => &mut n,
            "P" => &mut p,
            "seed" => &mut seed,
            other => return Err(wrong(format!("unknown option {other:?}; there are N, P and seed"))),
        };
        let Ok(number) = value.trim().parse::<u64>() else {
            return Err(wrong(format!("{key} is {value:?}, which is no whole number of 64 bits")));
        };
        if slot.replace(number).is_some() {
            return Err(wrong(format!("{key} is given twice")));
        }
    }
    let (Some(n), Some(p)) = (n, p) else { return Err(wrong("N and P must be given".into())) };
    let (Ok(n), Ok(p)) = (usize::try_from(n), usize::try_from(p)) else {
        return Err(wrong("N or P is too large".into()));
    };
    check_shape(p, n).map_err(|e| wrong(e.to_string()))?;
    let most = 1 << n.min(MAX_RANDOM_BITS);
    if p > most {
        return Err(wrong(format!("P is {p}, but there are at most {most} distinct patterns of {n} neurons to draw")));
    }
    // a row is held twice, the second time to find repeats
    room::check(p as u64 * (16 * words_for(n) as u64 + 64), || format!("{spec}: drawing them"))?;
    let mut rng = noise::rng(seed.unwrap_or(1), 0);
    let mut bits = BitMatrix::zeros(p, n);
    let mut seen = HashSet::new();
    let mut r = 0;
    while r < p {
        for c in 0..n {
            bits.set(r, c, rng.random::<u64>() >> 63 == 1);
        }
        r += usize::from(seen.insert(bits.row(r).to_vec()));
    }
    Ok(Patterns::new(bits, spec))
}
