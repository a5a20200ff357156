// Every word that the core offers of an answer is held until one read takes it, and every read takes one word or none; every write of a cue
// word gives the core one word or none, and one that cannot is a mistake. A mistake, and what has happened, stays until it is cleared. The
// same holds of requests and replies. Nothing is left of what was before a reset.
//
// Bound inside the block, which stands alone: whatever the core, the requests and the bus do, but that a bus accesses registers in no two
// cycles one after the other, looks at what it reads a cycle before, and accesses nothing in a reset of the bus nor a cycle behind it. The
// proofs `wishbone` and `axil` say so of both, and `port` that a reset begins with that of the bus.
reg f_acted = 0, f_reset = 1, f_full = 0, f_taken = 0, f_came = 0, f_mistake = 0, f_cleared = 0, f_bus_reset = 1;
reg f_wrong = 0;
reg [15:0] f_offer, f_pending = 0, f_flags = 0, f_before = 0, f_dismissed = 0, f_held = 0;
reg [3:0] f_looked = 0;
wire f_writes = act && write && whole;
wire f_pops = act && !write && address == 4'd2;
always @(posedge clock) begin
    f_acted <= act;
    f_looked <= address;
    f_reset <= reset;
    f_bus_reset <= bus_reset;
    f_full <= full$q;
    f_taken <= f_pops && f_full;
    f_came <= out_valid && out_ready && !draining$q;
    f_offer <= out_data;
    f_held <= word$q;
    f_mistake <= mistake$q;
    f_wrong <= (f_writes && address == 1 && !room) || (f_pops && !f_full) || (act && write && !whole);
    f_cleared <= f_writes && address == 0;
    f_pending <= pending$q;
    f_flags <= flags & 16'h1e;
    f_before <= before$q;
    f_dismissed <= f_writes && address == 7 ? data : 0;
end
always @(*) begin
    assume(!(f_acted && act));
    if (act) assume(f_looked == address);
    assume(!bus_reset || reset);
    assume(!reset || f_reset || bus_reset);
    assume(!(f_bus_reset && act));
end
always @(*) begin
    // a word comes where there was none, and goes where one was read
    if (!f_reset) begin
        assert(full$q == ((f_full && !f_taken) || f_came));
        if (f_came) assert(!f_full && word$q == f_offer);
        else if (f_full) assert(word$q == f_held);
    end else assert(!full$q && !done$q && !draining$q);
    // what is read is the word that is taken
    if (f_pops) assert(read == (f_full && !f_reset ? word$q : 16'b0) || f_reset);
    assert(in_valid == (f_writes && address == 1 && room));
    if (in_valid) assert(in_ready);
    // mistakes come and go with an access, or go with a reset
    if (mistake$q && !f_mistake) assert(f_acted);
    if (f_wrong && !f_bus_reset) assert(mistake$q);
    if (!mistake$q && f_mistake) assert(f_bus_reset || f_cleared);
    // what happens is pending until it is dismissed
    if (!f_bus_reset) assert(pending$q == ((f_pending & ~f_dismissed) | (f_flags & ~f_before)));
    else assert(pending$q == 0 && enable$q == 0 && !interrupt);
    assert(before$q == (f_bus_reset ? 16'b0 : f_flags));
`ifdef REQUESTS
    assert(put$0 == (f_writes && (address == 12 || address == 13)));
    if (put$0) assert(last$0 == (address == 13));
    if (reply_taken$0) assert(act && !write && address == 14);
    assert(quiet$0 == (given$0$q == 0 && !recalling$0$q));
    if (in_valid) assert(free$0 || given$0$q != 0);
    // the core's words are not taken but for a recall that was begun here
    if (out_ready) assert(!quiet$0);
    if (f_reset) assert(quiet$0);
`endif
end
`ifdef REQUESTS
reg f_replied = 0;
always @(posedge clock) f_replied <= replied$0 && !reset;
always @(*) assert(reply_taken$0 == (act && !write && address == 14 && f_replied));
`endif
`ifdef REACHED
// must be found: a word of an answer is read, and interrupts, after a reset
reg f_again = 0;
always @(posedge clock) if (reset && full$q) f_again <= 1;
always @(*) assert(!(f_again && f_taken && interrupt));
`endif
