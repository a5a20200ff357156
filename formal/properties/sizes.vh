// Of a core that learns, whatever is loaded: while nothing is, the number of patterns follows `grow` and `shrink`, a cycle later, and a load that
// fits leaves no more than there is room for; after a configuration there are as many as it says. What is scanned is the last of them, and `row` is its row or the
// one behind it.
//
// Taken for granted: neither is asked for beyond the room or below none (`learn` proves that), nor while a load writes; what there is stood for a cycle before there is one less (`address` proves that); of the sizes that are
// loaded, the groups fit (`fits` refuses others before a memory is valid), and what is written was there a cycle before; a configuration says a
// pattern that there is room for. A pattern more is behind the last.
//
// From the runner: ROOM, the patterns that there is room for.
reg f_known = 0, f_grew = 0, f_shrank = 0, f_loaded = 0, f_cold = 0;
reg [2:0] f_which = 0;
reg [15:0] f_data = 0, f_built_in = 0;
reg [19:0] f_was = 0;
wire [19:0] f_count = none$0 ? 0 : last_row + 1;
always @(posedge clock) begin
    f_known <= f_known || cold;
    f_was <= f_count;
    f_grew <= grow$0;
    f_shrank <= shrink$0;
    f_loaded <= write;
    f_which <= which;
    f_data <= data;
    f_built_in <= built_in$0;
    f_cold <= cold;
end
always @(*) begin
    assume(!(grow$0 && (shrink$0 || f_count == `ROOM || !behind$0)) && !(shrink$0 && none$0));
    assume(!(write && (grow$0 || shrink$0)));
    assume(!(shrink$0 && (f_grew || f_shrank || f_loaded || f_cold)));
    assume(!write || which != 0 || data < `ROOM);
    assume(!write || data == f_data);
    assume(!cold || built_in$0 < `ROOM);
end
always @(*) if (f_known) begin
    assert(f_count <= `ROOM);
    if (!shrink$0) assert(row$0 == (behind$0 ? f_count : last_row));
    if (!f_loaded && !f_cold) assert(f_count == f_was + f_grew - f_shrank);
    if (f_loaded && !f_cold) assert(f_count == (f_which == 0 ? f_data + 1 : f_which == 6 && f_data == 0 ? 0 : f_was));
    if (f_cold) assert(f_count == f_built_in + 1);
    assert(!none$0 || last_row == 0);
end
`ifdef REACHED
// must be found: all that there is room for was loaded, and one is forgotten
always @(*) assert(!(f_known && f_shrank && f_count == `ROOM - 1));
`endif
