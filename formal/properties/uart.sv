// The receiver takes every byte of a sender whose bit time is off by up to 2 %, and nothing else.
//
// The sender's time is counted in SUB-ths of a cycle. Its bit time is any constant between LEAST and MOST of them; a byte
// may begin at any fraction of a cycle, at once behind the stop bit before or any time later; and the receiver's first
// register may see each edge a cycle late.
//
// From the runner: RECEIVER, SUB, LEAST, MOST, TIME_BITS that hold MOST + SUB.
module harness(
    input clock,
    input begin_byte,
    input [`TIME_BITS-1:0] fraction,
    input [7:0] byte_in,
    input late
);
    // Reset for four cycles, the line high.
    reg [2:0] age = 0;
    wire awake = age[2];
    always @(posedge clock) if (!awake) age <= age + 1;

    (* anyconst *) wire [`TIME_BITS-1:0] bit_time;
    always @(*) assume(bit_time >= `LEAST && bit_time <= `MOST);

    reg sending = 0;
    reg [3:0] bit_number = 0;               // 0: start, 1..8: data, 9: stop
    reg [`TIME_BITS-1:0] elapsed = 0;       // of this bit, at this cycle
    reg [`TIME_BITS-1:0] over = `SUB - 1;   // how long ago the stop bit ended, at most a cycle
    reg [7:0] data = 0;
    wire [`TIME_BITS-1:0] next = elapsed + `SUB;
    wire ends = sending && next >= bit_time;
    wire free = !sending && awake;
    wire starts = free && begin_byte && fraction <= over;
    always @(posedge clock) begin
        if (starts) begin
            // the cycle in which it is seen first: it began a fraction of a cycle ago
            sending <= 1;
            bit_number <= 0;
            elapsed <= fraction + `SUB;
            data <= byte_in;
        end else if (sending) begin
            elapsed <= ends ? next - bit_time : next;
            if (ends) begin
                bit_number <= bit_number + 1;
                if (bit_number == 9) sending <= 0;
            end
        end
        over <= (ends && bit_number == 9) ? next - bit_time : `SUB - 1;
    end
    wire [9:0] frame = {1'b1, data, 1'b0};
    wire level = starts ? 1'b0 : sending ? frame[bit_number] : 1'b1;
    reg before = 1;
    always @(posedge clock) before <= level;
    wire line = late ? before : level;

    wire valid;
    wire [7:0] received;
    `RECEIVER receiver(.clock(clock), .reset(!awake), .line(line), .valid(valid), .data(received));

    reg due = 0;
    always @(posedge clock) begin
        if (starts) due <= 1;
        else if (valid) due <= 0;
    end
    always @(*) begin
        if (awake) begin
            // a byte comes once, in its stop bit, as it was sent
            if (valid) assert(due && bit_number == 9 && received == data);
            // and it has come when the stop bit ends
            if (free) assert(!due || valid);
        end
    end
`ifdef REACHED
    reg [1:0] bytes = 0;
    reg idled = 1;
    always @(posedge clock) begin
        if (starts && bytes != 3) bytes <= bytes + 1;
        if (bytes != 0 && free && !starts) idled <= 1; else if (starts && bytes == 0) idled <= 0;
    end
    // must be found: a second byte, at once behind the first
    always @(*) assert(!(bytes == 2 && !idled && valid && received == 8'ha7 && bit_time == `LEAST));
`endif
endmodule
