// The mask of a cue holds in the first step's scan, and nowhere else. In that scan every bit is left out that its word did not call known, and no
// other; in later ones none is. Where a mask is not held, it follows the control that makes `pick` all ones, so the accumulators are
// cleared, and get their threshold, as in a core without masks. A step that a bit of the key did not enter has moved.
//
// Bound inside the core. Rows, tables, distances, what is captured and whether it moved are free, and so are in_valid, in_data and
// out_ready. Any bit of any lane is watched. From the runner: LANES (1 or 2), USED (the bits of the last lane).
reg [1:0] f_age = 0;
always @(posedge clock) if (f_age != 2) f_age <= f_age + 1;
always @(*) assume(reset == (f_age != 2));

(* anyconst *) wire f_lane;
(* anyconst *) wire [3:0] f_bit;
always @(*) assume(f_lane < `LANES);
`ifdef TWO_LANES
wire f_skip = f_lane ? state$skip$1[f_bit] : state$skip$0[f_bit];
`else
wire f_skip = state$skip$0[f_bit];
`endif

wire f_accepts = in_valid && in_ready;
reg [2:0] f_in = 0;                 // words so far
reg f_unknown = 0;                  // the watched bit's, inverted
reg f_partial = 0;                  // some bit that is used is unknown
wire [15:0] f_used = f_in == 2 * `LANES - 1 ? `USED : 16'hffff;
reg f_first = 0, f_later = 0;       // the step under way is the first; a later one
reg [1:0] f_since = 0;              // cycles since it began
reg f_over = 0;                     // its scan is over
always @(posedge clock) if (f_age == 2) begin
    if (f_accepts) begin
        f_in <= f_in + 1;
        if (f_in == 0) f_partial <= 0;
        if (f_in == `LANES + f_lane) f_unknown <= !in_data[f_bit];
        if (f_in >= `LANES && (~in_data & f_used) != 0) f_partial <= 1;
        f_first <= 0;
        f_later <= 0;
    end
    if (f_since != 3) f_since <= f_since + 1;
    if (scan$scanned) f_over <= 1;
    if (sequencer$start) begin
        f_in <= 0;
        f_first <= f_in != 0;
        f_later <= f_in == 0;
        f_since <= 0;
        f_over <= 0;
    end
end
// where it is not held: what it follows, a cycle late
reg f_everyone = 0, f_opened = 0;
always @(posedge clock) begin
    f_everyone <= sequencer$everyone;
    f_opened <= sequencer$mask_enable$0 && !sequencer$mask_loads$0;
end
`ifndef REACHED
always @(*) if (f_age == 2) begin
    // both halves of a cue, and then a step
    assert(f_in < 2 * `LANES || !in_ready);
    if (sequencer$start) assert(f_in == 0 || f_in == 2 * `LANES);
    if (f_first && !f_over) assert(f_skip == f_unknown);
    if (f_later && f_since >= 1 && !f_over) assert(!f_skip);
    if (f_opened) assert(f_skip == f_everyone);
    // it is let go behind the scan, and taken again by the next cue alone
    if ((f_first || f_later) && f_over && !in_ready) assert(sequencer$mask_enable$0);
    if (step_done && f_first && f_partial) assert(state$moved);
end
`else
// must be found: a second step behind one in which the watched bit was unknown, whose threshold is on its way
reg f_before = 0;
always @(posedge clock) if (f_first && f_over && f_unknown && f_partial) f_before <= 1;
always @(*) assert(!(f_before && f_later && f_over && f_skip));
`endif
