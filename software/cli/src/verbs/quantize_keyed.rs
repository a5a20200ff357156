//! `hopgate quantize` of a model of classes or values.

use super::{
    output::Outputs,
    quantize::{Args, How},
    with_outputs,
};
use crate::ui::{Ui, table};
use hopgate::{
    Error, Model, Result,
    keyed::{Answers, KeyedData, KeyedMemoryReport, KeyedQuantizeOptions},
};
use hopgate_files::folder;
use hopgate_model::kernel::KernelMode;
use serde_json::json;
use std::{ffi::OsString, path::Path};

/// The samples that a model of classes or values was trained on.
#[derive(clap::Args)]
pub struct KeyedArgs {
    /// Of a model of classes or values: the keys that it was trained on. `tuned` is fitted to them; the others are judged by them
    #[arg(long, value_name = "FILE")]
    pub keys: Option<OsString>,
    /// The class of each key
    #[arg(long, value_name = "FILE", requires = "keys", conflicts_with = "values")]
    pub labels: Option<OsString>,
    /// The value of each key
    #[arg(long, value_name = "FILE", requires = "keys")]
    pub values: Option<OsString>,
    /// tuned: the probability with which every bit of a key is flipped, in copies that are fitted to as well
    #[arg(long, value_name = "P", requires = "keys", value_parser = super::train::noise, allow_negative_numbers = true)]
    pub noise: Option<f64>,
    /// tuned: how many bits farther than the nearest key one may be and count; the fewer count, the faster a core answers
    #[arg(long, value_name = "BITS", requires = "keys", allow_negative_numbers = true)]
    pub reach: Option<usize>,
}

impl KeyedArgs {
    /// Fails if there are samples, for a model that has none.
    pub fn refuse(&self) -> Result<()> {
        if self.keys.is_none() {
            return Ok(());
        }
        let what = "--keys has no effect here: the model is of patterns, which are their own answers";
        Err(Error::usage(what).hint("leave --keys out"))
    }

    /// Reads the samples, if they are given.
    fn load(&self) -> Result<Option<KeyedData>> {
        let Some(keys) = &self.keys else { return Ok(None) };
        let answers = match (&self.labels, &self.values) {
            (Some(labels), _) => Answers::Labels(labels),
            (None, Some(values)) => Answers::Values(values),
            (None, None) => Answers::Next,
        };
        KeyedData::load(keys, answers).map(Some)
    }
}

/// Runs it.
pub fn run(args: &Args, model: &Model, ui: &Ui) -> Result<()> {
    if !args.corruption.is_empty() {
        let what = "--corruption is not for a model of classes or values";
        return Err(Error::usage(what).hint("--noise flips bits of the keys that it is fitted to"));
    }
    if args.kernel.is_some() {
        let what = "--kernel is not for a model of classes or values";
        return Err(Error::usage(what).hint("its kernel is what it was trained with: leave --kernel out"));
    }
    if args.scheme == How::Tuned && args.keyed.keys.is_none() {
        let what = "--scheme tuned is fitted to the samples of a model of classes or values, and there are none";
        return Err(Error::usage(what).hint("give --keys, and --labels or --values, that the model was trained on"));
    }
    let read = |spec: &Option<OsString>| spec.as_ref().map(|spec| Path::new(spec).to_owned());
    Outputs::new(ui)
        .reads(args.model.as_path())
        .reads(read(&args.keyed.keys).as_deref())
        .reads(read(&args.keyed.labels).or(read(&args.keyed.values)).as_deref())
        .folder(args.output.as_path(), folder::is_memory)
        .check()?;
    // the model has a kernel of its own
    let plain = args.options(KernelMode::Normalised)?;
    let mut options = KeyedQuantizeOptions::new(args.bits).scheme(plain.scheme).memory(plain.memory);
    options.noise = args.keyed.noise.unwrap_or(options.noise);
    options.reach = args.keyed.reach;
    options.seed = args.seed.unwrap_or(options.seed);
    let data = args.keyed.load()?;
    let bar = ui.follow("quantising");
    let report = KeyedMemoryReport::quantized(model, data.as_ref(), &options, &bar)?;
    drop(bar);
    report.save(&args.output)?;
    let json = with_outputs(json!({ "memory": ui.path(&args.output) }), &report)?;
    ui.result("quantize.keyed/1", &json, || text(args, &report))?;
    ui.note(format!("next: hopgate recall {} --queries cues.npy --expect answers.npy", args.output.display()));
    Ok(())
}

fn text(args: &Args, made: &KeyedMemoryReport) -> String {
    let memory = &made.memory;
    let mut rows = vec![
        vec!["kind".into(), format!("{}, {} outputs", memory.kind, memory.outputs)],
        vec!["patterns".into(), format!("{} of {} neurons", memory.patterns, memory.neurons)],
        vec!["planes".into(), format!("{} ({})", memory.planes, made.made.parts().scheme)],
    ];
    if let Some(report) = &made.quantize {
        let right = |score: &hopgate::keyed::KeyedScore| {
            format!(
                "{:.4} of {} samples (standard error {:.4})",
                score.accuracy(),
                score.samples,
                score.standard_error()
            )
        };
        rows.push(vec!["right answers".into(), right(&report.score)]);
        rows.push(vec!["float model".into(), right(&report.float)]);
        let rounded = [("shared", &report.shared), ("uniform", &report.uniform)];
        rows.push(vec!["keys in reach".into(), format!("{:.1} on average", report.candidates)]);
        rows.extend(rounded.into_iter().filter_map(|(name, s)| Some(vec![name.into(), right(s.as_ref()?)])));
    }
    rows.extend([
        vec!["kernel".into(), format!("{} bits, {}", memory.kernel_bits, memory.kernel_mode)],
        vec!["reach".into(), memory.reach.to_string()],
        vec!["accumulator bits".into(), memory.accumulator_bits.to_string()],
        vec!["stored bits".into(), memory.storage_bits.to_string()],
        vec!["memory".into(), args.output.display().to_string()],
        vec!["sha256".into(), memory.sha256.clone()],
    ]);
    table(&rows)
}
