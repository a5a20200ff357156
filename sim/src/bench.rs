//! The bridge to a built simulation: the only `unsafe` code of the project.
//!
//! The contract with the C++ benches in `shim/`: `hopgate_files` says where the bench that is opened next finds its memory files, and
//! `hopgate_complaint` what went wrong with them; `hopgate_open` returns a bench that only the calling
//! thread uses until `hopgate_close`; every buffer passed to a call is at least as long as its comment there says,
//! and is not kept after the call; no call unwinds.

mod axis;
mod board;
mod core;
mod packets;
mod registers;
pub mod stream;
mod wires;

pub use self::{
    axis::Axis,
    board::BoardBench,
    core::{Core, StepCount, digest},
    packets::Word,
    registers::Registers,
    wires::{Inputs, Outputs, Wires},
};

use hopgate_model::Error;
use hopgate_model::ErrorKind;
use hopgate_model::Result;
use std::ffi::CStr;
use std::ffi::CString;
use std::ffi::c_char;
use std::ffi::c_void;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

type Handle = *mut c_void;
type Files = unsafe extern "C" fn(*const c_char);
type Complaint = unsafe extern "C" fn() -> *const c_char;
type Open = unsafe extern "C" fn(*const c_char) -> Handle;
type Close = unsafe extern "C" fn(Handle);
type Seconds = unsafe extern "C" fn() -> f64;
type Cycles = unsafe extern "C" fn(Handle) -> u64;

/// An open bench of either kind.
struct Bench {
    handle: Handle,
    close: Close,
    cycles: Cycles,
    // dropped last: the functions above live in it
    library: libloading::Library,
}

impl Bench {
    /// Opens the bench in a library, whose folder is that of its memory files.
    fn open(object: &Path, vcd: Option<&Path>) -> Result<Bench> {
        let path = |path: &Path| {
            CString::new(path.as_os_str().as_bytes())
                .map_err(|_| Error::usage(format!("the path {} holds a zero byte", path.display())))
        };
        let (vcd, folder) = (vcd.map(path).transpose()?, path(object.parent().unwrap_or(object))?);
        // SAFETY: the library was built by us from our own sources; loading it runs no code of its own but
        // C++ static initialisers.
        let loaded = unsafe { libloading::Library::new(object) }.map_err(|e| {
            Error::new(ErrorKind::Failed, format!("cannot load the built simulation: {e}"))
                .hint("if its folder is on a file system that lets no programs run, set TMPDIR to another")
        })?;
        let files: Files = symbol(&loaded, "hopgate_files")?;
        let complaint: Complaint = symbol(&loaded, "hopgate_complaint")?;
        let open: Open = symbol(&loaded, "hopgate_open")?;
        let close: Close = symbol(&loaded, "hopgate_close")?;
        let cycles: Cycles = symbol(&loaded, "hopgate_cycles")?;
        let vcd_pointer = vcd.as_ref().map_or(std::ptr::null(), |c| c.as_ptr());
        // SAFETY: the strings outlive the calls, which copy them.
        let handle = unsafe {
            files(folder.as_ptr());
            open(vcd_pointer)
        };
        let bench = Bench { handle, close, cycles, library: loaded };
        // SAFETY: it returns a string that lives until this thread opens another bench.
        let complaint = unsafe { CStr::from_ptr(complaint()) }.to_string_lossy().into_owned();
        if !complaint.is_empty() {
            let what = format!("the simulation does not start: {complaint} (in {})", folder.to_string_lossy());
            return Err(Error::new(ErrorKind::Failed, what));
        }
        Ok(bench)
    }

    fn thread_seconds(&self) -> Result<f64> {
        let seconds: Seconds = symbol(&self.library, "hopgate_thread_seconds")?;
        // SAFETY: it takes nothing and keeps nothing.
        Ok(unsafe { seconds() })
    }

    fn cycles(&self) -> u64 {
        // SAFETY: the handle is open.
        unsafe { (self.cycles)(self.handle) }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and not used again.
        unsafe { (self.close)(self.handle) }
    }
}

fn symbol<T: Copy>(library: &libloading::Library, name: &str) -> Result<T> {
    // SAFETY: the types at the call sites are those of the functions in `shim/`, which we compiled.
    let symbol = unsafe { library.get::<T>(name.as_bytes()) };
    symbol.map(|s| *s).map_err(|e| Error::new(ErrorKind::Failed, format!("the simulation has no {name}: {e}")))
}
