// Whatever words requests have, no request locks the link: from the cycle in which it is taken on, a cycle in which nothing moves, and in which nobody
// around it owes it anything, is one of at most STILL in a row. What moves is a word of the buffer, of the reply or of the core's streams, or a row
// that the core is asked for, and of each there are only so many: the request's words are taken from the buffer, all of them and none beyond. Each
// request has one reply, which ends, and nothing is said but in one.
//
// Bound inside the block that carries requests out. The page's words are anything, and so is what the judge says of a request.
//
// Taken for granted of what is around it: what is shown of the buffer are whole frames, each behind an entry that says how many words follow
// (`receive` proves that). A core takes words or offers some, not both; what it offers stays until it is taken, and it takes words until one came, or,
// two cycles later, a row or a recall was asked for (`stream`); it offers nothing if it was asked for nothing. A reset lasts more than three cycles, and a
// configuration comes within one.
//
// A debt of the sender is a word that it does not take (`send` proves that it takes it if bytes leave), one of the core is that it neither takes a word nor
// offers one (`cycles` says how long).
`include "hidden.vh"
localparam STILL = 24;
reg f_known = 0, f_reset = 0, f_long = 0, f_longer = 0, f_longest = 0, f_quiet = 0;
reg f_idle = 0;                         // a cycle ago: no request was under way
reg [15:0] f_word = 0;
reg [`PLACE:0] f_place = 0, f_written = 0;
reg [`PLACE:0] f_end = 0;               // where the words of this request end
reg f_bad = 0;                          // it was none, but an error of the receiver
reg f_open = 0, f_begun = 0;            // a reply is owed; it has begun
wire [`PLACE:0] f_at = place, f_shown = written;
wire f_took = f_idle && !execute$resting;
wire f_wrong = f_took ? f_word[15] : f_bad;
wire [`PLACE:0] f_ends = !f_took ? f_end : f_place + 1 + (f_wrong ? 0 : f_word[`PLACE:0] + 1);
wire [`PLACE:0] f_left = f_ends - f_at;
wire [`PLACE:0] f_there = f_shown - f_at, f_was_there = f_written - f_place;
wire f_moved = f_at != f_place;
wire f_says = (send_valid || finish) && send_ready;
always @(posedge clock) begin
    f_known <= 1;
    f_reset <= reset;
    f_long <= reset && f_reset;
    f_longer <= reset && f_long;
    f_longest <= reset && f_longer;
    f_quiet <= quiet$q;
    f_idle <= execute$resting && !quiet$q;
    f_word <= word;
    f_place <= place;
    f_written <= written;
    f_end <= quiet$q ? 0 : f_ends;
    f_bad <= f_wrong;
    f_open <= (f_open || f_took) && !(finish && send_ready) && !quiet$q;
    f_begun <= (f_begun || send_valid && send_ready) && !(finish && send_ready) && !quiet$q;
end
reg f_took_in = 0, f_offered = 0, f_gave = 0, f_asked = 0, f_called = 0;
reg f_clean = 0;                        // the core takes words, and was asked for nothing since
wire f_asks = read_row || recall$0
`ifdef CLASSES_TOO
    || read_value$0
`endif
    ;
reg [4:0] f_still = 0;
wire f_moves = f_moved || f_says || in_valid || out_ready || f_asks;
wire f_owed = (send_valid || finish) && !send_ready || !in_ready && !out_valid;
always @(posedge clock) begin
    f_took_in <= in_ready && !reset;
    f_offered <= out_valid && !out_ready && !reset;
    f_gave <= in_valid && !reset;
    f_asked <= f_asks && !reset;
    f_called <= f_asked && !reset;
    f_clean <= (f_clean || in_ready && !out_valid && !f_asked) && !f_asks && !(in_valid && !load_words) || reset;
    f_still <= resting && f_there == 0 || f_moves || quiet$q ? 0 : f_still + !f_owed;
end
always @(*) begin
    if (!f_known) assume(reset && cold);
    if (cold) assume(reset);
    if (f_reset && !f_longest) assume(reset);
    // what is shown becomes less by what is read alone; an entry, and what is behind it
    if (quiet$q) assume(written == 0);
    else assume(written < (1 << (`PLACE + 1)) && f_there >= f_was_there - f_moved);
    if (f_took && !f_wrong) assume(f_word[13:0] < (1 << (`PLACE + 1)) - 2 && f_was_there >= f_word[`PLACE:0] + 2);
    // the core
    assume(!(in_ready && out_valid));
    if (f_offered) assume(out_valid);
    if (f_gave || f_called) assume(!in_ready);
    else if (f_took_in && !f_asked) assume(in_ready);
    if (f_clean) assume(!out_valid);
end
wire [16:0] f_parsing = {execute_parse_idle, execute_parse_heading, execute_parse_sizing, execute_parse_sized, execute_parse_ranked, execute_parse_sorting,
    execute_parse_targeting, execute_parse_addressing, execute_parse_counting, execute_parse_summing, execute_parse_summed, execute_parse_measuring,
    execute_parse_measured, execute_parse_heard, execute_parse_weighed, execute_parse_judging, execute_parse_passing};
wire [10:0] f_doing = {execute_perform_writing, execute_perform_filling_row, execute_perform_looking, execute_perform_asking, execute_perform_passing,
    execute_perform_testing, execute_reply_replying, execute_reply_naming, execute_reply_coding, execute_reply_detailing, execute_reply_finishing};
wire [27:0] f_states = {f_parsing, f_doing};
always @(*) if (f_known && !quiet$q && !f_quiet) begin
    // nothing stands still
    assert(f_still < STILL);
    // words are taken one by one, of what is shown and of the request, and all of it before the next one
    assert(place < (1 << (`PLACE + 1)) && (!f_moved || f_was_there != 0 && f_at == f_place + 1'b1));
    assert(execute$resting ? f_left == 0 : f_left <= f_there);
    // a reply for each request, with a header, and nothing but in one
    if (send_valid || finish) assert(f_open && !execute$resting);
    if (finish) assert(f_begun && !send_valid);
    if (execute$resting) assert(!f_open && !f_begun);
    // a core is asked for a row or a recall while it takes words, and has no answer begun
    if (f_asks) assert(f_clean);
    // and a word is given where one is taken, and taken where one is offered
    assert((!in_valid || in_ready) && (!out_ready || out_valid));
`ifndef CLAIMS
    // one state at a time, and words are counted down to where they end
    assert(f_states != 0 && (f_states & (f_states - 1)) == 0);
    if (!execute$resting && !f_wrong) assert(execute_words_remaining[`PLACE + 1:0] + 1'b1 - execute_words_used == {1'b0, f_left} - execute_words_stepped);
    if (!execute$resting && f_wrong) assert(f_left == execute_words_stepped);
`endif
end
`ifdef REACHED
// must be found: a STORE is answered, and its pattern is one more
reg f_stored = 0;
always @(posedge clock) f_stored <= (f_stored || grow$0) && !execute$resting;
always @(*) assert(!(f_known && finish && send_ready && f_stored));
`endif
