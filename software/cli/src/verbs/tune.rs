//! `hopgate tune`: the best memory that fits a board or a number of bits, for the noise that its cues will have.

use super::{DEFAULT_BOARD, output::Outputs};
use crate::ui::{Ui, table};
use hopgate::{Board, facts::MemoryFacts};
use hopgate_files::{atomic, folder, patterns};
use hopgate_lab::{
    chart::{Axis, BLUE, Chart, Colour, Figure, GREEN, GREY, Mark, PURPLE, RED, Series, Shape},
    experiments::Table,
};
use hopgate_model::{
    Result,
    corrupt::Corruption,
    memory::{Memory, Parts},
};
use hopgate_train::{
    search::{Candidate, Found, GAMMAS, SearchOptions, gamma_from_noise, search_memory, within_storage},
    solver::TrainOptions,
};
use serde_json::{Map, Value, json};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Search for the best memory that fits: gammas, bits and quantisers, all tried on noisy cues
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate tune glyphs --board alchitry-cu --noise 0.05 -o memory/\n    \
                        hopgate tune mine.npy --bits-budget 12288 --corruption dropout:0.2 -o memory/\n\n\
                        A corruption is flips:P, dropout:P, burst:BITS, or for pictures shift, thicken:P, thin:P. What was tried stands\n\
                        beside the memory, in FOLDER-tried.csv and FOLDER-tried.svg.")]
pub struct Args {
    /// Patterns: a file, a folder of pictures, or a built-in set
    patterns: OsString,
    /// The board that it must fit: a name, or a board file (.toml)
    #[arg(long, default_value = DEFAULT_BOARD, conflicts_with = "bits_budget")]
    board: OsString,
    /// The bits that patterns and planes may take, instead of a board
    #[arg(long, value_name = "B", value_parser = clap::value_parser!(u64).range(1..))]
    bits_budget: Option<u64>,
    /// The flip probability of the cues [default: 0.1, unless there is a --corruption]
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    noise: Option<f64>,
    /// What happens to the cues; several make an equal share of them each
    #[arg(long, value_name = "WHAT", value_parser = super::corruption)]
    corruption: Vec<Corruption>,
    /// Seed of all cues
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the memory goes
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let patterns = patterns::load(&args.patterns)?;
    patterns.warnings.iter().for_each(|w| ui.warn(w));
    let [tried, picture] = ["tried.csv", "tried.svg"].map(|what| beside(&args.output, what));
    Outputs::new(ui)
        .reads(Path::new(&args.patterns))
        .folder(args.output.as_path(), folder::is_memory)
        .file(tried.as_path())
        .file(picture.as_path())
        .check()?;
    let mut corruptions = args.corruption.clone();
    if let Some(p) = args.noise.or(corruptions.is_empty().then_some(0.1)) {
        corruptions.insert(0, Corruption::Flips(p));
    }
    let mut options = SearchOptions::new(corruptions.clone()).seed(args.seed);
    options.gammas = gammas(&corruptions);
    options.train = TrainOptions::new(options.gammas[0]);
    let watch = ui.follow("trying memories");
    let mut found = match args.bits_budget {
        Some(budget) => {
            let budget = usize::try_from(budget).unwrap_or(usize::MAX);
            search_memory(&patterns.bits, patterns.shape, &options, &within_storage(budget), &watch)?
        }
        None => {
            let board = Board::find(&args.board)?;
            search_memory(
                &patterns.bits,
                patterns.shape,
                &options,
                &|memory| hopgate::estimate::fits(memory, &board),
                &watch,
            )?
        }
    };
    drop(watch);
    found.failed.iter().for_each(|f| ui.warn(f));
    // the search knows bits alone; the names of the patterns go on with them
    found.memory = Memory::new(Parts { labels: patterns.labels.clone(), ..found.memory.parts().clone() })?;
    folder::save(&found.memory, &args.output, &info(&patterns.source, &corruptions, &found))?;
    atomic::write(&tried, csv(&found.tried).as_bytes())?;
    atomic::write(&picture, plot(&found).svg()?.as_bytes())?;
    let texts: Vec<String> = corruptions.iter().map(Corruption::to_string).collect();
    let json = json!({
        "outputs": { "memory": ui.path(&args.output), "table": ui.path(&tried), "picture": ui.path(&picture) },
        "memory": MemoryFacts::of(&found.memory),
        "corruptions": texts,
        "tried": found.tried,
        "best": found.best,
        "fresh": {
            "cues": found.fresh_cues,
            "exact_recall": found.fresh,
            "nearest_exact_recall": found.fresh_nearest,
        },
    });
    ui.result("tune/1", &json, || text(&args, &found))?;
    ui.note(format!("what was tried: {}, and the picture beside it", tried.display()));
    Ok(())
}

/// The usual gammas, and those of the flips.
fn gammas(corruptions: &[Corruption]) -> Vec<f64> {
    let of_noise = corruptions.iter().filter_map(|c| match c {
        Corruption::Flips(p) => gamma_from_noise(*p).ok(),
        _ => None,
    });
    let mut all: Vec<f64> = GAMMAS.iter().copied().chain(of_noise).collect();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|a, b| (*a / *b - 1.0).abs() < 0.02);
    all
}

/// `memory/` and `tried.csv` make `memory-tried.csv`.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or("memory".as_ref()).to_owned();
    name.push(format!("-{what}"));
    folder.with_file_name(name)
}

/// What the manifest keeps, for the record.
fn info(source: &str, corruptions: &[Corruption], found: &Found) -> Map<String, Value> {
    let texts: Vec<String> = corruptions.iter().map(Corruption::to_string).collect();
    let tuned = json!({ "source": source, "corruptions": texts, "fresh_exact_recall": found.fresh, "fresh_exact_recall_of_nearest": found.fresh_nearest, "tried": found.tried.len() });
    Map::from_iter([("tune".to_owned(), tuned)])
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
fn plot(found: &Found) -> Figure {
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

fn text(args: &Args, found: &Found) -> String {
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
    format!(
        "{}\n{} at gamma {:.3}, k = {}, {}: {:.4} of {} fresh cues recalled exactly, {:.4} by a plain search\nmemory in {}",
        table(&rows),
        best.scheme,
        best.gamma,
        best.bits,
        best.verdict,
        found.fresh,
        found.fresh_cues,
        found.fresh_nearest,
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

    #[test]
    fn the_gamma_of_the_flips_is_tried() {
        let all = gammas(&[Corruption::Flips(0.05), Corruption::Shift]);
        assert!(all.iter().any(|g| (g - 0.7361).abs() < 1e-3) && all.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(gammas(&[Corruption::Flips(0.5)]), GAMMAS);
    }
}
