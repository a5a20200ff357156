//! A memory that yosys cannot put into block RAM, found before anything is placed.

use crate::common::all_there;
use hopgate_eda::{
    board::Board,
    flow::{BuildRequest, build, failed_path},
    planned::Planned,
};
use std::fs;

/// The ROM of the example, read without a register: no block RAM can do that, and yosys says nothing of it.
const ASYNCHRONOUS: &str = "module top(input clock, input reset_n, input rx, output tx, output [7:0] led);
  reg [15:0] rom [0:255];
  initial $readmemh(\"rom.hex\", rom);
  reg [7:0] address = 0;
  reg [15:0] sum = 0;
  always @(posedge clock) if (!reset_n) begin address <= 0; sum <= 0; end
    else begin address <= address + 1; sum <= sum + rom[address]; end
  assign tx = rx ^ sum[15];
  assign led = sum[7:0];
endmodule
";

#[test]
fn a_memory_that_became_logic_stops_the_build() {
    if !all_there(&["yosys", "nextpnr-ice40", "icetime", "icepack"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (rtl, out) = (folder.path().join("rtl"), folder.path().join("build"));
    fs::create_dir(&rtl).unwrap();
    fs::write(rtl.join("top.v"), ASYNCHRONOUS).unwrap();
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/designs/rom/rom.hex"), rtl.join("rom.hex")).unwrap();
    fs::write(rtl.join("design.json"), r#"{"memories": [{"path": "", "register": "rom", "file": "rom.hex"}]}"#)
        .unwrap();
    let planned = vec![Planned { part: "rows".into(), block_rams: 1 }];
    let board = Board::find("alchitry-cu").unwrap();
    let request = BuildRequest { planned, ..BuildRequest::new(&rtl, "top", board, &out) };
    let e = build(&request, &|_| ()).unwrap_err();
    let words =
        "made 0 block RAMs, but 1 were planned, so a memory was lost or became logic; in none of them: rom (rom.hex)";
    assert!(e.to_string().contains(words), "{e}");
    let logs: Vec<_> = fs::read_dir(failed_path(&out).join("logs")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(logs, ["synthesis.log"], "nothing was placed");
}
