// Whatever bytes come, what follows the next zero byte is understood: eight cycles behind it the receiver is as after a reset, but for where it
// writes. What it shows grows by whole frames alone, and an entry says how many words are behind it, or that none is. Nothing is written where
// something waits to be read.
//
// Bound inside the block; the CRC says anything, and so does the buffer. Taken for granted: a byte comes every eight cycles at most, and stays for a cycle
// behind the one in which it is told (`uart` and `spi` say so); the place that is read moves on by one, where something is to be read (`link`), and is
// the first one during a reset, which lasts more than two cycles.
reg f_known = 0, f_reset = 0, f_long = 0;
reg [3:0] f_byte = 0;                   // cycles since the last byte, up to eight
reg f_zero = 0;                         // it was a zero, or a reset came behind it
reg f_fresh = 0;                        // the CRC was cleared, and had no byte since
reg [7:0] f_data = 0;
reg [`PLACE:0] f_place = 0, f_first = 0;
wire [`PLACE:0] f_at = place, f_behind = first$q, f_then = first$d, f_puts = next$q, f_writes = ring$write_address;
wire [`PLACE:0] f_waits = f_behind - f_at;
wire [`PLACE:0] f_waited = f_first - f_place;
wire [`PLACE:0] f_grows = f_then - f_behind;
wire [`PLACE:0] f_target = f_writes - f_at;
wire [`PLACE:0] f_words = f_puts - f_behind - 1;      // that were put, behind the entry's place
wire [`PLACE:0] f_free = f_at - f_behind - 1;         // places that can be written, but for one; all of them where nothing waits
wire f_moved = f_at != f_place;
always @(posedge clock) begin
    f_known <= f_known || f_long;
    f_reset <= reset;
    f_long <= reset && f_reset;
    f_byte <= reset ? 8 : valid ? 0 : f_byte + (f_byte != 8);
    f_zero <= reset || (valid ? data == 0 : f_zero);
    f_fresh <= crc$clear || f_fresh && !crc$valid;
    f_data <= data;
    f_place <= place;
    f_first <= first$q;
end
always @(*) begin
    if (!f_known) assume(reset);
    if (f_reset && !f_long) assume(reset);
    assume(!valid || f_byte >= 7);
    if (f_byte == 0) assume(data == f_data);
    assume(place < (1 << (`PLACE + 1)));
    if (f_reset) assume(place == 0);
    else assume(!f_moved || f_waited != 0 && f_at == f_place + 1'b1);
end
always @(*) if (f_known && !f_reset && !reset) begin
    // what waits to be read becomes less by what is read alone
    assert(first$q < (1 << (`PLACE + 1)) && f_waits >= f_waited - f_moved);
    // an entry is where the frames before it end, and what is behind it is shown with it
    if (weighed$q && good$q) begin
        assert(ring$write && ring$write_address == first$q && ring$write_data == entry$q);
        assert(entry$q[15] == 0 && entry$q[13:0] < (1 << (`PLACE + 1)) - 2 && f_grows == entry$q[`PLACE:0] + 2'd2);
    end
    if (weighed$q && !good$q) assert(ring$write ? entry$q[15] && ring$write_address == first$q && f_grows == 1 : f_grows == 0);
    if (!weighed$q) assert(f_grows == 0);
    // where something waits nothing is written
    if (ring$write) assert(ring$write_address < (1 << (`PLACE + 1)) && f_target >= f_waits);
    // eight cycles behind a zero byte nothing is left of what was before
    if (f_zero && f_byte >= 7) begin
        assert(!in_frame$q && block$q == 0 && !odd$q && !too_long$q && count$q == uncounted && phase$q == first_phase && f_fresh);
        assert(!arrived$q && !came$q && !put$q && !ended$q && !judged$q && !sorted$q && !weighed$q && !settling$q && !settled$q);
        assert(f_words == 0);
    end
`ifndef CLAIMS
    // what makes it inductive: words are counted from the entry's place on, and fit
    assert(next$q < (1 << (`PLACE + 1)));
    if (!weighed$q && !settling$q && !settled$q && !clearing$q) begin
        assert(count$q[`PLACE + 1:0] + 2'd3 == {1'b0, f_words});
        assert(f_words <= f_free);
    end
`endif
end
`ifdef REACHED
// must be found: a frame of four words behind one that was too long
always @(*) assert(!(f_known && weighed$q && good$q && first$q == 1 && entry$q[13:0] == 1));
`endif
