//! Verilog, and its co-simulation.

use crate::ui::Ui;
use hopgate::{
    Hardware,
    verify::{Certificate, Ladder, LadderCues, first_difference},
    verilog::{Style, Top, verilog},
};
use hopgate_eda::{board::Board, finished::Finished};
use hopgate_files::{model_file::Model, npz, room};
use hopgate_hdl::Plan;
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    memory::Memory,
    noise::{self, Purpose, Seed},
};
use hopgate_sim::{Cosim, CosimOptions, Library, Waveform, certificate::Outcome as RungResult, cosim};
use std::path::Path;

/// The hardware, and that it does what the reference does.
pub struct Proof {
    /// The layout.
    pub plan: Plan,
    /// The cues, (Q, N).
    pub cues: BitMatrix,
    /// The stored pattern that each was made from, where it was.
    pub origin: Option<Vec<usize>>,
    /// Where they come from, in words.
    pub source: String,
    /// What the hardware and the reference made of them.
    pub cosim: Cosim,
}

/// The rungs at the pins whose answers are equal, by their names, and how many cues went through them.
pub fn at_pins(certificate: &Certificate) -> (String, usize) {
    let equal = certificate.rungs.iter().filter(|r| r.result == RungResult::Equal);
    let pins: Vec<_> = equal.filter(|r| ["board", "netlist", "bitstream"].contains(&r.name.as_str())).collect();
    let names = pins.iter().map(|r| r.name.as_str()).collect::<Vec<_>>().join(", ");
    (names, pins.first().and_then(|r| r.cues).unwrap_or(0))
}

impl Proof {
    /// The mean over all steps of all cues.
    pub fn mean_queued(&self) -> f64 {
        let steps = self.cosim.steps.iter().flatten();
        steps.clone().map(|s| f64::from(s.queued)).sum::<f64>() / steps.count().max(1) as f64
    }

    /// The longest step, in cycles.
    pub fn longest_step(&self) -> u32 {
        self.cosim.steps.iter().flatten().map(|s| s.cycles).max().unwrap_or(0)
    }

    /// The mean over all cues of the cycles of all their steps.
    pub fn mean_recall_cycles(&self) -> f64 {
        let cycles: f64 = self.cosim.steps.iter().flatten().map(|s| f64::from(s.cycles)).sum();
        cycles / self.cosim.steps.len().max(1) as f64
    }

    /// Climbs the ladder down to the bitstream in `out/build`, and writes the certificate beside it; a rung that breaks is an
    /// error. The core is not simulated once more.
    pub fn climb(
        &self,
        memory: &Memory,
        model: Option<&Model>,
        board: &Board,
        at_pins: usize,
        out: &Path,
        ui: &Ui,
    ) -> Result<Certificate> {
        let build = Finished::open(&out.join("build"))?;
        let model_path = out.join("model.npz");
        let ladder = Ladder {
            memory,
            memory_path: &out.join("memory"),
            model: model.map(|model| (model, model_path.as_path())),
            cues: LadderCues {
                bits: &self.cues,
                known: None,
                origin: self.origin.as_deref(),
                source: self.source.clone(),
                at_pins,
            },
            build: &build,
            board,
            rtl: Some(&self.cosim),
        };
        let certificate = ladder.climb(out, &out.join("cues.npy"), &ui.tell())?;
        first_difference(&certificate)?;
        Ok(certificate)
    }

    /// The mean over all cues.
    pub fn mean_steps(&self) -> f64 {
        let steps = self.cosim.steps.iter().map(Vec::len).sum::<usize>();
        steps as f64 / self.cosim.steps.len().max(1) as f64
    }
}

/// Noisy stored patterns in turn, which neither the search nor the study has seen: cue `q` is made from pattern `q % P`.
pub fn noisy(memory: &Memory, count: usize, p: f64, seed: u64) -> Result<(BitMatrix, Vec<usize>, String)> {
    let bits = memory.neurons();
    room::check(count as u64 * (10 * bits as u64 + 64), || {
        format!("holding {count} cues of {bits} bits with their answers")
    })?;
    let seed = Seed::from(seed).of(Purpose::Demonstration, 0);
    let cues = noise::cues(memory.patterns(), count, p, seed);
    let origin = (0..count).map(|q| q % memory.patterns().rows()).collect();
    Ok((cues, origin, format!("stored patterns in turn, every bit flipped with probability {p}")))
}

/// Writes `rtl/` and co-simulates cues; a difference is an error.
pub fn prove(
    memory: &Memory,
    hardware: &Hardware,
    cues: BitMatrix,
    origin: Option<Vec<usize>>,
    source: String,
    out: &Path,
    ui: &Ui,
) -> Result<Proof> {
    let emitted = verilog(memory, hardware, Top::Core, &Style::default())?;
    emitted.save(&npz::read_file(&out.join("memory/manifest.json"))?, &out.join("rtl"))?;
    let bar = ui.bar("building the simulation", 1);
    let library = Library::build(&emitted.design, Waveform::Off)?;
    bar.finish_and_clear();
    let cosim = cosim(&library, memory, &cues, CosimOptions::default(), &ui.follow("co-simulating"))?;
    match &cosim.difference {
        Some(d) => Err(Error::new(ErrorKind::Failed, format!("the hardware differs from the reference: {}", d.what))
            .hint("this is a defect of hopgate: please report it with the memory folder")),
        None => Ok(Proof { plan: hardware.plan.clone(), cues, origin, source, cosim }),
    }
}
