//! Labels of keys and expected classes of cues, from every kind of file.

use hopgate_files::{
    labels::{Labels, expected},
    npy, npz,
};
use hopgate_model::Result;
use std::path::Path;

/// Three labels in a file of this name, which is written anew.
fn written(home: &Path, name: &str, write: impl FnOnce(&Path)) -> Result<Labels> {
    let path = home.join(name);
    write(&path);
    Labels::load(path.as_os_str(), 3)
}

fn text(content: &'static str) -> impl FnOnce(&Path) {
    move |path| std::fs::write(path, content).expect("written")
}

#[test]
fn an_archive_has_them_under_one_of_three_names() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let array = |numbers: [i64; 3]| npy::encode(&[3], numbers);
    let of = |arrays: &[(&str, Vec<u8>)]| {
        written(home.path(), "y.npz", |path| npz::write(path, arrays).expect("written")).map(|labels| labels.of)
    };
    for name in ["labels", "y", "arr_0"] {
        assert_eq!(of(&[("x", array([0, 0, 0])), (name, array([1, 0, 1]))]).expect(name), [1, 0, 1]);
    }
    // the first name counts
    assert_eq!(of(&[("y", array([0, 1, 1])), ("labels", array([1, 0, 1]))]).expect("labels"), [1, 0, 1]);
    assert!(of(&[("x", array([1, 0, 1]))]).is_err());
}

#[test]
fn numbers_are_whole_and_names_are_text() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let array = |bytes: Vec<u8>| written(home.path(), "y.npy", |path| std::fs::write(path, bytes).expect("written"));
    let refused = |labels: Result<Labels>| labels.expect_err("refused").to_string();
    assert_eq!(array(npy::encode(&[3], [-0.0, 1.0, 2.0])).expect("whole").of, [0, 1, 2]);
    for (value, shown) in [(0.5, "0.5"), (-0.5, "-0.5"), (1e300, "1000"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let said = refused(array(npy::encode(&[3], [0.0, 1.0, value])));
        assert!(said.contains(&format!("label 2 is {shown}")), "{said}");
    }
    assert!(refused(array(npy::encode(&[3, 2], [0u8; 6]))).contains("uint8 of shape [3, 2]"));
    assert!(refused(array(npy::encode(&[], [0u8]))).contains("labels are a list"));
    assert!(refused(array(npy::encode_text("ant"))).contains("must be numbers"));
    let names = written(home.path(), "y.TXT", text("\u{feff}ant # first\n\n# none\n bee\nant\n")).expect("names");
    assert_eq!((names.of, names.classes), (vec![0, 1, 0], vec!["ant".to_owned(), "bee".to_owned()]));
    assert!(refused(written(home.path(), "y", text("0\n1\n0\n"))).contains("not a kind of file"));
}

#[test]
fn as_many_classes_as_a_memory_has_and_no_gaps() {
    let of = |numbers: Vec<i64>| Labels::of_numbers(&numbers);
    assert_eq!(of((0..1024).collect()).expect("the most").classes.len(), 1024);
    assert_eq!(of(vec![1, 0]).expect("the least").classes, ["0", "1"]);
    for (numbers, why) in [
        ((0..1025).collect(), "label 1024 is 1024, but a class is a number from 0 to 1023"),
        (vec![0, -1], "label 1 is -1"),
        (vec![2, 0, 2], "class 1 of 3 has no key"),
        (vec![0, 0], "one class only"),
        (vec![], "no labels"),
    ] {
        let said = of(numbers).expect_err(why).to_string();
        assert!(said.contains(why), "{said}");
    }
    let names: Vec<String> = (0..1024).map(|i| format!("n{i:04}")).collect();
    let labels = Labels::of_names(&names).expect("the most");
    assert_eq!((labels.of, labels.classes), ((0..1024).collect::<Vec<u32>>(), names));
}

#[test]
fn expected_classes_are_some_of_the_memorys() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("y.txt");
    let classes = ["ant", "bee", "cat"].map(str::to_owned);
    let of = |content: &str, cues| {
        std::fs::write(&path, content).expect("written");
        expected(path.as_os_str(), cues, &classes).map_err(|e| e.to_string())
    };
    assert_eq!(of("2\n2\n0\n", 3), Ok(vec![2, 2, 0]));
    assert_eq!(of("cat\nbee\n", 2), Ok(vec![2, 1]));
    for (content, cues, why) in [
        ("0\n3\n", 2, "label 1 is 3, but the memory has classes 0 to 2"),
        ("-1\n", 1, "label 0 is -1, but the memory has classes 0 to 2"),
        ("ant\ndog\n", 2, "label 1 is \"dog\", which is no class of the memory"),
        ("ant\n", 2, "there are 1 labels, but 2 cues"),
    ] {
        let said = of(content, cues).expect_err(why);
        assert!(said.contains("y.txt: ") && said.contains(why), "{said}");
    }
    assert!(expected("glyphs".as_ref(), 1, &classes).expect_err("no labels").to_string().contains("glyphs"));
    assert_eq!(expected("digits".as_ref(), 192, &[0; 10].map(|_| String::new())).expect("numbers").len(), 192);
}
