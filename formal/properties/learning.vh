// What is around the block that stores and forgets, and what is told of it: for the properties of that block.
//
// Taken for granted of what is around it: the number of patterns follows `grow` and `shrink`, two cycles later (`sizes` proves that), before another request begins. One request is carried out at
// a time, and never a FORGET in the cycle of a STORE; a FORGET begins where a pattern is there. The number of patterns is
// brought back by a configuration (`cold`) during a reset alone. What reads is no STORE. A word of the core takes more than a cycle, and a reset more than two.
reg f_known = 0, f_grew = 0, f_grown = 0, f_shrank = 0, f_shrunk = 0, f_took = 0;
reg f_reset = 0, f_long = 0;            // it was there a cycle ago, and for two cycles at least
reg [19:0] f_was = 0;
wire [19:0] f_room = final_row + 1;
wire [19:0] f_count = none ? 0 : last + 1;
always @(posedge clock) begin
    f_reset <= reset;
    f_long <= reset && f_reset;
    f_known <= 1;
    f_was <= f_count;
    f_grew <= grow;
    f_grown <= f_grew;
    f_shrank <= shrink;
    f_shrunk <= f_shrank;
    f_took <= taken;
end
reg f_stores = 0, f_forgets = 0, f_learns = 0, f_steps = 0;
always @(posedge clock) begin
    f_learns <= learns$0;
    f_steps <= (f_steps || taken && at_steps$0) && f_stores;
    f_stores <= (f_stores && !said || stores) && !reset;
    f_forgets <= (f_forgets && !over || forgets) && !cold;
end
always @(*) begin
    if (!f_known) assume(reset && cold && !stores && !forgets);
    if (cold) assume(reset);
    if (f_reset && !f_long) assume(reset);
    assume(last < f_room && !(none && last != 0));
    assume(row == (behind ? f_count : last));
    if (f_known) assume(f_count == f_was + f_grown - f_shrunk);
    assume(!((stores || forgets) && (grow || f_grew || shrink || f_shrank)));
    assume(!(taken && f_took));
    assume(!(stores && forgets) && !((stores || forgets) && (f_stores || f_forgets)));
    assume(!(forgets && none));
    assume(!(reads_page && (stores || f_stores)));
    // a STORE stays one, and of a LEARN the core says once how many steps it took
    assume(!f_stores || learns$0 == f_learns);
    assume(!(at_steps$0 && f_steps));
`ifdef CLASSES_TOO
    // a STORE is not over before its value is written
    assume(!(said && (classing$0 || valuing$0 || in_value$0)));
`endif
end
