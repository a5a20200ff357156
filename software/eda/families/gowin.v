// Models of what a Gowin FPGA has and yosys describes by its ports alone, for simulating a netlist: block RAM and the PLL.
//
// They follow Gowin's user guides of the block RAM (UG285) and of the clocks (UG286) in all modes of the single port, the semi-dual port
// and the dual port: widths, byte enables, what a write shows at the output, output registers, reset of the outputs, selection of a block.
// The memory itself is hopgate_bsram, of bsram.v.
// software/eda/tests/it/tool/models.rs tests them.

`define HOPGATE_INIT(BITS) \
    parameter [BITS-1:0] INIT_RAM_00 = 0, parameter [BITS-1:0] INIT_RAM_01 = 0, parameter [BITS-1:0] INIT_RAM_02 = 0, parameter [BITS-1:0] INIT_RAM_03 = 0, \
    parameter [BITS-1:0] INIT_RAM_04 = 0, parameter [BITS-1:0] INIT_RAM_05 = 0, parameter [BITS-1:0] INIT_RAM_06 = 0, parameter [BITS-1:0] INIT_RAM_07 = 0, \
    parameter [BITS-1:0] INIT_RAM_08 = 0, parameter [BITS-1:0] INIT_RAM_09 = 0, parameter [BITS-1:0] INIT_RAM_0A = 0, parameter [BITS-1:0] INIT_RAM_0B = 0, \
    parameter [BITS-1:0] INIT_RAM_0C = 0, parameter [BITS-1:0] INIT_RAM_0D = 0, parameter [BITS-1:0] INIT_RAM_0E = 0, parameter [BITS-1:0] INIT_RAM_0F = 0, \
    parameter [BITS-1:0] INIT_RAM_10 = 0, parameter [BITS-1:0] INIT_RAM_11 = 0, parameter [BITS-1:0] INIT_RAM_12 = 0, parameter [BITS-1:0] INIT_RAM_13 = 0, \
    parameter [BITS-1:0] INIT_RAM_14 = 0, parameter [BITS-1:0] INIT_RAM_15 = 0, parameter [BITS-1:0] INIT_RAM_16 = 0, parameter [BITS-1:0] INIT_RAM_17 = 0, \
    parameter [BITS-1:0] INIT_RAM_18 = 0, parameter [BITS-1:0] INIT_RAM_19 = 0, parameter [BITS-1:0] INIT_RAM_1A = 0, parameter [BITS-1:0] INIT_RAM_1B = 0, \
    parameter [BITS-1:0] INIT_RAM_1C = 0, parameter [BITS-1:0] INIT_RAM_1D = 0, parameter [BITS-1:0] INIT_RAM_1E = 0, parameter [BITS-1:0] INIT_RAM_1F = 0, \
    parameter [BITS-1:0] INIT_RAM_20 = 0, parameter [BITS-1:0] INIT_RAM_21 = 0, parameter [BITS-1:0] INIT_RAM_22 = 0, parameter [BITS-1:0] INIT_RAM_23 = 0, \
    parameter [BITS-1:0] INIT_RAM_24 = 0, parameter [BITS-1:0] INIT_RAM_25 = 0, parameter [BITS-1:0] INIT_RAM_26 = 0, parameter [BITS-1:0] INIT_RAM_27 = 0, \
    parameter [BITS-1:0] INIT_RAM_28 = 0, parameter [BITS-1:0] INIT_RAM_29 = 0, parameter [BITS-1:0] INIT_RAM_2A = 0, parameter [BITS-1:0] INIT_RAM_2B = 0, \
    parameter [BITS-1:0] INIT_RAM_2C = 0, parameter [BITS-1:0] INIT_RAM_2D = 0, parameter [BITS-1:0] INIT_RAM_2E = 0, parameter [BITS-1:0] INIT_RAM_2F = 0, \
    parameter [BITS-1:0] INIT_RAM_30 = 0, parameter [BITS-1:0] INIT_RAM_31 = 0, parameter [BITS-1:0] INIT_RAM_32 = 0, parameter [BITS-1:0] INIT_RAM_33 = 0, \
    parameter [BITS-1:0] INIT_RAM_34 = 0, parameter [BITS-1:0] INIT_RAM_35 = 0, parameter [BITS-1:0] INIT_RAM_36 = 0, parameter [BITS-1:0] INIT_RAM_37 = 0, \
    parameter [BITS-1:0] INIT_RAM_38 = 0, parameter [BITS-1:0] INIT_RAM_39 = 0, parameter [BITS-1:0] INIT_RAM_3A = 0, parameter [BITS-1:0] INIT_RAM_3B = 0, \
    parameter [BITS-1:0] INIT_RAM_3C = 0, parameter [BITS-1:0] INIT_RAM_3D = 0, parameter [BITS-1:0] INIT_RAM_3E = 0, parameter [BITS-1:0] INIT_RAM_3F = 0
`define HOPGATE_CONTENTS { \
    INIT_RAM_3F, INIT_RAM_3E, INIT_RAM_3D, INIT_RAM_3C, INIT_RAM_3B, INIT_RAM_3A, INIT_RAM_39, INIT_RAM_38, \
    INIT_RAM_37, INIT_RAM_36, INIT_RAM_35, INIT_RAM_34, INIT_RAM_33, INIT_RAM_32, INIT_RAM_31, INIT_RAM_30, \
    INIT_RAM_2F, INIT_RAM_2E, INIT_RAM_2D, INIT_RAM_2C, INIT_RAM_2B, INIT_RAM_2A, INIT_RAM_29, INIT_RAM_28, \
    INIT_RAM_27, INIT_RAM_26, INIT_RAM_25, INIT_RAM_24, INIT_RAM_23, INIT_RAM_22, INIT_RAM_21, INIT_RAM_20, \
    INIT_RAM_1F, INIT_RAM_1E, INIT_RAM_1D, INIT_RAM_1C, INIT_RAM_1B, INIT_RAM_1A, INIT_RAM_19, INIT_RAM_18, \
    INIT_RAM_17, INIT_RAM_16, INIT_RAM_15, INIT_RAM_14, INIT_RAM_13, INIT_RAM_12, INIT_RAM_11, INIT_RAM_10, \
    INIT_RAM_0F, INIT_RAM_0E, INIT_RAM_0D, INIT_RAM_0C, INIT_RAM_0B, INIT_RAM_0A, INIT_RAM_09, INIT_RAM_08, \
    INIT_RAM_07, INIT_RAM_06, INIT_RAM_05, INIT_RAM_04, INIT_RAM_03, INIT_RAM_02, INIT_RAM_01, INIT_RAM_00 }

module SP #(
    parameter READ_MODE = 0, parameter [1:0] WRITE_MODE = 0, parameter BIT_WIDTH = 32, parameter [2:0] BLK_SEL = 0,
    parameter RESET_MODE = "SYNC", `HOPGATE_INIT(256)
) (output [31:0] DO, input [31:0] DI, input [2:0] BLKSEL, input [13:0] AD, input WRE, input CLK, input CE, input OCE, input RESET);
    wire [35:0] q;
    assign DO = q;
    hopgate_bsram #(
        .UNIT(8), .CONTENTS(`HOPGATE_CONTENTS), .WIDTH_A(BIT_WIDTH), .WRITE_A(WRITE_MODE), .READ_A(READ_MODE),
        .SELECT_A(BLK_SEL), .RESET_MODE(RESET_MODE)
    ) ram(
        .clka(CLK), .cea(CE), .ocea(OCE), .wea(WRE), .reseta(RESET), .selecta(BLKSEL), .ada(AD), .dia(DI), .doa(q),
        .clkb(1'b0), .ceb(1'b0), .oceb(1'b0), .web(1'b0), .resetb(1'b0), .selectb(3'b0), .adb(14'b0), .dib(36'b0), .dob()
    );
endmodule

module SPX9 #(
    parameter READ_MODE = 0, parameter [1:0] WRITE_MODE = 0, parameter BIT_WIDTH = 36, parameter [2:0] BLK_SEL = 0,
    parameter RESET_MODE = "SYNC", `HOPGATE_INIT(288)
) (output [35:0] DO, input [35:0] DI, input [2:0] BLKSEL, input [13:0] AD, input WRE, input CLK, input CE, input OCE, input RESET);
    wire [35:0] q;
    assign DO = q;
    hopgate_bsram #(
        .UNIT(9), .CONTENTS(`HOPGATE_CONTENTS), .WIDTH_A(BIT_WIDTH), .WRITE_A(WRITE_MODE), .READ_A(READ_MODE),
        .SELECT_A(BLK_SEL), .RESET_MODE(RESET_MODE)
    ) ram(
        .clka(CLK), .cea(CE), .ocea(OCE), .wea(WRE), .reseta(RESET), .selecta(BLKSEL), .ada(AD), .dia(DI), .doa(q),
        .clkb(1'b0), .ceb(1'b0), .oceb(1'b0), .web(1'b0), .resetb(1'b0), .selectb(3'b0), .adb(14'b0), .dib(36'b0), .dob()
    );
endmodule

module SDPB #(
    parameter READ_MODE = 0, parameter BIT_WIDTH_0 = 32, parameter BIT_WIDTH_1 = 32, parameter [2:0] BLK_SEL_0 = 0,
    parameter [2:0] BLK_SEL_1 = 0, parameter RESET_MODE = "SYNC", `HOPGATE_INIT(256)
) (
    output [31:0] DO, input [31:0] DI, input [2:0] BLKSELA, input [2:0] BLKSELB, input [13:0] ADA, input [13:0] ADB, input CLKA,
    input CLKB, input CEA, input CEB, input OCE, input RESETA, input RESETB
);
    wire [35:0] q;
    assign DO = q;
    hopgate_bsram #(
        .UNIT(8), .CONTENTS(`HOPGATE_CONTENTS), .WIDTH_A(BIT_WIDTH_0), .WIDTH_B(BIT_WIDTH_1), .READ_B(READ_MODE),
        .SELECT_A(BLK_SEL_0), .SELECT_B(BLK_SEL_1), .RESET_MODE(RESET_MODE)
    ) ram(
        .clka(CLKA), .cea(CEA), .ocea(1'b0), .wea(1'b1), .reseta(RESETA), .selecta(BLKSELA), .ada(ADA), .dia(DI), .doa(),
        .clkb(CLKB), .ceb(CEB), .oceb(OCE), .web(1'b0), .resetb(RESETB), .selectb(BLKSELB), .adb(ADB), .dib(36'b0), .dob(q)
    );
endmodule

module SDPX9B #(
    parameter READ_MODE = 0, parameter BIT_WIDTH_0 = 36, parameter BIT_WIDTH_1 = 36, parameter [2:0] BLK_SEL_0 = 0,
    parameter [2:0] BLK_SEL_1 = 0, parameter RESET_MODE = "SYNC", `HOPGATE_INIT(288)
) (
    output [35:0] DO, input [35:0] DI, input [2:0] BLKSELA, input [2:0] BLKSELB, input [13:0] ADA, input [13:0] ADB, input CLKA,
    input CLKB, input CEA, input CEB, input OCE, input RESETA, input RESETB
);
    wire [35:0] q;
    assign DO = q;
    hopgate_bsram #(
        .UNIT(9), .CONTENTS(`HOPGATE_CONTENTS), .WIDTH_A(BIT_WIDTH_0), .WIDTH_B(BIT_WIDTH_1), .READ_B(READ_MODE),
        .SELECT_A(BLK_SEL_0), .SELECT_B(BLK_SEL_1), .RESET_MODE(RESET_MODE)
    ) ram(
        .clka(CLKA), .cea(CEA), .ocea(1'b0), .wea(1'b1), .reseta(RESETA), .selecta(BLKSELA), .ada(ADA), .dia(DI), .doa(),
        .clkb(CLKB), .ceb(CEB), .oceb(OCE), .web(1'b0), .resetb(RESETB), .selectb(BLKSELB), .adb(ADB), .dib(36'b0), .dob(q)
    );
endmodule

module DPB #(
    parameter READ_MODE0 = 0, parameter READ_MODE1 = 0, parameter [1:0] WRITE_MODE0 = 0, parameter [1:0] WRITE_MODE1 = 0,
    parameter BIT_WIDTH_0 = 16, parameter BIT_WIDTH_1 = 16, parameter [2:0] BLK_SEL_0 = 0, parameter [2:0] BLK_SEL_1 = 0,
    parameter RESET_MODE = "SYNC", `HOPGATE_INIT(256)
) (
    output [15:0] DOA, output [15:0] DOB, input [15:0] DIA, input [15:0] DIB, input [2:0] BLKSELA, input [2:0] BLKSELB,
    input [13:0] ADA, input [13:0] ADB, input WREA, input WREB, input CLKA, input CLKB, input CEA, input CEB, input OCEA, input OCEB,
    input RESETA, input RESETB
);
    wire [35:0] qa, qb;
    assign DOA = qa;
    assign DOB = qb;
    hopgate_bsram #(
        .UNIT(8), .CONTENTS(`HOPGATE_CONTENTS), .WIDTH_A(BIT_WIDTH_0), .WIDTH_B(BIT_WIDTH_1), .WRITE_A(WRITE_MODE0),
        .WRITE_B(WRITE_MODE1), .READ_A(READ_MODE0), .READ_B(READ_MODE1), .SELECT_A(BLK_SEL_0), .SELECT_B(BLK_SEL_1),
        .RESET_MODE(RESET_MODE)
    ) ram(
        .clka(CLKA), .cea(CEA), .ocea(OCEA), .wea(WREA), .reseta(RESETA), .selecta(BLKSELA), .ada(ADA), .dia(DIA), .doa(qa),
        .clkb(CLKB), .ceb(CEB), .oceb(OCEB), .web(WREB), .resetb(RESETB), .selectb(BLKSELB), .adb(ADB), .dib(DIB), .dob(qb)
    );
endmodule

module DPX9B #(
    parameter READ_MODE0 = 0, parameter READ_MODE1 = 0, parameter [1:0] WRITE_MODE0 = 0, parameter [1:0] WRITE_MODE1 = 0,
    parameter BIT_WIDTH_0 = 18, parameter BIT_WIDTH_1 = 18, parameter [2:0] BLK_SEL_0 = 0, parameter [2:0] BLK_SEL_1 = 0,
    parameter RESET_MODE = "SYNC", `HOPGATE_INIT(288)
) (
    output [17:0] DOA, output [17:0] DOB, input [17:0] DIA, input [17:0] DIB, input [2:0] BLKSELA, input [2:0] BLKSELB,
    input [13:0] ADA, input [13:0] ADB, input WREA, input WREB, input CLKA, input CLKB, input CEA, input CEB, input OCEA, input OCEB,
    input RESETA, input RESETB
);
    wire [35:0] qa, qb;
    assign DOA = qa;
    assign DOB = qb;
    hopgate_bsram #(
        .UNIT(9), .CONTENTS(`HOPGATE_CONTENTS), .WIDTH_A(BIT_WIDTH_0), .WIDTH_B(BIT_WIDTH_1), .WRITE_A(WRITE_MODE0),
        .WRITE_B(WRITE_MODE1), .READ_A(READ_MODE0), .READ_B(READ_MODE1), .SELECT_A(BLK_SEL_0), .SELECT_B(BLK_SEL_1),
        .RESET_MODE(RESET_MODE)
    ) ram(
        .clka(CLKA), .cea(CEA), .ocea(OCEA), .wea(WREA), .reseta(RESETA), .selecta(BLKSELA), .ada(ADA), .dia(DIA), .doa(qa),
        .clkb(CLKB), .ceb(CEB), .oceb(OCEB), .web(WREB), .resetb(RESETB), .selectb(BLKSELB), .adb(ADB), .dib(DIB), .dob(qb)
    );
endmodule

// A simulator has no PLL: the clock that goes in stands for the one that comes out.
module rPLL #(
    parameter FCLKIN = "100.0", parameter DEVICE = "", parameter DYN_IDIV_SEL = "false", parameter IDIV_SEL = 0,
    parameter DYN_FBDIV_SEL = "false", parameter FBDIV_SEL = 0, parameter DYN_ODIV_SEL = "false", parameter ODIV_SEL = 8,
    parameter CLKFB_SEL = "internal"
) (
    output CLKOUT, output CLKOUTP, output CLKOUTD, output CLKOUTD3, output LOCK, input CLKIN, input CLKFB, input [5:0] FBDSEL,
    input [5:0] IDSEL, input [5:0] ODSEL, input [3:0] DUTYDA, input [3:0] PSDA, input [3:0] FDLY, input RESET, input RESET_P
);
    assign CLKOUT = CLKIN;
    assign CLKOUTP = CLKIN;
    assign CLKOUTD = CLKIN;
    assign CLKOUTD3 = CLKIN;
    assign LOCK = 1'b1;
endmodule
