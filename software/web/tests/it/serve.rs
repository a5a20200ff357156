//! What is served is the folder of the page, and small.

use std::{collections::BTreeMap, fs, path::Path};

/// Bytes of the page without its memories, at most.
const MOST: usize = 300_000;

/// The files of a folder, by their names from it.
fn below(folder: &Path, prefix: &str, all: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        match entry.path().is_dir() {
            true => below(&entry.path(), &format!("{name}/"), all),
            false => drop(all.insert(name, fs::read(entry.path()).unwrap())),
        }
    }
}

#[test]
fn every_file_of_the_page_is_served_and_all_are_small() {
    let mut there = BTreeMap::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("page"), "", &mut there);
    let served: BTreeMap<_, _> =
        hopgate_web::serve::files().map(|(name, content)| (name.to_owned(), content.to_owned())).collect();
    assert_eq!(served.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>());
    assert!(served == there, "another content than in the folder");
    let bytes: usize = served.iter().filter(|(name, _)| !name.starts_with("memories/")).map(|(_, c)| c.len()).sum();
    assert!(bytes < MOST, "{bytes} bytes");
}

/// The page is its own files alone, and makes no markup of texts.
#[test]
fn nothing_of_the_page_comes_from_elsewhere() {
    for (name, content) in hopgate_web::serve::files().filter(|(name, _)| !name.ends_with(".json")) {
        let text = String::from_utf8_lossy(content);
        for outside in ["http://", "https://", "eval(", "innerHTML", "document.write"] {
            assert!(!text.contains(outside), "{name}: {outside}");
        }
        for line in text.lines().filter(|line| line.starts_with("import ")) {
            let module = line.rsplit('\'').nth(1).unwrap().trim_start_matches("./");
            assert!(hopgate_web::serve::files().any(|(there, _)| there == module), "{name}: {line}");
        }
    }
}
