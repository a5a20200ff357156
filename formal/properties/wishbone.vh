// A cycle of the bus is acknowledged two clock cycles after it began and is still there then, and only so; a register is accessed in that
// clock cycle, once, and in no other. A master of pipelined cycles is held until then.
//
// Bound inside the wrapper. What is behind the registers is cut away. Nothing is assumed of the bus: it may give cycles up, change its mind,
// and reset whenever it likes.
wire f_asks = wb_cyc_i && wb_stb_i;
reg [1:0] f_held = 0;               // clock cycles that this cycle of the bus has lasted
reg f_acted = 0, f_reset = 0;
always @(posedge wb_clk_i) begin
    f_held <= f_asks && !wb_rst_i && !wb_ack_o ? (f_held == 2 ? 2 : f_held + 1) : 0;
    f_acted <= port$act;
    f_reset <= wb_rst_i;
end
always @(*) begin
    assert(wb_ack_o == (f_asks && !wb_rst_i && f_held == 2));
    assert(wb_stall_o == (wb_cyc_i && !wb_ack_o));
    assert(port$act == wb_ack_o);
    assert(port$write == wb_we_i && port$address == wb_adr_i && port$data == wb_dat_i[15:0]);
    assert(port$whole == (wb_sel_i[0] && wb_sel_i[1]));
    assert(wb_dat_o == {16'b0, port$read} && port$bus_reset == wb_rst_i && irq_o == port$interrupt);
    assert(!(port$act && (f_acted || f_reset || wb_rst_i)));
end
`ifdef REACHED
// must be found: a read is acknowledged after a reset
reg f_again = 0;
always @(posedge wb_clk_i) if (wb_rst_i) f_again <= 1;
always @(*) assert(!(f_again && wb_ack_o && !wb_we_i));
`endif
