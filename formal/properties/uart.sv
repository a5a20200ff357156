// The receiver takes every byte of a sender whose bit time is off by up to 2 %, and nothing else.
//
// The sender's time is counted in SUB-ths of a cycle. Its bit time is any constant between LEAST and MOST of them; a byte
// may begin at any fraction of a cycle, at once behind the stop bit before or any time later; and the receiver's first
// register may see each edge a cycle late.
//
// One byte stands for all: it begins with the receiver idle (whatever its shift register holds, and `over` at its largest,
// which allows every beginning that another allows), and when its stop bit ends the receiver is idle again and stays so
// while the line is high. So the depth must hold the reset, a byte at its slowest and a cycle; whatever came before does
// not matter. `idle` is a port that the runner adds.
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

    wire valid, idle;
    wire [7:0] received;
    `RECEIVER receiver(.clock(clock), .reset(!awake), .line(line), .valid(valid), .data(received), .idle(idle));

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
            if (free) assert(!due && idle);
        end
    end
`ifdef REACHED
    // must be found: the stop bit of the slowest byte has ended
    reg was_late = 0;
    always @(posedge clock) if (line != level) was_late <= 1;
    always @(*) assert(!(free && age == 4 && data == 8'ha7 && was_late && bit_time == `MOST));
`endif
endmodule
