//! Packing: a routed design to the bytes that the device loads, by icepack.

use crate::tools::Tool;
use hopgate_model::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, fs, path::Path, time::Duration};

/// What every iCE40 bitstream has right after its comment.
const PREAMBLE: [u8; 4] = [0x7e, 0xaa, 0x99, 0x7e];

/// Packs `<top>.asc` of the build folder into `<top>.bin`. Returns the seconds taken and the command line.
///
/// # Errors
/// [`ErrorKind::Tool`] if icepack fails, or writes something that is no bitstream.
pub(crate) fn run(tool: &Tool, top: &str, work: &Path, limit: Option<Duration>) -> Result<(f64, String)> {
    let run = tool.run().args([format!("{top}.asc"), format!("{top}.bin")]).cwd(work);
    let run = run.log(&work.join("logs/packing.log")).timeout(limit);
    let line = run.line();
    let out = run.run()?;
    let path = work.join(format!("{top}.bin"));
    let bytes = fs::read(&path).map_err(|e| Error::io("read the bitstream", &path, e))?;
    if !is_bitstream(&bytes) {
        let text = format!("{} wrote {} bytes that are no bitstream", tool.name, bytes.len());
        return Err(Error::new(ErrorKind::Tool, text));
    }
    Ok((out.seconds, line))
}

/// Whether bytes begin like an iCE40 bitstream (a comment, then the preamble).
pub fn is_bitstream(bytes: &[u8]) -> bool {
    bytes.iter().take(4096).collect::<Vec<_>>().windows(4).any(|w| w.iter().zip(PREAMBLE).all(|(a, b)| **a == b))
}

/// SHA-256 in lower-case hexadecimal digits.
///
/// ```
/// assert!(hopgate_eda::pack::sha256(b"abc").starts_with("ba7816bf8f01cfea"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
