// An accumulator is its sum: as long as the true sum fits its width it is that sum, so the sign is right. What it held on
// the way may have wrapped. (That every sum of a memory fits is the bound, which docs/src/reference/contract.md proves and which a
// test of this crate tries on every state of small memories.)
//
// One neuron of a column is watched, any one. Operands, picks and clears are free.
// From the runner: COLUMN, BITS, NEURONS, GATED and LEAN or not.
module harness(input clock, input [15:0] pick, input [31:0] operand, input clear);
    wire [15:0] signs;
    `COLUMN column(.clock(clock), .pick(pick), .operand(operand), .clear(clear), .signs(signs));

    (* anyconst *) wire [3:0] neuron;
    always @(*) assume(neuron < `NEURONS);
    // what the column's copies hold: the operand and the clear of the cycle before, and of a gated column also the pick; a lean one
    // has no copies
    reg [31:0] operand_late = 0;
    reg clear_late = 0, pick_late = 0;
    always @(posedge clock) begin
        operand_late <= operand;
        clear_late <= clear;
        pick_late <= pick[neuron];
    end
`ifdef GATED
    wire enabled = pick_late;
`else
    wire enabled = pick[neuron];
`endif
`ifdef LEAN
    wire [31:0] operand_now = operand;
    wire clear_now = clear;
`else
    wire [31:0] operand_now = operand_late;
    wire clear_now = clear_late;
`endif
    // the true sum: 44 bits do not overflow within the 2^12 additions that are counted
    reg cleared = 0, awake = 0;
    reg signed [43:0] sum = 0;
    reg [12:0] additions = 0;
    always @(posedge clock) begin
        awake <= 1;
        if (enabled && awake) begin
            if (clear_now) begin
                cleared <= 1;
                sum <= 0;
                additions <= 0;
            end else begin
                sum <= sum + $signed(operand_now);
                additions <= additions + 1;
            end
        end
    end
    always @(*) assume(additions < 4096);
    wire fits = sum >= -(44'sd1 <<< (`BITS - 1)) && sum < (44'sd1 <<< (`BITS - 1));
    always @(*) if (cleared && fits) assert(signs[neuron] == (sum >= 0));
    // what is not a neuron votes for zero
    genvar i;
    generate for (i = `NEURONS; i < 16; i = i + 1) begin : absent
        always @(*) assert(!signs[i]);
    end endgenerate
`ifdef REACHED
    // must be found: the greatest sum that fits, after one that did not
    reg wrapped = 0;
    always @(posedge clock) wrapped <= cleared && (wrapped || !fits);
    always @(*) assert(!(cleared && wrapped && additions == 3 && sum == (44'sd1 <<< (`BITS - 1)) - 1));
`endif
endmodule
