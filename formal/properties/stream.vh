// The streams neither lose nor repeat a word. What is offered stays until it is taken. The cue's word w is lane w's state
// when the first step begins; the answer's word w is what lane w held after its last capture; the last three words are
// steps and convergence, the nearest pattern, its distance.
//
// Bound inside the core. Rows, tables, distances, what is captured and whether it moved are free, and so are in_valid,
// in_data and out_ready. Any bit of any lane is watched. Nothing is assumed but the two cycles of reset, and that
// the lane is one. From the runner: LANES (2 or 3), CLAIMS where only the claims are wanted.
reg [1:0] f_age = 0;
always @(posedge clock) if (f_age != 2) f_age <= f_age + 1;
always @(*) assume(reset == (f_age != 2));

(* anyconst *) wire [1:0] f_lane;
(* anyconst *) wire [3:0] f_bit;
always @(*) assume(f_lane < `LANES);
wire [3:0] f_bits = {1'b0,
`ifdef THREE
    scan$word$2[f_bit],
`else
    1'b0,
`endif
    scan$word$1[f_bit], scan$word$0[f_bit]};
wire f_state = f_bits[f_lane];

wire f_accepts = in_valid && in_ready;
wire f_sends = out_valid && out_ready;
reg [2:0] f_in = 0, f_out = 0;      // words so far
reg f_loaded = 0, f_seen = 0;       // the watched bit came; its value
reg f_first = 0;                    // no step has begun since
reg f_kept = 0;                     // the watched bit when the last step ended
reg f_held = 0;
reg [15:0] f_offer = 0;
always @(posedge clock) if (f_age == 2) begin
    f_held <= out_valid && !out_ready;
    f_offer <= out_data;
    if (f_accepts) begin
        if (f_in == f_lane) begin
            f_loaded <= 1;
            f_seen <= in_data[f_bit];
        end
        f_in <= f_in + 1;
        f_first <= 1;
    end
    if (sequencer$start) begin
        f_first <= 0;
        f_in <= 0;
        f_loaded <= 0;
    end
    // the state at the end of a step is what was captured
    if (step_done) f_kept <= f_state;
    if (f_sends) f_out <= f_out == `LANES + 2 ? 0 : f_out + 1;
end
reg [15:0] f_steps = 0;
reg f_moved = 0;
always @(posedge clock) if (f_age == 2) begin
    if (f_accepts) f_steps <= 0;
    else if (step_done) begin
        f_steps <= f_steps + 1;
        f_moved <= state$moved;
    end
end
`ifndef REACHED
always @(*) if (f_age == 2) begin
    // an offer stands until it is taken
    if (f_held) assert(out_valid && out_data == f_offer);
    // as many words as there are lanes, each where it belongs
    assert(f_in < `LANES || !in_ready);
    if (sequencer$start && f_first) assert(f_in == `LANES && f_loaded && f_state == f_seen);
    if (sequencer$start) assert(f_first || f_in == 0);
    if (out_valid) assert(f_in == 0);
    if (in_ready) assert(f_out == 0);
    // what leaves is what was held
    if (out_valid && f_out == f_lane) assert(out_data[f_bit] == f_kept);
    if (out_valid && f_out == `LANES) assert(out_data == {!f_moved, f_steps[14:0]});
    if (out_valid && f_out == `LANES + 1) assert(out_data == scan$nearest[15:0]);
    if (out_valid && f_out == `LANES + 2) assert(out_data == scan$distance);
end

`ifndef CLAIMS
`include "links.vh"
`endif
`else
// must be found: the last word of an answer after two steps, of which the first was held back
reg f_stalled = 0;
always @(posedge clock) if (f_held && f_out == 0) f_stalled <= 1;
always @(*) assert(!(f_sends && f_out == `LANES + 2 && f_steps == 2 && f_stalled && f_kept && !f_seen));
`endif
