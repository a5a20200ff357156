//! The rungs, one after the other, on the same cues.

use super::{Ladder, MASK, chain, keyed, page};
use crate::{build::top, hardware::Line};
use hopgate_eda::tools;
use hopgate_files::{atomic, folder, npz, trace::Trace};
use hopgate_hdl::{CoreOptions, Plan, Readout, Top, emit};
use hopgate_model::{
    Error, ErrorKind, Result, bits::BitMatrix, engine::Engine, kind::Kind, progress::Watch, reference,
};
use hopgate_sim::{
    Chip, Cosim, CosimOptions, Level, Library, Waveform,
    certificate::{self, Certificate, FILE, FORMAT, Outcome, Rung, VERSION},
    chip::Origin,
    cosim, pins,
    protocol::Protocol,
};
use hopgate_train::{
    agreement::{Agreement, float_states, integer_states, quantised_weights},
    recall_float::FloatMemory,
};
use rayon::prelude::*;
use serde_json::json;
use std::path::Path;

const ANSWERS: &str = "answers, steps, converged, nearest, distance";

impl Ladder<'_> {
    /// Climbs every rung, also behind one that breaks, and writes `certificate.json` and `certificate.md` into the folder `out`. `cues` is the
    /// file that holds the cues; the watch hears of each rung, in words. A rung that breaks is no error here: see [`super::first_difference`].
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] if the build is of another memory; [`ErrorKind::Interrupted`] if the watch stops it; those of tools and files.
    pub fn climb(&self, out: &Path, cues: &Path, watch: &dyn Watch) -> Result<Certificate> {
        let origin = Origin::of(self.build)?;
        if origin.memory != folder::hash(self.memory) {
            return Err(Error::usage(format!("the build in {} is of another memory", self.build.folder.display()))
                .hint("build this memory, or give the one that the build was made from"));
        }
        let rungs = self.rungs(&origin, watch)?;
        let first = rungs.iter().find(|r| r.result == Outcome::Differs).map(|r| r.name.clone());
        let model = self.model.map(|(_, path)| path);
        let mask = self.cues.known.map(|_| cues.with_file_name(MASK));
        let chain = certificate::link(&chain::chain(self.memory_path, model, self.build, cues, mask.as_deref())?, out)?;
        let bitstream = chain.iter().find(|l| l.what == "bitstream").map(|l| l.sha256.clone());
        let certificate = Certificate {
            format: FORMAT.into(),
            version: VERSION,
            hopgate: env!("CARGO_PKG_VERSION").into(),
            board: self.build.record.board.clone(),
            device: self.build.record.device.clone(),
            memory: origin.memory,
            bitstream: bitstream.unwrap_or_default(),
            cues: self.cues.source.clone(),
            rungs,
            first_difference: first,
            chain,
            tools: self.tools(),
            certificate_sha256: None,
        };
        atomic::write(&out.join(page::PAGE), page::page(&certificate).as_bytes())?;
        certificate.save(&out.join(FILE))?;
        Ok(certificate)
    }

    fn tools(&self) -> Vec<String> {
        let built = self.build.record.tools.iter().map(|t| if t.banner.is_empty() { &t.name } else { &t.banner });
        let back = self.build.family.readback().map_or(&[][..], |readback| readback.tools());
        let here = ["verilator", "g++"].iter().chain(back).filter_map(|name| tools::require(name).ok());
        let here = here.map(|t| if t.banner.is_empty() { t.name } else { t.banner });
        built.cloned().chain(here).collect()
    }

    fn rungs(&self, origin: &Origin, watch: &dyn Watch) -> Result<Vec<Rung>> {
        let mut rungs = Vec::new();
        let mut add = |rung: Rung| {
            watch.says(&format!("{:16} {}", rung.name, page::in_words(&rung)));
            rungs.push(rung);
            watch.go_on()
        };
        let (quantised, integers) = self.real(origin.options.readout)?;
        add(quantised)?;
        add(integers)?;
        add(self.engine(origin.options.readout))?;
        add(self.core(origin, watch)?)?;
        add(self.emitted(origin)?)?;
        add(self.recorded())?;
        for level in Level::ALL {
            add(self.pins(level, watch)?)?;
        }
        Ok(rungs)
    }

    /// Real weights against quantised ones, and these against integers.
    fn real(&self, readout: Readout) -> Result<(Rung, Rung)> {
        let manifest = folder::manifest(self.memory_path)?;
        let first = rung("quantised float", "the float model", "final states");
        let second = rung("integers", "quantised float", "final states");
        let of = |rung| {
            if self.memory.kind() == Kind::Auto {
                rung
            } else {
                Rung { compared: "answers of one step".into(), ..rung }
            }
        };
        let (first, second) = (of(first), of(second));
        let gamma = self.memory.parts().gamma;
        let why = match readout {
            _ if self.cues.known.is_some() => {
                Some("bits of the cues are unknown: real weights are compared on whole cues")
            }
            Readout::Nearest | Readout::Ranked { .. } => {
                Some("this build reads out the nearest patterns: there are no weights in it")
            }
            Readout::Vote if gamma <= 0.0 => Some("the memory does not say its gamma"),
            Readout::Vote => None,
        };
        if let Some(why) = why {
            return Ok((skipped(first, why), skipped(second, why)));
        }
        if self.memory.kind() != Kind::Auto {
            let cues = self.cues.bits;
            let quantised = keyed::of_weights(self.memory, cues)?;
            let above = match self.model {
                None => skipped(first, "no --model was given"),
                Some((model, _)) => self.stated(first, &keyed::of_model(model, cues)?, &quantised),
            };
            return Ok((above, self.stated(second, &quantised, &keyed::of_memory(self.memory, cues)?)));
        }
        let max_steps = self.memory.parts().max_steps;
        let weights = quantised_weights(self.memory, &manifest);
        let quantised =
            float_states(&FloatMemory::new(self.memory.patterns(), &weights, gamma)?, self.cues.bits, max_steps);
        let above = match self.model {
            None => skipped(first, "no --model was given"),
            Some((model, _)) => {
                let float = float_states(&FloatMemory::of(model)?, self.cues.bits, max_steps);
                self.stated(first, &float, &quantised)
            }
        };
        let integers = integer_states(self.memory, self.cues.bits);
        Ok((above, self.stated(second, &quantised, &integers)))
    }

    fn stated(&self, rung: Rung, above: &BitMatrix, below: &BitMatrix) -> Rung {
        // where an answer is no pattern, the one that a cue was made from says nothing about it
        let origin = self.cues.origin.filter(|_| self.memory.kind() == Kind::Auto);
        let origins = origin.map(|o| (self.memory.patterns(), o));
        let a = Agreement::of(above, below, origins);
        let exact = a
            .exact_above
            .zip(a.exact_below)
            .map_or(String::new(), |(above, below)| format!("; right: {above} before, {below} after"));
        let detail =
            format!("{} of {} answers are the same ({:.4} of the bits){exact}", a.same_answers, a.cues, a.same_bits);
        Rung { cues: Some(a.cues), result: Outcome::Stated, detail: Some(detail), agreement: Some(json!(a)), ..rung }
    }

    /// The fast engine against the integer reference.
    fn engine(&self, readout: Readout) -> Rung {
        let rung = rung("engine", "the integer reference", &format!("{ANSWERS}, fields"));
        if readout != Readout::Vote {
            return skipped(rung, "this build reads out the nearest patterns: the engine is not in its way");
        }
        let cues = self.cues.bits;
        let masks = self.cues.masks();
        let fast = Engine::new(self.memory).each_masked(cues, masks, |_, recall, scratch| scratch.answer(recall));
        let slow = |q: usize| match masks {
            Some(masks) => reference::recall_masked(self.memory, cues.row(q), masks.of(q)),
            None => reference::recall(self.memory, cues.row(q)),
        };
        let slow: Vec<_> = (0..cues.rows()).into_par_iter().map(slow).collect();
        let [fast, slow] = [fast, slow].map(|answers| Trace::from_answers(&answers, self.memory.outputs()));
        judged(rung, cues.rows(), fast.first_difference(&slow).map(|d| d.to_string()), None)
    }

    /// The emitted core.
    fn core(&self, origin: &Origin, watch: &dyn Watch) -> Result<Rung> {
        let compared = format!("{ANSWERS}, fields of the last step, cycles and candidates of every step");
        let rung = rung("rtl", "the integer reference", &compared);
        let count = self.cues.bits.rows();
        let of = |c: &Cosim| (c.difference.as_ref().map(|d| d.what.clone()), c.cost.cycles);
        let (difference, cycles) = match self.rtl {
            Some(done) => of(done),
            None => {
                // of cores side by side one: the others are the same
                let plan = Plan::with(self.memory, CoreOptions { cores: 1, ..origin.options })?;
                let library = Library::build(&emit(&plan, Top::Core, &origin.memory)?, Waveform::Off)?;
                let result = cosim(&library, self.memory, self.cues.asked(), CosimOptions::default(), watch);
                silent_is_different(result.map(|c| of(&c)))?
            }
        };
        Ok(judged(rung, count, difference, Some(cycles)))
    }

    /// Whether the Verilog of the build is what hopgate emits for this memory.
    fn emitted(&self, origin: &Origin) -> Result<Rung> {
        let rung =
            rung("verilog", "what hopgate emits for this memory", "every byte of the Verilog and of the ROM images");
        let Some(clock) = self.build.record.clock else {
            return Ok(Rung {
                result: Outcome::Differs,
                detail: Some("the build's report has no clock".into()),
                ..rung
            });
        };
        let plan = Plan::with(self.memory, origin.options)?;
        let line = if origin.link == Protocol::Spi { Line::Spi } else { Line::Uart };
        let design = emit(&plan, top(self.board, &clock, origin.link == Protocol::Framed, line)?, &origin.memory)?;
        let other = design.files().into_iter().find(|(name, text)| {
            let built = npz::read_file(&self.build.folder.join("rtl").join(name));
            !built.is_ok_and(|bytes| bytes == text.as_bytes())
        });
        let what = other.map(|(name, _)| format!("rtl/{name} is another file, or one of another version of hopgate"));
        Ok(Rung { cues: None, ..judged(rung, 0, what, None) })
    }

    /// Whether the files of the build are those that its report lists.
    fn recorded(&self) -> Rung {
        let rung = rung("files", "the build's report", "SHA-256 of everything that went in and came out");
        let record = &self.build.record;
        let all = record.inputs.iter().chain(&record.outputs);
        let other = all.into_iter().find(|(name, hash)| {
            let bytes = npz::read_file(&self.build.folder.join(name));
            !bytes.is_ok_and(|bytes| hopgate_eda::pack::sha256(&bytes) == **hash)
        });
        let what = other.map(|(name, _)| format!("{name} is not the file that the build left"));
        Rung { cues: None, ..judged(rung, 0, what, None) }
    }

    /// The build at its pins.
    fn pins(&self, level: Level, watch: &dyn Watch) -> Result<Rung> {
        let rung = rung(&level.to_string(), "the integer reference", &format!("{ANSWERS}, at the pins"));
        let count = self.cues.at_pins.min(self.cues.bits.rows());
        let first: Vec<usize> = (0..count).collect();
        let (bits, known) = (self.cues.bits.select(&first), self.cues.known.map(|known| known.select(&first)));
        let cues = hopgate_sim::Cues { bits: &bits, known: known.as_ref() };
        let chip = match Chip::build(self.build, level, Waveform::Off) {
            Ok(chip) => chip,
            Err(e) if e.kind() == ErrorKind::Usage => return Ok(skipped(rung, &e.to_string())),
            Err(e) => return Err(e.at(format!("the rung {level}"))),
        };
        let result = pins::recall(&chip, self.memory, cues, watch);
        let of = |o: pins::Outcome| (o.difference.map(|d| d.what), o.cost.cycles);
        let (difference, cycles) = silent_is_different(result.map(of))?;
        Ok(judged(rung, count, difference, Some(cycles)))
    }
}

/// Hardware that does not answer differs from the reference; other errors stay errors.
fn silent_is_different(result: Result<(Option<String>, u64)>) -> Result<(Option<String>, u64)> {
    match result {
        Err(e) if e.kind() == ErrorKind::Failed => Ok((Some(e.to_string()), 0)),
        other => other,
    }
}

pub(super) fn rung(name: &str, against: &str, compared: &str) -> Rung {
    Rung {
        name: name.into(),
        against: against.into(),
        compared: compared.into(),
        cues: None,
        result: Outcome::Skipped,
        detail: None,
        cycles: None,
        agreement: None,
    }
}

pub(super) fn skipped(rung: Rung, why: &str) -> Rung {
    Rung { result: Outcome::Skipped, detail: Some(why.into()), ..rung }
}

pub(super) fn judged(rung: Rung, cues: usize, difference: Option<String>, cycles: Option<u64>) -> Rung {
    let result = if difference.is_none() { Outcome::Equal } else { Outcome::Differs };
    Rung { cues: Some(cues), result, detail: difference, cycles, ..rung }
}
