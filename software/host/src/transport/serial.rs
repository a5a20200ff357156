//! A serial port, or what looks like one (the terminal of a virtual board).

use super::{Transport, holders};
use hopgate_model::{Error, ErrorKind, Result};
use rustix::{fs::OFlags, termios::ioctl_tiocnxcl};
use serialport::SerialPort;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt},
    path::Path,
    time::{Duration, Instant},
};

/// An open serial port: 8 data bits, no parity, 1 stop bit.
pub struct Serial {
    port: Box<dyn SerialPort>,
    opened: Instant,
}

/// Sending waits at most this long for the port to take the bytes.
const SEND: Duration = Duration::from_secs(5);

impl Serial {
    /// Opens a port, for this program alone: it is locked (`flock`), and marked as in exclusive use (`TIOCEXCL`) where it is no
    /// pseudo-terminal.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is none, if this user may not open it (the hint names the group that may), if another program
    /// has it, or if it is no serial port; [`ErrorKind::Usage`] for a baud rate that it does not have.
    pub fn open(path: &Path, baud: u32) -> Result<Serial> {
        let name = path.display();
        let io_error = |what: String| Error::new(ErrorKind::Io, what);
        let meta = match fs::metadata(path) {
            Ok(meta) => meta,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Err(io_error(format!("there is no port {name}")).hint(ports_hint(Path::new("/dev"))));
            }
            Err(e) => return Err(Error::io("open the port", path, e)),
        };
        if !meta.file_type().is_char_device() {
            return Err(io_error(format!("{name} is no serial port")).hint(ports_hint(Path::new("/dev"))));
        }
        // the device itself: a link to it may have a name of any bytes
        let device = fs::canonicalize(path).map_err(|e| Error::io("open the port", path, e))?;
        let pseudo = device.starts_with("/dev/pts").then(|| beside(&device));
        let builder = serialport::new(device.to_string_lossy(), baud).timeout(SEND).exclusive(true);
        let port = builder.open().map_err(|e| {
            use serialport::ErrorKind as K;
            match e.kind {
                K::Io(io::ErrorKind::PermissionDenied) => {
                    let groups = fs::read_to_string("/etc/group").unwrap_or_default();
                    io_error(format!("cannot open {name}: permission denied")).hint(permission_hint(
                        meta.gid(),
                        meta.mode(),
                        &groups,
                    ))
                }
                K::NoDevice => taken(&name, &device),
                K::InvalidInput => Error::usage(format!("{name} cannot do {baud} baud: {e}")),
                _ => io_error(format!("cannot open {name} as a serial port: {e}"))
                    .hint("a serial port of a board is called like /dev/ttyUSB1 or /dev/ttyACM0"),
            }
            .because(e)
        })?;
        if let Some(Ok(beside)) = pseudo {
            // The board holds the other end, so the mark would outlive a program that is killed: the lock alone stays.
            let _ = ioctl_tiocnxcl(&beside);
        }
        Ok(Serial { port, opened: Instant::now() })
    }
}

/// The same terminal, opened once more, for what the library has no call for.
fn beside(device: &Path) -> io::Result<File> {
    let flags = OFlags::NOCTTY | OFlags::NONBLOCK;
    File::options().read(true).write(true).custom_flags(flags.bits() as i32).open(device)
}

/// The error about a port that another program has.
fn taken(name: &impl std::fmt::Display, device: &Path) -> Error {
    let error = Error::new(ErrorKind::Io, format!("cannot open {name}: another program has it"));
    match holders(device).as_slice() {
        [] => error
            .hint(format!("end it first: a terminal, another hopgate, a script (root can see which: fuser -v {name})")),
        those => error.hint(format!("end it first: {}", those.join(", "))),
    }
}

/// What ports there are.
fn ports_hint(devices: &Path) -> String {
    let serial = |n: &String| n.starts_with("ttyUSB") || n.starts_with("ttyACM") || n.starts_with("cu.usb");
    let entries = fs::read_dir(devices).into_iter().flatten().flatten();
    let mut there: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).filter(serial).collect();
    there.sort();
    if there.is_empty() {
        return "no USB serial port is there: plug the board in (or see whether its driver is loaded)".into();
    }
    let list: Vec<String> = there.iter().map(|n| devices.join(n).display().to_string()).collect();
    format!("there are: {}", list.join(", "))
}

/// Who may open a port of this group and mode, by the text of `/etc/group`.
fn permission_hint(gid: u32, mode: u32, groups: &str) -> String {
    let name = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(gid)).then_some(name)
    });
    match name {
        Some(name) if mode & 0o060 == 0o060 && name != "root" => {
            format!("the group `{name}` may: sudo usermod -aG {name} \"$USER\", then log in again")
        }
        _ => "only its owner may: a udev rule, or sudo chmod a+rw on it, opens it for others".into(),
    }
}

impl Transport for Serial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.port.set_timeout(SEND)?;
        self.port.write_all(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        // (it waits in milliseconds)
        self.port.set_timeout(timeout.max(Duration::from_millis(1)))?;
        match self.port.read(buffer) {
            Ok(0) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the port was closed at its other end")),
            Err(e) if matches!(e.kind(), io::ErrorKind::TimedOut | io::ErrorKind::Interrupted) => Ok(0),
            result => result,
        }
    }

    fn now(&self) -> Duration {
        self.opened.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(path: &Path) -> (String, String) {
        match Serial::open(path, 1_000_000) {
            Ok(_) => panic!("it opened"),
            Err(e) => (e.to_string(), e.help_text().unwrap_or_default().to_owned()),
        }
    }

    #[test]
    fn ports_that_are_none() {
        let (what, hint) = fails(Path::new("/dev/ttyUSB250"));
        assert_eq!(what, "there is no port /dev/ttyUSB250");
        assert!(hint.starts_with("no USB serial port") || hint.starts_with("there are: /dev/"), "{hint}");
        assert!(fails(Path::new("/etc/passwd")).0.contains("/etc/passwd is no serial port"));
        assert!(fails(Path::new("/dev/null")).0.contains("cannot open /dev/null as a serial port"));
    }

    #[test]
    fn the_ports_that_are_there_are_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["ttyUSB1", "ttyACM0", "tty1"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let hint = ports_hint(folder.path());
        assert!(hint.contains("ttyACM0, ") && hint.ends_with("ttyUSB1") && !hint.contains("tty1"), "{hint}");
    }

    #[test]
    fn the_group_that_may_is_named() {
        let groups = "root:x:0:\ndialout:x:20:someone\nnobody\n";
        let hint = permission_hint(20, 0o20660, groups);
        assert!(hint.contains("`dialout`") && hint.contains("usermod -aG dialout"), "{hint}");
        for (gid, mode) in [(20, 0o20620), (0, 0o20660), (77, 0o20660)] {
            assert!(permission_hint(gid, mode, groups).starts_with("only its owner"));
        }
    }
}
