//! Boards: the built-in one agrees with rust-hdl's, and what is wrong in a file is named with its line.

use hopgate_eda::board::Board;
use hopgate_model::ErrorKind;
use std::{fs, path::PathBuf};

fn constraints(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../constraints").join(file)
}

fn cu_text() -> String {
    fs::read_to_string(constraints("alchitry-cu.toml")).unwrap()
}

#[test]
fn the_constraints_beside_each_board_are_made_from_it() {
    for name in Board::names() {
        let board = Board::find(name).unwrap();
        assert_eq!(board.name, name);
        let made = board.constraints(board.ports()).unwrap();
        let path = constraints(&format!("{name}.{}", board.family.constraints()));
        assert_eq!(fs::read_to_string(&path).unwrap_or_default(), made, "write this to {}", path.display());
    }
    // and every file there is a board's, or made from one
    for file in fs::read_dir(constraints("")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(Board::names().any(|board| board == name), "{} is no built-in board's", path.display());
    }
}

/// What the published constraint files of the boards say (icestorm's examples, and the ULX3S's own).
#[test]
fn pins_as_published() {
    let pins = |board: &str| {
        let board = Board::find(board).unwrap();
        let pin = |port: &str| board.pin(port, 0).unwrap_or("-").to_owned();
        [pin("clock"), pin("rx"), pin("tx"), pin("led"), board.reset_port().map_or("-".into(), pin)].join(" ")
    };
    assert_eq!(pins("icestick"), "21 9 8 99 -");
    assert_eq!(pins("icebreaker"), "35 6 9 11 10");
    assert_eq!(pins("ulx3s-85f"), "G2 M1 L4 B2 R1");
    assert_eq!(Board::find("ulx3s-85f").unwrap().pin("high", 0), Some("L2"), "wifi_gpio0 restarts the board");
}

const SPI: [(&str, usize); 5] = [("sck", 1), ("cs_n", 1), ("mosi", 1), ("miso", 1), ("attention", 1)];

/// As the published files name the pins of their headers: bank A of the Alchitry Cu, PMOD 1A of the iCEBreaker, J1 of the ULX3S.
#[test]
fn spi_is_on_a_header() {
    let pins = |board: &str| {
        let board = Board::find(board).unwrap();
        SPI.map(|(port, _)| board.pin(port, 0).unwrap_or("-").to_owned()).join(" ")
    };
    assert_eq!(pins("alchitry-cu"), "M1 L1 J1 J3 G1");
    assert_eq!(pins("icebreaker"), "45 4 2 47 3");
    assert_eq!(pins("ulx3s-85f"), "B11 C11 A10 A11 A9");
    assert_eq!(pins("icestick"), "- - - - -");
    let made = Board::find("ulx3s-85f").unwrap().constraints(SPI).unwrap();
    assert!(
        made.contains("LOCATE COMP \"cs_n\" SITE \"C11\";\nIOBUF PORT \"cs_n\" IO_TYPE=LVCMOS33 PULLMODE=UP;"),
        "{made}"
    );
    assert!(
        Board::find("icestick").unwrap().constraints(SPI).unwrap_err().to_string().contains("no pin for bit 0 of port")
    );
    let twice = cu_text().replace("sck = \"M1\"", "sck = \"L1\"");
    assert!(
        Board::parse(&twice, "a board")
            .unwrap_err()
            .to_string()
            .contains("spi.cs_n uses the pin L1, which spi.sck uses too")
    );
    let less = cu_text().replace("attention = \"G1\"", "");
    assert!(Board::parse(&less, "a board").unwrap_err().to_string().contains("missing field `attention`"));
}

#[test]
fn an_ecp5_board_says_what_an_ice40_must_not() {
    let text = fs::read_to_string(constraints("ulx3s-85f.toml")).unwrap();
    for (from, to, words) in [
        ("io = \"LVCMOS33\"", "", "io is missing"),
        ("mhz = 25.0", "mhz = 25.0\npll = \"fabric\"", "clock.pll is set, but hopgate does not use the PLL of an ECP5"),
        ("mhz = 25.0", "mhz = 25.0\npll = \"ours\"", "unknown variant `ours`"),
        ("io = \"LVCMOS33\"", "io = \"LVCMOS33 DRIVE=16\"", "io is \"LVCMOS33 DRIVE=16\", which is no standard"),
        ("block_rams = 208", "block_rams = 208\nsprams = 4", "resources.sprams is 4, but an ECP5 has none"),
        ("pack = \"ecppack\"", "pack = \"ecppack\"\ntiming = \"icetime\"", "nextpnr judges an ECP5"),
        ("family = \"ecp5\"", "family = \"ice40\"", "io is set, but an iCE40"),
        ("high = [\"L2\"]", "high = [\"B2\"]", "hold.high uses the pin B2, which leds.pins uses too"),
        ("high = [\"L2\"]", "low = [\"L2\"]", "low"),
    ] {
        assert!(text.contains(from), "{from}");
        let e = Board::parse(&text.replacen(from, to, 1), "mine.toml").unwrap_err();
        assert!(e.to_string().contains(words), "{words}: {e}");
    }
    let e = Board::parse(&cu_text().replace("timing = \"icetime\"", ""), "mine.toml").unwrap_err();
    assert!(e.to_string().contains("tools.timing is missing"), "{e}");
    let nine = cu_text().replace("\"J11\"", "\"J10\", \"J11\"");
    let e = Board::parse(&nine, "mine.toml").unwrap_err();
    assert!(e.to_string().contains("has 9 LEDs, but a top lights at most 8"), "{e}");
}

/// As `rust-hdl-bsp-alchitry-cu` has it, whose author has the board.
#[test]
fn the_alchitry_cu_is_that_of_others() {
    let board = Board::find("alchitry-cu").unwrap();
    assert_eq!((board.clock.pin.as_str(), board.clock.mhz), ("P7", 100.0));
    assert_eq!(board.leds.pins, ["J11", "K11", "K12", "K14", "L12", "L14", "M12", "N14"]);
}

#[test]
fn a_board_may_be_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, cu_text().replace("alchitry-cu", "mine").replace("100.0", "50.0")).unwrap();
    let board = Board::find(path.to_str().unwrap()).unwrap();
    assert_eq!((board.name.as_str(), board.clock.mhz), ("mine", 50.0));
    let e = Board::find(folder.path().join("other.toml").to_str().unwrap()).unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Io);
    let e = Board::find("icebraker").unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Usage);
    assert!(
        e.help_text().unwrap().contains("known boards: alchitry-cu, icestick, icebreaker, ulx3s-85f"),
        "{:?}",
        e.help_text()
    );
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let line = |key: &str| 1 + cu_text().lines().position(|l| l.starts_with(key)).unwrap();
    let cases = [
        ("pin = \"P7\"", "pim = \"P7\"", "pin = \"P7\"", "pim"),
        ("mhz = 100.0", "mhz = \"fast\"", "mhz", "mhz = \"fast\""),
        ("mhz = 100.0", "mhz = 0.0", "mhz", "clock.mhz is 0"),
        ("mhz = 100.0", "mhz = nan", "mhz", "clock.mhz is NaN"),
        ("rx = \"P14\"", "rx = \"P8\"", "rx", "uart.rx uses the pin P8, which reset.pin uses too"),
        ("tx = \"M9\"", "tx = \"\"", "tx", "uart.tx names the pin \"\""),
        ("\"K11\"", "\"J11\"", "pins", "leds.pins uses the pin J11"),
        ("block_rams = 32", "block_rams = 0", "block_rams", "resources.block_rams is 0"),
        ("block_rams = 32", "block_rams = -1", "block_rams", "-1"),
        ("active = \"low\"", "active = \"up\"", "active", "up"),
        ("family = \"ice40\"", "family = \"ice50\"", "family", "ice50"),
        ("place = \"nextpnr-ice40\"", "place = \"nextpnr\"", "place = \"next", "tools.place is \"nextpnr\""),
        ("\"-abc9\"", "\"-abc9; shell rm\"", "synthesis = [", "flags.synthesis"),
        ("device = \"hx8k\"", "device = \"hx8k --freq 1\"", "device", "device is \"hx8k --freq 1\""),
        ("[leds] ", "[leds", "[leds]", "leds"),
    ];
    for (from, to, key, words) in cases {
        assert!(cu_text().contains(from), "{from}");
        let e = Board::parse(&cu_text().replacen(from, to, 1), "mine.toml").unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Format);
        let place = format!("mine.toml, line {}: ", line(key));
        assert!(e.to_string().starts_with(&place) && e.to_string().contains(words), "{place}{words}: {e}");
    }
    let text: String = cu_text().lines().filter(|l| !l.starts_with("mhz")).map(|l| format!("{l}\n")).collect();
    let e = Board::parse(&text, "mine.toml").unwrap_err();
    assert!(e.to_string().contains("missing field `mhz`"), "{e}");
}

#[test]
fn ports_without_a_pin() {
    let board = Board::find("alchitry-cu").unwrap();
    assert_eq!(board.constraints([("clock", 1), ("led", 2)]).unwrap().lines().count(), 4);
    for (port, width) in [("button", 1), ("led", 9), ("rx", 2)] {
        let e = board.constraints([(port, width)]).unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Value);
        assert!(e.to_string().contains(&format!("{port:?}")), "{e}");
        assert!(e.help_text().unwrap().contains("led (8)"), "{:?}", e.help_text());
    }
}

#[test]
fn a_file_that_is_larger_than_any_board() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("board.toml");
    std::fs::write(&path, "#".repeat((1 << 20) + 1)).unwrap();
    let e = Board::find(path.to_str().unwrap()).unwrap_err();
    assert!(e.to_string().contains("board.toml is larger than any board"), "{e}");
}
