//! The C header beside the Verilog drives the hardware: a program recalls, loads, stores, learns and forgets over a simulated bus.

use super::c_program::{self, recalled};
use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Plan, Room, Style, Top, emit_as};
use hopgate_model::learn::Learner;
use hopgate_sim::{
    Cues, Library, Waveform,
    suite::{SHAPE, Shape, distinct, memory},
};
use std::{fmt::Write, path::Path};

const AXIL: Top = Top::Axil { clock: 16_000_000, requests: true, streams: false };

/// What the program prints, of a header with one thing changed.
fn driven(folder: &Path, files: &[(String, String)], library: &Library) -> String {
    c_program::built(folder, files, include_str!("../../c/drive.c"), &[], &[]);
    c_program::driven(folder, library, &[])
}

#[test]
fn a_program_recalls_loads_stores_learns_and_forgets() {
    let shape = Shape { neurons: 37, patterns: 9, radius: Some(2), ..SHAPE };
    let [first, other] = [1, 2].map(|seed| memory(&shape, distinct(shape.patterns, shape.neurons, seed)));
    let options = CoreOptions { room: Some(Room::NONE), learns: true, auto_store: true, ..shape.hardware() };
    let plan = Plan::with(&first, options).unwrap();
    let style = Style::default().named("memory").unwrap();
    let design = emit_as(&plan, AXIL, &folder::hash(&first), &style).unwrap();
    // the bench is that of the name that a wrapper has
    let library =
        Library::build(&emit_as(&plan, AXIL, &folder::hash(&first), &Style::default()).unwrap(), Waveform::Off)
            .unwrap();
    let cues = distinct(4, shape.neurons, 77);
    let asked = Cues { bits: &cues, known: None };
    let mut arrays = "static const uint16_t cues[4][MEMORY_CUE_SIZE] = {\n".to_owned();
    for q in 0..4 {
        let words: Vec<String> = asked.row(q).words(&plan).iter().map(u16::to_string).collect();
        writeln!(arrays, "    {{{}}},", words.join(", ")).unwrap();
    }
    arrays += "};\n";
    let load = design.load(&other, folder::digest(&other), "memory_load_0").unwrap();
    let files = [design.programs(), vec![load, ("cues.h".into(), arrays)]].concat();
    let room = plan.capacity();
    let mut learner = Learner::new(&other, room).unwrap();
    let mut want = format!("present 1\n{}load 0\n{}", recalled(&first, &cues, &plan), recalled(&other, &cues, &plan));
    learner.store(cues.row(0), None).unwrap();
    want += "store 0 0800 of 10\nstore 0 1000 of 10\nforget 0\n";
    learner.forget(0).unwrap();
    want += &recalled(&learner.memory().unwrap(), &cues, &plan);
    let (strange, header) = c_program::unknown(&learner.memory().unwrap(), &plan);
    let files = [files, vec![header]].concat();
    learner.learn(strange.row(0), None).unwrap();
    want += "learn 0 0800 of 10\nlearn 0 0000 of 10\n";
    want += &recalled(&learner.memory().unwrap(), &cues, &plan);
    want += "forget 8\n";
    let home = tempfile::tempdir().unwrap();
    assert_eq!(driven(home.path(), &files, &library), want);
    // a header that is wrong shows
    let mut wrong = files.clone();
    wrong[0].1 = wrong[0].1.replace("#define MEMORY_NEAREST 0x10u", "#define MEMORY_NEAREST 0x14u");
    assert_ne!(wrong[0].1, files[0].1);
    assert_ne!(driven(home.path(), &wrong, &library), want);
}
