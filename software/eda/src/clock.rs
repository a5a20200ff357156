//! The clock of a build: the board's oscillator, or what the PLL makes of it; and the UART's bit time with it.

use crate::{
    board::Board,
    pll::{self, Pll},
};
use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// How far the baud rate may be off. A receiver samples the tenth bit of a byte 9.5 bit times after its start, so
/// that both sides together may be 5 % off; half of that is ours, less what the other side's oscillator takes.
const BAUD_TOLERANCE: f64 = 0.02;
/// The least cycles of a bit: the UART's timers need them.
const LEAST_DIVIDER: usize = 8;

/// Which clock is asked for.
///
/// ```
/// use hopgate_eda::clock::Aim;
/// assert_eq!("board".parse(), Ok(Aim::Board));
/// assert_eq!("133.5".parse(), Ok(Aim::AtLeast(133.5)));
/// assert_eq!(Aim::AtLeast(133.5).to_string(), "133.5");
/// assert!("fast".parse::<Aim>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// The board's oscillator, without a PLL.
    Board,
    /// The slowest clock that is at least this fast, in MHz.
    AtLeast(f64),
    /// The fastest that the design reaches.
    Max,
}

impl std::fmt::Display for Aim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Aim::Board => f.write_str("board"),
            Aim::Max => f.write_str("max"),
            Aim::AtLeast(mhz) => write!(f, "{mhz}"),
        }
    }
}

impl FromStr for Aim {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "board" => Ok(Aim::Board),
            "max" => Ok(Aim::Max),
            _ => match text.parse() {
                Ok(mhz) if (1.0..=1000.0).contains(&mhz) => Ok(Aim::AtLeast(mhz)),
                Ok(_) => Err("the clock must be 1 to 1000 MHz".into()),
                Err(_) => Err("give a clock in MHz, or `max`, or `board`".into()),
            },
        }
    }
}

/// A clock and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Its frequency in MHz.
    pub mhz: f64,
    /// The PLL that makes it; none if it is the oscillator.
    pub pll: Option<Pll>,
    /// Cycles of a bit of the UART.
    pub uart_divider: usize,
    /// The UART's rate, bits a second: what the clock makes of it is within 2 %.
    #[serde(default = "usual_baud")]
    pub baud: f64,
}

/// The rate of builds that do not say one.
fn usual_baud() -> f64 {
    1e6
}

impl Clock {
    fn new(mhz: f64, pll: Option<Pll>, baud: f64) -> Clock {
        Clock { mhz, pll, uart_divider: (mhz * 1e6 / baud).round() as usize, baud }
    }

    /// How far the UART is off its baud rate, as a fraction.
    pub fn baud_error(&self) -> f64 {
        (self.mhz * 1e6 / (self.uart_divider.max(1) as f64 * self.baud) - 1.0).abs()
    }

    fn has_uart(&self) -> bool {
        self.uart_divider >= LEAST_DIVIDER && self.baud_error() <= BAUD_TOLERANCE
    }

    /// The clock, or why there is no UART of this baud rate with it.
    fn check(self) -> Result<Clock> {
        if self.has_uart() {
            return Ok(self);
        }
        let (mhz, divider, wanted) = (self.mhz, self.uart_divider, self.baud / 1e6);
        let what = if divider < LEAST_DIVIDER {
            format!(
                "a clock of {mhz} MHz is too slow for a UART of {wanted} Mbaud: a bit must have {LEAST_DIVIDER} cycles"
            )
        } else {
            let off = 100.0 * self.baud_error();
            format!(
                "with a clock of {mhz:.3} MHz a UART of {wanted} Mbaud would be {off:.1} % off: a bit is {divider} cycles or one more or less"
            )
        };
        let least = LEAST_DIVIDER as f64 * wanted;
        Err(Error::new(ErrorKind::Fit, what).hint(format!(
            "it takes a clock of {least} MHz or more, near a multiple of {wanted} MHz; 2 % off is allowed"
        )))
    }
}

/// The oscillator.
///
/// # Errors
/// [`ErrorKind::Fit`] if it is too slow for a UART of this baud rate, or would be more than 2 % off.
pub fn oscillator(board: &Board, baud: f64) -> Result<Clock> {
    Clock::new(board.clock.mhz, None, baud).check().map_err(|e| e.at(board.name.clone()))
}

/// The slowest clock that is at least this fast: the oscillator if it is just that, or else the PLL's.
///
/// # Errors
/// [`ErrorKind::Usage`] if the board has no PLL that hopgate uses, or it makes no such clock; [`ErrorKind::Fit`] if there is
/// no UART with it.
pub fn at_least(board: &Board, mhz: f64, baud: f64) -> Result<Clock> {
    if mhz == board.clock.mhz {
        return oscillator(board, baud);
    }
    has_pll(board)?;
    let pll = pll::at_least(board, mhz)?;
    Clock::new(pll.mhz(), Some(pll), baud).check()
}

/// Every clock of the PLL that the UART can live with, slowest first.
///
/// # Errors
/// [`ErrorKind::Usage`] if the board has no PLL that hopgate uses, or its oscillator is nothing for it.
pub fn all(board: &Board, baud: f64) -> Result<Vec<Clock>> {
    has_pll(board)?;
    pll::at_least(board, 0.0)?;
    let clocks = pll::clocks(board).into_iter().map(|p| Clock::new(p.mhz(), Some(p), baud));
    Ok(clocks.filter(|c| c.has_uart()).collect())
}

/// Whether the board's file says how its oscillator reaches a PLL.
fn has_pll(board: &Board) -> Result<()> {
    if board.clock.pll.is_some() {
        return Ok(());
    }
    let (why, hint) = match board.family.pll() {
        Some(_) => (
            "its file does not say how the oscillator reaches the PLL".to_owned(),
            " or add the key clock.pll to its file",
        ),
        None => (format!("hopgate does not use the PLL of {}", board.family.title()), ""),
    };
    let (name, mhz) = (&board.name, board.clock.mhz);
    Err(Error::usage(format!("the board {name} has no other clock than its {mhz} MHz: {why}")).hint(format!(
        "build with the board's own clock: `freq board`{}{hint}",
        if hint.is_empty() { "" } else { ";" }
    )))
}

/// Where a search begins, in MHz: what a pipelined design may reach in such a device, or a little more.
pub fn guess(board: &Board) -> f64 {
    board.family.grade(&board.device).map_or(1.5 * board.clock.mhz, |grade| grade.search_from_mhz)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cu(mhz: f64) -> Board {
        let mut board = Board::find("alchitry-cu").unwrap();
        board.clock.mhz = mhz;
        board
    }

    #[test]
    fn the_oscillator_needs_no_pll() {
        let clock = oscillator(&cu(100.0), 1e6).unwrap();
        assert_eq!((clock.mhz, clock.pll, clock.uart_divider), (100.0, None, 100));
        assert_eq!(at_least(&cu(100.0), 100.0, 1e6).unwrap(), clock);
        assert!(oscillator(&cu(7.0), 1e6).unwrap_err().to_string().contains("too slow for a UART of 1 Mbaud"));
    }

    #[test]
    fn only_boards_that_say_how_have_a_pll() {
        for (name, words, hint) in [
            ("ulx3s-85f", "hopgate does not use the PLL of an ECP5", "`freq board`"),
            (
                "alchitry-cu",
                "does not say how the oscillator reaches the PLL",
                "`freq board`; or add the key clock.pll",
            ),
        ] {
            let mut board = Board::find(name).unwrap();
            board.clock.pll = None;
            for e in [at_least(&board, 50.0, 1e6).unwrap_err(), all(&board, 1e6).unwrap_err()] {
                assert!(e.kind() == ErrorKind::Usage && e.to_string().contains(words), "{e}");
                assert!(e.help_text().unwrap().contains(hint), "{:?}", e.help_text());
            }
            let own = board.clock.mhz;
            assert_eq!(at_least(&board, own, 1e6).unwrap().pll, None, "its own clock needs none");
        }
        for name in ["alchitry-cu", "icestick", "icebreaker"] {
            let clock = at_least(&Board::find(name).unwrap(), 48.0, 1e6).unwrap();
            assert!((48.0..49.0).contains(&clock.mhz) && clock.pll.is_some(), "{name}: {clock:?}");
        }
    }

    #[test]
    fn the_uart_follows_the_clock() {
        let clock = at_least(&cu(100.0), 133.0, 1e6).unwrap();
        assert!((133.0..134.0).contains(&clock.mhz), "{clock:?}");
        assert_eq!(clock.uart_divider, 133);
        for clock in all(&cu(100.0), 1e6).unwrap() {
            let baud = clock.mhz * 1e6 / clock.uart_divider as f64;
            assert!((0.98e6..=1.02e6).contains(&baud), "{clock:?}");
        }
    }

    #[test]
    fn a_uart_that_would_be_too_far_off() {
        // 16.5 MHz: 16 cycles are 3.1 % off, 17 are 2.9 %
        let clock = Clock::new(16.5, None, 1e6);
        assert!(clock.baud_error() > 0.029, "{}", clock.baud_error());
        let e = oscillator(&cu(16.5), 1e6).unwrap_err();
        assert!(e.kind() == ErrorKind::Fit && e.to_string().contains("% off"), "{e}");
        assert!(all(&cu(100.0), 1e6).unwrap().iter().all(|c| c.mhz != 16.5), "{:?}", all(&cu(100.0), 1e6));
        assert!(pll::clocks(&cu(100.0)).iter().any(|p| !(0.98..1.02).contains(&(p.mhz() / p.mhz().round()))));
    }
}
