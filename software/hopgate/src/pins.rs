//! A simulated board at the other end of a line, in the same program.

use hopgate_host::transport::Transport;
use hopgate_sim::bench::stream::Stream;
use std::{io, time::Duration};

/// Cycles that are simulated at a time while the host waits.
const PORTION: u64 = 20_000;

/// The pins of a simulated board as a way for bytes. Its time is that of the simulation, so that a slow one is no lost reply.
pub struct AtPins {
    stream: Stream,
    /// What came and was not read yet.
    came: Vec<u8>,
    clock: f64,
    cycles: u64,
}

impl AtPins {
    /// A board with a clock of so many Hz.
    pub fn new(stream: Stream, clock: f64) -> Self {
        AtPins { stream, came: Vec::new(), clock, cycles: 0 }
    }

    /// Presses the reset button for this many cycles.
    pub fn press_reset(&mut self, cycles: u16) {
        self.stream.press_reset(cycles);
    }

    fn run(&mut self, bytes: &[u8], cycles: u64) -> io::Result<()> {
        self.cycles += cycles;
        self.stream.run(bytes, cycles, &mut self.came).map_err(|e| io::Error::other(e.to_string()))
    }
}

impl Transport for AtPins {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.run(bytes, 0)
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        let deadline = self.now() + timeout;
        while self.came.is_empty() && self.now() < deadline {
            self.run(&[], PORTION)?;
        }
        let count = self.came.len().min(buffer.len());
        buffer.iter_mut().zip(self.came.drain(..count)).for_each(|(b, byte)| *b = byte);
        Ok(count)
    }

    fn now(&self) -> Duration {
        Duration::from_secs_f64(self.cycles as f64 / self.clock)
    }
}
