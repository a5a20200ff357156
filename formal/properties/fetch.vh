// A row that is asked for is in the lanes, all of it, when the first of its words is offered, and that is so STEPS cycles later. It votes alone: its bits are added to nothing, and one half is taken away.
//
// Bound inside the core. What tables, queues and the filter give is anything, and so are distances; a row store gives at an address what it holds there. Any bit of any lane of
// any row is watched. Taken for granted: a row is asked for where words are taken and none was in the cycle before, nothing else is asked for with it, it is no STORE, and its address stays until its first
// word is offered (`address`); a scan is over once for its last group, and candidates come in a scan alone (`queue`, `cycles`). A reset lasts until nothing is on its way (`port`).
//
// From the runner: LANES (2), USED, the bits of the last lane.
`include "hidden.vh"
localparam STEPS = 18;
(* anyconst *) wire f_lane;
(* anyconst *) wire [3:0] f_bit;
(* anyconst *) wire [7:0] f_row;
(* anyconst *) wire f_held;
(* hierconn *) wire [15:0] \scan.row_store$0$data , \scan.row_store$1$data ;
wire [15:0] f_used = f_lane ? `USED : 16'hffff;
wire f_state = f_lane ? state$word$1[f_bit] : state$word$0[f_bit];
wire f_given = f_lane ? \scan.row_store$1$data [f_bit] : \scan.row_store$0$data [f_bit];
reg [4:0] f_age = 0;                // cycles of this reset
reg f_known = 0, f_reset = 0;
reg f_free = 0, f_moves = 0;        // words are taken, and nothing was asked for since; a word moved a cycle ago
reg f_scans = 0;                    // a token of the scan is on its way
reg f_waits = 0;                    // a row was asked for, and no word of it offered yet
reg [4:0] f_for = 0;                // cycles of that
reg f_there = 0;                    // the watched row was read a cycle ago
wire f_asks = read_row$0 || recall$0;
wire f_takes = in_valid && in_ready, f_gives = out_valid && out_ready;
always @(posedge clock) begin
    f_known <= f_known || f_age == 16;
    f_reset <= reset;
    f_age <= !reset ? 0 : f_age + (f_age != 16);
    f_moves <= (f_takes || f_gives && !sequencer$info) && !reset;
    f_free <= (f_free || in_ready) && !f_asks && !f_waits && !(f_moves && !load_words$0) && !reset;
    f_scans <= (f_scans || sequencer$scans && sequencer$scan_last) && !scan$scanned && !reset;
    f_waits <= (read_row$0 || f_waits && !out_valid) && !reset;
    f_for <= f_waits && !reset ? f_for + 1 : 0;
    f_there <= scan$address[7:0] == f_row;
end
always @(*) begin
    if (!f_known) assume(reset);
    if (f_reset && f_age != 16) assume(reset);
    assume(f_used[f_bit]);
    assume(!f_asks || f_free && in_ready && !in_valid && !f_moves && !(read_row$0 && recall$0));
    if (read_row$0 || f_waits && !out_valid) assume(load_address$0 == f_row && load_bank$0 == 0);
    if (f_waits) assume(!in_valid && !f_asks && !storing$0);
    assume(!scan$scanned || f_scans);
    assume(!scan$found$0 || f_scans || sequencer$scans);
    assume(sequencer$last_row < `ROOM);
    if (f_there) assume(f_given == f_held);
end
`ifdef CLAIMS
// mutants, and what must be found, are looked for without a recall: that is quicker
always @(*) assume(!in_valid && !recall$0);
`endif
always @(*) if (f_known && !reset && !f_reset) begin
    if (f_waits && out_valid) assert(f_for == STEPS && f_state == f_held);
    if (f_waits) assert(f_for <= STEPS);
end
`ifndef CLAIMS
// what makes it inductive: one phase at a time, and what is on its way of a row, cycle by cycle
wire [8:0] f_token = vote_0_weights_last;
wire [13:0] f_phases = {sequencer_waking, sequencer_loading, sequencer_starting, sequencer_scanning && !sequencer_rows_left[8], f_scans, sequencer_beginning, sequencer_electing,
    f_token != 0, sequencer_settled1, sequencer_settled2, sequencer_settled3, sequencer_deciding, sequencer_unloading, sequencer_informing};
wire [31:0] f_sum = f_lane ? vote_0_column_1_accumulator[{f_bit[1:0], 5'b0} +: 32] : vote_0_column_0_accumulator[{f_bit, 5'b0} +: 32];
wire f_picked = f_lane ? scan_pick_1_pick[f_bit] : scan_pick_0_pick[f_bit];
wire f_forced = f_lane ? scan_pick_1_all_here : scan_pick_0_all_here, f_compares = f_lane ? scan_pick_1_scan_here : scan_pick_0_scan_here;
wire f_clears = f_lane ? vote_0_column_1_clear_here : vote_0_column_0_clear_here;
wire [31:0] f_adds = f_lane ? vote_0_column_1_operand_here : vote_0_column_0_operand_here;
wire f_captures = f_lane ? state_lane_1_capture_here : state_lane_0_capture_here;
wire f_shifts = f_lane ? state_lane_1_shift_here : state_lane_0_shift_here;
wire [15:0] f_total = f_sum[15:0];
wire [4:0] f_hit = vote_0_weights_hit;
always @(*) if (f_known && !reset && !f_reset) begin
    assert((f_phases & (f_phases - 1)) == 0 && f_phases != 0 && (f_token & (f_token - 1)) == 0);
    if (f_free) assert(sequencer_loading && sequencer_filling && !sequencer_fetched && !f_waits);
    assert(sequencer_taking == (sequencer_loading && !f_moves) && sequencer_shifting == f_moves);
    if (f_moves) assert(sequencer_loading || sequencer_unloading);
    assert(sequencer_offering <= (sequencer_unloading || sequencer_informing) && sequencer_showing == (sequencer_offering && sequencer_unloading)
        && !(sequencer_offering && (sequencer_shifting || sequencer_sent)));
    if (sequencer_sent) assert(sequencer_informing);
    if (sequencer_scanning) assert(sequencer_rows_left < `ROOM || sequencer_rows_left == 20'hfffff && f_scans);
    if (sequencer_comparing) assert(sequencer_scanning || f_scans || sequencer_beginning);
    if (sequencer_looking) assert(sequencer_electing || f_token[4:0] != 0);
    if (!sequencer_electing) begin
        assert((!f_hit[0] || f_token[0]) && (!f_hit[1] || f_token[1:0] != 0) && (!f_hit[2] || f_token[2:0] != 0));
        assert((!f_hit[3] && !vote_0_weights_alone[0] || f_token[3:0] != 0) && (!f_hit[4] && !vote_0_weights_alone[1] || f_token[4:0] != 0));
    end
    assert(row_asked$0$q == (f_waits && f_for == 0) && (!f_waits || f_for <= STEPS));
    if (!f_waits) assert(f_for == 0 || f_for == STEPS + 1);
    if (sequencer_fetched) assert(f_waits && f_for != 0 || sequencer_unloading || sequencer_loading);
    if (f_waits) begin
        assert(!f_shifts && f_captures == (f_for == 13) && !f_moves);
        assert(sequencer_loading == (f_for == 0) && sequencer_beginning == (f_for == 1) && sequencer_electing == (f_for == 2 || f_for == 3));
        if (f_for != 0) assert(sequencer_fetched && !f_scans);
        if (f_for >= 2) assert(sequencer_final_step && vote_0_weights_row4 == f_row && f_hit[4:3] == 0 && vote_0_weights_total == 0 && vote_0_weights_share == 0);
        assert(f_token == (f_for >= 4 && f_for <= 12 ? 9'b1 << (f_for - 4) : 0));
        assert(sequencer_settled1 == (f_for == 13) && sequencer_settled2 == (f_for == 14) && sequencer_settled3 == (f_for == 15) && sequencer_deciding == (f_for == 16));
        assert(sequencer_unloading == (f_for >= 17) && sequencer_offering == (f_for == 18) && !sequencer_sent);
        assert(f_hit[0] == (f_for == 3) && f_hit[1] == (f_for == 4) && f_hit[2] == (f_for == 5));
        assert(vote_0_weights_alone == (f_for == 6 ? 1 : f_for == 7 ? 2 : 0));
        if (f_for == 0) assert(vote_0_length == 1);
        if (f_for == 1) assert(vote_0_length == 1 && vote_0_less == 0);
        if (f_for == 2) assert(sequencer_entries_left == 0);
        if (f_for == 3) assert(sequencer_entries_left[8]);
        assert(sequencer_looking == (f_for >= 2 && f_for <= 8) && !sequencer_comparing && !f_compares);
        assert(sequencer_filling == (f_for <= 1 || f_for >= 9) && f_forced == (f_for <= 2 || f_for >= 10));
        if (f_for >= 3 && f_for <= 9) assert(scan_row_address == f_row);
        if (f_for >= 4 && f_for <= 10) assert(f_there);
        if (f_for >= 1 && f_for <= 3 || f_for >= 11) assert(f_picked);
        if (f_for >= 5 && f_for <= 10) assert(f_picked == f_held);
        if (f_for <= 16) assert(sequencer_clearing == (f_for <= 1));
        if (f_for >= 1 && f_for <= 12) assert(f_clears == (f_for <= 2));
        if (f_for >= 2 && f_for <= 12) assert(vote_0_weights_root == (f_for == 8 ? 1 : f_for == 11 ? 32'hffffffff : 0));
        if (f_for >= 3 && f_for <= 13) assert(f_adds[15:0] == (f_for == 9 ? 1 : f_for == 12 ? 16'hffff : 0));
        if (f_for >= 3 && f_for <= 9) assert(f_total == 0);
        if (f_for >= 10 && f_for <= 12) assert(f_total == f_held);
        if (f_for == 13) assert(f_total == (f_held ? 0 : 16'hffff));
        if (f_for >= 14) assert(f_state == f_held);
    end
end
wire [15:0] f_over = (16'h1 << (f_age - 1'b1)) - 1;  // what is no more on its way so far behind the start of a reset
always @(*) assert(f_reset == (f_age != 0) && f_age <= 16);
always @(*) if (f_reset) begin
    assert(!f_free && !f_waits && !f_scans && !f_moves && f_for == 0);
    assert(!sequencer_loading && !sequencer_starting && !sequencer_scanning && !sequencer_beginning && !sequencer_electing && !sequencer_deciding && !sequencer_unloading && !sequencer_informing);
    assert(sequencer_waking && !sequencer_taking && !sequencer_offering && !sequencer_showing && !sequencer_looking && !sequencer_comparing && !sequencer_fetched);
    if (f_age > 1) assert(!row_asked$0$q && !sequencer_shifting && !sequencer_sent && !f_hit[0] && !f_token[0]);
    assert((f_hit & f_over[4:0]) == 0 && (f_token & f_over[8:0]) == 0 && !(f_over[3] && vote_0_weights_alone[0]) && !(f_over[4] && vote_0_weights_alone[1]));
    assert(!(f_over[9] && sequencer_settled1) && !(f_over[10] && sequencer_settled2) && !(f_over[11] && sequencer_settled3));
end
`endif
`ifdef REACHED
// must be found: a row whose watched bit is set
always @(*) assert(!(f_known && f_waits && out_valid && f_held));
`endif
