//! `report.html`: a run as one page, with interactive plots, without a network.
//!
//! The page is made of what lies in the folder of a run: `report.json` of a demonstration or of a build, `certificate.json`, and the
//! memory with its cues and the trace of their answers. What is not there is left out.

mod accuracy;
mod chart;
mod hardware;
mod ladder;
mod picture;
mod run;
mod sheet;
mod sizes;
mod value;

use hopgate_files::atomic;
use hopgate_model::Result;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use run::Run;
use std::path::{Path, PathBuf};

/// The name of the page in its folder.
pub const FILE: &str = "report.html";

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A page, made.
pub struct Page {
    /// The whole of it.
    pub html: String,
    /// Its title.
    pub title: String,
    /// The titles of its sections.
    pub sections: Vec<String>,
}

/// The page of the run in this folder.
///
/// # Errors
/// [`ErrorKind::Io`](hopgate_model::ErrorKind::Io) where there is neither a report nor a certificate,
/// [`ErrorKind::Format`](hopgate_model::ErrorKind::Format) for a damaged one, each with the file; and those of reading a memory, cues and a trace.
pub fn page(folder: &Path) -> Result<Page> {
    let run = Run::open(folder)?;
    let sections = sections(&run);
    let html = whole(&run, &sections).into_string();
    Ok(Page { html, title: run.title(), sections: sections.into_iter().map(|s| s.title).collect() })
}

/// Writes [`FILE`] beside the files that it is made of, and returns its path.
///
/// # Errors
/// As [`page`], and [`ErrorKind::Io`](hopgate_model::ErrorKind::Io) if it cannot be written.
pub fn save(folder: &Path) -> Result<PathBuf> {
    let path = folder.join(FILE);
    atomic::write(&path, page(folder)?.html.as_bytes())?;
    Ok(path)
}

/// A section with its heading; its anchor is in the contents.
struct Section {
    id: &'static str,
    title: String,
    body: Markup,
}

/// Those that the run has something for.
fn sections(run: &Run) -> Vec<Section> {
    [
        sizes::sizes(run),
        accuracy::recall(run),
        accuracy::classes(run),
        accuracy::lessons(run),
        accuracy::beside_nearest(run),
        sheet::sheet(run),
        hardware::utilisation(run),
        hardware::timing(run),
        ladder::ladder(run),
        sizes::provenance(run),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn whole(run: &Run, sections: &[Section]) -> Markup {
    let title = run.title();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // nothing of the page comes from elsewhere, and nothing leaves it
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p { (run.subtitle()) }
                    nav aria-label="Contents" { ul { @for s in sections { li { a href={ "#" (s.id) } { (s.title) } } } } }
                }
                main {
                    @for s in sections {
                        section id=(s.id) aria-labelledby={ (s.id) "-title" } { h2 id={ (s.id) "-title" } { (s.title) } (s.body) }
                    }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// A table of names and facts.
fn facts(caption: &str, rows: &[(&str, String)]) -> Markup {
    html! {
        table.facts {
            caption { (caption) }
            tbody { @for (name, fact) in rows { tr { th scope="row" { (name) } td { (fact) } } } }
        }
    }
}
