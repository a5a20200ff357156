//! What the user sees: progress on a terminal, tables, JSON for machines, errors that point.

use crate::{failure, system};
use hopgate_model::{
    Error, ErrorKind, Result,
    progress::{Progress, Watch},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::{Map, Value};
use std::{
    ffi::OsString,
    io::{self, IsTerminal, Write},
    path::Path,
    process::ExitCode,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How to talk to the user.
pub struct Ui {
    json: bool,
    quiet: bool,
    said: Mutex<Said>,
    /// Whether results for people go to standard error, because an output goes to standard output.
    aside: AtomicBool,
}

/// What machines are told at the end, in one object.
#[derive(Default)]
struct Said {
    warnings: Vec<String>,
    result: Option<(&'static str, Value)>,
    /// Whether the object was printed already.
    printed: bool,
}

impl Ui {
    /// With JSON on standard output, or text; with progress or without.
    pub fn new(json: bool, quiet: bool) -> Self {
        Ui { json, quiet, said: Mutex::default(), aside: AtomicBool::new(false) }
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether JSON is asked for.
    pub fn json(&self) -> bool {
        self.json
    }

    /// The result: a JSON object of this schema (`recall/1`) if that is asked for, printed by [`Ui::finish`] with the warnings and the error
    /// that may come; a text otherwise, printed now.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it cannot be written.
    pub fn result(&self, schema: &'static str, json: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        if self.json {
            self.said().result = Some((schema, value(json)?));
            return Ok(());
        }
        if self.aside.load(Ordering::Relaxed) {
            say(text().trim_end());
            return Ok(());
        }
        print(text().trim_end())
    }

    /// From now on results for people go to standard error: an output goes to standard output.
    pub fn results_to_stderr(&self) {
        self.aside.store(true, Ordering::Relaxed);
    }

    /// The result of a verb that goes on after it: printed now in any case.
    ///
    /// # Errors
    /// As [`Ui::result`].
    pub fn announce(&self, schema: &'static str, json: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        self.result(schema, json, text)?;
        if self.json {
            print(&self.object(None))?;
            self.said().printed = true;
        }
        Ok(())
    }

    /// Says how it ended, prints what machines asked for, and makes the exit code.
    pub fn finish(self, ended: Result<()>) -> ExitCode {
        let mut code = ended.as_ref().err().map_or(0, failure::exit_code);
        if self.json
            && !self.said().printed
            && let Err(e) = print(&self.object(ended.as_ref().err()))
        {
            code = code.max(failure::exit_code(&e));
            print_error(e);
        }
        if let Err(error) = ended {
            print_error(error);
        }
        ExitCode::from(code)
    }

    /// The one object of a run.
    fn object(&self, error: Option<&Error>) -> String {
        let said = self.said();
        let (schema, mut all) = match &said.result {
            Some((schema, Value::Object(fields))) => (*schema, fields.clone()),
            _ => ("error/1", Map::new()),
        };
        all.insert("schema".into(), format!("hopgate.{schema}").into());
        all.insert("warnings".into(), said.warnings.clone().into());
        all.insert("error".into(), error.map_or(Value::Null, failure::json));
        format!("{:#}", Value::Object(all))
    }

    /// A path for JSON, which has no names but those of text: what is no UTF-8 in it is replaced by U+FFFD, and a warning says so.
    pub fn path(&self, path: &Path) -> String {
        if self.json && path.to_str().is_none() {
            self.said()
                .warnings
                .push(format!("the name of {} is not UTF-8: \u{fffd} stands for its other bytes", path.display()));
        }
        path.to_string_lossy().into_owned()
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
        self.said().warnings.push(text.as_ref().to_owned());
    }

    /// A bar that follows a job.
    pub fn follow(&self, what: &str) -> Bar {
        Bar(self.bar(what, 0))
    }

    /// The same, with a note of all that the job says.
    pub fn tell(&self) -> Tell<'_> {
        Tell { ui: self, bar: self.follow("recalling") }
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

/// A result as JSON.
pub fn value(result: &impl Serialize) -> Result<Value> {
    let failed = |e| Error::new(ErrorKind::Failed, format!("the result cannot be written as JSON: {e}")).because(e);
    serde_json::to_value(result).map_err(failed)
}

/// Notes what a job says, a line each, beside a bar.
pub struct Tell<'a> {
    ui: &'a Ui,
    bar: Bar,
}

impl Watch for Tell<'_> {
    fn at(&self, now: Progress) {
        self.bar.at(now);
    }

    fn says(&self, text: &str) {
        self.bar.0.suspend(|| self.ui.note(text));
    }
}

/// A bar that follows a job, and goes with its end.
pub struct Bar(ProgressBar);

impl Watch for Bar {
    fn at(&self, now: Progress) {
        self.0.set_length(now.total as u64);
        self.0.set_position(now.done as u64);
        if now.residual > 0.0 {
            self.0.set_message(format!("residual {:.1e}", now.residual));
        }
    }

    fn says(&self, text: &str) {
        self.0.set_message(text.to_owned());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
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
    say(&format!("{:?}", miette::Report::new(failure::Report(error))));
}

/// Answers what the parser of arguments says: help and the version, which are results, or an error.
pub fn usage(said: &clap::Error, args: impl Iterator<Item = OsString>) -> ExitCode {
    if !said.use_stderr() {
        return Ui::new(false, false).finish(written(said.print()));
    }
    let _ = said.print();
    let mut options = args.take_while(|arg| arg != "--");
    let error = failure::of_usage(said);
    if options.any(|arg| arg == "--json") {
        let object = Ui::new(true, false).object(Some(&error));
        if let Err(e) = print(&object) {
            print_error(e);
        }
    }
    ExitCode::from(failure::exit_code(&error))
}

/// The one way to standard output, where results go.
fn print(text: &str) -> Result<()> {
    written(writeln!(io::stdout(), "{text}"))
}

/// Whether what was written to standard output got there. That nobody reads on (`| head`) is no error.
fn written(outcome: io::Result<()>) -> Result<()> {
    let failed = |why: &dyn std::fmt::Display, hint: &str| {
        Err(Error::new(ErrorKind::Io, format!("the result cannot be written to standard output: {why}")).hint(hint))
    };
    if system::stdout_is_closed() {
        return failed(&"it is closed", "send it somewhere, to /dev/null at least");
    }
    match outcome.and_then(|()| io::stdout().flush()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::StorageFull => failed(&e, "free some space, or send it elsewhere"),
        Err(e) => failed(&e, "send it elsewhere"),
        Ok(()) => Ok(()),
    }
}

/// A line on standard error. That nobody reads it any more is no reason to stop, and least of all to die in the middle of
/// cleaning up: `eprintln!` would panic.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A number as people write it: digits, but no rows of zeros.
pub fn number(value: f64) -> String {
    match format!("{value:?}") {
        short if short.contains('e') => short,
        _ => value.to_string(),
    }
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
    use super::{number, table};

    fn rows(rows: &[&[&str]]) -> String {
        table(&rows.iter().map(|r| r.iter().map(|s| s.to_string()).collect()).collect::<Vec<_>>())
    }

    #[test]
    fn numbers() {
        let shown = [0.3, 1.0, 0.0001, 1e-5, 1e15, 1e16, 1e300, 1e-300].map(number);
        assert_eq!(shown, ["0.3", "1", "0.0001", "1e-5", "1000000000000000", "1e16", "1e300", "1e-300"]);
    }

    #[test]
    fn tables() {
        assert_eq!(rows(&[&["gamma", "0.2"], &["a", "long one"]]), "gamma  0.2\na      long one\n");
        assert_eq!(rows(&[&["a", "bits", "x"], &["longer", "7", "yz"]]), "a       bits   x\nlonger     7  yz\n");
        assert_eq!(rows(&[]), "");
    }
}
