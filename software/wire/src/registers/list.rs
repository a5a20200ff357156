//! The registers.

use super::{Access, Extra, Field, Register, number, option, status, stream};
use crate::page::{CONVERGED, FULL, NEAR, STORED, UNCERTAIN, UNKNOWN};

const fn bit(name: &'static str, low: usize, about: &'static str) -> Field {
    Field { name, low, bits: 1, about }
}

/// The place of a flag of the word of the steps.
const fn place(flag: u16) -> usize {
    flag.trailing_zeros() as usize
}

/// The bits that interrupt, as they are called everywhere.
const EVENTS: &[Field] = &[
    bit("ANSWER", status::ANSWER, "a word of an answer came"),
    bit("DONE", status::DONE, "an answer is over"),
    bit("MISTAKE", status::MISTAKE, "a mistake was made"),
    bit("REPLY", status::REPLY, "a word of a reply came"),
];

const NONE: Register = Register { name: "", number: 0, access: Access::Read, with: None, about: "", fields: &[] };

/// All of them, in the order of their addresses.
pub const ALL: &[Register] = &[
    Register {
        name: "STATUS",
        number: number::STATUS,
        access: Access::Clear,
        about: "what can be done, and what has happened; a write of anything clears MISTAKE",
        fields: &[
            bit("READY", status::READY, "a word of a cue may be written"),
            bit("ANSWER", status::ANSWER, "a word of an answer may be read"),
            bit("DONE", status::DONE, "STEPS, NEAREST and DISTANCE are those of the last cue"),
            bit("MISTAKE", status::MISTAKE, "a mistake was made"),
            bit("REPLY", status::REPLY, "a word of a reply may be read"),
            bit("LAST", status::LAST, "it is the reply's last"),
            bit("AWAKE", status::AWAKE, "words of requests are taken: reset is over"),
        ],
        ..NONE
    },
    Register {
        name: "CUE",
        number: number::CUE,
        access: Access::Write,
        about: "the next word of the cue, and then of its mask",
        ..NONE
    },
    Register {
        name: "ANSWER",
        number: number::ANSWER,
        access: Access::Pop,
        about: "the next word of the answer",
        ..NONE
    },
    Register {
        name: "STEPS",
        number: number::STEPS,
        access: Access::Read,
        about: "the steps, and what is said of the answer",
        fields: &[
            Field { name: "COUNT", low: 0, bits: 8, about: "the steps" },
            bit("FULL", place(FULL), "of a STORE or LEARN: there is no room, or no free class"),
            bit("STORED", place(STORED), "of a STORE or LEARN: the key is the last pattern now"),
            bit("NEAR", place(NEAR), "of a STORE: the key is known"),
            bit("UNCERTAIN", place(UNCERTAIN), "two classes are within the radius, of a core that learns"),
            bit("UNKNOWN", place(UNKNOWN), "the nearest pattern is farther than the radius"),
            bit("CONVERGED", place(CONVERGED), "the recall converged"),
        ],
        ..NONE
    },
    Register { name: "NEAREST", number: number::NEAREST, about: "the nearest pattern", ..NONE },
    Register { name: "DISTANCE", number: number::DISTANCE, about: "its distance", ..NONE },
    Register {
        name: "ENABLE",
        number: number::ENABLE,
        access: Access::ReadWrite,
        about: "what interrupts: zero after a reset",
        fields: EVENTS,
        ..NONE
    },
    Register {
        name: "PENDING",
        number: number::PENDING,
        access: Access::Clear,
        about: "what has happened since it was cleared; a write clears the bits that are one in it",
        fields: EVENTS,
        ..NONE
    },
    Register { name: "ID", number: number::ID, about: "0x4748, the bytes HG", ..NONE },
    Register { name: "CUE_WORDS", number: number::CUE_WORDS, about: "words of a cue, with those of its mask", ..NONE },
    Register { name: "ANSWER_WORDS", number: number::ANSWER_WORDS, about: "words of an answer", ..NONE },
    Register {
        name: "OPTIONS",
        number: number::OPTIONS,
        about: "what was built",
        fields: &[
            Field { name: "KIND", low: option::KIND, bits: 2, about: "0 auto, 1 map, 2 class, 3 sequence" },
            bit("MASKS", option::MASKS, "the mask of a cue follows it"),
            bit("REQUESTS", option::REQUESTS, "REQUEST, FINAL and REPLY are there"),
            bit("LOADS", option::LOADS, "another memory can be loaded"),
            bit("LEARNS", option::LEARNS, "it stores and forgets patterns"),
            bit("STREAMS", option::STREAMS, "STREAM is there, and the streams"),
            Field { name: "MAP", low: option::MAP, bits: 8, about: "the number of this map" },
        ],
        ..NONE
    },
    Register {
        name: "REQUEST",
        number: number::REQUEST,
        access: Access::Write,
        with: Some(Extra::Requests),
        about: "the next word of a request that has more",
        ..NONE
    },
    Register {
        name: "FINAL",
        number: number::FINAL,
        access: Access::Write,
        with: Some(Extra::Requests),
        about: "the last word of a request",
        ..NONE
    },
    Register {
        name: "REPLY",
        number: number::REPLY,
        access: Access::Pop,
        with: Some(Extra::Requests),
        about: "the next word of a reply",
        ..NONE
    },
    Register {
        name: "STREAM",
        number: number::STREAM,
        access: Access::ReadWrite,
        with: Some(Extra::Streams),
        about: "who asks: zero after a reset of the bus",
        fields: &[
            bit("ENABLE", stream::ENABLE, "cues come by the stream, and not by CUE"),
            bit("BUSY", stream::BUSY, "a cue of the stream is under way: read only"),
        ],
    },
];
