// What is asked for stays what it was: until its reply is over, a request keeps its kind; a pattern that is forgotten keeps its place, over a reset too, until it is, and nothing
// else is asked for meanwhile. A STORE and a LEARN are asked for only where as many words are left as they have: those of a key, behind the class where there are classes. Four cycles pass
// between the end of a request, or of a FORGET that outlived it, and the beginning of a STORE, a recall or a FORGET.
//
// Bound inside the parser; its judge may say anything. Taken for granted: a reply is over only if a deed was asked for (`link`), and that of a FORGET when the pattern is forgotten; a word is taken only where one is wanted; how many
// are left changes with words that are taken, two cycles behind each; the place moves on for a READ and a WRITE alone (`key`); a board forgets from the
// second cycle on behind the one in which it is asked for, until it has, or does not begin to, which is so where a reset has begun (the block around).
//
// From the runner: CUE, the words of a key.
reg f_known = 0, f_deed = 0;
reg f_reset = 0, f_fresh = 0, f_was_fresh = 0, f_idle = 0;
reg [2:0] f_since = 0;              // cycles in which nothing was under way
reg [12:0] f_left = 0;
reg [7:0] f_kept = 0;
reg f_asked = 0, f_forgets = 0;     // a FORGET was asked for, a cycle ago; it is under way
reg [15:0] f_place = 0;
wire [5:0] f_deeds = {recalls, tests, reads, writes, fails, forgets$0};
wire [7:0] f_kind = {is_read, is_write, is_recall, is_test, is_find, is_store$0, is_learn$0, is_forget$0};
wire [5:0] f_one = {is_read, is_write, is_recall, is_test, is_store$0, is_forget$0};
(* anyseq *) wire f_ends, f_begins;
`ifdef CLASSES_TOO
localparam KEY = `CUE + 1;
`else
localparam KEY = `CUE;
`endif
always @(posedge clock) begin
    f_known <= 1;
    f_reset <= reset;
    f_deed <= (f_deed && !over || |f_deeds) && !reset;
    f_fresh <= fresh;
    f_was_fresh <= f_fresh;
    f_idle <= idle$q;
    f_since <= f_deed || f_deeds != 0 || f_asked || f_forgets || reset ? 0 : f_since + (f_since != 4);
    f_left <= left;
    f_kept <= f_kind;
    f_asked <= forgets$0 && f_begins && !reset;
    f_forgets <= f_asked || f_forgets && !f_ends;
    if (forgets$0) f_place <= place;
end
always @(*) begin
    if (!f_known) assume(reset && !forgets$0);
    assume(!over || f_deed && !f_asked && !f_forgets);
    assume(!fresh || taking || passing$q || f_deed);
    if (!f_idle && !f_fresh && !f_was_fresh) assume(left == f_left);
    assume(!advance || f_deed && (is_read || is_write));
    assume(busy$0 == f_forgets);
end
wire [16:0] f_states = {idle$q, heading$q, sizing$q, sized$q, ranked$q, sorting$q, targeting$q, addressing$q, counting$q, summing$q, summed$q,
    measuring$q, measured$q, heard$q, weighed$q, judging$q, passing$q};
always @(*) begin
    if (f_deed && !f_reset) assert(f_kind == f_kept);
    assert((f_one & (f_one - 1)) == 0 && is_learn$0 <= is_store$0);
    if (f_asked || f_forgets) assert(place == f_place && f_deeds == 0);
    if (recalls || forgets$0) assert(f_since == 4);
    if (recalls && is_store$0) assert(left == KEY - 1);
`ifndef CLAIMS
    // what makes it inductive: one state at a time, or a deed
    assert((f_states & (f_states - 1)) == 0 && (f_states == 0) == (f_deed || !f_known));
    assert(f_since <= 4);
    if (heading$q) assert(f_since >= 1);
    if (sizing$q) assert(f_since >= 2);
    if (sized$q) assert(f_since >= 3);
    if (f_states[12:1] != 0) assert(f_since == 4);
    assert(!(f_reset && f_deed) && is_test <= has_test);
    if (targeting$q) assert(is_read || is_write);
    if (addressing$q || counting$q || summing$q || summed$q || measuring$q || measured$q || heard$q || weighed$q || judging$q)
        assert(is_read || is_write || is_forget$0);
    if (f_asked) assert(f_deed);
    if (f_forgets) assert(idle$q || f_deed);
    if (f_deed && (f_forgets || f_asked)) assert(is_forget$0);
    if (sizing$q || sized$q || ranked$q || sorting$q) assert(!f_idle);
    if (sized$q) assert(!f_fresh);
    if (ranked$q || sorting$q) assert(!f_fresh && !f_was_fresh);
    if (sorting$q) assert(recall_fits$q <= a_recall$q && store_long$0$q == (left == KEY - 1));
`endif
end
`ifdef REACHED
// must be found: a STORE is asked for behind a FORGET
reg f_before = 0;
always @(posedge clock) f_before <= f_before || f_forgets && f_ends;
always @(*) assert(!(f_before && recalls && is_store$0));
`endif
