//! The rPLL of Gowin's GW1N and GW2A.
//!
//! `out = reference * (FBDIV_SEL + 1) / (IDIV_SEL + 1)`. The phase detector sees `reference / (IDIV_SEL + 1)`, and the PLL's own
//! oscillator runs at `ODIV_SEL` times the output. Each part has its range, which depends on the device: a family's file has them.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// The values that `ODIV_SEL` takes.
const ODIV: [u8; 11] = [2, 4, 8, 16, 32, 48, 64, 80, 96, 112, 128];

/// The ranges of the parts of a PLL in MHz, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// What the phase detector sees, and the reference.
    pub detector: [f64; 2],
    /// The PLL's own oscillator.
    pub oscillator: [f64; 2],
    /// What comes out.
    pub output: [f64; 2],
}

/// One setting of an `rPLL`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RPll {
    /// The clock that goes in, in MHz.
    pub reference_mhz: f64,
    /// The clock that comes out, in MHz.
    pub mhz: f64,
    /// The parameter `IDIV_SEL`, 0 to 63: the reference is divided by one more.
    pub idiv_sel: u8,
    /// The parameter `FBDIV_SEL`, 0 to 63: the output is the phase detector's frequency times one more.
    pub fbdiv_sel: u8,
    /// The parameter `ODIV_SEL`.
    pub odiv_sel: u8,
}

impl RPll {
    /// The setting, if every part of the PLL is within its range. Of several factors of the oscillator the least, as `gowin_pll`
    /// has it.
    fn new(limits: &Limits, reference_mhz: f64, idiv_sel: u8, fbdiv_sel: u8) -> Option<RPll> {
        let within = |range: [f64; 2], mhz: f64| (range[0]..=range[1]).contains(&mhz);
        let detector = reference_mhz / (f64::from(idiv_sel) + 1.0);
        let mhz = detector * (f64::from(fbdiv_sel) + 1.0);
        let fits =
            within(limits.detector, reference_mhz) && within(limits.detector, detector) && within(limits.output, mhz);
        let odiv_sel = ODIV.into_iter().find(|odiv| within(limits.oscillator, mhz * f64::from(*odiv)))?;
        fits.then_some(RPll { reference_mhz, mhz, idiv_sel, fbdiv_sel, odiv_sel })
    }

    /// By frequency, exactly: of equal references, so the fractions decide.
    fn order(&self, other: &RPll) -> Ordering {
        let up = |p: &RPll| u32::from(p.fbdiv_sel) + 1;
        let down = |p: &RPll| u32::from(p.idiv_sel) + 1;
        (up(self) * down(other)).cmp(&(up(other) * down(self)))
    }
}

/// Every clock that can be made of a reference, slowest first, each once: of several settings for the same clock the one that
/// divides the reference least.
pub fn clocks(limits: &Limits, reference_mhz: f64) -> Vec<RPll> {
    let settings = (0..64).flat_map(|idiv| (0..64).map(move |fbdiv| (idiv, fbdiv)));
    let mut all: Vec<RPll> = settings.filter_map(|(i, f)| RPll::new(limits, reference_mhz, i, f)).collect();
    all.sort_by(RPll::order); // stable: IDIV_SEL stays ascending among equals
    all.dedup_by(|a, b| a.order(b) == Ordering::Equal);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{board::Board, family::Family};

    fn limits(device: &str) -> Limits {
        Family::find("gowin").unwrap().grade(device).and_then(|grade| grade.pll).unwrap()
    }

    #[test]
    fn every_setting_is_within_the_limits() {
        for name in ["tang-nano-9k", "tang-nano-20k"] {
            let board = Board::find(name).unwrap();
            let limits = limits(&board.device);
            let clocks = clocks(&limits, 27.0);
            assert!(clocks.len() > 100, "{name}: {}", clocks.len());
            assert!(clocks.windows(2).all(|w| w[0].mhz < w[1].mhz), "{name}");
            for p in &clocks {
                let detector = 27.0 / f64::from(p.idiv_sel + 1);
                let oscillator = p.mhz * f64::from(p.odiv_sel);
                assert!((p.mhz - detector * f64::from(p.fbdiv_sel + 1)).abs() < 1e-9, "{p:?}");
                assert!(detector >= limits.detector[0] && p.idiv_sel < 9, "{p:?}");
                assert!((limits.oscillator[0]..=limits.oscillator[1]).contains(&oscillator), "{p:?}");
                assert!((limits.output[0]..=limits.output[1]).contains(&p.mhz), "{p:?}");
            }
        }
        assert!(clocks(&limits("GW1NR-LV9"), 2.9).is_empty() && clocks(&limits("GW1NR-LV9"), f64::NAN).is_empty());
    }

    /// What `gowin_pll` of apycula 0.32 prints for 27 MHz.
    #[test]
    fn settings_as_gowin_pll_has_them() {
        let of = |device: &str, mhz: f64| {
            let p = clocks(&limits(device), 27.0).into_iter().find(|p| p.mhz >= mhz).unwrap();
            (p.mhz, p.idiv_sel, p.fbdiv_sel, p.odiv_sel)
        };
        assert_eq!(of("GW1NR-LV9QN88PC6/I5", 108.0), (108.0, 0, 3, 4));
        assert_eq!(of("GW2AR-LV18QN88C8/I7", 94.5), (94.5, 1, 6, 8));
        assert_eq!(of("GW1NR-LV9QN88PC6/I5", 60.0), (60.0, 8, 19, 8));
    }
}
