//! The radius of `hopgate tune`: of the memory that it found, or of one that is there already.

use super::{output::Outputs, tune::Args, with_outputs};
use crate::ui::{Ui, table};
use hopgate::{
    BitMatrix, Error, Memory, Result,
    facts::MemoryFacts,
    patterns,
    radius::{self, RadiusOptions, RadiusReport},
};
use hopgate_files::folder::{self, Stored};
use hopgate_model::corrupt::Corruption;
use serde_json::json;
use std::{ffi::OsString, path::Path};

/// What a radius is proposed for.
#[derive(clap::Args)]
pub struct RadiusArgs {
    /// Give the memory the greatest radius that lets at most this share of foreign cues pass as known
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    false_accept: Option<f64>,
    /// --false-accept: things that belong to no pattern, (F, N), beside random ones; they suffer the same as the cues
    #[arg(long, value_name = "FILE", requires = "false_accept")]
    foreign: Option<OsString>,
    /// --false-accept: things that are to be known, (T, N), instead of the stored patterns
    #[arg(long, value_name = "FILE", requires = "false_accept")]
    known: Option<OsString>,
}

impl RadiusArgs {
    /// The file of foreign things.
    pub fn foreign_file(&self) -> Option<&Path> {
        self.foreign.as_deref().map(Path::new)
    }

    /// The file of things that are to be known.
    pub fn known_file(&self) -> Option<&Path> {
        self.known.as_deref().map(Path::new)
    }

    /// The options of the library, if a radius is asked for.
    pub fn options(
        &self,
        corruptions: Vec<Corruption>,
        seed: u64,
        shape: Option<(usize, usize)>,
        ui: &Ui,
    ) -> Result<Option<RadiusOptions>> {
        let Some(rate) = self.false_accept else { return Ok(None) };
        let load = |spec: &OsString| -> Result<(String, BitMatrix)> {
            let read = patterns::load_samples(spec)?;
            read.warnings.iter().for_each(|w| ui.warn(w));
            Ok((read.source, read.bits))
        };
        let foreign = self.foreign.as_ref().map(load).transpose()?;
        let known = self.known.as_ref().map(load).transpose()?.map(|(_, bits)| bits);
        let options = RadiusOptions::new(rate, corruptions).seed(seed).shape(shape);
        Ok(Some(options.foreign(foreign).known(known)))
    }
}

/// Proposes it, and says what to be wary of.
pub fn propose(memory: &Memory, options: &RadiusOptions, ui: &Ui) -> Result<RadiusReport> {
    let bar = ui.follow("choosing the radius");
    let report = radius::propose(memory, options, &bar)?;
    drop(bar);
    report.warnings.iter().for_each(|w| ui.warn(w));
    Ok(report)
}

/// Gives a memory that is there already a radius; all else of it stays.
pub fn run(args: &Args, ui: &Ui) -> Result<()> {
    let path = Path::new(&args.patterns);
    if args.board.is_some() || args.storage.is_some() {
        let option = if args.board.is_some() { "--board" } else { "--storage" };
        return Err(Error::usage(format!("{option} has no effect here: {} is a memory already", path.display()))
            .hint("give patterns to search for a memory of them, or leave it out"));
    }
    let Stored { memory, manifest, .. } = folder::open(path)?;
    let options = args.radius.options(args.corruptions(), args.seed, manifest.picture(), ui)?;
    let Some(options) = options else {
        return Err(Error::usage(format!("{} is a memory already", path.display()))
            .hint("give patterns to search for a memory of them, or `false-accept RATE` to give this one a radius"));
    };
    Outputs::new(ui)
        .reads(path)
        .reads(args.radius.foreign_file())
        .reads(args.radius.known_file())
        .folder(args.output.as_path(), folder::is_memory)
        .check()?;
    let report = propose(&memory, &options, ui)?;
    let memory = match report.proposed {
        Some(radius) => memory.with_radius(radius)?,
        None => memory,
    };
    folder::save(&memory, &args.output, &manifest.info)?;
    let outputs = json!({ "memory": ui.path(&args.output) });
    let result = json!({ "memory": MemoryFacts::of(&memory), "radius": report });
    ui.result("tune.radius/1", &with_outputs(outputs, &result)?, || {
        format!("{}\nmemory in {}", text(&report), args.output.display())
    })
}

/// For people.
pub fn text(report: &RadiusReport) -> String {
    let proposed = match report.proposed {
        Some(radius) => radius.to_string(),
        None => format!("none keeps a false-accept rate of {}", report.asked),
    };
    let mut rows = vec![vec!["radius".into(), proposed]];
    for foreign in &report.foreign {
        let (share, cues, mean) = (foreign.false_accept, foreign.cues, foreign.mean_distance);
        let of = format!("{share:.4} of {cues} cues, at {mean:.1} on average: {}", foreign.source);
        rows.push(vec!["false accepts".into(), of]);
    }
    let (rate, cues, mean) = (report.rates.false_reject, report.cues, report.mean_distance);
    rows.push(vec!["false rejects".into(), format!("{rate:.4} of {cues} cues, at {mean:.1} on average")]);
    let mut beside = vec![["radius", "false accepts", "false rejects"].map(str::to_owned).to_vec()];
    let rates = report.beside.iter().map(|at| (at.radius.to_string(), at.false_accept, at.false_reject));
    beside.extend(rates.map(|(radius, accept, reject)| vec![radius, format!("{accept:.4}"), format!("{reject:.4}")]));
    format!("{}\n{}", table(&rows), table(&beside))
}
