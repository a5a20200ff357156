//! The pictures: a contact sheet, and recall against noise.

use super::{hardware::Proof, learn::Learnt};
use hopgate_files::{atomic, patterns::Patterns};
use hopgate_lab::{
    plot::{Quantity, recall_plot},
    sheet::{contact_sheet, png, triples},
};
use hopgate_model::Result;
use std::path::Path;

/// Pictures on the contact sheet, at most.
const SHOWN: usize = 72;
/// Pictures in a band of it.
const COLUMNS: usize = 24;

/// Writes `recall.svg`, `bits.svg` and, where the patterns are pictures, `contact-sheet.png`.
pub fn draw(patterns: &Patterns, learnt: &Learnt, proof: &Proof, out: &Path) -> Result<()> {
    let (p, n) = (patterns.bits.rows(), patterns.bits.cols());
    let title =
        |what: &str| format!("{what}: {p} patterns of {n} bits ({}), gamma {:.3}", patterns.source, learnt.model.gamma);
    for (file, quantity, what) in [
        ("recall.svg", Quantity::ExactRecall, "Exact recall against noise"),
        ("bits.svg", Quantity::BitAccuracy, "Right bits against noise"),
    ] {
        atomic::write(&out.join(file), recall_plot(&learnt.study, quantity, &title(what))?.as_bytes())?;
    }
    if let Some((height, width)) = patterns.shape {
        // spread over all patterns, so that the sheet shows more than the first alphabet
        let cues = proof.cues.rows();
        let shown = SHOWN.min(p).min(cues);
        let which: Vec<usize> = (0..shown).map(|i| i * p.min(cues) / shown).collect();
        let answers = &proof.cosim.hardware.state;
        let sheet = contact_sheet(&triples(&patterns.bits, &proof.cues, answers, &which), height, width, COLUMNS)?;
        atomic::write(&out.join("contact-sheet.png"), &png(&sheet)?)?;
    }
    Ok(())
}
