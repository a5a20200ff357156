//! `.npy` files byte by byte: what numpy writes is read, whatever its version, types and order, and what is written is what numpy writes.

use hopgate_files::npy::{Kind, Npy, encode, encode_text};

/// A file with this header, whose length takes two bytes in version 1 and four in later ones.
fn file(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let length = (header.len() as u32).to_le_bytes();
    let length = if version == 1 { &length[..2] } else { &length[..] };
    [b"\x93NUMPY", &[version, 0][..], length, header.as_bytes(), data].concat()
}

fn array(descr: &str, fortran: &str, shape: &str, data: &[u8]) -> Npy {
    let header = format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
    Npy::parse(file(1, &header, data)).unwrap_or_else(|e| panic!("{header}: {e}"))
}

fn floats(a: &Npy) -> Vec<f64> {
    (0..a.len()).map(|i| a.float(i)).collect()
}

/// What `numpy.save` writes: ten bytes, a dictionary filled up with spaces to a multiple of 64, a line's end.
fn as_numpy(dict: &str, data: &[u8]) -> Vec<u8> {
    let length = (10 + dict.len() + 1).next_multiple_of(64) - 10;
    file(1, &format!("{dict:<width$}\n", width = length - 1), data)
}

#[test]
fn what_is_written_is_what_numpy_writes() {
    let dict = |descr: &str, shape: &str| format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    assert_eq!(encode(&[2, 2], [1u8, 0, 0, 7]), as_numpy(&dict("|u1", "(2, 2)"), &[1, 0, 0, 7]));
    assert_eq!(encode(&[3], [1u8, 2, 3]), as_numpy(&dict("|u1", "(3,)"), &[1, 2, 3]));
    assert_eq!(encode(&[], [-2i32]), as_numpy(&dict("<i4", "()"), &[0xfe, 255, 255, 255]));
    assert_eq!(encode(&[1, 2], [1.0f64, -2.0])[128..], [1.0f64.to_le_bytes(), (-2.0f64).to_le_bytes()].concat());
    assert_eq!(encode(&[1], [true]), as_numpy(&dict("|b1", "(1,)"), &[1]));
    // dictionaries of all lengths around a multiple of 64
    for ones in 1..40 {
        let shape = vec![1; ones];
        let text = format!("({})", vec!["1"; ones].join(", ") + if ones == 1 { "," } else { "" });
        assert_eq!(encode(&shape, [9u8]), as_numpy(&dict("|u1", &text), &[9]), "{ones} axes");
    }
    assert_eq!(encode_text("é!"), as_numpy(&dict("<U2", "()"), &[0xe9, 0, 0, 0, 0x21, 0, 0, 0]));
    assert_eq!(encode_text(""), as_numpy(&dict("<U1", "()"), &[0; 4]));
}

#[test]
fn later_versions_and_long_headers_are_read() {
    for (version, padding) in [(1, 0), (1, 300), (1, 60000), (2, 0), (2, 70000), (3, 300)] {
        let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }}{}\n", " ".repeat(padding));
        let a = Npy::parse(file(version, &header, &[4, 5])).unwrap_or_else(|e| panic!("version {version}: {e}"));
        assert_eq!((a.shape(), floats(&a)), (&[2][..], vec![4.0, 5.0]));
    }
    let of = |version: [u8; 2]| Npy::parse([b"\x93NUMPY", &version[..], &[0; 8]].concat()).unwrap_err().to_string();
    assert!(of([4, 0]).contains("version 4.0") && of([1, 1]).contains("version 1.1"), "{}", of([4, 0]));
    // cut at every byte of a header whose length takes four
    let whole = file(2, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n", &[4, 5]);
    for cut in 6..whole.len() {
        let e = Npy::parse(whole[..cut].to_vec()).unwrap_err().to_string();
        assert!(e.contains("cut short"), "{cut} bytes: {e}");
    }
}

#[test]
fn every_type_has_a_name_and_its_numbers() {
    type Case<'a> = (&'a str, Kind, &'a str, &'a [u8], f64, Option<i64>);
    let cases: [Case; 22] = [
        ("|b1", Kind::Bool, "bool", &[1], 1.0, Some(1)),
        ("|i1", Kind::Int, "int8", &[0x80], -128.0, Some(-128)),
        ("<i2", Kind::Int, "int16", &[0xfe, 0xff], -2.0, Some(-2)),
        (">i2", Kind::Int, "int16", &[0x01, 0x02], 258.0, Some(258)),
        ("<i4", Kind::Int, "int32", &[0, 0, 0, 0x80], -2147483648.0, Some(-2147483648)),
        ("<i8", Kind::Int, "int64", &[0xff; 8], -1.0, Some(-1)),
        (
            "<i8",
            Kind::Int,
            "int64",
            &[255, 255, 255, 255, 255, 255, 255, 127],
            9_223_372_036_854_775_808.0,
            Some(i64::MAX),
        ),
        ("|u1", Kind::Uint, "uint8", &[0x80], 128.0, Some(128)),
        ("<u2", Kind::Uint, "uint16", &[0x34, 0x12], 4660.0, Some(0x1234)),
        (">u4", Kind::Uint, "uint32", &[0x80, 0, 0, 1], 2147483649.0, Some(2147483649)),
        ("<u8", Kind::Uint, "uint64", &[0xff; 8], 18_446_744_073_709_551_616.0, None),
        (
            "<u8",
            Kind::Uint,
            "uint64",
            &[255, 255, 255, 255, 255, 255, 255, 127],
            9_223_372_036_854_775_808.0,
            Some(i64::MAX),
        ),
        ("<f2", Kind::Float, "float16", &[0x00, 0x3e], 1.5, None),
        ("<f2", Kind::Float, "float16", &[0x00, 0xc0], -2.0, Some(-2)),
        ("<f2", Kind::Float, "float16", &[0x01, 0x00], 1.0 / 16777216.0, None),
        ("<f2", Kind::Float, "float16", &[0xff, 0x7b], 65504.0, Some(65504)),
        ("<f2", Kind::Float, "float16", &[0x01, 0x04], 1025.0 / 16777216.0, None),
        ("<f2", Kind::Float, "float16", &[0x00, 0xfc], f64::NEG_INFINITY, None),
        (">f4", Kind::Float, "float32", &[0x40, 0x20, 0, 0], 2.5, None),
        ("<f8", Kind::Float, "float64", &9e15f64.to_le_bytes(), 9e15, None),
        ("<f8", Kind::Float, "float64", &(9e15f64 - 1.0).to_le_bytes(), 9e15 - 1.0, Some(8999999999999999)),
        ("<f8", Kind::Float, "float64", &(-8e15f64).to_le_bytes(), -8e15, Some(-8000000000000000)),
    ];
    for (descr, kind, name, bytes, float, int) in cases {
        let a = array(descr, "False", "(1,)", bytes);
        assert_eq!(
            (a.kind(), a.type_name().as_str(), a.float(0), a.int(0)),
            (kind, name, float, int),
            "{descr} {bytes:x?}"
        );
        assert_eq!((a.len(), a.is_empty()), (1, false));
    }
    let not_a_number = array("<f2", "False", "()", &[0x01, 0x7c]);
    assert!(not_a_number.float(0).is_nan() && not_a_number.int(0).is_none());
    let text = array("<U1", "False", "()", &[65, 0, 0, 0]);
    assert_eq!((text.kind(), text.type_name().as_str(), text.int(0)), (Kind::Text, "text", None));
    assert!(text.float(0).is_nan() && array("|u1", "False", "(0, 7)", &[]).is_empty());
}

/// The names that numpy takes for a type of one size: its letters, those of C, and whole names.
#[test]
fn a_type_has_many_names() {
    let names = [
        ("bool", "? |? <? b1 |b1 bool", 1),
        ("int8", "b |b i1 |i1 int8", 1),
        ("uint8", "B |B u1 uint8", 1),
        ("int16", "h <h i2 int16", 2),
        ("uint16", "H u2 uint16", 2),
        ("int32", "i <i i4 int32", 4),
        ("uint32", "I u4 uint32", 4),
        ("int64", "q i8 int64", 8),
        ("uint64", "Q <Q u8 uint64", 8),
        ("float16", "e f2 float16 half", 2),
        ("float32", "f <f f4 float32 single", 4),
        ("float64", "d <d f8 float64 double float", 8),
    ];
    for (name, spellings, size) in names {
        for descr in spellings.split(' ') {
            let a = array(descr, "False", "(1,)", &vec![0; size]);
            assert_eq!((a.type_name().as_str(), a.float(0)), (name, 0.0), "{descr}");
        }
    }
    assert_eq!(array(">h", "False", "(1,)", &[1, 2]).float(0), 258.0, "a letter of C has a byte order too");
    // of another size on every system, or no type at all
    for descr in [
        "l", "L", "int", "uint", "?1", "?8", "<bool", "|uint8", "B2", "int7", "float8", "uint", "uint0", "int128", "g",
        "x", "", "?0", "?x", "b0", "hx", "B0", "Hx", "e0", "dx",
    ] {
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (1,), }}");
        let e = Npy::parse(file(1, &header, &[0; 8])).expect_err(descr);
        assert!(e.to_string().contains("unknown type"), "{descr}: {e}");
    }
}

#[test]
fn fortran_order_is_turned_over() {
    // element (i, j, k) is 100 i + 10 j + k
    let all = (0..4u8).flat_map(|k| (0..3u8).flat_map(move |j| (0..2u8).map(move |i| 100 * i + 10 * j + k)));
    let a = array("|u1", "True", "(2, 3, 4)", &all.collect::<Vec<u8>>());
    let mut expected = Vec::new();
    for i in 0..2 {
        for j in 0..3 {
            (0..4).for_each(|k| expected.push(f64::from(100 * i + 10 * j + k)));
        }
    }
    assert_eq!(floats(&a), expected);
    let words = array("<u2", "True", "(2, 2)", &[1, 0, 2, 0, 3, 0, 4, 1]);
    assert_eq!(floats(&words), [1.0, 3.0, 2.0, 260.0]);
    // the order of the file is not that of the array: equal elements are equal arrays
    assert_eq!(words, array("<u2", "False", "(2, 2)", &[1, 0, 3, 0, 2, 0, 4, 1]));
    for (shape, data) in
        [("()", &[7u8][..]), ("(3,)", &[1, 2, 3]), ("(1, 3, 1)", &[1, 2, 3]), ("(0, 4)", &[]), ("(4, 0)", &[])]
    {
        assert_eq!(array("|u1", "True", shape, data), array("|u1", "False", shape, data), "{shape}");
    }
}

#[test]
fn texts() {
    let wide = |text: &str, big: bool| -> Vec<u8> {
        text.chars().flat_map(|c| if big { (c as u32).to_be_bytes() } else { (c as u32).to_le_bytes() }).collect()
    };
    assert_eq!(array("<U5", "False", "()", &wide("aé😀\0\0", false)).text().as_deref(), Some("aé😀"));
    assert_eq!(array(">U3", "False", "(1,)", &wide("aé😀", true)).text().as_deref(), Some("aé😀"));
    assert_eq!(array("<U1", "False", "()", &[0, 0, 0x11, 0]).text(), None, "no character has this number");
    assert_eq!(array("<U1", "False", "(2,)", &[0; 8]).text(), None, "two texts");
    assert_eq!(array("|u1", "False", "(3,)", "hé".as_bytes()).text().as_deref(), Some("hé"));
    assert_eq!(array("|u1", "False", "(1,)", &[0xff]).text(), None, "not UTF-8");
    assert_eq!(array("|u1", "False", "(1, 1)", b"a").text(), None, "a matrix");
    assert_eq!(array("<u2", "False", "(1,)", b"ab").text(), None, "not bytes");
    assert_eq!(array("|i1", "False", "(1,)", b"a").text(), None, "not bytes");
}

#[test]
fn headers_as_python_may_write_them() {
    for header in [
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2), }\n",
        "{\"shape\":(1,2),\"fortran_order\":False,\"descr\":\"|u1\"}",
        "  { 'shape' : ( 1 , 2 , ) , 'descr' : 'u1' , 'fortran_order' : False }  ",
        "{'descr': '=u1', 'fortran_order': False, 'shape': (1L, 2L)}",
    ] {
        let a = Npy::parse(file(1, header, &[3, 4])).unwrap_or_else(|e| panic!("{header}: {e}"));
        assert_eq!((a.shape(), floats(&a)), (&[1, 2][..], vec![3.0, 4.0]), "{header}");
    }
    let rest = "'fortran_order': False, 'shape': (2,)";
    for (header, expected) in [
        ("'descr': '|u1'".to_owned(), "not a dictionary"),
        ("{'descr': '|u1', nothing}".into(), "no value for \"nothing\""),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (2,".into(), "not a dictionary"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (2,}".into(), "an open bracket"),
        ("{'descr': [('a', '|u1'), 'fortran_order': False, 'shape': (2,)}".into(), "an open bracket"),
        (format!("{{'descr': '|u1', {rest}, 'more': 1}}"), "unknown key \"more\""),
        (format!("{{'descr': '|u1', 'descr': '|u1', {rest}}}"), "a key twice"),
        (format!("{{'descr': '|u1', {rest}, 'shape': (2,)}}"), "a key twice"),
        (format!("{{{rest} 'descr': '|u1'}}"), "after a value"),
        (format!("{{{rest}}}"), "lacks descr"),
        ("{'descr': '|u1', 'shape': (2,)}".into(), "lacks descr"),
        ("{'descr': '|u1', 'fortran_order': False}".into(), "lacks descr"),
        ("{'descr': '|u1', 'fortran_order': Maybe, 'shape': (2,)}".into(), "fortran_order \"Maybe\""),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, x)}".into(), "shape (2, x)"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}".into(), "shape (-2,)"),
        (format!("{{'descr': [('a', '|u1'), ('b', '<f4')], {rest}}}"), "records of several fields"),
        (format!("{{'descr': '|O', {rest}}}"), "Python objects"),
        (format!("{{'descr': '<c8', {rest}}}"), "complex numbers"),
        (format!("{{'descr': '<f16', {rest}}}"), "unknown type '<f16'"),
        (format!("{{'descr': '|b2', {rest}}}"), "unknown type"),
        (format!("{{'descr': '<i3', {rest}}}"), "unknown type"),
        (format!("{{'descr': '<U0', {rest}}}"), "unknown type"),
        (format!("{{'descr': '<U268435456', {rest}}}"), "unknown type"),
        (format!("{{'descr': '', {rest}}}"), "unknown type"),
    ] {
        let e = Npy::parse(file(1, &header, &[0, 1])).expect_err(&header).to_string();
        assert!(e.contains(expected), "{header}: {e}");
    }
    let not_text = [b"\x93NUMPY\x01\x00\x02\x00", &[0xff, 0xfe][..]].concat();
    assert!(Npy::parse(not_text).unwrap_err().to_string().contains("not text"));
}
