// The distance path counts right, for every row and state of N bits, and for all streams of them: what leaves the adder
// tree is the number of ones of row XOR state (of the row alone, where `scan` was not raised), of those bits that are known.
//
// The path has no feedback, so with registers that begin with anything, the one cycle that is looked at stands for all.
// From the runner: N, LANES, PADDED (the lanes' bits up to a power of two), LEVELS of the tree, and instances.vh.
module balanced #(parameter W = 1) (input [W-1:0] bits, output [14:0] count);
    generate
        if (W == 1) assign count = {14'b0, bits};
        else begin : halves
            wire [14:0] low, high;
            balanced #(W / 2) l(bits[W/2-1:0], low);
            balanced #(W / 2) h(bits[W-1:W/2], high);
            assign count = low + high;
        end
    endgenerate
endmodule

module harness(
    input clock,
    input scan,
`ifdef MASKED
    input [16*`LANES-1:0] skip,
`endif
    input [16*`LANES-1:0] row,
    input [16*`LANES-1:0] state
);
    // cycles from row and state to the sum: pick, the three of a popcount, the tree
    localparam LATE = 1 + 3 + `LEVELS;
    wire [14:0] sum;
`include "instances.vh"

    reg scan_late;
`ifdef MASKED
    // of row XOR state the bits that the mask does not skip; else the row, and they
    wire [`PADDED-1:0] bits = (scan_late ? (row ^ state) & ~skip : row | skip) & {`N{1'b1}};
`else
    wire [`PADDED-1:0] bits = (row ^ (state & {16*`LANES{scan_late}})) & {`N{1'b1}};
`endif
    wire [14:0] count;
`ifdef LINEAR
    // the count as a child would do it, one bit after the other
    reg [14:0] linear;
    integer i;
    always @(*) begin
        linear = 0;
        for (i = 0; i < `PADDED; i = i + 1) linear = linear + bits[i];
    end
    assign count = linear;
`else
    balanced #(`PADDED) all(bits, count);
`endif
    reg [14:0] late [1:LATE];
    reg [4:0] age = 0;
    integer t;
    always @(posedge clock) begin
        scan_late <= scan;
        late[1] <= count;
        for (t = 1; t < LATE; t = t + 1) late[t + 1] <= late[t];
        if (age <= LATE) age <= age + 1;
    end
    // LATE cycles for the sum, and one for scan
    always @(*) if (age == LATE + 1) assert(sum == late[LATE]);
`ifdef REACHED
    always @(*) assert(!(age == LATE + 1 && sum == `N));
`endif
endmodule
