//! A model trained on somebody else's array gives the same answers from `recall`, from `cosim`, and from a numpy
//! program that shares no code with hopgate (`independent.py`).

use crate::common::{Place, skipped};
use hopgate_files::{folder, trace::Trace};
use hopgate_model::{
    bits::BitMatrix,
    kernel::KernelMode,
    kind::Kind,
    memory::{Memory, Parts},
    noise,
};
use std::{path::Path, process::Command};

/// Bars, shifted, of several lengths, with a little noise; -1 and 1 in floats, in Fortran order, two rows alike.
/// And cues: patterns with a tenth of the bits flipped, then random states, which nobody stored.
const SOMEBODY_ELSE: &str = "
import numpy as np
r = np.random.RandomState(5)
x = np.arange(45)
rows = [((x - 7 * p) % 45 < 8 + p % 20) ^ (r.rand(45) < 0.04) for p in range(70)]
rows[69] = rows[3]
rows = np.array(rows)
np.save('theirs.npy', np.asfortranarray(np.where(rows, 1.0, -1.0)))
cues = np.concatenate([rows ^ (r.rand(70, 45) < 0.1), r.rand(50, 45) < 0.5])
np.save('cues.npy', cues.astype(np.uint8))
";

/// A Python with numpy: Debian's own first, for one of pyenv or conda on the PATH may well lack it.
fn python() -> Option<&'static str> {
    let has_numpy = |python: &&str| {
        Command::new(python).args(["-c", "import numpy"]).output().is_ok_and(|output| output.status.success())
    };
    ["/usr/bin/python3", "python3"].into_iter().find(has_numpy)
}

/// Runs Python here.
fn run(place: &Place, python: &str, args: &[&str]) {
    let output = Command::new(python).args(args).current_dir(place.root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn trace(place: &Place, name: &str) -> Trace {
    Trace::load(&place.path(name)).unwrap()
}

/// Asserts that two traces are the same in everything, fields included.
fn assert_same(left: &Trace, right: &Trace, what: &str) {
    if let Some(difference) = left.first_difference(right) {
        panic!("{what}: {difference}");
    }
    assert!(left.field.is_some());
    assert_eq!(left, right, "{what}");
}

/// A memory of their patterns, and what everybody makes of the cues (a simulation takes a while to compile).
fn everybody_agrees(quantize: &str, simulate: bool) {
    let Some(python) = python() else {
        skipped("there is no Python with numpy (apt-get install python3-numpy)");
        return;
    };
    let place = Place::new();
    run(&place, python, &["-c", SOMEBODY_ELSE]);
    let trained = place.ok("train theirs.npy --gamma auto --noise 0.1 -o model.npz");
    assert!(trained.err.contains("1 of 70 patterns repeats an earlier one"), "{}", trained.err);
    place.ok(&format!("quantize model.npz {quantize} -o memory"));
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent.py");
    let program = program.to_str().unwrap();
    run(&place, python, &[program, "memory", "cues.npy", "numpy.npz"]);
    let recalled = place.ok("recall memory --queries cues.npy -o recall.npy --trace recall.npz");
    let theirs = trace(&place, "numpy.npz");
    assert_same(&theirs, &trace(&place, "recall.npz"), "numpy and recall");
    // the cues are worth it: some take several steps, many end in different patterns
    assert!(theirs.steps.iter().any(|&s| s > 2), "{:?}", theirs.steps);
    assert!(theirs.nearest.iter().collect::<std::collections::BTreeSet<_>>().len() > 20);

    if !simulate {
        // the other two have one
    } else if hopgate_eda::tools::require("verilator").is_ok() {
        let simulated = place.ok("cosim memory --queries cues.npy -o cosim.npy --trace cosim.npz");
        assert_same(&theirs, &trace(&place, "cosim.npz"), "numpy and cosim");
        let bytes = |name: &str| std::fs::read(place.path(name)).unwrap();
        assert_eq!((bytes("recall.npy"), bytes("recall.npz")), (bytes("cosim.npy"), bytes("cosim.npz")));
        // and both print the same numbers
        for line in recalled.out.lines() {
            assert!(simulated.out.lines().any(|other| squeezed(other) == squeezed(line)), "{line}: {}", simulated.out);
        }
    } else {
        skipped("the co-simulation: there is no Verilator that works (apt-get install verilator)");
    }

    // a bit of one plane that is not what it was: the comparison sees it
    let planes = place.path("memory/planes.npy");
    let mut bytes = std::fs::read(&planes).unwrap();
    let nearest = theirs.nearest[0] as usize;
    let first = bytes.len() - theirs.state.cols() * (69 - nearest);
    bytes[first] ^= 1;
    std::fs::write(&planes, bytes).unwrap();
    run(&place, python, &[program, "memory", "cues.npy", "mutant.npz"]);
    assert!(trace(&place, "mutant.npz").first_difference(&theirs).is_some(), "a flipped bit went unnoticed");
}

/// A memory of this kind of random bits, with tables that are not even monotone; half of the cues are near its keys.
fn random_memory(place: &Place, kind: Kind, mode: KernelMode) {
    let (n, p) = (45, 40);
    let outputs = if kind.answers_keys() { n } else { 7 };
    let table = |seed: u64| noise::random(1, 46 * 8, seed).to_bytes();
    let column = |seed| table(seed).chunks(8).map(|bits| bits.iter().fold(0, |w, &b| 2 * w + u32::from(b))).collect();
    let offset = table(9).chunks(8).map(|bits| bits.iter().fold(0, |w, &b| 2 * w + i32::from(b)) - 128).collect();
    let keys = noise::random(p, n, 1);
    let cues = noise::flips(&keys, 0.1, 5);
    let memory = Memory::new(Parts {
        kind,
        planes: (0..2).map(|j| noise::random(p, outputs, 7 + j)).collect(),
        kernel: vec![column(3), column(4)],
        offset,
        kernel_mode: mode,
        radius: 6,
        max_steps: 4,
        gamma: 0.1,
        ..Parts::of(keys)
    });
    folder::save(&memory.unwrap(), &place.path("memory"), &Default::default()).unwrap();
    // and half are near none
    let far = noise::random(40, n, 11);
    let bits = BitMatrix::from_fn(80, n, |q, i| if q < 40 { cues.get(q, i) } else { far.get(q - 40, i) });
    hopgate_files::trace::save_answers(&bits, &place.path("cues.npy")).unwrap();
}

#[test]
fn every_kind_of_memory() {
    let Some(python) = python() else {
        skipped("there is no Python with numpy (apt-get install python3-numpy)");
        return;
    };
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent.py");
    let reader = documented();
    let arrays =
        "('answers', 'steps', 'converged', 'nearest', 'distance', 'known', 'scores' if kind == 'class' else 'field')";
    let check = format!(
        "
t, cues = np.load('recall.npz'), np.load('cues.npy').astype(int)
for q, cue in enumerate(cues):
    for value, name in zip(recall(cue), {arrays}):
        right = t[name][q] if (kind, name) != ('class', 'answers') else t['class'][q]
        assert np.array_equal(value, right), (q, name, value, right)
"
    );
    for kind in Kind::ALL {
        for mode in [KernelMode::Normalised, KernelMode::Fixed] {
            let place = Place::new();
            random_memory(&place, kind, mode);
            place.ok("recall memory --queries cues.npy -o answers.npy --trace recall.npz");
            run(&place, python, &[program.to_str().unwrap(), "memory", "cues.npy", "numpy.npz"]);
            let theirs = trace(&place, "numpy.npz");
            assert_same(&theirs, &trace(&place, "recall.npz"), &format!("{kind}, {mode}"));
            if !kind.answers_keys() {
                assert!(theirs.known.contains(&true) && theirs.known.contains(&false), "{kind}, {mode}");
            }
            run(&place, python, &["-c", &format!("{reader}{check}")]);
        }
    }
}

/// The reader of a memory that the documentation shows.
fn documented() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/reference/formats.md");
    let page = std::fs::read_to_string(page).unwrap();
    let mut blocks = page.split("```").filter_map(|block| block.strip_prefix("python\n"));
    blocks.find(|b| b.contains("def recall(s")).expect("the page has a reader").to_owned()
}

/// A line with single spaces.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
#[ignore = "make full: every kind of memory is in make test"]
fn shared_two_planes() {
    everybody_agrees("--bits 2 --scheme shared", true);
}

#[test]
#[ignore = "make full: every kind of memory is in make test"]
fn uniform_three_planes_with_offset() {
    everybody_agrees("--bits 3 --scheme uniform --kernel-bits 10", true);
}

#[test]
#[ignore = "make full: every kind of memory is in make test"]
fn fixed_kernel_and_few_steps() {
    everybody_agrees("--bits 1 --scheme uniform --kernel fixed --kernel-bits 16 --max-steps 3", false);
}

#[test]
fn the_reader_of_the_documentation() {
    let Some(python) = python() else {
        skipped("there is no Python with numpy (apt-get install python3-numpy)");
        return;
    };
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/reference/formats.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks: Vec<&str> = page.split("```").filter_map(|block| block.strip_prefix("python\n")).collect();
    let reader = documented();
    let hash = blocks.iter().find(|b| b.contains("sha256")).expect("the page has the hash");
    let place = Place::new();
    run(&place, python, &["-c", SOMEBODY_ELSE]);
    place.ok("train theirs.npy --gamma 0.1 -o model.npz");
    for quantize in ["--bits 3 --scheme uniform", "--bits 2 --kernel fixed"] {
        place.ok(&format!("quantize model.npz {quantize} -o memory"));
        place.ok("recall memory --queries cues.npy --trace t.npz");
        let check = "
t, cues = np.load('t.npz'), np.load('cues.npy').astype(int)
for q, cue in enumerate(cues):
    mine = recall(cue)
    for value, name in zip(mine, ('answers', 'steps', 'converged', 'nearest', 'distance', 'known', 'field')):
        assert np.array_equal(value, t[name][q]), (q, name, value, t[name][q])
";
        run(&place, python, &["-c", &format!("{reader}{check}")]);
        run(&place, python, &["-c", hash]);
    }
}
