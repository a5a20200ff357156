// Which rows are written and read, and that nothing else is: on the core's ports, a STORE writes the row behind the last pattern if there is room for it, and none if there is not; a FORGET reads
// the row of the last pattern, and writes to the place that it was told; a READ and a WRITE go where the request says.
//
// Bound inside the block that carries requests out and learns, with what reads requests cut away. Taken for granted of it: a STORE's row is asked for
// three cycles behind its beginning at least, none of its answer is taken before, and nothing else is asked for meanwhile; a FORGET keeps its place until it is over, is of a pattern that is there, and nothing is asked for meanwhile, over a reset too (`key`, `kinds`,
// `forget`); four cycles pass between the end of one request and the beginning of such another (`kinds`); in a reset nothing is asked for. Of the sizes: `row` is that of the last pattern, or the
// one behind it, and their number follows (`sizes`).
//
// Of the core: it takes words or offers some, and what it offers stays until it is taken (`stream`); where a row was asked for, it takes none before it offered one (`fetch`); what is asked for is there five cycles later (`key`).
//
// From the runner: ROOM.
`include "hidden.vh"
reg f_known = 0, f_quiet = 0, f_quieter = 0, f_long = 0, f_longer = 0, f_longest = 0;
reg [1:0] f_cold = 0;               // a configuration came in one of the last two cycles
reg f_store = 0, f_told = 0;        // a STORE is under way; its row was asked for
reg [1:0] f_age = 0;                // cycles of it
reg f_asked = 0, f_forgets = 0;     // a FORGET was asked for, a cycle ago; it is under way
reg f_learns = 0, f_stores = 0;     // the STORE is a LEARN; one is under way where patterns are stored
reg f_mine = 0;                     // a STORE was under way a cycle ago
reg [2:0] f_busy = 0;               // in the last cycles a word of an answer was taken, or a request ended
reg f_sought = 0, f_copied = 0;     // a word was taken for neither
reg f_row = 0, f_read = 0, f_value = 0, f_read_value = 0;
reg [19:0] f_at = 0, f_place = 0, f_was = 0;
reg f_grew = 0, f_shrank = 0, f_sized = 0;
reg [3:0] f_recent = 0;             // a row was read for a FORGET in these last cycles
reg f_fetches = 0, f_late = 0;      // and no word of it was offered since
reg f_offered = 0;                  // a word was offered a cycle ago, and not taken
reg f_wrote = 0, f_wrote_value = 0, f_taken = 0;    // a FORGET wrote its row, and that of its value; words of the row were taken
wire [19:0] f_count = none$0 ? 0 : last$0 + 1;
wire f_begins = execute$stores$0 || execute$forgets$0;
wire f_ends = execute$said$0 || execute$out_ready || learn$0$over || execute$load_size;
`ifdef CLASSES_TOO
wire f_values = execute$on_values$0, f_class = execute$word_comes$0, f_seeks = learn$0$seeking$0;
wire f_reads_value = read_value$0, f_loads_value = load_value$0;
wire f_valuing = learn$0$classing$0 || learn$0$valuing$0 || learn$0$in_value$0;
`else
wire f_values = 0, f_class = 0, f_seeks = 0, f_valuing = 0, f_reads_value = 0, f_loads_value = 0;
`endif
always @(posedge clock) begin
    f_known <= 1;
    f_long <= reset;
    f_longer <= reset && f_long;
    f_longest <= reset && f_longer;
    f_quiet <= quiet$q;
    f_quieter <= f_quiet;
    f_cold <= {f_cold[0], cold};
    f_store <= (execute$stores$0 || f_store && !execute$said$0) && !quiet$q;
    f_stores <= f_store && !quiet$q;
    f_mine <= f_store;
    f_told <= f_store && (f_told || execute$load_row) && !execute$said$0 && !quiet$q;
    f_age <= !f_store ? 0 : f_age + (f_age != 3);
    f_learns <= execute$is_learn$0;
    f_asked <= execute$forgets$0 && !reset;
    f_forgets <= (f_asked || f_forgets && !learn$0$over) && !cold;
    f_busy <= {f_busy[1:0], f_ends};
    f_sought <= f_seeks;
    f_copied <= learn$0$copying;
    f_row <= execute$load_row && !f_values;
    f_read <= execute$read_row && !f_values;
    f_value <= execute$load_row && f_values;
    f_read_value <= execute$read_row && f_values;
    f_at <= execute$address;
    if (execute$forgets$0) f_place <= execute$address;
    f_was <= f_count;
    f_grew <= grow$0;
    f_shrank <= shrink$0;
    f_sized <= load_size;
    f_recent <= quiet$q ? 0 : {f_recent[2:0], learn$0$read};
    f_fetches <= ((read_row || f_reads_value) && f_forgets || f_fetches && !out_valid) && !quiet$q;
    f_late <= f_fetches;
    f_offered <= out_valid && !out_ready;
    f_taken <= !(read_row || f_reads_value) && (f_taken || out_ready) && !quiet$q;
    f_wrote <= f_forgets && (f_wrote || load_row) && !f_quiet;
    f_wrote_value <= f_forgets && (f_wrote_value || f_loads_value) && !f_quiet;
end
wire f_does = execute$load_row || execute$read_row || execute$out_ready || execute$load_size || execute$said$0 || f_begins || f_class;
always @(*) begin
    if (!f_known) assume(reset && cold && !f_does);
    if (f_long && !f_longest) assume(reset);
    if (cold) assume(reset && f_longest || !f_known);
    if (f_quiet && quiet$q) assume(!f_does);
    // one thing at a time
    assume(!(execute$stores$0 && execute$forgets$0) && !(f_begins && (f_store || f_busy != 0 || f_ends || execute$load_row || execute$read_row || f_class)));
    if (f_store) assume(!execute$read_row && !execute$reads_page$0 && !execute$load_size && execute$is_learn$0 == f_learns && !f_values);
    if (execute$stores$0) assume(!execute$reads_page$0);
    if (f_store && !f_told) assume(!execute$out_ready && !execute$said$0 && !execute$at_steps$0);
    if (f_store && execute$load_row) assume(!f_told && f_age == 3 && !f_valuing);
    assume(!f_class || f_store && !f_told);
    if (f_stores && !f_store) assume(!f_does);
    if (f_asked || f_forgets) assume(!f_does && execute$address == f_place);
    if (execute$forgets$0) assume(execute$address < f_count);
    // the core
    assume(!(in_ready && out_valid));
    if (f_offered && !quiet$q) assume(out_valid);
    if (f_fetches && f_late) assume(!in_ready);
    if (f_recent != 0 || learn$0$read) assume(!execute$there$0);
    // patterns
    assume(last$0 < `ROOM && !(none$0 && last$0 != 0));
    if (!shrink$0) assume(row$0 == (behind$0 ? f_count : last$0));
    if (f_known && !f_sized && f_cold == 0) assume(f_count == f_was + f_grew - f_shrank);
end
always @(*) if (f_known && f_cold == 0 && !cold) begin
    assert(load_bank == 0);
    if (f_row && f_mine) assert(load_row == (f_count < `ROOM) && (!load_row || load_address == f_count));
    else if (f_row) assert(load_row && load_address == f_at);
    else if (load_row) assert(f_forgets && load_address == f_place && !f_taken);
    if (f_read) assert(read_row && load_address == f_at);
    else if (read_row) assert(f_forgets && load_address == last$0);
    // and it stands until the row is there
    if (f_fetches && !out_valid) assert(load_address == last$0 && load_bank == 0);
    // a FORGET is over when it has written
    if (shrink$0) assert(f_wrote);
    // what there is stood for a cycle
    if (shrink$0) assert(!f_grew && !f_shrank && !f_sized);
`ifdef CLASSES_TOO
    if (shrink$0) assert(f_wrote_value);
    if (f_value) assert(load_value$0 && load_address == f_at);
    else if (load_value$0) assert(f_forgets ? load_address == f_place && !f_taken : f_mine && load_address == f_count && f_count < `ROOM);
    if (f_read_value) assert(read_value$0 && load_address == f_at);
    else if (read_value$0) assert(!none$0 && (f_forgets ? load_address == last$0 : f_mine && f_learns && load_address <= last$0));
`endif
end
`ifndef CLAIMS
// what makes it inductive: what learns follows what was asked for, and nothing is on its way that would move the patterns
`ifdef CLASSES_TOO
wire f_of_value = learn_0_of_value, f_value_asked = value_asked$0$q;
`else
wire f_of_value = 0, f_value_asked = 0;
`endif
wire f_first = f_quiet && !f_quieter;
always @(*) begin
    assert(quiet$q == f_long && f_longer == (f_long && f_quiet) && f_longest == (f_longer && f_quieter));
    assert(stores$0$q == (f_store && f_age == 0) || f_first);
    if (f_first) assert(quiet$q);
    if (f_cold[0]) assert(quiet$q && !f_store && !f_stores);
    if (f_cold[1]) assert(f_quiet && !f_store && !f_stores);
    if (!f_known) assert(!f_store && !f_forgets && !learn_0_asked && !learn_0_waits && !learn_0_copies && !learn_0_store);
    assert(learn_0_store == f_stores && f_told <= f_store && !(f_quiet && f_store));
    if (f_store) assert(f_stores == (f_age != 0) && f_told <= (f_age == 3));
    if (f_stores && !f_store) assert(said$0$q && f_busy[0]);
    assert(!(said$0$q && f_store));
    assert(forgets$0$q == f_asked && learn_0_pending == f_forgets && !(f_asked && f_forgets));
    if (f_asked || f_forgets) assert(!f_store && !f_stores && f_busy == 0 && !f_row && !f_read && !f_value && !f_read_value && f_cold == 0 && !none$0);
    assert({1'b0, learn_0_asked} + learn_0_waits + learn_0_copies <= f_forgets && !(learn_0_came && (learn_0_asked || learn_0_waits)));
    // a row on its way: asked for, offered, written behind that
    assert(!(out_there$q || taken$q) || f_offered || quiet$q);
    assert(!(taken$q && (out_there$q || in_room$q)) || quiet$q);
    if (learn_0_waits || learn_0_copies && !learn_0_came) begin
        assert(!taken$q && (f_recent[0] || !f_taken));
        if (f_recent[0]) assert(learn_0_waits && (row_asked$q || f_value_asked) && !f_fetches);
        else if (f_recent[1]) assert(f_fetches);
        else if (f_recent[2]) assert(f_fetches && f_late || out_there$q);
        else assert(f_fetches && f_late && !in_room$q || out_there$q);
    end
    if (f_fetches) assert(f_forgets && (learn_0_waits || learn_0_copies && !learn_0_came && f_late) && !(f_late && out_there$q));
    if (f_forgets && (row_asked$q || f_value_asked)) assert(f_recent[0] || quiet$q);
    if (f_recent != 0) assert(learn_0_waits && (f_recent & (f_recent - 1)) == 0);
    if (learn_0_came && learn_0_copies) assert(f_of_value ? f_wrote_value || f_loads_value : f_wrote || load_row);
    if (f_of_value) assert(f_forgets && f_wrote);
    if (f_quiet) assert(!f_of_value && !learn_0_asked && !learn_0_waits && !learn_0_copies && !learn_0_came);
    assert(learn_0_full_held == (f_was == `ROOM));
    if (f_store) assert(!learn_0_told_last);
    if (f_store && !f_told) assert(f_busy == 0 && (f_age == 0 || !at_steps$0$q));
    assert(!taken$q || f_busy[0] || f_sought || f_copied);
    if (f_copied) assert(!f_store && !f_stores);
    if (f_sought && f_stores) assert(f_store && !f_told && f_learns);
    assert(!grows$0$q || f_busy[1]);
    assert(!f_grew || f_busy[2]);
    assert(!shrinks$0$q || f_busy[0]);
    assert(!f_shrank || f_busy[1]);
    assert(!size_stored$q || f_busy[0]);
    assert(!f_sized || f_busy[1]);
`ifdef CLASSES_TOO
    if (learn_0_spells || learn_0_spelt_last || learn_0_spelt_all || learn_0_census_0_runs || learn_0_sought && !f_first) assert(f_stores && f_store && !f_told);
    if (learn_0_census_0_runs || learn_0_sought && !f_first) assert(f_learns);
    assert({2'b0, learn_0_expects} + learn_0_sought + learn_0_census_0_runs + (learn_0_spells || learn_0_spelt_last || learn_0_spelt_all) <= 1);
    assert({2'b0, learn_0_census_0_asked} + learn_0_census_0_copies + (learn_0_census_0_waits != 0) + learn_0_census_0_resolving <= learn_0_census_0_runs
        && (learn_0_census_0_waits & (learn_0_census_0_waits - 1)) == 0);
    if (learn_0_census_0_runs && !learn_0_census_0_resolving) assert(!none$0 && learn_0_census_0_pattern <= last$0);
    if (learn_0_census_0_runs && none$0) assert(learn_0_census_0_seen == 0);
    if (learn_0_expects) assert(f_stores && f_store && !f_told);
`endif
end
`endif
`ifdef REACHED
// must be found: a STORE writes its row behind a FORGET that wrote one
reg f_gone = 0;
always @(posedge clock) f_gone <= f_gone || f_forgets && load_row;
always @(*) assert(!(f_known && f_cold == 0 && f_gone && f_row && f_mine && load_row));
`endif
