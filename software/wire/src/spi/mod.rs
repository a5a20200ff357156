//! A client in C99 for a board behind SPI: a header and a source, which allocate nothing.

use crate::{
    page,
    protocol::{Kind as Request, Region},
    registers::Device,
};
use alloc::{
    format,
    string::{String, ToString},
};
use hopgate_model::kind::Kind;

/// The header and the source: every name in them begins with that of the device.
///
/// A device without requests has none.
pub fn client(device: &Device) -> Option<[String; 2]> {
    let version = device.requests?;
    let functions = functions(device);
    let mask = if device.masks { "; then the mask's, 1 where the bit is known" } else { "" };
    let recall = if device.masks { Request::Masked } else { Request::Recall };
    let fill = |text: &str| {
        text.replace("@facts@", &facts(device, version))
            .replace("@prototypes@", &prototypes(&functions))
            .replace("@functions@\n", &functions)
            .replace("@mask@", mask)
            .replace("@recall@", &recall.number().to_string())
            .replace("@find@", &Request::Find.number().to_string())
            .replace("@version@", &device.version)
            .replace("@NAME@", &device.name.to_uppercase())
            .replace("@name@", &device.name)
    };
    Some([fill(include_str!("client.h")), fill(include_str!("client.c"))])
}

/// What was built.
fn facts(device: &Device, version: u8) -> String {
    let reply = device.answers * (device.answer_words + 3);
    // what a request takes of the buffer beside its words: the header, the CRC, and one more
    let window = device.window - 1;
    let batch = (window - 4) / device.cue_words;
    let facts = [
        ("NEURONS", device.neurons, "bits of a key"),
        ("OUTPUTS", device.outputs, "bits of an answer, or classes"),
        ("CUE_SIZE", device.cue_words, "words of a cue, with those of its mask"),
        ("ANSWER_SIZE", device.answer_words, "words of an answer"),
        ("ANSWERS", device.answers, "answers to a cue"),
        ("REPLY_SIZE", reply, "words of the reply to a cue: its answers, each with three words more"),
        ("BATCH", batch, "cues of a request at most"),
        ("WINDOW", window, "words that the board buffers"),
        ("VERSION", version.into(), "of the protocol"),
    ];
    let define =
        |(name, number, about): &(&str, usize, &str)| format!("#define @NAME@_{name} {number}u /* {about} */\n");
    facts.iter().map(define).collect()
}

/// The prototypes of functions, with the comments before them.
fn prototypes(functions: &str) -> String {
    let mut text = String::new();
    for part in functions.split("\n\n").filter(|part| part.contains("\n{\n") || part.starts_with("/*")) {
        if let Some((head, _)) = part.split_once("\n{\n") {
            text += &format!("\n{};\n", head.trim_start_matches('\n'));
        }
    }
    text
}

/// What a board does beside recalls.
fn functions(device: &Device) -> String {
    let mut text = String::from(
        "
/* reads a word of the page. 0 or an error */
int @name@_page(@name@_board *board, uint16_t place, uint16_t *word)
{
    const uint16_t ask[3] = {@target@, place, 1};
    uint16_t reply[2];
    size_t got = 0;
    const int done = @name@_request(board, @read@, ask, 3, NULL, 0, reply, 2, &got);
    if (!done)
        *word = reply[0];
    return done;
}
",
    );
    if device.loads {
        text += "
/* writes a word of the page. 0 or an error */
int @name@_set_page(@name@_board *board, uint16_t place, uint16_t word)
{
    const uint16_t ask[3] = {@target@, place, word};
    uint16_t reply[2];
    size_t got = 0;
    return @name@_request(board, @write@, ask, 3, NULL, 0, reply, 2, &got);
}

/* loads a memory: requests one after the other, each behind the number of its words, and a zero behind the last, as `hopgate verilog
   --loads` writes them. 0 or the error of the first that fails. Until it is over there is no valid memory */
int @name@_load(@name@_board *board, const uint16_t *requests)
{
    uint16_t number, reply[2];
    size_t got = 0;
    int done = @name@_page(board, @commit@, &number);
    number++;
    if (!done)
        done = @name@_set_page(board, @begin@, number);
    for (; !done && *requests; requests += 1 + *requests)
        done = @name@_request(board, @write@, NULL, 0, requests + 2, *requests - 1u, reply, 2, &got);
    return done ? done : @name@_set_page(board, @commit@, number);
}
";
    }
    if device.learns {
        let (argument, about, count) = match device.kind {
            Kind::Class => ("uint16_t its_class, ", " of a class", 1),
            _ => ("", "", 0),
        };
        let class = if count == 1 { "&its_class" } else { "NULL" };
        text += &format!(
            "
/* stores a pattern{about}: the three words of the reply are what was done (0x1000: it was known, 0x800: stored, 0x400: there is no room), the
   nearest pattern before, and its distance. 0 or an error */
int @name@_store(@name@_board *board, {argument}const uint16_t *key, uint16_t reply[3])
{{
    size_t got = 0;
    return @name@_request(board, @store@, {class}, {count}, key, @NAME@_CUE_SIZE, reply, 3, &got);
}}

/* forgets a pattern of so many: the last one takes its place. 0 or an error */
int @name@_forget(@name@_board *board, uint16_t pattern, uint16_t patterns)
{{
    const uint16_t ask[2] = {{pattern, patterns}};
    uint16_t reply[2];
    size_t got = 0;
    return @name@_request(board, @forget@, ask, 2, NULL, 0, reply, 2, &got);
}}
"
        );
    }
    if device.auto_store {
        let (argument, about, class, count) = match device.kind {
            Kind::Class => ("uint16_t its_class, ", " of a class, 65535 for a free one", "&its_class", 1),
            _ => ("", "", "NULL", 0),
        };
        text += &format!(
            "
/* recalls a cue{about}, and stores it if the answer is unknown: @NAME@_REPLY_SIZE words as a recall has them, and in the steps what was
   done (0x800: it was stored, 0x400: it is unknown, and there is no room). 0 or an error */
int @name@_learn(@name@_board *board, {argument}const uint16_t *cue, uint16_t *reply)
{{
    size_t got = 0;
    const int done = @name@_request(board, @learn@, {class}, {count}, cue, @NAME@_CUE_SIZE, reply, @NAME@_REPLY_SIZE, &got);
    return done ? done : got == @NAME@_REPLY_SIZE ? 0 : @NAME@_NO_REPLY;
}}
"
        );
    }
    let number = |kind: Request| kind.number().to_string();
    text.replace("@target@", &Region::Page.target().to_string())
        .replace("@read@", &number(Request::Read))
        .replace("@write@", &number(Request::Write))
        .replace("@store@", &number(Request::Store))
        .replace("@forget@", &number(Request::Forget))
        .replace("@learn@", &number(Request::Learn))
        .replace("@begin@", &page::BEGIN.to_string())
        .replace("@commit@", &page::COMMIT.to_string())
}
