//! Ways for bytes to a board and back.

mod holders;
mod inside;
mod noisy;
mod serial;

pub use holders::holders;
pub use inside::Inside;
pub use noisy::{Hits, Noise, Noisy};
pub use serial::Serial;

use std::{io, time::Duration};

/// A way for bytes to a board and back.
pub trait Transport {
    /// Sends all of the bytes.
    ///
    /// # Errors
    /// When the way is gone.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits at most this long for a byte, and returns how many there are: 0 if none came.
    ///
    /// # Errors
    /// When the way is gone.
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize>;

    /// The time, since some moment that stays the same.
    fn now(&self) -> Duration;
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).write(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        (**self).read(buffer, timeout)
    }

    fn now(&self) -> Duration {
        (**self).now()
    }
}

impl<T: Transport + ?Sized> Transport for &mut T {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).write(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        (**self).read(buffer, timeout)
    }

    fn now(&self) -> Duration {
        (**self).now()
    }
}
