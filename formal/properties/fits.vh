// A size that was loaded last and that the core does not have is noticed for as long as it stays: no group is beyond the room, and no size beyond the most that there can be, or none where there must be one.
//
// Bound inside the block that looks at sizes. Whatever is written, whenever. Taken for granted: what is written was there a cycle before. From the runner: ROOM.
reg [15:0] f_word = 0;
reg f_seen = 0;
reg [4:0] f_bad = 0;                // of each size, whether the last one is none that the core has
wire [4:0] f_now = {word > most$4 || counted$4 && word == 0, word > most$3 || counted$3 && word == 0, word > most$2 || counted$2 && word == 0,
    word > most$1 || counted$1 && word == 0, word > most$0 || counted$0 && word == 0};
always @(posedge clock) begin
    f_seen <= 1;
    f_word <= word;
    f_bad <= cold ? 0 : write && which < 5 ? f_bad & ~(5'b1 << which) | f_now & 5'b1 << which : f_bad;
end
wire [4:0] f_were = {f_word > most$4, f_word > most$3, f_word > most$2, f_word > most$1, f_word > most$0};
wire [4:0] f_found = {high_above$4$q || high_equal$4$q && low_above$4$q, high_above$3$q || high_equal$3$q && low_above$3$q, high_above$2$q || high_equal$2$q && low_above$2$q,
    high_above$1$q || high_equal$1$q && low_above$1$q, high_above$0$q || high_equal$0$q && low_above$0$q};
always @(*) assume(!write || f_seen && word == f_word);
always @(*) begin
    assert(wrong == (f_bad != 0));
    assert(most$0 == `ROOM - 1);
`ifndef CLAIMS
    // what makes it inductive: each is known by itself, and of the word what was found a cycle before
    assert({held$4$q, held$3$q, held$2$q, held$1$q, held$0$q} == f_bad);
    if (f_seen) assert(f_found == f_were && (high_none$q && low_none$q) == (f_word == 0));
`endif
end
`ifdef REACHED
// must be found: a size that fits, behind one that did not
reg f_before = 0;
always @(posedge clock) f_before <= f_before || wrong && !cold;
always @(*) assert(!(f_before && !wrong && !cold && write));
`endif
