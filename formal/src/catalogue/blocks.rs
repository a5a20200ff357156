//! What the blocks compute: distances, sums, classes, the queue, the nearest pattern, the kernel's table.

use super::*;

pub(super) const DISTANCE: Property = Property {
    name: "distance",
    claim: "the popcount tree equals the count, for every row and state",
    text: include_str!("../../properties/distance.sv"),
    place: Place::Around,
    free: &[],
    probes: &[],
    cases: &[
        counted("N = 47", 47, 2),
        Case { defines: &["LINEAR"], ..counted("N = 16, counted one by one", 16, 0) },
        counted("N = 16", 16, 0),
        counted("N = 64", 64, 2),
        counted("N = 128", 128, 3),
        counted("N = 170", 170, 4),
        Case { shape: Shape { masks: true, ..counted("", 47, 2).shape }, ..counted("N = 47, with a mask", 47, 2) },
    ],
    mutants: &[
        mutant("one entry of the truth table", "ones4", "ones$d = 2'h2;", "ones$d = 2'h3;"),
        mutant("the last entry of the truth table", "ones4", "top = four;", "top = 3'h3;"),
        mutant("a carry of a popcount", "popcount16", "top = sixteen;", "top = 5'h0;"),
        mutant("a nibble counted twice", "popcount16", "bits[11:8]", "bits[15:12]"),
        mutant("a lane left out", "adder_tree", "value$2 = leaf$2", "value$2 = leaf$1"),
        mutant("the neurons beyond the last", "pick_2", "used = 16'h7fff", "used = 16'h7ffe"),
        mutant("XNOR for XOR", "pick", "row ^ against", "row ~^ against"),
    ],
    reach: 0,
};

pub(super) const ACCUMULATOR: Property = Property {
    name: "accumulator",
    claim: "an accumulator whose sum fits is that sum, and its sign the sum's",
    text: include_str!("../../properties/accumulator.sv"),
    place: Place::Around,
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "13 neurons", quick: true, ..CASE },
        Case { name: "two rows: gated", shape: Shape { neurons: 43, parallel: 2, ..SMALL }, ..CASE },
        Case { name: "folded: gated, lean", shape: Shape { neurons: 43, fold: 2, ..SMALL }, ..CASE },
        Case { name: "16-bit kernel", shape: Shape { kernel_bits: 16, patterns: 65, gamma: 0.02, ..SMALL }, ..CASE },
        Case { name: "masks", shape: Shape { masks: true, ..SMALL }, ..CASE },
        Case { name: "W = 3", shape: Shape { neurons: 45, lanes: Some(1), ..SMALL }, ..CASE },
    ],
    mutants: &[
        mutant(
            "an accumulator one bit too narrow",
            "column",
            "localparam [31:0] width = 32'h7ff",
            "localparam [31:0] width = 32'h3ff",
        ),
        mutant("the bit below the sign", "column", "localparam integer sign = ", "localparam integer sign = -1 + "),
        mutant("subtracts", "column", "accumulator$0$q + operand", "accumulator$0$q - operand"),
        mutant("a neighbour's enable", "column", "if (enable[1])", "if (enable[2])"),
        mutant("never cleared", "column", "if (clear_now)", "if (1'b0)"),
        mutant("the sign the wrong way round", "column", "if (~accumulator$2$q[sign])", "if (accumulator$2$q[sign])"),
    ],
    reach: 16,
};

pub(super) const RANKING: Property = Property {
    name: "ranking",
    claim: "the class has the greatest sum, of equals the lowest number; so has the second of the others; score and margin are theirs",
    text: include_str!("../../properties/ranking.sv"),
    place: Place::Around,
    free: &[],
    probes: &[],
    cases: &[
        ranked("5 classes", 5, 5 + 9, true),
        ranked("2 classes", 2, 2 + 9, true),
        Case { shape: narrow(7), ..ranked("7 classes, narrow sums", 7, 7 + 9, false) },
        Case { shape: narrow(17), ..ranked("17 classes of two columns, narrow sums", 17, 17 + 10, false) },
    ],
    mutants: &[
        mutant(
            "of equals the last",
            "ranking",
            "lead = (extended + below$q) & mask;",
            "lead = (extended + below$q + one) & mask;",
        ),
        mutant(
            "of equal seconds the last",
            "ranking",
            "margin = (difference >> 1) & mask;",
            "margin = ((difference >> 1) - one) & mask;",
        ),
        mutant("what was best is not second", "ranking", "second$d = class$q;", "second$d = number$q;"),
        mutant("sums without a sign", "ranking", "if (sum[low_sign])", "if (1'b0)"),
        mutant("the best is forgotten", "ranking", "below$d = extended ^ mask;", "below$d = mask;"),
        mutant("a lead that is one less", "ranking", "more$d = ~behind;", "more$d = 1'b0;"),
        mutant("no half for an odd T", "ranking", "if (odd)", "if (1'b0)"),
        mutant("a number is not counted", "ranking", "number$q + next_number", "number$q"),
        mutant("begins with the best of before", "ranking", "below$d = lowest;", "below$d = below$q;"),
        mutant("begins with the least sum", "ranking", "below$d = lowest;", "below$d = lowest - one;"),
        mutant("begins with two less than it", "ranking", "below$d = lowest;", "below$d = lowest + one;"),
    ],
    reach: 0,
};

pub(super) const RANKED: Property = Property {
    name: "ranked",
    claim: "the same after every class, by induction: for any number of classes",
    text: include_str!("../../properties/ranked.sv"),
    place: Place::Around,
    free: &[],
    probes: &[],
    cases: &[
        ranked("10 classes", 10, 2, true),
        ranked("32 classes of two columns", 32, 2, false),
        Case {
            shape: Shape { kernel_bits: 16, patterns: 65, gamma: 0.02, ..classes(10) },
            ..ranked("10 classes, 16-bit kernel", 10, 2, false)
        },
    ],
    mutants: RANKING.mutants,
    reach: 0,
};

pub(super) const QUEUE: Property = Property {
    name: "queue",
    claim: "the filter never drops a candidate, nor names one twice (up to 16 groups a scan)",
    text: include_str!("../../properties/queue.sv"),
    place: Place::Around,
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "R = 1", quick: true, defines: &["GROUP_BITS=4"], ..CASE },
        Case {
            name: "R = 1, N = 47",
            shape: Shape { neurons: 47, gamma: 0.1, ..SMALL },
            defines: &["GROUP_BITS=4"],
            ..CASE
        },
        Case { name: "R = 2", shape: Shape { parallel: 2, patterns: 17, ..SMALL }, defines: &["GROUP_BITS=4"], ..CASE },
        Case { name: "R = 4", shape: Shape { parallel: 4, patterns: 33, ..SMALL }, defines: &["GROUP_BITS=4"], ..CASE },
        Case {
            name: "W = 3",
            shape: Shape { neurons: 45, lanes: Some(1), ..SMALL },
            defines: &["GROUP_BITS=3"],
            ..CASE
        },
        Case { name: "fixed", shape: Shape { mode: KernelMode::Fixed, ..SMALL }, defines: &["GROUP_BITS=4"], ..CASE },
        Case { name: "a list", shape: Shape { readout: LIST, ..SMALL }, defines: &["GROUP_BITS=4"], ..CASE },
        Case {
            name: "a list, R = 2",
            shape: Shape { readout: LIST, parallel: 2, patterns: 17, ..SMALL },
            defines: &["GROUP_BITS=4"],
            ..CASE
        },
        Case {
            name: "a list, W = 3, masks",
            shape: Shape { readout: LIST, neurons: 45, lanes: Some(1), masks: true, ..SMALL },
            defines: &["GROUP_BITS=3"],
            ..CASE
        },
    ],
    mutants: &[
        mutant("the reach, one less", "nearest", "limit$d = {2'b0, origin}", "limit$d = {2'b0, origin} - 17'h1"),
        mutant("the limit of the final minimum alone", "nearest", "push$0$d = (now &", "push$0$d = closer & (now &"),
        mutant("the last group", "nearest", "real$0 = 1'b1", "real$0 = 1'b0"),
        mutant("the group's number", "nearest", "push_group$0$d = group$q", "push_group$0$d = group$q | one"),
        mutant("what is no distance is told", "nearest", "push$0$d = (now &", "push$0$d = (1'b1 &"),
        mutant(
            "a distance's low bit",
            "nearest",
            "push_distance$0$d = room[14:0]",
            "push_distance$0$d = room[14:0] & 15'h7ffe",
        ),
    ],
    reach: 40,
};

pub(super) const NEAREST: Property = Property {
    name: "nearest",
    claim: "the nearest pattern is the nearest, and the first of equals (up to 8 groups a scan)",
    text: include_str!("../../properties/nearest.sv"),
    place: Place::Around,
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "R = 1", defines: &["GROUP_BITS=3"], ..CASE },
        Case { name: "R = 2", shape: Shape { parallel: 2, ..SMALL }, defines: &["GROUP_BITS=3"], ..CASE },
        Case {
            name: "W = 3, masks",
            shape: Shape { neurons: 45, lanes: Some(1), masks: true, ..SMALL },
            defines: &["GROUP_BITS=3"],
            ..CASE
        },
    ],
    mutants: &[
        mutant(
            "the last of equals",
            "nearest",
            "closer = margin[sign]",
            "closer = margin[sign] | (margin == {2'b0, far})",
        ),
        mutant("the minimum is not forgotten", "nearest", "best$d = far;", "best$d = best$q;"),
        mutant("the counter is not forgotten", "nearest", "group$d = 20'h0", "group$d = group$q"),
        mutant("the counter's step", "nearest", "group$q + step", "group$q + step + step"),
        mutant("what is no distance counts", "nearest", "masked = far;", "masked = least$0;"),
        mutant("the index of the group before", "nearest", "candidate$0$d = place", "candidate$0$d = candidate$0$q"),
    ],
    reach: 40,
};

/// The candidates within four bits of the nearest.
const LIST: Readout = Readout::Ranked { most: 5, within: Some(4) };

pub(super) const LOOKUP: Property = Property {
    name: "lookup",
    claim: "every queued candidate is looked up once a plane and slot, and nothing else",
    text: include_str!("../../properties/lookup.vh"),
    place: Place::Inside,
    free: CONTENTS,
    probes: &[],
    cases: &[
        Case { name: "R = 2, k = 2", shape: Shape { parallel: 2, planes: 2, patterns: 5, ..SMALL }, ..CASE },
        Case {
            name: "W = 2, k = 2",
            shape: Shape { neurons: 20, lanes: Some(1), planes: 2, patterns: 3, ..SMALL },
            ..CASE
        },
        Case { name: "F = 2, k = 3", shape: Shape { neurons: 20, fold: 2, planes: 3, patterns: 3, ..SMALL }, ..CASE },
    ],
    mutants: &[
        mutant("the last plane", "sequencer", "if (slots$0$q != last_plane)", "if (slots$0$q == 2'h3)"),
        mutant("the second bank's queue", "sequencer", "following = after_first$1;", "following = after_first$0;"),
        mutant(
            "one entry too few",
            "sequencer",
            "left_over = after_first$0;",
            "left_over = after_first$0 - one_index;",
        ),
        mutant("the pointer is not reset", "sequencer", "pointer$d = 20'h0;", "pointer$d = pointer$q;"),
        mutant(
            "votes while the filter still finds",
            "sequencer",
            "beginning$d = scanned",
            "beginning$d = comparing$q | electing$q",
        ),
    ],
    reach: 60,
};

pub(super) const PASS: Property = Property {
    name: "passes",
    claim: "a pass asks for every entry of a list's queue, in order; then the nearest is read, and written before the next pass",
    text: include_str!("../../properties/lookup.vh"),
    place: Place::Inside,
    free: CONTENTS,
    probes: &[],
    cases: &[
        Case { name: "R = 1", shape: Shape { readout: PASSES, patterns: 4, planes: 1, ..SMALL }, quick: true, ..CASE },
        Case { name: "R = 2", shape: Shape { readout: PASSES, parallel: 2, patterns: 4, planes: 1, ..SMALL }, ..CASE },
        Case { name: "R = 4", shape: Shape { readout: PASSES, parallel: 4, patterns: 8, planes: 1, ..SMALL }, ..CASE },
        Case {
            name: "W = 2",
            shape: Shape { readout: PASSES, neurons: 20, lanes: Some(1), patterns: 3, planes: 1, ..SMALL },
            ..CASE
        },
        Case {
            name: "classes",
            shape: Shape { readout: PASSES, patterns: 4, planes: 1, kind: Kind::Class, outputs: 3, ..SMALL },
            ..CASE
        },
    ],
    mutants: &[
        mutant("back to the entry before", "sequencer", "base$0 = found_by$0$q;", "base$0 = found_by$0$q - one_index;"),
        mutant("the last entry so far", "sequencer", "if (nearer$0) begin", "if (1'b1) begin"),
        mutant("the entry is left", "sequencer", "step$0 = no_index;", "step$0 = one_index;"),
        mutant(
            "a pass begins where the last one ended",
            "sequencer",
            "(base$0 + step$0) & entry_mask;\n        if (beginning$q) begin",
            "(base$0 + step$0) & entry_mask;\n        if (1'b0) begin",
        ),
        mutant(
            "one entry too few",
            "sequencer",
            "entries_done = pointer$q == queued$0;",
            "entries_done = pointer$d == queued$0;",
        ),
        mutant("no pattern is taken out", "sequencer", "taken$0 = which$q[1] &", "taken$0 = 1'b0 &"),
    ],
    reach: 60,
};

/// Three passes over the queue.
const PASSES: Readout = Readout::Ranked { most: 3, within: Some(4) };

pub(super) const RANKS: Property = Property {
    name: "ranks",
    claim: "a list has the patterns within reach in their order, each once, and none is left out, by induction: for any number of them",
    text: include_str!("../../properties/ranks.sv"),
    place: Place::Around,
    free: &["ram"],
    probes: &[],
    cases: &[
        list_of("R = 1", Shape { readout: LIST, ..SMALL }, true),
        list_of("R = 2", Shape { readout: LIST, parallel: 2, patterns: 17, ..SMALL }, false),
        list_of("W = 3, masks", Shape { readout: LIST, neurons: 45, lanes: Some(1), masks: true, ..SMALL }, false),
        list_of(
            "600 of 75 bits, R = 2",
            Shape { readout: LIST, neurons: 75, patterns: 600, parallel: 2, ..SMALL },
            false,
        ),
        list_of("classes", Shape { readout: LIST, kind: Kind::Class, outputs: 5, ..SMALL }, false),
    ],
    mutants: &[
        mutant("what was listed is listed again", "ranks", "(passes & ~lists$q) | taken;", "passes & ~lists$q;"),
        mutant("another entry is taken out", "ranks", "write_address$v = place;", "write_address$v = length$q;"),
        mutant("what is out of reach is listed", "ranks", "nearer & any", "nearer"),
        mutant("what no queue gave is listed", "nearest", "if (valids$0) begin", "if (1'b1) begin"),
        mutant("a pass ends as the one before", "ranks", "some$d = ~pass &", "some$d = 1'b1 &"),
        mutant("a pass moves what is out of reach", "nearest", "limit$d = limit$q;", "limit$d = limit$d;"),
        mutant("of equals the last is listed", "nearest", "{2'b0, closeness$q};", "{2'b0, closeness$q} + 17'h1;"),
        mutant("a distance's complement", "ranks", "found_distance$0 ^ far", "found_distance$0"),
        mutant("a complement's distance", "nearest", "far ^ room_left$0", "room_left$0"),
        mutant("a pass adds to the queue", "ranks", "if (any & ~lists$q) begin", "if (any) begin"),
    ],
    reach: 2,
};

/// A list, whose passes are proved by induction.
const fn list_of(name: &'static str, shape: Shape, quick: bool) -> Case {
    Case { name, shape, engine: Engine::Cycles(2), quick, ..CASE }
}
