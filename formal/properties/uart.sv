// The receiver takes every byte of a sender whose bit time is off by up to 2 %, and nothing else.
//
// The sender's time is counted in SUB-ths of a cycle. Its bit time is any constant between LEAST and MOST of them; a byte
// may begin at any fraction of a cycle, at once behind the stop bit before or any time later; and the receiver's first
// register may see each edge a cycle late.
//
// One byte stands for all: its start bit finds the receiver idle (whatever its shift register holds, and with `over` at its
// largest, which allows every beginning that another allows), and so does the start bit of the next byte, however soon
// it comes; later it finds nothing else, since an idle receiver stays so while the line is high. So the depth must hold the
// reset, a byte at its slowest, and the next one's start; what came before does not matter. `idle` is a port that the
// runner adds.
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

    // What comes out is compared with what was sent three cycles before: the line's two registers, and the edge that may
    // be late. By then the next byte may have begun.
    reg [2:0] starts_late = 0, stops_late = 0, free_late = 7;
    reg [7:0] data_late [1:3];
    wire started = starts_late[2], stops = stops_late[2], ended = free_late[2];
    reg due = 0;
    always @(posedge clock) begin
        starts_late <= {starts_late, starts};
        stops_late <= {stops_late, sending && bit_number == 9};
        free_late <= {free_late, !sending};
        data_late[1] <= data;
        data_late[2] <= data_late[1];
        data_late[3] <= data_late[2];
        if (started) due <= 1;
        else if (valid) due <= 0;
    end
    // the start bit has reached the receiver's second register
    reg [2:0] low_late = 0;
    reg edge_late = 0;
    always @(posedge clock) begin
        edge_late <= starts && late;
        low_late <= {low_late, (starts && !late) || edge_late};
    end
    always @(*) begin
        if (awake) begin
            // a byte comes once, in its stop bit, as it was sent
            if (valid) assert(due && (stops || ended) && received == data_late[3]);
            // and it has come when the stop bit ends
            if (ended) assert(!due);
            // a start bit finds it waiting
            if (low_late[1]) assert(idle);
        end
    end
`ifdef REACHED
    // must be found: the stop bit of the slowest byte has ended
    reg was_late = 0;
    always @(posedge clock) if (line != level) was_late <= 1;
    reg came = 0;
    always @(posedge clock) if (valid && awake) came <= 1;
    always @(*) assert(!(came && ended && !due && data_late[3] == 8'ha7 && was_late && bit_time == `MOST));
`endif
endmodule
