// The core behind AXI4-Stream: packets in, packets out, a line for each.
module bench;
`include "stalls.vh"
    integer asked = 0, told = 0;
    reg s_valid = 0, m_ready = 0;
    wire s_ready, m_valid, m_last;
    wire [15:0] m_data;
    hopgate_axis dut(
        .aclk(clock), .aresetn(~reset),
        .s_axis_tvalid(s_valid), .s_axis_tready(s_ready), .s_axis_tdata(s_valid ? cues[asked] : 16'hx),
        .s_axis_tlast(s_valid ? asked % `LANES == `LANES - 1 : 1'bx),
        .m_axis_tvalid(m_valid), .m_axis_tready(m_ready), .m_axis_tdata(m_data), .m_axis_tlast(m_last)
    );
    always @(negedge clock) if (!reset) begin
        if (!s_valid && asked < `CUES * `LANES) s_valid = noise[0];
        m_ready = noise[5];
    end
    always @(posedge clock) if (!reset) begin
        if (s_valid && s_ready) begin
            asked <= asked + 1;
            s_valid <= 0;
        end
        if (m_valid && m_ready) begin
            told <= told + 1;
            $write("%h%s", m_data, m_last ? "\n" : " ");
            if (told + 1 == `CUES * `ANSWERS * (`WORDS + 3)) $finish;
        end
    end
endmodule
