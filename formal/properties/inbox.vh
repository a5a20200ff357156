// A source that waits for room loses no word: each one is put behind those before it, an entry says how many they are, and that a request is too long is said
// of none but one that is longer than the whole buffer. Nothing is written where something waits to be read.
//
// Bound inside the block. Taken for granted: a word comes where there was room in the cycle before and none came in it, and none in a reset (`requests`: a
// register says so); the place that is read moves on by one, where something is to be read (`link`), and is the first one behind a reset.
reg f_known = 0, f_reset = 0, f_put = 0, f_room = 0;
reg [11:0] f_place = 0, f_first = 0;
reg [8:0] f_words = 0;                                          // of this request, up to 511
wire [11:0] f_waits = (first$q - place) & place_mask;           // places that wait to be read
wire [11:0] f_target = (ring$write_address[11:0] - place) & place_mask;
wire [11:0] f_kept = (next$q - first$q - one_place) & place_mask;
wire [11:0] f_free = (place - first$q - one_place) & place_mask; // behind the entry's place
always @(posedge clock) begin
    f_known <= f_known || reset;
    f_reset <= reset;
    f_put <= put;
    f_room <= room_there$0 && !reset;
    f_place <= place;
    f_first <= first$q;
    f_words <= reset || committing$q ? 0 : f_words + (put && f_words != 511);
end
always @(*) begin
    if (!f_known) assume(reset);
    assume(!put || f_room && !f_put && !reset);
    assume(place <= place_mask);
    if (f_reset) assume(place == 0);
    else assume(place == f_place || f_place != f_first && place == ((f_place + one_place) & place_mask));
end
always @(*) if (f_known && !reset) begin
    // a word is lost where this request has all of the buffer, and there alone
    if (put && full) assert(place == first$q && f_words >= place_mask - 1);
    if (put && !full) assert(ring$write && ring$write_address == next$q && ring$write_data == data);
    // every request has an entry
    if (committing$q) begin
        assert(!put && ring$write && ring$write_address == first$q);
        if (too_long$q) assert(f_words > place_mask - 1 && ring$write_data == too_long_entry && first$d == ((first$q + one_place) & place_mask));
        else assert(f_words == f_kept && f_words == count$q + 1'b1 && ring$write_data[13:0] == count$q && !ring$write_data[15] && first$d == next$q);
    end
    // where nothing else waits there is room in any case
    if (place == first$q && !committing$q) assert(room_there$0);
    if (ring$write) assert(f_target >= f_waits);
`ifndef CLAIMS
    // what makes it inductive: words are counted from the entry's place on, and fit
    assert(first$q <= place_mask && next$q <= place_mask && f_kept <= f_free && f_kept < place_mask);
    assert(count$q == ((f_kept - 1'b1) & count_mask) && (f_words == 0) == (f_kept == 0));
    assert(too_long$q ? f_kept == place_mask - 1 && f_words > f_kept && place == first$q : f_words == f_kept);
    assert(!committing$q || f_put);
    if (f_room && !f_put && !committing$q) assert(!full || place == first$q);
`endif
end
`ifdef REACHED
// must be found: a request behind one that was too long
always @(*) assert(!(f_known && !reset && committing$q && !too_long$q && first$q == 1 && f_words == 2));
`endif
