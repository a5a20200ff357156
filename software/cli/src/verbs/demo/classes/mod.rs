//! `hopgate demo` of keys with classes: training, quantising at k = 1, 2, 3, accuracy, Verilog, co-simulation, bitstream, report.

mod learn;
mod pictures;
mod report;

pub use learn::float_classes;

use super::{
    super::asked::{AskArgs, Asked},
    Args, RUNS, hardware,
};
use crate::ui::Ui;
use hopgate::{Board, BuildOptions, HardwareOptions, Result, keyed::KeyedData, patterns};
use hopgate_files::trace;
use std::{ffi::OsStr, time::Instant};

/// The built-in set that `digits` stands for: it has a part to train on and a part to ask.
const DIGITS: [&str; 2] = ["optdigits:train", "optdigits:test"];

/// What makes it a demonstration of classes.
#[derive(clap::Args)]
pub struct Options {
    /// The keys have classes: those of the built-in set (`digits` stands for its larger set optdigits)
    #[arg(long, conflicts_with = "labels")]
    classes: bool,
    #[command(flatten)]
    labelled: AskArgs,
    /// With classes: how many keys are stored
    #[arg(long, value_name = "P", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    centres: u32,
}

impl Options {
    /// Reads the keys, if they have classes.
    pub fn load(&self, keys: &OsStr, learn: bool, seed: u64) -> Result<Option<Asked>> {
        if self.classes || learn {
            let [train, test] = if keys == "digits" { DIGITS.map(OsStr::new) } else { [keys, keys] };
            let trained = KeyedData::of_labelled(patterns::load_samples(train)?)?;
            if train == test {
                return Ok(Some(Asked::part_of(trained, seed)?));
            }
            return Ok(Some(Asked::with(trained, test, test)?));
        }
        self.labelled.load(keys, seed)
    }
}

/// Runs it.
pub fn run(args: &Args, data: &Asked, board: &Board, start: Instant, ui: &Ui) -> Result<()> {
    let samples = &data.trained.samples;
    data.trained.warnings.iter().for_each(|w| ui.warn(w));
    ui.note(format!(
        "1/6  keys       {} of {} bits, {} classes ({}); {} more to ask",
        samples.len(),
        samples.neurons(),
        samples.outputs(),
        data.trained.source,
        data.right.len()
    ));
    let learnt = learn::learn(data, args.classes.centres as usize, args.seed, ui)?;
    let out = &args.output;
    learnt.model.model.save(&out.join("model.npz"))?;
    learnt.chosen().save(&out.join("memory"))?;
    let memory = &learnt.chosen().made;
    ui.note(format!(
        "2/6  memory     gamma {:.4}, k = {}: {:.4} of the asked keys right, the float model {:.4}",
        learnt.model.gamma,
        learnt.planes,
        learnt.accuracy("memory"),
        learnt.accuracy("float model"),
    ));
    let hardware = HardwareOptions::new().on(memory, board)?;
    let count = data.asked.bits.rows().min(args.count as usize);
    let cues = data.asked.bits.select(&(0..count).collect::<Vec<_>>());
    let source = format!("the first {count} keys to ask of {}", data.asked.source);
    let proof = hardware::prove(memory, &hardware, cues, None, source, out, ui)?;
    proof.cosim.hardware.save(&out.join("trace.npz"))?;
    trace::save_answers(&proof.cues, &out.join("cues.npy"))?;
    ui.note(format!(
        "3/6  Verilog    {} cues co-simulated, {} cycles: every class and score as in the reference",
        proof.cues.rows(),
        proof.cosim.cost.cycles
    ));
    let bar = ui.follow("building the bitstream");
    let options = BuildOptions::new().runs(args.runs.unwrap_or(RUNS));
    let built = hopgate::build(memory, &hardware, board, &options, &out.join("build"), &bar)?;
    drop(bar);
    built.warnings.iter().for_each(|w| ui.warn(w));
    let build = &built.report;
    ui.note(format!(
        "4/6  bitstream  {:.1} MHz by {}, the board needs {:.0}",
        build.fmax_mhz, build.judge, build.clock_mhz
    ));
    let certificate = proof.climb(memory, Some(&learnt.model.model), board, args.pin_cues as usize, out, ui)?;
    let (names, count) = hardware::at_pins(&certificate);
    ui.note(format!("5/6  the ladder {count} cues through {names}: every answer as in the reference"));
    let flips = pictures::draw(data, &learnt, args.seed, out)?;
    let facts =
        report::Facts { args, data, learnt: &learnt, flips: &flips, proof: &proof, build, certificate: &certificate };
    facts.save(out)?;
    ui.note(format!("6/6  report     {}, report.html\n", out.join("report.md").display()));
    let json = serde_json::json!({ "outputs": { "results": ui.path(out) }, "report": facts.json() });
    ui.result("demo/1", &json, || facts.table(start.elapsed().as_secs_f64()))
}
