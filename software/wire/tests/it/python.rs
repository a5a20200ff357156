//! The Python client's numbers are those of this crate: its module `wire.py` is made from them.

use hopgate_model::kind::Kind as Answering;
use hopgate_wire::{
    frame,
    page::{
        self, CLASS_WORDS, CONVERGED, FULL, INFO_WORDS, NEAR, STATUS, STORED, UNCERTAIN, UNKNOWN, counter, flag, held,
        word,
    },
    protocol::{Code, Kind, REPLY, Region, VERSION},
};
use std::{fmt::Write, fs, path::Path};

fn module() -> String {
    let mut text = String::from(
        "\"\"\"The protocol's numbers. This file is made from software/wire: its test `python` says how.\"\"\"\n",
    );
    let mut group = |about: &str, numbers: &[(&str, usize)]| {
        write!(text, "\n# {about}\n").unwrap();
        for (name, number) in numbers {
            writeln!(text, "{name} = {number}").unwrap();
        }
    };
    group(
        "a header: version, reply, kinds; an error's kind is 0",
        &[("VERSION", VERSION.into()), ("REPLY", REPLY.into()), ("ERROR", 0)],
    );
    let kinds = Kind::ALL.map(|kind| (kind.to_string(), usize::from(kind.number())));
    group("kinds", &kinds.each_ref().map(|(name, number)| (name.as_str(), *number)));
    let regions = [Region::Page, Region::Kernel, Region::Threshold, Region::Rows(0), Region::Values];
    let [of_page, kernel, threshold, rows, values] = regions.map(|r| r.target().into());
    group(
        "regions; a bank's number is in the high byte of that of its rows",
        &[("PAGE", of_page), ("KERNEL", kernel), ("THRESHOLD", threshold), ("ROWS", rows), ("VALUES", values)],
    );
    group("words of a frame besides its body: a header, and the CRC", &[("CRC_WORDS", frame::CRC_WORDS)]);
    group(
        "the page",
        &[
            ("MAGIC", page::MAGIC.into()),
            ("BEGIN", page::BEGIN),
            ("COMMIT", page::COMMIT),
            ("PAGE_WORDS", page::WORDS),
            ("MOST_COUNTED_STEPS", page::MOST_COUNTED_STEPS),
        ],
    );
    group(
        "words of what is said of a class, and behind every answer; in the first of those: it converged, it is unknown,\n# it is uncertain; of a STORE the key is near, was stored, or there is no room; and all of them",
        &[
            ("CLASS_WORDS", CLASS_WORDS),
            ("INFO_WORDS", INFO_WORDS),
            ("CONVERGED", CONVERGED.into()),
            ("UNKNOWN", UNKNOWN.into()),
            ("UNCERTAIN", UNCERTAIN.into()),
            ("NEAR", NEAR.into()),
            ("STORED", STORED.into()),
            ("FULL", FULL.into()),
            ("STATUS", STATUS.into()),
        ],
    );
    let kinds = Answering::ALL.map(|kind| (kind.name().to_uppercase(), kind.name()));
    write!(text, "\n# what a board answers with, in the order of their numbers\n").unwrap();
    for (constant, name) in &kinds {
        writeln!(text, "{constant} = \"{name}\"").unwrap();
    }
    writeln!(text, "KINDS = ({})", kinds.map(|(constant, _)| constant).join(", ")).unwrap();
    let mut class = |name: &str, about: &str, numbers: &[(&str, usize)]| {
        write!(text, "\n\nclass {name}:\n    \"\"\"{about}\"\"\"\n\n").unwrap();
        for (name, number) in numbers {
            writeln!(text, "    {name} = {number}").unwrap();
        }
    };
    class(
        "Word",
        "Where each number of what a board is stands on its page.",
        &[
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
        ],
    );
    class(
        "Flag",
        "The bits of the word of flags.",
        &[
            ("NEAREST", flag::NEAREST),
            ("FIXED", flag::FIXED),
            ("SHARED_TOP", flag::SHARED_TOP),
            ("THRESHOLD", flag::THRESHOLD),
            ("SELF_TEST", flag::SELF_TEST),
            ("EMPTY", flag::EMPTY),
            ("RADIUS", flag::RADIUS),
            ("MASKS", flag::MASKS),
            ("LEARN", flag::LEARN),
        ],
    );
    class(
        "Held",
        "Where each number of what a board holds stands on its page.",
        &[
            ("FIRST", page::HELD),
            ("LAST_GROUP", held::LAST_GROUP),
            ("LAST_BANK", held::LAST_BANK),
            ("ENTRIES", held::ENTRIES),
            ("MAX_STEPS", held::MAX_STEPS),
            ("FIXED_MODE", held::FIXED_MODE),
            ("NEURONS", held::NEURONS),
            ("PATTERNS", held::PATTERNS),
            ("PLANES", held::PLANES),
            ("RADIUS", held::RADIUS),
            ("OUTPUTS", held::OUTPUTS),
            ("STORE_RADIUS", held::STORE_RADIUS),
            ("CHANGED", held::CHANGED),
            ("SHA256", held::SHA256),
        ],
    );
    class(
        "Counter",
        "Where the counters of a self-test stand on the page, two words each.",
        &[
            ("FIRST", page::COUNTERS),
            ("RECALLS", counter::RECALLS),
            ("EXACT", counter::EXACT),
            ("WRONG_NEURONS", counter::WRONG_NEURONS),
            ("NOT_CONVERGED", counter::NOT_CONVERGED),
            ("NEAREST", counter::NEAREST),
            ("CYCLES", counter::CYCLES),
            ("STEPS", counter::STEPS),
        ],
    );
    let codes = Code::ALL.map(|code| (code.to_string(), usize::from(code.number())));
    class(
        "Code",
        "Why a request was not carried out.",
        &codes.each_ref().map(|(name, number)| (name.as_str(), *number)),
    );
    text
}

/// `HOPGATE_UPDATE=1 cargo test -p hopgate-wire --test it python` writes the file anew.
#[test]
fn the_python_client_has_these_numbers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python/hopgate/wire.py");
    let wanted = module();
    if std::env::var_os("HOPGATE_UPDATE").is_some() {
        fs::write(&path, &wanted).expect("written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == wanted,
        "{} is out of date: HOPGATE_UPDATE=1 cargo test -p hopgate-wire --test it python",
        path.display()
    );
}
