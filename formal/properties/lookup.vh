// What is in the queues is looked up: in each turn of the vote, every entry of every bank's queue once for every plane, and
// nothing else; and the queues hold as many entries as were found. A list has one queue, of groups: a pass asks for its entries in their
// order; then the one that was nearest is read, until it is written when its pattern has left.
//
// Bound inside the core. Rows, tables and distances are free. One entry of one bank and one plane is watched, any one.
// From the runner: BANKS, PLANES, GROUPS.
reg [1:0] f_age = 0;
always @(posedge clock) if (f_age != 2) f_age <= f_age + 1;
always @(*) assume(reset == (f_age != 2));

wire [3:0] f_found_banks = {
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
`ifdef LISTS
localparam QUEUES = 1;
wire [19:0] f_place = sequencer$place$0;
wire [3:0] f_found_now = f_found_banks != 0 && !ranks$0$listing;
`else
localparam QUEUES = `BANKS;
wire [19:0] f_place = sequencer$entry;
wire [3:0] f_found_now = f_found_banks;
`endif
(* anyconst *) wire [1:0] f_bank;
(* anyconst *) wire [1:0] f_plane;
(* anyconst *) wire [19:0] f_entry;
always @(*) assume(f_bank < QUEUES);
reg [19:0] f_found = 0;
reg f_asked = 0;
wire f_asks = sequencer$issue && f_place == f_entry && sequencer$plane == f_plane && sequencer$bank == f_bank;
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
`ifdef LISTS
// Of a pass: how many entries were asked, those on their way through the filter, and the one that was nearest so far.
localparam F_STAGES = `BANKS == 1 ? 1 : `BANKS == 2 ? 2 : 3;
reg [3:0] f_next = 0, f_nearest = 0;
reg [4*F_STAGES-1:0] f_way = 0;
reg f_taken = 0, f_any = 0, f_leaves = 0;
always @(posedge clock) begin
    f_next <= sequencer$vote_start ? 0 : f_next + sequencer$issue;
    f_way <= {f_way, f_place[3:0]};
    if (scan$nearer$0) f_nearest <= f_way[4*F_STAGES-1 -: 4];
    f_any <= !sequencer$vote_start && (f_any || scan$nearer$0);
    f_leaves <= sequencer$turn_done || (f_leaves && sequencer$info);
    f_taken <= !sequencer$turn_done && (f_taken || sequencer$taken$0);
end
always @(*) if (f_age == 2 && f_began) begin
    if (sequencer$issue) assert(f_place == f_next);
    // read from the end of a pass on
    if (f_any && (sequencer$turn_done || (f_leaves && sequencer$info))) assert(f_place == f_nearest && sequencer$entry == f_nearest);
    // written before the next pass
    if (sequencer$taken$0) assert(f_leaves && sequencer$info);
    if (sequencer$vote_start && f_leaves) assert(f_taken);
end
`endif
`ifdef REACHED
// must be found: the last entry of the last bank, in the last plane, all others being queued too
always @(*) assert(!(f_began && f_asks && f_plane == `PLANES - 1 && f_bank == QUEUES - 1 && f_entry == 1));
`endif
