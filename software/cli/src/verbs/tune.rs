//! `hopgate tune`: the best memory that fits a board or a number of bits, for the noise that its cues will have; and a radius for it.

use super::{DEFAULT_BOARD, output::Outputs, tune_radius, with_outputs};
use crate::ui::{Ui, table};
use hopgate::{Board, memories::SearchReport};
use hopgate_files::{atomic, folder, patterns};
use hopgate_lab::{
    chart::{Axis, BLUE, Chart, Colour, Figure, GREEN, GREY, Mark, PURPLE, RED, Series, Shape},
    experiments::Table,
};
use hopgate_model::{Result, corrupt::Corruption, memory::Memory};
use hopgate_train::search::{Candidate, within_storage};
use serde_json::json;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Search for the best memory that fits: gammas, bits and quantisers, all tried on noisy cues
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate tune glyphs --board alchitry-cu --noise 0.05 -o memory/\n    \
                        hopgate tune mine.npy --storage 12288 --corruption dropout:0.2 -o memory/\n    \
                        hopgate tune memory/ --false-accept 0.01 --foreign others.npy -o rejecting/\n\n\
                        A corruption is flips:P, dropout:P, erase:P, burst:BITS, or for pictures shift, thicken:P, thin:P. What was tried stands\n\
                        beside the memory, in FOLDER-tried.csv and FOLDER-tried.svg.\n\n\
                        A memory folder in the place of PATTERNS is kept as it is and given the radius of --false-accept; it may be of any kind.")]
pub struct Args {
    /// Patterns: a file, a folder of pictures, or a built-in set; with --false-accept also a memory folder
    pub patterns: OsString,
    /// The board that it must fit: a name, or a board file (.toml) [default: alchitry-cu]
    #[arg(long, conflicts_with = "storage")]
    pub board: Option<OsString>,
    /// The bits that patterns and planes may take, instead of a board
    #[arg(long, value_name = "B", value_parser = clap::value_parser!(u64).range(1..))]
    pub storage: Option<u64>,
    /// The flip probability of the cues [default: 0.1, unless there is a --corruption]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub noise: Option<f64>,
    /// What happens to the cues; several make an equal share of them each
    #[arg(long, value_name = "WHAT", value_parser = super::corruption)]
    pub corruption: Vec<Corruption>,
    #[command(flatten)]
    pub radius: tune_radius::RadiusArgs,
    /// Seed of all cues
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where the memory goes
    #[arg(short, long, value_name = "FOLDER")]
    pub output: PathBuf,
}

impl Args {
    /// What happens to the cues.
    pub fn corruptions(&self) -> Vec<Corruption> {
        let mut all = self.corruption.clone();
        if let Some(p) = self.noise.or(all.is_empty().then_some(0.1)) {
            all.insert(0, Corruption::Flips(p));
        }
        all
    }
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    if folder::is_memory(Path::new(&args.patterns)) {
        return tune_radius::run(&args, ui);
    }
    let patterns = patterns::load(&args.patterns)?;
    patterns.warnings.iter().for_each(|w| ui.warn(w));
    let [tried, picture] = ["tried.csv", "tried.svg"].map(|what| beside(&args.output, what));
    Outputs::new(ui)
        .reads(Path::new(&args.patterns))
        .reads(args.radius.foreign_file())
        .reads(args.radius.known_file())
        .folder(args.output.as_path(), folder::is_memory)
        .file(tried.as_path())
        .file(picture.as_path())
        .check()?;
    let corruptions = args.corruptions();
    let radius = args.radius.options(corruptions.clone(), args.seed, patterns.shape, ui)?;
    // what is wrong with it is known before minutes of work, and not behind them
    radius.iter().try_for_each(|options| options.check(&patterns.bits))?;
    let watch = ui.follow("trying memories");
    let search = |fits: &dyn Fn(&Memory) -> Result<(bool, String)>| {
        SearchReport::search(&patterns, &corruptions, args.seed, fits, &watch)
    };
    let found = match args.storage {
        Some(budget) => search(&within_storage(usize::try_from(budget).unwrap_or(usize::MAX)))?,
        None => {
            let board = Board::find(args.board.as_deref().unwrap_or(DEFAULT_BOARD.as_ref()))?;
            search(&|memory| hopgate::estimate::fits(memory, &board))?
        }
    };
    drop(watch);
    found.warnings.iter().for_each(|f| ui.warn(f));
    let found = match radius {
        Some(options) => {
            let proposed = tune_radius::propose(&found.made, &options, ui)?;
            found.with_radius(proposed)?
        }
        None => found,
    };
    found.save(&args.output)?;
    atomic::write(&tried, csv(&found.tried).as_bytes())?;
    atomic::write(&picture, plot(&found).svg()?.as_bytes())?;
    let outputs = json!({ "memory": ui.path(&args.output), "table": ui.path(&tried), "picture": ui.path(&picture) });
    ui.result("tune/1", &with_outputs(outputs, &found)?, || text(&args, &found))?;
    ui.note(format!("what was tried: {}, and the picture beside it", tried.display()));
    Ok(())
}

/// `memory/` and `tried.csv` make `memory-tried.csv`.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or("memory".as_ref()).to_owned();
    name.push(format!("-{what}"));
    folder.with_file_name(name)
}

fn csv(tried: &[Candidate]) -> String {
    let columns = "scheme gamma bits kernel_bits storage_bits accumulator_bits exact standard_error fits verdict";
    let mut table = Table::new("tried", columns);
    for c in tried {
        let whole = [c.bits, c.kernel_bits as usize, c.storage_bits, c.accumulator_bits as usize];
        let mut row = vec![c.scheme.clone(), c.gamma.to_string()];
        row.extend(whole.map(|n| n.to_string()));
        row.extend([c.exact, c.standard_error].map(|x| format!("{x:.6}")));
        row.extend([c.fits.to_string(), c.verdict.clone()]);
        table.row(row);
    }
    table.csv()
}

/// Recall against storage, a colour per scheme; a cross would be lost among so many dots, so what does not fit is grey.
fn plot(found: &SearchReport) -> Figure {
    const SCHEMES: [(&str, Colour); 4] =
        [("training-free", PURPLE), ("shared", BLUE), ("uniform", GREEN), ("tuned", RED)];
    let marks = |keep: &dyn Fn(&Candidate) -> bool| -> Vec<Mark> {
        let kept = found.tried.iter().filter(|c| keep(c));
        let mut marks: Vec<Mark> = kept
            .map(|c| Mark {
                x: c.storage_bits as f64 / 1000.0,
                y: c.exact,
                low: c.exact - c.standard_error,
                high: c.exact + c.standard_error,
            })
            .collect();
        marks.sort_by(|a, b| a.x.total_cmp(&b.x));
        marks
    };
    let mut series = vec![Series::new("does not fit", GREY, Shape::Points, marks(&|c| !c.fits))];
    for (scheme, colour) in SCHEMES {
        series.push(Series::new(scheme, colour, Shape::Points, marks(&|c| c.fits && c.scheme == scheme)));
    }
    series.retain(|s| !s.marks.is_empty());
    let (x, y) = (Axis::number("thousand bits of patterns and planes"), Axis::percent("cues recalled exactly"));
    Figure::of(Chart::new("What was tried: recall against storage", x, y, series))
}

fn text(args: &Args, found: &SearchReport) -> String {
    let head = ["scheme", "gamma", "k", "bits stored", "exact recall", "error", "fits", ""];
    let mut rows = vec![head.map(String::from).to_vec()];
    rows.extend(found.tried.iter().enumerate().map(|(i, c)| {
        vec![
            c.scheme.clone(),
            format!("{:.3}", c.gamma),
            c.bits.to_string(),
            c.storage_bits.to_string(),
            format!("{:.4}", c.exact),
            format!("{:.4}", c.standard_error),
            if c.fits { "yes" } else { "no" }.into(),
            if i == found.best { "<- chosen".into() } else { String::new() },
        ]
    }));
    let best = &found.tried[found.best];
    let radius = found.radius.as_ref().map_or(String::new(), |radius| format!("\n{}", tune_radius::text(radius)));
    format!(
        "{}\n{} at gamma {:.3}, k = {}, {}: {:.4} of {} fresh cues recalled exactly, {:.4} by a nearest-pattern search\nmemory in {}{radius}",
        table(&rows),
        best.scheme,
        best.gamma,
        best.bits,
        best.verdict,
        found.fresh.exact_recall,
        found.fresh.cues,
        found.fresh.nearest_exact_recall,
        args.output.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_beside_the_memory() {
        assert_eq!(beside(Path::new("a/memory/"), "tried.csv"), Path::new("a/memory-tried.csv"));
        assert_eq!(beside(Path::new("m"), "tried.svg"), Path::new("m-tried.svg"));
    }
}
