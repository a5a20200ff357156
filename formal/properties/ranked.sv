// What a ranking keeps of the classes that it has seen is right after every class, whatever it was before: by induction, so for
// any number of classes and for sums of any width. That it walks and ends in time is for `ranking.sv`.
//
// Beside it runs what it stands for: the best sum, the next one, and whose they are. In the first cycle everything is anything that
// obeys the invariant; in the next one it must obey it again. `any` is one class: what holds of it holds of all.
// From the runner: RANKING, BITS, CLASSES, and JOINED where two columns show their sums.
module harness(input clock, input start, input last, input odd, input [31:0] shown, input [31:0] shown_above);
    localparam W = `BITS + 1;
    reg first = 1;
    always @(posedge clock) first <= 0;
    wire [15:0] words_class, words_second, score_low, score_high, margin_low, margin_high;
    `RANKING ranking(
        .clock(clock), .reset(1'b0), .start(start), .last(last), .odd(odd), .shown$0(shown),
`ifdef JOINED
        .shown$1(shown_above),
`endif
        .words$0(words_class), .words$1(words_second), .words$2(score_low), .words$3(score_high), .words$4(margin_low),
        .words$5(margin_high)
    );
    (* hierconn *) wire [35:0] \ranking.sum ;
    (* hierconn *) wire \ranking.compares ;
    (* hierconn *) wire \ranking.ranks$q ;
    (* hierconn *) wire [35:0] \ranking.below$q ;
    (* hierconn *) wire [35:0] \ranking.gap$q ;
    (* hierconn *) wire [35:0] \ranking.least$q ;
    (* hierconn *) wire \ranking.more$q ;
    (* hierconn *) wire [19:0] \ranking.number$q ;
    (* hierconn *) wire [19:0] \ranking.class$q ;
    (* hierconn *) wire [19:0] \ranking.second$q ;
    wire compares = \ranking.compares , ranks = \ranking.ranks$q ;
    wire signed [`BITS-1:0] sum = \ranking.sum ;
    // the model, one class behind: `pending` is the sum that is compared already and not ranked yet
    localparam signed [W-1:0] LESS = -(1 << (`BITS - 1)) - 1, MOST = (1 << (`BITS - 1)) - 1;
    (* anyconst *) wire [10:0] any;
    (* anyconst *) wire [10:0] any_count, any_class, any_second;
    (* anyconst *) wire signed [W-1:0] any_best, any_next;
    (* anyconst *) wire signed [`BITS-1:0] any_pending, any_other;
    reg [10:0] count_q, class_q, second_q;
    reg signed [W-1:0] best_q, next_q;
    reg signed [`BITS-1:0] pending_q, other_q;
    wire [10:0] count = first ? any_count : count_q, class = first ? any_class : class_q;
    wire [10:0] second = first ? any_second : second_q;
    wire signed [W-1:0] best = first ? any_best : best_q, next = first ? any_next : next_q;
    wire signed [`BITS-1:0] pending = first ? any_pending : pending_q, other = first ? any_other : other_q;
    always @(posedge clock) begin
        {count_q, class_q, second_q, best_q, next_q, other_q} <= {count, class, second, best, next, other};
        pending_q <= sum;
        if (ranks) begin
            count_q <= count + 1;
            if (any == count) other_q <= pending;
            if (pending > best) begin
                {best_q, next_q, class_q, second_q} <= {{pending[`BITS-1], pending}, best, count, class};
            end else if (pending > next) begin
                {next_q, second_q} <= {{pending[`BITS-1], pending}, count};
            end
        end
        if (start) {count_q, best_q} <= {11'd0, LESS};
    end
    // of what is around it: a start finds nothing under way, no class comes behind the last, and a sum is one of BITS bits
    always @(*) begin
        assume(!(start && (compares || ranks)));
        assume(!(compares && count + ranks >= `CLASSES));
        assume(\ranking.sum >> `BITS == 0);
        assume(any < `CLASSES);
    end
    // what the registers say
    wire signed [W-1:0] ahead = pending, top = ranks && ahead > best ? ahead : best;
    wire [W-1:0] lead = ahead - best - 1, margin = best - next, kept = \ranking.least$q + \ranking.more$q ;
    wire [W-1:0] below = ~top;
    wire registers =
        count + ranks <= `CLASSES && \ranking.below$q == below && \ranking.gap$q == (ranks ? lead : 0) && \ranking.least$q >> W == 0
        && (\ranking.number$q == count || (count == `CLASSES && !ranks))
        && (count == 0 || (\ranking.class$q == class && kept == margin))
        && (count < 2 || \ranking.second$q == second);
    // what the model says of the classes that were ranked
    wire model =
        (count == 0 ? best == LESS : best > LESS && best <= MOST && class < count)
        && (count != 1 || next == LESS) && (count < 2 || (next > LESS && next <= best && second < count && second != class))
        && (any >= count || (other <= best && (other != best || class <= any) && (class != any || other == best)))
        && (any >= count || any == class || count < 2
            || (other <= next && (other != next || second <= any) && (second != any || other == next)));
    wire signed [33:0] wide_best = best, wide_next = next;
    always @(*) begin
        if (first) assume(registers && model);
        if (!first) assert(registers && model);
        // and what is said at the end follows from it
        if (count == `CLASSES && !ranks && !compares) begin
            assert(words_class == class && words_second == second);
            assert({score_high, score_low} == ((wide_best <<< 1) | odd) % (34'd1 << 32));
            assert({margin_high, margin_low} == ((wide_best - wide_next) <<< 1) % (34'd1 << 32));
        end
    end
`ifdef REACHED
    // must be found: one class before the last one is ranked, and will be the best
    always @(*) assert(!(count == `CLASSES - 1 && ranks && ahead > best && any == second));
`endif
endmodule
