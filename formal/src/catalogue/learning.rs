//! What a board that learns does: its requests, its patterns, how many there are.

use super::*;

/// A memory of a board that learns.
const LEARNT: Shape = Shape { radius: Some(3), ..SMALL };

/// The same of two lanes.
const KEYS: Shape = Shape { neurons: 20, patterns: 4, ..LEARNT };

/// The same keys with classes.
const KEYED_CLASSES: Shape = Shape { radius: Some(3), neurons: 20, patterns: 4, ..classes(3) };

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

pub(super) const LEARN: Property = Property {
    name: "learn",
    claim: "patterns become no more than there is room for, by one at a time; nothing is written without a request, and no key without room",
    text: include_str!("../../properties/learn.vh"),
    place: Place::Alone("learn"),
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "patterns", shape: LEARNT, on: On::Learning, engine: Engine::Merged, quick: true, ..CASE },
        Case {
            name: "classes",
            shape: Shape { radius: Some(3), ..classes(3) },
            on: On::Learning,
            engine: Engine::Merged,
            defines: &["CLASSES_TOO"],
            ..CASE
        },
    ],
    mutants: &[
        mutant("a full board that grows", "learn", "full_held$d = ~none & (last == final_row);", "full_held$d = 1'b0;"),
        mutant(
            "a STORE that never ends",
            "learn",
            "store$d = stores | (store$q & ~said);",
            "store$d = stores | store$q;",
        ),
        mutant(
            "a FORGET that never ends",
            "learn",
            "pending$d = forgets | (pending$q & ~final_copy);",
            "pending$d = forgets | pending$q;",
        ),
        mutant(
            "a row that is written without a FORGET",
            "learn",
            "load_row = (copies$q & out_there) & ~came$q;",
            "load_row = out_there & ~came$q;",
        ),
    ],
    reach: 60,
};

pub(super) const PARSE: Property = Property {
    name: "parse",
    claim: "whatever words come, the parser asks for one deed at a time, and it locks nothing",
    text: include_str!("../../properties/parse.vh"),
    place: Place::Alone("parse"),
    free: &["judge"],
    probes: &[],
    cases: &[Case { name: "a board that learns", shape: LEARNT, on: On::Learning, engine: Engine::Merged, ..CASE }],
    mutants: &[
        mutant("a header that is waited for no more", "parse", "| (heading$q & ~fresh);", "| 1'b0;"),
        mutant(
            "words that are passed over for good",
            "parse",
            "forget_right$0)))) | ((judging$q & ~judge$right) | (passing$q & more))",
            "forget_right$0)))) | ((judging$q & ~judge$right) | passing$q)",
        ),
        mutant(
            "a request of no kind",
            "parse",
            "(sorting$q & ~(recall_right | (other_right | (store_right$0",
            "(1'b0 & ~(recall_right | (other_right | (store_right$0",
        ),
        mutant("a reply that does not end", "parse", "idle$d = (idle$q & ~fresh) | over;", "idle$d = idle$q & ~fresh;"),
        mutant("a FORGET that is not counted", "parse", "(a_read$q | a_forget$0$q)", "a_read$q"),
    ],
    reach: 60,
};

pub(super) const KINDS: Property = Property {
    name: "kinds",
    claim: "a request stays of the kind that it is, and a FORGET keeps its place; a STORE has the words of one key",
    text: include_str!("../../properties/kinds.vh"),
    place: Place::Alone("parse"),
    free: &["judge"],
    probes: &[],
    cases: &[
        Case { name: "patterns", shape: KEYS, on: On::Learning, engine: Engine::Induction, quick: true, ..CASE },
        Case {
            name: "classes",
            shape: KEYED_CLASSES,
            on: On::Learning,
            engine: Engine::Induction,
            defines: &["CLASSES_TOO"],
            ..CASE
        },
    ],
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
    cases: &[Case { name: "two lanes", shape: KEYS, on: On::Learning, engine: Engine::Induction, quick: true, ..CASE }],
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

pub(super) const FORGET: Property = Property {
    name: "forget",
    claim: "a pattern is forgotten only if it is there, and if the host says how many there are",
    text: include_str!("../../properties/parse.vh"),
    place: Place::Alone("parse"),
    free: &[],
    probes: &[],
    cases: &[Case {
        name: "a board that learns",
        shape: LEARNT,
        on: On::Learning,
        engine: Engine::Merged,
        defines: &["JUDGED"],
        ..CASE
    }],
    mutants: &[
        mutant("a pattern that is not there", "judge", "beyond$d = over$q;", "beyond$d = 1'b0;"),
        mutant("another number of patterns", "judge", "disorder$d = count !=", "disorder$d = 1'b0 & count !="),
        mutant(
            "the pattern behind the last",
            "judge",
            "odd_count = ({1'b0, count} << 1) | one_bit;",
            "odd_count = {1'b0, count} << 1;",
        ),
    ],
    reach: 60,
};

pub(super) const SIZES: Property = Property {
    name: "sizes",
    claim: "the number of patterns follows what learns, and is never more than there is room for",
    text: include_str!("../../properties/sizes.vh"),
    place: Place::Alone("sizes"),
    free: &[],
    probes: &[],
    cases: &[Case { name: "patterns", shape: LEARNT, on: On::Learning, quick: true, ..CASE }],
    mutants: &[
        mutant("one more for one less", "sizes", "if (shrink$0) begin", "if (1'b0) begin"),
        mutant(
            "a load of one more",
            "sizes",
            "last$0$d = {4'b0, data} & row_mask;",
            "last$0$d = ({4'b0, data} & row_mask) + one;",
        ),
        mutant(
            "a count that is too narrow",
            "sizes",
            "row$0 = sum$0 & count_mask;",
            "row$0 = sum$0 & (count_mask >> 1);",
        ),
        mutant("no patterns at first", "sizes", "empty$0$d = first_none;", "empty$0$d = 1'b1;"),
        mutant(
            "the row before none",
            "sizes",
            "if ((shrink$0 & sum$0[sign]) | ((write",
            "if ((1'b0 & sum$0[sign]) | ((write",
        ),
    ],
    reach: 20,
};

/// A buffer of 16 words in place of 256, and what counts in it.
const SMALL_BUFFER: &[Mutant] = &[
    mutant("fewer places", "words", "place_mask = 12'hff;", "place_mask = 12'hf;"),
    mutant("counted by fewer bits", "words", "count_mask = 13'h1ff;", "count_mask = 13'h1f;"),
    mutant("with a lower sign", "words", "count_sign = 8;", "count_sign = 4;"),
];

pub(super) const LINK: Property = Property {
    name: "link",
    claim: "no request of any words locks the link, and each has one reply, which ends",
    text: include_str!("../../properties/link.vh"),
    place: Place::Alone("commands"),
    free: &["judge", "fits", "ram_"],
    probes: SMALL_BUFFER,
    cases: &[Case {
        name: "patterns",
        shape: LEARNT,
        on: On::Learning,
        engine: Engine::Merged,
        defines: &["PLACE=3"],
        ..CASE
    }],
    mutants: &[
        mutant(
            "a recall whose reply does not end",
            "perform",
            "| (passing$q & (~more & (in_ready & ~out_valid)))",
            "| 1'b0",
        ),
        mutant("an error that does not end", "reply", "(detailing$q & talked)", "1'b0"),
        mutant("an error without its code", "reply", "(naming$q & talked)", "1'b0"),
        mutant("a reply that ends for ever", "reply", "(finishing$q & ~send_ready)", "finishing$q"),
    ],
    reach: 100,
};

pub(super) const RECEIVE: Property = Property {
    name: "receive",
    claim: "whatever bytes come, what follows the next zero byte is understood, and what is shown are whole frames",
    text: include_str!("../../properties/receive.vh"),
    place: Place::Alone("receive"),
    free: &["crc", "ram_"],
    probes: &[
        mutant("fewer places", "receive", "place_mask = 12'hff;", "place_mask = 12'hf;"),
        mutant("counted by fewer bits", "receive", "count_mask = 13'h1ff;", "count_mask = 13'h1f;"),
        mutant("with a lower sign", "receive", "count_sign = 8;", "count_sign = 4;"),
        mutant("from there on", "receive", "uncounted = 13'h1fd;", "uncounted = 13'h1d;"),
    ],
    cases: &[Case {
        name: "one lane",
        shape: LEARNT,
        on: On::Learning,
        engine: Engine::Merged,
        defines: &["PLACE=3"],
        ..CASE
    }],
    mutants: &[
        mutant("a checksum that is left in the buffer", "receive", "first$d = back$q;", "first$d = next$q;"),
        mutant("a zero that does not end a block", "receive", "block$d = zero;", "block$d = data - one;"),
        mutant("a frame of no words", "receive", "(odd$q | count$q[count_sign])", "odd$q"),
        mutant(
            "half a word of the frame before",
            "receive",
            "if (clearing$q) begin\n            odd$d = 1'b0;",
            "if (clearing$q) begin",
        ),
    ],
    reach: 100,
};
