// The order of a scan, for the properties of the filter: `start`, groups with gaps of any length between them, the last
// of them marked, the token in the cycle behind it, and `start` again at the earliest two cycles after the token has left
// the filter. Registers of the filter begin with anything.
//
// From the runner: N neurons, REACH, BANKS, REAL banks of the last group, NORMALISED or not, GROUP_BITS.
    localparam GROUP_BITS = `GROUP_BITS;
    wire [`BANKS-1:0] found;
    wire [15*`BANKS-1:0] found_distance;
    wire [19:0] found_group, nearest;
    wire [14:0] nearest_distance, base;
    wire scanned;
    reg token = 0;
    wire [1:0] last_bank = `REAL - 1;
`ifdef NORMALISED
    wire normalised = 1;
`else
    wire normalised = 0;
`endif

    `NEAREST filter(
        .clock(clock), .start(start), .valid(valid), .last(last), .token(token),
        .reach(15'd`REACH + 15'd1), .last_bank(last_bank), .normalised(normalised),
`ifdef LISTS
        .listing$0(1'b0), .room_left$0(15'b0),
`ifdef TWO
        .room_left$1(15'b0),
`endif
`endif
        .distance$0(distance[14:0]), .found$0(found[0]), .found_distance$0(found_distance[14:0]),
`ifdef TWO
        .distance$1(distance[29:15]), .found$1(found[1]), .found_distance$1(found_distance[29:15]),
`endif
`ifdef FOUR
        .distance$2(distance[44:30]), .found$2(found[2]), .found_distance$2(found_distance[44:30]),
        .distance$3(distance[59:45]), .found$3(found[3]), .found_distance$3(found_distance[59:45]),
`endif
        .found_group(found_group), .scanned(scanned), .nearest(nearest), .nearest_distance(nearest_distance), .base(base)
    );

    // The order of a scan.
    reg scanning = 0, ended = 1;        // between start and token; from the token's end of the pipeline on
    reg [2:0] since = 0;                // cycles since the token left the filter
    reg [GROUP_BITS:0] groups = 0;      // how many came
    reg [2:0] flushed = 0;              // cycles since power-up, while nothing is valid
    always @(*) begin
        assume(!start || (!scanning && ended && since >= 2 && flushed == 7));
        assume(!valid || scanning);
        assume(!last || valid);
        assume(groups < (1 << GROUP_BITS) || !valid);
    end
    always @(posedge clock) begin
        token <= last;
        if (flushed != 7) flushed <= flushed + 1;
        if (start) begin
            scanning <= 1;
            ended <= 0;
            groups <= 0;
            since <= 0;
        end
        if (valid) groups <= groups + 1;
        if (last) scanning <= 0;
        if (scanned) ended <= 1;
        if (ended && since != 7) since <= since + 1;
    end
    reg began = 0;
    always @(posedge clock) if (start) began <= 1;

    // Distances are at most N; a group that is not full repeats the last pattern.
    genvar b;
    generate for (b = 0; b < `BANKS; b = b + 1) begin : each
        always @(*) assume(distance[15*b +: 15] <= `N);
        if (b >= `REAL) begin
            always @(*) assume(!last || distance[15*b +: 15] == distance[15*(`REAL-1) +: 15]);
        end
    end endgenerate

