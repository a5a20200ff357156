//! Inputs that are wrong: each is refused with what is wrong, where, and the right exit code; nothing is written.

use crate::common::Place;
use ndarray::{Array2, arr0};
use ndarray_npy::NpzWriter;
use std::fs;

/// Writes a model by hand, as other programs would.
fn model(place: &Place, name: &str, alpha: impl Fn(usize, usize) -> f64, gamma: f64) {
    let mut npz = NpzWriter::new(fs::File::create(place.path(name)).unwrap());
    let sign = |(r, c): (usize, usize)| if r >> (c % 3) & 1 == 1 { 1i8 } else { -1 };
    npz.add_array("patterns", &Array2::from_shape_fn((4, 6), sign)).unwrap();
    npz.add_array("alpha", &Array2::from_shape_fn((4, 6), |(r, c)| alpha(r, c))).unwrap();
    npz.add_array("gamma", &arr0(gamma)).unwrap();
    npz.add_array("lambda", &arr0(0.01)).unwrap();
    npz.finish().unwrap();
}

#[test]
fn no_such_file() {
    let place = Place::new();
    place.fails("train missing.npy -o m.npz", 1, &["missing.npy", "No such file", "check the spelling"]);
    place.fails("train missing -o m.npz", 2, &["no file \"missing\"", "glyphs", "random:N="]);
    place.fails("quantize missing.npz --bits 1 -o memory", 1, &["missing.npz", "No such file"]);
    for verb in ["recall", "cosim", "estimate", "verilog -o rtl", "build -o build"] {
        place.fails(&format!("{verb} nowhere"), 1, &["there is no memory folder nowhere", "hopgate quantize"]);
    }
    place.memory();
    place.fails("recall memory --queries none.npy -o a.npy", 1, &["none.npy", "No such file"]);
    place.fails("recall tmp -o a.npy", 1, &["tmp is not a memory", "manifest.json"]);
}

#[test]
fn patterns_that_are_no_matrix_of_bits() {
    let place = Place::new();
    let refuses = |name: &str, words: &[&str]| {
        place.fails(&format!("train {name} --gamma 0.1 -o m.npz"), 1, &[&[name], words].concat());
    };
    place.npy3("cube.npy");
    refuses("cube.npy", &["not a matrix", "3 axes", "[2, 3, 4]"]);
    ndarray_npy::write_npy(place.path("line.npy"), &ndarray::Array1::<u8>::zeros(7)).unwrap();
    refuses("line.npy", &["not a matrix", "1 axes"]);
    place.npy("two.npy", 3, 5, |r, c| u8::from(r == 1) * u8::from(c == 4) * 2);
    refuses("two.npy", &["the value 2", "row 1, column 4", "only 0 and 1"]);
    place.npy("half.npy", 3, 5, |r, c| if (r, c) == (2, 0) { 0.5f32 } else { 1.0 });
    refuses("half.npy", &["the value 0.5", "row 2, column 0"]);
    place.npy("nan.npy", 2, 2, |_, _| f64::NAN);
    refuses("nan.npy", &["the value NaN", "row 0, column 0"]);
    place.npy("mixed.npy", 2, 3, |r, c| i8::from(r == 0) - i8::from(c == 2));
    refuses("mixed.npy", &["-1 among 0s"]);
    fs::write(place.path("letters.csv"), "0,1,1\n0,x,1\n").unwrap();
    refuses("letters.csv", &["\"x\" at line 2, column 2"]);
    fs::write(place.path("ragged.txt"), "0 1 1\n0 1\n").unwrap();
    refuses("ragged.txt", &["line 2 has 2 values", "line 1 has 3"]);
    fs::write(place.path("noise.npy"), "this is no array").unwrap();
    refuses("noise.npy", &[]);
    fs::write(place.path("what.xyz"), "0 1").unwrap();
    refuses("what.xyz", &["not a kind of file that holds patterns", ".npy"]);
}

#[test]
fn one_column_and_no_rows() {
    let place = Place::new();
    place.npy("column.npy", 8, 1, |r, _| (r % 2) as u8);
    place.fails("train column.npy -o m.npz", 1, &["column.npy", "only one column", "transpose"]);
    place.npy("empty.npy", 0, 5, |_, _| 0u8);
    place.fails("train empty.npy -o m.npz", 1, &["empty.npy", "no rows", "at least one pattern"]);
    place.npy("thin.npy", 5, 0, |_, _| 0u8);
    place.fails("train thin.npy -o m.npz", 1, &["thin.npy", "no columns"]);
    fs::write(place.path("empty.csv"), "# nothing\n\n").unwrap();
    place.fails("train empty.csv -o m.npz", 1, &["empty.csv", "no rows"]);
    place.npy("wide.npy", 2, 16385, |r, _| r as u8);
    place.fails("train wide.npy -o m.npz", 1, &["wide.npy", "16385 columns", "at most 16384"]);
    place.memory();
    place.npy("none.npy", 0, 24, |_, _| 0u8);
    place.fails("recall memory --queries none.npy -o a.npy", 1, &["no rows"]);
}

#[test]
fn models_that_are_none() {
    let place = Place::new();
    let refuses = |name: &str, words: &[&str]| {
        place.fails(&format!("quantize {name} --bits 1 -o memory"), 1, &[&[name], words].concat());
    };
    model(&place, "good.npz", |r, c| (r as f64 - 1.5) * (c as f64 + 1.0), 0.2);
    place.ok("quantize good.npz --bits 1 --scheme uniform -o good");
    model(&place, "nan.npz", |r, c| if (r, c) == (2, 3) { f64::NAN } else { 1.0 }, 0.2);
    refuses("nan.npz", &["alpha is NaN at pattern 2, neuron 3", "train again"]);
    model(&place, "infinite.npz", |r, _| if r == 3 { f64::NEG_INFINITY } else { 1.0 }, 0.2);
    refuses("infinite.npz", &["alpha is -inf at pattern 3, neuron 0"]);
    model(&place, "negative.npz", |_, _| 1.0, -0.2);
    refuses("negative.npz", &["gamma is -0.2", "greater than 0"]);

    let whole = fs::read(place.path("good.npz")).unwrap();
    for cut in [whole.len() - 1, whole.len() / 2, 10] {
        fs::write(place.path("cut.npz"), &whole[..cut]).unwrap();
        refuses("cut.npz", &["cut short or damaged"]);
    }
    fs::write(place.path("empty.npz"), "").unwrap();
    refuses("empty.npz", &["not a .npz file"]);
    fs::write(place.path("text.npz"), "hello").unwrap();
    refuses("text.npz", &["not a .npz file"]);
    let mut foreign = NpzWriter::new(fs::File::create(place.path("foreign.npz")).unwrap());
    foreign.add_array("weights", &Array2::<f32>::zeros((2, 2))).unwrap();
    foreign.finish().unwrap();
    refuses("foreign.npz", &["no array patterns", "it holds weights"]);
    // a byte changed inside: zip's own checksum
    let mut damaged = whole.clone();
    let data = whole.windows(8).position(|w| w == 1.5f64.to_le_bytes()).unwrap();
    damaged[data] ^= 1;
    fs::write(place.path("damaged.npz"), damaged).unwrap();
    refuses("damaged.npz", &["damaged"]);
    place.fails("quantize tmp --bits 1 -o memory", 1, &["tmp", "folder"]);
}

#[test]
fn memories_of_another_version_or_damaged() {
    let place = Place::new();
    place.memory();
    let manifest = fs::read_to_string(place.path("memory/manifest.json")).unwrap();
    let with = |text: &str| fs::write(place.path("memory/manifest.json"), text).unwrap();
    let refuses = |words: &[&str]| {
        for verb in ["recall memory -o a.npy", "verilog memory -o rtl", "estimate memory", "build memory -o build"] {
            place.fails(verb, 1, words);
        }
    };
    with(&manifest.replace("\"version\": 1", "\"version\": 3"));
    refuses(&["manifest.json", "version 3", "reads versions 1 to 2"]);
    with(&manifest.replace("hopgate-memory", "something-else"));
    refuses(&["manifest.json", "not the manifest of a memory"]);
    with(&manifest.replace("\"max_steps\": 30", "\"max_steps\": 31"));
    refuses(&["manifest.json", "damaged or edited"]);
    with(&manifest[..manifest.len() / 2]);
    refuses(&["manifest.json", "not JSON"]);
    with(&manifest);
    place.ok("recall memory");

    for file in ["patterns.npy", "planes.npy", "kernel.npy", "offset.npy"] {
        let path = place.path("memory").join(file);
        let whole = fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        *flipped.last_mut().unwrap() ^= 1;
        fs::write(&path, flipped).unwrap();
        refuses(&[file, "SHA-256"]);
        fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        refuses(&[file, "damaged"]);
        fs::remove_file(&path).unwrap();
        refuses(&[file, "No such file"]);
        fs::write(&path, whole).unwrap();
    }
    place.npy("memory/patterns.npy", 40, 24, |_, _| 1u8);
    refuses(&["patterns.npy"]);
}

#[test]
fn gammas_out_of_range() {
    let place = Place::new();
    for wrong in ["0", "-1", "-0.0", "nan", "inf", "auot", "Auto", "noise:0", "noise:0.7", "noise:-1", "noise:", "1,5"]
    {
        place.fails(&format!("train random:N=8,P=8 --gamma {wrong} -o m.npz"), 2, &["--gamma", &format!("'{wrong}'")]);
    }
    place.fails("train random:N=8,P=8 --gamma 0 -o m.npz", 2, &["greater than 0"]);
    place.fails("train random:N=8,P=8 --gamma auot -o m.npz", 2, &["`auto`", "noise:P"]);
    place.fails("train random:N=8,P=8 --gamma noise:0.7 -o m.npz", 2, &["less than 0.5"]);
}

#[test]
fn other_options_out_of_range() {
    let place = Place::new();
    let train = |options: &str, words: &[&str]| {
        place.fails(&format!("train random:N=8,P=8 {options} -o m.npz"), 2, words);
    };
    train("--lambda 0", &["--lambda", "greater than 0"]);
    train("--gamma 1e301", &["--gamma", "at most 1e300"]);
    train("--lambda -1", &["--lambda"]);
    train("--lambda nan", &["--lambda"]);
    train("--method bfgs", &["--method", "newton", "gd"]);
    train("--method gd --epochs 0", &["--epochs"]);
    train("--method gd --rate -1", &["--rate"]);
    train("--epochs 5", &["--epochs has no effect", "--method gd"]);
    train("--method gd --tolerance 1e-3", &["--tolerance has no effect", "--method newton"]);
    train("--gamma 0.1 --noise 0.1", &["--noise has no effect", "--gamma auto"]);
    train("--noise 0.5", &["--noise"]);
    train("--seed -3", &["--seed"]);
    place.fails("train random:N=8,P=9999 -o m.npz", 2, &["at most 256 distinct patterns"]);
    place.fails("train random:M=8 -o m.npz", 2, &["random:M=8", "unknown option"]);
    place.fails("train glyphs", 2, &["--output"]);

    place.memory();
    let quantize = |options: &str, words: &[&str]| {
        place.fails(&format!("quantize model.npz {options} -o other"), 2, words);
    };
    quantize("--bits 0", &["--bits", "1 to 4"]);
    quantize("--bits 5", &["--bits", "5 bits", "1 to 4", "--scheme uniform"]);
    quantize("--bits 17 --scheme uniform", &["--bits", "17 bits", "1 to 16"]);
    quantize("--bits -1", &["--bits"]);
    // what is wrong is named, and nothing else
    let printed = place.fails(
        "quantize model.npz --bits 1 --scheme tuned --corruption shift -o other",
        2,
        &["shift", "pictures"],
    );
    assert!(!printed.err.contains("--bits"), "{}", printed.err);
    quantize("--bits two", &["--bits"]);
    quantize("--bits 1 --scheme turned", &["--scheme", "uniform", "shared", "tuned"]);
    quantize("--bits 1 --kernel-bits 3", &["--kernel-bits", "4..=16"]);
    quantize("--bits 1 --kernel-bits 17", &["--kernel-bits"]);
    quantize("--bits 1 --kernel sharp", &["--kernel", "normalised", "fixed"]);
    quantize("--bits 1 --max-steps 0", &["--max-steps"]);
    quantize("--bits 1 --max-steps 256", &["--max-steps"]);
    quantize("", &["--bits"]);

    place.fails("recall memory --noise 1.5 -o a.npy", 2, &["--noise", "probability"]);
    place.fails("recall memory --noise -0.5 -o a.npy", 2, &["--noise", "probability"]);
    for count in ["0", "-1", "4294967296", "99999999999999", "18446744073709551615", "99999999999999999999"] {
        for verb in [
            "recall memory -o a.npy --count",
            "cosim memory --count",
            "verify memory -o cert --count",
            "demo -o demo --count",
        ] {
            place.fails(&format!("{verb} {count}"), 2, &[verb.split(' ').next_back().unwrap()]);
        }
    }
    place.npy("q.npy", 2, 24, |_, c| (c % 2) as u8);
    place.fails("recall memory --queries q.npy --count 3 -o a.npy", 2, &["--count goes without --queries"]);
    place.fails("verilog memory --board alchitry-cu -o rtl", 2, &["--board has no effect", "--top board"]);
    place.fails("verilog memory --top board --board nowhere -o rtl", 2, &["\"nowhere\"", "alchitry-cu"]);
    place.fails("estimate memory --board nowhere", 2, &["\"nowhere\"", "alchitry-cu"]);
    place.fails("build memory --board nowhere -o build", 2, &["\"nowhere\"", "alchitry-cu"]);
    place.fails("build memory --runs 0 -o build", 2, &["--runs"]);
    place.fails("build memory --freq fast -o build", 2, &["--freq", "`max`"]);
    place.fails("build memory --freq -3 -o build", 2, &["--freq", "1 to 1000 MHz"]);
    place.fails("build memory --freq 280 -o build", 2, &["no clock of 280 MHz from 100 MHz", "to 275.000 MHz"]);
    let ecp5 = ["does not use the PLL of an ECP5", "--freq board"];
    place.fails("build memory --board ulx3s-85f --freq 50 -o build", 2, &ecp5);
    place.fails("build memory --board ulx3s-85f --freq max -o build", 2, &ecp5);
    place.fails("verilog memory --top board --board ulx3s-85f --freq 50 -o rtl", 2, &ecp5);
    place.fails("build memory --freq 16.6 -o build", 1, &["UART of 1 Mbaud", "% off"]);
    place.fails("verilog memory --freq 120 -o rtl", 2, &["--freq has no effect", "--top board", "--wrapper axis"]);
    place.fails("verilog memory --wrapper axis --freq board -o rtl", 2, &["number of MHz", "--freq MHZ"]);
    place.fails("verilog memory --wrapper wishbone --freq max -o rtl", 2, &["number of MHz", "--freq MHZ"]);
    place.fails("verilog memory --top board --wrapper axis -o rtl", 2, &["--wrapper has no effect", "--top core"]);
    place.fails("verilog memory --wrapper ahb -o rtl", 2, &["ahb", "wishbone"]);
    place.fails("verilog memory --top board --freq max -o rtl", 2, &["only after place and route", "build --freq max"]);
    place.fails("cosim memory --level silicon", 2, &["--level", "rtl"]);
    place.fails("trian glyphs", 2, &["trian", "train"]);
}

#[test]
fn queries_of_the_wrong_width() {
    let place = Place::new();
    place.memory();
    place.npy("narrow.npy", 4, 23, |r, c| ((r + c) % 2) as u8);
    for verb in ["recall", "cosim"] {
        let line = format!("{verb} memory --queries narrow.npy -o a.npy --trace t.npz");
        place.fails(&line, 1, &["narrow.npy", "23 columns", "24 neurons"]);
    }
    place.npy("transposed.npy", 24, 7, |r, c| ((r + c) % 2) as u8);
    place.fails("recall memory --queries transposed.npy -o a.npy", 1, &["7 columns", "24 neurons", "transpose"]);
}

/// A width that is stated under a right hash is believed by those that do not need it, and no hardware is made by it.
#[test]
fn a_false_width_is_found_by_verify_and_makes_no_hardware() {
    let place = Place::new();
    place.memory();
    let file = place.path("memory/manifest.json");
    let text = fs::read_to_string(&file).unwrap();
    let hash = |text: &str| {
        let lines: String = text.split_inclusive('\n').filter(|l| !l.contains("manifest_sha256")).collect();
        hopgate_eda::pack::sha256(lines.as_bytes())
    };
    let says = text.lines().find(|l| l.contains("accumulator_bits")).unwrap();
    let lie = text.replace(says, "  \"accumulator_bits\": 2,");
    let right = place.ok("verilog memory -o right --json").json()["accumulator_bits"].clone();
    fs::write(&file, lie.replace(&hash(&text), &hash(&lie))).unwrap();
    place.ok("recall memory -o a.npy");
    place.fails("verify memory -o cert", 1, &["manifest.json", "accumulator_bits is 2, but the arrays need"]);
    let emitted = place.ok("verilog memory -o rtl --json").json()["accumulator_bits"].clone();
    assert_eq!(emitted, right);
    let core = |folder: &str| fs::read_to_string(place.path(folder).join("hopgate_core.v")).unwrap();
    assert_eq!(core("rtl"), core("right"));
}

/// What is given for something else: the message says what it is, and what makes the other of it.
#[test]
fn a_model_for_a_memory_and_the_reverse() {
    let place = Place::new();
    place.memory();
    place.fails("recall model.npz", 1, &["model.npz is a model, not a memory", "hopgate quantize"]);
    place.fails("quantize memory --bits 1 -o again", 1, &["memory is a memory, not a model", "hopgate train"]);
    place.fails("recall memory/manifest.json", 1, &["a file of a memory", "give its folder: memory"]);
}
