// A pass over the queue finds the next pattern of the list: the least key (distance, then number) of those queued that is within reach and
// was not listed yet; so each is listed once, in order, and none is left out. By induction, so for lists of any length.
//
// In the first cycle everything is anything that obeys the invariant; in the next one it must obey it again. `watched` is one key: what
// holds of it holds of all. A queue gives at an address what was written there: of the watched key's address that is assumed, and what is
// written is asserted. What the sequencer does is assumed as it is proved elsewhere: the queue is complete before a pass (`queue`), each
// entry is asked in every pass, in order, before the token, then that of the pattern is read, and is written when it has left (`lookup`).
// From the runner: RANKS, NEAREST, BANKS, GROUPS, INDEX (bits of a group), DISTANCE (bits of a distance), REACH, NORMALISED or not.
module harness(
    input clock, input start, input comes, input last, input [15*`BANKS-1:0] distance, input [1:0] last_bank,
    input again, input issue, input token, input [19:0] place, input [19:0] entry, input taken
);
`ifdef TWO
    localparam SHARE = 1;
`else
    localparam SHARE = 0;
`endif
    // stages of the filter
    localparam STAGES = SHARE + 1;
    localparam [14:0] FAR = (1 << `DISTANCE) - 1;
`ifdef NORMALISED
    wire normalised = 1;
`else
    wire normalised = 0;
`endif
    reg first = 1;
    always @(posedge clock) first <= 0;
    wire listing, there, passes, nearer, scanned;
    wire [`BANKS-1:0] found;
    wire [15*`BANKS-1:0] found_distance, room;
    wire [19:0] pattern, queued, found_group, nearest;
    wire [14:0] said_distance, base;
    wire [1:0] bank = SHARE ? nearest[0] : 0;
    `NEAREST filter(
        .clock(clock), .start(start || again), .valid(comes || issue), .last(last), .token(token), .reach(15'd`REACH + 15'd1),
        .last_bank(last_bank), .normalised(normalised), .listing$0(listing), .passes$0(passes), .nearer$0(nearer),
        .distance$0(distance[14:0]), .room_left$0(room[14:0]), .found$0(found[0]), .found_distance$0(found_distance[14:0]),
`ifdef TWO
        .distance$1(distance[29:15]), .room_left$1(room[29:15]), .found$1(found[1]), .found_distance$1(found_distance[29:15]),
`endif
        .found_group(found_group), .scanned(scanned), .nearest(nearest), .nearest_distance(said_distance), .base(base)
    );
    `RANKS ranks(
        .clock(clock), .start(start), .found$0(found[0]), .found_distance$0(found_distance[14:0]), .room$0(room[14:0]),
`ifdef TWO
        .found$1(found[1]), .found_distance$1(found_distance[29:15]), .room$1(room[29:15]),
`endif
        .found_group(found_group), .pass(again), .place(place), .entry(entry), .passes(passes), .nearer(nearer), .bank(bank),
        .taken(taken), .queued(queued), .listing(listing), .there(there), .pattern(pattern)
    );
    (* hierconn *) wire \filter.valid_late$0$q ;
    (* hierconn *) wire \filter.token_late$0$q ;
    (* hierconn *) wire [14:0] \filter.closeness$q ;
    (* hierconn *) wire [14:0] \filter.best$q ;
    (* hierconn *) wire [16:0] \filter.limit$q ;
    (* hierconn *) wire [19:0] \filter.group$q ;
    (* hierconn *) wire \ranks.lists$q ;
    (* hierconn *) wire \ranks.some$q ;
    (* hierconn *) wire [19:0] \ranks.length$q ;
    (* hierconn *) wire [34:0] \ranks.queue$0$data ;
    (* hierconn *) wire \ranks.queue$0$write ;
    (* hierconn *) wire [19:0] \ranks.queue$0$write_address ;
    (* hierconn *) wire [34:0] \ranks.queue$0$write_data ;
    (* hierconn *) wire [19:0] \ranks.queue$0$address ;
`ifdef TWO
    (* hierconn *) wire \filter.valid_late$1$q ;
    (* hierconn *) wire \filter.token_late$1$q ;
    (* hierconn *) wire [14:0] \filter.late$0$q ;
    (* hierconn *) wire [14:0] \filter.late$1$q ;
    (* hierconn *) wire [14:0] \filter.lesser$0$q ;
    (* hierconn *) wire [19:0] \filter.lesser_bank$0$q ;
    (* hierconn *) wire [16:0] \filter.spare$0$q ;
    (* hierconn *) wire [16:0] \filter.spare$1$q ;
    (* hierconn *) wire [19:0] \filter.masked_bank$q ;
    (* hierconn *) wire \filter.better$0$q ;
    (* hierconn *) wire [19:0] \filter.candidate$0$q ;
    (* hierconn *) wire [19:0] \filter.best_index$q ;
    (* hierconn *) wire [34:0] \ranks.queue$1$data ;
    (* hierconn *) wire \ranks.queue$1$write ;
    (* hierconn *) wire [19:0] \ranks.queue$1$write_address ;
    (* hierconn *) wire [34:0] \ranks.queue$1$write_data ;
    (* hierconn *) wire [19:0] \ranks.queue$1$address ;
    wire [1:0] valids = {\filter.valid_late$1$q , \filter.valid_late$0$q };
    wire [1:0] tokens = {\filter.token_late$1$q , \filter.token_late$0$q };
    wire [1:0] writes = {\ranks.queue$1$write , \ranks.queue$0$write };
    wire [69:0] data = {\ranks.queue$1$data , \ranks.queue$0$data };
    wire [69:0] written = {\ranks.queue$1$write_data , \ranks.queue$0$write_data };
    wire [39:0] write_at = {\ranks.queue$1$write_address , \ranks.queue$0$write_address };
`else
    wire [0:0] valids = \filter.valid_late$0$q , tokens = \filter.token_late$0$q ;
    wire [0:0] writes = \ranks.queue$0$write ;
    wire [34:0] data = \ranks.queue$0$data , written = \ranks.queue$0$write_data ;
    wire [19:0] write_at = \ranks.queue$0$write_address ;
`endif
    wire [14:0] closeness = \filter.closeness$q , best = \filter.best$q ;
    wire [16:0] limit = \filter.limit$q ;
    wire [19:0] group = \filter.group$q , length = \ranks.length$q ;
    wire lists = \ranks.lists$q , some = \ranks.some$q ;

    // the key that is watched, and its entry
    (* anyconst *) wire where;
    (* anyconst *) wire [`INDEX-1:0] watched_group;
    (* anyconst *) wire [14:0] far;
    wire here = SHARE ? where : 0;
    wire [14:0] room_of_it = FAR - far;
    wire [34:0] itself = (room_of_it << `INDEX) | watched_group;

    // The model. A scan finds patterns (0), a pass goes over them (1), and when its pattern is listed (2) another pass begins, or a scan.
    (* anyconst *) wire [1:0] any_phase;
    (* anyconst *) wire [19:0] any_at, any_asked, any_passed, any_holder_at;
    (* anyconst *) wire [20*STAGES-1:0] any_way;
    (* anyconst *) wire [16:0] any_bound;
    (* anyconst *) wire [14:0] any_least;
    (* anyconst *) wire [10:0] any_flags;
    reg [1:0] phase_q;
    reg [19:0] at_q, asked_q, passed_q, holder_at_q;
    reg [20*STAGES-1:0] way_q;
    reg [16:0] bound_q;
    reg [14:0] least_q;
    reg [10:0] flags_q;
    wire [1:0] phase = first ? any_phase : phase_q;
    // where it is queued; how many entries were asked in this pass; groups that have passed in this scan
    wire [19:0] at = first ? any_at : at_q, asked = first ? any_asked : asked_q, passed = first ? any_passed : passed_q;
    // the entries that are on their way through the filter, the youngest first; where the nearest so far is
    wire [20*STAGES-1:0] way = first ? any_way : way_q;
    wire [19:0] holder_at = first ? any_holder_at : holder_at_q, eldest = way[20*STAGES-1 -: 20];
    // what is out of reach; the least distance of the scan
    wire [16:0] bound = first ? any_bound : bound_q;
    wire [14:0] least = first ? any_least : least_q;
    // of the watched one: it is queued, it was taken out. A nearest so far, its bank; the token was given; it had left the filter in the cycle
    // before; nothing had passed or begun in it; a pass begins, the first one of a list; a pattern is listed; that was taken out
    wire is, gone, holds, holder_bank, over, ends, quiet, begins, opens, list, clean;
    assign {is, gone, holds, holder_bank, over, ends, quiet, begins, opens, list, clean} = first ? any_flags : flags_q;
`ifdef TWO
    wire nearer_bank = \filter.masked_bank$q [0];
`else
    wire nearer_bank = 0;
`endif
    wire kept = |found && !lists;
    wire finds = kept && found_group == watched_group && found_distance[15*here +: 15] == far;
    wire asks = issue && is && place == at;
    wire its_turn = place == at && bank == here, takes = taken && is && its_turn;
    always @(posedge clock) begin
        phase_q <= start ? 0 : again ? 1 : phase == 1 && scanned ? 2 : phase;
        at_q <= finds ? queued : at;
        asked_q <= again ? 0 : asked + issue;
        passed_q <= start ? 0 : passed + (passes && !lists);
        way_q <= {way, place};
        bound_q <= opens ? limit : bound;
        least_q <= again && phase == 0 ? base : least;
        holder_at_q <= nearer ? eldest : holder_at;
        flags_q <= {
            !start && (is || finds), !start && (gone || takes), !start && !again && (holds || nearer), nearer ? nearer_bank : holder_bank,
            !start && !again && (over || token), scanned, !passes && !start, again, again && phase == 0, phase == 1 && scanned,
            !again && (clean || taken)
        };
    end
    integer s, b;
    always @(*) begin
        assume(`BANKS == 1 || where < `BANKS);
        assume(last_bank < `BANKS && far < FAR);
        for (b = 0; b < `BANKS; b = b + 1) assume(distance[15*b +: 15] < FAR);
        // a scan: groups, then the token; a pass when it has left the filter, or when what was listed is taken out
        assume(!start || (phase != 1 && over && !again && !comes && !token && !valids && !tokens));
        assume(!comes || (phase == 0 && !over && !token && !again && passed + valids[0] + (STAGES == 2 ? valids[STAGES-1] : 0) < `GROUPS));
        assume(!again || (!token && (phase == 0 ? ends && over : phase == 2 && clean && !list)));
        // its entries, in their order, then the token
        assume(!issue || (phase == 1 && !begins && !over && !token && place == asked && asked < length));
        assume(!token || (!over && !start && (phase == 0 || (phase == 1 && !begins && asked == length))));
        // what was found is read then, and written
        assume(!taken || (phase == 2 && !list && !again && !start));
        assume(phase != 2 || !holds || place == holder_at);
        // What a queue gives: groups in their order, and the watched one's entry at its place. What was taken out has no room.
        for (b = 0; b < `BANKS; b = b + 1) begin
            assume(data[35*b +: 35] >> (`INDEX + `DISTANCE) == 0);
            if ((issue || (phase == 2 && holds && b == holder_bank)) && is && (data[35*b +: 35] >> `INDEX) != 0)
                assume(place == at ? data[35*b +: `INDEX] == watched_group
                    : place < at ? data[35*b +: `INDEX] < watched_group : data[35*b +: `INDEX] > watched_group);
        end
        if (issue) assume((data[35*here +: 35] == itself) == (asks && !gone));
        if (asks && gone) assume(data[35*here +: 35] >> `INDEX == 0);
        // of the pattern that was found nothing changes until it is taken out
        if (phase == 2 && holds && !clean) begin
            assume(data[35*holder_bank+`INDEX +: `DISTANCE] == FAR - best);
            if (holder_at == at && holder_bank == here) assume((data[35*here +: 35] == itself) == (is && !gone));
            else assume(data[35*holder_bank +: 35] != itself || holder_bank != here);
        end
    end
    // how the registers hang together with the model
    reg [STAGES-1:0] on_way;         // stages in which the watched one is
    reg in_order;
    always @(*) begin
        in_order = 1;
        for (s = 0; s < STAGES; s = s + 1) begin
            on_way[s] = valids[s] && is && way[20*s +: 20] == at;
            if (phase == 1 && valids[s]) begin
                if (way[20*s +: 20] >= asked || (holds && way[20*s +: 20] <= holder_at)) in_order = 0;
                if (s == 1 && valids[0] && way[20*s +: 20] >= way[19:0]) in_order = 0;
            end
        end
    end
    wire pipeline =
        phase != 3 && (phase != 2 || (over && !valids && !tokens)) && (!begins || (phase == 1 && !valids && !tokens && asked == 0))
        && (!opens || begins) && (over || !tokens) && (!tokens || over) && (!ends || over) && (!list || (phase == 2 && ends && !clean))
        && !(tokens[0] && valids[0]) && (STAGES == 1 || (tokens != 3 && !(tokens[STAGES-1] && valids != 0)))
        && (phase != 0 || !ends || (!valids && !tokens && quiet)) && (phase != 1 || (!ends && !clean))
        && (phase != 0 || passed + valids[0] + (STAGES == 2 ? valids[STAGES-1] : 0) <= `GROUPS)
        && (phase == 0 || asked <= length) && (phase == 0 || !over || asked == length) && (phase != 2 || begins || asked == length)
        && (phase != 1 || !over || tokens != 0);
    wire held = lists == (phase != 0) && group >> `INDEX == 0 && length <= `GROUPS && (phase != 0 || (length <= passed && group == passed % (1 << `INDEX)))
        && (!is || at < length) && (phase != 0 || !is || watched_group < passed) && !(gone && phase == 0) && (is || !gone);
    wire limits = (phase != 0 || !quiet || limit == base + `REACH + 1) && (phase == 0 || opens || limit == bound)
        && (!opens || limit == least + `REACH + 1) && limit <= FAR + `REACH + 1;
    // what passes the filter: the room of the nearest of a group, and nothing where there is none
    wire rooms = closeness <= FAR && best <= FAR && (valids[STAGES-1] || closeness == 0);
`ifdef TWO
    localparam [16:0] WIDE = (1 << $clog2((1 << `DISTANCE) + `REACH + 1)) - 1;
    wire [14:0] room0 = \filter.spare$0$q & FAR, room1 = \filter.spare$1$q & FAR;
    wire [14:0] late0 = \filter.late$0$q , late1 = \filter.late$1$q ;
    wire swapped = late1 < late0;
    wire pairs = late0 <= FAR && late1 <= FAR && \filter.lesser$0$q == (swapped ? late1 : late0) && \filter.lesser_bank$0$q == swapped
        && (valids[1] || (room0 == 0 && room1 == 0))
        && \filter.spare$0$q >> `DISTANCE == \filter.spare$1$q >> `DISTANCE && (\filter.spare$0$q | FAR) == WIDE
        && (phase == 0 || (closeness == (room1 > room0 ? room1 : room0) && (closeness == 0 || nearer_bank == (room1 > room0))))
        && \filter.masked_bank$q < 2 && (!(phase != 0 && holds) || holder_bank == (\filter.better$0$q ? \filter.candidate$0$q [0] : nearest[0]))
        && (phase != 2 || !\filter.better$0$q );
    wire [14:0] passing_late = FAR - (where ? late1 : late0);
    wire [29:0] passing = {where ? room1 : room0, passing_late};
`else
    wire pairs = 1;
    wire [14:0] passing = closeness;
`endif
    reg on_its_way;
    always @(*) begin
        on_its_way = 1;
        for (s = 0; s < STAGES; s = s + 1)
            if (phase == 1 && on_way[s] && passing[15*s +: 15] != (gone ? 0 : room_of_it)) on_its_way = 0;
    end
    wire inside = far < bound;
    wire before = holder_at < at || (holder_at == at && holder_bank <= here);
    wire nearest_so_far = phase == 0 || begins
        || (holds == (best != FAR) && some == (holds && best < bound) && (!holds || (holder_at < asked && holder_bank < `BANKS))
            && (!(is && !gone && asked > at && !on_way) || (holds && (best < far || (best == far && before))))
            && (!(holds && is && holder_at == at && holder_bank == here) || (clean && phase == 2) || (best == far && !gone)));
    wire fresh = phase != 1 || !begins || (best == FAR && !holds && !some);
    always @(*) begin
        if (first) assume(pipeline && held && limits && rooms && pairs && in_order && on_its_way && nearest_so_far && fresh);
        if (!first) begin
            assert(pipeline);
            assert(held);
            assert(limits);
            assert(rooms);
            assert(pairs);
            assert(in_order);
            assert(on_its_way);
            assert(nearest_so_far);
            assert(fresh);
        end
        // an entry is written behind those before it, in their order; one that stays is written again when it is taken out, as far
        for (b = 0; b < `BANKS; b = b + 1) begin
            if (writes[b] && !lists) assert(write_at[20*b +: 20] == length && length < `GROUPS && (!is || (length > at && found_group > watched_group)));
            if (writes[b] && lists) assert(taken && write_at[20*b +: 20] == place && bank == b && written[35*b +: 35] >> `INDEX == 0);
            if (kept) assert(writes[b] && written[35*b +: `INDEX] == found_group);
        end
        if (taken) assert(writes[bank]);
        if (finds) assert(written[35*here +: 35] == itself);
        assert(\ranks.queue$0$address == entry);
`ifdef TWO
        assert(\ranks.queue$1$address == entry);
`endif
        // and what is said follows
        if (list) begin
            // what is listed is within reach, was found in this scan, and not listed before
            if (there) begin
                assert(holds && said_distance < bound && pattern == ((data[35*bank +: `INDEX] << SHARE) | bank));
                if (said_distance == far && pattern == ((watched_group << SHARE) | here)) assert(is && !gone && its_turn);
            end
            // none is left out before it
            if (is && inside && !gone)
                assert(there && (said_distance < far || (said_distance == far && pattern <= ((watched_group << SHARE) | here))));
        end
    end
`ifdef REACHED
    // must be found: the watched key is listed behind another one of its distance, in a later group
    always @(*) assert(!(!first && list && there && is && !gone && inside && said_distance == far && !its_turn && begins == 0));
`endif
endmodule
