//! What a family's file says, read from its TOML.

use super::BUILT_IN;
use crate::cost::Coefficients;
use serde::Deserialize;
use std::{collections::BTreeMap, fmt};

/// What a family's file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Data {
    pub(crate) name: String,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) io: bool,
    pub(crate) synthesis: Synthesis,
    #[serde(default)]
    pub(crate) grades: Vec<Grade>,
    pub(crate) constraints: Constraints,
    pub(crate) place: Place,
    pub(crate) timing: Option<Timing>,
    pub(crate) pack: Pack,
    pub(crate) resources: Resources,
    pub(super) ram: Vec<Aspect>,
    #[serde(default)]
    pub(super) abilities: Abilities,
    pub(crate) netlist: Option<Netlist>,
    pub(crate) estimate: Estimate,
}

/// How yosys maps to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Synthesis {
    pub(super) command: String,
}

/// What depends on how the name of a device begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grade {
    pub(super) device: String,
    #[serde(default)]
    pub(super) speed: String,
    #[serde(default)]
    pub(super) part: String,
    #[serde(default)]
    pub(super) prepare: String,
    pub(crate) search_from_mhz: f64,
    /// The ranges of its PLL, where they depend on the device.
    pub(crate) pll: Option<crate::pll::gowin::Limits>,
}

/// The file of the physical constraints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Constraints {
    pub(crate) ending: String,
    pub(crate) comment: String,
    pub(crate) pin: String,
    /// What `{pull}` becomes, where that is not its name.
    #[serde(default)]
    pub(crate) pulls: BTreeMap<String, String>,
}

/// How nextpnr is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) arguments: Vec<String>,
    pub(super) routed: String,
}

/// The judge of timing beside nextpnr.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Timing {
    pub(crate) tool: Judge,
    pub(crate) arguments: Vec<String>,
}

/// The judges whose words hopgate can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Judge {
    Icetime,
}

impl fmt::Display for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Judge::Icetime => f.write_str("icetime"),
        }
    }
}

/// How the packer is called, and what it writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pack {
    pub(crate) arguments: Vec<String>,
    pub(super) bitstream: String,
    pub(super) preamble: Vec<u8>,
}

/// nextpnr's names of what a device holds; several, where several kinds of cell share a place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resources {
    pub(crate) logic_cells: Vec<String>,
    #[serde(default)]
    pub(crate) flip_flops: Vec<String>,
    pub(crate) block_rams: Vec<String>,
    pub(crate) block_ram_cells: BTreeMap<String, u64>,
    pub(crate) register_cells: Vec<String>,
    #[serde(default)]
    pub(crate) sprams: Vec<String>,
    #[serde(default)]
    pub(super) pins: Vec<String>,
    #[serde(default)]
    pub(super) global_buffers: Vec<String>,
}

/// One way in which a block RAM can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspect {
    /// Bits of a word.
    pub width: u64,
    /// Words.
    pub depth: u64,
    /// Bits that can be written on their own: several memory words that share a RAM word each start at a multiple of it.
    pub granule: u64,
}

/// What code there is for it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Abilities {
    pub(super) pll: Option<PllKind>,
    pub(super) bitstream: Option<Readback>,
}

/// A PLL that hopgate knows the settings of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PllKind {
    /// That of an iCE40, with the simple feedback path.
    SbPll40,
    /// That of a GW1N or GW2A.
    Rpll,
}

/// Tools that read a bitstream back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readback {
    /// iceunpack and icebox_vlog; and the contents of block RAMs can be exchanged.
    Icestorm,
    /// The tables of apycula.
    Apicula,
}

impl Readback {
    /// The programs of [`crate::tools`] that it needs.
    pub fn tools(self) -> &'static [&'static str] {
        match self {
            Readback::Icestorm => &["iceunpack", "icebox_vlog"],
            Readback::Apicula => &["gowin_unpack"],
        }
    }
}

/// How the netlist is simulated.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Netlist {
    pub(crate) models: String,
    pub(crate) define: Option<String>,
    own: Option<Models>,
}

/// Models of cells that come with hopgate, since yosys has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Models {
    Ecp5,
    Gowin,
}

impl Netlist {
    /// Verilog of cells that take the place of those of their name in yosys's files.
    pub(crate) fn own(&self) -> Option<&'static str> {
        self.own.map(|models| match models {
            Models::Ecp5 => concat!(include_str!("../../families/bsram.v"), include_str!("../../families/ecp5.v")),
            Models::Gowin => concat!(include_str!("../../families/bsram.v"), include_str!("../../families/gowin.v")),
        })
    }
}

/// What the parts of a core cost.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Estimate {
    pub(crate) cells: Coefficients,
    #[serde(default)]
    pub(crate) nearest_search_mhz: BTreeMap<String, f64>,
}

impl Data {
    /// Reads a family; `place` is the name of its file in messages.
    pub(super) fn parse(text: &str, place: &str) -> std::result::Result<Data, String> {
        let fail = |e: toml::de::Error| format!("the family {place}: {e}");
        let mut table: toml::Table = text.parse().map_err(fail)?;
        let estimate = table.get_mut("estimate").and_then(toml::Value::as_table_mut);
        if let Some(estimate) = estimate
            && let Some(like) = estimate.remove("like")
        {
            let like = like.as_str().unwrap_or_default();
            let base = BUILT_IN.iter().find(|(name, _)| *name == like);
            let base = base.ok_or_else(|| format!("the family {place}: estimate.like is {like:?}, which is none"))?;
            let base: toml::Table = base.1.parse().map_err(fail)?;
            let cells = base.get("estimate").and_then(|e| e.get("cells")).and_then(toml::Value::as_table);
            let mut cells = cells.cloned().unwrap_or_default();
            if let Some(own) = estimate.get("cells").and_then(toml::Value::as_table) {
                cells.extend(own.clone());
            }
            estimate.insert("cells".into(), cells.into());
        }
        table.try_into().map_err(fail)
    }
}
