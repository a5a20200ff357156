//! What this process was started with: an open standard output or none, and the signals that it shall not hear.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether standard output was closed when the program was started.
static CLOSED: AtomicBool = AtomicBool::new(false);

// Before `main`, the standard library opens /dev/null in the place of a closed descriptor, so that no file gets its number. A result
// that is written there is lost without an error, so somebody has to look earlier.
//
// Unsafe, because what the linker puts into this section is called as a function without arguments before `main`. It is one, it is never
// changed, and it makes one system call and one store.
#[allow(unsafe_code)]
#[used]
#[cfg_attr(target_vendor = "apple", link_section = "__DATA,__mod_init_func")]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
static BEFORE_MAIN: extern "C" fn() = look;

extern "C" fn look() {
    CLOSED.store(rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err(), Ordering::Relaxed);
}

/// Whether standard output was closed when the program was started.
pub fn stdout_is_closed() -> bool {
    CLOSED.load(Ordering::Relaxed)
}

/// The signals that were ignored when the program was started, a bit each: `nohup` does that to SIGHUP, and a script to SIGINT and SIGQUIT of
/// what it starts in the background. None where the system has no `/proc`.
pub fn ignored_signals() -> u64 {
    std::fs::read_to_string("/proc/self/status").map_or(0, |status| ignored(&status))
}

fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::ignored;

    #[test]
    fn the_mask_of_ignored_signals() {
        assert_eq!(
            ignored("SigBlk:\t00000000000000ff\nSigIgn:\t0000000000001003\nSigCgt:\t0000000000000440\n"),
            0x1003
        );
        assert_eq!((ignored(""), ignored("SigIgn:\tnone\n")), (0, 0));
    }
}
