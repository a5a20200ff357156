// A counter with the board's pins: the smallest design that goes through the whole flow.
module top(input clock, input reset_n, input rx, output tx, output [7:0] led);
  reg [25:0] count = 0;
  reg echo = 1;
  always @(posedge clock) begin
    echo <= rx;
    if (!reset_n) count <= 0;
    else count <= count + 1;
  end
  assign tx = echo;
  assign led = count[25:18];
endmodule
