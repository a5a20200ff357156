// A reset counts in the cycle in which it comes, and lasts until the pipelines are empty: nothing is offered or taken until
// then. Every packet brings the core as many words as a cue has, and an answer's last word, and no other, has tlast.
//
// Bound inside the wrapper. The core is cut away: whatever it offers and takes. Nothing is assumed of the streams. From the runner:
// LANES, CUE (words of a cue), FLUSH, POWER_UP.
reg [16:0] f_age = 0, f_quiet = 0;  // clock cycles since configuration, and since the last reset
always @(posedge aclk) begin
    if (f_age != `POWER_UP) f_age <= f_age + 1;
    f_quiet <= !aresetn ? 0 : f_quiet == `FLUSH ? f_quiet : f_quiet + 1;
end
wire f_reset = !aresetn || f_quiet != `FLUSH || f_age != `POWER_UP;
wire f_in = core$in_valid && core$in_ready && !f_reset;
wire f_taken = s_axis_tvalid && s_axis_tready;
wire f_given = m_axis_tvalid && m_axis_tready;
reg [7:0] f_core = 0, f_out = 0;    // words of this cue that the core has, of this answer that went out
reg f_open = 0;                     // a packet has begun, and its last word has not come
always @(posedge aclk) begin
    if (f_in) f_core <= f_core == `CUE - 1 ? 0 : f_core + 1;
    if (f_taken) f_open <= !s_axis_tlast;
    if (f_given) f_out <= f_out == `LANES + 2 ? 0 : f_out + 1;
    if (f_reset) begin
        f_core <= 0;
        f_open <= 0;
        f_out <= 0;
    end
end
always @(*) begin
    assert(core$reset == f_reset);
    if (f_reset) assert(!m_axis_tvalid && !s_axis_tready);
    if (f_given) assert(m_axis_tlast == (f_out == `LANES + 2));
    // a cue that has begun and whose packet is over is filled up with zeros, its mask with bits that are known
    if (f_core != 0 && !f_open && core$in_valid)
        assert(core$in_data == (f_core < `LANES ? 16'h0 : 16'hffff) && !s_axis_tready);
    // a packet whose cue is whole is dropped up to its end
    if (f_open && f_core == 0) assert(s_axis_tready || f_reset);
    if (f_open && f_core == 0) assert(!core$in_valid);
end
`ifdef REACHED
// must be found: the last word of an answer leaves, after another reset than that of power-up
reg f_again = 0;
always @(posedge aclk) if (!aresetn && f_age == `POWER_UP) f_again <= 1;
always @(*) assert(!(f_again && f_given && m_axis_tlast));
`endif
