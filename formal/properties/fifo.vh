// A queue of words: each comes out once, as it was, behind those that came before it; what waits is offered within three cycles, and stands until it
// is taken; a queue that is empty takes a word within three cycles.
//
// Bound inside the block. Whatever is offered and taken, whenever: nothing is assumed but that a reset comes first; it may come again.
// Any word may be watched on its way, in one of its bits. From the runner: BIT; CLAIMS where only the claims are wanted.
reg f_age = 0;
always @(posedge clock) f_age <= 1;
always @(*) if (!f_age) assume(reset);

wire f_in = in_valid && in_ready && !reset;
wire f_out = out_valid && out_ready && !reset;
reg [8:0] f_count = 0;              // words inside
reg [1:0] f_late = 0, f_shut = 0;   // cycles for which there were some and none was offered; for which it was empty and took none
reg f_held = 0, f_stood = 0;        // what was offered and not taken
always @(posedge clock) begin
    f_count <= reset ? 0 : f_count + f_in - f_out;
    f_late <= reset || f_count == 0 || out_valid ? 0 : f_late + (f_late != 3);
    f_shut <= reset || f_count != 0 || in_ready ? 0 : f_shut + (f_shut != 3);
    f_held <= out_valid && !out_ready && !reset;
    f_stood <= out_data[`BIT];
end

// the word that is watched: how many are ahead of it, and its bit
(* anyseq *) wire f_pick;
reg f_watch = 0, f_seen = 0;
reg [8:0] f_ahead = 0;
always @(posedge clock) begin
    if (f_watch && f_out) begin
        f_ahead <= f_ahead - 1;
        if (f_ahead == 0) f_watch <= 0;
    end
    if (!f_watch && f_pick && f_in) begin
        f_watch <= 1;
        f_seen <= in_data[`BIT];
        f_ahead <= f_count - f_out;
    end
    if (reset) f_watch <= 0;
end
`ifndef REACHED
always @(*) if (f_age && !reset) begin
    if (out_valid) assert(f_count != 0);
    if (f_held) assert(out_valid && out_data[`BIT] == f_stood);
    assert(f_late < 3 && f_shut < 3);
    if (f_watch) assert(f_ahead < f_count);
    if (f_watch && f_ahead == 0 && out_valid) assert(out_data[`BIT] == f_seen);
end
`ifndef CLAIMS
// what makes it inductive: what it counts is how far the writer is ahead
always @(*) if (f_age) begin
    assert(f_count == ((written$q - read$q) & both_rounds));
    assert(f_count <= round);
    assert((written$q & ~both_rounds) == 0 && (read$q & ~both_rounds) == 0);
    if (open$q) assert(f_count < round);
end
`endif
`else
// must be found: a word leaves that was behind others, after the queue was full and another reset than the first
reg f_again = 0, f_full = 0;
always @(posedge clock) begin
    if (f_age && reset && f_count != 0) f_again <= 1;
    if (f_again && f_count != 0 && !in_ready && !reset) f_full <= 1;
end
always @(*) assert(!(f_full && f_watch && f_ahead == 0 && f_out && f_seen));
`endif
