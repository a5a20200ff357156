//! What the user sees: progress on a terminal, tables, JSON for machines, errors that point.

use hopgate_model::Error;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// How to talk to the user.
pub struct Ui {
    json: bool,
    quiet: bool,
}

impl Ui {
    /// With JSON on standard output, or text; with progress or without.
    pub fn new(json: bool, quiet: bool) -> Self {
        Ui { json, quiet }
    }

    /// Whether JSON is asked for.
    pub fn json(&self) -> bool {
        self.json
    }

    /// Prints the result: as JSON if asked for, as text otherwise.
    pub fn result(&self, json: &Value, text: impl FnOnce() -> String) {
        let text = if self.json { format!("{json:#}") } else { text() };
        // a closed pipe (`| head`) is not our error
        let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
    }

    /// Prints one line for people, beside the result.
    pub fn note(&self, text: impl AsRef<str>) {
        if !self.quiet && !self.json {
            say(text.as_ref());
        }
    }

    /// Prints a warning, always.
    pub fn warn(&self, text: impl AsRef<str>) {
        say(&format!("warning: {}", text.as_ref()));
    }

    /// A progress bar of `total` parts. Off a terminal, and with --quiet, nothing is drawn.
    pub fn bar(&self, what: &str, total: u64) -> ProgressBar {
        let style = ProgressStyle::with_template("{prefix:24} [{bar:32}] {pos}/{len} {msg} ({elapsed})")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("=> ");
        let target = if self.quiet || !std::io::stderr().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(total), target).with_style(style).with_prefix(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(250));
        bar
    }
}

/// Prints an error the way the project prints them: what, why, what to do.
///
/// Lines are not wrapped: a path or a tool's line that is cut in two can be neither copied nor searched.
pub fn print_error(error: Error) {
    // (it fails if there is a hook already, and then errors are printed in that way)
    let _ = miette::set_hook(Box::new(|_| {
        Box::new(miette::MietteHandlerOpts::new().wrap_lines(false).without_cause_chain().build())
    }));
    say(&format!("{:?}", miette::Report::new(error)));
}

/// A line on standard error. That nobody reads it any more is no reason to stop, and least of all to die in the middle of
/// cleaning up: `eprintln!` would panic.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A table. Columns are aligned right, but the first, and both of a table of two: those are names and facts.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (c, cell) in row.iter().enumerate() {
            let w = widths[c];
            line += &match c {
                0 => format!("{cell:w$}"),
                _ if columns == 2 => format!("  {cell}"),
                _ => format!("  {cell:>w$}"),
            };
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::table;

    fn rows(rows: &[&[&str]]) -> String {
        table(&rows.iter().map(|r| r.iter().map(|s| s.to_string()).collect()).collect::<Vec<_>>())
    }

    #[test]
    fn tables() {
        assert_eq!(rows(&[&["gamma", "0.2"], &["a", "long one"]]), "gamma  0.2\na      long one\n");
        assert_eq!(rows(&[&["a", "bits", "x"], &["longer", "7", "yz"]]), "a       bits   x\nlonger     7  yz\n");
        assert_eq!(rows(&[]), "");
    }
}
