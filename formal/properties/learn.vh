// (Behind learning.vh, which says what is around the block.)
// Between loads, whatever the core says and whatever is asked: patterns become no more than there is room for and no fewer than none, by one
// at a time; a key is written only where there is room, and nothing is while no request is under way.
always @(*) if (f_known) begin
    assert(!(grow && f_count == f_room));
    assert(!(shrink && none));
    assert(!grow || behind);
    assert(!(grow && shrink));
    assert(!grow || f_stores);
    assert(!shrink || f_forgets);
    assert(storing <= f_stores && (!bars || f_count == f_room || f_was == f_room));
    assert(!load_row || f_forgets);
`ifdef CLASSES_TOO
    assert(!load_value$0 || f_forgets || f_stores);
`endif
end
`ifdef REACHED
// must be found: the board is full, and then it is not
reg f_full = 0;
always @(posedge clock) if (f_grown && f_count == f_room) f_full <= 1;
always @(*) assert(!(f_full && f_shrank));
`endif
