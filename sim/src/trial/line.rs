//! A line of a cycle a bit, for boards of which something else is tried: most of the time that a conversation takes is that of its line.
//!
//! The UART of the emitted Verilog is replaced by one that only a simulation has. Bytes come faster than on any board, ten cycles apart.

use hopgate_hdl::{Design, Top};
use hopgate_model::{Error, ErrorKind, Result};

/// The start bit, eight bits, and the stop bit, without which the byte is dropped.
const RECEIVER: &str = "
`ifndef SYNTHESIS
    reg [3:0] bits = 4'd0;
    reg [7:0] shift = 8'd0;
    reg whole = 1'b0;
    always @(posedge clock) begin
        whole <= 1'b0;
        if (reset) begin
            bits <= 4'd0;
        end else if (bits == 4'd9) begin
            bits <= 4'd0;
            whole <= line;
        end else if (bits != 4'd0) begin
            bits <= bits + 4'd1;
            shift <= {line, shift[7:1]};
        end else begin
            bits <= line ? 4'd0 : 4'd1;
        end
    end
    assign valid = whole;
    assign data = shift;
`endif
";
/// The bits of a byte from the cycle on in which it is taken.
const SENDER: &str = "
`ifndef SYNTHESIS
    reg [3:0] bits = 4'd0;
    reg [8:0] shift = 9'h1ff;
    always @(posedge clock) begin
        if (reset) begin
            bits <= 4'd0;
            shift <= 9'h1ff;
        end else if (bits != 4'd0) begin
            bits <= bits - 4'd1;
            shift <= {1'b1, shift[8:1]};
        end else if (valid) begin
            bits <= 4'd9;
            shift <= {data, 1'b0};
        end
    end
    assign ready = bits == 4'd0;
    assign line = shift[0];
`endif
";

/// The design with such a line.
pub(super) fn swift(design: &Design) -> Result<Design> {
    let Top::Board { clock, pll, pins, link, .. } = design.top else {
        return Err(Error::new(ErrorKind::Failed, "only a board has a line"));
    };
    let verilog = replaced(&replaced(&design.verilog, "uart_receiver", RECEIVER)?, "uart_sender", SENDER)?;
    Ok(Design { verilog, top: Top::Board { clock, uart_divider: 1, pll, pins, link }, ..design.clone() })
}

/// A module with another body behind its ports.
fn replaced(verilog: &str, block: &str, body: &str) -> Result<String> {
    let parts = || {
        let (before, rest) = verilog.split_once(&format!("_{block} (\n"))?;
        let (ports, rest) = rest.split_once(");\n")?;
        let (_, after) = rest.split_once("endmodule")?;
        // what a block drives in an `always` is a `reg` there
        let ports = ports.replace("output reg ", "output wire ");
        Some(format!("{before}_{block} (\n{ports});{body}endmodule{after}"))
    };
    parts().ok_or_else(|| Error::new(ErrorKind::Failed, format!("the emitted Verilog has no block {block}")))
}
