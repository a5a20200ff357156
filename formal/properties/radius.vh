// An answer is beyond the radius, a cycle later, where its distance is greater, and only there; the radius is what was written last, or that of the memory that is built in, behind a configuration.
//
// Bound inside the block that compares. Nothing is taken for granted.
reg f_known = 0, f_far = 0;
reg [14:0] f_radius = 0;
always @(posedge clock) begin
    f_known <= f_known || cold$0;
    f_far <= f_known && distance > f_radius;
    f_radius <= cold$0 ? built : write$0 ? data$0[14:0] & mask : f_radius;
end
reg f_told = 0;                     // the radius was known a cycle ago
always @(posedge clock) f_told <= f_known;
always @(*) begin
    if (f_told) assert(beyond == f_far);
    if (f_known) assert(current$0 == f_radius);
end
`ifdef REACHED
// must be found: beyond a radius that was written
reg f_written = 0;
always @(posedge clock) f_written <= f_written || write$0 && !cold$0;
always @(*) assert(!(f_told && f_written && f_radius == 2 && beyond));
`endif
