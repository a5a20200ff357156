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
//
// From the runner: PLACE, the highest bit of a place of the buffer; CUE, the words of a key; CLASSES.
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
end
`ifndef CLAIMS
// what makes it inductive: one state at a time, how many words of the request each has left, what the core was asked for in it, and how long it may
// last: `f_still` is at most a number that the state says, and grows no faster than the state goes on
wire [`PLACE + 1:0] f_words_left = {1'b0, f_left} - execute_words_stepped;     // without the one that is being taken
wire f_fresh = execute_words_ready, f_stepped = execute_words_stepped, f_looked = execute_words_looked, f_settled = execute_words_settled,
    f_wanted = execute_words_wanted;
wire f_read = execute_parse_a_read, f_write = execute_parse_a_write, f_recall = execute_parse_a_recall, f_store = execute_parse_a_store,
    f_forget = execute_parse_a_forget;
wire f_takes = execute_parse_idle || execute_parse_heading || execute_parse_targeting || execute_parse_addressing || execute_parse_counting;
wire f_draws = execute_parse_passing || execute_perform_writing || execute_perform_filling_row || execute_perform_passing;
wire f_weighs = execute_parse_summing || execute_parse_summed || execute_parse_measuring || execute_parse_measured || execute_parse_heard
    || execute_parse_weighed || execute_parse_judging;
wire f_drawn = execute_words_remaining[`PLACE + 1];                            // none is left
wire f_errs = execute_reply_naming || execute_reply_coding || execute_reply_detailing;
wire [4:0] f_waits = execute_perform_waits;
wire f_pending = learn_0_pending, f_fetching = learn_0_waits, f_copying = learn_0_copies;
`ifdef CLASSES_TOO
wire f_expects = learn_0_expects, f_sought = learn_0_sought, f_spells = learn_0_spells, f_runs = learn_0_census_0_runs, f_comes = comes$0$q;
wire f_counts = learn_0_census_0_asked, f_copies = learn_0_census_0_copies, f_resolves = learn_0_census_0_resolving, f_values = value_asked$0$q;
wire [4:0] f_rows = learn_0_census_0_waits;
wire [19:0] f_turn = learn_0_census_0_turn;
localparam STORED = `CUE + 1;
`else
wire f_expects = 0, f_sought = 0, f_spells = 0, f_runs = 0, f_comes = 0, f_counts = 0, f_copies = 0, f_resolves = 0, f_values = 0;
wire [4:0] f_rows = 0;
wire [19:0] f_turn = 0;
localparam STORED = `CUE;
`endif
wire f_spelling = f_expects || f_sought || f_spells || f_runs;
reg [2:0] f_silent = 0;                 // cycles for which the link has been held
always @(posedge clock) f_silent <= quiet$q ? f_silent + (f_silent != 4) : 0;
// a reset, and what it leaves: a block's registers a cycle later, what follows from them up to four
always @(*) begin
    assert(quiet$q == f_reset && f_long == (quiet$q && f_quiet) && f_longer == (f_long && f_silent > 1) && f_longest == (f_longer && f_silent > 2));
    assert(f_silent <= 4 && f_quiet == (f_silent != 0) && (!f_quiet || quiet$q || f_silent == 4));
    if (quiet$q) assert(f_clean && !f_took_in && !f_gave && !f_offered && !f_asked && !f_called);
    // a request is of one kind
    assert(f_read == (execute_parse_asked_kind == 1) && f_write == (execute_parse_asked_kind == 2) && f_recall == (execute_parse_asked_kind == 3 || execute_parse_asked_kind == 8)
        && f_store == (execute_parse_asked_kind == 6 || execute_parse_asked_kind == 9) && f_forget == (execute_parse_asked_kind == 7));
    assert(!execute_parse_a_test && execute_words_remaining < (1 << (`PLACE + 2)));
    if (!f_known) assert(!quiet$q && !f_quiet && !f_pending && !stores$0$q && !forgets$0$q);
    if (!f_known || f_long) assert(f_still == 0 && f_idle == 0 && f_open == 0 && f_begun == 0 && f_end == 0);
    if (f_quiet) begin
        assert(f_states == 1 << 27 && f_still == 0 && place == 0 && !f_idle && !f_open && !f_begun && !f_fresh && !f_stepped && !f_looked && !f_wanted
            && !execute_words_used && !f_settled && f_waits == 0 && !execute_reply_talking && !execute_perform_poised && !execute_perform_storing);
        assert(!f_fetching && !f_copying && !learn_0_asked && !f_expects && !f_spells && !f_runs && !f_counts && !f_copies && !f_resolves && f_rows == 0);
        if (f_silent > 1) assert(f_place == 0 && f_written == 0 && !given$q && !taken$q && !recalls$0$q && !stores$0$q && !forgets$0$q && !f_sought
            && !execute_perform_row_asked && !execute_words_ahead);
        if (f_silent > 2) assert(!row_asked$q && !f_values);
    end
end
wire f_on = f_known && !quiet$q;
always @(*) if (f_known && (f_quiet || !quiet$q)) begin
    assert(f_states != 0 && (f_states & (f_states - 1)) == 0);
    // words of the buffer
    assert(execute_words_at == f_at && !(f_stepped && f_looked) && execute_words_used == (f_stepped && !f_took) && (!f_stepped && !f_looked || !f_settled && !f_fresh));
    assert(!f_fresh || f_settled && f_wanted);
    if (!f_quiet) assert(f_moved == f_looked && execute_words_ahead == (f_was_there != 0));
    if (f_fresh || f_stepped || f_settled && execute_words_ahead) assert(f_there != 0);
    if (!f_takes && !f_draws) assert(!f_fresh && (!f_wanted || f_stepped));
    if (f_draws && (f_fresh || f_wanted && !f_stepped && !f_looked)) assert(!f_drawn);
    // how many are left
    assert(execute_parse_idle ? f_left == 0 && !f_stepped && !f_open && !f_begun : f_left <= f_there && f_left <= f_was_there && (f_open || f_took));
    if (!execute_parse_idle && !f_wrong) assert(execute_words_remaining[`PLACE + 1:0] + 1'b1 - execute_words_used == f_words_left);
    if (f_stepped) assert(f_left != 0);
    if (f_wrong && !execute_parse_idle) assert(f_left == f_stepped && (f_errs || execute_reply_finishing));
    if (f_errs || execute_reply_finishing || execute_perform_looking || execute_perform_asking || execute_perform_testing) assert(f_words_left == 0);
    if (f_took) assert(f_stepped && (execute_parse_heading || execute_reply_naming));
    // how many each state has, of each kind
    assert(!execute_perform_filling && !execute_perform_filled_up && !execute_perform_judging);
    if (execute_parse_heading) assert(f_words_left != 0);
    if (execute_parse_sizing) assert(f_stepped);
    if (execute_parse_sized) assert(f_looked);
    if (execute_parse_ranked || execute_parse_sorting) assert(!f_stepped && !f_looked);
    if (execute_parse_sorting) assert(execute_parse_three_long == (execute_words_remaining == 2) && execute_parse_two_long == (execute_words_remaining == 1)
        && execute_parse_store_long == (execute_words_remaining == STORED - 1) && execute_parse_recall_fits <= (f_recall && f_words_left != 0)
        && (execute_parse_short || f_words_left >= 3));
    if (execute_parse_targeting) assert(f_read && f_words_left == 3 || f_write && f_words_left >= 3);
    if (execute_parse_addressing) assert((f_read || f_forget) && f_words_left == 2 || f_write && f_words_left >= 2);
    if (execute_parse_counting) assert((f_read || f_forget) && f_words_left == 1);
    if (f_weighs) assert((f_read || f_forget) && f_words_left == 0 || f_write && f_words_left != 0);
    if (execute_parse_summing) assert(f_stepped);
    if (execute_parse_summed) assert(f_looked);
    if (execute_reply_replying) assert((f_read || f_forget || f_write) && f_words_left == 0 || f_recall && f_words_left != 0 || f_store && f_words_left == STORED);
    if (execute_perform_writing) assert(f_write);
    if (execute_perform_filling_row) assert(f_write || f_store && (f_words_left != 0 || f_stepped || f_looked));
    if (execute_perform_looking) assert(f_read);
    if (execute_perform_asking) assert(f_read || f_store);
    if (execute_perform_passing) assert(f_recall || (f_read || f_store) && f_words_left == 0);
    if (execute_perform_testing) assert(f_forget);
    // replies
    assert(f_begun == (execute_perform_looking || execute_perform_asking || execute_perform_passing || execute_perform_filling_row && f_store
        || execute_reply_coding || execute_reply_detailing || execute_reply_finishing));
    if (execute_reply_talking) assert(execute_reply_replying || f_errs);
    if (execute_perform_poised) assert(execute_perform_looking && f_waits == 0);
    if (execute_perform_looking && !execute_perform_poised) assert(f_waits != 0);
    if (execute_perform_asking) assert(f_waits != 0);
    assert((f_waits & (f_waits - 1)) == 0);
    if (f_waits != 0) assert(execute_perform_looking || execute_perform_asking || execute_reply_finishing && f_waits[4] || f_fetching);
    if (execute_perform_storing) assert(execute_perform_writing);
    // what is forgotten
    assert({1'b0, learn_0_asked} + f_fetching + f_copying <= f_pending);
    if (f_pending) assert(execute_perform_testing || execute_parse_idle && !f_wanted && !f_fresh);
    if (execute_perform_testing || execute_parse_idle) assert(f_fetching == (f_waits != 0));
    if (f_on) assert(execute_perform_testing ? forgets$0$q != f_pending : !forgets$0$q);
    // what is spelt, and looked for
    assert({2'b0, f_expects} + f_sought + f_spells + f_runs <= 1);
    if (f_on) begin
        if (stores$0$q) assert(execute_reply_replying && f_store && !execute_reply_talking);
`ifdef CLASSES_TOO
        if (execute_reply_replying && f_store) assert(f_expects != stores$0$q && !f_comes);
        if (execute_perform_filling_row && f_store)
            assert(f_words_left <= STORED - f_comes && f_comes == f_stepped && f_expects == (f_words_left == STORED - f_comes));
`endif
        if (f_spelling) assert(f_store && (execute_reply_replying && f_expects || execute_perform_filling_row && f_words_left != 0));
        if (f_comes) assert(f_stepped && (execute_perform_filling_row || execute_perform_passing) && (!f_expects || in_room$q));
        if (f_sought || f_spells || f_runs) assert(f_words_left == STORED - 1 && !f_stepped);
        if (f_sought) assert(f_looked);
    end
    assert({2'b0, f_counts} + f_copies + (f_rows != 0) + f_resolves <= f_runs && (f_rows & (f_rows - 1)) == 0);
    // the core
    if (f_on) begin
        if (in_room$q) assert(f_took_in && !f_gave && (f_clean || f_asked || f_called));
        if (given$q) assert(f_took_in && !f_gave && !f_asked && !f_called && !in_room$q);
        if (given$q && !rowing$q) assert(execute_perform_passing);
        if (out_there$q || taken$q) assert(f_offered && !(out_there$q && taken$q));
        assert(execute_perform_row_asked == (execute_perform_asking && f_read && f_waits[1]));
        assert(recalls$0$q == (execute_perform_asking && f_store && f_waits[0]));
        assert((row_asked$q || f_values) == (execute_perform_asking && f_read && f_waits[2] || f_fetching && f_waits[0] || f_rows[0]));
        assert(f_asked == (execute_perform_asking && (f_read ? f_waits[3] : f_waits[1]) || f_fetching && f_waits[1] || f_rows[1]));
        assert(f_called == (execute_perform_asking && (f_read ? f_waits[4] : f_waits[2]) || f_fetching && f_waits[2] || f_rows[2]));
        assert(f_clean || execute_perform_passing || execute_perform_asking && (f_read ? f_waits >= 8 : f_waits >= 2) || f_fetching && f_waits >= 2 || f_copying
            || f_rows >= 2 || f_copies);
        if (f_sought || f_runs && f_rows == 0 && !f_copies) assert(in_room$q);
        if (f_spells) assert(in_room$q || given$q || f_still <= 1);
    end
    // how long: behind a word that was taken there is a move two cycles later, and nothing is settled for one more
    if (!f_stepped && !f_looked && !f_settled) assert(f_still == 0);
    if (f_stepped) assert(f_still <= 12);
    if (f_looked) assert(f_still <= 13);
    if (execute_parse_idle && !f_pending) assert(f_still <= (f_fresh ? 9 : !f_wanted ? 7 : execute_words_ahead ? 8 : 0));
    if (execute_parse_heading || execute_parse_targeting || execute_parse_addressing || execute_parse_counting)
        if (!f_stepped && !f_looked) assert(f_still <= (f_fresh ? 4 : f_wanted ? 3 : 2));
    if (execute_parse_passing || execute_perform_writing) if (!f_stepped && !f_looked) assert(f_still <= (f_fresh ? 7 : f_wanted ? 6 : 5));
    if (execute_parse_ranked || execute_parse_measuring) assert(f_still == 0);
    if (execute_parse_sorting || execute_parse_measured) assert(f_still <= 1);
    if (execute_parse_heard) assert(f_still <= 2);
    if (execute_parse_weighed) assert(f_still <= 3);
    if (execute_parse_judging) assert(f_still <= 4);
    if (execute_reply_replying) assert(f_still <= (execute_reply_talking ? 9 : 8));
    if (execute_reply_naming) assert(f_still <= (execute_reply_talking ? 13 : 12));
    if (execute_reply_coding || execute_reply_detailing) assert(f_still <= execute_reply_talking);
    if (execute_reply_finishing) assert(f_still <= 12);
    if (execute_perform_looking) assert(f_still <= (f_waits[0] ? 0 : f_waits[1] ? 1 : f_waits[2] ? 2 : f_waits[3] ? 3 : f_waits[4] ? 4 : 5));
    if (execute_perform_asking) assert(f_still <= (f_waits[0] ? 0 : f_waits[1] ? f_read : f_waits[2] ? 1 + f_read : f_waits[3] ? (f_read ? 0 : 2) : f_read ? 1 : 3));
    if (execute_perform_filling_row && !f_stepped && !f_looked) begin
        if (f_spells) assert(f_still <= (given$q ? 22 : 21));
        else if (f_runs) begin
            if (f_resolves) assert(f_still <= 4 + f_turn[3:0]);
            else if (f_counts) assert(f_still <= 21);
            else if (f_rows[3:0] != 0) assert(f_still <= (f_rows[0] ? 22 : f_rows[1] ? 0 : f_rows[2] || !out_there$q && !taken$q ? 1 : 2));
            else if (f_rows[4]) assert(f_still <= (taken$q ? 3 : in_room$q || out_there$q ? 2 : 1));
            else if (f_copies) assert(f_still <= (taken$q ? 4 : in_room$q || out_there$q ? 3 : 1));
            else assert(f_still <= 20);
        end else if (given$q) assert(f_still <= 23);
        else assert(f_still <= (f_fresh ? in_room$q ? 8 : 7 : f_wanted ? 6 : 5));
    end
    if (execute_perform_passing && !f_stepped && !f_looked)
        assert(f_still <= (taken$q ? 7 : out_there$q ? 6 : f_fresh || f_drawn ? in_room$q ? 5 : 4 : f_wanted ? 3 : 2));
    if (execute_perform_testing || execute_parse_idle && f_pending) begin
        if (!f_pending) assert(f_still <= 5);
        else if (learn_0_asked) assert(f_still <= 8);
        else if (f_fetching) assert(f_still <= (f_waits[0] ? 9 : f_waits[1] ? 0 : f_waits[2] ? 1 : f_waits[3] ? 2 : 3));
        else if (f_copying) assert(f_still <= (taken$q ? 6 : in_room$q || out_there$q ? 5 : 4));
        else assert(f_still <= (in_room$q ? 7 : 6));
    end
`ifdef CLASSES_TOO
    if (f_runs) assert(f_turn <= `CLASSES && (f_resolves || f_turn[3:0] == 0));
`endif
end
`endif
`ifdef REACHED
// must be found: a STORE is answered, and its pattern is one more
reg f_stored = 0;
always @(posedge clock) f_stored <= (f_stored || grow$0) && !execute$resting;
always @(*) assert(!(f_known && finish && send_ready && f_stored));
`endif
