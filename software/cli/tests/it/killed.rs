//! `kill -9` at random moments: what was complete before stays complete, and the next run succeeds and tidies up.
//!
//! A few kills of the quick verbs always; with `HOPGATE_KILLS=100` that many, a fifth of them of `build` and `demo` with the
//! real tools (`make soak` does that).

use crate::common::{PROGRAM, Place, there};
use hopgate_files::temporary::PREFIX;
use hopgate_model::noise;
use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant, SystemTime},
};

type Listing = BTreeMap<PathBuf, Vec<u8>>;

/// Two command lines that write the same output, and what each of them makes of it.
struct Subject<'a> {
    place: &'a Place,
    output: &'a str,
    lines: [String; 2],
    whole: [Listing; 2],
    /// Files that are the same after every run of a line: those without a time in them.
    same: Box<dyn Fn(&Path) -> bool>,
    time: Duration,
}

impl<'a> Subject<'a> {
    /// Runs each line to its end.
    fn new(place: &'a Place, output: &'a str, lines: [String; 2], same: impl Fn(&Path) -> bool + 'static) -> Self {
        let same = Box::new(same);
        let whole = [Listing::new(), Listing::new()];
        let mut subject = Subject { place, output, lines, whole, same, time: Duration::MAX };
        for which in [1, 0] {
            let begun = Instant::now();
            place.ok(&subject.lines[which]);
            subject.time = subject.time.min(begun.elapsed());
            subject.whole[which] = subject.now();
            assert!(!subject.whole[which].is_empty(), "{}", subject.lines[which]);
        }
        subject
    }

    /// What is at the output.
    fn now(&self) -> Listing {
        let path = self.place.path(self.output);
        if path.is_dir() {
            let all = crate::common::listing(&path);
            // a demo is a folder of outputs, with their temporaries beside them
            let output = |path: &Path| !path.components().any(|c| is_temporary(c.as_os_str()));
            return all.into_iter().filter(|(path, _)| (self.same)(path) && output(path)).collect();
        }
        fs::read(&path).map_or_else(|_| Listing::new(), |bytes| Listing::from([(PathBuf::new(), bytes)]))
    }

    /// Whether something half-written lies beside the output.
    fn writes(&self) -> bool {
        let beside = self.place.path(self.output);
        let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.file_name());
        entries(beside.parent().unwrap()).chain(entries(&beside)).any(|name| is_temporary(&name))
    }

    /// Starts a line, kills it after a while, or as soon as it writes, and looks. True if it was still running.
    fn kill(&self, which: usize, after: Option<Duration>, context: &str) -> bool {
        let mut command = Command::new(PROGRAM);
        command.args(self.lines[which].split_whitespace()).current_dir(self.place.root());
        command.env("TMPDIR", self.place.path("tmp")).stdout(Stdio::null()).stderr(Stdio::null());
        let already = self.writes();
        let mut child = command.spawn().unwrap();
        match after {
            Some(after) => sleep(after),
            // if a former kill has left something there, any moment is as good
            None => while !already && !self.writes() && child.try_wait().unwrap().is_none() {},
        }
        let running = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        let now = self.now();
        assert!(self.whole.contains(&now), "{context}: {} is neither the former nor the new one", self.output);
        self.place.ok(&self.lines[which]);
        assert_eq!(self.now(), self.whole[which], "{context}: the next run");
        running
    }

    /// Kills a line `count` times, at moments that cover all of its run.
    fn attack(&self, count: usize, seed: u64) {
        let mut rng = noise::rng(seed, 1);
        let (mut running, mut found) = (0, 0);
        for i in 0..count {
            let part = (i as f64 + noise::unit(&mut rng)) / count as f64;
            let which = usize::from(noise::unit(&mut rng) < 0.5);
            // every other one just when the output is being written, which is a small part of the time
            let after = (i % 2 == 0).then(|| self.time.mul_f64(part));
            let context = format!("{}, kill {i}, after {after:?}", self.lines[which]);
            running += usize::from(self.kill(which, after, &context));
            // what was left is as if it were old, half of the time: then the next run removes it
            let left = temporaries(self.place.root());
            found += left.len();
            if noise::unit(&mut rng) < 0.5 {
                left.iter().for_each(|path| age(path));
            }
        }
        let left = temporaries(self.place.root());
        left.iter().for_each(|path| age(path));
        self.place.ok(&self.lines[0]);
        let stay = temporaries(self.place.root());
        let said = format!(
            "{}: {count} kills, {running} before its end ({:.2} s); {found} temporaries were seen, {} left, {} after the next run\n",
            self.lines[0].split(' ').next().unwrap(),
            self.time.as_secs_f64(),
            left.len(),
            stay.len()
        );
        std::io::stderr().write_all(said.as_bytes()).unwrap();
        assert!(stay.is_empty(), "{stay:?}");
        assert!(running > 0, "every kill came too late");
    }
}

fn is_temporary(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with(PREFIX)
}

/// Makes a file or a folder look as if nobody had changed it for a while.
fn age(path: &Path) {
    let then = SystemTime::now() - Duration::from_secs(600);
    fs::File::open(path).and_then(|file| file.set_modified(then)).unwrap();
}

/// Temporaries that are not inside another one.
fn temporaries(root: &Path) -> Vec<PathBuf> {
    let outermost = |path: &PathBuf| {
        let above = path.parent().unwrap().components().any(|c| is_temporary(c.as_os_str()));
        path.file_name().is_some_and(is_temporary) && !above
    };
    crate::common::listing(root).into_keys().filter(outermost).map(|path| root.join(path)).collect()
}

/// How many kills were asked for, if any were.
fn asked() -> Option<usize> {
    std::env::var("HOPGATE_KILLS").ok().map(|n| n.parse().expect("HOPGATE_KILLS is a number"))
}

fn both(line: impl Fn(&str) -> String) -> [String; 2] {
    [line("a"), line("b")]
}

#[test]
fn what_was_complete_stays_complete() {
    let each = asked().map_or(3, |n| (n * 4 / 5).div_ceil(3));
    let place = Place::new();
    // files of a megabyte, so that writing them takes a moment
    let train = [1, 2].map(|seed| format!("train random:N=128,P=1000,seed={seed} --gamma 0.1 --method gd --epochs 1"));
    Subject::new(&place, "m/model.npz", train.clone().map(|t| format!("{t} -o m/model.npz")), |_| true).attack(each, 1);
    for (line, name) in train.iter().zip(["a", "b"]) {
        place.ok(&format!("{line} -o {name}.npz"));
        place.ok(&format!("quantize {name}.npz --bits 2 -o memory-{name}"));
    }
    let quantize = both(|m| format!("quantize {m}.npz --bits 2 -o q/memory"));
    Subject::new(&place, "q/memory", quantize, |_| true).attack(each, 2);
    let verilog = both(|m| format!("verilog memory-{m} -o v/rtl"));
    Subject::new(&place, "v/rtl", verilog, |_| true).attack(each, 3);
}

/// A tenth of the kills that were asked for, or three; none if the tools are missing.
fn with_tools() -> Option<usize> {
    let kills = asked().map_or(3, |kills| kills.div_ceil(10));
    there(&["yosys", "nextpnr-ice40", "icetime", "icepack", "verilator"]).then_some(kills)
}

/// Files without a time in them.
fn made(path: &Path) -> bool {
    let kinds = ["bin", "asc", "v", "hex", "pcf", "npz", "npy"];
    path.extension().is_some_and(|e| kinds.iter().any(|k| e == *k))
}

mod tool {
    use super::*;

    #[test]
    #[ignore = "make full: minutes of kills"]
    fn a_build_too() {
        let Some(kills) = with_tools() else { return };
        let place = Place::new();
        for (name, seed) in [("a", 1), ("b", 2)] {
            place.ok(&format!("train random:N=16,P=12,seed={seed} --gamma 0.3 -o {name}.npz"));
            place.ok(&format!("quantize {name}.npz --bits 1 -o memory-{name}"));
        }
        let build = both(|m| format!("build memory-{m} --board icestick --runs 1 -o b/build"));
        Subject::new(&place, "b/build", build, made).attack(kills, 4);
    }

    /// A demo writes one output after the other, so both lines are the same: what is there stays as it is.
    #[test]
    #[ignore = "make full: minutes of kills"]
    fn a_demo_too() {
        let Some(kills) = with_tools() else { return };
        let place = Place::new();
        let line = "demo random:N=16,P=12 --board icestick --runs 1 --count 24 -o d/demo".to_owned();
        Subject::new(&place, "d/demo", [line.clone(), line], made).attack(kills, 5);
    }
}
