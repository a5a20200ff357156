//! What is compiled once: whatever the contents of a memory, and whatever became of the entries. One test, alone in its process, with
//! a cache of its own.

// one test in its process: no other thread reads the environment
#![allow(unsafe_code)]

use hopgate_hdl::{Plan, Top, emit};
use hopgate_model::memory::Memory;
use hopgate_sim::{CosimOptions, Library, Waveform, cache, cosim, suite};
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

const SHAPE: suite::Shape = suite::Shape { neurons: 12, patterns: 10, ..suite::SHAPE };

fn memory(seed: u64) -> Memory {
    suite::memory(&SHAPE, suite::distinct(SHAPE.patterns, SHAPE.neurons, seed))
}

fn build(memory: &Memory) -> Library {
    // the header names the memory
    let design = emit(&Plan::of(memory).unwrap(), Top::Core, &hopgate_files::folder::hash(memory)).unwrap();
    Library::build(&design, Waveform::Off).unwrap()
}

fn equal(library: &Library, memory: &Memory) -> bool {
    let cues = suite::cues(memory.patterns(), 40);
    cosim(library, memory, &cues, CosimOptions::default(), &|_| ()).unwrap().difference.is_none()
}

/// Every entry, with its contents.
fn entries(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = fs::read_dir(folder.join("simulations")).into_iter().flatten().flatten();
    files.map(|file| (file.path(), fs::read(file.path()).unwrap())).collect()
}

mod tool {
    use super::*;

    #[test]
    #[ignore = "make full: six simulations without a cache"]
    fn one_program_for_all_memories_of_a_shape() {
        if hopgate_eda::tools::require("verilator").is_err() {
            return;
        }
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("cache");
        unsafe { env::set_var(cache::VARIABLE, &folder) };
        let (one, two) = (memory(1), memory(2));
        let first = build(&one);
        let kept = entries(&folder);
        assert_eq!(kept.len(), 2, "Verilator's runtime, and the simulation: {kept:?}");
        // the other memory is simulated by the same program, at the same time
        let second = build(&two);
        assert_eq!(entries(&folder), kept);
        assert!(equal(&first, &one) && equal(&second, &two) && !equal(&first, &two));
        assert_eq!(fs::read(first.object()).unwrap(), fs::read(second.object()).unwrap());

        // a broken entry is made again
        for (at, bytes) in &kept {
            let mut poisoned = bytes.clone();
            *poisoned.last_mut().unwrap() ^= 1;
            for damage in [&poisoned[..], &bytes[..bytes.len() / 2]] {
                fs::write(at, damage).unwrap();
                assert!(equal(&build(&two), &two));
            }
        }
        // (a runtime that is at hand in this process is not looked for)
        let whole = |found: &BTreeMap<PathBuf, Vec<u8>>| found.values().filter(|bytes| bytes.len() > 10_000).count();
        assert!(whole(&entries(&folder)) >= 1);
        assert_eq!(cache::trouble(), None);

        // other Verilog is another program, if only by one operator
        let mut broken = first.design.clone();
        broken.verilog = broken.verilog.replacen(" ^ ", " | ", 1);
        assert_ne!(broken.verilog, first.design.verilog);
        let broken = Library::build(&broken, Waveform::Off).unwrap();
        assert!(entries(&folder).len() > kept.len() && broken.object().exists());

        // a memory file that is not there, or too short, is an error and no difference
        let image = &second.design.plan.images()[0].file;
        let path = second.folder().join(image);
        let whole = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let cues = suite::cues(two.patterns(), 4);
        let failure = || cosim(&second, &two, &cues, CosimOptions::default(), &|_| ()).unwrap_err().to_string();
        let said = failure();
        assert!(said.contains("the simulation does not start") && said.contains(image.as_str()), "{said}");
        fs::write(&path, "not hexadecimal\n").unwrap();
        let said = failure();
        assert!(said.contains("the simulation does not start") && said.contains(image.as_str()), "{said}");
        fs::write(&path, whole).unwrap();
        assert!(equal(&second, &two));

        // where nothing can be kept, all is as it was without
        for nowhere in ["", "off"] {
            unsafe { env::set_var(cache::VARIABLE, nowhere) };
            let before = entries(&folder);
            assert!(equal(&build(&one), &one) && entries(&folder) == before);
            assert_eq!(cache::trouble(), None, "it was asked for");
        }
        unsafe { env::set_var(cache::VARIABLE, home.path().join("file")) };
        fs::write(home.path().join("file"), "").unwrap();
        assert!(equal(&build(&one), &one));
        let said = cache::trouble().expect("it was tried");
        assert!(said.contains("file/simulations") && said.contains("HOPGATE_CACHE=off"), "{said}");
    }
}
