//! `make formal`: proves every property, and refutes its mutants. Prints a table, and writes it as CSV with `-o`.

use clap::Parser;
use hopgate_files::atomic;
use hopgate_formal::{
    catalogue::PROPERTIES,
    engine::Verdict,
    property::{Case, Outcome, Property},
};
use hopgate_model::{Error, Result};
use std::{path::PathBuf, process::ExitCode};

/// Proves properties of the emitted Verilog.
#[derive(Parser)]
struct Arguments {
    /// Properties to prove (all, if none is named).
    names: Vec<String>,
    /// Only the cases that `make test` proves.
    #[arg(long)]
    quick: bool,
    /// Only the first case, without mutants.
    #[arg(long)]
    first: bool,
    /// Only cases that have this in their names.
    #[arg(long)]
    case: Option<String>,
    /// Only the mutants.
    #[arg(long)]
    mutants: bool,
    /// Only say which properties there are.
    #[arg(long)]
    list: bool,
    /// Where to write the table.
    #[arg(short)]
    output: Option<PathBuf>,
}

fn main() -> ExitCode {
    hopgate_formal::ended(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<bool> {
    let Arguments { names, quick, first, case, mutants, list, output } = arguments;
    if *list {
        PROPERTIES.iter().for_each(|p| println!("{}", p.name));
        return Ok(true);
    }
    for name in names {
        if !PROPERTIES.iter().any(|p| p.name == name) {
            return Err(Error::usage(format!("there is no property {name}")));
        }
    }
    let mut good = true;
    let mut rows = vec![];
    for property in PROPERTIES.iter().filter(|p| names.is_empty() || names.iter().any(|n| n == p.name)) {
        println!("{}: {}", property.name, property.claim);
        if *mutants {
            for mutant in property.mutants {
                let outcome = property.refute(&property.cases[0], mutant)?;
                println!("    {:48} {}", mutant.what, found(&outcome));
                good &= matches!(outcome.verdict, Verdict::Refuted(_));
            }
            continue;
        }
        let named = |name: &str| case.as_ref().is_none_or(|wanted| name.contains(wanted));
        let cases = property.cases.iter().enumerate();
        let cases = cases.filter(|(i, c)| (!quick || c.quick) && (!first || *i == 0) && named(c.name));
        for (i, case) in cases {
            let proof = property.prove(case)?;
            good &= say(case.name, &proof, Verdict::Proved);
            let mut row = Row { property, case, proof, reached: None, rejected: 0, mutants: 0 };
            let reached = property.reach(case)?;
            good &= matches!(reached.verdict, Verdict::Refuted(_));
            println!("    {:48} {}", "what must be reachable", found(&reached));
            row.reached = Some(reached);
            if i == 0 && !first {
                for mutant in property.mutants {
                    let outcome = property.refute(case, mutant)?;
                    println!("    {:48} {}", mutant.what, found(&outcome));
                    row.mutants += 1;
                    row.rejected += usize::from(matches!(outcome.verdict, Verdict::Refuted(_)));
                }
                good &= row.rejected == row.mutants;
            }
            rows.push(row);
        }
    }
    if let Some(path) = output {
        atomic::write(path, table(&rows).as_bytes())?;
    }
    println!("{}", if good { "all proved, all mutants refuted" } else { "NOT all as it should be" });
    Ok(good)
}

struct Row<'a> {
    property: &'a Property,
    case: &'a Case,
    proof: Outcome,
    reached: Option<Outcome>,
    rejected: usize,
    mutants: usize,
}

fn say(what: &str, outcome: &Outcome, wanted: Verdict) -> bool {
    let verdict = match &outcome.verdict {
        Verdict::Proved => "proved".to_owned(),
        Verdict::Refuted(cycle) => format!("FAILS in cycle {cycle}"),
        Verdict::Open(why) => format!("OPEN: {why}"),
    };
    println!("  {what:50} {verdict} ({:.1} s)", outcome.time.as_secs_f64());
    outcome.verdict == wanted
}

fn found(outcome: &Outcome) -> String {
    match &outcome.verdict {
        Verdict::Proved => "NOT FOUND".into(),
        Verdict::Refuted(cycle) => format!("found in cycle {cycle} ({:.1} s)", outcome.time.as_secs_f64()),
        Verdict::Open(why) => format!("NOT FOUND: {why}"),
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = "property,case,engine,verdict,seconds,reached in cycle,mutants,refuted\n".to_owned();
    for row in rows {
        let verdict = match &row.proof.verdict {
            Verdict::Proved => "proved".to_owned(),
            Verdict::Refuted(cycle) => format!("fails in cycle {cycle}"),
            Verdict::Open(_) => "open".to_owned(),
        };
        let reached = match row.reached.as_ref().map(|r| &r.verdict) {
            Some(Verdict::Refuted(cycle)) => cycle.to_string(),
            _ => "never".to_owned(),
        };
        let (property, case, engine) = (row.property.name, row.case.name, row.case.engine);
        let seconds = row.proof.time.as_secs_f64();
        let (mutants, rejected) = (row.mutants, row.rejected);
        text += &format!("{property},\"{case}\",{engine},{verdict},{seconds:.1},{reached},{mutants},{rejected}\n");
    }
    text
}
