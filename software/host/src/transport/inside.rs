//! A software device in the same program.

use super::Transport;
use crate::device::Device;
use std::{collections::VecDeque, io, time::Duration};

/// The time that a byte takes at 1 Mbaud.
const BYTE: Duration = Duration::from_micros(10);

/// A [`Device`] at the other end of a line without noise.
///
/// It works only when the host waits, so that the host fills its buffer as far as it dares. Its time is made up: it
/// passes with the bytes, and with waiting in vain, so that tests of timeouts take none.
#[derive(Debug, Clone)]
pub struct Inside {
    /// The device.
    pub device: Device,
    out: VecDeque<u8>,
    now: Duration,
}

impl Inside {
    /// A line to this device.
    pub fn new(device: Device) -> Self {
        Inside { device, out: VecDeque::new(), now: Duration::ZERO }
    }
}

impl Transport for Inside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.now += BYTE * bytes.len() as u32;
        self.device.receive(bytes);
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        if self.out.is_empty() {
            match self.device.work() {
                Some(reply) => self.out.extend(reply),
                None => self.now += timeout,
            }
        }
        let count = self.out.len().min(buffer.len());
        buffer.iter_mut().zip(self.out.drain(..count)).for_each(|(b, byte)| *b = byte);
        self.now += BYTE * count as u32;
        Ok(count)
    }

    fn now(&self) -> Duration {
        self.now
    }
}
