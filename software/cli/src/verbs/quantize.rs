//! `hopgate quantize`: from a trained model to a memory of a few bit planes.

use super::{output::Outputs, quantize_keyed, with_outputs};
use crate::ui::{Ui, table};
use hopgate::{
    Kind,
    memories::{MemoryReport, TuneFor},
};
use hopgate_files::{folder, model_file::Model};
use hopgate_model::{
    Error, Result,
    corrupt::Corruption,
    kernel::KernelMode,
    memory::{DEFAULT_MAX_STEPS, MAX_STEPS},
};
use hopgate_train::{
    quantizer::{DEFAULT_KERNEL_BITS, MemoryOptions, QuantizeOptions, QuantizeReport, Scheme},
    tuning::TuneReport,
};
use serde_json::json;
use std::path::PathBuf;

/// Quantise a trained model to bit planes and integer kernel columns: a memory
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate quantize model.npz --bits 2 --scheme shared -o memory/\n    \
                        hopgate quantize model.npz --bits 1 --scheme tuned --corruption dropout:0.2 -o memory/\n    \
                        hopgate quantize model.npz --bits 2 --scheme tuned --keys keys.npy --labels classes.npy -o memory/\n\n\
                        The folder is plain: manifest.json and four .npy files that numpy alone opens.")]
pub struct Args {
    /// A trained model, as `train` writes it
    pub model: PathBuf,
    /// Bits per dual weight, that is planes: 1 to 4 (shared, tuned), 1 to 16 (uniform; hardware takes 4)
    #[arg(long, value_name = "K", allow_negative_numbers = true)]
    pub bits: usize,
    /// How dual weights become bits
    #[arg(long, value_enum, default_value_t = How::Shared)]
    pub scheme: How,
    /// Bits of a kernel entry
    #[arg(long, value_name = "W", default_value_t = DEFAULT_KERNEL_BITS, value_parser = clap::value_parser!(u32).range(4..=16), allow_negative_numbers = true)]
    pub kernel_bits: u32,
    /// What the kernel columns are indexed by [default: normalised; of a model of classes or values, what it was trained with]
    #[arg(long, value_enum)]
    pub kernel: Option<Index>,
    /// The most steps of a recall
    #[arg(long, value_name = "S", default_value_t = DEFAULT_MAX_STEPS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_STEPS)), allow_negative_numbers = true)]
    pub max_steps: u32,
    /// An answer is known if its nearest pattern is at most this far [default: always]
    #[arg(long, value_name = "D", allow_negative_numbers = true)]
    pub radius: Option<u32>,
    /// tuned: what happens to the cues, flips:P, dropout:P, erase:P, burst:BITS, or for pictures shift, thicken:P, thin:P; several
    /// make an equal share of them each [default: flips:0.1]
    #[arg(long, value_name = "WHAT", value_parser = super::corruption)]
    pub corruption: Vec<Corruption>,
    /// tuned: seed of the cues [default: 1]
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub keyed: quantize_keyed::KeyedArgs,
    /// Where the memory goes
    #[arg(short, long, value_name = "FOLDER")]
    pub output: PathBuf,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
pub enum How {
    /// The paper's grid of equal steps
    Uniform,
    /// The top plane is the pattern matrix itself, stored once
    Shared,
    /// As shared, with bits and columns tuned to recall itself, for the corruption of the cues
    Tuned,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Index {
    /// The distance beyond the nearest pattern's: never underflows
    Normalised,
    /// The distance itself
    Fixed,
}

impl From<Index> for KernelMode {
    fn from(index: Index) -> Self {
        match index {
            Index::Normalised => KernelMode::Normalised,
            Index::Fixed => KernelMode::Fixed,
        }
    }
}

impl Args {
    /// The options of the library, with this kernel.
    pub fn options(&self, kernel_mode: KernelMode) -> Result<QuantizeOptions> {
        let scheme = match self.scheme {
            How::Uniform => Scheme::Uniform,
            How::Shared => Scheme::Shared,
            How::Tuned => Scheme::Tuned,
        };
        let memory = MemoryOptions::default().kernel_bits(self.kernel_bits).kernel_mode(kernel_mode);
        let options =
            QuantizeOptions::new(scheme, self.bits).memory(memory.max_steps(self.max_steps).radius(self.radius));
        // the one range that depends on another option, and so is not checked while parsing
        options.check().map_err(|e| e.at("--bits"))?;
        Ok(options)
    }
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    if args.scheme != How::Tuned && (!args.corruption.is_empty() || args.seed.is_some()) {
        return Err(Error::usage("--corruption and --seed are for --scheme tuned alone").hint("add --scheme tuned"));
    }
    let model = Model::load(&args.model)?;
    if model.kind() != Kind::Auto {
        return quantize_keyed::run(&args, &model, ui);
    }
    args.keyed.refuse()?;
    Outputs::new(ui).reads(args.model.as_path()).folder(args.output.as_path(), folder::is_memory).check()?;
    let options = args.options(args.kernel.map_or(KernelMode::Normalised, KernelMode::from))?;
    let tune_for = TuneFor::new(args.corruption.clone()).seed(args.seed.unwrap_or(1));
    let bar = ui.follow("quantising");
    let report = MemoryReport::quantized(&model, &options, &tune_for, &bar)?;
    drop(bar);
    report.warnings.iter().for_each(|w| ui.warn(w));
    report.save(&args.output)?;
    let json = with_outputs(json!({ "memory": ui.path(&args.output) }), &report)?;
    ui.result("quantize/1", &json, || {
        text(&args, &options, &report) + &report.tuned.as_ref().map_or(String::new(), tuned_text)
    })?;
    let folder = args.output.display();
    ui.note(format!("next: hopgate cosim {folder} --noise 0.1, or hopgate estimate {folder} --board alchitry-cu"));
    Ok(())
}

/// What tuning gained.
fn tuned_text(report: &TuneReport) -> String {
    let fresh = &report.fresh;
    let gain =
        format!("{:.4} of fresh cues ({}), shared {:.4}", fresh.tuned, report.corruptions.join(", "), fresh.shared);
    let kept = if report.replaced { "tuned" } else { "shared kept: nothing beat it beyond chance" };
    table(&[vec!["exact recall".into(), gain], vec!["outcome".into(), kept.into()]])
}

fn text(args: &Args, options: &QuantizeOptions, made: &MemoryReport) -> String {
    let (report, memory) = (&made.quantize, &made.memory);
    let shown = |all: &[f64]| all.iter().map(|v| format!("{v:.3}")).collect::<Vec<_>>().join(" ");
    let levels = match report.levels.len() {
        0 => format!("{} from {:.3}", 1u64 << report.bits, lowest(report)),
        1..=16 => shown(&report.levels),
        n => format!("{n}: {} ... {}", shown(&report.levels[..3]), shown(&report.levels[n - 3..])),
    };
    let top = if report.top_plane_is_pattern { ", the top one is the patterns" } else { "" };
    table(&[
        vec!["patterns".into(), format!("{} of {} neurons", memory.patterns, memory.neurons)],
        vec!["planes".into(), format!("{} ({}){top}", report.bits, report.scheme)],
        vec!["levels".into(), levels],
        vec!["mean squared error".into(), format!("{:.4e}", report.mean_squared_error)],
        vec!["sign disagreements".into(), report.sign_disagreements.to_string()],
        vec!["kernel".into(), format!("{} bits, {}", options.memory.kernel_bits, options.memory.kernel_mode)],
        vec!["reach".into(), report.reach.to_string()],
        vec!["accumulator bits".into(), report.accumulator_bits.to_string()],
        vec!["stored bits".into(), report.storage_bits.to_string()],
        vec!["memory".into(), args.output.display().to_string()],
        vec!["sha256".into(), memory.sha256.clone()],
    ])
}

/// The lowest level.
fn lowest(report: &QuantizeReport) -> f64 {
    report.offset - report.weights.iter().sum::<f64>()
}
