//! Loading a board, with programs that only play iceprog: what is said where it fails.

use hopgate_eda::{
    board::Board,
    flash::{FlashRequest, flash},
    tools::Toolbox,
};
use hopgate_model::{
    Error, ErrorKind,
    progress::{Progress, Watch},
};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

const BITSTREAM: [u8; 8] = [0xff, 0, 0, 0xff, 0x7e, 0xaa, 0x99, 0x7e];

/// A request for a bitstream in `folder`, with a program that does this.
fn request(folder: &Path, board: &str, does: &str) -> FlashRequest {
    let board = Board::find(board).unwrap();
    let script = folder.join("program");
    let about = "case $1 in --help|-V) echo 'Usage: openFPGALoader v0.10.0'; exit;; esac";
    fs::write(&script, format!("#!/bin/sh\n{about}\n{does}\n")).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.join("top.bin"), BITSTREAM).unwrap();
    fs::create_dir_all(folder.join("usb")).unwrap();
    let tools = Toolbox::default().with(&board.tools.load, script);
    FlashRequest { board, bitstream: folder.join("top.bin"), tools, devices: folder.join("usb") }
}

fn error(does: &str, change: impl Fn(&mut FlashRequest)) -> (Error, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut request = request(folder.path(), "alchitry-cu", does);
    change(&mut request);
    let e = flash(&request, &|_| ()).unwrap_err();
    let hint = e.help_text().unwrap_or_default().to_owned();
    (e, hint)
}

/// Keeps what is said.
struct Lines<'a>(&'a std::sync::Mutex<Vec<String>>);

impl Watch for Lines<'_> {
    fn at(&self, _: Progress) {}

    fn says(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

#[test]
fn it_runs_what_the_board_names() {
    let folder = tempfile::tempdir().unwrap();
    let ran = folder.path().join("ran");
    let request =
        request(folder.path(), "alchitry-cu", &format!("echo \"$@\" > {}; echo programming.. >&2", ran.display()));
    let lines = std::sync::Mutex::new(Vec::new());
    flash(&request, &Lines(&lines)).unwrap();
    assert_eq!(fs::read_to_string(ran).unwrap().trim(), request.bitstream.display().to_string());
    assert_eq!(*lines.lock().unwrap(), ["programming.."]);
    let ulx3s = FlashRequest::new(Board::find("ulx3s-85f").unwrap(), "b/top.bit");
    assert_eq!(ulx3s.line(), "openFPGALoader --board ulx3s b/top.bit");
    assert_eq!(FlashRequest::new(Board::find("icestick").unwrap(), "-x.bin").line(), "iceprog ./-x.bin");
}

#[test]
fn no_board_is_there() {
    let says = "echo \"Can't find iCE FTDI USB device (vendor_id 0x0403, device_id 0x6010 or 0x6014).\" >&2; exit 2";
    let (e, hint) = error(says, |_| ());
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().contains("iceprog failed with exit code 2") && e.to_string().contains("Can't find"), "{e}");
    assert!(hint.contains("no USB device 0403:6010 is there: plug the board in"), "{hint}");
    // the system does not say what is plugged in
    let (_, hint) = error(says, |r| r.devices = "/nowhere".into());
    assert!(hint.contains("plug the board in") && hint.contains("/etc/udev/rules.d/"), "{hint}");
    // nobody knows the board's numbers
    let (_, hint) = error(says, |r| r.board.usb = None);
    assert!(hint.contains("plug the board in") && hint.contains("idVendor"), "{hint}");
}

#[test]
fn the_user_may_not_open_it() {
    for says in [
        "unable to open ftdi device: -4 (usb_open() failed)",
        "libusb: error: Permission denied",
        "LIBUSB_ERROR_ACCESS",
    ] {
        let (e, hint) = error(&format!("echo '{says}' >&2; exit 1"), |_| ());
        assert!(e.to_string().contains(says), "{e}");
        let rule = "ATTRS{idVendor}==\"0403\", ATTRS{idProduct}==\"6010\", MODE=\"0660\", GROUP=\"plugdev\"";
        for word in [rule, "udevadm control --reload-rules", "you may not open the board"] {
            assert!(hint.contains(word), "{says}: no {word} in {hint}");
        }
    }
}

#[test]
fn other_failures() {
    let (e, hint) = error("echo 'init..'; echo 'cdone: low'; exit 3", |_| ());
    assert!(e.to_string().contains("exit code 3") && e.to_string().contains("cdone: low"), "{e}");
    assert!(hint.contains("run it by hand") && hint.contains("iceprog "), "{hint}");
    let (e, _) = error("kill -KILL $$", |_| ());
    assert!(e.to_string().contains("signal 9"), "{e}");
    let (e, hint) = error("", |r| fs::write(&r.bitstream, "# not a bitstream").unwrap());
    assert_eq!(e.kind(), ErrorKind::Format);
    assert!(
        e.to_string().contains("is no bitstream for the Alchitry Cu") && hint.contains("build folder"),
        "{e} {hint}"
    );
    let (e, _) = error("", |r| r.bitstream = "/nowhere/x.bin".into());
    assert_eq!(e.kind(), ErrorKind::Io);
    // bytes of another family
    let (e, _) = error("", |r| r.board = Board::find("ulx3s-85f").unwrap());
    assert_eq!(e.kind(), ErrorKind::Format);
    let gone = |r: &mut FlashRequest| r.tools = Toolbox::default().with("iceprog", "/nowhere/iceprog");
    assert_eq!(error("", gone).0.kind(), ErrorKind::Tool);
}
