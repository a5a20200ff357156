//! `hopgate report`: the page of a run.

use super::output::Outputs;
use crate::ui::{Ui, table};
use hopgate::Result;
use hopgate_files::atomic;
use hopgate_web::report;
use serde_json::json;
use std::path::PathBuf;

/// Make report.html anew from the files of a run: sizes, recall, cues with their voters, device, timing, ladder
#[derive(clap::Args)]
#[command(after_help = "Example:\n    hopgate report demo/\n    hopgate report build/ -o build.html\n\n\
                        The folder is one that `demo`, `build` or `verify` made. The page needs no network and no other file. What is not\n\
                        in the folder is left out of the page.")]
pub struct Args {
    /// The folder of a run
    folder: PathBuf,
    /// Where the page goes [default: report.html in the folder]
    #[arg(short, long, value_name = "FILE", value_parser = super::output::file())]
    output: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let page = report::page(&args.folder)?;
    let path = args.output.unwrap_or_else(|| args.folder.join(report::FILE));
    Outputs::new(ui).file(path.as_path()).check()?;
    atomic::write(&path, page.html.as_bytes())?;
    let json = json!({
        "outputs": { "page": ui.path(&path) },
        "title": page.title,
        "sections": page.sections,
        "bytes": page.html.len(),
    });
    ui.result("report/1", &json, || {
        table(&[
            vec!["page".into(), path.display().to_string()],
            vec!["about".into(), page.title.clone()],
            vec!["sections".into(), page.sections.join(", ")],
            vec!["bytes".into(), page.html.len().to_string()],
        ])
    })
}
