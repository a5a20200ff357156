//! What `cargo mutants` found out about `hopgate-model` and `hopgate-files`, as a table: which mutants their own tests notice, and why the others live.
//! `scripts/mutants.sh` runs it.

use clap::Parser;
use hopgate_files::atomic;
use hopgate_formal::survivors::Reasons;
use hopgate_model::{Error, ErrorKind, Result};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Sums up what `cargo mutants` wrote about the crates of the model and of its files.
#[derive(Parser)]
struct Arguments {
    /// Files of outcomes. A mutant that is in several, or in one and the table, is noticed if it is noticed in one: each may be of other tests.
    outcomes: Vec<PathBuf>,
    /// Source files, such as `engine/mod.rs`, of which all mutants are among the outcomes: what the table said of them before is forgotten.
    #[arg(long)]
    of: Vec<String>,
    /// The table.
    #[arg(short, default_value = "formal/model.csv")]
    output: PathBuf,
    /// Why some live: see `survivors.rs`. A `*` of the source is written `×` there.
    #[arg(long, default_value = "formal/model-survivors.txt")]
    reasons: PathBuf,
    /// What `cargo mutants --list --json` prints. Rows of other mutants are of former sources, and are left out; a mutant
    /// without a row, and a reason that no survivor needs, are mistakes.
    #[arg(long)]
    all: Option<PathBuf>,
    /// Only print what `cargo mutants` calls those of `--all` that live without a reason.
    #[arg(long, requires = "all")]
    living: bool,
}

/// What became of a mutant; the greater knows more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// For one processor, or with these features: for another it may.
    Unviable,
    Lives,
    Hangs,
    Noticed,
}

impl Fate {
    const ALL: [Fate; 4] = [Fate::Unviable, Fate::Lives, Fate::Hangs, Fate::Noticed];
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
    hopgate_formal::ended(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<bool> {
    let reasons = Reasons::parse(&read(&arguments.reasons)?)?;
    let mut sources = BTreeMap::new();
    let mut fates = BTreeMap::new();
    for path in &arguments.outcomes {
        let outcomes = json(path)?["outcomes"].as_array().map(|list| {
            list.iter().filter(|o| !o["scenario"]["Mutant"].is_null()).map(|o| tell(o, &mut sources)).collect()
        });
        let outcomes: Vec<Outcome> = outcomes.flatten().ok_or_else(|| foreign(path))?;
        for Outcome { key, fate } in outcomes {
            let known = fates.entry(key).or_insert(fate);
            *known = fate.max(*known);
        }
    }
    if arguments.output.exists() {
        let before = rows(&read(&arguments.output)?);
        for (key, fate) in before.into_iter().filter(|(key, _)| !arguments.of.iter().any(|of| of == file_of(key))) {
            let known = fates.entry(key).or_insert(fate);
            *known = fate.max(*known);
        }
    }
    let all = arguments.all.as_deref().map(|path| keys(path, &mut sources)).transpose()?;
    if let Some(all) = &all {
        fates.retain(|key, _| all.contains_key(key));
    }
    let reason = |key: &str, fate: Fate| if fate == Fate::Lives { reasons.of(key) } else { None };
    if arguments.living {
        let open = |key: &str| fates.get(key).is_some_and(|&f| f == Fate::Lives && reason(key, f).is_none());
        all.iter().flatten().filter(|(key, _)| open(key)).for_each(|(_, name)| println!("{name}"));
        return Ok(true);
    }
    let mut table = HEAD.to_owned();
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
    let unused = if all.is_some() { reasons.unused(&living) } else { vec![] };
    let mut missing = BTreeMap::<String, usize>::new();
    for (key, _) in all.iter().flatten().filter(|(key, _)| !fates.contains_key(*key)) {
        *missing.entry(file_of(key).to_owned()).or_default() += 1;
    }
    for (file, count) in &missing {
        println!("not tried: {count} mutants of {file}");
    }
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
    Ok(open.is_empty() && unused.is_empty() && missing.is_empty())
}

const HEAD: &str = "mutant,fate,reason\n";

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The mutants of a table, and what became of them. A line that is none of a table is left out: then its mutant was not tried.
fn rows(table: &str) -> BTreeMap<String, Fate> {
    let row = |line: &str| {
        let rest = line.strip_prefix('"')?;
        // the first quote that is not one of two
        let mut end = rest.find('"')?;
        while rest[end + 1..].starts_with('"') {
            end += 2 + rest[end + 2..].find('"')?;
        }
        let fate = rest[end + 1..].strip_prefix(',')?.split(',').next()?;
        let fate = Fate::ALL.into_iter().find(|known| known.to_string() == fate)?;
        Some((rest[..end].replace("\"\"", "\""), fate))
    };
    table.lines().filter_map(row).collect()
}

/// The source file that a mutant is in.
fn file_of(key: &str) -> &str {
    key.split(": ").next().unwrap_or(key)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::io("read", path, e))
}

fn json(path: &Path) -> Result<Value> {
    serde_json::from_str(&read(path)?).map_err(|_| foreign(path))
}

fn foreign(path: &Path) -> Error {
    Error::new(ErrorKind::Failed, format!("{} is not what cargo-mutants 27 writes", path.display()))
        .hint("give its mutants.out/outcomes.json, and begin where the sources are")
}

/// What all mutants of a list are known by, and what `cargo mutants` calls them.
fn keys(path: &Path, sources: &mut BTreeMap<String, String>) -> Result<BTreeMap<String, String>> {
    let list = json(path)?;
    let named = |mutant| Some((key(mutant, sources)?, mutant["name"].as_str()?.to_owned()));
    let keys = list.as_array().and_then(|list| list.iter().map(named).collect());
    keys.ok_or_else(|| foreign(path))
}

/// What is known of a mutant.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    /// What it is known by.
    key: String,
    fate: Fate,
}

fn tell(outcome: &Value, sources: &mut BTreeMap<String, String>) -> Option<Outcome> {
    let fate = match outcome["summary"].as_str()? {
        "CaughtMutant" => Fate::Noticed,
        "MissedMutant" => Fate::Lives,
        "Timeout" => Fate::Hangs,
        "Unviable" => Fate::Unviable,
        _ => return None,
    };
    Some(Outcome { key: key(&outcome["scenario"]["Mutant"], sources)?, fate })
}

/// A mutant as cargo-mutants calls it, but without line and column: those change with every edit.
fn key(mutant: &Value, sources: &mut BTreeMap<String, String>) -> Option<String> {
    let path = mutant["file"].as_str()?;
    if !sources.contains_key(path) {
        sources.insert(path.to_owned(), std::fs::read_to_string(path).ok()?);
    }
    let start = &mutant["span"]["start"];
    let at = |what: &str| start[what].as_u64()?.checked_sub(1).map(|n| n as usize);
    // `file:line:column: what`
    let what = mutant["name"].as_str()?.splitn(4, ':').nth(3)?.trim();
    let file = path.rsplit_once("/src/").map_or(path, |(_, file)| file);
    // a mutant of former sources may be where there is nothing any more
    let place = place(&sources[path], at("line")?, at("column")?).unwrap_or_default();
    Some(format!("{file}: {what}: {place}").replace('*', "×"))
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
        assert!(Fate::Noticed > Fate::Hangs && Fate::Hangs > Fate::Lives && Fate::Lives > Fate::Unviable);
        let mutant = |summary: &str| {
            let name = "a/src/b.rs:2:7: replace + with * in f";
            let span = serde_json::json!({"start": {"line": 2, "column": 7}});
            let mutant = serde_json::json!({"name": name, "file": "a/src/b.rs", "span": span});
            let mut sources = BTreeMap::from([("a/src/b.rs".to_owned(), "fn f() {\n    a + b\n}\n".to_owned())]);
            tell(&serde_json::json!({"summary": summary, "scenario": {"Mutant": mutant}}), &mut sources)
        };
        let outcome = |fate| Some(Outcome { key: "b.rs: replace + with × in f: a + b".into(), fate });
        assert_eq!(mutant("MissedMutant"), outcome(Fate::Lives));
        assert_eq!(mutant("CaughtMutant"), outcome(Fate::Noticed));
        assert_eq!(mutant("Something new"), None);
    }
    #[test]
    fn a_table_comes_back() {
        let keys = ["a/b.rs: replace \"x\" in f: g(\"\", \",\")", "c.rs: delete ! in f: \"é\""];
        let row = |key: &str, fate| format!("{},{fate},{}\n", quoted(key), quoted("why, \"so\""));
        let table = format!("{HEAD}{}{}half a line", row(keys[0], Fate::Lives), row(keys[1], Fate::Hangs));
        let want = [(keys[0].to_owned(), Fate::Lives), (keys[1].to_owned(), Fate::Hangs)];
        assert_eq!(rows(&table), BTreeMap::from(want));
        assert_eq!((file_of(keys[0]), file_of(keys[1])), ("a/b.rs", "c.rs"));
    }
}
