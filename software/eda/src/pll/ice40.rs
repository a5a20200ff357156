//! The PLL of an iCE40: which clocks it can make of the board's, and the settings for each.
//!
//! With the simple feedback path, `out = reference * (DIVF + 1) / ((DIVR + 1) * 2^DIVQ)`. The phase detector sees
//! `reference / (DIVR + 1)`, and the oscillator runs at `2^DIVQ` times the output; each part has its range (Lattice
//! TN1251). Everything here is exact: frequencies are fractions until they are printed.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What the reference and the phase detector take, in MHz.
pub(super) const REFERENCE: [f64; 2] = [10.0, 133.0];
/// What the oscillator runs at, in MHz.
const OSCILLATOR: [f64; 2] = [533.0, 1066.0];
/// What comes out, in MHz.
const OUTPUT: [f64; 2] = [16.0, 275.0];
/// The loop filter is chosen by the phase detector's frequency: range `i + 1` is below limit `i`, in MHz.
const FILTER: [f64; 5] = [17.0, 26.0, 44.0, 66.0, 101.0];

/// One setting of `SB_PLL40_CORE` with the simple feedback path.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SbPll40 {
    /// The clock that goes in, in MHz.
    pub reference_mhz: f64,
    /// The clock that comes out, in MHz.
    pub mhz: f64,
    /// The parameter `DIVR`, 4 bits: the reference is divided by one more.
    pub divr: u8,
    /// The parameter `DIVF`, 7 bits: the feedback is divided by one more.
    pub divf: u8,
    /// The parameter `DIVQ`, 3 bits: the output is divided by 2 to this power.
    pub divq: u8,
    /// The parameter `FILTER_RANGE`, 3 bits.
    pub filter_range: u8,
}

impl SbPll40 {
    /// The setting, if every part of the PLL is within its range.
    fn new(reference_mhz: f64, divr: u8, divf: u8, divq: u8) -> Option<SbPll40> {
        let within = |range: [f64; 2], mhz: f64| (range[0]..=range[1]).contains(&mhz);
        let detector = reference_mhz / (f64::from(divr) + 1.0);
        let oscillator = detector * (f64::from(divf) + 1.0);
        let mhz = oscillator / f64::from(1u32 << divq);
        let fits = within(REFERENCE, detector) && within(OSCILLATOR, oscillator) && within(OUTPUT, mhz);
        let filter_range = 1 + FILTER.iter().filter(|limit| detector >= **limit).count() as u8;
        fits.then_some(SbPll40 { reference_mhz, mhz, divr, divf, divq, filter_range })
    }

    /// By frequency, exactly: of equal references, so the fractions `(DIVF + 1) / ((DIVR + 1) * 2^DIVQ)` decide.
    fn order(&self, other: &SbPll40) -> Ordering {
        let up = |p: &SbPll40| u32::from(p.divf) + 1;
        let down = |p: &SbPll40| (u32::from(p.divr) + 1) << p.divq;
        (up(self) * down(other)).cmp(&(up(other) * down(self)))
    }
}

/// Every clock that can be made of a reference, slowest first, each once: of several settings for the same clock the
/// one that divides the reference least, since a fast phase detector jitters least.
///
/// Empty if the reference itself is out of range.
///
/// ```
/// let clocks = hopgate_eda::pll::ice40::clocks(12.0);
/// assert!(clocks.iter().any(|p| p.mhz == 48.0 && (p.divr, p.divf, p.divq, p.filter_range) == (0, 63, 4, 1)));
/// ```
pub fn clocks(reference_mhz: f64) -> Vec<SbPll40> {
    if !(REFERENCE[0]..=REFERENCE[1]).contains(&reference_mhz) {
        return Vec::new();
    }
    let settings = (0..16).flat_map(|divr| (0..128).flat_map(move |divf| (1..=6).map(move |divq| (divr, divf, divq))));
    let mut all: Vec<SbPll40> = settings.filter_map(|(r, f, q)| SbPll40::new(reference_mhz, r, f, q)).collect();
    all.sort_by(SbPll40::order); // stable: DIVR stays ascending among equals
    all.dedup_by(|a, b| a.order(b) == Ordering::Equal);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads what `icepll` prints: achieved MHz, DIVR, DIVF, DIVQ, FILTER_RANGE.
    fn icepll(reference: f64, wanted: f64) -> Option<(f64, [u8; 4])> {
        let args = ["-i".to_owned(), reference.to_string(), "-o".into(), wanted.to_string()];
        let out = std::process::Command::new("icepll").args(args).output().ok()?;
        let text = String::from_utf8(out.stdout).ok()?;
        let of = |line: &str| {
            let rest = text.lines().find_map(|l| l.strip_prefix(line))?;
            rest.split_whitespace().next()?.parse::<f64>().ok()
        };
        let achieved = text.lines().find(|l| l.contains("(achieved)"))?.split_whitespace().nth(1)?.parse().ok()?;
        let number = |line| of(line).map(|v| v as u8);
        Some((achieved, [number("DIVR:")?, number("DIVF:")?, number("DIVQ:")?, number("FILTER_RANGE:")?]))
    }

    /// `icepll` searches for the nearest clock: so does this, in the list, and must find the same settings.
    #[test]
    fn icepll_agrees() {
        if std::process::Command::new("icepll").arg("-h").output().is_err() {
            eprintln!("skipped: icepll is not installed (apt-get install fpga-icestorm)");
            return;
        }
        let mut same = 0;
        for reference in [10.0, 12.0, 16.0, 25.0, 33.333, 48.0, 50.0, 66.0, 100.0, 133.0] {
            let clocks = clocks(reference);
            for i in 0..18 {
                let wanted = 16.5 + 14.37 * f64::from(i);
                let (achieved, settings) = icepll(reference, wanted).expect("icepll finds a clock");
                let nearest = clocks.iter().min_by(|a, b| (a.mhz - wanted).abs().total_cmp(&(b.mhz - wanted).abs()));
                let nearest = nearest.unwrap();
                // three digits are printed
                let error = (nearest.mhz - wanted).abs() - (achieved - wanted).abs();
                assert!(error.abs() < 0.0011, "{reference} -> {wanted}: {nearest:?}, icepll makes {achieved}");
                // its own setting is one of ours, with the same filter; of equals it may choose another by rounding
                let [divr, divf, divq, filter_range] = settings;
                let theirs = SbPll40::new(reference, divr, divf, divq).expect("within the limits");
                assert_eq!(theirs.filter_range, filter_range, "{reference} -> {wanted}");
                assert!((theirs.mhz - achieved).abs() < 0.0006, "{theirs:?}, icepll makes {achieved}");
                same += usize::from(theirs == *nearest);
            }
        }
        assert!(same > 120, "{same} of 180");
    }

    #[test]
    fn every_setting_is_within_the_limits() {
        for reference in [10.0, 12.0, 27.0, 100.0, 133.0] {
            let clocks = clocks(reference);
            assert!(clocks.len() > 100, "{reference}: {}", clocks.len());
            assert!(clocks.windows(2).all(|w| w[0].mhz < w[1].mhz), "{reference}");
            for p in &clocks {
                let detector = reference / f64::from(p.divr + 1);
                let oscillator = detector * (f64::from(p.divf) + 1.0);
                assert!((10.0..=133.0).contains(&detector) && (533.0..=1066.0).contains(&oscillator), "{p:?}");
                assert!((16.0..=275.0).contains(&p.mhz) && (1..=6).contains(&p.divq) && p.divf < 128, "{p:?}");
            }
        }
        assert!(clocks(9.9).is_empty() && clocks(134.0).is_empty() && clocks(f64::NAN).is_empty());
    }
}
