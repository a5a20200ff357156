// The words of a stream in the lanes: once as many words as there are lanes were shifted in and no lane captured since the first of them, word w of
// them is in lane w, two cycles behind the last shift; and it stays there until a word is shifted in, or lanes capture.
//
// Bound inside the block of the state. What is shifted in and captured, and when, is anything. Any bit of any lane is watched. Taken for
// granted: nothing is shifted in while lanes capture, and they capture all in one slot (`phases`). From the runner: LANES (2).
(* anyconst *) wire f_lane;
(* anyconst *) wire [3:0] f_bit;
wire f_state = f_lane ? word$1[f_bit] : word$0[f_bit];
reg f_known = 0, f_shift = 0, f_shifted = 0, f_capture = 0, f_captured = 0;
reg f_was = 0;                      // what the watched bit was a cycle ago
reg [1:0] f_words = 0;              // words since lanes captured, up to as many as there are lanes
reg [1:0] f_seen = 0;               // the watched bit of the last ones, the newest lowest
always @(posedge clock) begin
    f_known <= 1;
    f_shift <= shift;
    f_shifted <= f_shift;
    f_capture <= capture;
    f_captured <= f_capture;
    f_was <= f_state;
    // what is shifted in is told a cycle behind the shift
    if (f_shift) begin
        f_words <= f_words == `LANES ? f_words : f_words + 1;
        f_seen <= {f_seen[0], data[f_bit]};
    end
    if (f_capture) f_words <= 0;
end
always @(*) assume(!(shift && capture) && turn == 0);
always @(*) if (f_known) begin
    if (f_words == `LANES) assert(f_state == f_seen[`LANES - 1 - f_lane]);
    if (!f_shifted && !f_captured) assert(f_state == f_was);
end
`ifdef REACHED
// must be found: a word in the lower lane, after lanes captured
reg f_before = 0;
always @(posedge clock) f_before <= f_before || f_capture;
always @(*) assert(!(f_before && f_words == `LANES && !f_lane && f_state));
`endif
