// A cycle of the bus is acknowledged two clock cycles after it began and is still there then, and only so; what it does
// happens in that clock cycle. A reset counts in the cycle in which it comes, and lasts until the pipelines are empty.
//
// Bound inside the wrapper. The core is cut away: whatever it offers and takes. Nothing is assumed of the bus: it may give
// cycles up, change its mind, and reset whenever it likes. From the runner: FLUSH, POWER_UP.
wire f_asks = wb_cyc_i && wb_stb_i;
reg [1:0] f_held = 0;               // clock cycles that this cycle of the bus has lasted
reg [16:0] f_age = 0, f_quiet = 0;  // clock cycles since configuration, and since the last reset
always @(posedge wb_clk_i) begin
    f_held <= f_asks && !wb_rst_i && !wb_ack_o ? (f_held == 2 ? 2 : f_held + 1) : 0;
    if (f_age != `POWER_UP) f_age <= f_age + 1;
    f_quiet <= wb_rst_i ? 0 : f_quiet == `FLUSH ? f_quiet : f_quiet + 1;
end
// what the last clock cycle had
reg f_carried = 0, f_writes = 0, f_reset = 1, f_offered = 0, f_mistake = 0, f_full = 0;
reg [2:0] f_register = 0;
always @(posedge wb_clk_i) begin
    f_carried <= wb_ack_o;
    f_writes <= wb_we_i;
    f_register <= wb_adr_i;
    f_reset <= core$reset;
    f_mistake <= mistake$q;
    f_full <= full$q;
end
always @(*) begin
    assert(wb_ack_o == (f_asks && !wb_rst_i && f_held == 2));
    // the core is given a word in that clock cycle, and loses none without it
    assert(core$in_valid == (wb_ack_o && wb_we_i && wb_adr_i == 1));
    if (f_full && !full$q) assert(f_reset || (f_carried && !f_writes && f_register == 2));
    // mistakes come and go with it, or go with a reset
    if (mistake$q && !f_mistake) assert(f_carried);
    if (!mistake$q && f_mistake) assert(f_reset || (f_carried && f_writes && f_register == 0));
    // nothing is left of what was before a reset
    if (f_reset) assert(!full$q && !done$q && !draining$q);
    assert(core$reset == (wb_rst_i || f_quiet != `FLUSH || f_age != `POWER_UP));
end
`ifdef REACHED
// must be found: a word of the answer is read, after another reset than that of power-up
reg f_again = 0;
always @(posedge wb_clk_i) if (wb_rst_i && f_age == `POWER_UP) f_again <= 1;
always @(*) assert(!(f_again && f_full && !full$q && !f_reset));
`endif
