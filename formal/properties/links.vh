// What makes the property of the streams inductive: how the core's own registers hang together with the words that the
// property has counted. All of it is asserted and proved, nothing assumed. A mutant must break the claims themselves,
// so this is left out for mutants.
//
// hidden.vh has the registers of the core's blocks, each by the name of its instance and its own: `sequencer_words`.
// From the runner: LANES, MAX_STEPS, VOTE (cycles from the vote's token to the capture).
`include "hidden.vh"

// The phases: one at a time.
`ifdef HAS_sequencer_wiping
wire f_wiping = sequencer_wiping;
wire [1:0] f_turn = sequencer_turns;
wire [1:0] f_wipes = sequencer_wipes;
`else
wire f_wiping = 0;
wire [1:0] f_turn = 0;
wire [1:0] f_wipes = 0;
`endif
wire f_loading = sequencer_loading, f_unloading = sequencer_unloading, f_informing = sequencer_informing;
// Two phases have no register: something is on its way.
wire [15:0] f_scan = {scan_ended, scan_valid, sequencer$scans};
wire [15:0] f_settle = {sequencer_settled3, sequencer_settled2, sequencer_settled1, vote_0_weights_last[`VOTE-1:0]};
wire f_drains = !sequencer_scanning && (f_scan != 0 || scan$scanned);
wire f_settles = f_settle != 0;
wire f_scans = sequencer_scanning || f_drains;
wire f_votes = sequencer_beginning || sequencer_electing || f_settles || sequencer_deciding;
wire [11:0] f_phases = {f_wiping, sequencer_waking, f_loading, sequencer_starting, sequencer_scanning, f_drains,
                        sequencer_beginning, sequencer_electing, f_settles, sequencer_deciding, f_unloading,
                        f_informing};
always @(*) begin
    assert((f_phases & (f_phases - 1)) == 0);
    assert(f_age == 0 ? f_phases == 0 : f_age == 1 ? sequencer_waking : f_age == 2 && f_phases != 0);
    if (f_age != 2) assert(!f_held);
    if (f_turn != 0) assert(f_wiping || f_votes);
end

// A scan goes through the pipeline in one piece, and its token behind it: after that the nearest pattern stands.
reg f_started = 0;
always @(posedge clock) f_started <= sequencer$start;
always @(*) begin
    assert((f_scan & (f_scan + (f_scan & -f_scan))) == 0);
    if (f_started) assert(sequencer$scans);
    if (sequencer_scanning) assert(f_scan[1:0] != 0);
    assert(f_scan == 0 || !scan$scanned);
    assert(scan_filter_valid_late == scan_ended);
    if (!scan_ended) assert(scan_filter_closeness == 0);
`ifdef HAS_scan_filter_better
    if (scan_filter_better) assert(scan_ended || scan$scanned);
`endif
end

// One token a vote: lanes capture while it settles, and three more cycles see whether something moved.
wire f_captures = state_lane_0_capture_here || state_lane_1_capture_here
`ifdef THREE
    || state_lane_2_capture_here
`endif
    ;
always @(*) begin
    assert((f_settle & (f_settle - 1)) == 0);
    if (f_age != 0 && f_captures) assert(sequencer_settled1);
end

// The words of a stream: shifted in or out, about to be, or offered.
reg [7:0] f_shifts = 0;
always @(posedge clock) f_shifts <= !(f_loading || f_unloading) ? 0 : f_shifts + sequencer$shifts;
wire [10:0] f_words = `LANES - 2 - f_shifts;
wire [2:0] f_told = sequencer_which + sequencer_sent;   // of the last three
always @(*) begin
    if (f_loading || f_unloading) assert(sequencer_words == f_words && f_shifts < `LANES);
    if (sequencer$shifts) assert(f_loading || f_unloading);
    if (sequencer_sent) assert(f_informing);
    // what is known of it a cycle before, in the sequencer and beside each lane
    if (f_age != 0) begin
        assert(sequencer_taking == (f_loading && !sequencer$shifts));
        assert(sequencer_showing == (sequencer_offering && f_unloading));
        assert(state_lane_0_shift_here == sequencer$shifts && state_lane_1_shift_here == sequencer$shifts);
`ifdef THREE
        assert(state_lane_2_shift_here == sequencer$shifts);
`endif
    end
    if (out_valid) assert((f_unloading || f_informing) && !sequencer$shifts && !sequencer_sent);
    if (!f_informing && !f_loading) assert(sequencer_which == 0);
    if (f_informing) assert(f_told <= 3 && sequencer_which != 3);
    // of the cue: until the first step begins
    if (f_loading) assert(f_in == f_shifts + sequencer$shifts);
    else if (f_in != 0) assert(f_in == `LANES && (f_wiping || sequencer_starting) && f_turn == 0);
    assert(f_first == (f_in != 0));
    // of the answer
    if (f_unloading) assert(f_out == f_shifts + sequencer$shifts);
    else if (f_informing) assert(f_out == (f_told == 3 ? 0 : `LANES + f_told));
    else assert(f_out == 0);
end

// Steps, and whether the last one moved anything.
reg f_leaving = 0;                  // since a step has ended, no other one began
always @(posedge clock) f_leaving <= f_age == 2 && !sequencer$start && !f_accepts
    && !(f_sends && f_out == `LANES + 2) && (f_leaving || step_done);
reg [7:0] f_before = 0;
always @(posedge clock) f_before <= sequencer_steps;
always @(*) begin
    assert(sequencer_steps <= `MAX_STEPS);
    assert(sequencer_final_step == (f_before == `MAX_STEPS));
    if (!f_loading && !f_wiping && !sequencer_starting) assert(f_before == sequencer_steps);
    if (f_loading && f_in != 0) assert(f_steps == 0 && sequencer_steps == 1);
    if (f_wiping || sequencer_starting || f_scans || f_votes) assert(sequencer_steps == f_steps + 16'd1);
    if (f_unloading || f_informing) assert(sequencer_steps == f_steps);
    if (f_unloading || (f_informing && f_told != 3)) assert(f_leaving);
    if (f_leaving) assert(f_in == 0 && f_turn == 0 && (f_unloading || (f_informing && f_told != 3) || f_wiping
                          || sequencer_starting));
    if (f_unloading || f_informing) assert(sequencer_converged == !f_moved);
    // what is offered of the last three words
    if (f_informing && out_valid) assert(sequencer_said == (sequencer_which == 0 ? {!f_moved, f_steps[14:0]}
        : sequencer_which == 1 ? scan$nearest[15:0] : {1'b0, scan$distance}));
end

// Where the watched bit is on its way in and out.
wire [2:0] f_in_place = `LANES - f_in + sequencer$shifts + f_lane;
wire [3:0] f_out_place = f_lane - f_out + sequencer$shifts;
always @(*) begin
    assert(f_loaded == (f_in > f_lane));
    if (f_loaded && sequencer$shifts && f_in == f_lane + 1) assert(state_word_in[f_bit] == f_seen);
    else if (f_loaded) assert(f_bits[f_in_place] == f_seen);
    if (f_leaving && !f_out_place[3]) assert(f_bits[f_out_place] == f_kept);
end
