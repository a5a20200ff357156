//! Outputs are checked whole before the work: none is lost to another, to an input, or to a folder that turns out not to be ours.

use crate::common::Place;
use std::{fs, os::unix::fs::symlink, time::Instant};

#[test]
fn somebody_elses_folder_is_found_before_the_work() {
    let place = Place::new();
    place.memory();
    fs::create_dir(place.path("other")).unwrap();
    fs::write(place.path("other/mine"), "mine").unwrap();
    let others = ["files that are not hopgate's"];
    // minutes of work, each of them
    for line in [
        "tune random:N=256,P=2000 --storage 1000000 -o other",
        "quantize model.npz --bits 3 --scheme tuned -o other",
        "build memory -o other",
        "verilog memory -o other",
    ] {
        let begun = Instant::now();
        place.fails(line, 1, &others);
        assert!(begun.elapsed().as_secs() < 20, "{line}: {:?}", begun.elapsed());
    }
    // a part of the output is as good as all of it
    fs::create_dir_all(place.path("part/memory")).unwrap();
    fs::create_dir_all(place.path("part/build")).unwrap();
    fs::write(place.path("part/memory/mine"), "mine").unwrap();
    fs::write(place.path("part/build/mine"), "mine").unwrap();
    place.fails("demo random:N=16,P=12 -o part", 1, &others);
    place.fails("verify memory -o part", 1, &others);
    fs::create_dir(place.path("taken-tried.csv")).unwrap();
    place.fails("tune random:N=16,P=12 -o taken", 1, &["taken-tried.csv: it is a folder"]);
    fs::create_dir_all(place.path("results/claims.json")).unwrap();
    place.fails("reproduce fig1 -o results", 1, &["claims.json: it is a folder"]);
}

#[test]
fn two_outputs_of_one_name() {
    let place = Place::new();
    place.memory();
    fs::write(place.path("a.npy"), "former").unwrap();
    symlink("a.npy", place.path("link.npy")).unwrap();
    fs::create_dir(place.path("folder")).unwrap();
    symlink("folder", place.path("way")).unwrap();
    let one = ["two outputs have one place", "a name of its own"];
    for (a, b) in [
        ("a.npy", "a.npy"),
        ("a.npy", "./a.npy"),
        ("a.npy", "folder/../a.npy"),
        ("a.npy", "link.npy"),
        ("folder/new", "way/new"),
        ("new/folder/a", "new/folder/../folder/a"),
    ] {
        place.fails(&format!("recall memory -o {a} --trace {b}"), 2, &one);
    }
    let absolute = place.path("a.npy").display().to_string();
    place.fails(&format!("cosim memory -o a.npy --vcd {absolute}"), 2, &one);
    // what holds nothing can be given twice
    place.ok("recall memory -o /dev/null --trace /dev/null");
}

#[test]
fn an_output_that_is_an_input() {
    let place = Place::new();
    place.memory();
    place.npy("x.npy", 5, 24, |r, c| u8::from((r + c) % 3 == 0));
    symlink("x.npy", place.path("x.npz")).unwrap();
    let lost = ["would replace the input"];
    place.fails("train x.npy --gamma 0.3 -o x.npy", 2, &lost);
    place.fails("train x.npy --gamma 0.3 -o ./x.npz", 2, &lost);
    place.fails("recall memory --queries x.npy -o tmp/../x.npy", 2, &lost);
    place.fails("recall memory -o memory/patterns.npy", 2, &lost);
    place.fails("cosim memory --queries x.npy --trace x.npz", 2, &lost);
    place.fails("cosim memory --trace memory/planes.npy", 2, &["cannot be written as .npy"]);
    place.fails("reload memory memory -o memory/kernel.npy", 1, &[]);
    // patterns in the folder that the memory is to replace
    place.fails("tune memory/patterns.npy --storage 5000 -o memory", 2, &lost);
    // what is new costs nothing, wherever it is; a built-in set is no file
    place.ok("recall memory -o memory/answers.npy");
    fs::write(place.path("glyphs"), "").unwrap();
    place.ok("train glyphs --gamma 0.5 -o glyphs.npz");
}
