//! Writes what the other programs need to measure the same: patterns, dual weights, kernels, cues, and our answers, as `.npy`;
//! and checks that the float recall by hand gives the same answers.
//!
//! `hopgate-bench-data FOLDER`

use hopgate_bench::{Case, cases, float::FloatRecall};
use hopgate_files::npy;
use hopgate_model::{Result, bits::BitMatrix, engine::Engine};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The float recall is slow: so many answers of each case are compared.
const COMPARED: usize = 50;

fn main() -> std::process::ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: hopgate-bench-data FOLDER");
        return 2.into();
    };
    match write_all(&folder) {
        Ok(()) => 0.into(),
        Err(e) => {
            eprintln!("hopgate-bench-data: {e}");
            1.into()
        }
    }
}

fn write_all(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|e| hopgate_model::Error::io("create", folder, e))?;
    let cases = cases().iter().map(|case| write(case, folder)).collect::<Result<Vec<Value>>>()?;
    let text = serde_json::to_vec_pretty(&cases).expect("numbers and texts become JSON");
    hopgate_files::atomic::write(&folder.join("cases.json"), &text)
}

fn bits(m: &BitMatrix) -> Vec<u8> {
    npy::encode(&[m.rows(), m.cols()], m.to_bytes())
}

fn write(case: &Case, folder: &Path) -> Result<Value> {
    let Case { name, memory, cues } = case;
    let engine = Engine::new(memory);
    let answers = engine.each(cues, |_, recall, scratch| (recall, scratch.state().to_vec()));
    let mut states = BitMatrix::zeros(cues.rows(), cues.cols());
    answers.iter().enumerate().for_each(|(q, (_, state))| states.set_row(q, state));
    check_float(case, &states);

    let (p, n) = (memory.patterns().rows(), memory.neurons());
    let sign = |b: bool| if b { 1i8 } else { -1 };
    let alpha = (0..p * n).map(|x| {
        let planes = memory.planes().iter().enumerate();
        planes.map(|(j, plane)| sign(plane.get(x / n, x % n)) << j).sum::<i8>()
    });
    let file = |what: &str| folder.join(format!("{name}-{what}.npy"));
    hopgate_files::atomic::write(&file("patterns"), &bits(memory.patterns()))?;
    hopgate_files::atomic::write(&file("cues"), &bits(cues))?;
    hopgate_files::atomic::write(&file("answers"), &bits(&states))?;
    hopgate_files::atomic::write(&file("alpha"), &npy::encode(&[p, n], alpha))?;
    hopgate_files::atomic::write(&file("kernel"), &npy::encode(&[n + 1], memory.kernel()[0].iter().copied()))?;
    let steps: u64 = answers.iter().map(|(recall, _)| u64::from(recall.steps)).sum();
    let candidates: u64 = answers.iter().map(|(recall, _)| recall.candidates).sum();
    Ok(json!({
        "name": name, "neurons": n, "patterns": p, "planes": memory.planes().len(), "gamma": memory.parts().gamma,
        "cues": cues.rows(), "steps": steps, "candidates_per_step": candidates as f64 / steps as f64,
        "bits": memory.planes().len() * p * n, "engine_bytes": engine.storage_bytes(), "isa": engine.isa().to_string(),
    }))
}

/// The float recall must answer the same, or its time means nothing.
fn check_float(case: &Case, states: &BitMatrix) {
    let float = FloatRecall::new(&case.memory);
    let sign = |b: bool| if b { 1.0f32 } else { -1.0 };
    for q in 0..COMPARED {
        let cue: Vec<f32> = (0..states.cols()).map(|i| sign(case.cues.get(q, i))).collect();
        let right: Vec<f32> = (0..states.cols()).map(|i| sign(states.get(q, i))).collect();
        assert!(float.recall(&cue).0 == right, "{}: cue {q} is answered otherwise in floats", case.name);
    }
}
