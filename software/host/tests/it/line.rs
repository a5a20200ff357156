//! The client against the software device: on a good line, and over noise.

use crate::common::{Shape, cues, memory};
use hopgate_files::{folder, trace::Trace};
use hopgate_host::{
    client::{LineOptions, Session},
    device::{Build, Device},
    transport::{Inside, Noise, Noisy, Transport},
};
use hopgate_model::{engine::Engine, memory::Memory, noise};
use hopgate_wire::{layout::Layout, page::Identity, request::SelfTest};
use rand::Rng;
use std::{io, time::Duration};

fn glyphs() -> Memory {
    let shape = Shape { neurons: 128, patterns: 200, planes: 1, gamma: 0.4, seed: 9, ..Shape::default() };
    memory(shape)
}

fn expected(memory: &Memory, queries: &hopgate_model::bits::BitMatrix) -> Trace {
    let answers = Engine::new(memory).each(queries, |_, recall, scratch| scratch.answer(recall));
    Trace { field: None, ..Trace::from_answers(&answers, memory.neurons()) }
}

fn inside(memory: &Memory, window: usize) -> Inside {
    Inside::new(Device::new(Build { window, ..Build::of(memory) }, memory).unwrap())
}

#[test]
fn a_good_line() {
    let memory = glyphs();
    let queries = cues(&memory, 500, 3);
    for window in [12, 40, 512] {
        let mut board = Session::connect(inside(&memory, window), LineOptions::default()).unwrap();
        let mut last = 0;
        let answers = board.recall(&queries, &mut |done| last = done).unwrap();
        assert_eq!(answers, expected(&memory, &queries));
        assert_eq!(last, queries.rows());
        let stats = board.stats();
        assert_eq!(
            (stats.again, stats.damaged, stats.timeouts, stats.stale),
            (0, 0, 0, 0),
            "window {window}: {stats:?}"
        );
        assert_eq!(stats.sent, stats.replies);
    }
}

/// Recalls over noise; none may be lost, none wrong. Returns the bytes that were hit, and all.
fn recalls_over_noise(count: usize, share: f64, seed: u64) -> (u64, u64) {
    let memory = glyphs();
    let queries = noise::cues(memory.patterns(), count, 0.1, seed);
    let line = Noisy::new(inside(&memory, 512), Noise::of(share), seed);
    let mut board = Session::connect(line, LineOptions { seed, ..LineOptions::default() }).unwrap();
    let answers = board.recall(&queries, &mut |_| ()).unwrap();
    assert_eq!(answers.first_difference(&expected(&memory, &queries)), None);
    let stats = board.stats();
    let line = board.into_transport();
    println!(
        "{count} recalls: {} of {} bytes hit, {} requests, {} of them again, {} timeouts, {} s of line",
        line.hits.hit,
        line.hits.bytes,
        stats.sent,
        stats.again,
        stats.timeouts,
        line.now().as_secs_f64(),
    );
    assert!(stats.again > 0, "the noise must have hit something");
    (line.hits.hit, line.hits.bytes)
}

#[test]
fn three_thousand_recalls_with_a_hundredth_of_the_bytes_hit() {
    let (hits, bytes) = recalls_over_noise(3000, 0.01, 1);
    assert!(hits * 120 > bytes && hits * 80 < bytes, "{hits} of {bytes}");
}

#[test]
#[ignore = "make full: ten seconds"]
fn a_hundred_thousand_recalls_with_a_hundredth_of_the_bytes_hit() {
    recalls_over_noise(100_000, 0.01, 2);
}

#[test]
fn ten_times_the_noise() {
    recalls_over_noise(30, 0.05, 3);
}

/// A line that is cut after so many bytes.
struct Cut<T> {
    inner: T,
    left: usize,
}

impl<T: Transport> Transport for Cut<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let count = bytes.len().min(self.left);
        self.left -= count;
        self.inner.write(&bytes[..count])?;
        if count < bytes.len() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        self.inner.read(buffer, timeout)
    }

    fn now(&self) -> Duration {
        self.inner.now()
    }
}

/// Two memories of one board.
fn two() -> (Memory, Memory, Identity) {
    let shape = Shape { neurons: 48, patterns: 40, planes: 2, gamma: 0.2, seed: 21, ..Shape::default() };
    let (one, other) = (memory(shape), memory(Shape { patterns: 33, neurons: 45, seed: 22, ..shape }));
    let board = Build { parallel: 2, window: 128, ..Build::of(&one) }.identity();
    (one, other, Identity { accumulator_bits: 20, stride: 49, ..board })
}

/// After a load that was cut anywhere: the old answers, or a refusal, or the new answers; never a mixture.
#[test]
fn fifty_interrupted_loads() {
    let (one, other, identity) = two();
    let (connected, whole) = {
        let line = Inside::new(Device::with(identity.clone(), &one).unwrap());
        let mut board = Session::connect(line, LineOptions::default()).unwrap();
        let connected = board.stats().bytes_out as usize;
        board.load(&other, &mut |_, _| ()).unwrap();
        (connected, board.stats().bytes_out as usize)
    };
    let mut rng = noise::rng(4, 4);
    let mut seen = [0; 3];
    for i in 0..50u64 {
        let device = Device::with(identity.clone(), &one).unwrap();
        // some right at the ends, where begin and commit are
        let left = match i {
            0..5 => whole - 1 - 13 * i as usize,
            5..10 => connected + 13 * (i as usize - 5),
            _ => rng.random_range(connected..whole),
        };
        let mut cut = Cut { inner: Inside::new(device), left };
        let broken = Session::connect(&mut cut, LineOptions { seed: i, ..LineOptions::default() })
            .and_then(|mut board| board.load(&other, &mut |_, _| ()));
        assert!(broken.unwrap_err().to_string().contains("the port is gone"));
        if i % 2 == 0 {
            // what is in its buffer is done, or lost with the reset button
            while cut.inner.device.work().is_some() {}
        } else {
            cut.inner.device.press_reset();
        }
        let mut board = Session::connect(cut.inner, LineOptions { seed: i + 100, ..LineOptions::default() }).unwrap();
        let held = board.held().clone();
        let right = [(&one, 0), (&other, 1)].into_iter().find(|(m, _)| m.neurons() == held.neurons).unwrap();
        let queries = cues(right.0, 30, i);
        match board.recall(&queries, &mut |_| ()) {
            Ok(answers) => {
                assert_eq!(answers.first_difference(&expected(right.0, &queries)), None, "cut after {left} bytes");
                seen[right.1] += 1;
            }
            Err(e) => {
                assert!(e.to_string().contains("no valid memory"), "{e}");
                seen[2] += 1;
            }
        }
        // a complete load makes it whole again
        board.load(&other, &mut |_, _| ()).unwrap();
        let queries = cues(&other, 20, i);
        assert_eq!(board.recall(&queries, &mut |_| ()).unwrap(), expected(&other, &queries));
    }
    println!("old answers {}, new answers {}, refused {}", seen[0], seen[1], seen[2]);
    assert!(seen[0] > 0 && seen[2] > 30, "{seen:?}");
}

#[test]
fn loading_over_noise() {
    let (one, other, identity) = two();
    for seed in 0..10 {
        let device = Device::with(identity.clone(), &one).unwrap();
        let line = Noisy::new(Inside::new(device), Noise::of(0.01), seed);
        let mut board = Session::connect(line, LineOptions { seed, ..LineOptions::default() }).unwrap();
        board.load(&other, &mut |_, _| ()).unwrap();
        let patterns = board.patterns(&mut |_| ()).unwrap();
        assert_eq!(&patterns, other.patterns());
        let queries = cues(&other, 100, seed);
        assert_eq!(board.recall(&queries, &mut |_| ()).unwrap(), expected(&other, &queries));
        // every word that was loaded is there
        let mut want = Device::empty(identity.clone());
        want.put(&Layout::of(&other, folder::digest(&other), &identity).unwrap());
        let image = board.image(&mut |_| ()).unwrap();
        let test = SelfTest { recalls: 300, first: 3, flips: 30, seed: 5 };
        assert_eq!(image.predict(test), want.predict(test));
        assert_eq!(board.self_test(test).unwrap(), want.predict(test));
    }
}

/// A memory and back again, and each time the answers of that memory.
#[test]
fn loading_back_and_forth() {
    let (one, other, identity) = two();
    let line = Inside::new(Device::with(identity, &one).unwrap());
    let mut board = Session::connect(line, LineOptions::default()).unwrap();
    for memory in [&other, &one, &one, &other] {
        board.load(memory, &mut |_, _| ()).unwrap();
        let queries = cues(memory, 50, 1);
        assert_eq!(board.recall(&queries, &mut |_| ()).unwrap(), expected(memory, &queries));
    }
    assert_eq!(board.stats().again, 0);
}
