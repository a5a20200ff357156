//! How much memory there is, asked before a large piece of it is taken: a program that takes more is ended without a word.
//!
//! What is available is the least of what the system has (`MemAvailable`), what the control groups of the process allow it, and
//! what its limit on addresses (`ulimit -v`) leaves. Where nothing of that can be read, nothing is refused.

use hopgate_model::{Error, ErrorKind, Result};
use std::{fs, path::Path};

/// Fails if `what` needs more bytes than there are. A need that is beyond 64 bits is given as `u64::MAX`.
///
/// ```
/// use hopgate_files::room;
/// assert!(room::check(1 << 20, || "a megabyte".into()).is_ok());
/// let e = room::check(1 << 60, || "training".into()).unwrap_err();
/// assert!(e.to_string().starts_with("training needs 1073741824.0 GiB of memory, but"));
/// ```
///
/// # Errors
/// [`ErrorKind::Fit`] with both figures.
pub fn check(needed: u64, what: impl FnOnce() -> String) -> Result<()> {
    match available() {
        Some(available) => within(needed, available, what),
        None => Ok(()),
    }
}

/// [`check`] against this many bytes.
fn within(needed: u64, available: u64, what: impl FnOnce() -> String) -> Result<()> {
    if needed <= available {
        return Ok(());
    }
    let what = format!("{} needs {} of memory, but {} are available", what(), gib(needed), gib(available));
    Err(Error::new(ErrorKind::Fit, what).hint("give it less, or a machine (or limit) with more memory"))
}

fn gib(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30))
}

/// The bytes that this process can still take; `None` where nobody says.
pub fn available() -> Option<u64> {
    let system = fs::read_to_string("/proc/meminfo").ok().and_then(|text| kibibytes(&text, "MemAvailable:"));
    [system, groups(), addresses()].into_iter().flatten().min()
}

/// The number behind a name in `/proc/meminfo` or `/proc/self/status`.
fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// What the limit on addresses leaves.
fn addresses() -> Option<u64> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::As).current?;
    let taken = kibibytes(&fs::read_to_string("/proc/self/status").ok()?, "VmSize:")?;
    Some(limit.saturating_sub(taken))
}

/// What the control groups leave: those of this process, and all around them.
fn groups() -> Option<u64> {
    tightest(&fs::read_to_string("/proc/self/cgroup").ok()?, Path::new("/sys/fs/cgroup"))
}

/// What the groups of this list leave, whose folders are in `root`.
fn tightest(listed: &str, root: &Path) -> Option<u64> {
    let left = |line: &str| {
        let (kinds, group) = line.split_once(':')?.1.split_once(':')?;
        // version 2 has one tree; version 1 one for each kind
        let (root, most, used) = match kinds {
            "" => (root.to_owned(), "memory.max", "memory.current"),
            _ if kinds.split(',').any(|k| k == "memory") => {
                (root.join("memory"), "memory.limit_in_bytes", "memory.usage_in_bytes")
            }
            _ => return None,
        };
        // in a container the root is the group itself, whatever the name of the group says
        let around = Path::new(group).ancestors().map(|a| root.join(a.strip_prefix("/").unwrap_or(a)));
        around.filter_map(|folder| left_in(&folder, most, used)).min()
    };
    listed.lines().filter_map(left).min()
}

/// What one group leaves: its limit, less what is used and cannot be given back.
fn left_in(folder: &Path, most: &str, used: &str) -> Option<u64> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
    // "max" is no number: no limit
    let limit: u64 = read(most)?.trim().parse().ok()?;
    let used: u64 = read(used)?.trim().parse().ok()?;
    // pages of files that nobody uses at the moment are given back where memory is short
    let files = read("memory.stat")
        .and_then(|text| text.lines().find_map(|line| line.strip_prefix("inactive_file ")?.trim().parse::<u64>().ok()));
    Some(limit.saturating_sub(used.saturating_sub(files.unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_let_through_and_the_rest_refused_with_both_figures() {
        assert!(within(7, 7, || unreachable!()).is_ok());
        let e = within(3 << 30, (3 << 30) - 1, || "this".into()).unwrap_err();
        assert_eq!(e.to_string(), "this needs 3.0 GiB of memory, but 3.0 GiB are available");
        assert_eq!(e.kind(), ErrorKind::Fit);
        assert!(within(u64::MAX, 1 << 33, || "all".into()).is_err());
    }

    #[test]
    fn this_machine_says_how_much_it_has() {
        if cfg!(target_os = "linux") {
            let available = available().unwrap();
            assert!(available > 1 << 20 && available < 1 << 50, "{available}");
            let e = check(1 << 60, || "all of it".into()).unwrap_err();
            assert!(e.to_string().starts_with("all of it needs 1073741824.0 GiB of memory, but"), "{e}");
        }
    }

    #[test]
    fn a_limit_on_addresses_counts() {
        const UNDER_LIMIT: &str = "HOPGATE_TEST_UNDER_LIMIT";
        if std::env::var_os(UNDER_LIMIT).is_some() {
            let left = addresses().unwrap();
            assert!(left > 1 << 20 && left < 8 << 30, "{left}");
        } else if cfg!(target_os = "linux") {
            // this test again, with at most 8 GiB
            let again = "ulimit -v 8388608 && exec \"$0\" --exact room::tests::a_limit_on_addresses_counts";
            let mut shell = std::process::Command::new("sh");
            shell.args(["-c", again]).arg(std::env::current_exe().unwrap()).env(UNDER_LIMIT, "1");
            let out = shell.output().unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
        }
    }

    #[test]
    fn numbers_of_the_system() {
        let text = "MemTotal:       24000 kB\nMemAvailable:   12000 kB\n";
        assert_eq!(kibibytes(text, "MemAvailable:"), Some(12000 * 1024));
        assert_eq!(kibibytes(text, "SwapFree:"), None);
        assert_eq!(kibibytes("MemAvailable: 18446744073709551615 kB", "MemAvailable:"), None);
    }

    #[test]
    fn groups_of_both_versions() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let left = || left_in(folder.path(), "memory.max", "memory.current");
        assert_eq!(left(), None);
        put("memory.max", "max\n");
        put("memory.current", "300\n");
        assert_eq!(left(), None);
        put("memory.max", "1000\n");
        assert_eq!(left(), Some(700));
        put("memory.stat", "anon 100\ninactive_file 50\nactive_file 60\n");
        assert_eq!(left(), Some(750));
        put("memory.current", "2000\n");
        assert_eq!(left(), Some(0));
    }

    #[test]
    fn the_tightest_group_around_counts() {
        let root = tempfile::tempdir().unwrap();
        let put = |group: &str, files: [(&str, &str); 2]| {
            let folder = root.path().join(group);
            fs::create_dir_all(&folder).unwrap();
            files.iter().for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
        };
        let left = |listed: &str| tightest(listed, root.path());
        put("a/b", [("memory.max", "max"), ("memory.current", "1")]);
        assert_eq!(left("0::/a/b\n"), None);
        put("a", [("memory.max", "1000"), ("memory.current", "300")]);
        assert_eq!(left("0::/a/b\n"), Some(700));
        put("", [("memory.max", "650"), ("memory.current", "0")]);
        assert_eq!(left("0::/a/b\n"), Some(650), "the root is a container's own group");
        // of version 1 the groups of memory alone
        put("memory/c", [("memory.limit_in_bytes", "900"), ("memory.usage_in_bytes", "100")]);
        put("memory/d", [("memory.limit_in_bytes", "90"), ("memory.usage_in_bytes", "10")]);
        assert_eq!(left("12:cpu,cpuacct:/d\n5:hugetlb,memory:/c\n1:name=systemd:/d\n"), Some(800));
        assert_eq!(left("12:cpu:/d\n5:memory:/c\n0::/a\n"), Some(650));
        assert_eq!(left("nonsense\n"), None);
    }
}
