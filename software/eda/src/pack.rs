//! Packing: a routed design to the bytes that the device loads, by the packer of its family.

use crate::{
    board::Board,
    exec::Until,
    family::{Family, fill},
    tools::Tool,
};
use hopgate_model::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, fs, path::Path};

/// Packs the routed design of the build folder into the bitstream. Returns the seconds taken and the command line.
///
/// # Errors
/// [`ErrorKind::Tool`] if the tool fails, or writes something that is no bitstream.
pub(crate) fn run(tool: &Tool, board: &Board, top: &str, work: &Path, until: Until) -> Result<(f64, String)> {
    let bitstream = format!("{top}.{}", board.family.bitstream());
    let part = board.family.part(&board.device);
    let values = [("top", top), ("device", &board.device), ("package", &board.package), ("part", part)];
    let run = tool.run().args(fill(&board.family.data().pack.arguments, &values, &board.flags.pack));
    let run = run.cwd(work).log(&work.join("logs/packing.log")).until(until);
    let line = run.line();
    let out = run.run()?;
    let path = work.join(bitstream);
    let bytes = fs::read(&path).map_err(|e| Error::io("read the bitstream", &path, e))?;
    if !is_bitstream(board.family, &bytes) {
        let text = format!("{} wrote {} bytes that are no bitstream", tool.name, bytes.len());
        return Err(Error::new(ErrorKind::Tool, text));
    }
    Ok((out.seconds, line))
}

/// Whether bytes begin like a bitstream of the family (a comment, then the preamble).
pub fn is_bitstream(family: Family, bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(4096)].windows(family.preamble().len()).any(|w| w == family.preamble())
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
