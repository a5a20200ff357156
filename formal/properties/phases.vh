    // Read inside the sequencer, where the property of the streams needs it: one phase at a time, and the words that are left.
    reg f_awake = 0;
    always @(posedge clock) if (reset) f_awake <= 1;
    wire [10:0] f_phases = {waking$q, loading$q, starting$q, scanning$q, draining$q, beginning$q, electing$q, settling$q,
                            deciding$q, unloading$q, informing$q};
    reg [7:0] f_shifts = 0;
    always @(posedge clock) f_shifts <= !(loading$q || unloading$q) ? 0 : f_shifts + shifting$q;
    always @(*) if (f_awake) begin
        assert((f_phases & (f_phases - 1)) == 0);
        if (loading$q || unloading$q) assert(words$q == more_words - f_shifts);
        if (shifting$q) assert(loading$q || unloading$q);
        if (sent$q) assert(informing$q);
        if (offering$q) assert((unloading$q || informing$q) && !shifting$q && !sent$q);
        if (settled) assert(settling$q);
    end
    // Update code
