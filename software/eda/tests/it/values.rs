//! Estimates of cores whose answer is no key, against builds.

use hopgate_eda::{
    board::Board,
    estimate::{CoreLink, CoreShape, estimate},
};
use hopgate_hdl::Later;
use hopgate_model::kind::Kind::{self, Class, Map};

/// Kind, `N`, `P`, `M`, `k`, `R`, reach, bits of an accumulator; logic cells and block RAMs, counted by yosys 0.23 and nextpnr-ice40 0.4
/// (`--pack-only`) for the board top with the plain link. Random bits; the radius of classes is less than `N`.
const BUILT: [(Kind, [u64; 7], u64, u64); 8] = [
    (Class, [192, 512, 10, 2, 1, 77, 17], 1740, 31),
    (Class, [192, 512, 10, 3, 2, 77, 17], 2427, 31),
    (Class, [64, 200, 10, 1, 1, 31, 15], 1157, 7),
    (Class, [33, 100, 60, 2, 1, 31, 14], 2370, 9),
    (Class, [40, 100, 300, 2, 1, 31, 15], 9367, 24),
    (Map, [100, 300, 50, 2, 1, 51, 16], 1954, 26),
    (Map, [20, 60, 5, 2, 1, 20, 14], 619, 5),
    (Map, [64, 200, 128, 1, 1, 51, 15], 2999, 14),
];

fn shape(kind: Kind, [neurons, patterns, outputs, planes, parallel, reach, accumulator_bits]: [u64; 7]) -> CoreShape {
    CoreShape {
        kind,
        outputs,
        neurons,
        patterns,
        planes,
        shared_top: false,
        kernel_bits: 8,
        reach,
        accumulator_bits,
        threshold_bits: 0,
        parallel,
        fold: 1,
        beats: 1,
        nearest: false,
        ranked: false,
        spram_lanes: 0,
        tail_lanes: 0,
        tail_rows: 0,
        masks: false,
        later: Later::Scan,
        cues: 1,
        cores: 1,
        link: CoreLink::Plain,
    }
}

#[test]
fn measured_builds_of_values() {
    let board = Board::find("alchitry-cu").unwrap();
    for (kind, sizes, logic_cells, block_rams) in BUILT {
        let e = estimate(shape(kind, sizes), &board).unwrap();
        assert_eq!(e.block_rams.need, block_rams, "{kind} {sizes:?}");
        let off = e.logic_cells.need as f64 / logic_cells as f64 - 1.0;
        assert!(off.abs() < 0.05, "{:.1} % off {logic_cells}: {kind} {sizes:?}\n{e}", 100.0 * off);
    }
}

/// What an estimate compares with answers with a key, and more outputs cost more.
#[test]
fn outputs_are_what_is_paid_for() {
    let board = Board::find("alchitry-cu").unwrap();
    let few = estimate(shape(Map, [64, 200, 16, 1, 1, 51, 15]), &board).unwrap();
    let many = estimate(shape(Map, [64, 200, 160, 1, 1, 51, 15]), &board).unwrap();
    assert_eq!(few.nearest, many.nearest);
    assert!(many.logic_cells.need > few.logic_cells.need + 144 * 15);
    assert!(estimate(shape(Map, [64, 200, 0, 1, 1, 51, 15]), &board).is_err());
}
