//! The PLLs that hopgate knows: which clocks each can make of the board's, and the settings for each.

pub mod gowin;
pub mod ice40;

use crate::{board::Board, family::PllKind};
use gowin::RPll;
use hopgate_model::{Error, Result};
use ice40::SbPll40;
use serde::{Deserialize, Serialize};

/// One setting of a PLL.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Pll {
    /// Of an iCE40.
    SbPll40(SbPll40),
    /// Of a GW1N or GW2A.
    RPll(RPll),
}

impl Pll {
    /// The clock that comes out, in MHz.
    pub fn mhz(&self) -> f64 {
        match self {
            Pll::SbPll40(p) => p.mhz,
            Pll::RPll(p) => p.mhz,
        }
    }

    /// The clock that goes in, in MHz.
    pub fn reference_mhz(&self) -> f64 {
        match self {
            Pll::SbPll40(p) => p.reference_mhz,
            Pll::RPll(p) => p.reference_mhz,
        }
    }

    /// The parameters of the primitive, as its Verilog has them.
    pub fn settings(&self) -> String {
        match self {
            Pll::SbPll40(SbPll40 { divr, divf, divq, filter_range, .. }) => {
                format!("DIVR {divr}, DIVF {divf}, DIVQ {divq}, FILTER_RANGE {filter_range}")
            }
            Pll::RPll(RPll { idiv_sel, fbdiv_sel, odiv_sel, .. }) => {
                format!("IDIV_SEL {idiv_sel}, FBDIV_SEL {fbdiv_sel}, ODIV_SEL {odiv_sel}")
            }
        }
    }
}

/// Every clock that the PLL of a board makes, slowest first, each once. Empty where hopgate knows no PLL of it.
pub fn clocks(board: &Board) -> Vec<Pll> {
    let mhz = board.clock.mhz;
    match board.family.pll() {
        Some(PllKind::SbPll40) => ice40::clocks(mhz).into_iter().map(Pll::SbPll40).collect(),
        Some(PllKind::Rpll) => {
            let limits = board.family.grade(&board.device).and_then(|grade| grade.pll);
            limits.map_or(Vec::new(), |limits| gowin::clocks(&limits, mhz).into_iter().map(Pll::RPll).collect())
        }
        None => Vec::new(),
    }
}

/// The slowest clock that is at least this fast.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Usage`] if the PLL makes no such clock of the board's.
pub fn at_least(board: &Board, mhz: f64) -> Result<Pll> {
    let all = clocks(board);
    let reference = board.clock.mhz;
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        let takes = match board.family.pll() {
            Some(PllKind::SbPll40) => format!(" of {} to {} MHz", ice40::REFERENCE[0], ice40::REFERENCE[1]),
            _ => String::new(),
        };
        let what =
            format!("the PLL of {} takes a clock{takes}, but the board's is {reference} MHz", board.family.title());
        return Err(Error::usage(what).hint("build with the board's own clock: `freq board`"));
    };
    all.iter().find(|p| p.mhz() >= mhz - TOLERANCE).copied().ok_or_else(|| {
        Error::usage(format!("the PLL makes no clock of {mhz} MHz from {reference} MHz")).hint(format!(
            "it makes {:.3} to {:.3} MHz",
            first.mhz(),
            last.mhz()
        ))
    })
}

/// A frequency that is written with six digits after the point is met.
const TOLERANCE: f64 = 1e-6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_that_is_fast_enough() {
        let cu = |mhz: f64| {
            let mut board = Board::find("alchitry-cu").unwrap();
            board.clock.mhz = mhz;
            board
        };
        let of = |reference, mhz| match at_least(&cu(reference), mhz).unwrap() {
            Pll::SbPll40(p) => p,
            Pll::RPll(p) => panic!("{p:?}"),
        };
        let p = of(100.0, 150.0);
        assert_eq!((p.mhz, p.divr, p.divf, p.divq, p.filter_range), (150.0, 0, 5, 2, 5));
        let p = of(100.0, 150.1);
        assert_eq!((p.mhz, p.divr, p.divf, p.divq), (152.5, 9, 60, 2), "no fraction with DIVR < 10 is nearer");
        let of = |reference, mhz| at_least(&cu(reference), mhz).unwrap_err();
        assert!(of(100.0, 280.0).help_text().unwrap().contains("to 275.000 MHz"), "{:?}", of(100.0, 280.0).help_text());
        assert!(of(8.0, 100.0).to_string().contains("takes a clock of 10 to 133 MHz"), "{}", of(8.0, 100.0));
    }

    /// What a report says of a PLL is read again as the same PLL.
    #[test]
    fn each_is_known_by_its_parameters() {
        for (board, mhz) in [("alchitry-cu", 150.0), ("tang-nano-9k", 81.0)] {
            let pll = at_least(&Board::find(board).unwrap(), mhz).unwrap();
            let text = serde_json::to_string(&pll).unwrap();
            assert_eq!(serde_json::from_str::<Pll>(&text).unwrap(), pll, "{text}");
        }
    }
}
