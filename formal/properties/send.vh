// A word of a reply, or its end, is taken, and its bytes leave: a cycle in which the sender takes none although its line takes every byte is one of less than STILL
// behind one in which a byte left or was put into the buffer: a word has two, and the end four. What is there to leave is offered within
// three cycles, and an offered byte stays until it is taken; no byte of a block leaves before the block is closed, and none is written over.
//
// Bound inside the block. What the buffer holds and what the CRC's register holds is anything; nothing is assumed but the reset, which lasts more than two cycles.
`include "hidden.vh"
localparam STILL = 16;
reg f_known = 0, f_reset = 0, f_long = 0, f_held = 0;
reg [4:0] f_still = 0;
reg [2:0] f_late = 0;
wire f_leaves = byte_valid && byte_ready;
wire [8:0] f_left = block$q - place$q, f_opened = next$q - block$q, f_used = next$q - place$q;
always @(posedge clock) begin
    f_known <= f_known || f_long;
    f_reset <= reset;
    f_long <= reset && f_reset;
    f_held <= byte_valid && !byte_ready && !reset;
    f_still <= ready || f_leaves || put || reset ? 0 : f_still + !(byte_valid && !byte_ready);
    f_late <= f_left == 0 || byte_valid || reset ? 0 : f_late + 1;
end
always @(*) begin
    if (!f_known) assume(reset);
    if (f_reset && !f_long) assume(reset);
end
always @(*) if (f_known && !f_reset) begin
    assert(f_still < STILL);
    assert(f_late < 3);
    if (f_held) assert(byte_valid);
    if (byte_valid) assert(f_left != 0);
    // what is to leave and what is open fit into the buffer together, and a block has at most 254 bytes
    assert({1'b0, f_left} + f_opened == f_used && f_opened <= 256);
end
`ifndef CLAIMS
// what makes it inductive: one state at a time, and how long each may last; how full the buffer may be in it
wire [6:0] f_states = {idle$q, putting$q, following$q, closing$q, ending$q, delimiting$q, opening$q};
wire f_puts = filling$q || breaking$q, f_behind = behind$q || far_behind$q;
always @(*) if (f_known && !f_reset) begin
    assert(f_states != 0 && (f_states & (f_states - 1)) == 0 && f_puts <= putting$q && !(filling$q && breaking$q));
    if (!opening$q) assert(f_opened == count$q && count$q != 0 && (count$q <= 254 || closing$q && count$q == 255));
    else assert(f_opened == count$q + 9'd1 && count$q <= 254 || f_used == 0 && f_still == 0 && !steady$q && !still$q && !f_behind);
    // what is said of a byte to leave
    if (f_behind && !just$q) assert(f_left != 0);
    if (fresh$q) assert(f_behind && !just$q);
    if (f_late != 0) assert(f_behind && !just$q);
    if (f_late == 2) assert(fresh$q);
    // how full
    if (steady$q && putting$q && !f_puts) assert(free$q != 0 && {1'b0, f_used} + free$q <= 512 && {1'b0, f_used} + free$q >= 511);
    if (still$q && putting$q && !f_puts) assert(roomy$q ? f_used <= 503 : f_used >= 501);
    if (f_puts) assert(f_used <= 503);
    if (closing$q) assert(f_used <= 504);
    if (following$q || ending$q || delimiting$q) assert(f_used <= 505);
    if (opening$q) assert(f_used <= 506);
    if (idle$q || putting$q) assert(f_used <= 507);
    // how long
    if (crc_count[3]) assert(f_still <= crc_count[2:0]);
    if (closing$q) assert(f_still == 0);
    if (following$q) assert(f_still <= 1);
    if (ending$q) assert(f_still <= 2);
    if (delimiting$q) assert(f_still <= 3);
    if (opening$q) assert(f_still <= 4);
    if (idle$q) assert(f_still <= 8);
    if (putting$q) assert(f_puts ? f_still <= 14 : !steady$q ? f_still <= 9 : !still$q ? f_still <= 10 : byte_valid && f_still <= 13 || f_still <= 11 + f_late);
    if (steady$q || still$q || f_puts) assert(putting$q && crc_count == 0 && last_of_block$q == (count$q == 254));
    if (still$q && !f_puts) assert(steady$q);
end
always @(*) assert(crc_count[3] || crc_count == 0);
always @(*) if (f_reset) begin
    assert(f_states == 1 && next$q == 0 && block$q == 0 && place$q == 0 && !fresh$q && !full$q && !filling$q && !breaking$q && f_still == 0 && f_late == 0 && !f_held);
    if (f_long) assert(!f_behind && !just$q && !steady$q && !still$q);
end
`endif
`ifdef REACHED
// must be found: the last byte of a reply, the zero behind its end, leaves
reg f_ended = 0;
always @(posedge clock) f_ended <= f_known && !f_reset && (f_ended || delimiting$q);
always @(*) assert(!(f_ended && f_left == 1 && f_leaves && idle$q));
`endif
