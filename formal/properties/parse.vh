// Whatever words come: the parser is in one state or waits for the end of a reply, it asks for one deed at a time and for none while one is under
// way, and it locks nothing: where it does not wait for a word that is there to come, or pass over words that are there, it is done within 20 cycles.
//
// Taken for granted of what is around it: a reply is over only if a deed was asked for, and a word is taken only where one is wanted; a board
// that forgets takes none.
reg f_known = 0, f_deed = 0;
reg [5:0] f_turns = 0;
wire [16:0] f_states = {idle$q, heading$q, sizing$q, sized$q, ranked$q, sorting$q, targeting$q, addressing$q, counting$q, summing$q, summed$q,
    measuring$q, measured$q, heard$q, weighed$q, judging$q, passing$q};
wire [5:0] f_deeds = {recalls, tests, reads, writes, fails, forgets$0};
wire f_waits = idle$q || taking && !fresh || busy$0 || passing$q && more;
always @(posedge clock) begin
    f_known <= 1;
    f_deed <= (f_deed && !over || |f_deeds) && !reset;
    f_turns <= idle$q || f_deed || reset ? 0 : f_turns + !f_waits;
end
always @(*) begin
    if (!f_known) assume(reset);
    assume(!over || f_deed);
    assume(!fresh || taking || passing$q || f_deed);
end
always @(*) if (f_known) begin
    assert((f_states & (f_states - 1)) == 0);
    assert((f_deeds & (f_deeds - 1)) == 0);
    assert((f_states == 0) == f_deed);
    assert(!(f_deed && |f_deeds));
    assert(!(f_deed && taking));
    assert(f_turns < 20);
end
`ifdef JUDGED
// with its judge: a pattern is forgotten only if it is there, and as many are there as the host says (`learn` and `sizes` say which those are)
reg [19:0] f_row = 0;
always @(posedge clock) f_row <= row$0;
always @(*) begin
    assume(row$0 <= `ROOM);
    if (!idle$q) assume(row$0 == f_row);
    assume(f_deed || !(advance || reading));
    if (f_known && forgets$0) assert(place < row$0 && ~count$q == row$0[15:0]);
end
`endif
`ifdef REACHED
// must be found: a FORGET
always @(*) assert(!(f_known && forgets$0));
`endif
