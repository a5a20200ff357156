//! Runs: a mutated sample each, watched for panics, memory and time.

use crate::{
    corpus::Sample,
    dice::Dice,
    format, limit,
    readers::{self, Reader},
};
use std::{
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A reader that takes longer than this over a sample of a few kilobytes hangs.
pub const LONGEST: Duration = Duration::from_secs(10);

/// The run in progress, counted from 1, for the watchdog.
static CURRENT: AtomicU64 = AtomicU64::new(0);

/// What the last panic said, and where.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// What became of the runs of one reader.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Samples that were accepted.
    pub accepted: u64,
    /// Samples that were refused with an error.
    pub refused: u64,
    /// The most bytes that a run held, beside its input.
    pub peak: usize,
    /// The slowest run.
    pub slowest: Duration,
    /// Runs that broke a rule, and how.
    pub failures: Vec<(u64, String)>,
}

/// A folder for the files of one sample, in memory where there is such a place.
pub struct Desk {
    path: PathBuf,
    there: BTreeMap<String, Vec<u8>>,
}

impl Desk {
    /// A new one.
    pub fn new() -> std::io::Result<Desk> {
        let memory = Path::new("/dev/shm");
        let name = format!("hopgate-fuzz-{}", std::process::id());
        let mut path = memory.join(&name);
        if std::fs::create_dir(&path).is_err() {
            path = std::env::temp_dir().join(&name);
            std::fs::create_dir_all(&path)?;
        }
        Ok(Desk { path, there: BTreeMap::new() })
    }

    /// Makes the folder hold exactly this sample.
    fn lay(&mut self, sample: &Sample) -> std::io::Result<()> {
        let gone: Vec<String> =
            self.there.keys().filter(|name| sample.iter().all(|(n, _)| n != *name)).cloned().collect();
        for name in gone {
            std::fs::remove_file(self.path.join(&name))?;
            self.there.remove(&name);
        }
        for (name, bytes) in sample {
            if self.there.get(name) != Some(bytes) {
                std::fs::write(self.path.join(name), bytes)?;
                self.there.insert(name.clone(), bytes.clone());
            }
        }
        Ok(())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// The mutated sample of a run: a few changes to one of the corpus.
pub fn sample(corpus: &[Sample], seed: u64, run: u64) -> Sample {
    let mut dice = Dice::new(seed, run);
    let mut sample = corpus[dice.below(corpus.len())].clone();
    let changes = if dice.once_in(2) { 1 } else { 1 + dice.below(4) };
    for _ in 0..changes {
        let at = dice.below(sample.len());
        let other = &corpus[dice.below(corpus.len())];
        let other = other.get(at).map_or(&[][..], |(_, bytes)| bytes);
        let (name, bytes) = &mut sample[at];
        format::mutate(name, bytes, other, &mut dice);
        // a repeated doubling would only measure the copying of bytes
        bytes.truncate(1 << 16);
    }
    if sample.len() > 1 && dice.once_in(50) {
        sample.remove(dice.below(sample.len()));
    }
    sample
}

/// One run; says what is wrong.
pub fn once(reader: &Reader, desk: &mut Desk, sample: &Sample, tally: &mut Tally) -> Result<(), String> {
    desk.lay(sample).map_err(|e| format!("cannot write the sample: {e}"))?;
    let first = sample.first().map_or("", |(name, _)| name);
    let input: usize = sample.iter().map(|(_, bytes)| bytes.len()).sum();
    let before = limit::begin();
    let begun = Instant::now();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        let outcome = (reader.read)(&desk.path, first);
        outcome.map_err(|e| readers::check_error(&e)).is_ok()
    }));
    let (took, peak) = (begun.elapsed(), limit::peak_since(before));
    tally.slowest = tally.slowest.max(took);
    tally.peak = tally.peak.max(peak);
    match outcome {
        Ok(true) => tally.accepted += 1,
        Ok(false) => tally.refused += 1,
        Err(_) => return Err(PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone()),
    }
    if peak > limit::allowed(input) {
        return Err(format!("held {peak} bytes over {input} bytes of input; {} are allowed", limit::allowed(input)));
    }
    Ok(())
}

/// Runs `runs` of a reader over its corpus.
pub fn many(
    reader: &Reader,
    corpus: &[Sample],
    seed: u64,
    runs: std::ops::Range<u64>,
    desk: &mut Desk,
    trace: bool,
) -> Tally {
    let mut tally = Tally::default();
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|panic| *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string()));
    for run in runs {
        CURRENT.store(run + 1, Relaxed);
        if trace {
            eprintln!("{} {run}", reader.name);
        }
        if let Err(what) = once(reader, desk, &sample(corpus, seed, run), &mut tally) {
            tally.failures.push((run, what));
            if tally.failures.len() >= 10 {
                break;
            }
        }
    }
    CURRENT.store(0, Relaxed);
    panic::set_hook(hook);
    tally
}

/// Calls `hangs` with the number of a run that takes longer than [`LONGEST`], from a thread of its own.
pub fn watch(hangs: impl Fn(u64) + Send + 'static) {
    std::thread::spawn(move || {
        let mut seen = (0, Instant::now());
        loop {
            std::thread::sleep(Duration::from_millis(500));
            let now = CURRENT.load(Relaxed);
            if now != seen.0 {
                seen = (now, Instant::now());
            } else if now != 0 && seen.1.elapsed() > LONGEST {
                hangs(now - 1);
                seen.1 = Instant::now();
            }
        }
    });
}
