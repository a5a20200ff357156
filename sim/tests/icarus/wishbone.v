// The core behind Wishbone: a master that asks its registers, an answer a line.
module bench;
`include "stalls.vh"
    reg cyc = 0, stb = 0, we = 0;
    reg [2:0] adr = 0;
    reg [31:0] dat = 0;
    wire ack;
    wire [31:0] read;
    hopgate_wishbone dut(
        .wb_clk_i(clock), .wb_rst_i(reset), .wb_cyc_i(cyc), .wb_stb_i(stb), .wb_we_i(we), .wb_adr_i({1'b0, adr}), .wb_sel_i(4'hf), .wb_dat_i(dat),
        .wb_dat_o(read), .wb_ack_o(ack)
    );
    reg [31:0] got;
    task transfer(input write, input [2:0] register, input [31:0] value);
        begin
            @(negedge clock);
            {cyc, stb, we, adr, dat} = {1'b1, 1'b1, write, register, value};
            @(posedge clock);
            while (!ack) @(posedge clock);
            got = read;
            @(negedge clock) {cyc, stb} = 2'b00;
            while (noise[0]) @(negedge clock);
        end
    endtask
    integer q, l, a;
    initial begin
        @(negedge reset);
        for (q = 0; q < `CUES; q = q + 1) begin
            got = 0;
            while (!got[0]) transfer(0, 0, 0);
            for (l = 0; l < `LANES; l = l + 1) transfer(1, 1, {16'b0, cues[`LANES * q + l]});
            for (a = 0; a < `ANSWERS; a = a + 1) begin
                got = 0;
                while (!got[1]) transfer(0, 0, 0);
                for (l = 0; l < `WORDS; l = l + 1) begin
                    transfer(0, 2, 0);
                    $write("%h ", got[15:0]);
                end
                got = 0;
                while (!got[2]) transfer(0, 0, 0);
                for (l = 3; l < 6; l = l + 1) begin
                    transfer(0, l[2:0], 0);
                    $write("%h%s", got[15:0], l == 5 ? "\n" : " ");
                end
            end
        end
        $finish;
    end
endmodule
