// The SPI peripheral, alone: whatever its pins do, and whenever it is reset.
//
// What is taken from the link is what leaves, a byte for each byte that was announced and begun; no more are announced than
// wait. What came in eight bits is handed on once, as it was. And nothing locks it: a few cycles after it is deselected it
// begins anew.
//
// What is assumed: rises of the controller's clock are three cycles apart, the bytes that wait become fewer only when one is
// taken, and the byte that is offered stays until then, and is the next one four cycles later.

// from the start a reset
reg f_awake = 0;
always @(posedge clock) f_awake <= 1;
always @(*) if (!f_awake) assume(reset);

// the pins
reg f_sck = 0;
reg [1:0] f_since = 3;
wire f_rise = sck && !f_sck;
always @(posedge clock) begin
    f_sck <= sck;
    f_since <= f_rise ? 1 : f_since == 3 ? 3 : f_since + 1;
end
always @(*) if (f_rise) assume(f_since == 3);

// the link
reg [7:0] f_waiting = 0, f_data = 0;
reg [2:0] f_taken = 0;  // lately
reg f_reset = 1;
always @(posedge clock) begin
    f_waiting <= waiting;
    f_data <= byte_data;
    f_taken <= {f_taken, byte_ready};
    f_reset <= reset;
end
always @(*) begin
    if (reset) assume(waiting == 0);
    else if (!f_reset) assume(waiting >= f_waiting - (f_taken[0] && f_waiting != 0));
    if (f_taken == 0) assume(byte_data == f_data);
end

// what comes, two cycles behind the pins
reg [1:0] f_mosi = 0, f_clocks = 0, f_selects = 0;
reg f_clock_before = 0, f_lost = 1;
reg [2:0] f_bits = 0;
reg [7:0] f_byte = 0;
reg f_whole = 0;
wire f_takes = f_clocks[1] && !f_clock_before && f_selects[1] && !f_lost;
always @(posedge clock) begin
    f_mosi <= {f_mosi, mosi};
    f_clocks <= {f_clocks, sck};
    f_selects <= {f_selects, !cs_n};
    f_clock_before <= f_clocks[1];
    f_whole <= f_takes && f_bits == 7 && !reset;
    if (f_takes) begin
        f_byte <= {f_byte, f_mosi[1]};
        f_bits <= f_bits + 1;
    end
    if (!f_selects[1]) begin
        f_bits <= 0;
        f_lost <= 0;
    end
    if (reset) begin
        f_bits <= 0;
        f_lost <= 1;
    end
end

// how long it is deselected
reg [1:0] f_off = 0;
always @(posedge clock) f_off <= !cs_n || reset ? 0 : f_off == 3 ? 3 : f_off + 1;

`ifndef REACHED
always @(*) if (f_awake && !reset) begin
    // a byte for each eight bits, as it came
    assert(valid == f_whole);
    if (valid) assert(data == f_byte);
    // what is taken is what leaves, and was announced
    if (byte_ready) assert(shift$q == byte_data && left$q != 0 && waiting != 0);
    // no more is announced than waits
    assert(left$q <= waiting || f_taken[0] && left$q == waiting + 1);
    // nothing locks it
    if (f_off == 3) assert(count$q == 0 && left$q == 0 && telling$q && !lost$q);
end
`else
// must be found: the first of two bytes that were announced is taken
always @(*) assert(!(byte_ready && left$q == 2 && byte_data == 8'h5a && !reset));
`endif
