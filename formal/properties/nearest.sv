// The filter names the nearest pattern, the first of equals, and its distance.
//
// An arbitrary pattern is watched: group `which`, bank `where_`. See scan.vh for the environment.
module harness(
    input clock,
    input start,
    input valid,
    input last,
    input [15*`BANKS-1:0] distance
);
`include "scan.vh"

    // The pattern that is watched.
    (* anyconst *) wire [GROUP_BITS-1:0] which;
    (* anyconst *) wire [1:0] where_;
    always @(*) assume(where_ < `BANKS);
    wire now = valid && groups == which && !(last && where_ >= `REAL);
    wire [19:0] its_index = `BANKS * which + where_;
    reg seen = 0;
    reg [14:0] watched = 0;
    always @(posedge clock) begin
        if (start) seen <= 0;
        else if (now) begin
            seen <= 1;
            watched <= distance[15*where_ +: 15];
        end
    end

    always @(*) begin
        if (began && !start && seen) begin
            // when the token has passed, the minimum is final
            if (scanned) assert(nearest_distance <= watched);
            // two cycles later so is its index
            if (ended && since >= 2) begin
                if (nearest_distance == watched) assert(nearest <= its_index);
                if (nearest == its_index) assert(nearest_distance == watched);
            end
        end
    end
`ifdef REACHED
    // must be found: a second scan whose watched pattern is the nearest, in the last group but one
    reg [1:0] scans = 0;
    always @(posedge clock) if (start && scans != 3) scans <= scans + 1;
    always @(*) assert(!(scans == 2 && ended && since >= 2 && seen && which == 2 && groups == 4
                         && nearest == its_index && nearest_distance != 0));
`endif
endmodule
