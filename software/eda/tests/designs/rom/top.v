// A ROM of 256 words of 16 bits in block RAM, read through $readmemh, summed as it is walked.
module top(input clock, input reset_n, input rx, output tx, output [7:0] led);
  reg [15:0] rom [0:255];
  initial $readmemh("rom.hex", rom);
  reg [7:0] address = 0;
  reg [15:0] word = 0, sum = 0;
  always @(posedge clock) begin
    word <= rom[address];
    if (!reset_n) begin address <= 0; sum <= 0; end
    else begin address <= address + 1; sum <= sum + word; end
  end
  assign tx = rx ^ sum[15];
  assign led = sum[7:0];
endmodule
