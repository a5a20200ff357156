//! Checks that must fail when something is broken: one flipped bit in any ROM, a changed kernel entry, a
//! changed operator. And what is reported then: the first difference, and a waveform of that cue.

use hopgate_hdl::{CoreOptions, Design, Plan, Room, Top, emit};
use hopgate_model::{
    bits::BitMatrix,
    kernel,
    memory::{Memory, Parts},
    noise,
};
use hopgate_sim::{
    Cosim, CosimOptions, Library, Waveform, cosim,
    cosim::{cosim_holding, waveform},
};

/// Two planes, an offset, an odd width: every kind of ROM is there.
fn example() -> (Memory, BitMatrix) {
    let patterns = noise::random(24, 21, 11);
    let columns = kernel::columns(21, 0.19, &[0.5, 1.0], 0.4, 8);
    let memory = Memory::new(Parts {
        planes: vec![noise::random(24, 21, 12), noise::random(24, 21, 13)],
        kernel: columns.weights,
        offset: columns.offset,
        ..Parts::of(patterns.clone())
    })
    .unwrap();
    let cues = noise::cues(&patterns, 400, 0.2, 3);
    (memory, cues)
}

fn design(memory: &Memory) -> Design {
    emit(&Plan::of(memory).unwrap(), Top::Core, "test").unwrap()
}

fn run(library: &Library, memory: &Memory, cues: &BitMatrix) -> Cosim {
    cosim(library, memory, cues, CosimOptions::default(), &|_| ()).unwrap()
}

#[test]
#[ignore = "make full: a simulation for every ROM"]
fn one_flipped_bit_in_any_rom_is_found() {
    let (memory, cues) = example();
    let library = Library::build(&design(&memory), Waveform::Off).unwrap();
    assert_eq!(run(&library, &memory, &cues).difference, None);
    let images = library.design.plan.images();
    assert_eq!(images.len(), 4, "two lanes, the kernel, the threshold");
    for image in images {
        let path = library.folder().join(&image.file);
        let good = std::fs::read_to_string(&path).unwrap();
        // the first, a middle and the last word that the cues can reach; a low and a high bit
        let depth = image.words.len();
        for (at, bit) in [(0, 0), (depth / 2, image.width - 1), (depth / 3, 1)] {
            let mut bad = image.clone();
            bad.words[at] ^= 1 << bit;
            // the last lane has 5 neurons: bits above are not read
            if image.file == "row_1.hex" {
                bad.words[at] = image.words[at] ^ (1 << (bit % 5));
            }
            std::fs::write(&path, bad.hex()).unwrap();
            let difference = run(&library, &memory, &cues).difference;
            assert!(difference.is_some(), "{}: bit {bit} of word {at} was flipped unnoticed", image.file);
        }
        std::fs::write(&path, good).unwrap();
    }
    assert_eq!(run(&library, &memory, &cues).difference, None, "the files were put back");
}

#[test]
#[ignore = "make full: waveforms are drawn by the command line"]
fn the_first_difference_is_named_and_drawn() {
    let (memory, cues) = example();
    let library = Library::build(&design(&memory), Waveform::Off).unwrap();
    let image = &library.design.plan.table;
    let mut bad = image.clone();
    bad.words[0] ^= 4;
    std::fs::write(library.folder().join(&image.file), bad.hex()).unwrap();
    let found = run(&library, &memory, &cues);
    let difference = found.difference.expect("a changed kernel entry at distance 0 is met by every converged cue");
    assert!(difference.what.contains(&format!("cue {}", difference.cue)), "{}", difference.what);
    assert!(difference.what.contains("step") && difference.what.contains("should be"), "{}", difference.what);
    let folder = tempfile::tempdir().unwrap();
    let vcd = folder.path().join("cue.vcd");
    waveform(&library, &cues, difference.cue, CosimOptions::default(), &vcd).unwrap();
    let text = std::fs::read_to_string(&vcd).unwrap();
    assert!(text.contains("$enddefinitions") && text.contains("accumulator"), "a waveform with the core's signals");
    // of that cue alone: a few thousand cycles at most, reset included
    let last: u64 = text.lines().filter_map(|l| l.strip_prefix('#')?.parse().ok()).next_back().unwrap();
    let slowest = 30 * library.design.plan.step_cycles(24) + 1000;
    assert!(last / 10 < slowest as u64, "{last}");
}

#[test]
#[ignore = "make full: each is compiled anew"]
fn mutants_of_the_verilog_are_found() {
    let (memory, cues) = example();
    let good = design(&memory);
    // one per part of the core: what it breaks, the text (everywhere), its replacement
    let mutants = [
        ("what is counted while scanning", "against = state", "against = none"),
        (
            "the tie-break of the running minimum",
            "closer = margin[sign]",
            "closer = margin[sign] | (margin == {2'b0, far})",
        ),
        ("the filter's reach", "slack = limit$q + spare", "slack = limit$q - 17'h1 + spare"),
        ("the excess over the final minimum", "excess$d = far - base", "excess$d = far"),
        ("the rounding of half the threshold", "minus = total$q ^ all_ones", "minus = (total$q ^ all_ones) - 36'h1"),
        ("the sign bit of an accumulator", "localparam integer sign = ", "localparam integer sign = -5 + "),
        ("the last row", "rows_left$0$d = last_row", "rows_left$0$d = last_row - one_index"),
        ("the step limit", "(steps$q == max_steps)", "(steps$q == 8'd2)"),
    ];
    for (what, text, replacement) in mutants {
        assert!(good.verilog.contains(text), "the Verilog no longer contains {text:?} ({what})");
        let broken = Design { verilog: good.verilog.replace(text, replacement), ..good.clone() };
        let library = Library::build(&broken, Waveform::Off).unwrap();
        // a mutant that hangs is found too
        let found = cosim(&library, &memory, &cues, CosimOptions::default(), &|_| ());
        assert!(found.map_or(true, |f| f.difference.is_some()), "this mutant was not found: {what}");
    }
}

#[test]
#[ignore = "make full: it is compiled anew"]
fn a_core_that_takes_no_word_of_a_row_is_found() {
    let (memory, cues) = example();
    let plan = Plan::with(&memory, CoreOptions { room: Some(Room::default()), ..CoreOptions::default() }).unwrap();
    let good = emit(&plan, Top::Core, "test").unwrap();
    let (from, to) = ("sequencer$rowing$0 = load_words$0;", "sequencer$rowing$0 = 0;");
    assert!(good.verilog.contains(from), "the Verilog no longer contains {from:?}");
    let broken = Design { verilog: good.verilog.replace(from, to), ..good };
    let library = Library::build(&broken, Waveform::Off).unwrap();
    let found = cosim_holding(&library, Some(&plan), &memory, &cues, CosimOptions::default(), &|_| ());
    let error = found.expect_err("the bench waits for ever").to_string();
    assert!(error.contains("did not take the words of row"), "{error}");
}
