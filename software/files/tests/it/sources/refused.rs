//! What is no source, or a damaged one: an error that names the place and helps.

use super::{Folder, MATRIX, error, raw, rows};
use hopgate_files::{npy, npz, patterns};
use hopgate_model::ErrorKind;

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
