//! The protocol's numbers as clients in other languages have them: groups, and named groups.

use hopgate_model::kind::Kind as Answering;
use hopgate_wire::{
    frame,
    page::{
        self, ANY_CLASS, CLASS_WORDS, CONVERGED, FOUND_UNKNOWN, FOUND_WORDS, FULL, INFO_WORDS, NEAR, STATUS, STORED,
        UNCERTAIN, UNKNOWN, counter, flag, held, word,
    },
    protocol::{Code, Kind, REPLY, Region, VERSION, WIDE_VERSION},
};

/// What stands together in a module.
pub enum Part {
    /// Numbers, with what they are.
    Group(&'static str, Vec<(String, usize)>),
    /// Texts in the order of their numbers, with their list's name.
    Texts(&'static str, &'static str, Vec<(String, &'static str)>),
    /// Numbers under a name.
    Named(&'static str, &'static str, Vec<(String, usize)>),
}

/// All of it.
pub fn numbers() -> Vec<Part> {
    let mut all = Vec::new();
    let own = |numbers: &[(&str, usize)]| numbers.iter().map(|&(name, n)| (name.to_owned(), n)).collect::<Vec<_>>();
    all.push(Part::Group(
        "a header: version, reply, kinds; an error's kind is 0",
        own(&[
            ("VERSION", VERSION.into()),
            ("WIDE_VERSION", WIDE_VERSION.into()),
            ("REPLY", REPLY.into()),
            ("ERROR", 0),
        ]),
    ));
    all.push(Part::Group("kinds", Kind::ALL.map(|kind| (kind.to_string(), usize::from(kind.number()))).into()));
    let regions = [Region::Page, Region::Kernel, Region::Threshold, Region::Rows(0), Region::Values];
    let [of_page, kernel, threshold, rows, values] = regions.map(|r| r.target().into());
    all.push(Part::Group(
        "regions; a bank's number is in the high byte of that of its rows",
        own(&[("PAGE", of_page), ("KERNEL", kernel), ("THRESHOLD", threshold), ("ROWS", rows), ("VALUES", values)]),
    ));
    all.push(Part::Group(
        "words of a frame besides its body: a header, and the CRC",
        own(&[("CRC_WORDS", frame::CRC_WORDS)]),
    ));
    all.push(Part::Group(
        "the page",
        own(&[
            ("MAGIC", page::MAGIC.into()),
            ("BEGIN", page::BEGIN),
            ("COMMIT", page::COMMIT),
            ("PAGE_WORDS", page::WORDS),
            ("SEVERAL", page::SEVERAL),
            ("MOST_COUNTED_STEPS", page::MOST_COUNTED_STEPS),
        ]),
    ));
    all.push(Part::Group(
        "words of what is said of a class, and behind every answer; in the first of those: it converged, it is unknown, it is uncertain; of a STORE the key is near, was stored, or there is no room; and all of them",
        own(&[
            ("CLASS_WORDS", CLASS_WORDS),
            ("INFO_WORDS", INFO_WORDS),
            ("ANY_CLASS", ANY_CLASS.into()),
            ("CONVERGED", CONVERGED.into()),
            ("UNKNOWN", UNKNOWN.into()),
            ("UNCERTAIN", UNCERTAIN.into()),
            ("NEAR", NEAR.into()),
            ("STORED", STORED.into()),
            ("FULL", FULL.into()),
            ("STATUS", STATUS.into()),
            ("FOUND_UNKNOWN", FOUND_UNKNOWN.into()),
            ("FOUND_WORDS", FOUND_WORDS),
        ]),
    ));
    let kinds = Answering::ALL.map(|kind| (kind.name().to_uppercase(), kind.name()));
    all.push(Part::Texts("what a board answers with, in the order of their numbers", "KINDS", kinds.into()));
    all.push(Part::Named(
        "Word",
        "Where each number of what a board is stands on its page.",
        own(&[
            ("MAGIC", word::MAGIC),
            ("VERSION", word::VERSION),
            ("NEURONS", word::NEURONS),
            ("LANES", word::LANES),
            ("PATTERNS", word::PATTERNS),
            ("PLANES", word::PLANES),
            ("BANKS", word::BANKS),
            ("FOLD", word::FOLD),
            ("FLAGS", word::FLAGS),
            ("KERNEL_BITS", word::KERNEL_BITS),
            ("ACCUMULATOR_BITS", word::ACCUMULATOR_BITS),
            ("STRIDE", word::STRIDE),
            ("DEPTH", word::DEPTH),
            ("GROUPS", word::GROUPS),
            ("WINDOW", word::WINDOW),
            ("THRESHOLD_BITS", word::THRESHOLD_BITS),
            ("CLOCK", word::CLOCK),
            ("BAUD", word::BAUD),
            ("LATENCY", word::LATENCY),
            ("KIND", word::KIND),
            ("OUTPUTS", word::OUTPUTS),
            ("VALUE_ROWS", word::VALUE_ROWS),
            ("BUILT_IN", word::BUILT_IN),
            ("RELEASE", word::RELEASE),
            ("BEATS", word::BEATS),
            ("RANKS", word::RANKS),
            ("KINDS", word::KINDS),
        ]),
    ));
    all.push(Part::Named(
        "Flag",
        "The bits of the word of flags.",
        own(&[
            ("NEAREST", flag::NEAREST),
            ("FIXED", flag::FIXED),
            ("SHARED_TOP", flag::SHARED_TOP),
            ("THRESHOLD", flag::THRESHOLD),
            ("SELF_TEST", flag::SELF_TEST),
            ("EMPTY", flag::EMPTY),
            ("RADIUS", flag::RADIUS),
            ("MASKS", flag::MASKS),
            ("LEARN", flag::LEARN),
            ("FIND", flag::FIND),
            ("AUTO_STORE", flag::AUTO_STORE),
        ]),
    ));
    all.push(Part::Named(
        "Held",
        "Where each number of what a board holds stands on its page.",
        own(&[
            ("FIRST", page::HELD),
            ("LAST_GROUP", held::LAST_GROUP),
            ("LAST_BANK", held::LAST_BANK),
            ("ENTRIES", held::ENTRIES),
            ("MAX_STEPS", held::MAX_STEPS),
            ("FIXED_MODE", held::FIXED_MODE),
            ("KIND_SHIFT", held::KIND_SHIFT),
            ("NEURONS", held::NEURONS),
            ("PATTERNS", held::PATTERNS),
            ("PLANES", held::PLANES),
            ("RADIUS", held::RADIUS),
            ("OUTPUTS", held::OUTPUTS),
            ("STORE_RADIUS", held::STORE_RADIUS),
            ("CHANGED", held::CHANGED),
            ("SHA256", held::SHA256),
        ]),
    ));
    all.push(Part::Named(
        "Counter",
        "Where the counters of a self-test stand on the page, two words each.",
        own(&[
            ("FIRST", page::COUNTERS),
            ("RECALLS", counter::RECALLS),
            ("EXACT", counter::EXACT),
            ("WRONG_NEURONS", counter::WRONG_NEURONS),
            ("NOT_CONVERGED", counter::NOT_CONVERGED),
            ("NEAREST", counter::NEAREST),
            ("CYCLES", counter::CYCLES),
            ("STEPS", counter::STEPS),
        ]),
    ));
    let codes = Code::ALL.map(|code| (code.to_string(), usize::from(code.number())));
    all.push(Part::Named("Code", "Why a request was not carried out.", codes.into()));
    all
}
