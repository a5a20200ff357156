//! An allocator that counts, so that a reader which takes a header's word for a size is found out.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The most bytes that a reader may hold beside its input: 32 MiB, and 64 for every byte of the input.
pub fn allowed(input: usize) -> usize {
    (32 << 20) + 64 * input
}

/// A single request beyond this fails, as it would where memory is short: the process ends, after it has said so.
const REFUSED: usize = 8 << 30;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
pub struct Counting;

impl Counting {
    fn more(size: usize) -> bool {
        if size > REFUSED {
            // nothing here may allocate
            let _ = std::io::stderr()
                .write_all(b"\na reader asked for more than 8 GiB at once: --trace says in which run\n");
            return false;
        }
        let live = LIVE.fetch_add(size, Relaxed) + size;
        PEAK.fetch_max(live, Relaxed);
        true
    }
}

// SAFETY: every request goes to the system's allocator unchanged, or fails; counting changes nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !Self::more(layout.size()) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller's promise is passed on
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !Self::more(layout.size()) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller's promise is passed on
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !Self::more(size) {
            return std::ptr::null_mut();
        }
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Begins a measurement: what is held now does not count.
pub fn begin() -> usize {
    let live = LIVE.load(Relaxed);
    PEAK.store(live, Relaxed);
    live
}

/// The most bytes that were held at once since a [`begin`] that returned `before`.
pub fn peak_since(before: usize) -> usize {
    PEAK.load(Relaxed).saturating_sub(before)
}
