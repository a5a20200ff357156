//! Descriptors by number and by name, as a program of its own finds them.

use hopgate_files::descriptor;
use std::{env, path::Path, process::Command};

/// Whether the test is the process that was started in the folder of its descriptors.
const INSIDE: &str = "HOPGATE_TEST_INSIDE";

#[test]
fn in_the_folder_of_its_descriptors_a_number_is_a_name() {
    if env::var_os(INSIDE).is_some() {
        assert_eq!((descriptor::number("1".as_ref()), descriptor::number("x".as_ref())), (Some(1), None));
        return;
    }
    assert_eq!(descriptor::number("1".as_ref()), None);
    let inside = Path::new("/proc/self/fd");
    if !inside.is_dir() {
        println!("skipped: no /proc");
        return;
    }
    let mut again = Command::new(env::current_exe().expect("this program"));
    again.args(["--exact", "descriptors::in_the_folder_of_its_descriptors_a_number_is_a_name"]);
    let out = again.current_dir(inside).env(INSIDE, "1").output().expect("run");
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn the_first_descriptor_is_one_like_others() {
    let open = std::fs::read_link("/proc/self/fd/0").is_ok();
    assert_eq!(descriptor::duplicate(0).is_ok(), open);
}
