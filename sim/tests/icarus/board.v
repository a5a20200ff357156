// A board at its pins: bytes of requests in, bytes of replies out, a line for each exchange.
//
// `exchanges.hex` has, for each, how many bytes are sent, these, and how many are to come.
module bench;
    reg clock = 0;
    always #5 clock = ~clock;
    reg rx = 1;
    wire tx;
    hopgate_board dut(.clock(clock), .reset_n(1'b1), .rx(rx), .tx(tx), .led());
    reg [15:0] words [0:4095];
    reg [9:0] frame;
    reg [7:0] byte_in;
    integer at = 0, left, b, i, coming;
    event sent;
    task send(input [7:0] value);
        begin
            frame = {1'b1, value, 1'b0};
            for (b = 0; b < 10; b = b + 1) begin
                rx = frame[b];
                repeat (`DIVIDER) @(negedge clock);
            end
        end
    endtask
    task receive;
        begin
            while (tx !== 0) @(negedge clock);
            repeat (`DIVIDER + `DIVIDER / 2) @(negedge clock);
            for (i = 0; i < 8; i = i + 1) begin
                byte_in[i] = tx;
                repeat (`DIVIDER) @(negedge clock);
            end
            if (tx !== 1) $display("no stop bit");
        end
    endtask
    initial begin
        $readmemh("exchanges.hex", words);
        repeat (`RESET) @(negedge clock);
        while (words[at] !== 16'hffff) begin
            left = words[at];
            at = at + 1;
            while (left > 0) begin
                send(words[at][7:0]);
                at = at + 1;
                left = left - 1;
            end
            for (coming = words[at]; coming > 0; coming = coming - 1) begin
                receive;
                $write("%h", byte_in);
            end
            at = at + 1;
            $write("\n");
        end
        $finish;
    end
    initial #(10 * 2000000) begin
        $display("it never ends");
        $finish;
    end
endmodule
