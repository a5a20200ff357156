//! Every property, with its designs and its mutants.

use crate::engine::Engine;
use crate::property::{Case, Mutant, On, Place, Property};
use hopgate_model::{kernel::KernelMode, kind::Kind};
use hopgate_sim::suite::{SHAPE, Shape};

/// Memory files, rows and states: what the control must not depend on.
const CONTENTS: &[&str] = &["rom_", "ram_", "pick", "lane", "column", "adder_tree"];

/// A small memory.
const SMALL: Shape = Shape { neurons: 13, patterns: 9, gamma: 0.2, ..SHAPE };

const CASE: Case =
    Case { name: "", shape: SMALL, on: On::Core, engine: Engine::Reachability, quick: false, defines: &[] };

/// A distance path of so many neurons and levels of the tree: scan is a cycle late, then pick, popcount and tree.
const fn counted(name: &'static str, neurons: usize, levels: usize) -> Case {
    let shape = Shape { neurons, patterns: 4, gamma: 0.01, ..SHAPE };
    Case { name, shape, engine: Engine::Cycles(1 + 1 + 3 + levels + 1), quick: true, ..CASE }
}

/// A ranking of so many classes, which takes so many cycles.
const fn ranked(name: &'static str, outputs: usize, cycles: usize, quick: bool) -> Case {
    let shape = Shape { kind: Kind::Class, outputs, ..SMALL };
    Case { name, shape, engine: Engine::Cycles(cycles), quick, ..CASE }
}

/// Classes with sums of few bits, so that more of them can be decided.
const fn narrow(outputs: usize) -> Shape {
    Shape { kind: Kind::Class, outputs, patterns: 1, kernel_bits: 4, ..SMALL }
}

const fn mutant(what: &'static str, block: &'static str, from: &'static str, to: &'static str) -> Mutant {
    Mutant { what, block, from, to }
}

/// All of them.
pub const PROPERTIES: &[Property] = &[
    Property {
        name: "distance",
        claim: "the popcount tree equals the count, for every row and state",
        text: include_str!("../properties/distance.sv"),
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
    },
    Property {
        name: "accumulator",
        claim: "an accumulator whose sum fits is that sum, and its sign the sum's",
        text: include_str!("../properties/accumulator.sv"),
        place: Place::Around,
        free: &[],
        probes: &[],
        cases: &[
            Case { name: "13 neurons", quick: true, ..CASE },
            Case { name: "two rows: gated", shape: Shape { neurons: 43, parallel: 2, ..SMALL }, ..CASE },
            Case { name: "folded: gated, lean", shape: Shape { neurons: 43, fold: 2, ..SMALL }, ..CASE },
            Case {
                name: "16-bit kernel",
                shape: Shape { kernel_bits: 16, patterns: 65, gamma: 0.02, ..SMALL },
                ..CASE
            },
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
            mutant(
                "the sign the wrong way round",
                "column",
                "if (~accumulator$2$q[sign])",
                "if (accumulator$2$q[sign])",
            ),
        ],
        reach: 16,
    },
    Property {
        name: "ranking",
        claim: "the class has the greatest sum, of equals the lowest number; so has the second of the others; score and margin are theirs",
        text: include_str!("../properties/ranking.sv"),
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
        ],
        reach: 0,
    },
    Property {
        name: "queue",
        claim: "the filter never drops a candidate, nor names one twice (up to 16 groups a scan)",
        text: include_str!("../properties/queue.sv"),
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
            Case {
                name: "R = 2",
                shape: Shape { parallel: 2, patterns: 17, ..SMALL },
                defines: &["GROUP_BITS=4"],
                ..CASE
            },
            Case {
                name: "R = 4",
                shape: Shape { parallel: 4, patterns: 33, ..SMALL },
                defines: &["GROUP_BITS=4"],
                ..CASE
            },
            Case {
                name: "fixed",
                shape: Shape { mode: KernelMode::Fixed, ..SMALL },
                defines: &["GROUP_BITS=4"],
                ..CASE
            },
        ],
        mutants: &[
            mutant("the reach, one less", "nearest", "limit$d = {2'b0, origin}", "limit$d = {2'b0, origin} - 13'h1"),
            mutant(
                "the limit of the final minimum alone",
                "nearest",
                "push$0$d = (now &",
                "push$0$d = closer & (now &",
            ),
            mutant("the last group", "nearest", "real$0 = 1'b1", "real$0 = 1'b0"),
            mutant("the group's number", "nearest", "push_group$0$d = group$q", "push_group$0$d = group$q | one"),
            mutant("what is no distance is told", "nearest", "push$0$d = (now &", "push$0$d = (1'b1 &"),
            mutant(
                "a distance's low bit",
                "nearest",
                "push_distance$0$d = room[10:0]",
                "push_distance$0$d = room[10:0] & 11'h7fe",
            ),
        ],
        reach: 40,
    },
    Property {
        name: "nearest",
        claim: "the nearest pattern is the nearest, and the first of equals (up to 8 groups a scan)",
        text: include_str!("../properties/nearest.sv"),
        place: Place::Around,
        free: &[],
        probes: &[],
        cases: &[
            Case { name: "R = 1", defines: &["GROUP_BITS=3"], ..CASE },
            Case { name: "R = 2", shape: Shape { parallel: 2, ..SMALL }, defines: &["GROUP_BITS=3"], ..CASE },
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
            mutant(
                "the index of the group before",
                "nearest",
                "candidate$0$d = place",
                "candidate$0$d = candidate$0$q",
            ),
        ],
        reach: 40,
    },
    Property {
        name: "lookup",
        claim: "every queued candidate is looked up once a plane and slot, and nothing else",
        text: include_str!("../properties/lookup.vh"),
        place: Place::Inside,
        free: CONTENTS,
        probes: &[],
        cases: &[
            Case { name: "R = 2, k = 2", shape: Shape { parallel: 2, planes: 2, patterns: 5, ..SMALL }, ..CASE },
            Case {
                name: "F = 2, k = 3",
                shape: Shape { neurons: 20, fold: 2, planes: 3, patterns: 3, ..SMALL },
                ..CASE
            },
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
                "beginning$d = (draining$q & scanned)",
                "beginning$d = draining$q",
            ),
        ],
        reach: 60,
    },
    Property {
        name: "cycles",
        claim: "a step takes the formula's cycles, a recall its steps, and the core returns to its streams",
        text: include_str!("../properties/cycles.vh"),
        place: Place::Inside,
        free: CONTENTS,
        probes: &[],
        cases: &[
            Case { name: "P = 5, k = 1", shape: Shape { patterns: 5, neurons: 16, max_steps: 3, ..SMALL }, ..CASE },
            Case {
                name: "P = 5, R = 2, k = 2",
                shape: Shape { patterns: 5, neurons: 16, parallel: 2, planes: 2, max_steps: 3, ..SMALL },
                ..CASE
            },
            Case {
                name: "P = 3, F = 2",
                shape: Shape { patterns: 3, neurons: 20, fold: 2, max_steps: 2, ..SMALL },
                ..CASE
            },
        ],
        mutants: &[
            mutant("a row too many", "sequencer", "rows_left$0$d = last_row", "rows_left$0$d = last_row + one_index"),
            mutant("the step limit", "sequencer", "steps$q == max_steps", "steps$q == (max_steps + one_word)"),
            mutant(
                "one settling cycle too few",
                "sequencer",
                "deciding$d = settling$q & settled3$q",
                "deciding$d = settling$q & settled2$q",
            ),
            mutant("never settles", "sequencer", "settled1$d = settled;", "settled1$d = 1'b0;"),
            mutant("one word of the answer too few", "sequencer", "which$q[1];", "which$q[0];"),
            mutant("the count of cycles", "sequencer", "cycles$d = one_cycle;", "cycles$d = 32'h0;"),
        ],
        reach: 200,
    },
    Property {
        name: "stream",
        claim: "the streams neither lose nor repeat a word",
        text: include_str!("../properties/stream.vh"),
        place: Place::Inside,
        free: &["rom_", "ram_", "pick", "column", "adder_tree", "=state:any_moved$q"],
        probes: &[],
        cases: &[
            Case { name: "three lanes", shape: Shape { neurons: 47, patterns: 2, max_steps: 2, ..SMALL }, ..CASE },
            Case {
                name: "two lanes, folded",
                shape: Shape { neurons: 20, fold: 2, patterns: 2, max_steps: 2, ..SMALL },
                ..CASE
            },
        ],
        mutants: &[
            mutant(
                "a word is taken while the state moves",
                "sequencer",
                "in_ready = loading$q & ~shifting$q",
                "in_ready = loading$q",
            ),
            mutant(
                "an offer is withdrawn",
                "sequencer",
                "offering$d = (unloading$q | informing$q) &",
                "offering$d = (unloading$q | informing$q) & ~offering$q &",
            ),
            mutant(
                "a word is repeated",
                "sequencer",
                "shifting$d = accept | (send & unloading$q)",
                "shifting$d = accept",
            ),
            mutant("a word is lost", "sequencer", "& ~(shifting$q | (sent$q | send))", "& ~(shifting$q | sent$q)"),
            mutant("a word too few", "sequencer", "words$d = more_words;", "words$d = more_words - one_word;"),
            mutant(
                "the convergence flag",
                "sequencer",
                "converged$d = single | ~moved",
                "converged$d = single | moved",
            ),
            mutant("a bit of a word changes on its way", "lane", "state$d = word_in;", "state$d = word_in ^ 16'h400;"),
            mutant(
                "the distance in the nearest pattern's place",
                "sequencer",
                "said$d = nearest[15:0]",
                "said$d = {5'b0, distance}",
            ),
        ],
        reach: 150,
    },
    Property {
        name: "wishbone",
        claim: "a bus cycle does what it does with its acknowledge, and a reset counts at once",
        text: include_str!("../properties/wishbone.vh"),
        place: Place::Inside,
        free: &["=core"],
        probes: &[],
        cases: &[Case { name: "one lane", on: On::Wishbone, engine: Engine::Merged, quick: true, ..CASE }],
        mutants: &[
            mutant("a stale acknowledge", "", "wb_ack_o = carried;", "wb_ack_o = acknowledge$q;"),
            mutant(
                "an effect before the acknowledge",
                "",
                "carried = (request & acknowledge$q)",
                "carried = (request & asked$q)",
            ),
            mutant("an effect during reset", "", "acknowledge$q) & ~wb_rst_i;", "acknowledge$q);"),
            mutant("a reset a cycle late", "bus_reset", "reset = bus | ", "reset = "),
            mutant(
                "pipelines that are not waited for",
                "bus_reset",
                "flushed$restart = bus;",
                "flushed$restart = never;",
            ),
            mutant("a timer that does not stop", "timer", "if (~count$q[top])", "if (1'b1)"),
        ],
        reach: 150,
    },
    Property {
        name: "axis",
        claim: "every packet is a cue, and a reset counts at once",
        text: include_str!("../properties/axis.vh"),
        place: Place::Inside,
        free: &["=core"],
        probes: &[],
        cases: &[Case {
            name: "three lanes",
            shape: Shape { neurons: 47, ..SMALL },
            on: On::Axis,
            engine: Engine::Merged,
            quick: true,
            ..CASE
        }],
        mutants: &[
            mutant(
                "an offer during reset",
                "",
                "m_axis_tvalid = core$out_valid & ~held$reset;",
                "m_axis_tvalid = core$out_valid;",
            ),
            mutant("a word taken during reset", "", "s_axis_tready = ~held$reset & ", "s_axis_tready = "),
            mutant("a reset a cycle late", "bus_reset", "reset = bus | ", "reset = "),
            mutant(
                "a packet that is not dropped",
                "",
                "dropping$d = ~padding$q & ~s_axis_tlast;",
                "dropping$d = 1'b0;",
            ),
            mutant("tlast a word early", "", "sent$q == last_info", "sent$q == (last_info - one)"),
        ],
        reach: 150,
    },
    Property {
        name: "uart",
        claim: "the receiver takes every byte of a sender that is up to 2 % off",
        text: include_str!("../properties/uart.sv"),
        place: Place::Around,
        free: &[],
        probes: &[
            mutant(
                "a port",
                "uart_receiver",
                "    output reg [7:0] data\n",
                "    output reg [7:0] data,\n    output wire idle\n",
            ),
            mutant(
                "whether it waits for a start bit",
                "uart_receiver",
                "    always @(posedge clock) begin\n",
                "    assign idle = !busy$q && !tick$q && timer$q == 0 && bits$q == 0;\n    always @(posedge clock) begin\n",
            ),
        ],
        cases: &[
            Case { name: "8 cycles a bit", on: On::Board(8), engine: Engine::Cycles(94), ..CASE },
            Case { name: "9 cycles a bit", on: On::Board(9), engine: Engine::Cycles(105), ..CASE },
            Case { name: "10 cycles a bit", on: On::Board(10), engine: Engine::Cycles(116), ..CASE },
            Case { name: "12 cycles a bit", on: On::Board(12), engine: Engine::Cycles(136), ..CASE },
        ],
        mutants: &[
            mutant(
                "the middle of the start bit",
                "uart_receiver",
                "localparam [15:0] half = 16'h",
                "localparam [15:0] half = 4 + 16'h",
            ),
            mutant(
                "a cycle early",
                "uart_receiver",
                "localparam [15:0] half = 16'h",
                "localparam [15:0] half = -1 + 16'h",
            ),
            mutant(
                "a bit time one cycle too long",
                "uart_receiver",
                "localparam [15:0] whole = 16'h",
                "localparam [15:0] whole = 1 + 16'h",
            ),
            mutant(
                "a one comes in at the other end",
                "uart_receiver",
                "shift$d = (shift$q >> 1) | high;",
                "shift$d = (shift$q << 1) | (high >> 8);",
            ),
            mutant(
                "no stop bit",
                "uart_receiver",
                "localparam [3:0] stop_bit = 4'h9",
                "localparam [3:0] stop_bit = 4'h8",
            ),
            mutant(
                "the high bit of what is sampled",
                "uart_receiver",
                "localparam [8:0] high = 9'h100",
                "localparam [8:0] high = 9'h80",
            ),
        ],
        reach: 110,
    },
];
