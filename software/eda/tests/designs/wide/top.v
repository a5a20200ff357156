// LANES accumulators of 16 bits fed by one broadcast word: about 24 logic cells a lane (16 adder, 8 more).
module top #(parameter LANES = 128) (input clock, input reset_n, input rx, output tx, output [7:0] led);
  reg [15:0] noise = 1;
  reg [LANES-1:0] shift = 0;
  wire [LANES-1:0] top_bits;
  always @(posedge clock) begin
    noise <= {noise[14:0], noise[15] ^ noise[13] ^ noise[12] ^ noise[10] ^ rx};
    shift <= {shift[LANES-2:0], noise[0]};
  end
  genvar i;
  generate for (i = 0; i < LANES; i = i + 1) begin : lane
    reg [15:0] sum = 0;
    reg [6:0] tail = 0;
    always @(posedge clock) begin
      if (shift[i]) sum <= sum + noise;
      tail <= {tail[5:0], sum[15]};
    end
    assign top_bits[i] = tail[6];
  end endgenerate
  reg parity = 0;
  reg [7:0] out = 0;
  reg [15:0] fold = 0;
  integer j;
  reg [15:0] next;
  always @* begin
    next = 0;
    for (j = 0; j < LANES; j = j + 1) next[j % 16] = next[j % 16] ^ top_bits[j];
  end
  always @(posedge clock) begin
    fold <= reset_n ? next : 16'd0;
    parity <= ^fold;
    out <= fold[15:8] ^ fold[7:0];
  end
  assign tx = parity;
  assign led = out;
endmodule
