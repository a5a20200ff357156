//! What fuzzing found, and claims that must be refused before anything is allocated.

use hopgate_files::{
    folder,
    model_file::Model,
    npy::{self, Npy},
    npz::{self, Npz},
    patterns::{picture, text},
};
use hopgate_model::ErrorKind;
use std::{fs, path::Path};

/// A `.npy` whose header claims this shape, with this data.
fn claiming(shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(data);
    file
}

#[test]
fn a_header_that_claims_a_million_million_rows() {
    for shape in ["(1000000000000, 8)", "(1000000000000, 1000000000000)", "(18446744073709551615, 1)"] {
        let e = Npy::parse(claiming(shape, &[0; 64])).expect_err("there is no such array");
        assert!(e.kind() == ErrorKind::Format && e.to_string().contains("cut short"), "{e}");
    }
}

/// Without columns, no data is missing, however many rows there are.
#[test]
fn a_model_without_columns() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("model.npz");
    for rows in ["18446744073709551615", "9223372036854775808", "3"] {
        let arrays = [
            ("patterns", npy::encode(&[3, 2], [1i8, 1, 1, -1, -1, 1])),
            ("alpha", claiming(&format!("({rows}, 0)"), &[])),
            ("gamma", npy::encode(&[], [0.5])),
            ("lambda", npy::encode(&[], [0.1])),
        ];
        npz::write(&path, &arrays).expect("written");
        let e = Model::load(&path).expect_err("alpha is empty");
        assert!(e.to_string().contains("array alpha") && e.to_string().contains(rows), "{e}");
    }
}

/// The library would make room for every file that a 64-bit directory claims to list.
#[test]
fn an_archive_that_claims_more_arrays_than_it_has_bytes() {
    let mut bytes = vec![0; 100_000];
    let directory = bytes.len() as u64;
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for field in [99_000u64, 99_000, 0, directory] {
        bytes.extend(field.to_le_bytes());
    }
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(directory.to_le_bytes());
    bytes.extend(1u32.to_le_bytes());
    bytes.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    let e = Npz::parse("x.npz".as_ref(), bytes).err().expect("there is nothing in it");
    assert!(e.to_string().contains("x.npz: claims to hold 99000 arrays"), "{e}");
}

/// A PNG of one pixel whose palette has this many bytes. Checksums are right: they are not what is tested.
fn png(palette: usize) -> Vec<u8> {
    let crc = |data: &[u8]| {
        let step = |crc: u32, &b: &u8| {
            (0..8).fold(crc ^ u32::from(b), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
        };
        !data.iter().fold(!0, step)
    };
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8], content: &[u8]| {
        let body = [name, content].concat();
        file.extend((content.len() as u32).to_be_bytes());
        file.extend(&body);
        file.extend(crc(&body).to_be_bytes());
    };
    chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0]);
    chunk(b"PLTE", &vec![0; palette]);
    // two zero bytes, stored: a filter and a pixel
    chunk(b"IDAT", &[0x78, 1, 1, 2, 0, 0xfd, 0xff, 0, 0, 0, 2, 0, 1]);
    chunk(b"IEND", b"");
    file
}

#[test]
fn a_palette_of_half_a_colour_or_too_many() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("x.png");
    let read = |palette: usize| {
        fs::write(&path, png(palette)).expect("written");
        picture::file(&path)
    };
    for palette in [0, 1, 2, 4, 5, 769, 771, 3000] {
        let e = read(palette).expect_err("no such palette");
        assert!(e.to_string().contains("x.png") && e.to_string().contains("palette"), "{palette}: {e}");
    }
    for palette in [3, 6, 768] {
        assert!(read(palette).expect("a picture").bits.get(0, 0), "{palette}");
    }
}

#[test]
fn a_line_of_many_values() {
    let line = "0,".repeat(1_000_000);
    let e = text::parse(line.as_bytes()).expect_err("too many");
    assert!(e.to_string().contains("there are 1000000 columns"), "{e}");
}

#[test]
fn a_manifest_of_many_mebibytes() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = fs::File::create(home.path().join("manifest.json")).expect("made");
    file.set_len(17 << 20).expect("grown");
    let is = |path: &Path| folder::manifest(path).expect_err("too large").to_string();
    assert!(is(home.path()).contains("manifest.json is larger than 16 MiB"), "{}", is(home.path()));
}
