// A review reads its queue until the last entry, or until its state is seen to be another, whichever comes first; it tells the vote in
// that cycle, and asks for nothing that comes behind it. A state that is another is scanned next.
//
// Bound inside the sequencer. What its registers hold, and all that comes to it, is anything.
reg f_known = 0, f_reset = 0, f_read = 0, f_ended = 0, f_renewed = 0, f_other = 0;
wire f_ends = (entries_done & final_bank) | missed$0;
always @(posedge clock) begin
    f_known <= 1;
    f_reset <= reset;
    f_read <= reading$0$q;
    f_ended <= f_ends;
    f_renewed <= renewing$0$q;
    f_other <= scanned & missed$0;
end
`ifndef REACHED
always @(*) if (f_known) begin
    if (f_read && !f_reset) assert(reading$0$q == (!f_ended || f_renewed));
    if (reading$0$q && f_ends) assert(vote_token);
    if (reading$0$q && missed$0 && !electing$q) assert(!issue);
    if (f_other && !f_reset) assert(start);
end
`else
// must be found: a queue of which eight entries were read is given up
reg [3:0] f_entries = 0;
always @(posedge clock) f_entries <= reset || !reading$0$q ? 0 : f_entries + issue;
always @(*) assert(!(f_entries == 8 && reading$0$q && missed$0 && !entries_done));
`endif
