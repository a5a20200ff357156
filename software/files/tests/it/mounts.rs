//! Outputs where no rename is possible: mount points, layers of an overlay, folders in a parent that takes no files.
//!
//! Each test mounts in a name space of its own, and is skipped, with a message, where that is not allowed.
#![cfg(target_os = "linux")]

use crate::common::{Shape, assert_same, entries, memory};
use hopgate_files::{atomic, folder};
use hopgate_model::{kernel::KernelMode, memory::Memory};
use std::{
    env, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
};

/// Set where a test runs a second time, behind the mounts.
const INSIDE: &str = "HOPGATE_TEST_MOUNTED";

/// Runs `script`, with the folder as `$1`, and then `test` of this program again behind what it mounted, as another user if asked; there,
/// calls `check` with the folder.
fn behind(test: &str, prepare: impl Fn(&Path), script: &str, check: impl Fn(&Path)) {
    if let Some(home) = env::var_os(INSIDE) {
        return check(Path::new(&home));
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    prepare(home.path());
    let program = env::current_exe().expect("this program");
    // root mounts as it is; anybody else as the root of a name space of users
    for unshare in [&["-m"][..], &["-rm"]] {
        let script = format!("{{ {script}; }} || exit 77; exec \"$2\" --exact \"mounts::$3\" --nocapture");
        let run = Command::new("unshare")
            .args(unshare)
            .args(["sh", "-c", &script, "sh"])
            .args([home.path().as_os_str(), program.as_os_str(), test.as_ref()])
            .env(INSIDE, home.path())
            .output();
        let Ok(run) = run else { break };
        let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        if run.status.success() {
            return assert!(said.contains("1 passed"), "{said}");
        }
        // 77 from the script; 1 from an unshare that may not
        assert!(run.status.code() == Some(77) || !said.contains("running 1 test"), "{said}");
    }
    println!("{test} is skipped: mounting is not allowed here");
}

fn sample(seed: u64, labels: bool) -> Memory {
    let mode = KernelMode::Normalised;
    memory(Shape { neurons: 40, patterns: 9, planes: 2, kernel_bits: 8, mode, shared: true, labels, seed })
}

fn save(memory: &Memory, path: &Path) -> hopgate_model::Result<()> {
    folder::save(memory, path, &Default::default())
}

/// Fills the folder of a memory three times, with and without labels.
fn is_filled_again(path: &Path) {
    for (seed, labels) in [(1, true), (2, false), (3, true)] {
        atomic::writable(path).expect("it can be");
        let memory = sample(seed, labels);
        save(&memory, path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_same(&folder::load(path).expect("loaded"), &memory);
        assert_eq!(entries(path).len(), if labels { 6 } else { 5 }, "{:?}", entries(path));
    }
}

#[test]
fn a_volume_is_filled_in_place() {
    let prepare = |home: &Path| {
        fs::create_dir(home.join("volume")).expect("made");
        fs::create_dir(home.join("bound")).expect("made");
        fs::create_dir(home.join("elsewhere")).expect("made");
    };
    let mounts = "mount -t tmpfs tmpfs \"$1/volume\" && mount --bind \"$1/elsewhere\" \"$1/bound\"";
    behind("a_volume_is_filled_in_place", prepare, mounts, |home| {
        is_filled_again(&home.join("volume"));
        // of the same file system: no device number tells
        is_filled_again(&home.join("bound"));
        assert_eq!(entries(&home.join("elsewhere")), entries(&home.join("bound")));
        // a reader meanwhile sees a whole memory
        let volume = home.join("volume");
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reads = scope.spawn(|| {
                let mut reads = 0;
                while !done.load(std::sync::atomic::Ordering::Relaxed) || reads == 0 {
                    folder::load(&volume).unwrap_or_else(|e| panic!("read {reads}: {e}"));
                    reads += 1;
                }
            });
            (0..100).for_each(|i| save(&sample(i, i % 2 == 0), &volume).expect("filled"));
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            reads.join().expect("it reads");
        });
        // as everywhere, only what is ours is replaced, and a failure costs nothing
        let kept = folder::load(&home.join("volume")).expect("loaded");
        let failing = |_: &Path| Err(hopgate_model::Error::usage("on purpose"));
        atomic::folder(&home.join("volume"), folder::is_memory, failing).expect_err("it fails");
        assert_same(&folder::load(&home.join("volume")).expect("loaded"), &kept);
        fs::write(home.join("volume/notes"), "mine").expect("written");
        assert!(save(&sample(4, false), &home.join("volume")).is_err());
        assert_eq!(fs::read_to_string(home.join("volume/notes")).expect("kept"), "mine");
    });
}

#[test]
fn a_file_that_is_mounted_is_overwritten() {
    let prepare = |home: &Path| {
        fs::write(home.join("target"), "a longer text").expect("written");
        fs::write(home.join("source"), "a longer text").expect("written");
    };
    let mounts = "mount --bind \"$1/source\" \"$1/target\"";
    behind("a_file_that_is_mounted_is_overwritten", prepare, mounts, |home| {
        atomic::writable(&home.join("target")).expect("it can be");
        atomic::write(&home.join("target"), b"new").expect("written");
        assert_eq!(["target", "source"].map(|name| fs::read_to_string(home.join(name)).expect("read")), ["new", "new"]);
        assert_eq!(entries(home), ["source", "target"]);
    });
}

#[test]
fn a_folder_of_a_lower_layer_is_filled_in_place() {
    let prepare = |home: &Path| {
        fs::create_dir(home.join("disk")).expect("made");
    };
    let mounts = "mount -t tmpfs tmpfs \"$1/disk\" && cd \"$1/disk\" && mkdir low up work all low/memory low/file && \
                  mount -t overlay overlay -o lowerdir=low,upperdir=up,workdir=work all";
    behind("a_folder_of_a_lower_layer_is_filled_in_place", prepare, mounts, |home| {
        // the layer is filled where it lies: nothing looked at it through the overlay yet
        let low = home.join("disk/low/memory");
        save(&sample(9, true), &low).expect("saved");
        let (top, former) = (home.join("disk/all/memory"), sample(9, true));
        assert_same(&folder::load(&top).expect("loaded"), &former);
        is_filled_again(&top);
        assert_same(&folder::load(&low).expect("loaded"), &former);
        assert_eq!(entries(&home.join("disk/all")), ["file", "memory"]);
    });
}

/// A parent that takes no files: mounted read-only, with a folder and a file in it that can be written.
#[test]
fn a_parent_that_takes_no_files_is_no_obstacle() {
    let prepare = |home: &Path| {
        fs::create_dir_all(home.join("parent/folder")).expect("made");
        fs::write(home.join("parent/file"), "old").expect("written");
        for name in ["folder", "file"] {
            own_by_nobody(&home.join("parent").join(name));
        }
    };
    let closed = format!("chmod 755 \"$1\" \"$1/parent\" && {AS_NOBODY}");
    behind("a_parent_that_takes_no_files_is_no_obstacle", prepare, &closed, |home| {
        let parent = home.join("parent");
        if fs::write(parent.join("probe"), "").is_ok() {
            fs::remove_file(parent.join("probe")).expect("removed");
            println!("skipped: this user may write everywhere");
            return;
        }
        is_filled_again(&parent.join("folder"));
        atomic::writable(&parent.join("file")).expect("it can be");
        atomic::write(&parent.join("file"), b"new").expect("written");
        assert_eq!(fs::read_to_string(parent.join("file")).expect("read"), "new");
        let e = atomic::write(&parent.join("new"), b"x").expect_err("nothing new can be made");
        assert!(e.to_string().contains("Permission denied"), "{e}");
        assert!(atomic::writable(&parent.join("new")).is_err());
    });
}

/// The end of a script: the test goes on as another user, since root may do everything.
const AS_NOBODY: &str = "command -v setpriv && p=$2 t=$3 && \
     exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$p\" --exact \"mounts::$t\" --nocapture";

/// In a folder that all write in, as `/tmp`, a file of somebody else that may be written, but not be replaced.
#[test]
fn a_file_that_may_not_be_replaced_is_overwritten() {
    let prepare = |home: &Path| fs::write(home.join("theirs"), "a longer text").expect("written");
    let sticky = format!("chmod 1777 \"$1\" && chmod 666 \"$1/theirs\" && {AS_NOBODY}");
    behind("a_file_that_may_not_be_replaced_is_overwritten", prepare, &sticky, |home| {
        let theirs = home.join("theirs");
        let moved = fs::rename(&theirs, home.join("moved"));
        if moved.is_ok() {
            println!("skipped: this user may replace everything");
            return;
        }
        atomic::write(&theirs, b"new").expect("written");
        assert_eq!(fs::read_to_string(&theirs).expect("read"), "new");
        assert_eq!(entries(home), ["theirs"]);
    });
}

/// What takes the place of somebody else's file is ours, and does not run as who owned that one, nor may our group what theirs might.
#[test]
fn rights_of_others_are_not_handed_down() {
    let prepare = |home: &Path| {
        for name in ["user", "group", "both"] {
            fs::write(home.join(name), "old").expect("written");
        }
        own_by_nobody(&home.to_owned());
    };
    let others = format!(
        "cd \"$1\" && chown 0:65534 user && chown 65534:0 group && chown 0:0 both && chmod 6676 * && {AS_NOBODY}"
    );
    behind("rights_of_others_are_not_handed_down", prepare, &others, |home| {
        let about = |name: &str| fs::metadata(home.join(name)).expect("there");
        if about("user").uid() != 0 || fs::File::open("/proc/1/environ").is_ok() {
            println!("skipped: nobody owns files here, or this user may do everything");
            return;
        }
        for (name, mode) in [("user", 0o676), ("group", 0o606), ("both", 0o606)] {
            atomic::write(&home.join(name), b"new").expect("written");
            let new = about(name);
            assert_eq!((new.uid(), new.gid()), (65534, 65534), "{name}");
            assert_eq!(new.mode() & 0o7777, mode, "{name}: {:o}", new.mode());
        }
    });
}

/// A folder whose names can be read, but not what they are of, is not taken for an empty one.
#[test]
fn a_folder_that_does_not_tell_is_not_replaced() {
    let prepare = |home: &Path| {
        fs::create_dir(home.join("closed")).expect("made");
        fs::write(home.join("closed/file"), "kept").expect("written");
        own_by_nobody(&home.join("closed"));
    };
    let closed = format!("chmod 755 \"$1\" && chmod 666 \"$1/closed\" && {AS_NOBODY}");
    behind("a_folder_that_does_not_tell_is_not_replaced", prepare, &closed, |home| {
        let closed = home.join("closed");
        if fs::metadata(closed.join("file")).is_ok() {
            println!("skipped: this user may see everything");
            return;
        }
        let e = atomic::replaceable(&closed, |_| true).expect_err("nobody knows what is in it");
        assert!(e.to_string().contains("closed") && e.to_string().contains("Permission denied"), "{e}");
    });
}

fn own_by_nobody(path: &PathBuf) {
    // where that is not allowed, nor is what comes next
    let _ = std::os::unix::fs::chown(path, Some(65534), Some(65534));
}
