// A block RAM of two ports, as the models of the families share it: how an address becomes a place, which bytes are written, and what
// an output shows. Gowin's and Lattice's ECP5 differ in names, in the layout of the contents and in what a reset stops: parameters here.
//
// What the vendors leave open is one thing here: a read of a word that the other port writes in the same cycle gives the old word.
//
// A byte has UNIT bits, 8 or 9; every two bytes of the contents begin PITCH bits behind the last two. INHIBIT: a reset stops writes.
module hopgate_bsram #(
    parameter UNIT = 9,
    parameter PITCH = 2 * UNIT,
    parameter [1024*PITCH-1:0] CONTENTS = 0,
    parameter WIDTH_A = 36, parameter WIDTH_B = 36,
    parameter [1:0] WRITE_A = 0, parameter [1:0] WRITE_B = 0,
    parameter READ_A = 0, parameter READ_B = 0,
    parameter [2:0] SELECT_A = 0, parameter [2:0] SELECT_B = 0,
    parameter RESET_MODE = "SYNC", parameter INHIBIT = 0
) (
    input clka, input cea, input ocea, input wea, input reseta, input [2:0] selecta, input [13:0] ada, input [35:0] dia,
    output [35:0] doa,
    input clkb, input ceb, input oceb, input web, input resetb, input [2:0] selectb, input [13:0] adb, input [35:0] dib,
    output [35:0] dob
);
    reg [UNIT-1:0] memory [0:2047];
    integer place;
    initial for (place = 0; place < 2048; place = place + 1) memory[place] = CONTENTS[place/2*PITCH + place%2*UNIT +: UNIT];

    // bytes of a word; a word of less than a byte is a part of one
    localparam BYTES_A = WIDTH_A < UNIT ? 1 : WIDTH_A / UNIT;
    localparam BYTES_B = WIDTH_B < UNIT ? 1 : WIDTH_B / UNIT;
    wire [10:0] firsta = ada[13:3] & ~(BYTES_A - 1);
    wire [10:0] firstb = adb[13:3] & ~(BYTES_B - 1);
    wire [2:0] bita = WIDTH_A < UNIT ? ada[2:0] & ~(WIDTH_A - 1) : 0;
    wire [2:0] bitb = WIDTH_B < UNIT ? adb[2:0] & ~(WIDTH_B - 1) : 0;
    localparam [UNIT-1:0] MASK_A = WIDTH_A < UNIT ? (1 << WIDTH_A) - 1 : ~0;
    localparam [UNIT-1:0] MASK_B = WIDTH_B < UNIT ? (1 << WIDTH_B) - 1 : ~0;

    reg [35:0] olda, olda_new, oldb, oldb_new;
    integer i, j;
    // the lowest bits of the address enable the bytes of words of several
    always @* begin
        olda = 0;
        olda_new = 0;
        for (i = 0; i < BYTES_A; i = i + 1) begin
            olda[i*UNIT +: UNIT] = (memory[firsta + i] >> bita) & MASK_A;
            olda_new[i*UNIT +: UNIT] = BYTES_A == 1 || ada[i] ? dia[i*UNIT +: UNIT] & MASK_A : olda[i*UNIT +: UNIT];
        end
    end
    always @* begin
        oldb = 0;
        oldb_new = 0;
        for (j = 0; j < BYTES_B; j = j + 1) begin
            oldb[j*UNIT +: UNIT] = (memory[firstb + j] >> bitb) & MASK_B;
            oldb_new[j*UNIT +: UNIT] = BYTES_B == 1 || adb[j] ? dib[j*UNIT +: UNIT] & MASK_B : oldb[j*UNIT +: UNIT];
        end
    end

    wire onea = cea && selecta == SELECT_A;
    wire oneb = ceb && selectb == SELECT_B;
    integer k, l;
    always @(posedge clka)
        if (onea && wea && !(INHIBIT && reseta))
            for (k = 0; k < BYTES_A; k = k + 1)
                if (BYTES_A == 1 || ada[k])
                    memory[firsta + k] <= (memory[firsta + k] & ~(MASK_A << bita)) | ((dia[k*UNIT +: UNIT] & MASK_A) << bita);
    always @(posedge clkb)
        if (oneb && web && !(INHIBIT && resetb))
            for (l = 0; l < BYTES_B; l = l + 1)
                if (BYTES_B == 1 || adb[l])
                    memory[firstb + l] <= (memory[firstb + l] & ~(MASK_B << bitb)) | ((dib[l*UNIT +: UNIT] & MASK_B) << bitb);

    hopgate_bsram_output #(.WRITE(WRITE_A), .READ(READ_A), .RESET_MODE(RESET_MODE))
        outputa(.clk(clka), .one(onea), .oce(ocea), .we(wea), .reset(reseta), .old(olda), .new_word(olda_new), .q(doa));
    hopgate_bsram_output #(.WRITE(WRITE_B), .READ(READ_B), .RESET_MODE(RESET_MODE))
        outputb(.clk(clkb), .one(oneb), .oce(oceb), .we(web), .reset(resetb), .old(oldb), .new_word(oldb_new), .q(dob));
endmodule

// What a port shows: the word that was read, and of one that was written nothing new (WRITE 0), the new word (1) or the old one (2);
// through a further register if READ is 1. Reset clears it, also where the port is not enabled.
module hopgate_bsram_output #(
    parameter [1:0] WRITE = 0,
    parameter READ = 0,
    parameter RESET_MODE = "SYNC"
) (input clk, input one, input oce, input we, input reset, input [35:0] old, input [35:0] new_word, output [35:0] q);
    reg [35:0] latch = 0, register = 0;
    wire changes = one && (!we || WRITE != 0);
    wire [35:0] shown = we && WRITE == 1 ? new_word : old;
    generate
        if (RESET_MODE == "ASYNC") begin
            always @(posedge clk or posedge reset) begin
                if (reset) latch <= 0;
                else if (changes) latch <= shown;
            end
            always @(posedge clk or posedge reset) begin
                if (reset) register <= 0;
                else if (oce) register <= latch;
            end
        end else begin
            always @(posedge clk) begin
                if (reset) latch <= 0;
                else if (changes) latch <= shown;
                if (reset) register <= 0;
                else if (oce) register <= latch;
            end
        end
    endgenerate
    assign q = READ ? register : latch;
endmodule
