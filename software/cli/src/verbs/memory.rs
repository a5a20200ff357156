//! `hopgate memory`: the memory that needs no training.

use super::{output::Outputs, quantize::Index, train, with_outputs};
use crate::ui::{Ui, number, table};
use hopgate::{
    Result,
    keyed::{Answers, FreeMemory, KeyedData},
    patterns,
};
use hopgate_files::folder;
use hopgate_model::{
    kernel::gamma_of_noise,
    memory::{DEFAULT_MAX_STEPS, MAX_STEPS},
};
use hopgate_train::quantizer::{DEFAULT_KERNEL_BITS, MemoryOptions};
use serde_json::json;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Make the memory that needs no training: patterns, or keys with classes or values, in one plane
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate memory glyphs --noise 0.05 -o memory/\n    \
                        hopgate memory keys.npy --labels classes.npy --noise 0.1 -o memory/\n\n\
                        At the gamma of the noise its answer is the exact posterior vote: of every bit, or of every class.")]
pub struct Args {
    /// Patterns, or keys: a file, a folder of pictures, or a built-in set
    patterns: OsString,
    /// The class of each key: .npy or .npz of whole numbers from 0, or .csv or .txt of numbers or names
    #[arg(long, value_name = "FILE", conflicts_with_all = ["values", "sequence"])]
    labels: Option<OsString>,
    /// The value of each key, (T, M) of 0 and 1
    #[arg(long, value_name = "FILE", conflicts_with = "sequence")]
    values: Option<OsString>,
    /// The value of each pattern is the next one, and that of the last is the first
    #[arg(long)]
    sequence: bool,
    /// The probability with which bits of the cues will be flipped: it sets gamma
    #[arg(long, value_name = "P", default_value_t = 0.1, value_parser = train::noise, allow_negative_numbers = true)]
    noise: f64,
    /// The kernel's gamma, instead of that of the noise
    #[arg(long, value_name = "G", value_parser = train::positive, conflicts_with = "noise", allow_negative_numbers = true)]
    gamma: Option<f64>,
    /// Bits of a kernel entry
    #[arg(long, value_name = "W", default_value_t = DEFAULT_KERNEL_BITS, value_parser = clap::value_parser!(u32).range(4..=16), allow_negative_numbers = true)]
    kernel_bits: u32,
    /// What the kernel columns are indexed by
    #[arg(long, value_enum, default_value_t = Index::Normalised)]
    kernel: Index,
    /// The most steps of a recall; the length of a sequence
    #[arg(long, value_name = "S", default_value_t = DEFAULT_MAX_STEPS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_STEPS)), allow_negative_numbers = true)]
    max_steps: u32,
    /// An answer is known if its nearest pattern is at most this far [default: always]
    #[arg(long, value_name = "D", allow_negative_numbers = true)]
    radius: Option<u32>,
    /// Where the memory goes
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let answers = match (&args.labels, &args.values, args.sequence) {
        (Some(labels), ..) => Some((Answers::Labels(labels), Some(labels))),
        (_, Some(values), _) => Some((Answers::Values(values), Some(values))),
        (.., true) => Some((Answers::Next, None)),
        _ => None,
    };
    let read = answers.and_then(|(_, file)| file).map(|file| Path::new(file).to_owned());
    Outputs::new(ui)
        .reads(Path::new(&args.patterns))
        .reads(read.as_deref())
        .folder(args.output.as_path(), folder::is_memory)
        .check()?;
    let options = MemoryOptions::default().kernel_bits(args.kernel_bits).kernel_mode(args.kernel.into());
    let options = options.max_steps(args.max_steps).radius(args.radius);
    let gamma = args.gamma.unwrap_or_else(|| gamma_of_noise(args.noise));
    let free = match answers {
        Some((answers, _)) => FreeMemory::of(&KeyedData::load(&args.patterns, answers)?, gamma, &options)?,
        None => FreeMemory::of_patterns(&patterns::load(&args.patterns)?, gamma, &options)?,
    };
    free.warnings.iter().for_each(|w| ui.warn(w));
    folder::save(&free.made, &args.output, &free.record)?;
    let json = with_outputs(json!({ "memory": ui.path(&args.output) }), &free)?;
    ui.result("memory/1", &json, || text(&args, &free))?;
    ui.note(format!("next: hopgate recall {} --noise {}", args.output.display(), args.noise));
    Ok(())
}

fn text(args: &Args, free: &FreeMemory) -> String {
    let (memory, made) = (&free.memory, &free.made);
    let mut rows = vec![
        vec!["kind".into(), made.kind().to_string()],
        vec!["patterns".into(), format!("{} of {} neurons", memory.patterns, memory.neurons)],
    ];
    if !made.kind().answers_keys() {
        rows.push(vec!["outputs".into(), made.outputs().to_string()]);
    }
    rows.extend([
        vec!["gamma".into(), number(free.gamma)],
        vec!["reach".into(), memory.reach.to_string()],
        vec!["accumulator bits".into(), memory.accumulator_bits.to_string()],
        vec!["memory".into(), args.output.display().to_string()],
        vec!["sha256".into(), memory.sha256.clone()],
    ]);
    table(&rows)
}
