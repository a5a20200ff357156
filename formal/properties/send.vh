// A word of a reply, or its end, is taken, and its bytes leave: a cycle in which the sender takes none although its line takes every byte is one of at
// most STILL in a row, but for cycles in which a byte leaves, of which there are no more than the buffer holds. What is there to leave is offered within
// a few cycles, and an offered byte stays until it is taken.
//
// Bound inside the block. What the CRC's register and the buffer hold is anything; nothing is assumed but the reset, which lasts more than two
// cycles. From the runner: LONGEST, the bytes of the longest block, and RESERVE, the places that stay free; both are smaller than emitted.
localparam STILL = 100;
reg f_known = 0, f_reset = 0, f_long = 0, f_held = 0;
reg [6:0] f_still = 0;
reg [2:0] f_late = 0;
wire f_leaves = byte_valid && byte_ready;
wire [8:0] f_left = block$q - place$q, f_opened = next$q - block$q;
wire [9:0] f_ahead = f_left, f_open = f_opened;
always @(posedge clock) begin
    f_known <= f_known || f_long;
    f_reset <= reset;
    f_long <= reset && f_reset;
    f_held <= byte_valid && !byte_ready && !reset;
    f_still <= ready || f_leaves || reset ? 0 : f_still + !(byte_valid && !byte_ready);
    f_late <= f_ahead == 0 || byte_valid || reset ? 0 : f_late + 1;
end
always @(*) begin
    if (!f_known) assume(reset);
    if (f_reset && !f_long) assume(reset);
end
always @(*) if (f_known && !f_reset && !reset) begin
    assert(f_still < STILL);
    assert(f_late < 5);
    if (f_held) assert(byte_valid);
    // what leaves was closed, and what is open fits
    if (byte_valid) assert(f_ahead != 0);
    assert(f_open <= `LONGEST + 2 && f_ahead + f_open < 516 - `RESERVE && f_ahead + f_open < 512);
end
`ifdef REACHED
// must be found: a word waits since the buffer is full
always @(*) assert(!(f_known && !f_reset && full$q && !roomy$q && f_ahead != 0));
`endif
