//! A line with noise, in both directions.

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

/// A [`Transport`] whose bytes are hit at random.
pub struct Noisy<T> {
    /// What is below it.
    pub inner: T,
    noise: Noise,
    rng: rand_chacha::ChaCha8Rng,
    /// Bytes that were hit so far.
    pub hits: u64,
    /// Bytes that came and went so far.
    pub bytes: u64,
}

impl<T: Transport> Noisy<T> {
    /// Noise on a line; the same seed hits the same bytes.
    pub fn new(inner: T, noise: Noise, seed: u64) -> Self {
        Noisy { inner, noise, rng: noise::rng(seed, 50), hits: 0, bytes: 0 }
    }

    fn hit(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + 2);
        for &byte in bytes {
            self.bytes += 1;
            let at = noise::unit(&mut self.rng);
            let Noise { change, drop, insert } = self.noise;
            self.hits += u64::from(at < change + drop + insert);
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

impl<T: Transport> Transport for Noisy<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let bytes = self.hit(bytes);
        self.inner.write(&bytes)
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        // room for an inserted byte behind every byte
        let half = buffer.len().div_ceil(2);
        let count = self.inner.read(&mut buffer[..half], timeout)?;
        let came = buffer[..count].to_vec();
        let hit = self.hit(&came);
        let count = hit.len().min(buffer.len());
        buffer[..count].copy_from_slice(&hit[..count]);
        Ok(count)
    }

    fn now(&self) -> Duration {
        self.inner.now()
    }
}
