// A step takes exactly ceil(P/R)*W + F*W*k*queued + latency cycles and so never more than with everything queued; a recall takes
// at most MAX_STEPS of them; and between them the core waits for nothing but its streams. So it always returns to where it
// takes a cue: every phase is left after a bounded number of cycles, and the phases follow each other in a circle.
//
// Bound inside the core (read before its `endmodule`). Rows, tables, distances and states are free: every read returns
// anything. Where later steps may come from the queue (LATER), a step behind one that scanned takes what a review of its queue takes, or
// what it takes to see that the state is another, and a scan. Of a list (LISTS), each pattern is a step: the first one's has the scan, and those behind it take a pass (PASS). From the runner: SAID (words of an answer), CUE (its words), READS (ceil(P/R)*W), SLOTS (F*W*k), PATTERNS, LATENCY, MAX_STEPS,
// and for later steps REVIEW (all but the candidates) and MISSED with SEEN (the most reads until a state is seen to be another),
// or STOPS, the cycles of a step that is the last one since the state is a fixed point.
reg [1:0] f_age = 0;
always @(posedge clock) if (f_age != 2) f_age <= f_age + 1;
always @(*) assume(reset == (f_age != 2));

`ifdef LATER
`ifdef STOPS
localparam F_EXTRA = `STOPS;
`else
localparam F_EXTRA = (1 + `PATTERNS + `BANKS < `SEEN ? 1 + `PATTERNS + `BANKS : `SEEN) + `MISSED;
`endif
`else
localparam F_EXTRA = 0;
`endif
localparam F_WORST = `READS + `SLOTS * `PATTERNS + `LATENCY + F_EXTRA;
localparam F_LOAD = 0, F_STEP = 1, F_UNLOAD = 2;
reg [1:0] f_phase = F_LOAD;
reg [7:0] f_words = 0;      // of the cue or of the answer
reg [1:0] f_waited = 0;     // cycles in which the core kept a willing environment waiting
reg [11:0] f_cycles = 0;    // of this step
reg [8:0] f_steps = 0;      // of this recall, this one included
`ifdef LATER
reg f_scanned = 0;          // the step before scanned all rows, and queued this many
reg [3:0] f_before = 0;
wire [4:0] f_read = 1 + f_before + `BANKS;
`ifdef STOPS
wire [11:0] f_missed = `STOPS;
wire f_reviewed = f_scanned && step_queued == f_before && f_cycles == `STOPS;
`else
wire [11:0] f_missed = (f_read < `SEEN ? f_read : `SEEN) + `MISSED;
wire f_reviewed = f_scanned && step_queued == f_before && f_cycles == `REVIEW + (`SLOTS + 1) * f_before;
`endif
wire f_as_said = f_cycles == `READS + `SLOTS * step_queued + `LATENCY + (f_scanned ? f_missed : 0);
`else
wire f_reviewed = 0;
`ifdef LISTS
wire f_as_said = f_cycles == step_queued + (f_steps == 1 ? `READS + `LATENCY : `PASS);
`else
wire f_as_said = f_cycles == `READS + `SLOTS * step_queued + `LATENCY;
`endif
`endif
`ifdef LISTS
// behind a pattern of a list the next one is found, without a cue
wire f_goes_on = f_steps <= `MAX_STEPS;
`else
wire f_goes_on = 0;
`endif
wire f_accepts = in_valid && in_ready;
wire f_sends = out_valid && out_ready;
always @(posedge clock) if (f_age == 2) begin
    f_cycles <= f_cycles + 1;
    f_waited <= (f_phase == F_LOAD ? in_ready : out_valid) ? 0 : f_waited + (f_waited != 3);
    case (f_phase)
        F_LOAD: if (f_accepts) begin
            f_words <= f_words + 1;
            if (f_words == `CUE - 1) begin
                f_phase <= F_STEP;
                f_cycles <= 0;
                f_steps <= 1;
`ifdef LATER
                f_scanned <= 0;
`endif
            end
        end
        F_STEP: begin
            if (step_done) begin
                f_cycles <= 1;
                f_steps <= f_steps + 1;
`ifdef LATER
                f_scanned <= !f_reviewed;
                f_before <= step_queued;
`endif
            end
            if (out_valid) begin
                f_phase <= F_UNLOAD;
                f_words <= f_sends;
                f_waited <= 0;
            end
        end
        F_UNLOAD: if (f_sends) begin
            f_words <= f_words + 1;
            if (f_words == `SAID + 2) begin
                f_phase <= f_goes_on ? F_STEP : F_LOAD;
                f_cycles <= 0;
                f_words <= 0;
                f_waited <= 0;
            end
        end
    endcase
end
`ifndef REACHED
always @(*) if (f_age == 2) begin
    // words are taken and given in their phase only, and soon
    assert(f_phase == F_LOAD || !in_ready);
    assert(f_phase != F_LOAD || !out_valid);
    assert(f_phase == F_STEP || f_waited < 3);
    // a step ends in time, and says how long it took
    assert(f_phase != F_STEP || f_cycles <= F_WORST);
    if (step_done) begin
        assert(f_phase == F_STEP);
        assert(f_as_said || f_reviewed);
        assert(step_cycles == f_cycles);
        assert(step_queued <= `PATTERNS);
        assert(f_steps <= `MAX_STEPS);
    end
end
`else
// must be found: the second recall's last step, with everything queued. (It is found sooner where the streams never wait.)
always @(*) assume(in_valid && out_ready);
reg [1:0] f_recalls = 0;
always @(posedge clock) if (f_phase == F_UNLOAD && f_sends && f_words == `SAID + 2 && !f_goes_on && f_recalls != 3) f_recalls <= f_recalls + 1;
`ifdef LATER
// or, as two recalls of such steps are too long to be found: the first one's second step comes from the queue, and behind it all patterns are queued again
reg f_was_reviewed = 0;
always @(posedge clock) if (step_done && f_steps == 2 && f_reviewed && f_before == `PATTERNS) f_was_reviewed <= 1;
always @(*) assert(!(f_was_reviewed && step_done && f_steps == 3 && step_queued == `PATTERNS));
`else
`ifdef LISTS
// of a list, a pass over all groups
localparam F_LAST = `PASS + `GROUPS;
`else
localparam F_LAST = F_WORST;
`endif
always @(*) assert(!(f_recalls == 1 && step_done && f_steps == `MAX_STEPS && f_cycles == F_LAST));
`endif
`endif
