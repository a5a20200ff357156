// (Behind learning.vh, which says what is around the block.)
// A STORE changes nothing where the first word of its answer says that its pattern is known, which is that one of its class is within the radius; a LEARN, where it does not say that it is unknown. Else there is
// one pattern more, once, if there is room for it, and for a LEARN without a class, if one is free. The reply says which it was in that word, and marks no other.
//
// Taken for granted besides: a word is told of a cycle behind that in which the reply took it, and stands as long; none is taken in the two cycles in which a STORE begins;
// while a class is waited for or written, the core does not answer a recall.
reg f_first = 0, f_more = 0;        // nothing of its answer was taken yet; there is a pattern more for it
reg f_begun = 0, f_at_steps = 0, f_fails = 0;
reg [15:0] f_word = 0, f_mark = 0;
wire f_new = learns$0 ? at_steps$0 && (none || out_word[14]) : f_first && (none || !out_word[12]);
wire f_keeps = f_count != f_room && !(learns$0 && f_fails);
always @(posedge clock) begin
    f_first <= (stores || f_first && !(f_stores && taken)) && !reset;
    f_more <= f_stores && !stores && (f_more || grow);
    f_begun <= stores;
    f_at_steps <= at_steps$0;
    f_word <= out_word;
    f_mark <= mark;
`ifdef CLASSES_TOO
    f_fails <= census$0$over ? census$0$fails : f_fails && !spell$0;
`endif
end
always @(*) begin
    if (taken) assume(!stores && !f_begun && out_word == f_word && at_steps$0 == f_at_steps);
`ifdef CLASSES_TOO
    // a class is sought before the cue goes to the core
    if (classing$0 || valuing$0) assume(!at_steps$0);
`endif
end
always @(*) if (f_known) begin
    if (f_stores && taken) begin
        assert(grow == (f_new && f_keeps));
        assert(mark == (!f_new ? 0 : f_keeps ? 16'h0800 : 16'h0400));
        // it was the same when the reply took the word
        assert(f_mark == mark);
    end else assert(!grow);
    if (!f_stores) assert(mark == 0);
    assert(!(grow && f_more));
end
`ifndef CLAIMS
// what makes it inductive: the block's own registers say the same, and the number of patterns stands until it grows
always @(*) begin
    assert(store$q == f_stores && first$q == f_first && full_held$q == (f_was == f_room));
    assert(pending$q == f_forgets && {1'b0, asked$q} + waits$q + copies$q <= f_forgets);
    if (f_stores) assert(!f_forgets);
    if (f_stores && !f_more) assert(!f_grew && !f_grown && !f_shrank && !f_shrunk);
    if (f_more && f_stores) assert(learns$0 ? f_steps : !f_first);
`ifdef CLASSES_TOO
    assert(classless$0$q == f_fails);
`endif
end
`endif
`ifdef REACHED
// must be found: a pattern is known, behind one that was stored
reg f_stored = 0;
always @(posedge clock) f_stored <= f_stored || grow;
always @(*) assert(!(f_known && f_stored && f_stores && !learns$0 && f_first && taken && out_word[12] && !none));
`endif
