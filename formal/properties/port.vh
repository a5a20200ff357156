// A reset counts in the cycle in which it comes, and lasts until the pipelines are empty.
//
// Bound inside the block, which stands alone; the core and the registers are cut away. From the runner: FLUSH, POWER_UP.
reg [16:0] f_age = 0, f_quiet = 0;  // clock cycles since configuration, and since the last reset
always @(posedge clock) begin
    if (f_age != `POWER_UP) f_age <= f_age + 1;
    f_quiet <= bus_reset ? 0 : f_quiet == `FLUSH ? f_quiet : f_quiet + 1;
end
always @(*) begin
    assert(core$reset == (bus_reset || f_quiet != `FLUSH || f_age != `POWER_UP));
    assert(registers$reset == core$reset && registers$bus_reset == bus_reset);
    assert(core$in_valid == registers$in_valid && core$in_data == data && core$out_ready == registers$out_ready);
end
`ifdef REACHED
// must be found: the core runs, after another reset than that of power-up
reg f_again = 0;
always @(posedge clock) if (bus_reset && f_age == `POWER_UP) f_again <= 1;
always @(*) assert(!(f_again && !core$reset));
`endif
