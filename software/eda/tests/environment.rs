//! Another path for a tool by an environment variable. One test, alone in its process.

use hopgate_eda::{
    exec,
    tools::{doctor, require, Health},
};
use hopgate_model::ErrorKind;
use std::{env, fs, os::unix::fs::PermissionsExt};

#[test]
fn hopgate_yosys_names_another_yosys() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("my-yosys");
    fs::write(&mine, "#!/bin/sh\necho 'Yosys 0.99 (mine)'\n").unwrap();
    fs::set_permissions(&mine, fs::Permissions::from_mode(0o755)).unwrap();
    env::set_var("HOPGATE_YOSYS", &mine);
    let tool = require("yosys").unwrap();
    assert_eq!((tool.path.as_path(), tool.banner.as_str()), (mine.as_path(), "Yosys 0.99 (mine)"));

    env::set_var("HOPGATE_YOSYS", folder.path().join("nowhere"));
    let e = require("yosys").unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Tool);
    assert!(e.to_string().starts_with("HOPGATE_YOSYS is "), "{e}");
    assert!(e.help_text().unwrap().contains("or unset it"), "{:?}", e.help_text());

    // below the current folder, programs of this prefix are found, and no others
    let installed = folder.path().join(exec::TOOLS);
    fs::create_dir_all(&installed).unwrap();
    for name in ["yowasp-own", "own"] {
        fs::copy(&mine, installed.join(name)).unwrap();
    }
    let before = env::current_dir().unwrap();
    env::set_current_dir(folder.path()).unwrap();
    let here = fs::canonicalize(&installed).unwrap();
    assert_eq!(exec::find("yowasp-own").unwrap(), here.join("yowasp-own"));
    assert!(exec::find("own").is_err());
    env::set_current_dir(before).unwrap();
    assert!(exec::find("yowasp-own").is_err());

    // nothing on the PATH at all: every tool is missing, and says which package carries it
    env::remove_var("HOPGATE_YOSYS");
    env::set_var("PATH", folder.path());
    let e = require("nextpnr-ice40").unwrap_err();
    assert!(e.to_string().contains("nextpnr-ice40 is not installed"), "{e}");
    assert_eq!(e.help_text(), Some("apt-get install nextpnr-ice40 (as root, or with sudo)"));
    for status in doctor() {
        let ours = status.name.starts_with("yowasp-");
        if ours && status.path.is_some() {
            continue; // `make tools-ecp5` was called here: those are found without the PATH
        }
        assert_eq!(status.health, Health::Missing, "{status:?}");
        let ecp5 = ours || status.name == "nextpnr-ecp5" || status.name == "ecppack";
        let how = if ecp5 { "make tools-ecp5" } else { "apt-get install " };
        assert!(status.how.contains(how) && status.path.is_none(), "{status:?}");
    }
}
