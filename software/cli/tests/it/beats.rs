//! Keys whose rows are read in beats: who chooses the lanes, and what is refused.

use crate::common::Place;

fn wide(place: &Place, neurons: usize, patterns: usize) {
    place.ok(&format!("memory random:N={neurons},P={patterns},seed=1 --noise 0.2 -o memory"));
}

#[test]
fn lanes_are_those_that_fit() {
    let place = Place::new();
    wide(&place, 1024, 96);
    let shape = |line: &str| place.ok(line).json()["shape"].clone();
    // one lane for every 16 bits would be 64 of them, with 64 block RAMs at least
    assert_eq!(shape("estimate memory --json")["beats"], 16, "four lanes");
    assert_eq!(shape("estimate memory --lanes 2 --json")["beats"], 32);
    let report = place.fails("estimate memory --lanes 16 --json", 1, &[]).json();
    assert_eq!(
        (&report["shape"]["beats"], &report["fits"]),
        (&4.into(), &false.into()),
        "asked for, and not taken fewer"
    );
    place.fails("estimate memory --board icestick", 1, &["28 of 16 block RAMs", "these would fit"]);
    wide(&place, 512, 96);
    assert_eq!(shape("estimate memory --board icestick --json")["beats"], 32, "one lane");
    // what fits has a lane for every 16 bits
    wide(&place, 64, 20);
    assert_eq!(shape("estimate memory --json")["beats"], 1);
}

#[test]
fn beats_and_other_options() {
    let place = Place::new();
    wide(&place, 1100, 9);
    // more than 64 lanes there are not
    let rtl = place.ok("verilog memory -o rtl --json").json();
    assert_eq!(rtl["lanes"], 35);
    let header = std::fs::read_to_string(place.path("rtl/hopgate_core.v")).unwrap();
    assert!(header.contains("1100 in 35 lanes of 16, a row in 2 beats"), "{}", &header[..600]);
    place.fails("verilog memory --lanes 4 --fold 2 -o rtl", 2, &["share accumulators already", "leave the fold at 1"]);
    place.fails("verilog memory --lanes 65 -o rtl", 2, &["65", "1..=64"]);
    place.fails("verilog memory --lanes 0 -o rtl", 2, &["1..=64"]);
}
