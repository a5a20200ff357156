//! `report.md`, `report.json` and `report.html`.

use super::{
    Args,
    hardware::{self, Proof},
    learn::Learnt,
};
use crate::ui::table;
use hopgate::compare::{CoreSize, NearestSearch};
use hopgate_eda::{report::BuildReport, tools};
use hopgate_files::{atomic, folder, patterns::Patterns};
use hopgate_lab::study::{Curve, Role};
use hopgate_model::Result;
use hopgate_sim::certificate::Certificate;
use hopgate_train::scoring::{Nearest, score};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// Everything that the report is made of.
pub struct Facts<'a> {
    /// How it was called.
    pub args: &'a Args,
    /// The patterns.
    pub patterns: &'a Patterns,
    /// What was learnt.
    pub learnt: &'a Learnt,
    /// The co-simulation.
    pub proof: &'a Proof,
    /// The bitstream.
    pub build: &'a BuildReport,
    /// The nearest-pattern search, built too.
    pub nearest_search: Option<&'a NearestSearch>,
    /// The ladder down to it.
    pub certificate: &'a Certificate,
}

impl Facts<'_> {
    /// Microseconds of a recall at the board's clock: the steps, and the words in and out of the core.
    fn recall_microseconds(&self) -> f64 {
        let words = 2 * self.proof.plan.lanes() + 3;
        (self.proof.mean_recall_cycles() + words as f64) / self.build.clock_mhz
    }

    /// Share of the co-simulated cues whose answer is the pattern that they were made from.
    fn exact(&self) -> f64 {
        let (answers, stored) = (&self.proof.cosim.hardware.state, &self.patterns.bits);
        let right = (0..answers.rows()).filter(|&q| answers.row(q) == stored.row(q % stored.rows())).count();
        right as f64 / answers.rows() as f64
    }

    /// The same share for a nearest-pattern search, on the same cues.
    fn exact_nearest(&self) -> f64 {
        score(&Nearest(&self.patterns.bits), &self.patterns.bits, &self.proof.cues).exact_recall()
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
        let Facts { learnt, proof, build, patterns, args, certificate, .. } = self;
        let plan = &proof.plan;
        let memory = learnt.chosen();
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "patterns": { "source": patterns.source, "neurons": plan.neurons, "patterns": plan.patterns },
            "seed": args.seed,
            "noise": args.noise,
            "gamma_search": learnt.search,
            "model": { "gamma": learnt.model.gamma, "lambda": learnt.model.lambda, "meta": learnt.model.meta },
            "memory": {
                "sha256": folder::hash(memory),
                "planes": plan.planes,
                "sufficient": learnt.sufficient,
                "kernel_bits": plan.kernel_bits,
                "reach": plan.reach,
                "accumulator_bits": memory.accumulator_bits(),
                "storage_bits": memory.storage_bits(),
                "quantisers": learnt.memories.iter().map(|m| json!(m.quantize)).collect::<Vec<_>>(),
            },
            "study": learnt.study,
            "cosim": {
                "cues": proof.cues.rows(),
                "equal": proof.cosim.difference.is_none(),
                "cycles": proof.cosim.cost.cycles,
                "exact_recall": self.exact(),
                "nearest_exact_recall": self.exact_nearest(),
            },
            "cycles_per_step": {
                "scan": plan.patterns,
                "candidates": proof.mean_queued(),
                "vote": plan.planes as f64 * proof.mean_queued(),
                "latency": plan.latency(),
                "longest": proof.longest_step(),
            },
            "steps_per_recall": proof.mean_steps(),
            "microseconds_per_recall": self.recall_microseconds(),
            "ladder": certificate.rungs,
            "build": build,
            "nearest": self.nearest_search.map(NearestSearch::record),
        })
    }

    /// The short table on the terminal.
    pub fn table(&self, seconds: f64) -> String {
        let Facts { learnt, proof, build, .. } = self;
        let plan = &proof.plan;
        let row = |name: &str, value: String| vec![name.to_owned(), value];
        table(&[
            row("patterns", format!("{} of {} bits", plan.patterns, plan.neurons)),
            row("memory", format!("k = {}, {} bits stored", plan.planes, learnt.chosen().storage_bits())),
            row("exact recall in hardware", format!("{:.4} at {} flips", self.exact(), percent(self.args.noise))),
            row("nearest-pattern search", self.nearest_search()),
            row("co-simulation", format!("{} cues, every bit equal", proof.cues.rows())),
            row("at the pins", self.at_pins()),
            row("logic cells", format!("{} of {}", build.logic_cells.used, build.logic_cells.available)),
            row("block RAMs", format!("{} of {}", build.block_rams.used, build.block_rams.available)),
            row(
                &format!("clock by {}", build.judge),
                format!("{:.1} MHz, {:.0} needed", build.fmax_mhz, build.clock_mhz),
            ),
            row("time per recall", format!("{:.1} us, {:.2} steps", self.recall_microseconds(), proof.mean_steps())),
            row("all of it took", format!("{seconds:.0} s")),
        ])
    }

    /// What the nearest-pattern search takes and recalls, in a line.
    fn nearest_search(&self) -> String {
        let recall = format!("{:.4} for the same cues", self.exact_nearest());
        match self.nearest_search.map(|b| b.core) {
            Some(CoreSize { from, logic_cells, block_rams, .. }) => {
                format!("{recall}, in {logic_cells} logic cells and {block_rams} block RAMs ({from})")
            }
            None => recall,
        }
    }

    /// For people.
    fn markdown(&self) -> String {
        let Facts { learnt, proof, build, patterns, args, .. } = self;
        let (plan, memory, model) = (&proof.plan, learnt.chosen(), &learnt.model);
        let queued = proof.mean_queued();
        let mut md = String::new();
        let mut section = |title: &str, rows: &[(&str, String)]| {
            let _ = writeln!(md, "\n## {title}\n\n| | |\n|---|---|");
            for (name, value) in rows {
                let _ = writeln!(md, "| {name} | {value} |");
            }
        };
        let shared = if plan.shared_top { ", the top plane is the patterns and is stored once" } else { "" };
        let search = learnt.search.tried.iter().map(|t| format!("{:.3} ({:.4})", t.gamma, t.score.exact_recall()));
        section(
            "Sizes",
            &[
                (
                    "patterns",
                    format!(
                        "{} of {} bits, load P/N = {:.2}",
                        plan.patterns,
                        plan.neurons,
                        plan.patterns as f64 / plan.neurons as f64
                    ),
                ),
                ("planes", format!("{}{shared}", plan.planes)),
                ("stored bits", memory.storage_bits().to_string()),
                ("kernel", format!("{}, {} bits, reach {}", plan.kernel_mode, plan.kernel_bits, plan.reach)),
                ("accumulators", format!("{} bits, for every state (proven bound)", memory.accumulator_bits())),
            ],
        );
        section(
            "Training",
            &[
                ("solver", format!("{}, {} iterations", model.meta.solver, model.meta.iterations)),
                ("KKT residual", format!("{:.2e}", model.meta.residual)),
                ("gamma", format!("{:.4}, lambda {}", model.gamma, model.lambda)),
                (
                    "gammas tried",
                    format!(
                        "exact recall of held-out cues with {} flips, training-free: {}",
                        percent(args.noise),
                        search.collect::<Vec<_>>().join(", ")
                    ),
                ),
                (
                    "signs unlike the stored bit",
                    format!("{} of {}", learnt.quantized().quantize.sign_disagreements, plan.patterns * plan.neurons),
                ),
            ],
        );
        md += "\n## Exact recall against noise\n\n";
        md += &study_table(&learnt.study.curves, |c, i| format!("{:.4}", c.points[i].exact.mean));
        let options = &learnt.study.options;
        let _ = writeln!(
            md,
            "\nMeans over {} trials of {} cues, drawn from seed {}; flips are independent bits. *nearest pattern* is the \
             maximum-likelihood bound of exact recall; *training-free* is the memory with alpha = xi at the same gamma. \
             {}\n\n![recall against noise](recall.svg)\n",
            options.trials,
            options.cues,
            options.seed,
            if learnt.sufficient {
                format!(
                    "k = {} is the smallest within 0.005 of float up to 10 % flips, and is what was built.",
                    learnt.planes
                )
            } else {
                "No k up to 3 is within 0.005 of float up to 10 % flips; k = 3 was built.".to_owned()
            }
        );
        md += "## Right bits against noise\n\n";
        md += &study_table(&learnt.study.curves, |c, i| format!("{:.4}", c.points[i].bits.mean));
        let mut section = |title: &str, rows: &[(&str, String)]| {
            let _ = writeln!(md, "\n## {title}\n\n| | |\n|---|---|");
            for (name, value) in rows {
                let _ = writeln!(md, "| {name} | {value} |");
            }
        };
        section(
            "Hardware against the reference",
            &[
                ("cues", format!("{} with {} flips, seed {}", proof.cues.rows(), percent(args.noise), args.seed)),
                ("compared", "answers, steps, converged, nearest, distance, fields of the last step, cycles and candidates of every step".into()),
                ("result", "equal, every bit".into()),
                ("exact recall", format!("{:.4}", self.exact())),
                ("by the nearest pattern", format!("{:.4} of the same cues", self.exact_nearest())),
                ("clock cycles simulated", proof.cosim.cost.cycles.to_string()),
                ("at the pins of the board", self.at_pins()),
                ("certificate", "[certificate.md](certificate.md)".into()),
            ],
        );
        let seeds = build.seeds.iter().map(|s| match s.fmax_mhz {
            Some(mhz) => format!("{} ({mhz:.1})", s.seed),
            None => format!("{} (failed)", s.seed),
        });
        let clock_by = format!("clock by {}", build.judge);
        section(
            &build.board,
            &[
                ("logic cells", format!("{} of {}", build.logic_cells.used, build.logic_cells.available)),
                ("block RAMs", format!("{} of {}", build.block_rams.used, build.block_rams.available)),
                (&clock_by, format!("{:.1} MHz, the board needs {:.0}", build.fmax_mhz, build.clock_mhz)),
                ("seeds (MHz)", seeds.collect::<Vec<_>>().join(", ")),
                ("bitstream sha256", format!("`{}`", build.bitstream_sha256().unwrap_or("-"))),
            ],
        );
        if let Some(NearestSearch { core, .. }) = self.nearest_search {
            let plain = core.mhz.map_or("-".to_owned(), |mhz| format!("{mhz:.1}"));
            section(
                "Beside a nearest-pattern search",
                &[
                    (
                        "built",
                        "the same patterns with `--readout nearest`: no kernel, no accumulators, one step".into(),
                    ),
                    ("logic cells", format!("{} (the vote {})", core.logic_cells, build.logic_cells.used)),
                    ("block RAMs", format!("{} (the vote {})", core.block_rams, build.block_rams.used)),
                    ("MHz", format!("{plain} (the vote {:.1})", build.fmax_mhz)),
                    (
                        "exact recall",
                        format!(
                            "{:.4} (the vote {:.4}), with {} flips; above, *nearest pattern* and k = {}",
                            self.exact_nearest(),
                            self.exact(),
                            percent(args.noise),
                            learnt.planes
                        ),
                    ),
                ],
            );
        }
        section(
            "Cycles",
            &[
                ("scan", format!("{} (one row a cycle)", plan.patterns)),
                ("candidates", format!("{queued:.1} queued on average")),
                ("vote", format!("{:.1} (k = {} per candidate)", plan.planes as f64 * queued, plan.planes)),
                ("latency", plan.latency().to_string()),
                (
                    "step",
                    format!(
                        "{:.1} on average, {} at most here",
                        plan.patterns as f64 + plan.planes as f64 * queued + plan.latency() as f64,
                        proof.longest_step()
                    ),
                ),
                ("steps per recall", format!("{:.2}", proof.mean_steps())),
                (
                    "time per recall",
                    format!(
                        "{:.2} us at {:.0} MHz, words in and out included",
                        self.recall_microseconds(),
                        build.clock_mhz
                    ),
                ),
            ],
        );
        let verilator = tools::require("verilator").map(|t| t.banner).unwrap_or_default();
        let versions = build.tools.iter().map(|t| t.banner.clone()).chain([verilator]).filter(|b| !b.is_empty());
        section(
            "Provenance",
            &[
                ("hopgate", env!("CARGO_PKG_VERSION").into()),
                ("tools", versions.collect::<Vec<_>>().join("; ")),
                ("memory sha256", format!("`{}`", folder::hash(memory))),
                ("seeds", format!("noise {}, place and route 1 to {}", args.seed, build.seeds.len())),
            ],
        );
        let sheet = match patterns.shape {
            Some(_) => {
                "\nStored, cue, answer; wrong pixels of the answer in red:\n\n![contact sheet](contact-sheet.png)\n"
            }
            None => "",
        };
        format!("# {}: from patterns to a verified bitstream\n{sheet}{md}", patterns.source)
    }
}

fn percent(p: f64) -> String {
    format!("{} %", (p * 1000.0).round() / 10.0)
}

fn study_table(curves: &[Curve], cell: impl Fn(&Curve, usize) -> String) -> String {
    let Some(first) = curves.first() else { return String::new() };
    let mut md = String::from("| flips |");
    curves
        .iter()
        .for_each(|c| md += &format!(" {}{} |", c.label, if c.role == Role::Nearest { " (bound)" } else { "" }));
    md += &format!("\n|---|{}\n", "---|".repeat(curves.len()));
    for (i, point) in first.points.iter().enumerate() {
        md += &format!("| {} |", percent(point.noise));
        curves.iter().for_each(|c| md += &format!(" {} |", cell(c, i)));
        md.push('\n');
    }
    md
}
