//! An error of a file says what to do about it.

use hopgate_files::{npy, patterns};

#[test]
fn arrays_of_other_shapes_come_with_the_python_that_mends_them() {
    let home = tempfile::tempdir().expect("a temporary folder");
    for (shape, hint) in [(&[][..], "a[None, :]"), (&[8], "a[None, :]"), (&[2, 2, 2], "a.reshape(len(a), -1)")] {
        let path = home.path().join("x.npy");
        let ones = vec![1u8; shape.iter().product()];
        std::fs::write(&path, npy::encode(shape, ones)).expect("written");
        let e = patterns::load(path.to_str().expect("text")).expect_err("no matrix");
        assert!(e.help_text().is_some_and(|h| h.contains(hint)), "{shape:?}: {:?}", e.help_text());
    }
}
