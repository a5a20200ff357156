//! Noise: bytes that become others, are lost, or come from nowhere.

use super::Transport;
use hopgate_model::noise;
use rand::Rng;
use std::{io, time::Duration};

/// What happens to a byte, each with this probability.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Noise {
    /// It becomes another one.
    pub change: f64,
    /// It is lost.
    pub drop: f64,
    /// Another one comes before it.
    pub insert: f64,
}

impl Noise {
    /// A share of bytes that are hit, a third in each way.
    pub fn of(share: f64) -> Self {
        Noise { change: share / 3.0, drop: share / 3.0, insert: share / 3.0 }
    }
}

/// Hits bytes; the same seed hits the same ones in the same way.
///
/// ```
/// use hopgate_host::transport::{Hits, Noise};
/// let mut hits = Hits::new(Noise { drop: 1.0, ..Noise::default() }, 1);
/// assert_eq!(hits.pass(&[1, 2, 3]), []);
/// assert_eq!((hits.hit, hits.bytes), (3, 3));
/// ```
#[derive(Debug, Clone)]
pub struct Hits {
    noise: Noise,
    rng: rand_chacha::ChaCha8Rng,
    /// Bytes that were hit so far.
    pub hit: u64,
    /// Bytes that came so far.
    pub bytes: u64,
}

impl Hits {
    /// None so far.
    pub fn new(noise: Noise, seed: u64) -> Self {
        Hits { noise, rng: noise::rng(seed, 50), hit: 0, bytes: 0 }
    }

    /// What becomes of bytes.
    pub fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        let Noise { change, drop, insert } = self.noise;
        let mut out = Vec::with_capacity(bytes.len() + 2);
        for &byte in bytes {
            let at = noise::unit(&mut self.rng);
            self.bytes += 1;
            self.hit += u64::from(at < change + drop + insert);
            if at < change {
                out.push(byte ^ self.rng.random_range(1..=255u8));
            } else if at < change + drop {
                continue;
            } else if at < change + drop + insert {
                out.extend([self.rng.random(), byte]);
            } else {
                out.push(byte);
            }
        }
        out
    }
}

/// A [`Transport`] with noise, in both directions.
pub struct Noisy<T> {
    /// What is below it.
    pub inner: T,
    /// The noise.
    pub hits: Hits,
}

impl<T: Transport> Noisy<T> {
    /// Noise on a line.
    pub fn new(inner: T, noise: Noise, seed: u64) -> Self {
        Noisy { inner, hits: Hits::new(noise, seed) }
    }
}

impl<T: Transport> Transport for Noisy<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let bytes = self.hits.pass(bytes);
        self.inner.write(&bytes)
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        // room for an inserted byte before every byte
        let half = buffer.len().div_ceil(2);
        let count = self.inner.read(&mut buffer[..half], timeout)?;
        let hit = self.hits.pass(&buffer[..count]);
        let count = hit.len().min(buffer.len());
        buffer[..count].copy_from_slice(&hit[..count]);
        Ok(count)
    }

    fn now(&self) -> Duration {
        self.inner.now()
    }
}
