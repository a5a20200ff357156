// The rules of AXI: what is offered stands until it is taken, there is one response for each address (with its data), and nothing during
// reset. Every write and every read that was taken accesses its register once, after it was looked at for a cycle, and within eight cycles
// in which its response has a place.
//
// Bound inside the wrapper. What is behind the registers is cut away. Nothing is assumed of the master.
reg f_aw = 0, f_w = 0, f_ar = 0, f_b = 0, f_r = 0;  // taken and not done, done and not told
reg [3:0] f_awaddr, f_araddr;
reg [15:0] f_wdata, f_rdata;
reg f_whole;
reg f_acted = 0, f_reset = 1;
reg [3:0] f_looked;
reg [3:0] f_write_waits = 0, f_read_waits = 0;
wire f_writes = port$act && port$write, f_reads = port$act && !port$write;
always @(posedge aclk) begin
    f_acted <= port$act;
    f_looked <= port$address;
    f_reset <= !aresetn;
    if (s_axil_awvalid && s_axil_awready) {f_aw, f_awaddr} <= {1'b1, s_axil_awaddr[5:2]};
    if (s_axil_wvalid && s_axil_wready) {f_w, f_wdata, f_whole} <= {1'b1, s_axil_wdata[15:0], s_axil_wstrb[0] && s_axil_wstrb[1]};
    if (s_axil_arvalid && s_axil_arready) {f_ar, f_araddr} <= {1'b1, s_axil_araddr[5:2]};
    if (s_axil_bvalid && s_axil_bready) f_b <= 0;
    if (s_axil_rvalid && s_axil_rready) f_r <= 0;
    if (f_writes) {f_aw, f_w, f_b} <= 3'b001;
    if (f_reads) {f_ar, f_r, f_rdata} <= {2'b01, port$read};
    f_write_waits <= f_aw && f_w && !f_b && !f_writes ? f_write_waits + 1 : 0;
    f_read_waits <= f_ar && !f_r && !f_reads ? f_read_waits + 1 : 0;
    if (!aresetn) {f_aw, f_w, f_ar, f_b, f_r, f_write_waits, f_read_waits} <= 0;
end
always @(*) begin
    assert(s_axil_awready == (aresetn && !f_aw) && s_axil_wready == (aresetn && !f_w) && s_axil_arready == (aresetn && !f_ar));
    assert(s_axil_bvalid == (aresetn && f_b) && s_axil_rvalid == (aresetn && f_r));
    if (s_axil_rvalid) assert(s_axil_rdata == {16'b0, f_rdata});
    assert(s_axil_bresp == 0 && s_axil_rresp == 0);
    if (f_writes) assert(f_aw && f_w && !f_b && port$address == f_awaddr && port$data == f_wdata && port$whole == f_whole);
    if (f_reads) assert(f_ar && !f_r && port$address == f_araddr);
    if (port$act) assert(aresetn && !f_reset && !f_acted && f_looked == port$address);
    assert(f_write_waits < 8 && f_read_waits < 8);
    assert(port$bus_reset == !aresetn && irq == port$interrupt);
end
`ifdef REACHED
// must be found: both responses wait, after a reset
reg f_again = 0;
always @(posedge aclk) if (!aresetn) f_again <= 1;
always @(*) assert(!(f_again && s_axil_bvalid && s_axil_rvalid));
`endif
