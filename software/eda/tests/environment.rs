//! Where tools are looked for: environment variables, the `PATH`, and never the current folder. One test, alone in its process.

// one test in its process: no other thread reads the environment
#![allow(unsafe_code)]

use hopgate_eda::{
    exec::{self, Run},
    tools::{Health, doctor, require},
};
use hopgate_model::ErrorKind;
use std::{env, fs, os::unix::fs::PermissionsExt};

#[test]
fn hopgate_yosys_names_another_yosys() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("my-yosys");
    fs::write(&mine, "#!/bin/sh\necho 'Yosys 0.99 (mine)'\n").unwrap();
    fs::set_permissions(&mine, fs::Permissions::from_mode(0o755)).unwrap();
    unsafe { env::set_var("HOPGATE_YOSYS", &mine) };
    let tool = require("yosys").unwrap();
    assert_eq!((tool.path.as_path(), tool.banner.as_str()), (mine.as_path(), "Yosys 0.99 (mine)"));

    unsafe { env::set_var("HOPGATE_YOSYS", folder.path().join("nowhere")) };
    let e = require("yosys").unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().starts_with("HOPGATE_YOSYS is "), "{e}");
    assert!(e.help_text().unwrap().contains("or unset it"), "{:?}", e.help_text());

    // nothing is run because of the folder that one is in: not what lies there, and not what looks like hopgate's own
    let (installed, bin) = (folder.path().join(exec::TOOLS), folder.path().join("bin"));
    fs::create_dir_all(&installed).unwrap();
    fs::create_dir(&bin).unwrap();
    for name in ["yowasp-own", "own"] {
        fs::copy(&mine, installed.join(name)).unwrap();
        fs::copy(&mine, folder.path().join(name)).unwrap();
    }
    let (before, path) = (env::current_dir().unwrap(), env::var_os("PATH").unwrap());
    env::set_current_dir(folder.path()).unwrap();
    let here = env::current_dir().unwrap();
    let usual = path.to_str().unwrap();
    // an empty entry is the current folder by its letter: at the end, at the front, in the middle
    for path in [usual.to_owned(), format!("{usual}:"), format!(":{usual}"), format!("/bin::{usual}"), String::new()] {
        unsafe { env::set_var("PATH", &path) };
        for name in ["yowasp-own", "own"] {
            assert!(exec::find(name).is_err(), "PATH={path} runs {name} of the current folder");
        }
    }
    // what is said is taken, and leads to the same place from everywhere
    fs::copy(&mine, bin.join("own")).unwrap();
    for (path, found) in [(format!(".:{usual}"), "own"), (format!("bin:{usual}"), "bin/own")] {
        unsafe { env::set_var("PATH", path) };
        assert_eq!(exec::find("own").unwrap(), here.join(found));
    }
    // tools find their own helpers there too, wherever they run
    let elsewhere = tempfile::tempdir().unwrap();
    let said = Run::new("sh", "/bin/sh".into()).args(["-c", "own"]).cwd(elsewhere.path()).run().unwrap().stdout;
    assert_eq!(said, "Yosys 0.99 (mine)\n");
    for (named, found) in [("./own", "own"), ("bin/own", "bin/own"), ("own", "bin/own")] {
        unsafe { env::set_var("HOPGATE_OWN", named) };
        assert_eq!(exec::find("own").unwrap(), here.join(found), "HOPGATE_OWN={named}");
    }
    env::set_current_dir(before).unwrap();

    // nothing on the PATH at all: every tool is missing, and says which package carries it
    unsafe { env::remove_var("HOPGATE_YOSYS") };
    unsafe { env::set_var("PATH", folder.path()) };
    let e = require("nextpnr-ice40").unwrap_err();
    assert!(e.to_string().contains("nextpnr-ice40 is not installed"), "{e}");
    assert_eq!(e.help_text(), Some("apt-get install nextpnr-ice40 (as root, or with sudo)"));
    for status in doctor() {
        let ours = status.name.starts_with("yowasp-") || status.name.starts_with("gowin_");
        if ours && status.path.is_some() {
            continue; // `make tools-...` was called here: those are found without the PATH
        }
        assert_eq!(status.health, Health::Missing, "{status:?}");
        let made = ours
            || ["nextpnr-ecp5", "ecppack", "nextpnr-himbaechel-gowin", "nextpnr-himbaechel-gatemate", "gmpack"]
                .contains(&status.name);
        let how = if made { "make tools-" } else { "apt-get install " };
        assert!(status.how.contains(how) && status.path.is_none(), "{status:?}");
    }
}
