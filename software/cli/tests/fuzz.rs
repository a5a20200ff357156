//! A slice of `make soak`: every reader on a few thousand damaged files. The fuzzer is `fuzz/`, a package of its own.
#![allow(dead_code)] // the slice needs a part of it

#[path = "../../../fuzz/src/bytes.rs"]
mod bytes;
#[path = "../../../fuzz/src/corpus.rs"]
mod corpus;
#[path = "../../../fuzz/src/dice.rs"]
mod dice;
#[path = "../../../fuzz/src/format/mod.rs"]
mod format;
#[path = "../../../fuzz/src/limit.rs"]
#[allow(unsafe_code)] // an allocator
mod limit;
#[path = "../../../fuzz/src/readers.rs"]
mod readers;
#[path = "../../../fuzz/src/run.rs"]
mod run;

use std::path::Path;

#[global_allocator]
static ALLOCATOR: limit::Counting = limit::Counting;

/// One test, because the allocator counts for the whole process.
#[test]
fn no_reader_panics_hangs_or_fills_the_memory() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    run::watch(|run| {
        eprintln!("run {run} hangs");
        std::process::exit(3);
    });
    let mut desk = run::Desk::new().unwrap();
    for reader in &readers::READERS {
        let corpus = corpus::load(&folder, reader.name).unwrap();
        // as they are, the samples are what their names say; a few are there to be refused
        let mut whole = run::Tally::default();
        for sample in &corpus {
            run::once(reader, &mut desk, sample, &mut whole).unwrap();
        }
        assert!(whole.accepted > 0, "{}: {whole:?}", reader.name);
        let tally = run::many(reader, &corpus, 7, 0..2000, &mut desk, false);
        assert!(tally.failures.is_empty(), "{}: {:?}", reader.name, tally.failures);
        assert!(tally.accepted > 10 && tally.refused > 1000, "{}: {tally:?}", reader.name);
    }
    // the watch over panics and memory is awake
    let corpus = corpus::load(&folder, "npy").unwrap();
    let panics = readers::Reader { name: "panics", read: |_, _| panic!("on purpose") };
    let tally = run::many(&panics, &corpus, 7, 0..3, &mut desk, false);
    assert!(tally.failures.len() == 3 && tally.failures[0].1.contains("on purpose"), "{tally:?}");
    let fills = |_: &Path, _: &str| {
        std::hint::black_box(vec![1u8; 64 << 20]);
        Ok(())
    };
    let tally = run::many(&readers::Reader { name: "fills", read: fills }, &corpus, 7, 0..3, &mut desk, false);
    assert!(tally.failures.len() == 3 && tally.failures[0].1.contains("are allowed"), "{tally:?}");
}
