// What is in the queues is looked up: in each turn of the vote, every entry of every bank's queue once for every plane, and
// nothing else; and the queues hold as many entries as were found.
//
// Bound inside the core. Rows, tables and distances are free. One entry of one bank and one plane is watched, any one.
// From the runner: BANKS, PLANES, GROUPS.
reg [1:0] f_age = 0;
always @(posedge clock) if (f_age != 2) f_age <= f_age + 1;
always @(*) assume(reset == (f_age != 2));
`ifdef LISTS
// the lanes are free, but of a list none of them captures anything: the state never moves
always @(*) assume(!state$moved);
`endif

(* anyconst *) wire [1:0] f_bank;
(* anyconst *) wire [1:0] f_plane;
(* anyconst *) wire [19:0] f_entry;
always @(*) assume(f_bank < `BANKS);

wire [3:0] f_found_now = {
`ifdef FOUR
    scan$found$3, scan$found$2,
`else
    2'b0,
`endif
`ifdef TWO
    scan$found$1,
`else
    1'b0,
`endif
    scan$found$0};
reg [19:0] f_found = 0;
reg f_asked = 0;
wire f_asks = sequencer$issue && sequencer$entry == f_entry && sequencer$plane == f_plane && sequencer$bank == f_bank;
wire f_due = f_entry < f_found && f_plane < `PLANES;
always @(posedge clock) begin
    if (sequencer$start) f_found <= 0;
    else if (f_found_now[f_bank]) f_found <= f_found + 1;
    if (sequencer$vote_start) f_asked <= 0;
    else if (f_asks) f_asked <= 1;
end
reg f_began = 0;
always @(posedge clock) if (sequencer$start) f_began <= 1;
always @(*) if (f_age == 2 && f_began) begin
    // once, and only what is there
    if (f_asks) assert(f_due && !f_asked);
    // all of it, when the token leaves
    if (sequencer$vote_token) assert(f_asked == f_due);
    // the queue has room, and nothing is added once it is read
    assert(f_found <= `GROUPS);
    if (sequencer$issue || sequencer$vote_token) assert(!f_found_now[f_bank]);
end
`ifdef REACHED
// must be found: the last entry of the last bank, in the last plane, all others being queued too
always @(*) assert(!(f_began && f_asks && f_plane == `PLANES - 1 && f_bank == `BANKS - 1 && f_entry == 1));
`endif
