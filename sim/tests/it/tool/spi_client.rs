//! The C client of a board behind SPI drives the hardware: a program recalls in batches, loads, stores, learns and forgets at the simulated pins.

use super::c_program::{self, recalled};
use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Link, Plan, Room, Style, Top, emit_as, pins::Pins};
use hopgate_model::{bits::BitMatrix, learn::Learner, memory::Memory};
use hopgate_sim::{
    Cues, Library, Waveform,
    suite::{SHAPE, Shape, distinct, memory},
    words,
};
use std::{fmt::Write, path::Path};

/// Cues of a batch.
const CUES: usize = 12;

/// The lines of what is found of them: the last two words of each answer, and of the steps whether it is unknown.
fn found(memory: &Memory, cues: &BitMatrix, plan: &Plan) -> String {
    let line = |q: usize| {
        let said = words::expected(memory, cues.row(q).into(), plan.readout);
        let [steps, nearest, distance] = *said.last_chunk().unwrap();
        format!("{nearest:04x} {:04x}\n", distance | (steps & 0x4000) << 1)
    };
    (0..cues.rows()).map(line).collect()
}

fn built(folder: &Path, files: &[(String, String)]) {
    let drive = include_str!("../../c/drive_spi.c");
    c_program::built(folder, files, drive, &["-pedantic", "-Wconversion"], &["memory_spi.c"]);
}

/// What the program prints where every so many bytes are damaged.
fn driven(folder: &Path, library: &Library, hit: usize) -> String {
    c_program::driven(folder, library, &[&hit.to_string()])
}

#[test]
fn a_microcontroller_recalls_loads_stores_learns_and_forgets() {
    let shape = Shape { neurons: 37, patterns: 9, radius: Some(2), ..SHAPE };
    let [first, other] = [1, 2].map(|seed| memory(&shape, distinct(shape.patterns, shape.neurons, seed)));
    let options = CoreOptions { room: Some(Room::NONE), learns: true, auto_store: true, ..shape.hardware() };
    let plan = Plan::with(&first, options).unwrap();
    let top = Top::Board { clock: 16_000_000, uart_divider: 16, pll: None, pins: Pins::default(), link: Link::Spi };
    let emitted = |style: &Style| emit_as(&plan, top, &folder::hash(&first), style).unwrap();
    let design = emitted(&Style::default().named("memory").unwrap());
    // the bench is that of the name that a board has
    let library = Library::build(&emitted(&Style::default()), Waveform::Off).unwrap();
    let cues = distinct(CUES, shape.neurons, 77);
    let asked = Cues { bits: &cues, known: None };
    let mut arrays = format!("static const uint16_t cues[{CUES}][MEMORY_SPI_CUE_SIZE] = {{\n");
    for q in 0..CUES {
        let words: Vec<String> = asked.row(q).words(&plan).iter().map(u16::to_string).collect();
        writeln!(arrays, "    {{{}}},", words.join(", ")).unwrap();
    }
    arrays += "};\n";
    let load = design.load(&other, folder::digest(&other), "memory_load_0").unwrap();
    let files = [design.programs(), vec![load, ("cues.h".into(), arrays)]].concat();
    let room = plan.capacity();
    let mut learner = Learner::new(&other, room).unwrap();
    let mut want = format!("{}load 0\n{}", recalled(&first, &cues, &plan), recalled(&other, &cues, &plan));
    want += &found(&other, &cues, &plan);
    learner.store(cues.row(0), None).unwrap();
    want += "store 0 0800 of 10\nstore 0 1000 of 10\nforget 0\n";
    learner.forget(0).unwrap();
    want += &recalled(&learner.memory().unwrap(), &cues, &plan);
    let (strange, header) = c_program::unknown(&learner.memory().unwrap(), &plan);
    let files = [files, vec![header]].concat();
    learner.learn(strange.row(0), None).unwrap();
    want += "learn 0 0800 of 10\nlearn 0 0000 of 10\n";
    want += &recalled(&learner.memory().unwrap(), &cues, &plan);
    want += "forget 8\ntoo long -3\n";
    let home = tempfile::tempdir().unwrap();
    built(home.path(), &files);
    assert_eq!(driven(home.path(), &library, 0), want);
    // some replies are damaged: they are asked for again. A FORGET that comes twice would be refused, so it is not among them
    let lines = |text: &str| text.lines().take(2 * CUES + 1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&driven(home.path(), &library, 450)), lines(&want), "with noise on the line");
    // a client that is wrong shows
    let mut wrong = files.clone();
    wrong[1].1 = wrong[1].1.replace("0xedb88320u", "0xedb88321u");
    assert_ne!(wrong[1].1, files[1].1);
    built(home.path(), &wrong);
    assert!(driven(home.path(), &library, 0).starts_with("recall -1\n"));
}
