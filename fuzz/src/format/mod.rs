//! Mutations that keep a format intact but for one thing, so that they get behind the first check.

pub mod frames;
pub mod npy;
pub mod png;
pub mod zip;

use crate::{bytes, dice::Dice};

/// Mutates a file by what its name says it is.
pub fn mutate(name: &str, data: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    if dice.once_in(4) {
        return bytes::mutate(data, other, dice);
    }
    match name.rsplit('.').next().unwrap_or_default() {
        "npy" => npy::mutate(data, other, dice),
        "npz" => zip::mutate(data, other, dice),
        "png" => png::mutate(data, other, dice),
        "csv" => bytes::text(data, other, &["0", "1", "-1", "#", ";", "\t", "true", "false", "1.0", "\"1\""], dice),
        "pbm" => bytes::text(data, other, &["P1", "P4", "P2", "P5", "P7", "#", "WIDTH", "ENDHDR"], dice),
        "json" => bytes::text(data, other, &JSON, dice),
        "frames" => frames::mutate(data, other, dice),
        // most words of a page may be anything
        "page" => (0..=dice.below(6)).for_each(|_| bytes::word(data, dice)),
        "toml" => bytes::text(data, other, &TOML, dice),
        _ => bytes::mutate(data, other, dice),
    }
}

const JSON: [&str; 12] = [
    "neurons",
    "patterns",
    "planes",
    "reach",
    "version",
    "format",
    "files",
    "info",
    "hopgate-memory",
    "\"fixed\"",
    "kernel_bits",
    "manifest_sha256",
];

const TOML: [&str; 16] = [
    "[clock]",
    "[uart]",
    "[leds]",
    "[[leds]]",
    "[resources]",
    "[tools]",
    "ice40",
    "ecp5",
    "low",
    "high",
    "fabric",
    "'''",
    "\"\"\"",
    "=",
    "\"A1;\"",
    "1979-05-27",
];
