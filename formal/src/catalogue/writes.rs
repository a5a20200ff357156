//! What a STORE and a FORGET write: from the words of a request to a row, and from a row to another.

use super::{
    learning::{LEARNT, LEARNT_CLASSES},
    *,
};

/// A memory of a board that learns, of two lanes.
const KEYS: Shape = Shape { neurons: 20, patterns: 4, ..LEARNT };

/// The same keys with classes.
const KEYED_CLASSES: Shape = Shape { neurons: 20, patterns: 4, ..LEARNT_CLASSES };

/// By induction, of either.
const BOTH: &[Case] = &[
    Case { name: "patterns", shape: KEYS, on: On::Learning, engine: Engine::Induction, quick: true, ..CASE },
    Case {
        name: "classes",
        shape: KEYED_CLASSES,
        on: On::Learning,
        engine: Engine::Induction,
        defines: &["CLASSES_TOO"],
        ..CASE
    },
];

pub(super) const KINDS: Property = Property {
    name: "kinds",
    claim: "a request stays of the kind that it is, and a FORGET keeps its place; a STORE has the words of one key",
    text: include_str!("../../properties/kinds.vh"),
    place: Place::Alone("parse"),
    free: &["judge"],
    probes: &[],
    cases: BOTH,
    mutants: &[
        mutant(
            "a STORE of another length",
            "parse",
            "store_right$0 = (current$q & ~invalid) & (a_store$0$q & store_long$0$q);",
            "store_right$0 = (current$q & ~invalid) & a_store$0$q;",
        ),
        mutant(
            "the radius in the place of what is forgotten",
            "parse",
            "if (idle$q & ~busy$0) begin",
            "if (idle$q) begin",
        ),
        mutant("a kind that changes with the words", "parse", "if (heading$q) begin", "if (fresh) begin"),
        mutant("a request while a pattern is forgotten", "parse", "| counting$q))) & ~busy$0;", "| counting$q)));"),
        mutant("a place that moves on", "parse", "if (advance) begin", "if (1'b1) begin"),
    ],
    reach: 60,
};

pub(super) const KEY: Property = Property {
    name: "key",
    claim: "a row is written once for a request, behind the last of its words, which are given one by one in their order",
    text: include_str!("../../properties/key.vh"),
    place: Place::Alone("execute"),
    free: &["parse", "reply"],
    probes: &[],
    cases: &[
        Case { name: "two lanes", shape: KEYS, on: On::Learning, engine: Engine::Induction, quick: true, ..CASE },
        Case {
            name: "classes",
            shape: KEYED_CLASSES,
            on: On::Learning,
            engine: Engine::Induction,
            defines: &["CLASSES_TOO", "VALUES=1"],
            ..CASE
        },
    ],
    mutants: &[
        mutant("a row before its words", "perform", "load_row = filling_row$q & ~more;", "load_row = filling_row$q;"),
        mutant(
            "a row that is written again",
            "perform",
            "row_writes | (filling_row$q & more);",
            "row_writes | filling_row$q;",
        ),
        mutant("a word too many", "words", "used$d = step & ~resting;", "used$d = 1'b0;"),
        mutant("a word twice", "words", "settled$d = ~(step | (stepped$q | looked$q));", "settled$d = 1'b1;"),
        mutant("a STORE that moves its place", "perform", "advance = sent | storing$q;", "advance = sent | fresh;"),
    ],
    reach: 60,
};

pub(super) const CHAIN: Property = Property {
    name: "chain",
    claim: "as many words as there are lanes, one shifted in behind the other, are in the lanes, each in its own, until lanes move again",
    text: include_str!("../../properties/chain.vh"),
    place: Place::Alone("state"),
    free: &[],
    probes: &[],
    cases: &[Case { name: "two lanes", shape: KEYS, on: On::Learning, quick: true, ..CASE }],
    mutants: &[
        mutant("both lanes take what comes", "state", "lane$0$word_in = lane$1$word;", "lane$0$word_in = entering;"),
        mutant("a lane that stands still", "state", "lane$0$shift = shift;", "lane$0$shift = 1'b0;"),
        mutant("a bit of a word changes on its way", "lane", "state$d = word_in;", "state$d = word_in ^ 16'h4;"),
        mutant("a word that does not stay", "lane", "if (|shift_here$q)", "if (1'b1)"),
    ],
    reach: 20,
};

pub(super) const PHASES: Property = Property {
    name: "phases",
    claim: "the state moves by the streams alone while words are taken; words of a row begin no recall; a scan has as many groups as there are patterns",
    text: include_str!("../../properties/phases.vh"),
    place: Place::Alone("sequencer"),
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "patterns", shape: KEYS, on: On::Learning, engine: Engine::Induction, quick: true, ..CASE },
        Case {
            name: "classes",
            shape: KEYED_CLASSES,
            on: On::Learning,
            engine: Engine::Induction,
            quick: true,
            ..CASE
        },
    ],
    mutants: &[
        mutant(
            "the words of a row begin a recall",
            "sequencer",
            "(shifting$q & ~rowing$0) & (loading$q & words$q[word_sign]));",
            "shifting$q & (loading$q & words$q[word_sign]));",
        ),
        mutant("a pattern too few", "sequencer", "rows_left$0$d = last_row;", "rows_left$0$d = last_row - one_index;"),
        mutant(
            "a gap in the scan",
            "sequencer",
            "scans = scanning$q & ~rows_done;",
            "scans = scanning$q & ~(rows_done | rows_left$0$q[0]);",
        ),
        mutant(
            "a word is taken while the state moves",
            "sequencer",
            "taking$0$d = loading$d & ~accept;",
            "taking$0$d = loading$d;",
        ),
        mutant(
            "words are taken before the vote settles",
            "sequencer",
            "unloading$d = ((deciding$q & ~again)",
            "unloading$d = ((vote_token & ~again)",
        ),
        mutant(
            "rows are looked up in a scan",
            "sequencer",
            "looking$d = beginning$q | (looking$q & ~(all | loading$q));",
            "looking$d = beginning$q | looking$q;",
        ),
    ],
    reach: 60,
};

pub(super) const ROWS: Property = Property {
    name: "rows",
    claim: "a row is written where and when it is asked for, all lanes at once, and no other row changes; a scan reads the rows in their order",
    text: include_str!("../../properties/rows.vh"),
    place: Place::Alone("scan"),
    free: &["ram_", "pick", "adder_tree", "nearest"],
    probes: &[],
    cases: &[Case { name: "two lanes", shape: KEYS, on: On::Learning, quick: true, ..CASE }],
    mutants: &[
        mutant(
            "the words of the lane beside",
            "scan",
            "row_store$0$write_data$v = word$0;",
            "row_store$0$write_data$v = word$1;",
        ),
        mutant(
            "a row that nobody asked for",
            "scan",
            "row_store$1$write$v = stored & stores_bank$0;",
            "row_store$1$write$v = stores_bank$0;",
        ),
        mutant(
            "the row that is read",
            "scan",
            "row_store$0$write_address = stored_address;",
            "row_store$0$write_address = row_address$q;",
        ),
        mutant("a scan from the second row on", "scan", "row_address$d = 20'h0;", "row_address$d = one;"),
        mutant("a group a cycle late", "scan", "filter$valid = valid$5$q;", "filter$valid = ended$q;"),
    ],
    reach: 20,
};

pub(super) const ADDRESS: Property = Property {
    name: "address",
    claim: "a STORE writes the row behind the last pattern, if there is room; a FORGET reads the last row, and is over when it wrote that to its place",
    text: include_str!("../../properties/address.vh"),
    place: Place::Alone("commands"),
    free: &["execute", "ram_"],
    probes: &[],
    cases: BOTH,
    mutants: &[
        mutant("where the request says", "commands", "if (learn$0$owns) begin", "if (1'b0) begin"),
        mutant(
            "the row behind the last in place of it",
            "learn",
            "behind = ~(pending$q | told_last$q);",
            "behind = ~told_last$q;",
        ),
        mutant(
            "the last pattern over itself",
            "learn",
            "| (pending$q & ~((copies$q & out_there) | came$q));",
            "| pending$q;",
        ),
        mutant("a STORE on a full board", "learn", "bars = store$q & full_held$q;", "bars = 1'b0;"),
        mutant(
            "a STORE that writes nothing",
            "commands",
            "row_stored$d = (execute$load_row & ~learn$0$bars) | learn$0$load_row;",
            "row_stored$d = learn$0$load_row;",
        ),
        mutant(
            "a FORGET that writes what is left of the row",
            "learn",
            "load_row = (copies$q & out_there) & ~came$q;",
            "load_row = (copies$q & out_there) & came$q;",
        ),
        mutant(
            "a FORGET that is over at once",
            "learn",
            "copied = copies$q & (in_room & ~out_there);",
            "copied = copies$q;",
        ),
        mutant("a row that is read without a FORGET", "learn", "asked$d = (pending$q & in_room)", "asked$d = in_room"),
    ],
    reach: 60,
};

pub(super) const FETCH: Property = Property {
    name: "fetch",
    claim: "a row that is asked for is in the lanes, all of it, when its first word is offered, so many cycles later",
    text: include_str!("../../properties/fetch.vh"),
    place: Place::Alone("core"),
    free: &["ram_", "adder_tree", "nearest"],
    probes: &[],
    cases: &[Case { name: "two lanes", shape: KEYS, on: On::Learning, engine: Engine::Induction, ..CASE }],
    mutants: &[
        mutant("a row of no address", "weights", "row4$0$d = store_address;", "row4$0$d = row3$0$q;"),
        mutant("a row that does not vote", "weights", "if (alone$1$q) begin", "if (1'b0) begin"),
        mutant("a half that is not taken away", "weights", "if (last$6$q) begin", "if (1'b0) begin"),
        mutant("an offer before the row is there", "sequencer", "deciding$d = settled3$q;", "deciding$d = vote_token;"),
        mutant("a queue of two entries", "vote", "length$0$d = one;", "length$0$d = one + one;"),
    ],
    reach: 90,
};

pub(super) const KNOWN: Property = Property {
    name: "known",
    claim: "a STORE of what is known changes nothing, and so does a LEARN; of what is new there is one pattern more, if there is room, and the reply says which",
    text: concat!(include_str!("../../properties/learning.vh"), include_str!("../../properties/known.vh")),
    place: Place::Alone("learn"),
    free: &[],
    probes: &[],
    cases: BOTH,
    mutants: &[
        mutant(
            "what is known is stored",
            "learn",
            "stored = (none | ~|(out_word & near_mark)) & ~full_held$q;",
            "stored = ~full_held$q;",
        ),
        mutant(
            "every word decides",
            "learn",
            "first$d = stores | (first$q & ~(store$q & taken));",
            "first$d = stores | first$q;",
        ),
        mutant("unknown is what nothing is known of", "learn", "unknown$0 = none | out_word[14];", "unknown$0 = none;"),
        mutant(
            "a pattern before the word was taken",
            "learn",
            "grow$v = (store$q & first$q) & (taken & stored);",
            "grow$v = (store$q & first$q) & stored;",
        ),
        mutant("a full board that is not said", "learn", "mark$v = full_mark;", "mark$v = stored_mark;"),
    ],
    reach: 60,
};

pub(super) const RADIUS: Property = Property {
    name: "radius",
    claim: "an answer is beyond the radius that was written last, where its distance is greater, and only there",
    text: include_str!("../../properties/radius.vh"),
    place: Place::Alone("radius"),
    free: &[],
    probes: &[],
    cases: &[Case { name: "two lanes", shape: KEYS, on: On::Learning, engine: Engine::Induction, quick: true, ..CASE }],
    mutants: &[
        mutant("the highest bit left out", "radius", "far$d = more$15;", "far$d = more$14;"),
        mutant("another radius at first", "radius", "held$0$d = built;", "held$0$d = mask;"),
        mutant(
            "the lowest bit the other way",
            "radius",
            "more$1 = (distance[0] & ~radius[0])",
            "more$1 = (distance[0] | ~radius[0])",
        ),
    ],
    reach: 20,
};
