//! Packets of a simulated wrapper with AXI4-Stream ports.

use super::{Bench, Handle, symbol};
use hopgate_model::{Error, ErrorKind, Result};
use std::ffi::c_int;

type Stream =
    unsafe extern "C" fn(Handle, *const u16, *const u8, c_int, u64, u64, *mut u16, *mut u8, c_int, c_int) -> c_int;

/// A word of a stream, and its `tlast`.
pub type Word = (u16, bool);

/// Offers words and collects those that come back. A `seed` other than 0 holds both sides back at random.
///
/// # Errors
/// If the bench has no streams, if a word that was offered changes before it is taken, if not everything comes and goes within `limit`
/// cycles, or if more comes than expected.
pub(super) fn exchange(bench: &Bench, words: &[Word], expected: usize, seed: u64, limit: u64) -> Result<Vec<Word>> {
    let stream: Stream = symbol(&bench.library, "hopgate_stream")?;
    let (data, last): (Vec<u16>, Vec<u8>) = words.iter().map(|&(w, l)| (w, u8::from(l))).unzip();
    let (mut answer, mut answer_last) = (vec![0u16; expected], vec![0u8; expected]);
    // SAFETY: the buffers have the lengths passed with them; the handle is open.
    let got = unsafe {
        stream(
            bench.handle,
            data.as_ptr(),
            last.as_ptr(),
            words.len() as c_int,
            seed,
            limit,
            answer.as_mut_ptr(),
            answer_last.as_mut_ptr(),
            expected as c_int,
            expected as c_int,
        )
    };
    let bad = |what: String| Err(Error::new(ErrorKind::Failed, what));
    match got {
        -1 => bad("a word that was offered changed, or was withdrawn, before it was taken".into()),
        -2 => bad(format!("not every word came and went within {limit} cycles")),
        n if n as usize != expected => bad(format!("{n} words came instead of {expected}")),
        _ => Ok(answer.into_iter().zip(answer_last.into_iter().map(|l| l != 0)).collect()),
    }
}
