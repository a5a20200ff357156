//! A device behind a pseudo-terminal, so that any program talks to it as to a serial port.

use crate::{
    device::Device,
    transport::{Hits, Noise},
};
use hopgate_model::{Error, ErrorKind, Result};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{OFlags, fcntl_setfl},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};
use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

/// What takes bytes and gives bytes.
pub trait ByteDevice {
    /// Hands bytes over, lets the device run for a moment, and appends what it sends. Returns whether it is at work: then it is called
    /// again soon, without bytes if none come; else only now and then.
    ///
    /// # Errors
    /// If the device cannot go on.
    fn exchange(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<bool>;

    /// Presses its reset button.
    fn press_reset(&mut self);
}

impl ByteDevice for Device {
    fn exchange(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<bool> {
        // one at a time, so that what comes meanwhile is buffered, and the buffer can be full
        self.receive(bytes);
        match self.work() {
            Some(reply) => out.extend(reply),
            None => return Ok(false),
        }
        Ok(true)
    }

    fn press_reset(&mut self) {
        Device::press_reset(self);
    }
}

impl<D: ByteDevice + ?Sized> ByteDevice for Box<D> {
    fn exchange(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<bool> {
        (**self).exchange(bytes, out)
    }

    fn press_reset(&mut self) {
        (**self).press_reset();
    }
}

/// A device whose line has noise, in both directions.
pub struct NoisyDevice<D> {
    /// The device.
    pub device: D,
    /// The noise.
    pub hits: Hits,
}

impl<D: ByteDevice> NoisyDevice<D> {
    /// Noise before a device.
    pub fn new(device: D, noise: Noise, seed: u64) -> Self {
        NoisyDevice { device, hits: Hits::new(noise, seed) }
    }
}

impl<D: ByteDevice> ByteDevice for NoisyDevice<D> {
    fn exchange(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<bool> {
        let mut sent = Vec::new();
        let busy = self.device.exchange(&self.hits.pass(bytes), &mut sent)?;
        out.extend(self.hits.pass(&sent));
        Ok(busy)
    }

    fn press_reset(&mut self) {
        self.device.press_reset();
    }
}

/// A pseudo-terminal; its other end is a file that programs open as they open a serial port.
pub struct Terminal {
    master: File,
    name: PathBuf,
}

/// How often a server that has nothing to do looks whether it should stop.
const LOOK: Duration = Duration::from_millis(50);
/// Bytes to the program that wait at most; what comes beyond is lost, as with any serial port that is not read.
const MOST_WAITING: usize = 1 << 20;

impl Terminal {
    /// A new one, in raw mode.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if the system gives none.
    pub fn open() -> Result<Terminal> {
        let failed =
            |e: rustix::io::Errno| Error::new(ErrorKind::Io, format!("cannot open a pseudo-terminal: {e}")).because(e);
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).map_err(failed)?;
        grantpt(&master).map_err(failed)?;
        unlockpt(&master).map_err(failed)?;
        let name = ptsname(&master, Vec::new()).map_err(failed)?;
        // nothing is echoed, and no byte means anything
        let mut mode = tcgetattr(&master).map_err(failed)?;
        mode.make_raw();
        tcsetattr(&master, OptionalActions::Now, &mode).map_err(failed)?;
        fcntl_setfl(&master, OFlags::RDWR | OFlags::NONBLOCK).map_err(failed)?;
        Ok(Terminal { master: master.into(), name: PathBuf::from(name.to_string_lossy().into_owned()) })
    }

    /// The file that programs open.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Serves a device until told to stop. With a baud rate, bytes come and go no faster than that.
    ///
    /// # Errors
    /// If the device or the terminal cannot go on.
    pub fn serve(&mut self, device: &mut dyn ByteDevice, baud: Option<u32>, stop: &dyn Fn() -> bool) -> Result<()> {
        let failed = |e: io::Error| Error::io("use the pseudo-terminal", Path::new("/dev/ptmx"), e);
        let (mut buffer, mut out) = ([0; 1024], Vec::new());
        let (mut to_device, mut to_program) = (Pace::new(baud), Pace::new(baud));
        let (mut busy, mut called) = (false, Instant::now());
        while !stop() {
            let mut nobody = false;
            let room = to_device.allowed(buffer.len());
            let count = match self.master.read(&mut buffer[..room]) {
                Ok(count) => count,
                Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => 0,
                // no program has the other end open
                Err(e) if e.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => {
                    nobody = true;
                    0
                }
                Err(e) => return Err(failed(e)),
            };
            to_device.passed(count);
            // (now and then without reason too: a device may work in silence)
            if busy || count > 0 || called.elapsed() >= LOOK {
                called = Instant::now();
                busy = device.exchange(&buffer[..count], &mut out)?;
            }
            if nobody {
                out.clear();
            }
            out.truncate(MOST_WAITING);
            let portion = to_program.allowed(out.len());
            if portion > 0 {
                match self.master.write(&out[..portion]) {
                    Ok(written) => {
                        to_program.passed(written);
                        out.drain(..written);
                    }
                    Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
                    Err(_) => out.clear(),
                }
            }
            if busy || count > 0 {
                continue;
            }
            if nobody || room == 0 || (!out.is_empty() && baud.is_some()) {
                sleep(if nobody { LOOK } else { Duration::from_millis(1) });
                continue;
            }
            let waits_for = if out.is_empty() { PollFlags::IN } else { PollFlags::IN | PollFlags::OUT };
            let timeout = Timespec { tv_sec: 0, tv_nsec: LOOK.as_nanos() as _ };
            match poll(&mut [PollFd::new(&self.master, waits_for)], Some(&timeout)) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(failed(e.into())),
            }
        }
        Ok(())
    }
}

/// How many bytes may pass at a baud rate.
struct Pace {
    baud: Option<u32>,
    since: Instant,
    /// Bytes since then.
    bytes: usize,
}

impl Pace {
    fn new(baud: Option<u32>) -> Self {
        Pace { baud, since: Instant::now(), bytes: 0 }
    }

    /// Of so many bytes, how many may pass now.
    fn allowed(&mut self, wanted: usize) -> usize {
        let Some(baud) = self.baud else { return wanted };
        let may = (self.since.elapsed().as_secs_f64() * f64::from(baud) / 10.0) as usize;
        // what was not used is not saved up
        if may > self.bytes + (baud / 10) as usize / 50 {
            *self = Pace { bytes: 0, since: Instant::now() - Duration::from_millis(10), baud: self.baud };
            return wanted.min((baud / 1000) as usize);
        }
        wanted.min(may.saturating_sub(self.bytes))
    }

    fn passed(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{client, device::Build, transport::Serial};
    use hopgate_model::{
        bits::BitMatrix,
        memory::{Memory, Parts},
        reference,
    };
    use std::{
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    fn memory() -> Memory {
        let patterns = BitMatrix::from_fn(20, 40, |mu, i| (mu + 1) * (i + 3) * (i + 7) % 101 < 50);
        let mut kernel = vec![0; 41];
        kernel[..4].copy_from_slice(&[255, 30, 4, 1]);
        Memory::new(Parts { planes: vec![patterns.clone()], kernel: vec![kernel], ..Parts::of(patterns) }).unwrap()
    }

    /// Three programs, one after the other, at one terminal; noise or not.
    fn three_programs(share: f64, baud: Option<u32>) -> Duration {
        let memory = memory();
        let mut terminal = Terminal::open().unwrap();
        let name = terminal.name().to_owned();
        let device = Device::new(Build::of(&memory), &memory).unwrap();
        let mut device = NoisyDevice::new(device, Noise::of(share), 1);
        let stop = AtomicBool::new(false);
        let begun = Instant::now();
        thread::scope(|scope| {
            let server = scope.spawn(|| terminal.serve(&mut device, baud, &|| stop.load(Ordering::Relaxed)));
            for seed in 0..3 {
                let port = Serial::open(&name, 1_000_000).unwrap();
                let options = client::LineOptions { seed, ..Default::default() };
                let mut board = client::Session::connect(port, options).unwrap();
                let answers = board.recall(memory.patterns(), &mut |_| ()).unwrap();
                for mu in 0..20 {
                    let want = reference::recall(&memory, memory.patterns().row(mu));
                    assert_eq!((answers.state.row(mu), answers.steps[mu]), (&want.state[..], want.steps));
                }
            }
            stop.store(true, Ordering::Relaxed);
            server.join().unwrap().unwrap();
        });
        begun.elapsed()
    }

    #[test]
    fn programs_come_and_go() {
        three_programs(0.0, None);
    }

    #[test]
    fn programs_come_and_go_over_noise() {
        three_programs(0.02, None);
    }

    /// 20 answers of 18 bytes, three times, at 24 bytes in 10 ms.
    #[test]
    fn a_baud_rate_takes_its_time() {
        let took = three_programs(0.0, Some(24_000));
        assert!(took > Duration::from_millis(300), "{took:?}");
    }
}
