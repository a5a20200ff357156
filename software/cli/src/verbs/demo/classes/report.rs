//! `report.md`, `report.json` and `report.html` of a demonstration of classes.

use super::{
    super::{
        super::asked::Asked,
        hardware::{self, Proof},
    },
    Args,
    learn::Learnt,
    pictures,
};
use crate::ui::table;
use hopgate::Result;
use hopgate_eda::report::BuildReport;
use hopgate_files::{atomic, folder};
use hopgate_lab::{
    classes::{Curve, FlipStudy},
    statistics::Spread,
};
use hopgate_sim::certificate::Certificate;
use serde_json::{Value, json};
use std::{fmt::Write, path::Path};

/// Everything that the report is made of.
pub struct Facts<'a> {
    /// How it was called.
    pub args: &'a Args,
    /// The keys.
    pub data: &'a Asked,
    /// What was learnt.
    pub learnt: &'a Learnt,
    /// How right they are with flipped bits.
    pub flips: &'a FlipStudy,
    /// The co-simulation.
    pub proof: &'a Proof,
    /// The bitstream.
    pub build: &'a BuildReport,
    /// The ladder down to it.
    pub certificate: &'a Certificate,
}

/// A line of accuracy against flips.
fn curve(curve: &Curve, noise: &[f64]) -> Value {
    let point =
        |(noise, at): (&f64, &Spread)| json!({ "noise": noise, "accuracy": at.mean, "deviation": at.deviation });
    json!({ "label": curve.label, "points": noise.iter().zip(&curve.accuracy).map(point).collect::<Vec<_>>() })
}

impl Facts<'_> {
    /// Answers a second at the board's clock, without the way over its pins.
    fn answers_a_second(&self) -> f64 {
        self.build.clock_mhz * 1e6 / self.proof.mean_recall_cycles().max(1.0)
    }

    /// What the rungs below the core say, in a line.
    fn at_pins(&self) -> String {
        let (names, count) = hardware::at_pins(self.certificate);
        format!("{count} cues through {names}: every answer equal")
    }

    /// Writes the three files, that for people last.
    pub fn save(&self, out: &Path) -> Result<()> {
        atomic::write(&out.join("report.json"), format!("{:#}\n", self.json()).as_bytes())?;
        hopgate_web::report::save(out)?;
        atomic::write(&out.join("report.md"), self.markdown().as_bytes())
    }

    /// For machines.
    pub fn json(&self) -> Value {
        let Facts { learnt, flips, proof, build, data, args, certificate } = self;
        let memory = &learnt.chosen().made;
        let accuracy: serde_json::Map<String, Value> =
            learnt.accuracy.iter().map(|(name, share)| (name.clone(), json!(share))).collect();
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "keys": {
                "source": data.trained.source, "samples": data.trained.samples.len(), "asked": data.right.len(),
                "neurons": memory.neurons(), "classes": hopgate::classify::names(memory),
            },
            "seed": args.seed,
            "model": learnt.model,
            "memory": {
                "sha256": folder::hash(memory), "planes": learnt.planes, "patterns": memory.patterns().rows(),
                "storage_bits": memory.storage_bits(),
                "quantisers": learnt.memories.iter().map(|m| json!(m.quantize)).collect::<Vec<_>>(),
            },
            "accuracy": accuracy,
            "confusion": pictures::confusion(learnt, data),
            "flips": { "curves": flips.curves.iter().map(|c| curve(c, &flips.noise)).collect::<Vec<_>>() },
            "cosim": {
                "cues": proof.cues.rows(), "equal": proof.cosim.difference.is_none(), "cycles": proof.cosim.cost.cycles,
                "cycles_per_answer": proof.mean_recall_cycles(),
            },
            "answers_per_second": self.answers_a_second(),
            "ladder": certificate.rungs,
            "build": build,
        })
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let Facts { learnt, proof, build, data, .. } = self;
        let memory = &learnt.chosen().made;
        let row = |name: &str, value: String| vec![name.to_owned(), value];
        let share = |name: &str| format!("{:.4} of {} keys", learnt.accuracy(name), data.right.len());
        vec![
            row(
                "keys",
                format!("{} of {} bits, {} classes", data.trained.samples.len(), memory.neurons(), memory.outputs()),
            ),
            row(
                "memory",
                format!(
                    "{} centres, k = {}, {} bits stored",
                    memory.patterns().rows(),
                    learnt.planes,
                    memory.storage_bits()
                ),
            ),
            row("right class", share("memory")),
            row("float model", share("float model")),
            row("nearest of the same centres", share("nearest of the same centres")),
            row("nearest of all keys", share("nearest of all keys")),
            row("linear model", share("linear model")),
            row("co-simulation", format!("{} cues, every class and score equal", proof.cues.rows())),
            row("the ladder", self.at_pins()),
            row("logic cells", format!("{} of {}", build.logic_cells.used, build.logic_cells.available)),
            row("block RAMs", format!("{} of {}", build.block_rams.used, build.block_rams.available)),
            row(
                "clock",
                format!("{:.1} MHz by {}, the board needs {:.0}", build.fmax_mhz, build.judge, build.clock_mhz),
            ),
            row("answers a second", format!("{:.0} at {:.0} MHz", self.answers_a_second(), build.clock_mhz)),
        ]
    }

    /// The short table on the terminal.
    pub fn table(&self, seconds: f64) -> String {
        let mut rows = self.rows();
        rows.push(vec!["seconds".into(), format!("{seconds:.0}")]);
        table(&rows)
    }

    fn markdown(&self) -> String {
        let Facts { learnt, data, .. } = self;
        let mut text = format!("# {}: a memory of classes\n\n", data.trained.source);
        let _ = writeln!(text, "| | |\n|---|---|");
        for row in self.rows() {
            let _ = writeln!(text, "| {} | {} |", row[0], row[1]);
        }
        let _ = writeln!(
            text,
            "\n## Right classes\n\nThe {} keys that were asked are not among those that were trained on.\n",
            data.right.len()
        );
        let _ = writeln!(text, "| | share |\n|---|---|");
        for (name, share) in learnt.accuracy.iter().filter(|(name, _)| name != "memory") {
            let _ = writeln!(text, "| {name} | {share:.4} |");
        }
        let _ = writeln!(
            text,
            "\nk planes are k bits for each dual weight. Nearest: a search answers the class of the nearest stored key.\n"
        );
        let _ = writeln!(
            text,
            "![Which classes are mistaken for which](confusion.svg)\n\n![Accuracy against flips](flips.svg)"
        );
        if data.asked.shape.is_some() {
            let _ = writeln!(
                text,
                "\nUnder each cue stands the answer. Beside it are the three stored keys that raised its score most above that of the right class: the class each votes for, its distance, and by how much.\n\n![Wrong answers](mistakes.svg)"
            );
        }
        text
    }
}
