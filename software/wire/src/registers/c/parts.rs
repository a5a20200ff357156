//! What is done with the registers: recalls and requests.

use super::Device;
use crate::{
    page,
    protocol::{Kind as Request, header},
};
use alloc::{
    format,
    string::{String, ToString},
};
use hopgate_model::kind::Kind;

/// Whether it is there, and recalls.
pub(super) fn recall(device: &Device) -> String {
    let once = "\
/* whether the core that this header was made for is there */
static inline int @name@_present(uintptr_t base)
{
    return @name@_get_id(base) == 0x4748u && @name@_get_options(base) == @NAME@_BUILT
        && @name@_get_cue_words(base) == @NAME@_CUE_SIZE && @name@_get_answer_words(base) == @NAME@_ANSWER_SIZE;
}

/* waits until one of these bits of STATUS is one; what it is then */
static inline uint16_t @name@_wait(uintptr_t base, uint16_t bits)
{
    uint16_t status;
    do {
        status = @name@_get_status(base);
    } while (!(status & bits));
    return status;
}

/* what is said of an answer: steps (the bits of STEPS), the nearest pattern, its distance */
typedef struct {
    uint16_t steps, nearest, distance;
} @name@_info;

/* asks: @NAME@_CUE_SIZE words, key bit i in bit i % 16 of word i / 16@mask@ */
static inline void @name@_ask(uintptr_t base, const uint16_t *cue)
{
    unsigned i;
    for (i = 0; i < @NAME@_CUE_SIZE; i++) {
        @name@_wait(base, @NAME@_STATUS_READY);
        @name@_set_cue(base, cue[i]);
    }
}

/* the next answer: @NAME@_ANSWER_SIZE words. There are @NAME@_ANSWERS to what was asked */
static inline void @name@_answer(uintptr_t base, uint16_t *answer, @name@_info *info)
{
    unsigned i;
    for (i = 0; i < @NAME@_ANSWER_SIZE; i++) {
        @name@_wait(base, @NAME@_STATUS_ANSWER);
        answer[i] = @name@_get_answer(base);
    }
    @name@_wait(base, @NAME@_STATUS_DONE);
    info->steps = @name@_get_steps(base);
    info->nearest = @name@_get_nearest(base);
    info->distance = @name@_get_distance(base);
}

";
    let mask = if device.masks { "; then the mask's, 1 where the bit is known" } else { "" };
    let whole = match device.kind {
        Kind::Sequence => "",
        _ => {
            "\
/* asks, and waits for the answer */
static inline void @name@_recall(uintptr_t base, const uint16_t *cue, uint16_t *answer, @name@_info *info)
{
    @name@_ask(base, cue);
    @name@_answer(base, answer, info);
}

"
        }
    };
    let class = match device.kind {
        Kind::Class => {
            "\
/* the class, the second one, the score of the first, and by how much it is greater */
typedef struct {
    uint16_t best, second;
    int32_t score, margin;
} @name@_class;

/* asks, and waits for the class */
static inline @name@_class @name@_classify(uintptr_t base, const uint16_t *cue, @name@_info *info)
{
    uint16_t words[@NAME@_ANSWER_SIZE];
    @name@_class found;
    @name@_recall(base, cue, words, info);
    found.best = words[0];
    found.second = words[1];
    found.score = (int32_t)((uint32_t)words[3] << 16 | words[2]);
    found.margin = (int32_t)((uint32_t)words[5] << 16 | words[4]);
    return found;
}

"
        }
        _ => "",
    };
    [once.replace("@mask@", mask).as_str(), whole, class].concat()
}

/// Who asks: the program, or the stream.
pub(super) fn streams(device: &Device) -> String {
    if !device.streams {
        return String::new();
    }
    "\
/* lets cues come by the stream and not from here (on), or stops that and waits until the last answer has left (off) */
static inline void @name@_stream(uintptr_t base, int on)
{
    @name@_set_stream(base, on ? @NAME@_STREAM_ENABLE : 0);
    while (!on && (@name@_get_stream(base) & @NAME@_STREAM_BUSY))
        ;
}

"
    .into()
}

/// Requests: whatever the protocol has, and what is made of it.
pub(super) fn requests(device: &Device) -> String {
    let Some(version) = device.requests else { return String::new() };
    // one request at a time: all may have one number
    let header = |kind: Request| header(version, kind.number(), 1);
    let mut text = format!(
        "\
/* one request of hopgate's protocol, as words without CRC, and its reply: the words that there are, of which the first
   `room` are stored. A request waits until the recall that was begun before it is over */
static inline unsigned @name@_request(uintptr_t base, const uint16_t *words, unsigned count, uint16_t *reply,
                                      unsigned room)
{{
    unsigned i, got = 0;
    uint16_t status;
    @name@_wait(base, @NAME@_STATUS_AWAKE);
    for (i = 0; i + 1 < count; i++)
        @name@_set_request(base, words[i]);
    @name@_set_final(base, words[i]);
    do {{
        status = @name@_wait(base, @NAME@_STATUS_REPLY);
        i = @name@_get_reply(base);
        if (got < room)
            reply[got] = (uint16_t)i;
        got++;
    }} while (!(status & @NAME@_STATUS_LAST));
    return got;
}}

/* 0 if a reply, which begins with these words, is that to a request with this header; else the code of its error, or -1 */
static inline int @name@_replied(const uint16_t *reply, unsigned got, uint16_t header)
{{
    if (got > 0 && reply[0] == (header | 0x{reply:x}u))
        return 0;
    return got == 3 && (reply[0] & 0x{reply:x}u) && !(reply[0] & 0xfu) ? (int)reply[1] : -1;
}}

/* reads a word of the page; 0, or as @name@_replied */
static inline int @name@_page(uintptr_t base, uint16_t place, uint16_t *word)
{{
    const uint16_t ask[4] = {{0x{read:x}u, 0, place, 1}};
    uint16_t reply[3];
    const int done = @name@_replied(reply, @name@_request(base, ask, 4, reply, 3), ask[0]);
    if (!done)
        *word = reply[1];
    return done;
}}

",
        reply = crate::protocol::REPLY,
        read = header(Request::Read),
    );
    if device.loads {
        text += "\
/* writes a word of the page; 0, or as @name@_replied */
static inline int @name@_set_page(uintptr_t base, uint16_t place, uint16_t word)
{
    uint16_t ask[4], reply[3];
    ask[0] = @write@;
    ask[1] = 0;
    ask[2] = place;
    ask[3] = word;
    return @name@_replied(reply, @name@_request(base, ask, 4, reply, 3), ask[0]);
}

/* loads a memory: requests one after the other, each behind the number of its words, and a zero behind the last, as
   `hopgate verilog --loads` writes them; 0, or as @name@_replied for the first that fails. Until it is over there is no
   valid memory */
static inline int @name@_load(uintptr_t base, const uint16_t *requests)
{
    uint16_t number, reply[3];
    int done = @name@_page(base, @commit@, &number);
    number++;
    if (!done)
        done = @name@_set_page(base, @begin@, number);
    while (!done && *requests) {
        done = @name@_replied(reply, @name@_request(base, requests + 1, *requests, reply, 3), requests[1]);
        requests += 1 + *requests;
    }
    return done ? done : @name@_set_page(base, @commit@, number);
}

"
        .replace("@write@", &format!("0x{:x}u", header(Request::Write)))
        .replace("@begin@", &page::BEGIN.to_string())
        .replace("@commit@", &page::COMMIT.to_string())
        .as_str();
    }
    if device.learns {
        text += &learning(device, header(Request::Store), header(Request::Forget));
    }
    if device.auto_store {
        text += &unknown_cues(device, header(Request::Learn));
    }
    text
}

/// STORE and FORGET.
fn learning(device: &Device, store: u16, forget: u16) -> String {
    let classes = device.kind == Kind::Class;
    let (argument, about, first, count) = match classes {
        true => ("uint16_t its_class, ", " of a class", "ask[1] = its_class;\n    ", 2),
        false => ("", "", "", 1),
    };
    format!(
        "\
/* stores a pattern{about}: what was done is in the bits NEAR, STORED and FULL of the steps; 0, or as @name@_replied */
static inline int @name@_store(uintptr_t base, {argument}const uint16_t *key, @name@_info *info)
{{
    uint16_t ask[@NAME@_CUE_SIZE + {count}], reply[4];
    unsigned i;
    int done;
    ask[0] = 0x{store:x}u;
    {first}for (i = 0; i < @NAME@_CUE_SIZE; i++)
        ask[{count} + i] = key[i];
    done = @name@_replied(reply, @name@_request(base, ask, @NAME@_CUE_SIZE + {count}, reply, 4), ask[0]);
    if (!done) {{
        info->steps = reply[1];
        info->nearest = reply[2];
        info->distance = reply[3];
    }}
    return done;
}}

/* how many patterns there are; 0, or as @name@_replied */
static inline int @name@_count(uintptr_t base, uint16_t *patterns)
{{
    return @name@_page(base, {patterns}, patterns);
}}

/* forgets a pattern: the last one takes its place; 0, or as @name@_replied */
static inline int @name@_forget(uintptr_t base, uint16_t pattern)
{{
    uint16_t ask[3], reply[3];
    int done;
    ask[0] = 0x{forget:x}u;
    ask[1] = pattern;
    done = @name@_count(base, &ask[2]);
    return done ? done : @name@_replied(reply, @name@_request(base, ask, 3, reply, 3), ask[0]);
}}
",
        patterns = page::held::PATTERNS,
    )
}

/// LEARN.
fn unknown_cues(device: &Device, learn: u16) -> String {
    let (argument, about, first, count) = match device.kind == Kind::Class {
        true => ("uint16_t its_class, ", " of a class, 65535 for a free one", "ask[1] = its_class;\n    ", 2),
        false => ("", "", "", 1),
    };
    format!(
        "
/* recalls a cue{about}, and stores it if the answer is unknown: what was done is in the bits STORED and FULL of the steps;
   0, or as @name@_replied */
static inline int @name@_learn(uintptr_t base, {argument}const uint16_t *cue, uint16_t *answer, @name@_info *info)
{{
    uint16_t ask[@NAME@_CUE_SIZE + {count}], reply[@NAME@_ANSWER_SIZE + 4];
    unsigned i;
    int done;
    ask[0] = 0x{learn:x}u;
    {first}for (i = 0; i < @NAME@_CUE_SIZE; i++)
        ask[{count} + i] = cue[i];
    done = @name@_replied(reply, @name@_request(base, ask, @NAME@_CUE_SIZE + {count}, reply, @NAME@_ANSWER_SIZE + 4), ask[0]);
    if (!done) {{
        for (i = 0; i < @NAME@_ANSWER_SIZE; i++)
            answer[i] = reply[1 + i];
        info->steps = reply[@NAME@_ANSWER_SIZE + 1];
        info->nearest = reply[@NAME@_ANSWER_SIZE + 2];
        info->distance = reply[@NAME@_ANSWER_SIZE + 3];
    }}
    return done;
}}
"
    )
}
