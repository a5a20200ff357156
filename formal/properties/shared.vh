// Cues that share a scan, or one, and later steps that are no scans: as many answers as cues leave, in the order of the cues, none without its
// cue, and no cue comes in before there is room for it. What is offered stands until it is taken. The first word of cue b is what state b
// holds when the scan begins, and the first word of answer b is what state b held when its last step ended. The core waits for nothing but
// its streams: within the cycles of the longest step a word goes, or a step ends.
//
// Bound inside the core. Rows, tables, distances and what is captured are free, and so are in_valid, in_data and out_ready. Nothing is
// assumed but the two cycles of reset. From the runner: CUES (1 or 2), CUE and WORDS (words of a cue, and of a state), READS, SLOTS, PATTERNS,
// LATENCY, MAX_STEPS, and of later steps MISSED with SEEN, or STOPS.
reg [1:0] f_age = 0;
always @(posedge clock) if (f_age != 2) f_age <= f_age + 1;
always @(*) assume(reset == (f_age != 2));
(* anyconst *) wire [3:0] f_bit;

wire f_accepts = in_valid && in_ready;
wire f_sends = out_valid && out_ready;
wire f_last_in, f_last_out;
wire [1:0] f_states = {
`ifdef SHARED
    more_state$0$word$0[f_bit],
`else
    1'b0,
`endif
    state$word$0[f_bit]};
`ifdef SHARED
wire f_turn = sequencer$own$1;      // whose step it is
`else
wire f_turn = 0;
`endif
reg [3:0] f_in = 0, f_out = 0;      // words of this cue, of this answer
reg f_cue = 0, f_answer = 0;        // which one it is, of those that share a scan
reg [2:0] f_owed = 0;               // answers that have not left
reg [1:0] f_seen = 0, f_kept = 0;
reg f_fresh = 0;                    // all cues are there, and no scan has begun since
reg f_held = 0;
reg [15:0] f_offer = 0;
reg [9:0] f_idle = 0;
assign f_last_in = f_accepts && f_in == `CUE - 1 && f_cue == `CUES - 1;
assign f_last_out = f_sends && f_out == `WORDS + 2;
always @(posedge clock) if (f_age == 2) begin
    f_held <= out_valid && !out_ready;
    f_offer <= out_data;
    if (f_accepts) begin
        f_in <= f_in == `CUE - 1 ? 0 : f_in + 1;
        if (f_in == `CUE - 1) f_cue <= f_cue == `CUES - 1 ? 0 : f_cue + 1;
        if (f_in == 0) f_seen[f_cue] <= in_data[f_bit];
    end
    if (f_sends) begin
        f_out <= f_out == `WORDS + 2 ? 0 : f_out + 1;
        if (f_out == `WORDS + 2) f_answer <= f_answer == `CUES - 1 ? 0 : f_answer + 1;
    end
    f_owed <= f_owed + (f_last_in ? `CUES : 0) - f_last_out;
    if (f_last_in) f_fresh <= 1;
    else if (sequencer$start) f_fresh <= 0;
    if (step_done) f_kept[f_turn] <= f_states[f_turn];
    f_idle <= f_accepts || f_sends || step_done || (in_ready && !in_valid) || (out_valid && !out_ready) ? 0 : f_idle + (f_idle != 1023);
end

`ifdef STOPS
localparam F_EXTRA = `STOPS;
`elsif LATER
localparam F_EXTRA = 1 + `PATTERNS + `BANKS + `MISSED;
`else
localparam F_EXTRA = 0;
`endif
// a few cycles more than a step, between the last word of a cue and its scan, and between the last step and the answer
localparam F_WORST = `READS + `SLOTS * `PATTERNS + `LATENCY + F_EXTRA + 12;
`ifndef REACHED
always @(*) if (f_age == 2) begin
    if (f_held) assert(out_valid && out_data == f_offer);
    // an answer for each cue, behind it
    if (out_valid) assert(f_owed != 0);
    // the next cues are there at the earliest while the last words of the last answer leave
    assert(f_owed <= (`CUES == 1 ? 1 : `CUES + 1));
    if (in_ready) assert(f_owed <= 1);
    // each word where it belongs
    if (sequencer$start && f_fresh) assert(f_states[0] == f_seen[0] && (`CUES == 1 || f_states[1] == f_seen[1]));
    if (out_valid && f_out == 0) assert(out_data[f_bit] == f_kept[f_answer]);
    assert(f_idle < F_WORST);
end
`else
// must be found: the second answer of the second turn leaves, of which a step was no scan
reg [1:0] f_turns = 0;
always @(posedge clock) if (f_last_in && f_turns != 3) f_turns <= f_turns + 1;
`ifdef LATER
// of the first cue each step has a scan of its own, but for these
reg f_scanned = 0, f_without = 0;
always @(posedge clock) begin
    if (sequencer$start || step_done) f_scanned <= sequencer$start;
    if (step_done && !f_turn && !f_scanned) f_without <= 1;
end
`else
wire f_without = 1;
`endif
always @(*) assert(!(f_turns == 2 && f_without && f_last_out && f_answer == `CUES - 1 && f_kept[`CUES - 1]));
`endif
