// The class that is said has the greatest sum, and of equals the lowest number; the second is that of the others; score and margin
// are those of their sums.
//
// One ranking is looked at, after a reset, to its words: registers begin with anything, and a start forgets what was before. So as
// many cycles are enough as it takes. Sums are free. Any class is compared with those that are said.
// From the runner: RANKING, BITS, CLASSES, and JOINED where two columns show their sums.
module harness(input clock, input odd, input [31:0] shown, input [31:0] shown_above);
    // the reset, until the pipeline is empty
    reg [7:0] cycle = 0;
    always @(posedge clock) if (cycle != 255) cycle <= cycle + 1;
    wire reset = cycle < 5;
    wire [7:0] at = cycle - 5;
    // cycle 1 + c is the turn of class c, and its sum is shown a cycle later, in its column; the other shows zero
    wire [7:0] number = at - 2;
    wire showing = !reset && at >= 2 && number < `CLASSES;
    wire [31:0] low = showing && number < 16 ? shown : 0;
    wire [31:0] high = showing && number >= 16 ? shown_above : 0;
    wire walk, done;
    wire [15:0] class, second, score_low, score_high, margin_low, margin_high;
    `RANKING ranking(
        .clock(clock), .reset(reset), .start(at == 0), .last(at == `CLASSES), .odd(odd), .shown$0(low),
`ifdef JOINED
        .shown$1(high),
`endif
        .walk(walk), .done(done), .words$0(class), .words$1(second), .words$2(score_low), .words$3(score_high),
        .words$4(margin_low), .words$5(margin_high)
    );
    always @(*) begin
        assume(shown >> `BITS == 0);
        assume(shown_above >> `BITS == 0);
    end
    wire [31:0] now = low | high;
    reg signed [`BITS-1:0] sums [0:`CLASSES-1];
    always @(posedge clock) if (showing) sums[number] <= now[`BITS-1:0];
`ifdef JOINED
    localparam END = `CLASSES + 3;
`else
    localparam END = `CLASSES + 2;
`endif
    (* anyconst *) wire [15:0] any;
    always @(*) assume(any < `CLASSES);
    wire signed [`BITS-1:0] best = sums[class], next = sums[second], other = sums[any];
    wire signed [33:0] wide_best = best, wide_next = next;
    always @(*) begin
        if (!reset && at >= 1) assert(walk == (at <= `CLASSES));
        if (!reset) assert(done == (at == END));
        if (at == END + 1) begin
            assert(class < `CLASSES && second < `CLASSES && class != second);
            assert(other < best || (other == best && class <= any));
            if (any != class) assert(other < next || (other == next && second <= any));
            assert({score_high, score_low} == ((wide_best <<< 1) | odd) % (34'd1 << 32));
            assert({margin_high, margin_low} == ((wide_best - wide_next) <<< 1) % (34'd1 << 32));
        end
    end
`ifdef REACHED
    // must be found: the last class wins, the first one is second, with the greatest margin that there is
    always @(*) assert(!(at == END + 1 && class == `CLASSES - 1 && second == 0
                         && {margin_high, margin_low} == ((34'd1 << `BITS) - 1) << 1));
`endif
endmodule
