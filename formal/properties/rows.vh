// A row is written where and when it is asked for, and in no other cycle: all lanes in that one, each what its state holds; every other row stays as it was. A scan reads the
// rows from the first one on, one a cycle, and as many groups
// come to the filter, each as long after its row as a distance takes (`distance`).
//
// Bound inside the block of the scan. Rows, distances and the filter are cut away: a row store gives what was written to it last. Any bit of any lane of any row is
// watched. Taken for granted: behind the start of a scan groups come without a gap, and nothing is looked up meanwhile (`phases`). From the runner: LANES (2), ROOM.
(* anyconst *) wire f_lane;
(* anyconst *) wire [3:0] f_bit;
(* anyconst *) wire [7:0] f_watched;
wire f_write = f_lane ? row_store$1$write : row_store$0$write;
wire [19:0] f_place = f_lane ? row_store$1$write_address : row_store$0$write_address;
wire [15:0] f_data = f_lane ? row_store$1$write_data : row_store$0$write_data;
wire [15:0] f_word = f_lane ? word$1 : word$0;
wire [19:0] f_read = f_lane ? row_store$1$address : row_store$0$address;
reg f_known = 0, f_stored = 0, f_held = 0, f_was = 0, f_given = 0;
reg f_started = 0, f_scans = 0;
reg [19:0] f_row = 0;               // groups of this scan so far
always @(posedge clock) begin
    f_known <= 1;
    // what the watched row holds: what was written last
    if (f_write && f_place[7:0] == f_watched) f_held <= f_data[f_bit];
    f_was <= f_held;
    f_given <= f_word[f_bit];
    f_stored <= stored && stored_bank == 0 && stored_address[7:0] == f_watched;
    f_started <= start;
    f_scans <= scans;
    f_row <= start ? 0 : f_row + scans;
end
always @(*) begin
    assume(!(start && (scans || voting)) && !(scans && (voting || !f_started && !f_scans)));
    assume(!scans || f_row < `ROOM);
end
reg [4 + `LEVELS:0] f_way = 0;       // groups on their way to the filter
always @(posedge clock) f_way <= {f_way[3 + `LEVELS:0], scans};
always @(*) if (f_known) begin
    if (f_stored) assert(f_held == f_given);
    else assert(f_held == f_was);
    if (scans) assert(f_read == f_row);
    assert(filter$valid == f_way[4 + `LEVELS]);
end
`ifdef REACHED
// must be found: a row is written while another one is read
always @(*) assert(!(f_stored && f_held && scans && f_row == 2));
`endif
