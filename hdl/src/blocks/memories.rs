//! The only blocks with hand-written Verilog: memories whose depth and contents are run-time values.
//!
//! Both have a registered read, so that synthesis infers block RAM; contents come from a `.hex` file by
//! `$readmemh`, never from a table in the source.

use super::Index;
use rust_hdl::core::timing::TimingInfo;
use rust_hdl::prelude::*;

/// What a ROM holds, and the file that carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The `.hex` file's name.
    pub file: String,
    /// Bits per word.
    pub width: usize,
    /// The words, from address 0.
    pub words: Vec<u64>,
}

impl Image {
    /// The file's text: one hexadecimal word a line.
    pub fn hex(&self) -> String {
        let digits = self.width.div_ceil(4);
        self.words.iter().map(|w| format!("{w:0digits$x}\n")).collect()
    }
}

/// Address bits that a depth needs, at least one.
pub(crate) fn address_bits(depth: usize) -> usize {
    (usize::BITS - depth.saturating_sub(1).leading_zeros()).max(1) as usize
}

/// A read-only memory: `data` holds the word at `address` one cycle later.
#[derive(Clone, Debug, LogicBlock)]
pub struct Rom<const D: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Word to read.
    pub address: Signal<In, Index>,
    /// The word read in the cycle before.
    pub data: Signal<Out, Bits<D>>,
    _image: Image,
}

impl<const D: usize> Rom<D> {
    /// A ROM with these contents; words are at most `D` bits wide, the rest of `data` is zero.
    pub fn new(image: Image) -> Self {
        assert!(image.width <= D && !image.words.is_empty());
        Rom { clock: Signal::default(), address: Signal::default(), data: Signal::default(), _image: image }
    }
}

impl<const D: usize> Logic for Rom<D> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let word = self._image.words.get(self.address.val().index()).copied().unwrap_or(0);
            self.data.next = word.into();
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        let Image { file, width, words } = &self._image;
        let top = address_bits(words.len()) - 1;
        let read = match D - width {
            0 => format!("mem[address[{top}:0]]"),
            pad => format!("{{{pad}'b0, mem[address[{top}:0]]}}"),
        };
        Verilog::Custom(format!(
            "\
// block: rom_{stem}
(* ram_style = \"block\" *) reg [{high}:0] mem [0:{last}];
initial begin
   $readmemh({{`HOPGATE_ROM_DIR, \"{file}\"}}, mem);
end
always @(posedge clock) begin
   data <= {read};
end
",
            stem = file.trim_end_matches(".hex"),
            high = width - 1,
            last = words.len().max(2) - 1,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        timing("rom", &["address"])
    }
}

/// A memory with one write port and one registered read port. What a read returns in the cycle that writes the same
/// word is undefined.
#[derive(Clone, Debug, LogicBlock)]
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
    _contents: Vec<Bits<D>>,
}

impl<const D: usize> Ram<D> {
    /// A RAM of `depth` words of which the lowest `width` bits are kept.
    pub fn new(depth: usize, width: usize) -> Self {
        assert!(width <= D && depth > 0);
        Ram {
            clock: Signal::default(),
            write: Signal::default(),
            write_address: Signal::default(),
            write_data: Signal::default(),
            address: Signal::default(),
            data: Signal::default(),
            _depth: depth,
            _width: width,
            _contents: vec![Bits::default(); depth],
        }
    }
}

impl<const D: usize> Logic for Ram<D> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.data.next = self._contents.get(self.address.val().index()).copied().unwrap_or_default();
            if self.write.val() {
                let at = self.write_address.val().index();
                if let Some(word) = self._contents.get_mut(at) {
                    *word = self.write_data.val();
                }
            }
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        let (depth, width) = (self._depth, self._width);
        let top = address_bits(depth) - 1;
        let read = match D - width {
            0 => "word".to_owned(),
            pad => format!("{{{pad}'b0, word}}"),
        };
        Verilog::Custom(format!(
            "\
// block: ram_{depth}x{width}
// no_rw_check: what is read in the cycle that writes the same word is never used
(* ram_style = \"block\", no_rw_check *) reg [{high}:0] mem [0:{last}];
reg [{high}:0] word;
always @(posedge clock) begin
   if (write) begin
      mem[write_address[{top}:0]] <= write_data[{high}:0];
   end
   word <= mem[address[{top}:0]];
end
always @(*) begin
   data = {read};
end
",
            high = width - 1,
            last = depth.max(2) - 1,
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        timing("ram", &["address", "write", "write_address", "write_data"])
    }
}

fn timing(name: &str, inputs: &[&str]) -> Vec<TimingInfo> {
    vec![TimingInfo {
        name: name.into(),
        clock: "clock".into(),
        inputs: inputs.iter().map(|s| (*s).to_owned()).collect(),
        outputs: vec!["data".into()],
    }]
}
