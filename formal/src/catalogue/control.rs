//! What the control does: its cycles, the streams, the UART, SPI.

use super::*;
use hopgate_hdl::Later;

pub(super) const CYCLES: Property = Property {
    name: "cycles",
    claim: "a step takes the formula's cycles, a recall its steps, and the core returns to its streams",
    text: include_str!("../../properties/cycles.vh"),
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
        Case {
            name: "P = 2, W = 2",
            shape: Shape { patterns: 2, neurons: 20, lanes: Some(1), max_steps: 2, ..SMALL },
            ..CASE
        },
        Case {
            name: "P = 5, masks",
            shape: Shape { patterns: 5, neurons: 16, max_steps: 3, masks: true, ..SMALL },
            ..CASE
        },
        Case {
            name: "P = 3, F = 2, masks",
            shape: Shape { patterns: 3, neurons: 20, fold: 2, max_steps: 2, masks: true, ..SMALL },
            ..CASE
        },
        Case { name: "a list, P = 3", shape: Shape { patterns: 3, neurons: 16, readout: TWO_RANKS, ..SMALL }, ..CASE },
        Case {
            name: "a list, P = 3, R = 2",
            shape: Shape { patterns: 3, neurons: 16, parallel: 2, readout: TWO_RANKS, ..SMALL },
            engine: Engine::Merged,
            ..CASE
        },
    ],
    mutants: &[
        mutant("a row too many", "sequencer", "rows_left$0$d = last_row", "rows_left$0$d = last_row + one_index"),
        mutant("the step limit", "sequencer", "steps$q == max_steps", "steps$q == (max_steps + one_step)"),
        mutant("one settling cycle too few", "sequencer", "deciding$d = settled3$q", "deciding$d = settled2$q"),
        mutant("never settles", "sequencer", "settled1$d = settled;", "settled1$d = 1'b0;"),
        mutant("one word of the answer too few", "sequencer", "which$q[1];", "which$q[0];"),
        mutant("the count of cycles", "sequencer", "cycles$d = one_cycle;", "cycles$d = 32'h0;"),
    ],
    reach: 200,
};

/// The nearest two.
const TWO_RANKS: Readout = Readout::Ranked { most: 2, within: Some(4) };

pub(super) const LATER: Property = Property {
    name: "later",
    claim: "a later step takes the formula's cycles, from the queue or not, and the core returns to its streams",
    text: include_str!("../../properties/cycles.vh"),
    place: Place::Inside,
    free: CONTENTS,
    probes: &[],
    cases: &[
        Case {
            name: "P = 2, k = 1",
            shape: Shape { patterns: 2, neurons: 16, max_steps: 3, later: Later::Queue, ..SMALL },
            ..CASE
        },
        Case {
            name: "P = 3, R = 2, k = 2",
            shape: Shape {
                patterns: 3,
                neurons: 16,
                parallel: 2,
                planes: 2,
                max_steps: 3,
                later: Later::Queue,
                ..SMALL
            },
            ..CASE
        },
        Case {
            name: "P = 3, at fixed points",
            shape: Shape { patterns: 3, neurons: 16, max_steps: 3, gamma: 1.0, later: Later::Stop, ..SMALL },
            ..CASE
        },
    ],
    mutants: &[
        mutant("a review after a review", "sequencer", "reviewed$0$d = reviews$0$q & ~missed$0", "reviewed$0$d = 1'b0"),
        mutant("the count begins at two", "vote", "if (rewind$0) begin", "if (1'b0) begin"),
        mutant(
            "a review of one entry",
            "sequencer",
            "queue_ends$0 = (entries_done & final_bank)",
            "queue_ends$0 = 1'b1",
        ),
    ],
    reach: 260,
};

/// With as few patterns as `later` has, a queue is at its end before a miss is seen.
pub(super) const REVIEW: Property = Property {
    name: "review",
    claim: "a queue is read until its last entry or until the state is seen to be another, which is scanned then",
    text: include_str!("../../properties/review.vh"),
    place: Place::Alone("sequencer"),
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "one cue", shape: Shape { later: Later::Queue, ..SMALL }, quick: true, ..CASE },
        Case { name: "two cues, R = 2", shape: Shape { parallel: 2, cues: 2, later: Later::Queue, ..SMALL }, ..CASE },
    ],
    mutants: &[
        mutant("a miss is not seen before the end", "sequencer", "| missed$0;", "| 1'b0;"),
        mutant("the last entry is not the end", "sequencer", "(entries_done & final_bank) | missed$0", "missed$0"),
        mutant("the end is not told", "sequencer", "| (reading$0$q & queue_ends$0)", "| 1'b0"),
        mutant("one more entry is asked for", "sequencer", "~(entries_done | missed$0)", "~entries_done"),
        mutant("a state that is another is not scanned", "sequencer", "| (scanned & missed$0)", "| 1'b0"),
    ],
    reach: 40,
};

pub(super) const SHARED: Property = Property {
    name: "shared",
    claim: "of cues that share a scan answers leave in their order, none without its cue, and the core waits for its streams alone",
    text: include_str!("../../properties/shared.vh"),
    place: Place::Inside,
    free: &["rom_", "ram_", "pick", "column", "adder_tree"],
    probes: &[],
    cases: &[Case {
        name: "two cues, at fixed points",
        shape: Shape { patterns: 2, neurons: 13, max_steps: 3, gamma: 1.0, cues: 2, later: Later::Stop, ..SMALL },
        ..CASE
    }],
    mutants: &[
        mutant("both cues go to the first state", "arrive", "moves$1 = (open$q & in_valid) & own$1", "moves$1 = 1'b0"),
        mutant(
            "a cue comes before the last answer has left",
            "arrive",
            "free$d = ~((own$1",
            "free$d = ~(1'b0 & (own$1",
        ),
        mutant("the second cue is not waited for", "arrive", "onward$d = ~(own$1 |", "onward$d = ~(1'b0 |"),
        mutant("an answer takes the place of one that leaves", "leave", "& ~(unloading$q | informing$q);", "& 1'b1;"),
        mutant(
            "an offer is withdrawn",
            "leave",
            "offering$d = (unloading$q | informing$q) &",
            "offering$d = (unloading$q | informing$q) & ~offering$q &",
        ),
        mutant("an answer is that of another cue", "leave", "whose$0$d = (takes & own$0)", "whose$0$d = takes"),
        mutant("a word of the answer too few", "leave", "& ~(send & which$q[1])", "& ~(send & which$q[0])"),
    ],
    reach: 200,
};

pub(super) const SHARED_LATER: Property = Property {
    name: "shared_later",
    claim: "the same where later steps are read from the queue",
    cases: &[Case {
        name: "two cues, from the queue",
        shape: Shape { patterns: 2, neurons: 13, max_steps: 3, cues: 2, later: Later::Queue, ..SMALL },
        ..CASE
    }],
    mutants: &[
        mutant("an answer leaves before the last step", "sequencer", "ends = deciding$q & ~again", "ends = deciding$q"),
        mutant("the turn does not pass on", "sequencer", "ring$1$d = ring$0$q;", "ring$1$d = ring$1$q;"),
        mutant("an answer is that of another cue", "leave", "whose$0$d = (takes & own$0)", "whose$0$d = takes"),
        mutant("a review does not end", "sequencer", "| (reading$0$q & queue_ends$0);", "| 1'b0;"),
        mutant(
            "a state that is another is not scanned",
            "sequencer",
            "reviewed$0$q)) | (scanned & missed$0)",
            "reviewed$0$q)) | 1'b0",
        ),
        mutant(
            "the next cue does not vote",
            "sequencer",
            "& ~missed$0) | (leave$0$takes_over & ~final_cue$0)",
            "& ~missed$0) | 1'b0",
        ),
    ],
    ..SHARED
};

pub(super) const STREAM: Property = Property {
    name: "stream",
    claim: "the streams neither lose nor repeat a word",
    text: include_str!("../../properties/stream.vh"),
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
            "taking$0$d = loading$d & ~accept;",
            "taking$0$d = loading$d;",
        ),
        mutant(
            "an offer is withdrawn",
            "sequencer",
            "offering$d = (unloading$q | informing$q) &",
            "offering$d = (unloading$q | informing$q) & ~offering$q &",
        ),
        mutant("a word is repeated", "sequencer", " | (showing$0$q & out_ready);", ";"),
        mutant("a word is lost", "sequencer", "& ~(shifting$q | (sent$q | send))", "& ~(shifting$q | sent$q)"),
        mutant("a word too few", "sequencer", "words$d = more_words;", "words$d = more_words - one_word;"),
        mutant("the convergence flag", "sequencer", "converged$d = single | ~moved", "converged$d = single | moved"),
        mutant("a bit of a word changes on its way", "lane", "state$d = word_in;", "state$d = word_in ^ 16'h400;"),
        mutant(
            "the distance in the nearest pattern's place",
            "sequencer",
            "said$d = nearest[15:0]",
            "said$d = {1'b0, distance}",
        ),
    ],
    reach: 150,
};

pub(super) const MASK: Property = Property {
    name: "mask",
    claim: "the mask of a cue holds in the first scan, and leaves out the bits that it does not call known",
    text: include_str!("../../properties/mask.vh"),
    place: Place::Inside,
    free: &["rom_", "ram_", "pick", "masked", "lane", "column", "adder_tree"],
    probes: &[],
    cases: &[
        Case { name: "one lane", shape: Shape { masks: true, patterns: 2, max_steps: 3, ..SMALL }, ..CASE },
        Case {
            name: "two lanes, folded",
            shape: Shape { masks: true, neurons: 20, fold: 2, patterns: 2, max_steps: 2, ..SMALL },
            ..CASE
        },
    ],
    mutants: &[
        mutant("known for unknown", "state", "mask$0$word_in = entering ^ ones;", "mask$0$word_in = entering;"),
        mutant(
            "a step that bits did not enter may end a recall",
            "state",
            "any_moved$d = partial$0$q | gap$0$q;",
            "any_moved$d = 1'b0;",
        ),
        mutant(
            "let go before the scan",
            "sequencer",
            "released$0 = scanned | asked;",
            "released$0 = starting$q | asked;",
        ),
        mutant(
            "never let go",
            "sequencer",
            "mask_open$0$d = (accept | waking$q) | (released$0 |",
            "mask_open$0$d = (accept | waking$q) | (1'b0 |",
        ),
        mutant(
            "a step behind half a cue",
            "sequencer",
            "(words$q[word_sign] & mask_turn$0$q)",
            "(words$q[word_sign] | mask_turn$0$q)",
        ),
        mutant("pick is all ones while words come", "mask", "if (loads$0)", "if (1'b0)"),
        mutant("pick is never all ones", "mask", "forced$0 = ones;", "forced$0 = none;"),
    ],
    reach: 150,
};

pub(super) const UART: Property = Property {
    name: "uart",
    claim: "the receiver takes every byte of a sender that is up to 2 % off",
    text: include_str!("../../properties/uart.sv"),
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
        mutant("a cycle early", "uart_receiver", "localparam [15:0] half = 16'h", "localparam [15:0] half = -1 + 16'h"),
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
        mutant("no stop bit", "uart_receiver", "localparam [3:0] stop_bit = 4'h9", "localparam [3:0] stop_bit = 4'h8"),
        mutant(
            "the high bit of what is sampled",
            "uart_receiver",
            "localparam [8:0] high = 9'h100",
            "localparam [8:0] high = 9'h80",
        ),
    ],
    reach: 110,
};

pub(super) const SENDER: Property = Property {
    name: "sender",
    claim: "every byte that is taken leaves the UART's sender, a bit time for each of its ten bits, and the next one is taken behind it",
    text: include_str!("../../properties/sender.vh"),
    place: Place::Alone("uart_sender"),
    free: &[],
    probes: &[],
    cases: &[
        Case {
            name: "8 cycles a bit",
            on: On::Board(8),
            engine: Engine::Merged,
            quick: true,
            defines: &["BIT=8"],
            ..CASE
        },
        Case { name: "9 cycles a bit", on: On::Board(9), engine: Engine::Merged, defines: &["BIT=9"], ..CASE },
        Case { name: "12 cycles a bit", on: On::Board(12), engine: Engine::Merged, defines: &["BIT=12"], ..CASE },
    ],
    mutants: &[
        mutant(
            "a bit a cycle longer",
            "uart_sender",
            "localparam [15:0] whole = 16'h",
            "localparam [15:0] whole = 1 + 16'h",
        ),
        mutant("no stop bit", "uart_sender", "localparam [3:0] last_bit = 4'h9", "localparam [3:0] last_bit = 4'h8"),
        mutant("the highest bit first", "uart_sender", "shift$d = shift$q >> 1;", "shift$d = shift$q << 1;"),
        mutant("no start bit", "uart_sender", "({2'b0, data} << 1) | stop", "{2'b0, data} | stop"),
        mutant("a byte that is taken within another", "uart_sender", "ready = ~busy$q;", "ready = ~busy$q | tick$q;"),
        mutant("a byte that is not taken", "uart_sender", "busy$d = valid;", "busy$d = valid & data[0];"),
        mutant("the line the wrong way round", "uart_sender", "~shift$q[0]", "shift$q[0]"),
    ],
    reach: 200,
};

pub(super) const SPI: Property = Property {
    name: "spi",
    claim: "a byte is taken for each that is announced and leaves, one is handed on for each eight bits, and nothing locks it",
    text: include_str!("../../properties/spi.vh"),
    place: Place::Alone("spi"),
    free: &[],
    probes: &[],
    cases: &[Case { name: "alone", on: On::Spi, engine: Engine::Reachability, ..CASE }],
    mutants: &[
        mutant("a byte is taken at its second bit", "spi", "if (~|count$q) begin", "if (count$q == one_bit) begin"),
        mutant("one byte more is taken", "spi", "next_tells$d = ~|left$q;", "next_tells$d = 1'b0;"),
        mutant("more is announced than waits", "spi", "next$d = waiting;", "next$d = waiting + one;"),
        mutant("a piece goes on behind a selection", "spi", "left$d = nothing;", "left$d = left$q;"),
        mutant("bits are counted on behind a selection", "spi", "count$d = no_bits;", "count$d = count$q;"),
        mutant("the byte one bit early", "spi", "byte$d = shifted;", "byte$d = shift$q;"),
        mutant("it stays lost behind a reset", "spi", "lost$d = 1'b0;", "lost$d = lost$q;"),
        mutant("it wakes in the midst of a byte", "spi", "lost$d = 1'b1;", "lost$d = 1'b0;"),
        mutant("data while it is not selected", "spi", "(select_second$q & ~lost$q)", "(~lost$q)"),
    ],
    reach: 64,
};
