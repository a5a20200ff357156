// Of a core that learns, whatever is loaded: while nothing is, the number of patterns follows `grow` and `shrink`, a cycle later, and a load that
// fits leaves no more than there is room for. What is scanned is the last of them.
//
// Taken for granted: neither is asked for beyond the room or below none (`learn` proves that), nor while a load writes; of the sizes that are
// loaded, the groups fit (`fits` refuses others before a memory is valid).
//
// From the runner: ROOM, the patterns that there is room for.
reg f_known = 0, f_grew = 0, f_shrank = 0, f_loaded = 0, f_cold = 0;
reg [2:0] f_which = 0;
reg [15:0] f_data = 0;
reg [19:0] f_was = 0;
always @(posedge clock) begin
    f_known <= f_known || cold;
    f_was <= count$0;
    f_grew <= grow$0;
    f_shrank <= shrink$0;
    f_loaded <= write;
    f_which <= which;
    f_data <= data;
    f_cold <= cold;
end
always @(*) begin
    assume(!(grow$0 && (shrink$0 || count$0 == `ROOM)) && !(shrink$0 && count$0 == 0));
    assume(!(write && (grow$0 || shrink$0)));
    assume(!write || which != 0 || data < `ROOM);
end
always @(*) if (f_known) begin
    assert(count$0 <= `ROOM);
    if (!f_loaded && !f_cold) assert(count$0 == f_was + f_grew - f_shrank);
    if (f_loaded && !f_cold) assert(count$0 == (f_which == 0 ? f_data + 1 : f_which == 6 && f_data == 0 ? 0 : f_was));
    if (f_cold) assert(count$0 == `PATTERNS);
    if (!f_cold) assert(last_row == (f_was == 0 ? 0 : f_was - 1));
end
`ifdef REACHED
// must be found: all that there is room for was loaded, and one is forgotten
always @(*) assert(!(f_known && f_shrank && count$0 == `ROOM - 1));
`endif
