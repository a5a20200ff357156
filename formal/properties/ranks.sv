// A pass over the queues finds the next pattern of the list: the least key (distance, then number) of those queued that is within reach and
// was not listed yet; so each is listed once, in order, and none is left out. By induction, so for lists of any length.
//
// In the first cycle everything is anything that obeys the invariant; in the next one it must obey it again. `watched` is one key: what
// holds of it holds of all. A queue gives at an address what was written there: of the watched key that is assumed, and what is
// written is asserted. What the sequencer does is assumed as it is proved elsewhere: the queues are complete before a pass (`queue`), each
// entry is asked in every pass before the token (`lookup`), and a pass is followed by the list two cycles behind the token (`cycles`).
// From the runner: RANKS, BANKS, GROUPS, INDEX (bits of a group), DISTANCE (bits of a distance).
module harness(
    input clock, input start, input [`BANKS-1:0] found, input [19:0] found_group, input [15*`BANKS-1:0] found_distance,
    input [16:0] limit, input pass, input issue, input token, input [19:0] entry, input [1:0] bank, input list
);
`ifdef TWO
    localparam SHARE = 1;
`else
    localparam SHARE = 0;
`endif
    localparam PATTERN = `INDEX + SHARE, WIDTH = PATTERN + `DISTANCE + 1;
    reg first = 1;
    always @(posedge clock) first <= 0;
    wire settled, there;
    wire [19:0] pattern, total;
    wire [14:0] distance;
    wire [19:0] queued [0:1];
    `RANKS ranks(
        .clock(clock), .start(start), .found$0(found[0]), .found_distance$0(found_distance[14:0]), .queued$0(queued[0]),
`ifdef TWO
        .found$1(found[1]), .found_distance$1(found_distance[29:15]), .queued$1(queued[1]),
`endif
        .found_group(found_group), .limit(limit), .pass(pass), .issue(issue), .token(token), .entry(entry), .bank(bank), .list(list),
        .total(total), .settled(settled), .there(there), .pattern(pattern), .distance(distance)
    );
    (* hierconn *) wire \ranks.asked$q ;
    (* hierconn *) wire \ranks.came$q ;
    (* hierconn *) wire \ranks.begun$q ;
    (* hierconn *) wire \ranks.some$q ;
    (* hierconn *) wire [38:0] \ranks.rest$q ;
    (* hierconn *) wire [38:0] \ranks.least$q ;
    (* hierconn *) wire [38:0] \ranks.listed$q ;
    (* hierconn *) wire [34:0] \ranks.queue$0$data ;
    (* hierconn *) wire \ranks.queue$0$write ;
    (* hierconn *) wire [19:0] \ranks.queue$0$write_address ;
    (* hierconn *) wire [34:0] \ranks.queue$0$write_data ;
    (* hierconn *) wire [19:0] \ranks.queue$0$address ;
`ifdef TWO
    (* hierconn *) wire [34:0] \ranks.queue$1$data ;
    (* hierconn *) wire \ranks.queue$1$write ;
    (* hierconn *) wire [19:0] \ranks.queue$1$write_address ;
    (* hierconn *) wire [34:0] \ranks.queue$1$write_data ;
    (* hierconn *) wire [19:0] \ranks.queue$1$address ;
    (* hierconn *) wire [1:0] \ranks.bank_asked$0$q ;
    wire [1:0] from = \ranks.bank_asked$0$q ;
    wire [34:0] data = from[0] ? \ranks.queue$1$data : \ranks.queue$0$data ;
`else
    wire [1:0] from = 0;
    wire [34:0] data = \ranks.queue$0$data ;
`endif
    wire asked = \ranks.asked$q , came = \ranks.came$q , begun = \ranks.begun$q , some = \ranks.some$q ;
    wire [WIDTH:0] rest = \ranks.rest$q , least = \ranks.least$q , listed = \ranks.listed$q ;
    localparam [WIDTH:0] ALL = (1 << WIDTH) - 1;

    // the key that is watched, and its entry
    (* anyconst *) wire where;
    (* anyconst *) wire [`INDEX-1:0] group;
    (* anyconst *) wire [`DISTANCE-1:0] far;
    wire [WIDTH:0] number = (group << SHARE) | (SHARE ? where : 1'b0), watched = (far << PATTERN) | number;
    wire [`DISTANCE-1:0] room = ~far;
    wire [34:0] itself = (room << `INDEX) | group;

    // The model. A scan finds patterns (0), a pass goes over them (1), and when its pattern is listed (2) another pass begins, or a scan.
    // `stage` is 1 in the cycle behind the token, and 2 where what was found is listed.
    (* anyconst *) wire [1:0] any_phase, any_stage;
    (* anyconst *) wire [19:0] any_at;
    (* anyconst *) wire [`DISTANCE:0] any_bound;
    (* anyconst *) wire [WIDTH:0] any_last;
    (* anyconst *) wire [6:0] any_flags;
    reg [1:0] phase_q, stage_q;
    reg [19:0] at_q;
    reg [`DISTANCE:0] bound_q;
    reg [WIDTH:0] last_q;
    reg [6:0] flags_q;
    wire [1:0] phase = first ? any_phase : phase_q, stage = first ? any_stage : stage_q;
    wire [19:0] at = first ? any_at : at_q;
    wire [`DISTANCE:0] bound = first ? any_bound : bound_q;
    wire [WIDTH:0] last = first ? any_last : last_q, limited = bound << PATTERN;
    // one is listed; of the watched one: it is queued, was asked in this pass, is asked now, comes now, is listed; and `settled` was one
    wire any, is, was, asks, comes, done, ends;
    assign {any, is, was, asks, comes, done, ends} = first ? any_flags : flags_q;
    wire now = issue && is && entry == at && bank == (SHARE ? where : 0);
    wire [WIDTH:0] said = (distance << PATTERN) | pattern;
    wire lists = list && there;
    wire finds = found[SHARE ? where : 0] && found_group == group && found_distance[15*(SHARE ? where : 0) +: 15] == far;
    always @(posedge clock) begin
        phase_q <= start ? 0 : pass ? 1 : list ? 2 : phase;
        stage_q <= token ? 1 : stage == 1 ? 2 : 0;
        at_q <= finds ? queued[SHARE ? where : 0] : at;
        bound_q <= pass ? limit : bound;
        last_q <= lists ? said : last;
        flags_q <= {
            !start && (any || lists), !start && (is || finds), !start && !pass && (was || now), now, asks,
            !start && (done || (lists && said == watched)), settled
        };
    end
    wire busy = phase == 1;
    always @(*) begin
        assume(where < `BANKS && bank < `BANKS && limit >> (`DISTANCE + 1) == 0);
        // a scan finds, each group once; the watched key is found once
        assume(!start || (!busy && !pass && !found));
        assume(!found || (phase == 0 && !pass && found_group >> `INDEX == 0 && queued[0] < `GROUPS && (!SHARE || queued[1] < `GROUPS)));
        assume(found_distance[14:0] >> `DISTANCE == 0 && (!SHARE || found_distance[15*`BANKS-1 -: 15] >> `DISTANCE == 0));
        assume(!(finds && is));
        // a pass, its entries, the token, the list
        assume(!pass || !busy);
        assume(!pass || phase == 0 || limit == bound);
        assume(!issue || (busy && stage == 0));
        assume(!token || (busy && stage == 0 && !issue && (was || !is)));
        assume(list == (ends && busy));
        // what a queue gives
        if (asked) assume(data >> (`INDEX + `DISTANCE) == 0 && (data == itself && from == (SHARE ? where : 0)) == asks);
    end
    // how the registers hang together with the model
    wire inside = watched < limited;
    wire pipeline =
        phase != 3 && stage != 3 && (busy || (!begun && !asked && !came && stage == 0))
        && (!begun || (!asked && !came && !was && stage == 0)) && (stage == 0 || (!begun && !asked && (was || !is))) && (stage != 2 || !came)
        && (!asks || asked) && (!asked || from < `BANKS) && (!comes || came) && (!(asks || comes) || was) && (!was || is) && settled == (stage == 1) && ends == (stage == 2);
    wire keys =
        (!(begun || came) || rest <= ALL) && least <= ALL && listed <= ALL && (!begun || rest == ALL - limited)
        && (!came || (rest[WIDTH-1] && (rest == ALL - watched) == comes));
    wire order =
        listed == (any ? last + 1 : 0) && (!any || (last < limited && phase != 0)) && (!done || (is && any))
        && (phase != 0 || (!done && !was)) && (!is || !inside || done == (listed > watched));
    wire best = !busy || begun
        || ((some ? listed <= least && least < limited : least == limited) && (!some || least != watched || was)
            && (!was || asks || comes || !inside || listed > watched || (some && least <= watched)));
    always @(*) begin
        if (first) assume(pipeline && keys && order && best);
        if (!first) begin
            assert(pipeline);
            assert(keys);
            assert(order);
            assert(best);
        end
        // an entry is written behind those before it, and read where it is asked
        assert(\ranks.queue$0$write == found[0] && \ranks.queue$0$write_address == queued[0] && \ranks.queue$0$address == entry);
        if (finds && !(SHARE ? where : 0)) assert(\ranks.queue$0$write_data == itself);
`ifdef TWO
        assert(\ranks.queue$1$write == found[1] && \ranks.queue$1$write_address == queued[1] && \ranks.queue$1$address == entry);
        if (finds && where) assert(\ranks.queue$1$write_data == itself);
`endif
        // and what is said follows
        if (list) begin
            if (there) begin
                // in order, each once, and none beyond reach
                assert((!any || said > last) && distance < bound);
                // what is listed was found in this scan, and not listed before
                if (said == watched) assert(is && !done);
            end
            else assert(said == 0);
            // none is left out before it
            if (is && inside && !done) assert(there && said <= watched);
        end
    end
`ifdef REACHED
    // must be found: the watched key is listed behind another one
    always @(*) assert(!(!first && lists && any && said == watched));
`endif
endmodule
