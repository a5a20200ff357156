//! Every source of patterns, and every way in which one can be wrong: a specific error, never a panic.

mod embedded;
mod refused;

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

/// A mask that is none: of another shape, or with other values than 0 and 1, which says what a mask is.
#[test]
fn masks_that_are_none() {
    let f = Folder::new();
    let refused = |text: &str| {
        let error = patterns::load_masks(f.file("mask.txt", text), 3, 4).unwrap_err();
        (error.to_string(), error.help_text().unwrap_or_default().to_owned())
    };
    let (what, hint) = refused("0 1 2 1\n");
    assert!(what.contains("2") && hint.contains("a mask is 1 where a bit is known"), "{what}: {hint}");
    for text in ["0 1 1\n", "0 1 1 0\n1 1 1 1\n"] {
        let (what, hint) = refused(text);
        assert!(what.contains("there are 3 cues of 4 bits") && hint.contains("a row for each cue"), "{what}: {hint}");
    }
}

#[test]
fn a_mask_has_a_row_for_each_cue_or_one_for_all() {
    let f = Folder::new();
    let of = |text: &str| patterns::load_masks(f.file("mask.txt", text), 3, 4).map(|read| read.bits.rows());
    assert_eq!(of("1101\n").expect("one for all"), 1);
    assert_eq!(of("1101\n0000\n1111\n").expect("one for each"), 3);
    for wrong in ["1101\n0000\n", "1101\n0000\n1111\n1111\n", "11010\n", "110\n110\n110\n"] {
        assert!(of(wrong).unwrap_err().to_string().contains("but there are 3 cues of 4 bits"), "{wrong}");
    }
}

/// This program runs itself again, with a file at its standard input.
#[test]
fn what_comes_from_standard_input_is_called_as_it_was_asked_for() {
    const INSIDE: &str = "HOPGATE_TEST_INPUT";
    if std::env::var_os(INSIDE).is_some() {
        let read = patterns::load("-").expect("read");
        assert_eq!((read.source.as_str(), read.bits.rows()), ("-", 2));
        return;
    }
    let f = Folder::new();
    let input = std::fs::File::open(f.file("input.txt", "0101\n1100\n")).expect("opened");
    let run = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "sources::what_comes_from_standard_input_is_called_as_it_was_asked_for", "--nocapture"])
        .env(INSIDE, "1")
        .stdin(input)
        .output()
        .expect("run");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&run.stderr));
}

/// NaN in an array and `?` in a text: in cues, and nowhere else.
#[test]
fn bits_that_are_not_known() {
    let f = Folder::new();
    let array = npy::encode(&[2, 3], [1.0, f64::NAN, 0.0, 0.0, 1.0, 1.0]);
    for cues in [f.file("cues.npy", &array), f.file("cues.txt", "1?0\n011\n")] {
        let read = patterns::load_queries(&cues, 3).expect("read");
        let known = read.known.expect("not all are known");
        let bits =
            |m: &hopgate_model::bits::BitMatrix| (0..6).map(|i| u8::from(m.get(i / 3, i % 3))).collect::<Vec<_>>();
        assert_eq!((bits(&read.bits), bits(&known)), (vec![1, 0, 0, 0, 1, 1], vec![1, 0, 1, 1, 1, 1]), "{cues}");
        assert!(patterns::load(&cues).is_err(), "{cues}");
    }
    assert!(patterns::load_queries(f.file("whole.txt", "110\n"), 3).expect("read").known.is_none());
}

/// Bytes that are all the same wrong value are as wrong as one of them.
#[test]
fn bytes_that_are_no_bits_are_refused() {
    let f = Folder::new();
    for value in [2u8, 3, 255] {
        let spec = f.file("wrong.npy", npy::encode(&[2, 3], [value; 6]));
        assert!(error(&spec).to_string().contains(&format!("the value {value}")), "{}", error(&spec));
    }
}
