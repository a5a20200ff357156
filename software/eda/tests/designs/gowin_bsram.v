// Block RAMs of a Gowin FPGA in the modes of its user guide (UG285), each read and write with what it must show.
`timescale 1ns/1ns
module bench;
    integer checks = 0, wrong = 0;
    reg clk = 0;
    task tick; begin #1 clk = 1; #1 clk = 0; #1; end endtask
    task check(input [35:0] found, input [35:0] wanted, input [399:0] what); begin
        checks = checks + 1;
        if (found !== wanted) begin
            wrong = wrong + 1;
            $display("WRONG: %0s: %h, not %h", what, found, wanted);
        end
    end endtask

    // contents: 9 bits a byte in SPX9, 8 in SP; byte i holds i + 1
    reg ce = 0, oce = 0, we = 0, reset = 0;
    reg [2:0] select = 3'd5;
    reg [13:0] ad = 0;
    reg [35:0] di = 0;
    wire [35:0] q_hold, q_new, q_old, q_reg, q_async;
    wire [31:0] q_bits;
    localparam [287:0] NINES = {9'd4, 9'd3, 9'd2, 9'd257};
    `define COMMON .CLK(clk), .CE(ce), .OCE(oce), .WRE(we), .RESET(reset), .BLKSEL(select), .AD(ad)
    SPX9 #(.BIT_WIDTH(18), .WRITE_MODE(0), .BLK_SEL(5), .INIT_RAM_00(NINES), .INIT_RAM_3F({9'd300, 279'd0})) hold(`COMMON, .DI(di), .DO(q_hold));
    SPX9 #(.BIT_WIDTH(18), .WRITE_MODE(1), .BLK_SEL(5), .INIT_RAM_00(NINES)) show(`COMMON, .DI(di), .DO(q_new));
    SPX9 #(.BIT_WIDTH(18), .WRITE_MODE(2), .BLK_SEL(5), .INIT_RAM_00(NINES)) old(`COMMON, .DI(di), .DO(q_old));
    SPX9 #(.BIT_WIDTH(18), .READ_MODE(1), .BLK_SEL(5), .INIT_RAM_00(NINES)) piped(`COMMON, .DI(di), .DO(q_reg));
    SPX9 #(.BIT_WIDTH(18), .RESET_MODE("ASYNC"), .BLK_SEL(5), .INIT_RAM_00(NINES)) async(`COMMON, .DI(di), .DO(q_async));
    SP #(.BIT_WIDTH(2), .BLK_SEL(5), .INIT_RAM_00(256'he4)) bits(`COMMON, .DI(di[31:0]), .DO(q_bits));

    // a write port of bytes and a read port of words
    reg cea = 0, ceb = 0;
    reg [2:0] selectb = 3'd2;
    reg [13:0] ada = 0, adb = 0;
    wire [35:0] q_wide;
    SDPX9B #(.BIT_WIDTH_0(9), .BIT_WIDTH_1(36), .BLK_SEL_0(0), .BLK_SEL_1(2)) wide(
        .CLKA(clk), .CEA(cea), .RESETA(1'b0), .BLKSELA(3'd0), .ADA(ada), .DI(di), .CLKB(clk), .CEB(ceb), .RESETB(1'b0), .OCE(1'b0),
        .BLKSELB(selectb), .ADB(adb), .DO(q_wide));
    wire [31:0] q_words;
    SDPB #(.BIT_WIDTH_0(32), .BIT_WIDTH_1(8)) words(
        .CLKA(clk), .CEA(cea), .RESETA(1'b0), .BLKSELA(3'd0), .ADA(ada), .DI(di[31:0]), .CLKB(clk), .CEB(ceb), .RESETB(1'b0), .OCE(1'b0),
        .BLKSELB(3'd0), .ADB(adb), .DO(q_words));

    // two ports that both write
    reg wea = 0, web = 0;
    wire [17:0] qa, qb;
    DPX9B #(.BIT_WIDTH_0(18), .BIT_WIDTH_1(9), .WRITE_MODE0(1), .WRITE_MODE1(2)) both(
        .CLKA(clk), .CEA(cea), .OCEA(1'b0), .WREA(wea), .RESETA(1'b0), .BLKSELA(3'd0), .ADA(ada), .DIA(di[17:0]), .DOA(qa),
        .CLKB(clk), .CEB(ceb), .OCEB(1'b0), .WREB(web), .RESETB(1'b0), .BLKSELB(3'd0), .ADB(adb), .DIB(di[17:0]), .DOB(qb));
    wire [15:0] pa, pb;
    DPB #(.BIT_WIDTH_0(16), .BIT_WIDTH_1(1)) thin(
        .CLKA(clk), .CEA(cea), .OCEA(1'b0), .WREA(wea), .RESETA(1'b0), .BLKSELA(3'd0), .ADA(ada), .DIA(di[15:0]), .DOA(pa),
        .CLKB(clk), .CEB(ceb), .OCEB(1'b0), .WREB(1'b0), .RESETB(1'b0), .BLKSELB(3'd0), .ADB(adb), .DIB(16'd0), .DOB(pb));

    integer i;
    initial begin
        #1 check(q_hold, 0, "an output begins at zero");
        tick; check(q_hold, 0, "a port that is not enabled");
        ce = 1; tick;
        check(q_hold, {9'd2, 9'd257}, "the first word of two bytes");
        check(q_bits, 0, "the first two bits");
        check(q_reg, 0, "an output register that is not enabled");
        oce = 1; ad = 14'd16; tick;
        check(q_hold, {9'd4, 9'd3}, "the next word");
        check(q_reg, {9'd2, 9'd257}, "an output register is a cycle later");
        oce = 0; tick; check(q_reg, {9'd2, 9'd257}, "an output register that holds");
        ad = 14'd2; tick; check(q_bits, 1, "the second two bits");
        ad = 14'd6; tick; check(q_bits, 3, "the fourth two bits");
        ad = 14'd16368; tick; check(q_hold, {9'd300, 9'd0}, "the last word");
        // writes, of the lower byte alone first: the lowest bits of the address enable bytes
        we = 1; ad = 14'd1; di = {9'd11, 9'd10}; tick;
        check(q_hold, {9'd300, 9'd0}, "a write that shows nothing");
        check(q_new, {9'd2, 9'd10}, "a write that shows the new word");
        check(q_old, {9'd2, 9'd257}, "a write that shows the old word");
        ad = 14'd3; di = {9'd21, 9'd20}; tick;
        check(q_new, {9'd21, 9'd20}, "both bytes");
        check(q_old, {9'd2, 9'd10}, "a write that shows what was written before");
        we = 0; ad = 14'd0; tick; check(q_hold, {9'd21, 9'd20}, "what was written is read");
        // another block is selected
        select = 3'd4; ad = 14'd16; tick; check(q_hold, {9'd21, 9'd20}, "a block that is not selected");
        select = 3'd5; we = 0; tick; check(q_hold, {9'd4, 9'd3}, "a block that is");
        ce = 0; we = 1; di = 0; tick; we = 0; ce = 1; tick; check(q_hold, {9'd4, 9'd3}, "a write without enable");
        // reset clears the output, not the memory, also without enable
        ce = 0; reset = 1; #1;
        check(q_async, 0, "an asynchronous reset");
        check(q_hold, {9'd4, 9'd3}, "a synchronous reset waits for the clock");
        tick; reset = 0;
        check(q_hold, 0, "a reset of a port that is not enabled");
        ce = 1; tick; check(q_hold, {9'd4, 9'd3}, "the memory after a reset");
        // bytes in, words out
        cea = 1;
        for (i = 0; i < 8; i = i + 1) begin ada = i * 8; di = 9'h100 + i; tick; end
        cea = 0; ceb = 1; adb = 14'd32; tick;
        check(q_wide, {9'h107, 9'h106, 9'h105, 9'h104}, "a word of four bytes");
        adb = 14'd8; tick; check(q_wide, {9'h103, 9'h102, 9'h101, 9'h100}, "the lower bits of its address do not count");
        selectb = 3'd3; adb = 14'd32; tick;
        check(q_wide, {9'h103, 9'h102, 9'h101, 9'h100}, "a read port that is not selected");
        // words in, bytes out; two of four bytes are written
        cea = 1; ceb = 0; ada = 14'd64 + 14'hf; di = 32'h44332211; tick;
        ada = 14'd64 + 14'h5; di = 32'h88776655; tick;
        cea = 0; ceb = 1;
        adb = 14'd64; tick; check(q_words, 8'h55, "byte 0");
        adb = 14'd72; tick; check(q_words, 8'h22, "byte 1");
        adb = 14'd80; tick; check(q_words, 8'h77, "byte 2");
        adb = 14'd88; tick; check(q_words, 8'h44, "byte 3");
        // two ports: words on one, bytes on the other
        cea = 1; wea = 1; ceb = 0; ada = 14'd3; di = {9'd400, 9'd399}; tick; check(qa, {9'd400, 9'd399}, "port A shows the new word");
        wea = 0; cea = 0; ceb = 1; adb = 14'd8; tick; check(qb, 9'd400, "port B reads a byte of it");
        web = 1; di = 9'd77; tick; check(qb, 9'd400, "port B shows the old byte");
        web = 0; cea = 1; tick; check(qa, {9'd77, 9'd399}, "port A reads what port B wrote");
        // bits of a word
        wea = 1; ada = 14'd16 + 14'd3; di = 16'h8001; tick; wea = 0;
        adb = 14'd16; tick; check(pb, 1, "bit 0"); adb = 14'd17; tick; check(pb, 0, "bit 1"); adb = 14'd31; tick; check(pb, 1, "bit 15");
        if (wrong == 0 && checks == 38) $display("all checks passed");
        else $display("%0d of %0d checks failed, WRONG", wrong, checks);
        $finish;
    end
endmodule
