// The words of a key go to the core as they stand in the request: when a row is written for a STORE, a LEARN or a WRITE, as many words were given as a row has, one behind the other from the
// place on at which the deed was asked for, the last one two cycles ago at least, and nothing since; and it is written once for each such request. The place
// that a request is about moves on for a READ and a WRITE alone. Where there are classes, the first word of a STORE is its class, and goes to no row. A STORE's row is written three cycles behind its beginning at least, and
// nothing of its answer is taken before.
//
// Bound inside the block that carries requests out, with the parser and the reply cut away. Taken for granted of them: one deed at a time, of one kind that stays, and a STORE of one key's words (`kinds`); a WRITE of
// a row has as many as a row (`judge`, by co-simulation); no word was wanted in the three cycles before (the parser's states); a header is said once for each reply, and the reply is over when all is done that is asked for
// (`link`). A word that is offered is taken if the core takes one. What learns takes the class for one that is not for
// the core, and holds the next words back from two cycles behind it on (it, `learn/deeds`). From the runner: LANES; where there are classes, VALUES, the words of a row of values.
`include "hidden.vh"
wire [5:0] f_deeds = {parse$recalls, parse$tests, parse$reads, parse$writes, parse$fails, parse$forgets$0};
wire [5:0] f_one = {parse$is_read, parse$is_write, parse$is_recall, parse$is_test, parse$is_store$0, parse$is_forget$0};
wire [8:0] f_kind = {f_one, parse$is_find, parse$is_learn$0, parse$on_rows};
wire [8:0] f_does = {perform_writing, perform_filling_row, perform_looking, perform_asking, perform_passing, perform_filling, perform_filled_up, perform_judging, perform_testing};
`ifdef CLASSES_TOO
localparam CLASS = 1;
wire f_values = parse$on_values$0 && parse$is_write;
wire f_class = rowing && perform$in_valid && in_ready && classing$0;
wire [1:0] f_row_words = f_values ? `VALUES : `LANES;
wire f_kept_back = classing$0 || valuing$0;
reg f_calls = 0, f_comes = 0, f_expects = 0, f_starts = 0, f_values_held = 0, f_holds = 0;
always @(posedge clock) begin
    f_calls <= stores$0 && !reset;
    f_comes <= word_comes$0 && !reset;
    f_expects <= (f_calls || f_expects && !f_comes) && !reset;
    f_starts <= f_expects && f_comes && !reset;
    f_values_held <= parse$on_values$0;
    f_holds <= valuing$0 && !reset;
end
always @(*) begin
    assume(classing$0 == f_expects && (valuing$0 || !f_starts) && (!valuing$0 || f_starts || f_holds));
    if (f_deed) assume(parse$on_values$0 == f_values_held);
end
`else
localparam CLASS = 0;
wire f_values = 0, f_class = 0, f_kept_back = 0;
wire [1:0] f_row_words = `LANES;
`endif
reg f_classed = 0;                  // the class was taken
reg [1:0] f_old = 0;                // cycles of this deed
reg f_known = 0, f_deed = 0, f_due = 0, f_once = 0, f_gave = 0;
reg [2:0] f_wanted = 0;
reg [5:0] f_asked = 0;
reg f_reset = 0;
reg f_passed = 0;                   // words of an answer passed a cycle ago
reg f_ended = 0, f_rows = 0;         // the deed is that of a row
reg [8:0] f_kept = 0;
reg [1:0] f_given = 0;              // words of the row so far
reg [7:0] f_first = 0;              // the place of the first
wire f_gives = rowing && in_valid && in_ready;
wire f_now = f_deed || f_deeds != 0;
wire f_asks_row = parse$recalls && parse$is_store$0 || parse$writes && parse$on_rows;
wire [1:0] f_taken = f_given + f_classed;
wire [8:0] f_left = words_remaining[8:0] - words_used, f_wants = f_row_words + (CLASS && parse$is_store$0) - 1 - f_taken;
wire [7:0] f_behind = words_at[7:0] + words_stepped - f_first;
always @(posedge clock) begin
    f_known <= 1;
    f_deed <= f_now && !reply$over && !reset;
    f_due <= (f_due && !reply$replied || parse$recalls || parse$reads || perform$done) && !reset;
    f_kept <= f_kind;
    f_wanted <= {f_wanted[1:0], parse$taking || parse$skipping};
    f_asked <= reset ? 0 : {f_asked[4:0], asks$0};
    f_ended <= reply$over;
    f_rows <= (f_asks_row || f_rows && !reply$over) && !reset;
    f_gave <= f_gives;
    f_reset <= reset;
    f_passed <= perform_passing;
    f_given <= f_deed ? f_given + f_gives : 0;
    if (!f_deed) f_first <= place;
    f_classed <= f_deed && (f_classed || f_class);
    f_old <= f_deed ? f_old + (f_old != 3) : 0;
    f_once <= f_deed && (f_once || load_row);
end
always @(*) begin
    if (!f_known) assume(reset);
    assume((f_one & (f_one - 1)) == 0 && parse$is_learn$0 <= parse$is_store$0 && parse$is_find <= parse$is_recall);
    assume((f_deeds & (f_deeds - 1)) == 0 && !(f_deed && f_deeds != 0) && !(f_deeds != 0 && f_wanted != 0));
    if (f_deed) assume(f_kind == f_kept);
    assume(!(f_now && (parse$taking || parse$skipping)) && !(parse$resting && f_now));
    if (parse$recalls) assume(parse$is_recall || parse$is_store$0 && words$left == `LANES + CLASS - 1);
    if (parse$reads) assume(parse$is_read);
    if (parse$writes) assume(parse$is_write && (!parse$on_rows || words$left == f_row_words - 1));
    if (parse$tests) assume(parse$is_test);
    if (parse$forgets$0) assume(parse$is_forget$0);
    assume(!reply$replied || f_due);
    assume(!reply$over || f_deed && !f_due && f_does == 0);
    assume(!asks$0 || (f_does & ~9'h1) == 0 && perform_waits == 0 && !f_due && (parse$is_forget$0 || !f_now));
    assume(!test_over || f_asked == 0 && !asks$0);
    assume(!(f_deeds != 0 && (f_asked != 0 || f_ended || f_reset)));
end
always @(*) if (!reset) begin
    if (load_row) assert(f_rows && !f_once && f_given == f_row_words && !f_gives && !f_gave);
    if (load_row && parse$is_store$0) assert(f_classed == CLASS && f_old == 3 && !f_kept_back);
    if (f_gives) assert(f_given < f_row_words && f_taken == f_behind && (f_classed || !CLASS || !parse$is_store$0));
    if (f_class) assert(!f_classed && f_given == 0 && f_behind == 0);
    if (f_now && parse$is_store$0 && !f_once) assert(!out_ready && !said$0 && !read_row && !at_steps$0);
    if (perform$advance) assert(f_deed && (parse$is_read || parse$is_write));
`ifndef CLAIMS
    // what makes it inductive: what is done, one thing at a time, and where the words are
    assert((f_does & (f_does - 1)) == 0 && !(f_does != 0 && (!f_deed || f_due)));
    assert(f_due <= f_deed);
    assert((perform_waits & (perform_waits - 1)) == 0 && (!perform_poised || perform_looking && perform_waits == 0));
    if (!perform_looking && !perform_asking) assert(perform_waits == f_asked[4:0] || perform_waits == 5'h10 && f_asked == 0 && !f_due && (f_deed || f_ended));
    else assert(f_asked == 0);
    if (f_due) assert(f_asked == 0);
    if (f_asked != 0 && f_deed) assert(parse$is_forget$0);
    if (words_ready || words_settled) assert(!words_stepped && !words_looked && !words_used);
    if (words_used) assert(words_stepped);
    if (!f_deed) assert((!words_wanted || f_wanted[0]) && (!words_ready || f_wanted[1]) && (!words_stepped || f_wanted[2]));
    else if (!perform_writing && !perform_filling_row && !perform_filling && !perform_passing) assert(!words_wanted && !words_ready && !words_stepped);
    else if (words_ready || words_stepped || words_wanted && words_settled) assert(!words_remaining[8]);
    assert(f_rows <= f_deed && (!f_rows || parse$is_store$0 || parse$is_write && parse$on_rows));
    assert((!perform_looking || parse$is_read) && (!perform_writing || parse$is_write) && perform_storing <= perform_writing && (!perform_testing || parse$is_forget$0));
    assert(!perform_asking && !perform_passing || parse$is_read || parse$is_recall || f_rows && f_once);
    assert(!perform_filling && !perform_filled_up && !perform_judging || parse$is_test);
    assert(!perform_filling_row || f_rows && !f_once);
    if (f_due && parse$is_store$0) assert(f_rows && !f_once && f_given == 0 && !words_stepped);
    if (f_rows) begin
        assert(!perform_writing && (f_once || perform_filling_row || f_due && parse$is_store$0));
        if (f_once) assert(f_given == f_row_words && !words_stepped);
        assert(f_given <= f_row_words && f_left == f_wants);
        assert(f_taken == f_behind && f_classed <= (CLASS && parse$is_store$0));
        if (parse$is_store$0) assert((!perform_filling_row && f_taken == 0 || f_old != 0) && (f_taken == 0 || f_old >= 2) && (f_taken < 2 || f_old == 3));
    end
    if (find_count != 0) assert(f_passed);
`ifdef CLASSES_TOO
    if (f_rows && parse$is_store$0) begin
        if (!f_classed) assert(f_old == 0 ? f_calls && !f_expects : f_expects && !f_calls);
        if (!f_classed || f_given != 0) assert(!f_comes && !f_starts && !f_holds || f_given != 0);
        if (f_given != 0) assert(f_classed && !f_starts && !f_holds && !f_expects);
    end else assert(!f_calls && !f_expects && !f_starts && !f_holds);
    if (f_calls) assert(f_old == 0);
    if (f_expects) assert(f_comes == f_classed);
`endif
`endif
end
`ifdef REACHED
// must be found: a row is written for a LEARN
always @(*) assert(!(f_known && load_row && parse$is_learn$0));
`endif
