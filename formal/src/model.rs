//! What `cargo mutants` found out about `hopgate-model`, as a table: which mutants the crate's tests notice, and why the others live.
//! `scripts/mutants.sh` runs it.

use clap::Parser;
use hopgate_formal::survivors::Reasons;
use hopgate_model::{atomic, Error, ErrorKind, Result};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Sums up what `cargo mutants` wrote about the model crate.
#[derive(Parser)]
struct Arguments {
    /// Files of outcomes. A mutant that is in several is noticed if it is noticed in one: each may be of other tests.
    #[arg(required = true)]
    outcomes: Vec<PathBuf>,
    /// Where to write the table.
    #[arg(short, default_value = "formal/model.csv")]
    output: PathBuf,
    /// Why some live: see `survivors.rs`. A `*` of the source is written `×` there.
    #[arg(long, default_value = "formal/model-survivors.txt")]
    reasons: PathBuf,
    /// These are outcomes of every file: a reason that no survivor needs is out of date.
    #[arg(long)]
    whole: bool,
}

/// What became of a mutant; the greater knows more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Lives,
    Hangs,
    Unviable,
    Noticed,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fate::Lives => "lives",
            Fate::Hangs => "does not end",
            Fate::Unviable => "does not compile",
            Fate::Noticed => "noticed",
        })
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool> {
    let reasons = Reasons::parse(&read(&arguments.reasons)?)?;
    let mut fates = BTreeMap::new();
    let mut sources = BTreeMap::new();
    for path in &arguments.outcomes {
        let text = read(path)?;
        let outcomes = serde_json::from_str::<Value>(&text).ok().and_then(|v| tell(&v, &mut sources));
        let outcomes = outcomes.ok_or_else(|| {
            Error::new(ErrorKind::Failed, format!("{} is not what cargo-mutants 27 writes", path.display()))
                .hint("give its mutants.out/outcomes.json, and leave the sources as they were")
        })?;
        for (key, fate) in outcomes {
            let known = fates.entry(key).or_insert(fate);
            *known = fate.max(*known);
        }
    }
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let reason = |key: &str, fate: Fate| if fate == Fate::Lives { reasons.of(key) } else { None };
    let mut table = "mutant,fate,reason\n".to_owned();
    for (key, fate) in &fates {
        table += &format!("{},{fate},{}\n", quoted(key), quoted(reason(key, *fate).unwrap_or("")));
    }
    atomic::write(&arguments.output, table.as_bytes())?;
    let of = |fate: Fate| fates.values().filter(|f| **f == fate).count();
    let open: Vec<&String> =
        fates.iter().filter(|(k, f)| **f == Fate::Lives && reason(k, **f).is_none()).map(|(k, _)| k).collect();
    for key in &open {
        println!("lives: {key}");
    }
    let living: Vec<&str> = fates.iter().filter(|(_, f)| **f == Fate::Lives).map(|(k, _)| k.as_str()).collect();
    let unused = if arguments.whole { reasons.unused(&living) } else { vec![] };
    for pattern in &unused {
        println!("out of date, for no survivor is it: {pattern}");
    }
    println!(
        "{} mutants of the model: {} noticed, {} do not end, {} do not compile, {} live for a stated reason, {} live",
        fates.len(),
        of(Fate::Noticed),
        of(Fate::Hangs),
        of(Fate::Unviable),
        of(Fate::Lives) - open.len(),
        open.len()
    );
    Ok(open.is_empty() && unused.is_empty())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::io("read", path, e))
}

/// The mutants of a file of outcomes, by a name without line and column: those change with every edit.
fn tell(outcomes: &Value, sources: &mut BTreeMap<String, String>) -> Option<Vec<(String, Fate)>> {
    let mut list = Vec::new();
    for outcome in outcomes["outcomes"].as_array()? {
        let mutant = &outcome["scenario"]["Mutant"];
        if mutant.is_null() {
            continue; // the run without a mutant
        }
        let fate = match outcome["summary"].as_str()? {
            "CaughtMutant" => Fate::Noticed,
            "MissedMutant" => Fate::Lives,
            "Timeout" => Fate::Hangs,
            "Unviable" => Fate::Unviable,
            _ => return None,
        };
        let path = mutant["file"].as_str()?;
        if !sources.contains_key(path) {
            sources.insert(path.to_owned(), std::fs::read_to_string(path).ok()?);
        }
        let start = &mutant["span"]["start"];
        let at = |what: &str| start[what].as_u64()?.checked_sub(1).map(|n| n as usize);
        // `file:line:column: what`
        let what = mutant["name"].as_str()?.splitn(4, ':').nth(3)?.trim();
        let name = path.rsplit_once("/src/").map_or(path, |(_, name)| name);
        let key = format!("{name}: {what}: {}", place(&sources[path], at("line")?, at("column")?)?);
        list.push((key.replace('*', "×"), fate));
    }
    Some(list)
}

/// A line without its number: its text, the word or the sign that is meant, if it is not the first of its kind there, and which of equal
/// lines it is, if it is not the first.
fn place(source: &str, line: usize, column: usize) -> Option<String> {
    let whole = source.lines().nth(line)?;
    let text = whole.trim();
    let (before, rest) = whole.split_at_checked(whole.char_indices().nth(column)?.0)?;
    let sign: String = rest.chars().take_while(|c| c.is_ascii_punctuation() && !"()[]{}\"';,".contains(*c)).collect();
    let mut place = text.to_owned();
    match before.matches(&sign).count() {
        n if n > 0 && !sign.is_empty() => place += &format!(" ({sign} {})", n + 1),
        _ => {}
    }
    let equal = source.lines().take(line).filter(|l| l.trim() == text).count();
    if equal > 0 {
        place += &format!(" (line {})", equal + 1);
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_do_not_change_with_the_lines_before_them() {
        let source = "fn f() {\n    a + b + c\n}\n\nfn g() {\n    a + b + c\n}\n";
        assert_eq!(place(source, 1, 6).unwrap(), "a + b + c");
        assert_eq!(place(source, 1, 10).unwrap(), "a + b + c (+ 2)");
        assert_eq!(place(&format!("\n{source}"), 6, 10).unwrap(), "a + b + c (+ 2) (line 2)");
        assert_eq!(place(source, 70, 0), None);
    }

    #[test]
    fn what_is_noticed_once_is_noticed() {
        assert!(Fate::Noticed > Fate::Lives && Fate::Hangs > Fate::Lives && Fate::Noticed > Fate::Hangs);
        let mutant = |summary: &str| {
            let text = format!(
                r#"{{"outcomes": [{{"scenario": "Baseline", "summary": "Success"}}, {{"summary": "{summary}", "scenario": {{"Mutant":
                {{"name": "a/src/b.rs:2:7: replace + with * in f", "file": "a/src/b.rs", "span": {{"start": {{"line": 2, "column": 7}}}}}}}}}}]}}"#
            );
            let mut sources = BTreeMap::from([("a/src/b.rs".to_owned(), "fn f() {\n    a + b\n}\n".to_owned())]);
            tell(&serde_json::from_str(&text).unwrap(), &mut sources)
        };
        let key = "b.rs: replace + with × in f: a + b".to_owned();
        assert_eq!(mutant("MissedMutant"), Some(vec![(key.clone(), Fate::Lives)]));
        assert_eq!(mutant("CaughtMutant"), Some(vec![(key, Fate::Noticed)]));
        assert_eq!(mutant("Something new"), None);
    }
}
