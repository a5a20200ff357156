// The core at its streams: cues in, answers out, a line for each.
module bench;
`include "stalls.vh"
    integer asked = 0, told = 0;
    reg in_valid = 0, out_ready = 0;
    wire in_ready, out_valid;
    wire [15:0] out_data;
    hopgate_core dut(
        .clock(clock), .reset(reset), .in_valid(in_valid), .in_ready(in_ready), .in_data(in_valid ? cues[asked] : 16'hx),
        .out_valid(out_valid), .out_ready(out_ready), .out_data(out_data),
        .turn_done(), .turn(), .step_done(), .step_cycles(), .step_queued()
    );
    always @(negedge clock) if (!reset) begin
        // what is offered stays until it is taken
        if (!in_valid && asked < `CUES * `LANES) in_valid = noise[0];
        out_ready = noise[5];
    end
    always @(posedge clock) if (!reset) begin
        if (in_valid && in_ready) begin
            asked <= asked + 1;
            in_valid <= 0;
        end
        if (out_valid && out_ready) begin
            told <= told + 1;
            $write("%h%s", out_data, (told + 1) % (`WORDS + 3) == 0 ? "\n" : " ");
            if (told + 1 == `CUES * `ANSWERS * (`WORDS + 3)) $finish;
        end
    end
endmodule
