// When the state moves by itself, and when by the streams: a word that is taken or given shifts the lanes by one, nothing else does, and lanes capture in none of the cycles
// from the first word of a row or a cue on until a row or a recall is asked for. The words of a row begin no recall, however many come: the core takes
// words, each a cycle behind the last, until a row or a recall is asked for, and then none; and it offers nothing before. A scan is one group a cycle
// from the cycle behind its start on, as many as there are patterns.
//
// Bound inside the sequencer. Taken for granted: the vote settles once for each of its tokens, behind the last of its rows, and a scan is over once for its last group, both behind them (`lookup`, `cycles`);
// a row or a recall is asked for where words are taken and none was in the cycle before, and where nothing else was asked for (`link`; in
// the two cycles behind it no word comes). A reset lasts until nothing is on its way (`port`).
reg [2:0] f_age = 0;                // cycles of this reset
reg f_known = 0, f_reset = 0;
reg f_votes = 0, f_scans = 0;       // a token is on its way: of the vote, of the scan
reg f_all = 0;                      // the last of its rows was read
reg f_free = 0;                     // words are taken, and nothing was asked for since
reg f_called = 0;                   // it was, a cycle ago
reg f_started = 0, f_scanned = 0;
reg f_moves = 0;
reg [19:0] f_row = 0, f_last = 0;
wire f_takes = in_valid && in_ready, f_gives = out_valid && out_ready;
wire f_asks = fetch || recall$0;
wire [13:0] f_phases = {waking$q, loading$q, starting$q, scanning$q && !rows_done, f_scans, beginning$q, electing$q, f_votes, settled1$q, settled2$q, settled3$q,
    deciding$q, unloading$q, informing$q};
always @(posedge clock) begin
    f_known <= f_known || f_age == 7;
    f_reset <= reset;
    f_age <= !reset ? 0 : f_age + (f_age != 7);
    f_votes <= (f_votes || vote_token) && !settled && !reset;
    f_all <= (f_all || all) && !settled && !reset;
    f_scans <= (f_scans || scans && scan_last) && !scanned && !reset;
    f_free <= (f_free || in_ready) && !f_asks && !(f_moves && !rowing$0) && !reset;
    f_called <= f_asks && !reset;
    f_started <= start && !reset;
    f_scanned <= scans && !scan_last && !reset;
    f_moves <= (f_takes || f_gives && !info) && !reset;
    f_last <= start ? last_row : f_last;
    f_row <= start ? 0 : f_row + scans;
end
always @(*) begin
    if (!f_known) assume(reset);
    if (f_reset && f_age != 7) assume(reset);
    assume(!settled || f_votes && f_all);
    assume(!all || f_votes);
    assume(!scanned || f_scans);
    assume(!f_asks || f_free && in_ready && !in_valid && !(fetch && recall$0));
    assume(last_row < `ROOM);
end
always @(*) if (f_known && !reset && !f_reset) begin
    assert(shift == (f_takes || f_gives && !info));
    assert(!(capture && (shift || in_ready || out_valid)));
    if (f_free) assert(!capture && !start && !vote_start && !out_valid);
    if (f_moves || f_called) assert(!in_ready);
    else if (f_free) assert(in_ready);
    assert(scans == (f_started || f_scanned));
    if (scans) assert(scan_last == (f_row == f_last));
    assert(!(start && (scans || voting)) && !(scans && voting));
`ifndef CLAIMS
    // what makes it inductive: one phase at a time, and what hangs together with each
    assert((f_phases & (f_phases - 1)) == 0 && f_phases != 0);
    if (f_free) assert(loading$q);
    if (f_called) assert(!loading$q);
    assert(taking$0$q == (loading$q && !f_moves) && shifting$q == f_moves);
    assert(offering$q <= (unloading$q || informing$q) && showing$0$q == (offering$q && unloading$q) && !(offering$q && (shifting$q || sent$q)));
    if (f_moves) assert(loading$q || unloading$q);
    if (sent$q) assert(informing$q);
    assert(f_all <= f_votes);
    if (looking$q) assert(electing$q || f_votes && !f_all);
    if (f_started) assert(scanning$q);
    if (scanning$q && !rows_done) assert(rows_left$0$q + f_row == f_last && f_last < `ROOM && f_row < `ROOM && rows_left$0$q < `ROOM);
    if (scanning$q && rows_done) assert(f_scans);
`endif
end
`ifndef CLAIMS
always @(*) assert(f_reset == (f_age != 0));
always @(*) if (f_reset) begin
    assert(!f_all && !f_votes && !f_scans && !f_free && !(f_age > 1 && settled1$q || f_age > 2 && settled2$q || f_age > 3 && settled3$q));
    assert((f_phases & ~14'h38) == 14'h2000 && !taking$0$q && !offering$q && !showing$0$q && !looking$q && !f_started && !f_scanned && !f_moves);
    if (f_age > 1) assert(!shifting$q && !sent$q);
end
`endif
`ifdef REACHED
// must be found: a STORE of a row of two words is answered, of three patterns
always @(*) assert(!(f_known && out_valid && learning$0 && f_last == 2));
`endif
