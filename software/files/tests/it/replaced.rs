//! A memory that is read while another takes its place is the one or the other, whole.

use crate::common::{Shape, memory};
use hopgate_files::folder;
use hopgate_model::{Result, kernel::KernelMode, memory::Memory};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

fn sample(seed: u64, labels: bool) -> Memory {
    let mode = KernelMode::Normalised;
    memory(Shape {
        neurons: 40,
        patterns: 9 + seed as usize,
        planes: 2,
        kernel_bits: 8,
        mode,
        shared: true,
        labels,
        seed,
    })
}

fn save(memory: &Memory, path: &Path) -> Result<()> {
    folder::save(memory, path, &Default::default())
}

/// Ends the readers when it is dropped.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn old_or_new_but_never_damaged() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("memory");
    let memories = [sample(1, true), sample(2, false), sample(3, true)];
    let hashes = memories.each_ref().map(folder::hash);
    save(&memories[0], &path).expect("saved");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        // however it ends, so that nobody waits for readers that go on
        let end = End(&done);
        let readers: Vec<_> = (0..2)
            .map(|reader| {
                let (done, path, hashes) = (&done, &path, &hashes);
                scope.spawn(move || {
                    let (mut reads, mut seen) = (0, BTreeSet::new());
                    while !done.load(Ordering::Relaxed) || reads == 0 {
                        let found = folder::load(path).unwrap_or_else(|e| panic!("reader {reader}, read {reads}: {e}"));
                        let which = hashes.iter().position(|h| *h == folder::hash(&found));
                        seen.insert(which.unwrap_or_else(|| panic!("reader {reader}, read {reads}: a mixture")));
                        assert_eq!(found.parts().labels.is_some(), which != Some(1), "labels of another memory");
                        let manifest = folder::manifest(path).unwrap_or_else(|e| panic!("read {reads}: {e}"));
                        assert!(hashes.contains(&manifest.sha256));
                        reads += 1;
                    }
                    seen.len()
                })
            })
            .collect();
        let writers: Vec<_> = (0..2)
            .map(|writer| {
                let (path, memories) = (&path, &memories);
                scope.spawn(move || {
                    (0..200).for_each(|i| save(&memories[(i + writer) % 3], path).expect("replaced"));
                })
            })
            .collect();
        writers.into_iter().for_each(|w| w.join().expect("it writes"));
        drop(end);
        let seen: usize = readers.into_iter().map(|r| r.join().expect("it reads")).max().unwrap_or(0);
        assert!(seen > 1, "nothing was replaced while it was read");
    });
}

/// What is damaged stays damaged, however often it is looked at, and that does not take long.
#[test]
fn damage_is_no_replacement() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("memory");
    save(&sample(1, true), &path).expect("saved");
    let bytes = std::fs::read(path.join("planes.npy")).expect("read");
    std::fs::write(path.join("planes.npy"), &bytes[1..]).expect("damaged");
    let begun = std::time::Instant::now();
    assert!(folder::load(&path).expect_err("damaged").to_string().contains("planes.npy: damaged"));
    assert!(begun.elapsed().as_millis() < 250, "it was tried again and again");
    // a program that was killed in the middle of filling it left a temporary there: that is waited for, and then told
    std::fs::create_dir(path.join(".hopgate-tmp-4194304-1")).expect("made");
    assert!(folder::load(&path).expect_err("damaged").to_string().contains("planes.npy: damaged"));
}
