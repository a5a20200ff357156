// A commit is alone in its request, has the number of the load that began, and none is carried out of sizes that do not fit; a begin is alone in its request, too. No other request writes to
// either word, however many words it has.
//
// Bound inside the judge. Taken for granted: what is judged stands for six cycles before the judge is asked (the states of the parser), and is one of the page's. Whatever it is.
wire [16:0] f_end = {1'b0, place} + count;
wire [77:0] f_all = {place, count, bank, stray, far, on_page, on_kernel, on_threshold, on_rows, is_read, is_write, invalid, same, unfit, is_forget$0, row$0, reading};
reg [77:0] f_was = 0;
reg [2:0] f_stood = 0;              // cycles for which all of it stood
localparam BEGIN = 17'h60, COMMIT = 17'h61;
always @(posedge clock) begin
    f_was <= f_all;
    f_stood <= f_all != f_was ? 0 : f_stood + (f_stood != 6);
end
always @(*) if (f_stood == 6 && f_all == f_was && is_write && on_page && !on_rows && !on_kernel && !on_threshold && !is_forget$0 && !reading && right) begin
    if (place <= COMMIT && f_end > COMMIT) assert(place == COMMIT && count == 1 && same && !unfit);
    if (place <= BEGIN && f_end > BEGIN) assert(place == BEGIN && count == 1);
    if (place == COMMIT || place == BEGIN) assert(control && count <= 1);
end
`ifdef REACHED
// must be found: a commit
always @(*) assert(!(f_stood == 6 && is_write && on_page && !reading && place == COMMIT && count == 1 && right));
`endif
