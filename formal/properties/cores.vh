// Cores side by side: turn after turn of cues goes to the cores one after the other, and turn after turn of answers is taken from them in the same
// order. Each word that comes in is put into the queue of the core whose turn it is, as it is, and into no other; each that
// goes out is taken from the queue of the core whose turn it is to answer, and from no other; and between its queues and itself each core
// has wires alone. `fifo` says that a queue neither loses, repeats nor changes a word, keeps none, and lets none overtake another. So
// where each core answers its cues in order, the answers leave in the order of the cues, and nobody waits but for the core whose turn it is.
//
// Bound inside the block. The queues and the cores are cut away: they take and say whatever they like, whenever they like. Nothing is
// assumed but that a reset comes first; it may come again. From the runner: CORES (2 or 3), TURN_IN and TURN_OUT (words of the cues of
// a turn, and of its answers).
reg f_age = 0;
always @(posedge clock) f_age <= 1;
always @(*) if (!f_age) assume(reset);

// whose turn it is, and how many words of it have gone
reg [1:0] f_giving = 0, f_hearing = 0;
reg [7:0] f_given = 0, f_heard = 0;
wire f_in = in_valid && in_ready;
wire f_out = out_valid && out_ready;
always @(posedge clock) begin
    if (f_in) begin
        f_given <= f_given == `TURN_IN - 1 ? 0 : f_given + 1;
        if (f_given == `TURN_IN - 1) f_giving <= f_giving == `CORES - 1 ? 0 : f_giving + 1;
    end
    if (f_out) begin
        f_heard <= f_heard == `TURN_OUT - 1 ? 0 : f_heard + 1;
        if (f_heard == `TURN_OUT - 1) f_hearing <= f_hearing == `CORES - 1 ? 0 : f_hearing + 1;
    end
    if (reset) begin
        f_giving <= 0;
        f_hearing <= 0;
        f_given <= 0;
        f_heard <= 0;
    end
end

// at the queues: what is put into those of cues, what is taken out of those of answers
wire [2:0] f_puts, f_open, f_there, f_leaves;
wire [15:0] f_words [0:2];
assign f_puts[1:0] = {cues$1$in_valid && cues$1$in_ready, cues$0$in_valid && cues$0$in_ready};
assign f_open[1:0] = {cues$1$in_ready, cues$0$in_ready};
assign f_there[1:0] = {answers$1$out_valid, answers$0$out_valid};
assign f_leaves[1:0] = {answers$1$out_valid && answers$1$out_ready, answers$0$out_valid && answers$0$out_ready};
assign f_words[0] = answers$0$out_data;
assign f_words[1] = answers$1$out_data;
`ifdef THREE_CORES
assign f_puts[2] = cues$2$in_valid && cues$2$in_ready;
assign f_open[2] = cues$2$in_ready;
assign f_there[2] = answers$2$out_valid;
assign f_leaves[2] = answers$2$out_valid && answers$2$out_ready;
assign f_words[2] = answers$2$out_data;
`else
assign {f_puts[2], f_open[2], f_there[2], f_leaves[2]} = 0;
assign f_words[2] = 0;
`endif
`ifndef REACHED
always @(*) if (f_age) begin
    if (!reset) begin
        // to one core, and from one; a word is taken whenever that core's queue has room, and offered whenever it has one
        assert(f_puts == (f_in ? 3'd1 << f_giving : 3'd0));
        assert(in_ready == f_open[f_giving]);
        assert(f_leaves == (f_out ? 3'd1 << f_hearing : 3'd0));
        assert(out_valid == f_there[f_hearing]);
        if (out_valid) assert(out_data == f_words[f_hearing]);
    end
    if (f_puts[0]) assert(cues$0$in_data == in_data);
    if (f_puts[1]) assert(cues$1$in_data == in_data);
    // a core has its own queues, and every reset
    assert({first_in_valid, first_in_data, answers$0$in_valid, answers$0$in_data}
           == {cues$0$out_valid, cues$0$out_data, first_out_valid, first_out_data});
    assert({cues$0$out_ready, first_out_ready} == {first_in_ready, answers$0$in_ready});
    assert({more$0$in_valid, more$0$in_data, answers$1$in_valid, answers$1$in_data}
           == {cues$1$out_valid, cues$1$out_data, more$0$out_valid, more$0$out_data});
    assert({cues$1$out_ready, more$0$out_ready} == {more$0$in_ready, answers$1$in_ready});
    assert({5{reset}} == {cues$0$reset, cues$1$reset, answers$0$reset, answers$1$reset, more$0$reset});
`ifdef THREE_CORES
    if (f_puts[2]) assert(cues$2$in_data == in_data);
    assert({more$1$in_valid, more$1$in_data, answers$2$in_valid, answers$2$in_data}
           == {cues$2$out_valid, cues$2$out_data, more$1$out_valid, more$1$out_data});
    assert({cues$2$out_ready, more$1$out_ready} == {more$1$in_ready, answers$2$in_ready});
    assert({3{reset}} == {cues$2$reset, answers$2$reset, more$1$reset});
`endif
end
`else
// must be found: the last word of the last core's first turn leaves, behind another reset than the first, while the first core has a second turn
reg f_again = 0, f_second = 0;
always @(posedge clock) begin
    if (f_age && reset && f_giving != 0) f_again <= 1;
    if (f_again && !reset && f_giving == `CORES - 1 && f_given == `TURN_IN - 1 && f_in) f_second <= 1;
end
always @(*) assert(!(f_second && f_giving == 1 && f_out && f_heard == `TURN_OUT - 1 && f_hearing == `CORES - 1));
`endif
