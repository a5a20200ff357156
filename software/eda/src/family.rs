//! Device families: all that differs from one flow to another, one question at a time.

use serde::{Deserialize, Serialize};

/// A device family, and so a flow.
///
/// ```
/// use hopgate_eda::family::Family;
/// assert_eq!((Family::Ice40.bitstream(), Family::Ecp5.bitstream()), ("bin", "bit"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Lattice iCE40, by yosys, nextpnr-ice40 and icestorm.
    Ice40,
    /// Lattice ECP5, by yosys, nextpnr-ecp5 and Project Trellis.
    Ecp5,
}

/// One way in which a block RAM can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aspect {
    /// Bits of a word.
    pub width: u64,
    /// Words.
    pub depth: u64,
    /// Bits that can be written on their own: several memory words that share a RAM word each start at a multiple of it.
    pub granule: u64,
}

const fn aspect(width: u64, depth: u64, granule: u64) -> Aspect {
    Aspect { width, depth, granule }
}

const ICE40_RAM: [Aspect; 4] = [aspect(2, 2048, 2), aspect(4, 1024, 4), aspect(8, 512, 8), aspect(16, 256, 1)];

/// The bits beyond 16 Kbit are there from 9 bits on.
const ECP5_RAM: [Aspect; 6] = [
    aspect(1, 16384, 1),
    aspect(2, 8192, 2),
    aspect(4, 4096, 4),
    aspect(9, 2048, 9),
    aspect(18, 1024, 9),
    aspect(36, 512, 9),
];

impl Family {
    /// The yosys command that maps to the family, without its flags.
    pub fn synthesis(self, device: &str) -> String {
        match self {
            Family::Ice40 => {
                // hx8k -> hx, lp1k -> lp, up5k -> u: the delays that abc reckons with
                let speed = ["hx", "lp", "u"].iter().find(|s| device.starts_with(**s)).unwrap_or(&"hx");
                format!("synth_ice40 -device {speed}")
            }
            Family::Ecp5 => "synth_ecp5".into(),
        }
    }

    /// The file of the physical constraints, which is also nextpnr's option for it.
    pub const fn constraints(self) -> &'static str {
        match self {
            Family::Ice40 => "pcf",
            Family::Ecp5 => "lpf",
        }
    }

    /// The ending of a placed and routed design, and nextpnr's option for it.
    pub const fn routed(self) -> (&'static str, &'static str) {
        match self {
            Family::Ice40 => ("asc", "--asc"),
            Family::Ecp5 => ("config", "--textcfg"),
        }
    }

    /// The ending of a bitstream.
    pub const fn bitstream(self) -> &'static str {
        match self {
            Family::Ice40 => "bin",
            Family::Ecp5 => "bit",
        }
    }

    /// What every bitstream has right after its comment.
    pub const fn preamble(self) -> [u8; 4] {
        match self {
            Family::Ice40 => [0x7e, 0xaa, 0x99, 0x7e],
            Family::Ecp5 => [0xff, 0xff, 0xbd, 0xb3],
        }
    }

    /// nextpnr's name of what the estimate calls a logic cell.
    pub const fn logic_cell(self) -> &'static str {
        match self {
            Family::Ice40 => "ICESTORM_LC",
            Family::Ecp5 => "TRELLIS_COMB",
        }
    }

    /// nextpnr's name of a flip-flop, where it is counted apart from the logic cells.
    pub const fn flip_flop(self) -> Option<&'static str> {
        match self {
            Family::Ice40 => None,
            Family::Ecp5 => Some("TRELLIS_FF"),
        }
    }

    /// nextpnr's name of a block RAM.
    pub const fn block_ram(self) -> &'static str {
        match self {
            Family::Ice40 => "ICESTORM_RAM",
            Family::Ecp5 => "DP16KD",
        }
    }

    /// nextpnr's name of an SPRAM, where there are any.
    pub const fn spram(self) -> Option<&'static str> {
        match self {
            Family::Ice40 => Some("ICESTORM_SPRAM"),
            Family::Ecp5 => None,
        }
    }

    /// The ways in which a block RAM can be used.
    pub const fn aspects(self) -> &'static [Aspect] {
        match self {
            Family::Ice40 => &ICE40_RAM,
            Family::Ecp5 => &ECP5_RAM,
        }
    }
}
