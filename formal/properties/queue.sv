// The filter never drops a candidate, names it with its group (or the place of its rows) and distance, and names nothing else.
//
// A pattern is watched that is marked as it passes, in any group of any scan, in bank `where_`. What comes out comes a
// fixed time after what went in, so nothing can come out twice. See scan.vh for the environment.
module harness(
    input clock,
    input start,
    input valid,
    input last,
    input mark,
    input [15*`BANKS-1:0] distance
);
`include "scan.vh"
    // cycles from `distance` to `found`: where candidates are listed, one less
`ifdef LISTS
    localparam SOON = 1;
`else
    localparam SOON = 0;
`endif
`ifdef FOUR
    localparam LATE = 4 - SOON;
`elsif TWO
    localparam LATE = 3 - SOON;
`else
    localparam LATE = 2 - SOON;
`endif

    // where rows are read in beats, the place of a group's first word
`ifdef IN_BEATS
    localparam STRIDE = `IN_BEATS;
`else
    localparam STRIDE = 1;
`endif

    // The pattern that is watched: marked once a scan, in the bank `where_`.
    (* anyconst *) wire [1:0] where_;
    reg seen = 0;
    reg [14:0] watched = 0;
    reg [LATE:1] watched_late = 0;
    wire now = valid && mark && !(last && where_ >= `REAL);
    always @(*) assume(where_ < `BANKS);
    always @(*) assume(!mark || !seen);
    always @(posedge clock) begin
        watched_late <= {watched_late, now};
        if (start) seen <= 0;
        else if (now) begin
            seen <= 1;
            watched <= distance[15*where_ +: 15];
        end
    end
    // a list queues groups, with the distances of all their banks
`ifdef LISTS
    wire names = |found;
`else
    wire names = found[where_];
`endif
    wire tells = watched_late[LATE] && names;
    reg told = 0;
    always @(posedge clock) told <= !start && (told || tells);

    // Which groups are in the filter.
    reg [LATE:1] valid_late = 0, real_late = 0;
    reg [GROUP_BITS-1:0] group_late [1:LATE];
    integer t;
    always @(posedge clock) begin
        valid_late <= {valid_late, valid};
        real_late <= {real_late, valid && !(last && where_ >= `REAL)};
        group_late[1] <= groups;
        for (t = 1; t < LATE; t = t + 1) group_late[t + 1] <= group_late[t];
    end

    wire [15:0] limit = base + `REACH;
    always @(*) begin
        if (began && !start) begin
            // when the token has passed, whoever is within reach of the minimum was told
            if (scanned && seen && watched <= limit) assert(told || tells);
`ifdef NORMALISED
            assert(base == nearest_distance);
`else
            assert(base == 0);
`endif
            // with its own distance
            if (tells) assert(found_distance[15*where_ +: 15] == watched);
            // and the number of the group, which is one that came
            if (names) assert(valid_late[LATE] && found_group == STRIDE * group_late[LATE]);
`ifdef LISTS
            // a bank that holds no pattern of it is far
            if (names && !real_late[LATE]) assert(found_distance[15*where_ +: 15] == (1 << `DISTANCE) - 1);
`else
            if (names) assert(real_late[LATE]);
`endif
        end
    end
`ifdef REACHED
    // must be found: a second scan, in which the watched pattern is the fourth of five and told, the first one is not
    reg [1:0] scans = 0;
    reg not_told = 0;
    always @(posedge clock) begin
        if (start && scans != 3) scans <= scans + 1;
        not_told <= !start && (not_told || (valid_late[LATE] && group_late[LATE] == 1 && !found[where_]));
    end
    always @(*) assert(!(scans == 2 && scanned && seen && told && not_told && groups == 5));
`endif
endmodule
