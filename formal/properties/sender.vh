// From a reset on, every byte that is taken leaves as a start bit, its eight bits, the lowest first, and a stop bit, each for as many
// cycles as a bit has, and no byte is taken before that is over. Between bytes the line is high.
//
// From the runner: BIT, the cycles of a bit.
reg [1:0] f_age = 0;                    // since a reset, up to what the line needs to follow it
reg f_busy = 0;
reg [9:0] f_frame = 10'h3ff;
reg [3:0] f_bit = 0;
reg [15:0] f_of = 0;                    // cycles of this bit that are over
reg f_level = 1;                        // of the line, which follows a cycle later
always @(posedge clock) begin
    f_age <= reset ? 1 : f_age == 0 || f_age == 3 ? f_age : f_age + 1;
    f_level <= !f_busy || f_frame[f_bit];
    if (f_busy) begin
        f_of <= f_of == `BIT - 1 ? 0 : f_of + 1;
        if (f_of == `BIT - 1) begin
            f_bit <= f_bit + 1;
            if (f_bit == 9) f_busy <= 0;
        end
    end else begin
        f_busy <= valid;
        f_frame <= {1'b1, data, 1'b0};
        f_bit <= 0;
        f_of <= 0;
    end
    if (reset) f_busy <= 0;
end
always @(*) begin
    if (f_age != 0) assert(ready == !f_busy);
    if (f_age > 1) assert(line == f_level);
end
`ifdef REACHED
// must be found: a byte is over, and the next one is taken at once
reg f_again = 0;
always @(posedge clock) if (f_age == 3 && f_bit == 9 && f_busy) f_again <= 1;
always @(*) assert(!(f_again && ready && valid && f_frame[8:1] == 8'ha7));
`endif
