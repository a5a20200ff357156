//! The only blocks with hand-written Verilog: memories whose depth and contents are run-time values.
//!
//! All have a registered read, so that synthesis infers block RAM; contents come from a `.hex` file by
//! `$readmemh`, never from a table in the source. An SPRAM (an iCE40 UltraPlus has four) has one port and no contents.

use super::Index;
use crate::{blocks::prelude::*, contents::Image, layout::address_bits};

/// Where a memory is filled from a file, in hand-written Verilog: a line of its own, which the writer of Verilog replaces by what does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The module's parameter that names the file.
    pub parameter: String,
    /// The memory.
    pub memory: String,
    /// The file.
    pub file: String,
    /// The words that it has.
    pub words: usize,
}

impl Reading {
    const MARK: &'static str = "@read ";

    /// What such a line says.
    pub fn of(line: &str) -> Option<Reading> {
        let mut words = line.strip_prefix(Reading::MARK)?.split(' ').map(str::to_owned);
        let (parameter, memory, file) = (words.next()?, words.next()?, words.next()?);
        Some(Reading { parameter, memory, file, words: words.next()?.parse().ok()? })
    }

    /// The line, with its end.
    fn line(parameter: &str, memory: &str, file: &str, words: usize) -> String {
        format!("{}{parameter} {memory} {file} {words}\n", Reading::MARK)
    }
}

/// A memory in block RAM, in the words of yosys, Vivado, Gowin, Lattice and Efinix; Quartus and others infer it.
const BLOCK: &str =
    "ram_style = \"block\", rom_style = \"block\", syn_ramstyle = \"block_ram\", syn_romstyle = \"block_rom\"";
/// The same for a memory that must be in logic cells.
const LOGIC: &str = "ram_style = \"logic\", rom_style = \"logic\", syn_ramstyle = \"registers\", syn_romstyle = \"logic\", ramstyle = \"logic\"";

/// A memory with one write port and one registered read port. What a read returns in the cycle that writes the same
/// word is undefined. A read-only memory is one whose write port leads nowhere.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Ram<const D: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Write `write_data` at `write_address`.
    pub write: Signal<In, Bit>,
    /// Where to write.
    pub write_address: Signal<In, Index>,
    /// What to write.
    pub write_data: Signal<In, Bits<D>>,
    /// Word to read.
    pub address: Signal<In, Index>,
    /// The word read in the cycle before.
    pub data: Signal<Out, Bits<D>>,
    _depth: usize,
    _width: usize,
    _writable: bool,
    _single_port: bool,
    _image: Option<Image>,
}

impl<const D: usize> Ram<D> {
    /// A RAM of `depth` words of which the lowest `width` bits are kept.
    pub fn new(depth: usize, width: usize) -> Self {
        Ram::of(depth, width, None, true)
    }

    /// Holds this at first, or, where it is not `writable`, always; what is above the words' width is zero.
    pub fn holding(image: Image, writable: bool) -> Self {
        Ram::of(image.words.len(), image.width, Some(image), writable)
    }

    /// A RAM of `depth` words in SPRAM. A word is written the cycle after it comes, so that the way to the RAM is short. One address
    /// serves both ports: in the cycle of a write nothing is read, and `data` stays what it was. What it holds before it is
    /// written is undefined.
    pub fn single_port(depth: usize, width: usize) -> Self {
        Ram { _single_port: true, ..Ram::of(depth, width, None, true) }
    }

    fn of(depth: usize, width: usize, image: Option<Image>, writable: bool) -> Self {
        assert!(width <= D && depth > 0);
        Ram { _depth: depth, _width: width, _writable: writable, _image: image, ..Ram::default() }
    }
}

impl<const D: usize> Logic for Ram<D> {
    fn update(&mut self) {}

    fn hdl(&self) -> Verilog {
        let (depth, width) = (self._depth, self._width);
        let top = address_bits(depth) - 1;
        let read = match D - width {
            0 => "word".to_owned(),
            pad => format!("{{{pad}'b0, word}}"),
        };
        if self._single_port {
            return Verilog::Custom(single_port(depth, width, &read));
        }
        if let Some(image) = self._image.as_ref().filter(|image| image.tail > 0) {
            return Verilog::Custom(with_tail(image, D));
        }
        let reading =
            self._image.as_ref().map_or(String::new(), |image| Reading::line("ROM", "mem", &image.file, depth));
        let (kind, advice) = match self._writable {
            true => ("ram", "// no_rw_check: what is read in the cycle that writes the same word is never used\n"),
            false => ("rom", ""),
        };
        let free = if self._writable { ", no_rw_check, ramstyle = \"no_rw_check\"" } else { "" };
        let store = match self._writable {
            true => format!(
                "   if (write) begin\n      mem[write_address[{top}:0]] <= write_data[{high}:0];\n   end\n",
                high = width - 1
            ),
            false => String::new(),
        };
        Verilog::Custom(format!(
            "\
// block: {kind}_{depth}x{width}
{advice}\
(* {BLOCK}{free} *) reg [{high}:0] mem [0:{last}];
reg [{high}:0] word;
{reading}\
always @(posedge clock) begin
{store}\
   word <= mem[address[{top}:0]];
end
assign data = {read};
",
            high = width - 1,
            last = depth.max(2) - 1,
        ))
    }
}

/// A queue whose entries can be written in part: the bits from `low` on alone, and those below stay.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Entries<const D: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Write all of `write_data` at `write_address`.
    pub write: Signal<In, Bit>,
    /// Write its upper bits alone.
    pub rewrite: Signal<In, Bit>,
    /// Where to write.
    pub write_address: Signal<In, Index>,
    /// What to write.
    pub write_data: Signal<In, Bits<D>>,
    /// Word to read.
    pub address: Signal<In, Index>,
    /// The word read in the cycle before.
    pub data: Signal<Out, Bits<D>>,
    _depth: usize,
    _width: usize,
    _low: usize,
}

impl<const D: usize> Entries<D> {
    /// A RAM of `depth` words of which the lowest `width` bits are kept.
    pub fn new(depth: usize, width: usize, low: usize) -> Self {
        assert!(low < width && width <= D && depth > 0);
        Entries { _depth: depth, _width: width, _low: low, ..Entries::default() }
    }
}

impl<const D: usize> Logic for Entries<D> {
    fn update(&mut self) {}

    fn hdl(&self) -> Verilog {
        let (depth, width, low) = (self._depth, self._width, self._low);
        let (top, high, below, last) = (address_bits(depth) - 1, width - 1, low - 1, depth.max(2) - 1);
        let read = match D - width {
            0 => "word".to_owned(),
            pad => format!("{{{pad}'b0, word}}"),
        };
        Verilog::Custom(format!(
            "\
// block: entries_{depth}x{width}
// no_rw_check: what is read in the cycle that writes the same word is never used
(* {BLOCK}, no_rw_check, ramstyle = \"no_rw_check\" *) reg [{high}:0] mem [0:{last}];
reg [{high}:0] word;
always @(posedge clock) begin
   if (write) begin
      mem[write_address[{top}:0]][{below}:0] <= write_data[{below}:0];
   end
   if (write | rewrite) begin
      mem[write_address[{top}:0]][{high}:{low}] <= write_data[{high}:{low}];
   end
   word <= mem[address[{top}:0]];
end
assign data = {read};
"
        ))
    }
}

/// A memory that becomes SPRAM: `ram_style = "huge"` asks yosys for it.
fn single_port(depth: usize, width: usize, read: &str) -> String {
    let (top, high, last) = (address_bits(depth) - 1, width - 1, depth.max(2) - 1);
    format!(
        "\
// block: spram_{depth}x{width}
// one port: in the cycle of a write nothing is read; nothing is in it before it is written
// a word is written the cycle after it comes: the way to the RAM is short then
(* ram_style = \"huge\" *) reg [{high}:0] mem [0:{last}];
reg [{high}:0] word;
reg late;
reg [{top}:0] late_address;
reg [{high}:0] late_data;
wire [{top}:0] place = late ? late_address : address[{top}:0];
always @(posedge clock) begin
   late <= write;
   late_address <= write_address[{top}:0];
   late_data <= write_data[{high}:0];
   if (late) begin
      mem[place] <= late_data;
   end else begin
      word <= mem[place];
   end
end
assign data = {read};
"
    )
}

/// A ROM whose last words are in logic cells. Words before them are whole block RAMs: the bits above a block RAM's address tell
/// which is which.
fn with_tail(image: &Image, data_width: usize) -> String {
    let Image { file, width, words, tail } = image;
    let (high, body) = (width - 1, image.body());
    let (tail_last, tail_top) = ((*tail).max(2) - 1, address_bits(*tail) - 1);
    let tail_file = image.tail_file();
    let pad = match data_width - width {
        0 => String::new(),
        pad => format!("{pad}'b0, "),
    };
    let rest = format!("(* {LOGIC} *) reg [{high}:0] rest [0:{tail_last}];\nreg [{high}:0] rest_word;\n");
    let read_rest = Reading::line("TAIL", "rest", &tail_file, *tail);
    if body == 0 {
        return format!(
            "\
// block: tail_{tail}x{width}
// all words are in logic cells
{rest}\
{read_rest}\
always @(posedge clock) begin
   rest_word <= rest[address[{tail_top}:0]];
end
assign data = {{{pad}rest_word}};
"
        );
    }
    let (top, low, body_top) = (address_bits(words.len()) - 1, body.trailing_zeros() as usize, address_bits(body) - 1);
    let (above, blocks) = (top - low + 1, body >> low);
    let read_body = Reading::line("ROM", "mem", file, body);
    format!(
        "\
// block: rom_{body}x{width}_tail_{tail}
// the last {tail} words are in logic cells: they would take a block RAM to themselves
(* {BLOCK} *) reg [{high}:0] mem [0:{last}];
{rest}\
reg [{high}:0] word;
(* keep *) reg in_rest;
{read_body}\
{read_rest}\
always @(posedge clock) begin
   word <= mem[address[{body_top}:0]];
   rest_word <= rest[address[{tail_top}:0]];
   in_rest <= address[{top}:{low}] == {above}'d{blocks};
end
assign data = {{{pad}in_rest ? rest_word : word}};
",
        last = body.max(2) - 1,
    )
}
