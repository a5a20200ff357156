//! Estimates of cores whose rows are read in beats, beside what was built.

use hopgate_eda::{
    board::Board,
    estimate::{CoreLink, CoreShape, estimate},
};

/// A training-free memory of 96 patterns of 1,024 bits on an Alchitry Cu.
const CU: CoreShape = CoreShape {
    outputs: 1024,
    neurons: 1024,
    patterns: 96,
    reach: 4,
    accumulator_bits: 14,
    beats: 16,
    ..CoreShape::PLAIN
};

/// Logic cells and block RAMs of the board's top, by `hopgate build`.
const BUILT: [(&str, CoreShape, u64, u64); 4] = [
    ("alchitry-cu", CU, 2112, 31),
    ("alchitry-cu", CoreShape { beats: 32, ..CU }, 1384, 29),
    ("icestick", CoreShape { neurons: 512, beats: 32, ..CU }, 977, 16),
    (
        "icebreaker",
        CoreShape {
            neurons: 10_000,
            patterns: 101,
            beats: 157,
            accumulator_bits: 15,
            spram_lanes: 4,
            link: CoreLink::Untested,
            ..CU
        },
        3341,
        13,
    ),
];

#[test]
fn measured_builds_of_keys_in_beats() {
    for (board, shape, logic_cells, block_rams) in BUILT {
        let e = estimate(shape, &Board::find(board).unwrap()).unwrap();
        assert!(e.fits && e.block_rams.need == block_rams, "{board}\n{e}");
        let off = e.logic_cells.need as f64 / logic_cells as f64 - 1.0;
        assert!(off.abs() < 0.09, "{:.1} % off {logic_cells}: {board}\n{e}", 100.0 * off);
    }
}

/// 128 patterns of 1,024 bits are twice the block RAM of an iCEstick, in as few lanes as there are.
#[test]
fn block_ram_that_is_not_there() {
    let board = Board::find("icestick").unwrap();
    let shape = CoreShape { patterns: 128, beats: 64, accumulator_bits: 15, ..CU };
    let said = estimate(shape, &board).unwrap().check().unwrap_err().to_string();
    assert!(said.contains("36 of 16 block RAMs"), "{said}");
    assert!(estimate(CoreShape { beats: 65, ..shape }, &board).is_err(), "more beats than a key has words");
}
