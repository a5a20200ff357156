//! Loading a bitstream into a board, by iceprog or openFPGALoader: whichever the board names.

use crate::{
    board::Board,
    exec::{Output, Until},
    pack,
    tools::Toolbox,
    usb::{self, Seen, UsbId},
};
use hopgate_model::{Error, ErrorKind, Result, progress::Watch};
use std::{
    ffi::OsString,
    fs,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    time::Duration,
};

/// How long it may take: a megabyte over a slow line takes about one minute.
const TIME_LIMIT: Duration = Duration::from_secs(300);

/// A bitstream for a board.
#[derive(Debug, Clone)]
pub struct FlashRequest {
    /// The board.
    pub board: Board,
    /// The bitstream.
    pub bitstream: PathBuf,
    /// Where the tools are.
    pub tools: Toolbox,
    /// Where the system lists its USB devices: `/sys/bus/usb/devices`.
    pub devices: PathBuf,
}

impl FlashRequest {
    /// With the machine's own tools and devices.
    pub fn new(board: Board, bitstream: impl Into<PathBuf>) -> Self {
        let devices = usb::DEVICES.into();
        FlashRequest { board, bitstream: bitstream.into(), tools: Toolbox::default(), devices }
    }

    /// The arguments of the board's tool.
    pub fn arguments(&self) -> Vec<OsString> {
        let file = &self.bitstream;
        // a name that begins with a dash would be an option
        let file = if file.as_os_str().as_bytes().starts_with(b"-") { &Path::new(".").join(file) } else { file };
        self.board.flags.load.iter().map(OsString::from).chain([file.into()]).collect()
    }

    /// The command line, as one would type it.
    pub fn line(&self) -> String {
        let tool = &self.board.tools.load;
        crate::exec::Run::new(tool, PathBuf::new()).args(self.arguments()).line()
    }

    /// Demands that the file is a bitstream for the board's family. Returns its size in bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it cannot be read, [`ErrorKind::Format`] if it is something else.
    pub fn check(&self) -> Result<usize> {
        let path = &self.bitstream;
        let bytes = fs::read(path).map_err(|e| Error::io("read the bitstream", path, e))?;
        if pack::is_bitstream(self.board.family, &bytes) {
            return Ok(bytes.len());
        }
        let what = format!("{} is no bitstream for the {}", path.display(), self.board.title);
        Err(Error::new(ErrorKind::Format, what).hint("give a build folder, or the board that the bitstream is for"))
    }
}

/// Loads the bitstream. The watch hears each line that the tool prints. Returns the seconds taken.
///
/// # Errors
/// Those of [`FlashRequest::check`]; [`ErrorKind::Tool`] if the tool is missing or fails: with its own words, and with what
/// to do if no board is plugged in, or the user may not open it. [`ErrorKind::Interrupted`] if the watch stops it.
pub fn flash(request: &FlashRequest, watch: &dyn Watch) -> Result<f64> {
    request.check()?;
    let tool = request.tools.require(&request.board.tools.load)?;
    let each = |line: &str| watch.says(line);
    let until = Until::of(watch, Some(TIME_LIMIT));
    let out = tool.run().args(request.arguments()).lines(&each).until(until).output()?;
    match out.succeeded() {
        true => Ok(out.seconds),
        false => Err(explain(request, &out)),
    }
}

/// Why it failed: what the tool says, and what the system knows of the board.
fn explain(request: &FlashRequest, out: &Output) -> Error {
    let error = Error::new(ErrorKind::Tool, out.complaint());
    let said = format!("{}\n{}", out.stdout, out.stderr).to_lowercase();
    let any = |signs: &[&str]| signs.iter().any(|sign| said.contains(sign));
    let denied = any(&["permission", "libusb_error_access", "access denied", "insufficient perm", "usb_open() failed"]);
    let absent = any(&["can't find", "device not found", "no device", "unable to open ftdi device", "not found"]);
    let id = request.board.usb;
    let seen = id.map_or(Seen::Unknown, |id| usb::look(&request.devices, id));
    match seen {
        Seen::Forbidden(node) => {
            error.hint(format!("the board is there, but you may not open {}: {}", node.display(), rule(id)))
        }
        _ if denied => error.hint(format!("you may not open the board: {}", rule(id))),
        Seen::Absent if absent => error.hint(format!(
            "no USB device {} is there: plug the board in, with a cable that carries data, and look with lsusb",
            id.map_or(String::new(), |id| id.to_string())
        )),
        Seen::Open if absent => error
            .hint("the board is there and may be opened: another program may have it open, or a container may hide it"),
        _ if absent => {
            error.hint(format!("plug the board in, and look with lsusb; or you may not open it: {}", rule(id)))
        }
        _ => error.hint(format!("run it by hand to see more: {}", request.line())),
    }
}

/// What lets a user open the board.
fn rule(id: Option<UsbId>) -> String {
    let product = id.map_or(String::new(), |id| format!("ATTRS{{idProduct}}==\"{:04x}\", ", id.product));
    let vendor = id.map_or(0x0403, |id| id.vendor);
    let rule = format!(
        "SUBSYSTEM==\"usb\", ATTRS{{idVendor}}==\"{vendor:04x}\", {product}MODE=\"0660\", GROUP=\"plugdev\", TAG+=\"uaccess\""
    );
    format!(
        "as root, write the line\n  {rule}\nto /etc/udev/rules.d/53-hopgate.rules, run\n  udevadm control --reload-rules && udevadm trigger\n\
         plug the board in again, and be a member of the group plugdev"
    )
}

/// The bitstream of a build folder, as it was when it was made.
///
/// # Errors
/// [`ErrorKind::Io`] or [`ErrorKind::Format`] for what is no build; [`ErrorKind::Format`] if its bitstream was changed since.
pub fn of_build(folder: &Path) -> Result<PathBuf> {
    crate::reload::bitstream(folder)
}
