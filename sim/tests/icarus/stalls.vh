    // Pauses at both ends of a stream, the same in every run.
    reg clock;
    // an edge at time 0 is one
    initial clock = 1;
    always #5 clock = ~clock;
    reg [15:0] noise = 16'hace1;
    always @(posedge clock) noise <= {noise[14:0], noise[15] ^ noise[13] ^ noise[12] ^ noise[10]};
    reg [15:0] cues [0:`CUES*`LANES-1];
    reg reset = 1;
    initial begin
        $readmemh("cues.hex", cues);
        repeat (`RESET) @(negedge clock);
        reset = 0;
        #(10 * 2000000);
        $display("it never ends");
        $finish;
    end
