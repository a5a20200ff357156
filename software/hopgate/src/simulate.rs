//! The same cues through simulated hardware, at one of its levels, and through the integer reference.

use crate::{
    cues::Cues,
    hardware::Hardware,
    recall::{Expected, Summary},
};
use hopgate_eda::finished::Finished;
use hopgate_files::folder;
use hopgate_hdl::{Top, emit};
use hopgate_model::{Result, memory::Memory, progress::Watch};
use hopgate_sim::{Chip, Cosim, CosimOptions, Library, Waveform, cosim, cosim::waveform, pins, wrapped};
use serde::Serialize;
use std::path::Path;

pub use hopgate_files::trace::Trace;
pub use hopgate_sim::Level;

/// What a co-simulation found.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct CosimReport {
    /// `rtl`, a wrapper (`axis`, `axil`, `wishbone`), or a level of a build: `board`, `netlist`, `bitstream`.
    pub level: String,
    /// Whether everything that was compared is equal.
    pub equal: bool,
    /// The first difference.
    pub difference: Option<String>,
    /// How the hardware recalls.
    pub recall: Summary,
    /// The cycles of a step; not seen at pins.
    pub cycles_per_step: Option<StepCycles>,
    /// Candidates of a step in the mean; not seen at pins.
    pub queued_per_step: Option<f64>,
    /// Clock cycles that were simulated.
    pub cycles: u64,
    /// How fast that was.
    pub cycles_per_second_and_core: f64,
    /// What the hardware answered.
    #[serde(skip)]
    pub answers: Trace,
    /// The cue that differs, or the first one.
    #[serde(skip)]
    pub cue: usize,
}

/// Cycles of a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StepCycles {
    /// In the mean.
    pub mean: f64,
    /// The most.
    pub longest: u32,
    /// Of every step, beside scan and vote.
    pub latency: usize,
}

/// The emitted core in a simulation.
pub struct CoreSimulation<'a> {
    library: Library,
    memory: &'a Memory,
}

impl<'a> CoreSimulation<'a> {
    /// Emits the core and builds its simulation, by Verilator.
    ///
    /// # Errors
    /// As [`emit()`] and [`Library::build`].
    pub fn build(memory: &'a Memory, hardware: &Hardware) -> Result<Self> {
        let design = emit(&hardware.plan, Top::Core, &folder::hash(memory))?;
        Ok(CoreSimulation { library: Library::build(&design, Waveform::Off)?, memory })
    }

    /// Recalls the cues in it and in the reference.
    ///
    /// # Errors
    /// As [`cosim()`]; a difference is a result.
    pub fn recall(&self, cues: &Cues, watch: &dyn Watch) -> Result<CosimReport> {
        let found = cosim(&self.library, self.memory, asked(cues), CosimOptions::default(), watch)?;
        let Cosim { hardware, steps, cost, difference, .. } = found;
        let steps: Vec<_> = steps.iter().flatten().collect();
        let mean = |f: &dyn Fn(&hopgate_sim::bench::StepCount) -> u32| {
            steps.iter().map(|s| f64::from(f(s))).sum::<f64>() / steps.len().max(1) as f64
        };
        let longest = steps.iter().map(|s| s.cycles).max().unwrap_or(0);
        let latency = self.library.design.plan.latency();
        Ok(CosimReport {
            level: "rtl".into(),
            equal: difference.is_none(),
            recall: Summary::of(&hardware, cues, Expected::of(self.memory, None)),
            cycles_per_step: Some(StepCycles { mean: mean(&|s| s.cycles), longest, latency }),
            queued_per_step: Some(mean(&|s| s.queued)),
            cycles: cost.cycles,
            cycles_per_second_and_core: cost.cycles as f64 / cost.seconds,
            answers: hardware,
            cue: difference.as_ref().map_or(0, |d| d.cue),
            difference: difference.map(|d| d.what),
        })
    }

    /// Writes the waveform of one cue.
    ///
    /// # Errors
    /// As [`waveform`].
    pub fn waveform(&self, cues: &Cues, cue: usize, vcd: &Path) -> Result<()> {
        waveform(&self.library, asked(cues), cue, CosimOptions::default(), vcd)
    }
}

/// The core in one of its wrappers in a simulation, at the wrapper's ports.
pub struct WrappedSimulation<'a> {
    library: Library,
    memory: &'a Memory,
}

impl<'a> WrappedSimulation<'a> {
    /// Emits the core in its wrapper and builds its simulation, by Verilator.
    ///
    /// # Errors
    /// As [`emit()`] and [`Library::build`].
    pub fn build(memory: &'a Memory, hardware: &Hardware, top: Top) -> Result<Self> {
        let design = emit(&hardware.plan, top, &folder::hash(memory))?;
        Ok(WrappedSimulation { library: Library::build(&design, Waveform::Off)?, memory })
    }

    /// Recalls the cues in it and in the reference.
    ///
    /// # Errors
    /// As [`wrapped::recall`]; a difference is a result.
    pub fn recall(&self, cues: &Cues, watch: &dyn Watch) -> Result<CosimReport> {
        let level = self.library.design.top.name().trim_start_matches("hopgate_").to_owned();
        Ok(at_ports(level, wrapped::recall(&self.library, self.memory, asked(cues), watch)?, self.memory, cues))
    }

    /// Writes the waveform of one cue.
    ///
    /// # Errors
    /// As [`wrapped::waveform`].
    pub fn waveform(&self, cues: &Cues, cue: usize, path: &Path) -> Result<()> {
        wrapped::waveform(&self.library, self.memory, asked(cues), cue, path)
    }
}

/// What was found where neither fields nor the cycles of steps can be seen.
fn at_ports(level: String, found: pins::Outcome, memory: &Memory, cues: &Cues) -> CosimReport {
    CosimReport {
        level,
        equal: found.difference.is_none(),
        recall: Summary::of(&found.hardware, cues, Expected::of(memory, None)),
        cycles_per_step: None,
        queued_per_step: None,
        cycles: found.cost.cycles,
        cycles_per_second_and_core: found.cost.cycles as f64 / found.cost.seconds,
        answers: found.hardware,
        cue: found.difference.as_ref().map_or(0, |d| d.cue),
        difference: found.difference.map(|d| d.what),
    }
}

/// Cues as a simulation takes them.
fn asked(cues: &Cues) -> hopgate_sim::Cues<'_> {
    hopgate_sim::Cues { bits: &cues.bits, known: cues.known.as_ref() }
}

/// A level of a finished build in a simulation, at the pins of its board.
pub struct PinSimulation<'a> {
    chip: Chip,
    level: Level,
    build: &'a Finished,
    memory: &'a Memory,
}

impl<'a> PinSimulation<'a> {
    /// Builds the simulation of a level. With `reloaded`, the bitstream holds this memory and not that of the build.
    ///
    /// # Errors
    /// As [`Chip::build`] and [`Chip::reloaded`].
    pub fn build(build: &'a Finished, level: Level, memory: &'a Memory, reloaded: bool) -> Result<Self> {
        let chip = match reloaded {
            false => Chip::build(build, level, Waveform::Off)?,
            true => Chip::reloaded(build, memory, Waveform::Off)?,
        };
        Ok(PinSimulation { chip, level, build, memory })
    }

    /// Recalls the cues in it and in the reference.
    ///
    /// # Errors
    /// As [`pins::recall`]; a difference is a result.
    pub fn recall(&self, cues: &Cues, watch: &dyn Watch) -> Result<CosimReport> {
        let found = pins::recall(&self.chip, self.memory, asked(cues), watch)?;
        Ok(at_ports(self.level.to_string(), found, self.memory, cues))
    }

    /// Writes the waveform of one cue.
    ///
    /// # Errors
    /// As [`pins::waveform`].
    pub fn waveform(&self, cues: &Cues, cue: usize, vcd: &Path) -> Result<()> {
        pins::waveform(self.build, &self.chip, self.memory, asked(cues).row(cue), vcd)
    }
}
