// Block RAMs of an ECP5 in the modes of Lattice's memory usage guide (TN1264), each read and write with what it must show.
`timescale 1ns/1ns

// DP16KD with its pins in vectors.
module ram #(
    parameter WA = 18, parameter WB = 18, parameter MODE_A = "NORMAL", parameter REG_A = "NOREG", parameter RESET = "SYNC",
    parameter CS_A = "0b000", parameter EDGE_B = "CLKB", parameter [319:0] FIRST = 0, parameter [319:0] LAST = 0
) (
    input clka, input cea, input ocea, input wea, input rsta, input [2:0] csa, input [13:0] ada, input [17:0] dia, output [17:0] doa,
    input clkb, input ceb, input web, input [13:0] adb, input [17:0] dib, output [17:0] dob
);
    DP16KD #(
        .DATA_WIDTH_A(WA), .DATA_WIDTH_B(WB), .WRITEMODE_A(MODE_A), .REGMODE_A(REG_A), .RESETMODE(RESET), .CSDECODE_A(CS_A),
        .CLKBMUX(EDGE_B), .INITVAL_00(FIRST), .INITVAL_3F(LAST)
    ) cell_(
        .CLKA(clka), .CEA(cea), .OCEA(ocea), .WEA(wea), .RSTA(rsta), .CSA0(csa[0]), .CSA1(csa[1]), .CSA2(csa[2]),
        .ADA0(ada[0]), .ADA1(ada[1]), .ADA2(ada[2]), .ADA3(ada[3]), .ADA4(ada[4]), .ADA5(ada[5]), .ADA6(ada[6]), .ADA7(ada[7]),
        .ADA8(ada[8]), .ADA9(ada[9]), .ADA10(ada[10]), .ADA11(ada[11]), .ADA12(ada[12]), .ADA13(ada[13]),
        .DIA0(dia[0]), .DIA1(dia[1]), .DIA2(dia[2]), .DIA3(dia[3]), .DIA4(dia[4]), .DIA5(dia[5]), .DIA6(dia[6]), .DIA7(dia[7]),
        .DIA8(dia[8]), .DIA9(dia[9]), .DIA10(dia[10]), .DIA11(dia[11]), .DIA12(dia[12]), .DIA13(dia[13]), .DIA14(dia[14]),
        .DIA15(dia[15]), .DIA16(dia[16]), .DIA17(dia[17]),
        .DOA0(doa[0]), .DOA1(doa[1]), .DOA2(doa[2]), .DOA3(doa[3]), .DOA4(doa[4]), .DOA5(doa[5]), .DOA6(doa[6]), .DOA7(doa[7]),
        .DOA8(doa[8]), .DOA9(doa[9]), .DOA10(doa[10]), .DOA11(doa[11]), .DOA12(doa[12]), .DOA13(doa[13]), .DOA14(doa[14]),
        .DOA15(doa[15]), .DOA16(doa[16]), .DOA17(doa[17]),
        .CLKB(clkb), .CEB(ceb), .OCEB(1'b1), .WEB(web), .RSTB(1'b0), .CSB0(1'b0), .CSB1(1'b0), .CSB2(1'b0),
        .ADB0(adb[0]), .ADB1(adb[1]), .ADB2(adb[2]), .ADB3(adb[3]), .ADB4(adb[4]), .ADB5(adb[5]), .ADB6(adb[6]), .ADB7(adb[7]),
        .ADB8(adb[8]), .ADB9(adb[9]), .ADB10(adb[10]), .ADB11(adb[11]), .ADB12(adb[12]), .ADB13(adb[13]),
        .DIB0(dib[0]), .DIB1(dib[1]), .DIB2(dib[2]), .DIB3(dib[3]), .DIB4(dib[4]), .DIB5(dib[5]), .DIB6(dib[6]), .DIB7(dib[7]),
        .DIB8(dib[8]), .DIB9(dib[9]), .DIB10(dib[10]), .DIB11(dib[11]), .DIB12(dib[12]), .DIB13(dib[13]), .DIB14(dib[14]),
        .DIB15(dib[15]), .DIB16(dib[16]), .DIB17(dib[17]),
        .DOB0(dob[0]), .DOB1(dob[1]), .DOB2(dob[2]), .DOB3(dob[3]), .DOB4(dob[4]), .DOB5(dob[5]), .DOB6(dob[6]), .DOB7(dob[7]),
        .DOB8(dob[8]), .DOB9(dob[9]), .DOB10(dob[10]), .DOB11(dob[11]), .DOB12(dob[12]), .DOB13(dob[13]), .DOB14(dob[14]),
        .DOB15(dob[15]), .DOB16(dob[16]), .DOB17(dob[17])
    );
endmodule

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

    // two words of 18 bits, each in 20 of the contents: bytes of nine bits 257, 2, 3, 4; and the last word
    localparam [319:0] FIRST = {2'd0, 9'd4, 9'd3, 2'd0, 9'd2, 9'd257};
    localparam [319:0] LAST = {2'd0, 9'd300, 9'd301, 300'd0};
    reg cea = 0, ocea = 0, wea = 0, rsta = 0, ceb = 0, web = 0;
    reg [2:0] csa = 3'd5;
    reg [13:0] ada = 0, adb = 0;
    reg [17:0] dia = 0, dib = 0;
    `define PORTS .clka(clk), .cea(cea), .ocea(ocea), .wea(wea), .rsta(rsta), .csa(csa), .ada(ada), .dia(dia), .clkb(clk), .ceb(ceb), .web(web), .adb(adb), .dib(dib)
    wire [17:0] hold, shows, old, piped, async, hold_b, nines, nines_b, bits, bits_b, fours, fours_b, falling_b;
    ram #(.CS_A("0b101"), .FIRST(FIRST), .LAST(LAST)) hold_(`PORTS, .doa(hold), .dob(hold_b));
    ram #(.CS_A("0b101"), .FIRST(FIRST), .MODE_A("WRITETHROUGH")) shows_(`PORTS, .doa(shows), .dob());
    ram #(.CS_A("0b101"), .FIRST(FIRST), .MODE_A("READBEFOREWRITE")) old_(`PORTS, .doa(old), .dob());
    ram #(.CS_A("0b101"), .FIRST(FIRST), .REG_A("OUTREG")) piped_(`PORTS, .doa(piped), .dob());
    ram #(.CS_A("0b101"), .FIRST(FIRST), .RESET("ASYNC")) async_(`PORTS, .doa(async), .dob());
    ram #(.CS_A("0b101"), .FIRST(FIRST), .WA(9), .WB(18)) nines_(`PORTS, .doa(nines), .dob(nines_b));
    ram #(.CS_A("0b101"), .FIRST(FIRST), .WA(1), .WB(2)) bits_(`PORTS, .doa(bits), .dob(bits_b));
    ram #(.CS_A("0b101"), .FIRST(FIRST), .WA(4), .WB(9)) fours_(`PORTS, .doa(fours), .dob(fours_b));
    ram #(.CS_A("0b101"), .FIRST(FIRST), .EDGE_B("INV")) falling_(`PORTS, .doa(), .dob(falling_b));

    // words of 36 bits: written by port A through both ports' inputs, read by port B through both ports' outputs
    reg pwe = 0;
    reg [13:0] pad = 0;
    reg [35:0] pdi = 0;
    wire [35:0] wide;
    wire [17:0] narrow;
    ram #(.WA(36), .WB(36), .FIRST(FIRST)) wide_(
        .clka(clk), .cea(pwe), .ocea(1'b0), .wea(1'b1), .rsta(1'b0), .csa(3'd0), .ada(pad), .dia(pdi[17:0]), .doa(wide[17:0]),
        .clkb(clk), .ceb(ceb), .web(1'b0), .adb(adb), .dib(pdi[35:18]), .dob(wide[35:18]));
    ram #(.WA(36), .WB(9), .FIRST(FIRST)) narrow_(
        .clka(clk), .cea(pwe), .ocea(1'b0), .wea(1'b1), .rsta(1'b0), .csa(3'd0), .ada(pad), .dia(pdi[17:0]), .doa(),
        .clkb(clk), .ceb(ceb), .web(1'b0), .adb(adb), .dib(pdi[35:18]), .dob(narrow));

    initial begin
        #1 check(hold, 0, "an output begins at zero");
        tick; check(hold, 0, "a port that is not enabled");
        cea = 1; tick;
        check(hold, {9'd2, 9'd257}, "the first word");
        check(nines, 9'd257, "the first byte");
        check(bits, 1, "the first bit");
        check(fours, 4'h1, "the first four bits");
        check(piped, 0, "an output register that is not enabled");
        ocea = 1; ada = 14'd16; tick;
        check(hold, {9'd4, 9'd3}, "the next word, without its two bits of padding");
        check(nines, 9'd3, "the third byte");
        check(piped, {9'd2, 9'd257}, "an output register is a cycle later");
        ocea = 0; tick; check(piped, {9'd2, 9'd257}, "an output register that holds");
        ada = 14'd8; tick;
        check(nines, 9'd2, "the second byte");
        check(bits, 0, "bit 8 of the bits is bit 0 of the second byte");
        check(fours, 4'h2, "the third four bits are in the second byte");
        ada = 14'd9; tick; check(bits, 1, "bit 9 of the bits");
        ada = 14'd16368; tick; check(hold, {9'd300, 9'd301}, "the last word");
        // writes, of the lower byte alone first: the lowest bits of the address enable bytes
        wea = 1; ada = 14'd1; dia = {9'd11, 9'd10}; tick;
        check(hold, {9'd300, 9'd301}, "a write that shows nothing");
        check(shows, {9'd2, 9'd10}, "a write that shows the new word");
        check(old, {9'd2, 9'd257}, "a write that shows the old word");
        ada = 14'd3; dia = {9'd21, 9'd20}; tick;
        check(shows, {9'd21, 9'd20}, "both bytes");
        check(old, {9'd2, 9'd10}, "a write that shows what was written before");
        wea = 0; ada = 14'd0; tick; check(hold, {9'd21, 9'd20}, "what was written is read");
        // chip select
        csa = 3'd4; ada = 14'd16; tick; check(hold, {9'd21, 9'd20}, "a block that is not selected");
        csa = 3'd5; tick; check(hold, {9'd4, 9'd3}, "a block that is");
        cea = 0; wea = 1; ada = 14'd19; dia = 0; tick; wea = 0; cea = 1; ada = 14'd16; tick;
        check(hold, {9'd4, 9'd3}, "a write without enable");
        // reset clears the output, not the memory, also without enable; a synchronous one stops a write
        cea = 0; rsta = 1; #1;
        check(async, 0, "an asynchronous reset");
        check(hold, {9'd4, 9'd3}, "a synchronous reset waits for the clock");
        tick; check(hold, 0, "a reset of a port that is not enabled");
        cea = 1; wea = 1; ada = 14'd19; dia = 18'h3ffff; tick; rsta = 0; wea = 0; tick;
        check(hold, {9'd4, 9'd3}, "a write under a synchronous reset");
        check(async, 18'h3ffff, "a write under an asynchronous reset");
        // two ports of different widths
        cea = 1; wea = 1; ada = 14'd64; dia = 9'h155; tick; ada = 14'd72; dia = 9'h0aa; tick; wea = 0; cea = 0;
        ceb = 1; adb = 14'd64; tick; check(nines_b, {9'h0aa, 9'h155}, "two bytes are a word");
        cea = 1; wea = 1; ceb = 0; ada = 14'd128 + 14'd4; dia = 18'h6; tick; ada = 14'd128; dia = 18'h9; tick; wea = 0;
        ceb = 1; adb = 14'd128; tick; check(fours_b, 9'h69, "twice four bits are a byte, of which the ninth bit is not written");
        ceb = 1; web = 1; adb = 14'd256 + 14'd3; dib = {9'd401, 9'd403}; tick; web = 0;
        cea = 1; ada = 14'd256; tick; check(hold, {9'd401, 9'd403}, "port A reads what port B wrote");
        check(bits, 0, "a bit that was not");
        ada = 14'd258; tick; check(bits, 1, "port B of two bits wrote two bits");
        // a clock that is inverted: the word comes with the falling edge
        adb = 14'd16; #1 clk = 1; #1 check(falling_b === {9'd4, 9'd3}, 0, "nothing with the rising edge"); clk = 0; #1;
        check(falling_b, {9'd4, 9'd3}, "the word with the falling edge");
        // 36 bits, and enables of four bytes
        adb = 14'd0; tick; check(wide, {9'd4, 9'd3, 9'd2, 9'd257}, "the contents in 36 bits");
        check(narrow, 9'd257, "their first byte");
        adb = 14'd24; tick; check(narrow, 9'd4, "their last byte");
        pwe = 1; pad = 14'd32 + 14'hf; pdi = {9'd44, 9'd33, 9'd22, 9'd11}; tick;
        pad = 14'd32 + 14'h5; pdi = {9'd88, 9'd77, 9'd66, 9'd55}; tick; pwe = 0;
        adb = 14'd32; tick; check(wide, {9'd44, 9'd77, 9'd22, 9'd55}, "two of four bytes were written");
        check(narrow, 9'd55, "byte 0");
        adb = 14'd40; tick; check(narrow, 9'd22, "byte 1");
        check(wide, {9'd44, 9'd77, 9'd22, 9'd55}, "the lower bits of an address of 36 bits do not count");
        if (wrong == 0 && checks == 44) $display("all checks passed");
        else $display("%0d of %0d checks failed, WRONG", wrong, checks);
        $finish;
    end
endmodule
