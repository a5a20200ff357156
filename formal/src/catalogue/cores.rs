//! Cores side by side: their queues, and whose turn it is.

use super::*;

/// So many cores of one lane.
const fn side_by_side(cores: usize) -> Shape {
    Shape { cores, ..SMALL }
}

pub(super) const FIFO: Property = Property {
    name: "fifo",
    claim: "a queue neither loses, repeats nor changes a word, keeps none, and none overtakes another",
    text: include_str!("../../properties/fifo.vh"),
    place: Place::Alone("fifo"),
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "4 places", shape: side_by_side(2), on: On::Axis, quick: true, defines: &["BIT=9"], ..CASE },
        Case {
            name: "16 places",
            shape: Shape { neurons: 20, cues: 2, ..side_by_side(2) },
            on: On::Axis,
            defines: &["BIT=0"],
            ..CASE
        },
    ],
    mutants: &[
        mutant("room for a word too many", "fifo", "held = (written$q - read$q) + one;", "held = written$q - read$q;"),
        mutant("a word that is not there yet", "fifo", "there$d = next != written$q;", "there$d = next != written$d;"),
        mutant("a word is repeated", "fifo", "next = (read$q + one) & both_rounds;", "next = read$q;"),
        mutant("a word is lost", "fifo", "enters = in_valid & open$q;", "enters = (in_valid & open$q) & ~there$q;"),
        mutant("what was there before a reset", "fifo", "read$d = 9'h0;", "read$d = read$q;"),
        mutant("the word behind the one that leaves", "fifo", "next & in_round};", "read$q & in_round};"),
        mutant("a place too few", "fifo", "localparam [8:0] in_round = 9'h", "localparam [8:0] in_round = 9'h1 & 9'h"),
        mutant("it never opens", "fifo", "open$d = ~|(held & round);", "open$d = 1'b0;"),
    ],
    reach: 40,
};

pub(super) const CORES: Property = Property {
    name: "cores",
    claim: "cues go to the cores in turn, whole turns of them, and answers are taken in the same turn",
    text: include_str!("../../properties/cores.vh"),
    place: Place::Alone("cores"),
    free: &["core", "fifo"],
    probes: &[],
    cases: &[
        Case { name: "two", shape: side_by_side(2), on: On::Axis, quick: true, ..CASE },
        Case { name: "three", shape: Shape { neurons: 40, ..side_by_side(3) }, on: On::Axis, ..CASE },
        Case {
            name: "two that share scans",
            shape: Shape { neurons: 20, cues: 3, ..side_by_side(2) },
            on: On::Axis,
            ..CASE
        },
    ],
    mutants: &[
        mutant("a turn of one word more", "share", "given$q == last_cue_word", "given$q == (last_cue_word + one)"),
        mutant(
            "a turn of one answer less",
            "share",
            "heard$q == last_answer_word",
            "heard$q == (last_answer_word - one)",
        ),
        mutant("a turn that does not end", "share", "hearing$1$d = hearing$0$q;", "hearing$1$d = hearing$1$q;"),
        mutant("another core's cue", "share", "give$1 = in_valid & giving$1$q;", "give$1 = in_valid;"),
        mutant("an answer that is not its turn", "share", "hear$1 = out_ready & hearing$1$q;", "hear$1 = out_ready;"),
        mutant("a core's words are left out", "share", "joined$2 = joined$1 | own$1;", "joined$2 = own$1;"),
        mutant("no core's turn behind a reset", "share", "hearing$0$d = 1'b1;", "hearing$0$d = 1'b0;"),
        mutant("another core's queue", "cores", "= cues$1$out_data;", "= cues$0$out_data;"),
        mutant("a queue that no reset empties", "cores", "answers$1$reset = reset;", "answers$1$reset = 1'b0;"),
    ],
    reach: 60,
};
