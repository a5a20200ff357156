// A model of what an ECP5 has and yosys describes by its ports alone, for simulating a netlist: block RAM.
//
// It follows Lattice's memory usage guide (TN1264): the true dual port (DP16KD) with widths of 1, 2, 4, 9 and 18 bits and byte enables,
// the pseudo dual port of 36 bits, of which port A writes and port B reads, what a write shows at the output, output registers, reset of
// the outputs, chip select. The memory itself is hopgate_bsram, of bsram.v. As the guide has no word on it, a synchronous reset stops
// writes as yosys's description of the cell (brams.txt) has it. software/eda/tests/it/tool/models.rs tests it.
//
// A word of 36 bits has its lower half at port A's pins, and its upper half at port B's, for data in and out alike. The contents are
// words of 18 bits, each in 20. An inverted pin other than a clock is no parameter here, so that a netlist with one is refused.

module DP16KD #(
    parameter DATA_WIDTH_A = 18, parameter DATA_WIDTH_B = 18, parameter REGMODE_A = "NOREG", parameter REGMODE_B = "NOREG",
    parameter RESETMODE = "SYNC", parameter ASYNC_RESET_RELEASE = "SYNC", parameter [39:0] CSDECODE_A = "0b000",
    parameter [39:0] CSDECODE_B = "0b000", parameter WRITEMODE_A = "NORMAL", parameter WRITEMODE_B = "NORMAL",
    parameter CLKAMUX = "CLKA", parameter CLKBMUX = "CLKB", parameter GSR = "ENABLED",
    parameter [319:0] INITVAL_00 = 0, parameter [319:0] INITVAL_01 = 0, parameter [319:0] INITVAL_02 = 0, parameter [319:0] INITVAL_03 = 0,
    parameter [319:0] INITVAL_04 = 0, parameter [319:0] INITVAL_05 = 0, parameter [319:0] INITVAL_06 = 0, parameter [319:0] INITVAL_07 = 0,
    parameter [319:0] INITVAL_08 = 0, parameter [319:0] INITVAL_09 = 0, parameter [319:0] INITVAL_0A = 0, parameter [319:0] INITVAL_0B = 0,
    parameter [319:0] INITVAL_0C = 0, parameter [319:0] INITVAL_0D = 0, parameter [319:0] INITVAL_0E = 0, parameter [319:0] INITVAL_0F = 0,
    parameter [319:0] INITVAL_10 = 0, parameter [319:0] INITVAL_11 = 0, parameter [319:0] INITVAL_12 = 0, parameter [319:0] INITVAL_13 = 0,
    parameter [319:0] INITVAL_14 = 0, parameter [319:0] INITVAL_15 = 0, parameter [319:0] INITVAL_16 = 0, parameter [319:0] INITVAL_17 = 0,
    parameter [319:0] INITVAL_18 = 0, parameter [319:0] INITVAL_19 = 0, parameter [319:0] INITVAL_1A = 0, parameter [319:0] INITVAL_1B = 0,
    parameter [319:0] INITVAL_1C = 0, parameter [319:0] INITVAL_1D = 0, parameter [319:0] INITVAL_1E = 0, parameter [319:0] INITVAL_1F = 0,
    parameter [319:0] INITVAL_20 = 0, parameter [319:0] INITVAL_21 = 0, parameter [319:0] INITVAL_22 = 0, parameter [319:0] INITVAL_23 = 0,
    parameter [319:0] INITVAL_24 = 0, parameter [319:0] INITVAL_25 = 0, parameter [319:0] INITVAL_26 = 0, parameter [319:0] INITVAL_27 = 0,
    parameter [319:0] INITVAL_28 = 0, parameter [319:0] INITVAL_29 = 0, parameter [319:0] INITVAL_2A = 0, parameter [319:0] INITVAL_2B = 0,
    parameter [319:0] INITVAL_2C = 0, parameter [319:0] INITVAL_2D = 0, parameter [319:0] INITVAL_2E = 0, parameter [319:0] INITVAL_2F = 0,
    parameter [319:0] INITVAL_30 = 0, parameter [319:0] INITVAL_31 = 0, parameter [319:0] INITVAL_32 = 0, parameter [319:0] INITVAL_33 = 0,
    parameter [319:0] INITVAL_34 = 0, parameter [319:0] INITVAL_35 = 0, parameter [319:0] INITVAL_36 = 0, parameter [319:0] INITVAL_37 = 0,
    parameter [319:0] INITVAL_38 = 0, parameter [319:0] INITVAL_39 = 0, parameter [319:0] INITVAL_3A = 0, parameter [319:0] INITVAL_3B = 0,
    parameter [319:0] INITVAL_3C = 0, parameter [319:0] INITVAL_3D = 0, parameter [319:0] INITVAL_3E = 0, parameter [319:0] INITVAL_3F = 0
) (
    input DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0,
    input ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0,
    input CEA, OCEA, CLKA, WEA, RSTA, CSA2, CSA1, CSA0,
    output DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1, DOA0,
    input DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0,
    input ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0,
    input CEB, OCEB, CLKB, WEB, RSTB, CSB2, CSB1, CSB0,
    output DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1, DOB0
);
    wire [17:0] dia = {DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0};
    wire [17:0] dib = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0};
    wire [35:0] qa, qb;
    assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1, DOA0} =
        DATA_WIDTH_B == 36 ? qb[17:0] : qa[17:0];
    assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1, DOB0} =
        DATA_WIDTH_B == 36 ? qb[35:18] : qb[17:0];

    hopgate_bsram #(
        .UNIT(9), .PITCH(20), .INHIBIT(RESETMODE == "SYNC"), .RESET_MODE(RESETMODE), .WIDTH_A(DATA_WIDTH_A), .WIDTH_B(DATA_WIDTH_B),
        .WRITE_A(WRITEMODE_A == "WRITETHROUGH" ? 1 : WRITEMODE_A == "READBEFOREWRITE" ? 2 : 0),
        .WRITE_B(WRITEMODE_B == "WRITETHROUGH" ? 1 : WRITEMODE_B == "READBEFOREWRITE" ? 2 : 0),
        .READ_A(REGMODE_A == "OUTREG"), .READ_B(REGMODE_B == "OUTREG"),
        // the last bit of a digit is its value
        .SELECT_A({CSDECODE_A[16], CSDECODE_A[8], CSDECODE_A[0]}), .SELECT_B({CSDECODE_B[16], CSDECODE_B[8], CSDECODE_B[0]}),
        .CONTENTS({
            INITVAL_3F, INITVAL_3E, INITVAL_3D, INITVAL_3C, INITVAL_3B, INITVAL_3A, INITVAL_39, INITVAL_38,
            INITVAL_37, INITVAL_36, INITVAL_35, INITVAL_34, INITVAL_33, INITVAL_32, INITVAL_31, INITVAL_30,
            INITVAL_2F, INITVAL_2E, INITVAL_2D, INITVAL_2C, INITVAL_2B, INITVAL_2A, INITVAL_29, INITVAL_28,
            INITVAL_27, INITVAL_26, INITVAL_25, INITVAL_24, INITVAL_23, INITVAL_22, INITVAL_21, INITVAL_20,
            INITVAL_1F, INITVAL_1E, INITVAL_1D, INITVAL_1C, INITVAL_1B, INITVAL_1A, INITVAL_19, INITVAL_18,
            INITVAL_17, INITVAL_16, INITVAL_15, INITVAL_14, INITVAL_13, INITVAL_12, INITVAL_11, INITVAL_10,
            INITVAL_0F, INITVAL_0E, INITVAL_0D, INITVAL_0C, INITVAL_0B, INITVAL_0A, INITVAL_09, INITVAL_08,
            INITVAL_07, INITVAL_06, INITVAL_05, INITVAL_04, INITVAL_03, INITVAL_02, INITVAL_01, INITVAL_00
        })
    ) ram(
        .clka(CLKAMUX == "INV" ? ~CLKA : CLKA), .cea(CEA), .ocea(OCEA), .wea(WEA), .reseta(RSTA), .selecta({CSA2, CSA1, CSA0}),
        .ada({ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0}),
        .dia(DATA_WIDTH_A == 36 ? {dib, dia} : {18'd0, dia}), .doa(qa),
        .clkb(CLKBMUX == "INV" ? ~CLKB : CLKB), .ceb(CEB), .oceb(OCEB), .web(WEB), .resetb(RSTB), .selectb({CSB2, CSB1, CSB0}),
        .adb({ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0}),
        .dib({18'd0, dib}), .dob(qb)
    );
endmodule
