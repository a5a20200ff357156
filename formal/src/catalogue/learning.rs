//! What a board that learns does: its requests, its patterns, how many there are.

use super::*;

/// A memory of a board that learns.
pub(super) const LEARNT: Shape = Shape { radius: Some(3), ..SMALL };

/// The same of three classes.
pub(super) const LEARNT_CLASSES: Shape = Shape { radius: Some(3), ..classes(3) };

pub(super) const LEARN: Property = Property {
    name: "learn",
    claim: "patterns become no more than there is room for, by one at a time; nothing is written without a request, and no key without room",
    text: concat!(include_str!("../../properties/learning.vh"), include_str!("../../properties/learn.vh")),
    place: Place::Alone("learn"),
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "patterns", shape: LEARNT, on: On::Learning, engine: Engine::Merged, quick: true, ..CASE },
        Case {
            name: "classes",
            shape: LEARNT_CLASSES,
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
    cases: &[
        Case { name: "patterns", shape: LEARNT, on: On::Learning, quick: true, ..CASE },
        Case { name: "classes", shape: LEARNT_CLASSES, on: On::Learning, ..CASE },
    ],
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
        mutant("one pattern at first", "sizes", "last$0$d = {4'b0, first_last} & row_mask;", "last$0$d = 20'd0;"),
        mutant(
            "the row before none",
            "sizes",
            "if ((shrink$0 & single$0$q) | ((write",
            "if ((1'b0 & single$0$q) | ((write",
        ),
    ],
    reach: 20,
};

pub(super) const FITS: Property = Property {
    name: "fits",
    claim: "a size that was loaded last and that the core does not have is noticed for as long as it stays",
    text: include_str!("../../properties/fits.vh"),
    place: Place::Alone("fits"),
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "patterns", shape: LEARNT, on: On::Learning, engine: Engine::Induction, quick: true, ..CASE },
        Case { name: "classes", shape: LEARNT_CLASSES, on: On::Learning, engine: Engine::Induction, ..CASE },
    ],
    mutants: &[
        mutant("a size that is not looked at", "fits", "any = any | held$3$q;", "any = any;"),
        mutant(
            "half of the word alone",
            "fits",
            "held$2$d = (high_above$2$q | (high_equal$2$q & low_above$2$q))",
            "held$2$d = high_above$2$q",
        ),
        mutant("none where there must be one", "fits", "(counted$3 & (high_none$q & low_none$q))", "1'b0"),
        mutant("another size in its place", "fits", "if (write & (which == number$0)) begin", "if (write) begin"),
    ],
    reach: 20,
};

pub(super) const COMMIT: Property = Property {
    name: "commit",
    claim: "no commit is carried out of sizes that do not fit or of another load, and none beside other words",
    text: include_str!("../../properties/commit.vh"),
    place: Place::Alone("judge"),
    free: &[],
    probes: &[],
    cases: &[
        Case { name: "patterns", shape: LEARNT, on: On::Learning, ..CASE },
        Case { name: "classes", shape: LEARNT_CLASSES, on: On::Learning, ..CASE },
    ],
    mutants: &[
        mutant("sizes that do not fit", "judge", "unheld$d = (is_write & unfit) &", "unheld$d = 1'b0 &"),
        mutant("a commit among other words", "judge", "disorder$d = ~invalid | touching$q;", "disorder$d = ~invalid;"),
        mutant("a commit of another load", "judge", "disorder$d = ~same;", "disorder$d = 1'b0;"),
        mutant(
            "words that go around the end",
            "judge",
            "over$d = (place[15] & count[15]) | ((place[15] | count[15]) & ~ends$q[15]);",
            "over$d = 1'b0;",
        ),
        mutant("words up to it", "judge", "ends_above$d = ends$q[6:0] > begin_word;", "ends_above$d = 1'b0;"),
    ],
    reach: 20,
};

pub(super) const LINK: Property = Property {
    name: "link",
    claim: "no request of any words locks the link, and each has one reply, which ends",
    text: include_str!("../../properties/link.vh"),
    place: Place::Alone("commands"),
    free: &["judge", "fits", "=page"],
    probes: &[],
    cases: &[
        Case {
            name: "classes",
            shape: LEARNT_CLASSES,
            on: On::Learning,
            engine: Engine::Induction,
            defines: &["PLACE=7", "CLASSES_TOO"],
            ..CASE
        },
        Case {
            name: "19 classes, two lanes",
            shape: Shape { radius: Some(3), neurons: 20, patterns: 4, ..classes(19) },
            on: On::Learning,
            engine: Engine::Induction,
            defines: &["PLACE=7", "CLASSES_TOO"],
            ..CASE
        },
        Case {
            name: "patterns",
            shape: LEARNT,
            on: On::Learning,
            engine: Engine::Induction,
            defines: &["PLACE=7"],
            ..CASE
        },
    ],
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
        mutant(
            "words that wait as long as a pattern is stored",
            "learn",
            "valuing$0$v = spells$0$q | (sought$0$q | census$0$busy);",
            "valuing$0$v = store$q;",
        ),
        mutant(
            "a FORGET that does not begin",
            "learn",
            "asked$d = (pending$q & in_room)",
            "asked$d = 1'b0 & (pending$q & in_room)",
        ),
        mutant(
            "a row of a class that is looked at for ever",
            "census",
            "copies$d = waits$q[4] | (copies$q & ~copied);",
            "copies$d = waits$q[4] | copies$q;",
        ),
        mutant(
            "a row of a class that is asked for while another comes",
            "census",
            "& ~(resolving$q | (asked$q | copies$q))) & ~|waits$q;",
            "& ~(resolving$q | (asked$q | copies$q)));",
        ),
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

pub(super) const SEND: Property = Property {
    name: "send",
    claim: "a word of a reply is taken, and its bytes leave, none before its block is closed",
    text: include_str!("../../properties/send.vh"),
    place: Place::Alone("send"),
    free: &["ram_", "=crc:register$q"],
    probes: &[],
    cases: &[Case { name: "as on every board", shape: LEARNT, on: On::Learning, engine: Engine::Induction, ..CASE }],
    mutants: &[
        mutant(
            "a zero that does not end a block",
            "send",
            "if (breaking$q) begin\n            closing$d = 1'b1;",
            "if (breaking$q) begin\n            closing$d = 1'b0;",
        ),
        mutant("a checksum that has no end", "send", "ending$d = draining$q;", "ending$d = 1'b0;"),
        mutant("a word that is not taken", "send", "idle$d = ~draining$q;", "idle$d = 1'b0;"),
        mutant(
            "a byte of the open block",
            "send",
            "block$d = next$q;\n            count$d = one;\n            closing$d",
            "block$d = next$q + one_place;\n            count$d = one;\n            closing$d",
        ),
        mutant("a byte that does not stand", "send", "if (taken) begin", "if (fresh$q) begin"),
        mutant(
            "a byte before the buffer said it",
            "send",
            "fresh$d = (behind$q | far_behind$q) & ~(taken | just$q);",
            "fresh$d = (behind$q | far_behind$q) & ~taken;",
        ),
    ],
    reach: 100,
};
