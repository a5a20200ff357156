//! Every source of patterns, and every way in which one can be wrong: a specific error, never a panic.

use hopgate_files::{npy, npz, patterns};
use hopgate_model::{Error, ErrorKind};
use std::{io::Write, path::Path};

/// A `.npy` as numpy writes it, with any type, order and data.
fn raw(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let mut dict = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
    while (10 + dict.len()) % 64 != 63 {
        dict.push(' ');
    }
    dict.push('\n');
    let length = (dict.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], dict.as_bytes(), data].concat()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("made");
        std::fs::write(&path, bytes).expect("written");
        path.to_str().expect("the name is text").to_owned()
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

fn rows(spec: &str) -> Vec<String> {
    let p = patterns::load(spec).unwrap_or_else(|e| panic!("{spec}: {e}"));
    let row = |r| (0..p.bits.cols()).map(move |c| (r, c));
    (0..p.bits.rows()).map(|r| row(r).map(|(r, c)| if p.bits.get(r, c) { '1' } else { '0' }).collect()).collect()
}

fn error(spec: &str) -> Error {
    match patterns::load(spec) {
        Ok(p) => panic!("{spec} was accepted: {p:?}"),
        Err(e) => e,
    }
}

const MATRIX: [&str; 2] = ["010", "110"];

#[test]
fn arrays_of_every_type_and_order_are_the_same_matrix() {
    let f = Folder::new();
    let values = [0, 1, 0, 1, 1, 0];
    let by_columns = [0, 1, 1, 1, 0, 0]; // the same matrix in Fortran order
    let floats = |v: &[i8]| v.iter().flat_map(|&x| f64::from(x).to_le_bytes()).collect::<Vec<u8>>();
    let words = |v: &[u8], big: bool| -> Vec<u8> {
        v.iter().flat_map(|&x| if big { [0, 0, 0, x] } else { [x, 0, 0, 0] }).collect()
    };
    let halves: Vec<u8> = values.iter().flat_map(|&x| if x == 1 { [0x00, 0x3c] } else { [0, 0] }).collect();
    let singles: Vec<u8> = values.iter().flat_map(|&x| f32::from(x as i8).to_be_bytes()).collect();
    let signs = [-1i8, 1, -1, 1, 1, -1];
    let cases = [
        raw("|u1", false, "(2, 3)", &values),
        raw("|b1", false, "(2, 3)", &values),
        raw("|i1", true, "(2, 3)", &by_columns),
        raw("<i4", false, "(2, 3)", &words(&values, false)),
        raw(">u4", false, "(2, 3)", &words(&values, true)),
        raw(">i4", true, "(2, 3)", &words(&by_columns, true)),
        raw("<f2", false, "(2, 3)", &halves),
        raw(">f4", false, "(2, 3)", &singles),
        raw("<f8", false, "(2L, 3L)", &floats(&[0, 1, 0, 1, 1, 0])),
        raw("<f8", false, "(2, 3)", &floats(&signs)),
        raw("|i1", false, "(2,3)", &signs.map(|s| s as u8)),
    ];
    for (i, bytes) in cases.iter().enumerate() {
        assert_eq!(rows(&f.file(&format!("{i}.npy"), bytes)), MATRIX, "case {i}");
    }
}

#[test]
fn npz_files_are_read_packed_or_not() {
    let f = Folder::new();
    let array = npy::encode(&[2, 3], [0u8, 1, 0, 1, 1, 0]);
    for name in ["patterns", "queries", "arr_0"] {
        let path = f.path().join(format!("{name}.npz"));
        npz::write(&path, &[("other", npy::encode(&[1], [1u8])), (name, array.clone())]).expect("written");
        assert_eq!(rows(path.to_str().expect("text")), MATRIX);
    }
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("patterns.npy", zip::write::SimpleFileOptions::default()).expect("begun");
    zip.write_all(&array).expect("packed");
    let packed = zip.finish().expect("ended").into_inner();
    assert_eq!(rows(&f.file("packed.npz", packed)), MATRIX);
}

#[test]
fn text_in_every_form_is_the_same_matrix() {
    let f = Folder::new();
    let forms = [
        "0,1,0\n1,1,0\n",
        "\u{feff}0, 1, 0,\r\n1, 1, 0,\r\n",
        "0;1;0\n1;1;0",
        "0\t1\t0\n1\t1\t0\n",
        "# a comment\n\n0 1 0  # another\n   1  1 0\n\n",
        "010\n110\n",
        "01 0\n1 10\n",
        "-1,1,-1\n+1,1,-1\n",
        "0.0,1.0,0\n1e0,1,0.0\n",
        "False,True,False\n\"1\",true,0\n",
        // ends of lines of the old Macintosh, of two systems in one file, of a file that was converted twice, of Unicode
        "0,1,0\r1,1,0\r",
        "010\r110",
        "0 1 0\r1 1 0",
        "0\t1\t0\r# a comment\r\r1\t1\t0\r",
        "0,1,0\r\r\n1,1,0\r\r\n",
        "# first\r\n0 1 0\n# second\r1 1 0\r\n",
        "0 1 0\u{2028}1 1 0\u{2029}",
        "0 1 0\u{b}1 1 0",
        "010\u{c}\n110\n",
        "0 1 0\u{85}1 1 0",
    ];
    for (i, text) in forms.iter().enumerate() {
        assert_eq!(rows(&f.file(&format!("{i}.csv"), text)), MATRIX, "{text:?}");
        assert_eq!(rows(&f.file(&format!("{i}.txt"), text)), MATRIX, "{text:?}");
    }
}

/// Each row on a line of its own, whatever ends it, and places are counted as editors count them.
#[test]
fn a_line_is_a_row_whatever_ends_it() {
    let f = Folder::new();
    for (text, lines) in [("01\r1x", 2), ("01\r\n1x", 2), ("01\n\r\n1x", 3), ("01\r\r1x\n", 3), ("01\n10\r1x\r\n", 3)] {
        let said = error(&f.file("x.txt", text)).to_string();
        assert!(said.contains(&format!("\"1x\" at line {lines}, column 1")), "{text:?}: {said}");
    }
    let said = error(&f.file("ragged.txt", "0 1\r1 1 0\r")).to_string();
    assert!(said.contains("line 2 has 3 values, but line 1 has 2"), "{said}");
}

#[test]
fn a_file_without_an_extension_is_known_by_its_first_bytes() {
    let f = Folder::new();
    let array = npy::encode(&[2, 3], [0u8, 1, 0, 1, 1, 0]);
    let zip = f.path().join("x.npz");
    npz::write(&zip, &[("arr_0", array.clone())]).expect("written");
    let zip = std::fs::read(&zip).expect("read");
    for bytes in [&array, &zip, &b"0,1,0\r\n1,1,0\r\n".to_vec(), &b"\xef\xbb\xbf010\n110".to_vec()] {
        assert_eq!(rows(&f.file("pipe", bytes)), MATRIX, "{:x?}", &bytes[..4]);
    }
    let picture = f.file("picture", b"P4\n3 2\n\x40\xc0");
    assert_eq!(
        (rows(&picture), patterns::load(&picture).expect("read").shape),
        (vec!["010110".to_owned()], Some((2, 3)))
    );
    image::GrayImage::from_raw(3, 1, vec![255, 0, 255]).expect("pixels").save(f.path().join("y.png")).expect("saved");
    std::fs::rename(f.path().join("y.png"), f.path().join("y")).expect("renamed");
    assert_eq!(rows(f.path().join("y").to_str().expect("text")), ["010"]);
    assert!(error(&f.file("model", b"PK\x03\x04nothing")).to_string().contains("damaged .npz"));
}

#[cfg(target_os = "linux")]
#[test]
fn names_of_any_bytes_are_read() {
    use std::os::unix::ffi::OsStrExt;
    let f = Folder::new();
    let path = f.path().join(std::ffi::OsStr::from_bytes(b"n\xe9.txt"));
    std::fs::write(&path, "010\n110\n").expect("written");
    let read = patterns::load(&path).expect("read");
    assert_eq!((read.bits.rows(), read.source.ends_with("n\u{fffd}.txt")), (2, true));
    assert_eq!(patterns::load_queries(&path, 3).expect("read").bits.rows(), 2);
    std::fs::write(&path, "012\n").expect("written");
    let e = patterns::load(&path).expect_err("a two").to_string();
    assert!(e.contains("n\u{fffd}.txt") && e.contains("line 1"), "{e}");
    let e = patterns::load(std::ffi::OsStr::from_bytes(b"\xff")).expect_err("no such file");
    assert_eq!(e.kind(), ErrorKind::Usage, "{e}");
}

/// What may never end is refused before a byte of it is read; a pipe is read, whoever writes to it.
#[cfg(target_os = "linux")]
#[test]
fn devices_are_refused_and_pipes_are_read() {
    let f = Folder::new();
    let zero = f.path().join("zero.npy");
    std::os::unix::fs::symlink("/dev/zero", &zero).expect("linked");
    for device in ["/dev/zero", "/dev/null", zero.to_str().expect("text")] {
        let e = error(device);
        assert!(e.kind() == ErrorKind::Format && e.to_string().contains("a device"), "{e}");
    }
    let fifo = f.path().join("fifo.txt");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    if !made.is_ok_and(|m| m.success()) {
        println!("skipped: no mkfifo");
        return;
    }
    let e = npz::read_file(&fifo).expect_err("a pipe in a folder of ours");
    assert!(e.to_string().contains("a pipe or a device") && e.to_string().contains("fifo.txt"), "{e}");
    std::thread::scope(|scope| {
        scope.spawn(|| std::fs::write(&fifo, "010\n110\n").expect("somebody reads"));
        assert_eq!(rows(fifo.to_str().expect("text")), MATRIX);
    });
}

#[test]
fn pictures_that_are_dark_all_over_come_with_a_warning() {
    let f = Folder::new();
    let save = |name: &str, pixels: [u8; 4]| {
        let path = f.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        image::GrayImage::from_raw(2, 2, pixels.to_vec()).expect("four pixels").save(&path).expect("saved");
        path.to_str().expect("text").to_owned()
    };
    let warnings = |spec: &str| patterns::load(spec).expect("read").warnings.join("; ");
    let dark = warnings(&save("dark.png", [0, 127, 3, 9]));
    assert!(dark.contains("dark.png: all of it is dark: the brightest pixel has 127 of 255"), "{dark}");
    let black = warnings(&save("black.png", [0; 4]));
    assert!(black.ends_with("black.png: all of it is dark"), "{black}");
    assert_eq!(warnings(&save("light.png", [128, 0, 0, 0])), "");
    assert!(warnings(&f.file("x.pbm", "P1 2 2 1111")).ends_with("x.pbm: all of it is dark"));
    for (i, pixels) in [[0, 1, 0, 1], [1, 0, 0, 1], [255, 0, 0, 1]].into_iter().enumerate() {
        save(&format!("masks/{i}.png"), pixels);
    }
    let masks = warnings(f.path().join("masks").to_str().expect("text"));
    assert!(masks.contains("2 of 3 pictures are dark all over") && masks.contains("0.png first"), "{masks}");
    assert!(masks.contains("the brightest pixel has 1 of 255; were 0 and 1 saved in place of 0 and 255?"), "{masks}");
}

/// Columns that pandas or a label adds, and patterns that are too wide: the hint is one that helps.
#[test]
fn hints_name_what_is_likely_wrong() {
    let f = Folder::new();
    let hint = |name: &str, bytes: &[u8]| {
        let e = error(&f.file(name, bytes));
        e.help_text().unwrap_or_else(|| panic!("{e}: no hint")).to_owned()
    };
    let counted = "header=False, index=False";
    for (text, expected) in [
        (",0,1,2\n0,1,0,1\n", counted), // header and index
        ("0,1,2\n1,0,1\n", counted),    // a header that counts
        (",a,b\n0,1,0\n", counted),
        ("0,1,0\n1,0,1\n2,1,1\n", "index=False"), // an index alone
        ("1,1,0\n2,0,1\n", "index=False"),
        ("0,1,cat\n1,0,dog\n", "names or classes, leave it out"),
        ("a,b,c\n1,0,0\n", "a header, put # in front of it"),
        ("0,1,0\n1,0,dog\n", "leave out a column of names or classes"),
        ("0,1,7\n1,0,3\n", "leave out a column of labels"),
    ] {
        let hint = hint("x.csv", text.as_bytes());
        assert!(hint.contains(expected), "{text:?}: {hint}");
    }
    let wide = |rows: usize, cols: usize| hint("wide.npy", &npy::encode(&[rows, cols], vec![1u8; rows * cols]));
    for (rows, cols, transpose) in [(20, 40960, true), (2, 16385, true), (300, 16385, true), (1, 40960, false)] {
        let hint = wide(rows, cols);
        assert!(
            hint.contains("at most 16384 bits") && hint.contains("transpose") == transpose,
            "{rows}x{cols}: {hint}"
        );
    }
    let picture = hint("x.pbm", b"P4\n640 64\n");
    assert!(picture.contains("make the picture smaller") && !picture.contains("transpose"), "{picture}");
    assert!(
        error(&f.file("x.pbm", b"P4\n640 64\n")).to_string().contains("640x64 pixels, but a pattern has at most 16384")
    );
}

#[test]
fn pictures_are_patterns_and_dark_is_one() {
    let f = Folder::new();
    let pbm = f.file("one/b.pbm", "P1\n# a comment\n3 2\n0 1 0\n1 1 0\n");
    assert_eq!(rows(&pbm), ["010110"]);
    f.file("one/a.pbm", b"P4\n3 2\n\xa0\x40");
    let grey = |v: [u8; 6]| image::GrayImage::from_raw(3, 2, v.to_vec()).expect("six pixels");
    grey([127, 128, 255, 0, 200, 1]).save(f.path().join("one/c.png")).expect("saved");
    let clear = image::GrayAlphaImage::from_raw(3, 2, vec![0, 0, 0, 255, 0, 100, 0, 128, 255, 255, 90, 255]);
    clear.expect("six pixels").save(f.path().join("one/d.PNG")).expect("saved");
    f.file("one/notes.md", "not a picture");
    f.file("one/.hidden", "nor this");

    let p = patterns::load(&pbm).expect("one picture");
    assert_eq!((p.labels, p.shape), (Some(vec!["b".into()]), Some((2, 3))));

    let folder = f.path().join("one");
    let p = patterns::load(folder.to_str().expect("text")).expect("a folder of pictures");
    assert_eq!(rows(folder.to_str().expect("text")), ["101010", "010110", "100101", "010101"]);
    assert_eq!(p.labels.as_deref(), Some(&["a", "b", "c", "d"].map(String::from)[..]));
    assert_eq!(p.shape, Some((2, 3)));
    assert!(p.warnings.len() == 1 && p.warnings[0].contains("1 entries"), "{:?}", p.warnings);

    let other = f.file("one/e.pbm", "P1\n2 3\n010110\n");
    let e = error(folder.to_str().expect("text")).to_string();
    assert!(e.contains(&other) && e.contains("2x3") && e.contains("3x2"), "{e}");
}

#[test]
fn pictures_of_one_stem_are_told_apart() {
    let f = Folder::new();
    f.file("two/a.pbm", "P1\n2 1\n0 1\n");
    let white = image::GrayImage::from_raw(2, 1, vec![255, 255]).expect("two pixels");
    white.save(f.path().join("two/a.png")).expect("saved");
    let p = patterns::load(f.path().join("two").to_str().expect("text")).expect("two pictures");
    assert_eq!(p.labels, Some(vec!["a.pbm".into(), "a.png".into()]));
    assert!(p.warnings.is_empty(), "{:?}", p.warnings);
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    let f = Folder::new();
    let path = f.file("x", vec![7; 3 << 20]);
    let read = |most| npz::read_up_to(path.as_ref(), most).map(|bytes| bytes.len()).map_err(|e| e.to_string());
    assert_eq!(read(3 << 20), Ok(3 << 20));
    assert!(read((3 << 20) - 1).is_err_and(|e| e.contains("larger than 2 MiB")), "{:?}", read((3 << 20) - 1));
    assert!(read(1 << 20).is_err_and(|e| e.contains("larger than 1 MiB")));
    let e = npz::read_file(f.path()).expect_err("a folder").to_string();
    assert!(e.contains("it is a folder"), "{e}");
    // what says that it is larger is not read at all: a file with a hole takes no room on the disk
    std::fs::File::create(&path).and_then(|f| f.set_len((2 << 30) + 1)).expect("made");
    let e = npz::read_file(path.as_ref()).expect_err("too large").to_string();
    assert!(e.contains("larger than 2 GiB"), "{e}");
    if cfg!(target_os = "linux") {
        // says that it is empty, and never ends
        let e = npz::read_up_to("/dev/zero".as_ref(), 3 << 20).expect_err("too large").to_string();
        assert!(e.contains("/dev/zero is larger than 3 MiB"), "{e}");
        assert!(npz::read_up_to("/dev/null".as_ref(), 0).is_ok_and(|bytes| bytes.is_empty()));
    }
}

#[test]
fn glyphs_are_384_distinct_pictures() {
    let p = patterns::load("glyphs").expect("built in");
    assert_eq!((p.bits.rows(), p.bits.cols(), p.shape), (384, 128, Some((16, 8))));
    assert!(p.warnings.is_empty(), "no duplicates: {:?}", p.warnings);
    let labels = p.labels.expect("characters");
    assert!((0..384).all(|r| p.bits.row(r).iter().any(|&w| w != 0)), "none is blank");
    let a = labels.iter().position(|l| l == "T").expect("a letter");
    let row = |y: usize| (0..8).filter(|x| p.bits.get(a, y * 8 + x)).count();
    // a T: its widest row is its first, and a stem of one width follows
    let inked: Vec<usize> = (0..16).map(row).filter(|&n| n > 0).collect();
    assert!(inked[0] >= 5 && inked[1..].iter().all(|&n| n == inked[1]), "{inked:?}");
    assert!(labels.windows(2).all(|w| w[0].chars().next() < w[1].chars().next()), "code point order");
}

#[test]
fn digits_are_192_distinct_pictures_of_ten_classes() {
    let p = patterns::load("digits").expect("built in");
    assert_eq!((p.bits.rows(), p.bits.cols(), p.shape), (192, 64, Some((8, 8))));
    assert!(p.warnings.is_empty(), "no duplicates: {:?}", p.warnings);
    let labels = p.labels.expect("classes");
    let of = |class: usize| labels.iter().filter(|l| **l == class.to_string()).count();
    assert_eq!((0..10).map(of).collect::<Vec<_>>(), [20, 20, 19, 19, 19, 19, 19, 19, 19, 19]);
    // the first is a zero: a ring round an empty middle, the right way up and round (its left side is the longer one)
    let row = |y: usize| (0..8).map(|x| if p.bits.get(0, 8 * y + x) { '#' } else { '.' }).collect::<String>();
    let ring = ["...##...", "..####..", "..#..##.", "..#..##.", "..#..##.", "..#..#..", "..#.##..", "...##..."];
    assert_eq!((labels[0].as_str(), (0..8).map(row).collect::<Vec<_>>()), ("0", ring.map(String::from).to_vec()));
}

#[test]
fn optdigits_are_two_pictures_each() {
    let parts =
        ["", ":train", ":test"].map(|part| patterns::load_samples(format!("optdigits{part}")).expect("built in"));
    assert_eq!(parts.each_ref().map(|p| p.bits.rows()), [1797, 1200, 597]);
    let [all, train, test] = &parts;
    assert_eq!((all.bits.cols(), all.shape), (128, Some((16, 8))));
    for (r, p, of) in [(0, train, 0), (1199, train, 1199), (1200, test, 0), (1796, test, 596)] {
        assert_eq!(all.bits.row(r), p.bits.row(of));
    }
    // what is more than half ink is ink
    assert!((0..1797).all(|r| (0..64).all(|i| all.bits.get(r, i) || !all.bits.get(r, 64 + i))));
    let labels = all.labels.as_ref().expect("classes");
    let of = |class: usize| labels.iter().filter(|l| **l == class.to_string()).count();
    assert_eq!((0..10).map(of).collect::<Vec<_>>(), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    // as patterns, each is there once
    let merged = patterns::load("optdigits").expect("built in");
    assert_eq!((merged.bits.rows(), merged.warnings.len()), (1795, 1));
}

#[test]
fn random_patterns_are_distinct_and_the_same_every_time() {
    let p = patterns::load("random:N=170,P=510,seed=1").expect("built in");
    assert_eq!(p, patterns::load("random:N=170,P=510,seed=1").expect("built in"));
    assert_eq!(p.bits, hopgate_model::noise::random(510, 170, 1));
    assert_ne!(p.bits, patterns::load("random:N=170,P=510,seed=2").expect("built in").bits);
    for (n, count) in [(1, 2), (3, 8), (5, 31)] {
        let p = patterns::load(format!("random:P={count},N={n}")).expect("built in");
        assert_eq!((p.bits.rows(), p.bits.cols(), p.warnings.len()), (count, n, 0));
        assert_eq!(p.clone().merge_duplicates(), p);
    }
}

#[test]
fn duplicates_are_merged_for_patterns_and_kept_for_cues() {
    let f = Folder::new();
    let spec = f.file("x.txt", "010\n110\n010\n110\n111\n");
    let p = patterns::load(&spec).expect("patterns");
    assert_eq!(p.bits.rows(), 3);
    assert_eq!(p.warnings, ["2 of 5 patterns repeat an earlier one and were merged with it (2 = 0, 3 = 1)"]);
    let many = patterns::load(f.file("many.txt", "10\n".repeat(7))).expect("patterns");
    let said = "6 of 7 patterns repeat an earlier one and were merged with it (1 = 0, 2 = 0, 3 = 0, 4 = 0, 5 = 0, ...)";
    assert_eq!(many.warnings, [said]);
    let cues = patterns::load_queries(&spec, 3).expect("cues");
    assert_eq!((cues.bits.rows(), cues.warnings.len()), (5, 0));
    let e = patterns::load_queries(&spec, 5).expect_err("another width");
    assert!(e.to_string().contains("3 columns") && e.to_string().contains("5 neurons"), "{e}");
    assert!(e.help_text().is_some_and(|h| h.contains("transpose")), "{:?}", e.help_text());
    let column = f.file("one.txt", "0\n1\n0\n");
    assert_eq!(patterns::load_queries(&column, 1).expect("cues of one neuron").bits.rows(), 3);
}

#[test]
fn wrong_files_are_named_with_place_and_value() {
    let f = Folder::new();
    let ones = |n: usize| vec![1u8; n];
    let nan = [f64::NAN.to_le_bytes(), 1f64.to_le_bytes()].concat();
    let claim = "(1000000000000, 1000)";
    let overflow = "(4611686018427387904, 4611686018427387904, 0)";
    let cases: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("1d.npy", npy::encode(&[4], ones(4)), &["not a matrix", "[4]"]),
        ("0d.npy", npy::encode(&[], ones(1)), &["not a matrix"]),
        ("3d.npy", npy::encode(&[2, 2, 2], ones(8)), &["not a matrix", "[2, 2, 2]"]),
        ("two.npy", npy::encode(&[2, 2], [0u8, 1, 2, 1]), &["value 2", "row 1, column 0"]),
        ("mixed.npy", npy::encode(&[2, 2], [1i8, -1, 1, 0]), &["0 among -1s", "row 1, column 1"]),
        ("nan.npy", raw("<f8", false, "(1, 2)", &nan), &["NaN", "row 0, column 0"]),
        ("half.npy", npy::encode(&[1, 2], [0.5f64, 1.0]), &["value 0.5", "row 0, column 0"]),
        ("column.npy", npy::encode(&[3, 1], [0u8, 1, 0]), &["only one column"]),
        ("norows.npy", npy::encode(&[0, 4], [0u8; 0]), &["no rows"]),
        ("nocols.npy", npy::encode(&[4, 0], [0u8; 0]), &["no columns"]),
        ("wide.npy", npy::encode(&[1, 16385], ones(16385)), &["16385 columns", "16384"]),
        ("text.npy", npy::encode_text("hello"), &["not a matrix", "text"]),
        ("object.npy", raw("|O", false, "(2, 3)", b"pickle"), &["Python objects"]),
        ("complex.npy", raw("<c16", false, "(1, 1)", &ones(16)), &["complex"]),
        ("records.npy", raw("V8", false, "(1, 1)", &ones(8)), &["unknown type"]),
        ("claim.npy", raw("|u1", false, claim, b"abc"), &["cut short", "1000000000000"]),
        ("overflow.npy", raw("<f8", false, overflow, b""), &["cut short"]),
        ("short.npy", npy::encode(&[2, 3], ones(6))[..130].to_vec(), &["cut short"]),
        ("long.npy", [npy::encode(&[2, 3], ones(6)), ones(1)].concat(), &["1 bytes follow"]),
        ("header.npy", npy::encode(&[2, 3], ones(6))[..20].to_vec(), &["cut short"]),
        ("empty.npy", vec![], &["not a .npy file"]),
        ("csv.npy", b"0,1\n1,0\n".to_vec(), &["not a .npy file"]),
        ("csv.npz", b"0,1\n1,0\n".to_vec(), &["not a .npz file"]),
        ("empty.csv", b"# nothing\n\n".to_vec(), &["no rows"]),
        ("ragged.csv", b"0,1,0\n\n1,1\n".to_vec(), &["line 3 has 2 values", "line 1 has 3"]),
        ("value.csv", b"0,1\n1,7\n".to_vec(), &["\"7\"", "line 2, column 2"]),
        ("header.csv", b"a,b\n1,0\n".to_vec(), &["\"a\"", "line 1, column 1"]),
        ("gap.csv", b"0,,1\n".to_vec(), &["\"\"", "line 1, column 2"]),
        ("nan.csv", b"0,1\nnan,0\n".to_vec(), &["\"nan\"", "line 2, column 1"]),
        ("mixed.csv", b"0,1\n1,-1\n".to_vec(), &["-1 among 0s", "line 2, column 2"]),
        ("column.csv", b"0\n1\n".to_vec(), &["only one column"]),
        ("binary.csv", b"0,1\n\xff\xfe\n".to_vec(), &["not a text file"]),
        ("x.pbm", b"P1\n3 3\n0 1".to_vec(), &["not a PBM picture, or damaged"]),
        ("grey.pbm", b"P2\n1 2\n255\n0 255\n".to_vec(), &["not a PBM"]),
        ("huge.pbm", b"P4\n100000 100000\n".to_vec(), &["100000x100000", "at most 16384"]),
        ("x.png", b"\x89PNG\r\n\x1a\nnothing".to_vec(), &["not a PNG picture, or damaged"]),
        ("photo.jpg", b"\xff\xd8".to_vec(), &["not a kind of file"]),
    ];
    for (name, bytes, expected) in cases {
        let spec = f.file(name, bytes);
        let e = error(&spec);
        let said = e.to_string();
        assert!(said.contains(&spec), "{name}: the file is not named: {said}");
        assert!(expected.iter().all(|x| said.contains(x)), "{name}: {said}");
        assert!(e.help_text().is_some() || said.contains("cut short") || said.contains("follow"), "{name}: no hint");
    }
}

#[test]
fn the_widest_patterns_are_taken_and_the_longest_lines_are_not_taken_apart() {
    let f = Folder::new();
    assert_eq!(rows(&f.file("widest.npy", npy::encode(&[1, 16384], vec![1u8; 16384])))[0].len(), 16384);
    assert_eq!(rows(&f.file("widest.csv", "1,".repeat(16384)))[0].len(), 16384);
    // what is wrong in a line is told, up to a hundred times the neurons that there can be
    for (values, expected) in
        [(2000, "\"x\" at line 1, column 1"), (1_638_400, "column 1"), (1_638_401, "1638401 columns")]
    {
        let said = error(&f.file("long.csv", "x ".repeat(values))).to_string();
        assert!(said.contains(expected), "{values}: {said}");
    }
    for (text, expected) in [("a,b\n1,0\n", "put #"), ("1,0\na,b\n", "write 0 and 1"), ("7,1\n", "write 0 and 1")] {
        let e = error(&f.file("hint.csv", text));
        assert!(e.help_text().is_some_and(|h| h.contains(expected)), "{text:?}: {:?}", e.help_text());
    }
}

#[test]
fn missing_files_and_wrong_names_are_told_apart() {
    let f = Folder::new();
    let missing = f.path().join("nothing.npy");
    let e = error(missing.to_str().expect("text"));
    assert!(e.to_string().contains("nothing.npy") && e.help_text().is_some(), "{e}");
    // neither is a built-in set with a typing error, and `Cargo.toml` is there
    for (spec, kind) in [("nothing.npy", ErrorKind::Io), ("no/such", ErrorKind::Io), ("Cargo.toml", ErrorKind::Format)]
    {
        assert_eq!(error(spec).kind(), kind, "{}", error(spec));
    }
    let e = error("glyphz");
    assert!(e.to_string().contains("glyphz") && e.help_text().is_some_and(|h| h.contains("glyphs")), "{e}");
    let e = error(f.path().to_str().expect("text"));
    assert!(e.to_string().contains("no .pbm or .png"), "{e}");
    for (options, expected) in [
        ("N=3", "N and P must be given"),
        ("N=3,P=9", "at most 8"),
        ("N=30,P=1048577", "at most 1048576"),
        ("N=20,P=1048577", "at most 1048576"),
        ("N=19,P=524289", "at most 524288"),
        ("N=0,P=9", "no columns"),
        ("N=3,P=0", "no rows"),
        ("N=20000,P=9", "at most 16384"),
        ("N=9,P=99999999999", "at most 512"),
        ("N=3,P=2,N=4", "given twice"),
        ("N=3,P=-2", "no whole number"),
        ("N=3,P=2,sead=4", "unknown option"),
        ("N", "not of the form"),
        ("", "N and P must be given"),
    ] {
        let e = error(&format!("random:{options}"));
        assert!(e.to_string().contains(expected), "{options}: {e}");
    }
}

#[test]
fn foreign_and_damaged_npz_files_are_refused() {
    let f = Folder::new();
    let path = f.path().join("x.npz");
    npz::write(&path, &[("weights", npy::encode(&[1, 2], [1u8, 0])), ("bias", npy::encode(&[1], [1u8]))])
        .expect("written");
    let e = error(path.to_str().expect("text")).to_string();
    assert!(e.contains("no array patterns or queries or arr_0") && e.contains("weights, bias"), "{e}");

    npz::write(&path, &[("patterns", npy::encode(&[4, 20], vec![1u8; 80]))]).expect("written");
    let good = std::fs::read(&path).expect("read");
    for cut in 0..good.len() {
        let e = error(&f.file("cut.npz", &good[..cut])).to_string();
        assert!(e.contains("cut.npz"), "{e}");
    }
    for place in 0..good.len() {
        let mut flipped = good.clone();
        flipped[place] ^= 0x10;
        // the zip format has fields that nobody reads, so a flip may pass; it may not change the matrix
        match patterns::load(f.file("flip.npz", &flipped)) {
            Ok(p) => assert!((0..20).all(|c| p.bits.get(0, c)) && p.bits.cols() == 20, "byte {place}"),
            Err(e) => assert!(e.to_string().contains("flip.npz"), "{e}"),
        }
    }
}

#[test]
fn a_zip_entry_that_claims_too_much_is_refused_before_it_is_unpacked() {
    let f = Folder::new();
    let path = f.path().join("x.npz");
    npz::write(&path, &[("patterns", npy::encode(&[4, 20], vec![1u8; 80]))]).expect("written");
    let good = std::fs::read(&path).expect("read");
    let central = good.windows(4).position(|w| w == b"PK\x01\x02").expect("a central directory");
    let claiming = |claim: u32| {
        let mut bytes = good.clone();
        bytes[central + 24..central + 28].copy_from_slice(&claim.to_le_bytes());
        bytes[22..26].copy_from_slice(&claim.to_le_bytes());
        f.file("claim.npz", bytes)
    };
    // 208 bytes, stored as they are: (208 * 1032) + 1024 might be unpacked from as many, and the array is whole
    for claim in [3u32 << 30, 1 << 30, 208 * 1032 + 1025] {
        let e = error(&claiming(claim)).to_string();
        assert!(e.contains("claim.npz") && e.contains("claims to unpack"), "{e}");
    }
    assert_eq!(rows(&claiming(208 * 1032 + 1024)), ["1".repeat(20)]);
}

#[test]
fn any_single_byte_change_of_an_npy_header_is_survived() {
    let good = npy::encode(&[2, 3], [0u8, 1, 0, 1, 1, 0]);
    for place in 0..128 {
        for value in 0..=255 {
            let mut bytes = good.clone();
            bytes[place] = value;
            if let Ok(a) = npy::Npy::parse(bytes) {
                let read: Vec<f64> = (0..a.len()).map(|i| a.float(i)).collect();
                assert!(read.len() <= 6);
            }
        }
    }
}
