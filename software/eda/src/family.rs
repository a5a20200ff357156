//! Device families: data files that say all that differs from one flow to another.
//!
//! What cannot be data is code that a family's file asks for by name: the settings of a [`PllKind`], and reading a bitstream back
//! ([`Readback`]). A family without them is built, timed and packed, and nothing more.

mod data;

pub use data::{Aspect, PllKind, Readback};
pub(crate) use data::{Data, Grade};

use hopgate_model::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{collections::BTreeMap, fmt, sync::LazyLock};

/// A built-in family: its name is that of its file.
macro_rules! built_in {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../families/", $name, ".toml")))),*]
    };
}

/// The families that come with hopgate: name and TOML text.
const BUILT_IN: [(&str, &str); 4] = built_in!["ice40", "ecp5", "gowin", "gatemate"];

static FAMILIES: LazyLock<std::result::Result<Vec<Data>, String>> =
    LazyLock::new(|| BUILT_IN.iter().map(|(name, text)| Data::parse(text, name)).collect());

/// A device family, and so a flow. `docs/src/reference/families.md` explains every key of its file.
///
/// ```
/// use hopgate_eda::family::Family;
/// let (ice40, ecp5) = (Family::find("ice40")?, Family::find("ecp5")?);
/// assert_eq!((ice40.bitstream(), ecp5.bitstream()), ("bin", "bit"));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Family(&'static Data);

/// Puts values in the place of `{names}`; an argument that is `{flags}` alone becomes all flags.
pub(crate) fn fill(arguments: &[String], values: &[(&str, &str)], flags: &[String]) -> Vec<String> {
    let mut filled = Vec::with_capacity(arguments.len() + flags.len());
    for argument in arguments {
        if argument == "{flags}" {
            filled.extend(flags.iter().cloned());
        } else {
            filled.push(fill_one(argument, values));
        }
    }
    filled
}

/// Puts values in the place of `{names}`.
pub(crate) fn fill_one(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

impl Family {
    /// The families that come with hopgate.
    pub fn all() -> impl Iterator<Item = Family> {
        FAMILIES.iter().flatten().map(Family)
    }

    /// A family by its name.
    ///
    /// # Errors
    /// [`hopgate_model::ErrorKind::Usage`] for an unknown one (lists the known ones).
    pub fn find(name: &str) -> Result<Family> {
        if let Err(why) = FAMILIES.as_ref() {
            return Err(Error::new(hopgate_model::ErrorKind::Format, why.clone()));
        }
        Family::all().find(|family| family.name() == name).ok_or_else(|| {
            let known: Vec<_> = Family::all().map(Family::name).collect();
            Error::usage(format!("there is no family {name:?}; those of hopgate are {}", known.join(", ")))
        })
    }

    pub(crate) fn data(self) -> &'static Data {
        self.0
    }

    /// What a board's file calls it.
    pub fn name(self) -> &'static str {
        &self.0.name
    }

    /// What sentences call one: "an iCE40".
    pub fn title(self) -> &'static str {
        &self.0.title
    }

    /// The yosys command that maps to the family, without its flags.
    pub fn synthesis(self, device: &str) -> String {
        // the first grade where the name begins like none: what the family's file lists first is the usual one
        let grade = self.grade(device).or(self.0.grades.first());
        let (speed, prepare) = grade.map_or(("", ""), |grade| (grade.speed.as_str(), grade.prepare.as_str()));
        fill_one(&self.0.synthesis.command, &[("prepare", prepare), ("speed", speed), ("device", device)])
    }

    /// What depends on how the name of a device begins.
    pub(crate) fn grade(self, device: &str) -> Option<&'static Grade> {
        self.0.grades.iter().find(|grade| device.starts_with(&grade.device))
    }

    /// What the tools call the chip, where that is not the device.
    pub(crate) fn part(self, device: &str) -> &'static str {
        self.grade(device).map_or("", |grade| &grade.part)
    }

    /// The ending of the physical constraints.
    pub fn constraints(self) -> &'static str {
        &self.0.constraints.ending
    }

    /// The ending of a placed and routed design.
    pub fn routed(self) -> &'static str {
        &self.0.place.routed
    }

    /// The ending of a bitstream.
    pub fn bitstream(self) -> &'static str {
        &self.0.pack.bitstream
    }

    /// What every bitstream has right after its comment.
    pub fn preamble(self) -> &'static [u8] {
        &self.0.pack.preamble
    }

    /// The common name of nextpnr's resource.
    pub fn resource(self, name: &str) -> &str {
        let r = &self.0.resources;
        let kinds = [
            (&r.logic_cells, "logic cells"),
            (&r.block_rams, "block RAMs"),
            (&r.sprams, "SPRAMs"),
            (&r.flip_flops, "flip-flops"),
            (&r.pins, "pins"),
            (&r.global_buffers, "global buffers"),
        ];
        kinds.into_iter().find(|(names, _)| names.iter().any(|n| n == name)).map_or(name, |(_, common)| common)
    }

    /// Whether it has SPRAMs.
    pub fn has_spram(self) -> bool {
        !self.0.resources.sprams.is_empty()
    }

    /// The ways in which a block RAM can be used.
    pub fn aspects(self) -> &'static [Aspect] {
        &self.0.ram
    }

    /// What yosys calls a block RAM, and how many of those that are counted each is.
    pub fn block_ram_cells(self) -> &'static BTreeMap<String, u64> {
        &self.0.resources.block_ram_cells
    }

    /// Its PLL, if hopgate knows it.
    pub fn pll(self) -> Option<PllKind> {
        self.0.abilities.pll
    }

    /// The macro to define where its netlist is simulated, if there is one.
    pub fn netlist_macro(self) -> Option<&'static str> {
        self.0.netlist.as_ref()?.define.as_deref()
    }

    /// What reads its bitstream back, if anything does.
    pub fn readback(self) -> Option<Readback> {
        self.0.abilities.bitstream
    }
}

impl PartialEq for Family {
    fn eq(&self, other: &Family) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Family {}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Family {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Family {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Family, D::Error> {
        let name = String::deserialize(deserializer)?;
        Family::find(&name).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_family_of_its_name() {
        assert_eq!(FAMILIES.as_ref().err(), None);
        for (name, _) in BUILT_IN {
            assert_eq!(Family::find(name).unwrap().name(), name);
        }
        assert!(Family::find("ice50").unwrap_err().to_string().contains("ice40, ecp5"));
    }

    #[test]
    fn what_is_wrong_in_a_file_is_named() {
        let (_, text) = BUILT_IN[1];
        for (from, to, words) in [
            ("[pack]", "[pick]", "pick"),
            ("carry = 2", "carri = 2", "carri"),
            ("like = \"ice40\"", "like = \"ice50\"", "ice50"),
            ("width = 36", "width = \"wide\"", "wide"),
        ] {
            let e = Data::parse(&text.replacen(from, to, 1), "mine").unwrap_err();
            assert!(e.contains(words) && e.contains("mine"), "{words}: {e}");
        }
    }

    #[test]
    fn what_differs_stands_beside_what_is_alike() {
        let cells = |name: &str| Family::find(name).unwrap().data().estimate.cells;
        assert_eq!((cells("ice40").carry, cells("ecp5").carry), (1, 2));
        assert_eq!(cells("ecp5").learning, cells("ice40").learning);
        assert_ne!(cells("ecp5").control, cells("ice40").control);
    }

    #[test]
    fn templates() {
        let arguments = ["--{a}", "{flags}", "x/{b}.{a}"].map(String::from);
        assert_eq!(fill(&arguments, &[("a", "1"), ("b", "2")], &["f".into(), "g".into()]), ["--1", "f", "g", "x/2.1"]);
    }
}
