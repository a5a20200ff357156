//! Outputs are whole or not there, and nobody's files are lost.

use crate::common::entries;
use hopgate_files::atomic;
use hopgate_model::{Error, ErrorKind};
use std::{fs, path::Path};

fn ours(folder: &Path) -> bool {
    folder.join("manifest").exists()
}

fn fill(text: &'static str) -> impl Fn(&Path) -> hopgate_model::Result<()> {
    move |new| atomic::write(&new.join("manifest"), text.as_bytes())
}

#[test]
fn files_are_written_whole_with_their_parents() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("a/b/c.txt");
    for text in ["first", "second", "3"] {
        atomic::write(&file, text.as_bytes()).expect("written");
        assert_eq!(fs::read_to_string(&file).expect("read"), text);
    }
    assert_eq!(entries(file.parent().expect("a folder")), ["c.txt"]);
    let e = atomic::write(home.path(), b"x").expect_err("it is a folder");
    assert!(e.to_string().contains("it is a folder"), "{e}");
    let e = atomic::write(&file.join("below"), b"x").expect_err("its parent is a file");
    assert!(e.kind() == ErrorKind::Io && e.to_string().contains("c.txt"), "{e}");
    assert_eq!(atomic::write("".as_ref(), b"x").expect_err("no name").kind(), ErrorKind::Usage);
}

#[test]
fn files_beside_a_folder_can_be_written_while_it_is_filled() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let fill_both = |new: &Path| {
        atomic::write(&home.path().join("beside"), b"x")?;
        atomic::write(&new.join("manifest"), b"x")
    };
    atomic::folder(&home.path().join("out"), ours, fill_both).expect("made");
    assert_eq!(entries(home.path()), ["beside", "out"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_named() {
    // not even from root
    let e = atomic::write("/proc/hopgate".as_ref(), b"x").expect_err("it takes none");
    assert!(e.kind() == ErrorKind::Io && e.to_string().contains("/proc/hopgate"), "{e}");
}

/// A memory device of our own, where one may be made: root, whom nothing stops, must not replace the system's by a file when the code is wrong.
#[cfg(target_os = "linux")]
fn device(home: &Path, name: &str, minor: &str) -> std::path::PathBuf {
    let own = home.join(name);
    let made = std::process::Command::new("mknod").arg(&own).args(["c", "1", minor]).output();
    match made.is_ok_and(|m| m.status.success()) && fs::OpenOptions::new().write(true).open(&own).is_ok() {
        true => own,
        false => Path::new("/dev").join(name),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn devices_are_written_to_and_links_are_followed() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (null, full) = (device(home.path(), "null", "3"), device(home.path(), "full", "7"));
    atomic::write(&null, b"x").expect("written");
    assert!(!fs::metadata(&null).expect("still there").is_file());
    let e = atomic::write(&full, b"x").expect_err("a full disk");
    assert!(e.to_string().contains("/full") && e.help_text().is_some_and(|h| h.contains("full")), "{e}");
    let (file, link) = (home.path().join("file"), home.path().join("link"));
    fs::write(&file, "old").expect("written");
    std::os::unix::fs::symlink(&file, &link).expect("linked");
    atomic::write(&link, b"new").expect("written");
    assert_eq!(fs::read_to_string(&file).expect("read"), "new");
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    fs::remove_file(&file).expect("removed");
    let e = atomic::folder(&link, ours, fill("x")).expect_err("it leads nowhere");
    assert!(
        e.to_string().contains("leads nowhere") && fs::symlink_metadata(&link).is_ok_and(|m| m.is_symlink()),
        "{e}"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_without_write_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().expect("a temporary folder");
    let closed = home.path().join("closed");
    fs::create_dir(&closed).expect("made");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("closed");
    let allowed = fs::write(closed.join("probe"), "").is_ok(); // as root, nothing is forbidden
    match atomic::write(&closed.join("x"), b"x") {
        Ok(()) => assert!(allowed),
        Err(e) => assert!(!allowed && e.help_text().is_some_and(|h| h.contains("permissions")), "{e}"),
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).expect("there").permissions().mode() & 0o7777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("allowed");
}

#[cfg(unix)]
#[test]
fn what_is_replaced_hands_down_its_mode() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (file, folder) = (home.path().join("file"), home.path().join("folder"));
    atomic::write(&file, b"new").expect("written");
    let usual = mode(&file);
    for wanted in [0o600, 0o640, 0o222, 0o664, 0o200] {
        set_mode(&file, wanted);
        atomic::write(&file, b"again").expect("written");
        assert_eq!(mode(&file), wanted);
    }
    let fill_deep = |new: &Path| {
        atomic::write(&new.join("manifest"), b"x")?;
        atomic::write(&new.join("added"), b"x")?;
        atomic::write(&new.join("deep/file"), b"x")
    };
    atomic::folder(&folder, ours, fill_deep).expect("made");
    fs::remove_file(folder.join("added")).expect("removed");
    let places = ["", "manifest", "deep", "deep/file"].map(|name| folder.join(name));
    let modes = [0o700, 0o600, 0o750, 0o640];
    places.iter().zip(modes).for_each(|(path, mode)| set_mode(path, mode));
    atomic::folder(&folder, ours, fill_deep).expect("replaced");
    assert_eq!(places.map(|path| mode(&path)), modes);
    assert_eq!(mode(&folder.join("added")), usual, "what is new has the usual mode");
}

/// A folder in the place of a file, or a file in that of a folder, is new.
#[cfg(unix)]
#[test]
fn what_was_of_another_kind_hands_down_nothing() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("folder");
    let [a, b] = ["a", "b"].map(|name| path.join(name));
    let fill_kinds = |files: [&'static str; 2], folder: &'static str| {
        move |new: &Path| {
            files.iter().try_for_each(|name| atomic::write(&new.join(name), b"x"))?;
            fs::create_dir(new.join(folder)).map_err(|e| Error::io("make", new, e))
        }
    };
    atomic::folder(&path, ours, fill_kinds(["manifest", "a"], "b")).expect("made");
    let (file, folder) = (mode(&a), mode(&b));
    set_mode(&a, 0o200);
    set_mode(&b, 0o711);
    atomic::folder(&path, ours, fill_kinds(["manifest", "b"], "a")).expect("replaced");
    assert_eq!((mode(&b), mode(&a)), (file, folder));
}

/// Where the system lets, that is for root.
#[cfg(unix)]
#[test]
fn what_is_replaced_hands_down_its_owner() {
    use std::os::unix::fs::{MetadataExt, chown};
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("file");
    fs::write(&file, "old").expect("written");
    if chown(&file, Some(65534), Some(65533)).is_err() {
        println!("skipped: this user gives nothing away");
        return;
    }
    set_mode(&file, 0o6755);
    atomic::write(&file, b"new").expect("written");
    let about = fs::metadata(&file).expect("there");
    assert_eq!((about.uid(), about.gid(), mode(&file)), (65534, 65533, 0o6755));
}

/// Not even from root, whom the system lets do it.
#[cfg(unix)]
#[test]
fn what_is_read_only_is_not_replaced() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (file, folder) = (home.path().join("file"), home.path().join("folder"));
    let never = |_: &Path| -> hopgate_model::Result<()> { panic!("no work must be done") };
    let refused = |e: Error, name: &str| {
        assert!(
            e.kind() == ErrorKind::Io && e.to_string().contains(name) && e.to_string().contains("read-only"),
            "{e}"
        );
        assert!(e.help_text().is_some_and(|h| h.contains("chmod")), "{e}");
    };
    fs::write(&file, "kept").expect("written");
    set_mode(&file, 0o444);
    refused(atomic::write(&file, b"new").expect_err("read-only"), "file");
    refused(atomic::writable(&file).expect_err("read-only"), "file");
    assert_eq!((fs::read_to_string(&file).expect("read"), mode(&file)), ("kept".into(), 0o444));
    let link = home.path().join("link");
    std::os::unix::fs::symlink("file", &link).expect("linked");
    refused(atomic::write(&link, b"new").expect_err("it leads to that file"), "file");

    atomic::folder(&folder, ours, fill("kept")).expect("made");
    set_mode(&folder.join("manifest"), 0o444);
    refused(atomic::folder(&folder, ours, never).expect_err("a file in it is read-only"), "manifest");
    set_mode(&folder.join("manifest"), 0o644);
    set_mode(&folder, 0o555);
    refused(atomic::folder(&folder, ours, never).expect_err("it is read-only"), "folder");
    refused(atomic::writable(&folder).expect_err("it is read-only"), "folder");
    set_mode(&folder, 0o755);
    assert_eq!(fs::read_to_string(folder.join("manifest")).expect("read"), "kept");
}

#[cfg(unix)]
#[test]
fn hard_links_are_cut_and_links_to_nothing_are_followed() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let [file, backup, link] = ["file", "backup", "link"].map(|name| home.path().join(name));
    fs::write(&file, "old").expect("written");
    fs::hard_link(&file, &backup).expect("linked");
    atomic::write(&file, b"new").expect("written");
    assert_eq!([&file, &backup].map(|path| fs::read_to_string(path).expect("read")), ["new", "old"]);
    std::os::unix::fs::symlink("further", &link).expect("linked");
    std::os::unix::fs::symlink("deep/end", home.path().join("further")).expect("linked");
    atomic::writable(&link).expect("its folder can be made");
    assert_eq!(entries(home.path()).len(), 4, "a question makes nothing");
    atomic::write(&link, b"through").expect("written");
    assert_eq!(fs::read_to_string(home.path().join("deep/end")).expect("read"), "through");
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    std::os::unix::fs::symlink("circle", home.path().join("circle")).expect("linked");
    assert!(atomic::write(&home.path().join("circle"), b"x").is_ok_and(|()| home.path().join("circle").is_file()));
}

#[test]
fn whether_an_output_can_be_written_is_known_before_the_work() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("file");
    fs::write(&file, "kept").expect("written");
    for good in ["file", "new", "not/yet/there", "."] {
        atomic::writable(&home.path().join(good)).unwrap_or_else(|e| panic!("{good}: {e}"));
    }
    let e = atomic::writable(&file.join("below/it")).expect_err("its parent is a file");
    assert!(e.to_string().contains("is not a folder"), "{e}");
    assert_eq!(entries(home.path()), ["file"]);
    assert_eq!(fs::read_to_string(&file).expect("read"), "kept");
    if cfg!(target_os = "linux") {
        assert!(atomic::writable("/dev/null".as_ref()).is_ok());
        let e = atomic::writable("/proc/hopgate".as_ref()).expect_err("it takes no files");
        assert!(e.kind() == ErrorKind::Io && e.to_string().contains("/proc"), "{e}");
    }
}

#[test]
fn folders_are_replaced_whole_or_not_at_all() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("deep/out");
    atomic::folder(&path, ours, fill("first")).expect("made");
    atomic::write(&path.join("extra"), b"x").expect("written");
    let failing = |new: &Path| {
        atomic::write(&new.join("manifest"), b"half")?;
        Err(Error::new(ErrorKind::Failed, "on purpose"))
    };
    let e = atomic::folder(&path, ours, failing).expect_err("it fails");
    assert_eq!(e.to_string(), "on purpose");
    assert_eq!(entries(&path), ["extra", "manifest"]);
    assert_eq!(fs::read_to_string(path.join("manifest")).expect("read"), "first");
    atomic::folder(&path, ours, fill("second")).expect("replaced");
    assert_eq!(entries(&path), ["manifest"]);
    assert_eq!(fs::read_to_string(path.join("manifest")).expect("read"), "second");
    assert_eq!(entries(path.parent().expect("a folder")), ["out"], "no temporaries are left");
}

#[test]
fn folders_of_others_are_refused_before_any_work() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("photos");
    fs::create_dir(&path).expect("made");
    atomic::folder(&path, |_| false, fill("into an empty folder")).expect("an empty folder may be taken");
    fs::rename(path.join("manifest"), path.join("photo")).expect("renamed");
    let never = |_: &Path| -> hopgate_model::Result<()> { panic!("no work must be done") };
    let e = atomic::folder(&path, ours, never).expect_err("it is somebody else's");
    assert!(e.to_string().contains("photos") && e.help_text().is_some(), "{e}");
    let e = atomic::folder(&path.join("photo"), ours, never).expect_err("it is a file");
    assert!(e.to_string().contains("a file of that name"), "{e}");
    assert!(atomic::folder("".as_ref(), ours, never).is_err());
    let e = atomic::folder(&home.path().join("missing/.."), ours, never).expect_err("that is no name");
    assert!(e.to_string().contains("no name of its own"), "{e}");
    let here = std::env::current_dir().expect("there is one");
    assert!(atomic::folder(&here, |_| true, never).is_err());
    assert_eq!(entries(&path), ["photo"]);
}

#[test]
fn a_memory_folder_with_other_files_in_it_is_kept() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("memory");
    let memory = crate::common::memory(crate::common::Shape {
        neurons: 5,
        patterns: 3,
        planes: 1,
        kernel_bits: 4,
        mode: hopgate_model::kernel::KernelMode::Fixed,
        shared: false,
        labels: false,
        seed: 1,
    });
    let save = || hopgate_files::folder::save(&memory, &path, &Default::default());
    save().expect("made");
    save().expect("replaced");
    fs::write(path.join("notes.txt"), "mine").expect("written");
    assert!(save().is_err());
    assert_eq!(fs::read_to_string(path.join("notes.txt")).expect("kept"), "mine");
}

#[test]
fn what_a_killed_program_left_is_removed_by_the_next_one() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let left = home.path().join(".hopgate-tmp-4194304-1");
    fs::create_dir(&left).expect("made");
    fs::write(left.join("half"), "").expect("written");
    let then = std::time::SystemTime::now() - std::time::Duration::from_secs(100);
    fs::File::open(&left).expect("opened").set_modified(then).expect("dated");
    atomic::write(&home.path().join("new"), b"x").expect("written");
    assert_eq!(entries(home.path()), ["new"]);
}

/// Where the system can swap two folders, nobody who looks sees none: a reader polls while a writer replaces.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_replaced_is_there_at_every_moment() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("out");
    let replace = || atomic::folder(&path, ours, fill("whole")).expect("replaced");
    replace();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let looks = scope.spawn(|| {
            let mut looks = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                assert!(path.join("manifest").exists(), "after {looks} looks");
                looks += 1;
            }
            looks
        });
        (0..1000).for_each(|_| replace());
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(looks.join().expect("it was always there") > 0);
    });
    assert_eq!(entries(home.path()), ["out"]);
}
