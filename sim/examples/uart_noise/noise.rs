//! Noise at the pin of a board with the plain protocol, and a cue that must be answered rightly after it.

use hopgate_hdl::{Link, Plan, Top, emit, pins::Pins};
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    kernel,
    memory::{Memory, Parts},
    noise, reference,
};
use hopgate_sim::{Library, Waveform, bench::BoardBench};

/// Cycles of a bit: the shortest that the board takes.
const DIVIDER: u16 = 8;
/// Bit times of the noise: half of it is sent at the right speed; the others are glitches, framing errors and breaks.
const BIT_CYCLES: [u16; 16] = [8, 8, 8, 8, 8, 8, 8, 8, 1, 2, 3, 5, 7, 11, 20, 100];

/// A simulated board and the memory in it.
pub struct Noisy {
    memory: Memory,
    board: BoardBench,
    // the functions of the board live in it
    _library: Library,
}

impl Noisy {
    /// Builds a board for a memory of this many neurons.
    ///
    /// # Errors
    /// If Verilator is missing or fails.
    pub fn build(neurons: usize) -> Result<Noisy> {
        let patterns = noise::random(6, neurons, 2);
        let columns = kernel::columns(neurons, 0.15, &[1.0], 0.0, 8);
        let parts = Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) };
        let memory = Memory::new(parts)?;
        let (clock, uart_divider) = (16_000_000, DIVIDER.into());
        let top = Top::Board { clock, uart_divider, pll: None, pins: Pins::default(), link: Link::Plain };
        let library = Library::build(&emit(&Plan::of(&memory)?, top, "noise")?, Waveform::Off)?;
        Ok(Noisy { memory, board: BoardBench::open(&library)?, _library: library })
    }

    /// One run: noise, then the reset button, or none where the board is not out of step; then a cue.
    ///
    /// # Errors
    /// What is wrong with the answer.
    pub fn run(&mut self, seed: u64, run: u64) -> Result<()> {
        let mut rng = noise::rng(seed, 2000 + run);
        let mut below = |bound: usize| noise::below(&mut rng, bound as u64) as usize;
        let size = 2 * self.memory.neurons().div_ceil(16);
        let noisy = below(4) > 0;
        if noisy {
            let bytes: Vec<u8> = (0..below(13)).map(|_| below(256) as u8 & [0xff, 0, 0x0f][below(3)]).collect();
            self.board.set_bit_cycles(BIT_CYCLES[below(BIT_CYCLES.len())]);
            // what the board says to it does not matter, nor whether it says anything
            let _ = self.board.exchange(&bytes, 0, 1000);
            self.board.set_bit_cycles(DIVIDER);
            self.board.press_reset(1 + below(60) as u16);
        }
        let cue: Vec<u8> = (0..size).map(|_| below(256) as u8).collect();
        // a cue may come in two parts, however long after one another
        let first = if below(2) == 0 { 0 } else { below(size) };
        self.board.exchange(&cue[..first], 0, 1000)?;
        let want = self.expected(&cue);
        let got = self.board.exchange(&cue[first..], want.len(), 100_000)?;
        if got != want {
            return Err(Error::new(
                ErrorKind::Failed,
                format!("{got:02x?} was answered to {cue:02x?}, not {want:02x?}"),
            ));
        }
        Ok(())
    }

    /// The answer of the reference, as bytes. Bits beyond the last neuron do not count.
    fn expected(&self, cue: &[u8]) -> Vec<u8> {
        let n = self.memory.neurons();
        let cue = BitMatrix::from_fn(1, n, |_, i| cue[i / 8] >> (i % 8) & 1 == 1);
        let answer = reference::recall(&self.memory, cue.row(0));
        let state = answer.state.iter().flat_map(|w| w.to_le_bytes()).take(2 * n.div_ceil(16));
        let status = answer.steps as u16 | u16::from(answer.converged) << 15;
        let words = [status, answer.nearest as u16, answer.distance as u16];
        state.chain(words.into_iter().flat_map(u16::to_le_bytes)).collect()
    }

    /// Cycles simulated.
    pub fn cycles(&self) -> u64 {
        self.board.cycles()
    }
}
