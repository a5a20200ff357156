//! `hopgate flash`, with programs that only play iceprog.

use crate::common::Place;
use std::fs;

const BITSTREAM: [u8; 8] = [0xff, 0, 0, 0xff, 0x7e, 0xaa, 0x99, 0x7e];

#[test]
fn a_bitstream() {
    let place = Place::new();
    fs::write(place.path("new.bin"), BITSTREAM).unwrap();
    let (variable, path) = place.fake("iceprog", "Usage: iceprog", "echo \"$@\" > ran");
    // iceprog prints its usage for --help
    let text = fs::read_to_string(&path).unwrap().replace("-V|", "-V|--help|");
    fs::write(&path, text).unwrap();
    let run = |line: &str| {
        let mut command = place.command(line);
        let output = command.env(&variable, &path).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, out, err) = run("flash new.bin --dry-run");
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("would run") && out.contains("iceprog new.bin") && out.contains("8 bytes"), "{out}");
    assert!(!place.path("ran").exists());
    let (code, out, err) = run("flash new.bin --board icestick --json");
    assert_eq!(code, Some(0), "{err}");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["loaded"], &json["board"]), (&true.into(), &"icestick".into()));
    assert_eq!(fs::read_to_string(place.path("ran")).unwrap(), "new.bin\n");
}

#[test]
fn what_cannot_be_loaded() {
    let place = Place::new();
    fs::write(place.path("new.bin"), BITSTREAM).unwrap();
    fs::write(place.path("text.bin"), "hello").unwrap();
    fs::create_dir(place.path("folder")).unwrap();
    place.fails("flash text.bin", 1, &["text.bin is no bitstream for the Alchitry Cu"]);
    place.fails("flash none.bin", 1, &["cannot read the bitstream none.bin"]);
    place.fails("flash folder", 1, &["folder is not a build", "report.json"]);
    place.fails("flash folder --board icestick", 2, &["--board has no effect here"]);
    place.fails("flash new.bin --board nowhere", 2, &["there is no board called"]);
    let mut command = place.command("flash new.bin");
    command.env("PATH", "/nowhere");
    place.command_fails(command, "flash new.bin", 1, &["iceprog is not installed", "apt-get install fpga-icestorm"]);
    // a dry run needs no program, and says where to get it
    let mut command = place.command("flash new.bin --dry-run");
    let output = command.env("PATH", "/nowhere").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("not installed: apt-get install fpga-icestorm"));
}
