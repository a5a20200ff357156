//! `make formal`: proves every property, and refutes its mutants. Prints a table, and writes it as CSV with `-o`.

use clap::Parser;
use hopgate_files::atomic;
use hopgate_formal::{
    catalogue::PROPERTIES,
    engine::Verdict,
    kept::Kept,
    property::{Case, Mutant, Property},
    question::{Outcome, Question},
};
use hopgate_model::{Error, Result};
use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

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
    /// Where answers are kept: a run that was stopped goes on with those whose Verilog and property are the same.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    hopgate_formal::ended(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<bool> {
    let Arguments { names, list, output, .. } = arguments;
    if *list {
        PROPERTIES.iter().for_each(|p| println!("{}", p.name));
        return Ok(true);
    }
    for name in names {
        if !PROPERTIES.iter().any(|p| p.name == name) {
            return Err(Error::usage(format!("there is no property {name}")));
        }
    }
    let tasks: Vec<Task> = PROPERTIES
        .iter()
        .filter(|p| names.is_empty() || names.iter().any(|n| n == p.name))
        .flat_map(|p| tasks(arguments, p))
        .collect();
    let mut kept = Kept::open(arguments.keep.as_deref(), "answers")?;
    let mut table = Table::default();
    answers(&tasks, &mut kept, &mut |task, outcome| {
        task.say(outcome);
        table.add(task, outcome);
    })?;
    if let Some(path) = output {
        atomic::write(path, table.text().as_bytes())?;
    }
    println!("{}", if table.good { "all proved, all mutants refuted" } else { "NOT all as it should be" });
    Ok(table.good)
}

/// What is asked of a property.
#[derive(Clone, Copy)]
enum What {
    Proof,
    Reach,
    Refutation(&'static Mutant),
}

/// One question of many.
#[derive(Clone, Copy)]
struct Task {
    property: &'static Property,
    case: &'static Case,
    what: What,
    /// It is the first of its property.
    first: bool,
}

/// All that is asked of a property, in the order of the table.
fn tasks(arguments: &Arguments, property: &'static Property) -> Vec<Task> {
    let named = |name: &str| arguments.case.as_ref().is_none_or(|wanted| name.contains(wanted));
    let mut tasks = vec![];
    for (i, case) in property.cases.iter().enumerate() {
        let of = |what| Task { property, case, what, first: false };
        if !arguments.mutants {
            if (arguments.quick && !case.quick) || (arguments.first && i > 0) || !named(case.name) {
                continue;
            }
            tasks.extend([of(What::Proof), of(What::Reach)]);
        }
        if i == 0 && !arguments.first {
            tasks.extend(property.mutants.iter().map(|mutant| of(What::Refutation(mutant))));
        }
    }
    if let Some(first) = tasks.first_mut() {
        first.first = true;
    }
    tasks
}

/// Has all of them decided, as many at a time as there are processors, and tells of each in their order.
fn answers(tasks: &[Task], kept: &mut Kept, each: &mut dyn FnMut(&Task, &Outcome)) -> Result<()> {
    let asked = |task: &Task| {
        let question = task.question()?;
        let key = format!("{} {:016x}", task.name(), question.mark());
        Ok((question, key))
    };
    let questions: Vec<(Question, String)> = tasks.iter().map(asked).collect::<Result<_>>()?;
    let known: Vec<Option<Outcome>> = questions.iter().map(|(_, key)| kept.of(key).and_then(read)).collect();
    let open: Vec<usize> = (0..tasks.len()).filter(|&at| known[at].is_none()).collect();
    let threads = thread::available_parallelism().map_or(1, |n| n.get()).min(open.len());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (send, receive) = mpsc::channel();
        for _ in 0..threads {
            let (send, next, open, questions) = (send.clone(), &next, &open, &questions);
            scope.spawn(move || {
                while let Some(&at) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // nobody listens any more where something went wrong
                    if send.send((at, questions[at].0.ask())).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let mut done = known;
        let mut said = 0;
        loop {
            while let Some(outcome) = done.get(said).and_then(Option::as_ref) {
                each(&tasks[said], outcome);
                said += 1;
            }
            let Ok((at, outcome)) = receive.recv() else { return Ok(()) };
            let outcome = outcome.map_err(|e| e.at(tasks[at].name()))?;
            if let Some(text) = write(&outcome) {
                kept.add(&questions[at].1, &text)?;
            }
            done[at] = Some(outcome);
        }
    })
}

/// An outcome as it is kept: one that is open is not.
fn write(outcome: &Outcome) -> Option<String> {
    let verdict = match outcome.verdict {
        Verdict::Proved => "proved".to_owned(),
        Verdict::Refuted(cycle) => cycle.to_string(),
        Verdict::Open(_) => return None,
    };
    Some(format!("{verdict} {:.3}", outcome.time.as_secs_f64()))
}

fn read(text: &str) -> Option<Outcome> {
    let (verdict, seconds) = text.split_once(' ')?;
    let verdict = match verdict {
        "proved" => Verdict::Proved,
        cycle => Verdict::Refuted(cycle.parse().ok()?),
    };
    Some(Outcome { verdict, time: Duration::try_from_secs_f64(seconds.parse().ok()?).ok()? })
}

impl Task {
    fn question(&self) -> Result<Question> {
        match self.what {
            What::Proof => self.property.proof(self.case),
            What::Reach => self.property.reach(self.case),
            What::Refutation(mutant) => self.property.refutation(self.case, mutant),
        }
    }

    fn what(&self) -> &'static str {
        match self.what {
            What::Proof => self.case.name,
            What::Reach => "what must be reachable",
            What::Refutation(mutant) => mutant.what,
        }
    }

    fn name(&self) -> String {
        format!("{}, {}: {}", self.property.name, self.case.name, self.what())
    }

    /// Whether it came out as it must.
    fn good(&self, outcome: &Outcome) -> bool {
        match self.what {
            What::Proof => outcome.verdict == Verdict::Proved,
            _ => matches!(outcome.verdict, Verdict::Refuted(_)),
        }
    }

    fn say(&self, outcome: &Outcome) {
        if self.first {
            println!("{}: {}", self.property.name, self.property.claim);
        }
        let seconds = outcome.time.as_secs_f64();
        if let What::Proof = self.what {
            let verdict = match &outcome.verdict {
                Verdict::Proved => "proved".to_owned(),
                Verdict::Refuted(cycle) => format!("FAILS in cycle {cycle}"),
                Verdict::Open(why) => format!("OPEN: {why}"),
            };
            println!("  {:50} {verdict} ({seconds:.1} s)", self.what());
            return;
        }
        let found = match &outcome.verdict {
            Verdict::Proved => "NOT FOUND".into(),
            Verdict::Refuted(cycle) => format!("found in cycle {cycle} ({seconds:.1} s)"),
            Verdict::Open(why) => format!("NOT FOUND: {why}"),
        };
        println!("    {:48} {found}", self.what());
    }
}

/// The table, and whether all is as it must be.
struct Table {
    rows: Vec<Row>,
    good: bool,
}

struct Row {
    /// Property, case, engine, verdict and seconds.
    proof: String,
    reached: String,
    mutants: usize,
    refuted: usize,
}

impl Default for Table {
    fn default() -> Self {
        Table { rows: vec![], good: true }
    }
}

impl Table {
    fn add(&mut self, task: &Task, outcome: &Outcome) {
        self.good &= task.good(outcome);
        let (property, case) = (task.property, task.case);
        match (task.what, self.rows.last_mut()) {
            (What::Proof, _) => {
                let verdict = match outcome.verdict {
                    Verdict::Proved => "proved".to_owned(),
                    Verdict::Refuted(cycle) => format!("fails in cycle {cycle}"),
                    Verdict::Open(_) => "open".to_owned(),
                };
                let seconds = outcome.time.as_secs_f64();
                let proof = format!("{},\"{}\",{},{verdict},{seconds:.1}", property.name, case.name, case.engine);
                self.rows.push(Row { proof, reached: "never".into(), mutants: 0, refuted: 0 });
            }
            (What::Reach, Some(row)) => {
                if let Verdict::Refuted(cycle) = outcome.verdict {
                    row.reached = cycle.to_string();
                }
            }
            (What::Refutation(_), Some(row)) => {
                row.mutants += 1;
                row.refuted += usize::from(task.good(outcome));
            }
            // of mutants alone there is no row
            (_, None) => {}
        }
    }

    fn text(&self) -> String {
        let mut text = "property,case,engine,verdict,seconds,reached in cycle,mutants,refuted\n".to_owned();
        for Row { proof, reached, mutants, refuted } in &self.rows {
            text += &format!("{proof},{reached},{mutants},{refuted}\n");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        for verdict in [Verdict::Proved, Verdict::Refuted(17)] {
            let outcome = Outcome { verdict, time: Duration::from_millis(1_250) };
            assert_eq!(read(&write(&outcome).unwrap()), Some(outcome));
        }
        let open = Outcome { verdict: Verdict::Open("it took too long".into()), time: Duration::ZERO };
        assert_eq!(write(&open), None);
        assert_eq!(read("refuted 3"), None);
    }

    /// Another property or another mutant is another question; the same one has the same mark.
    #[test]
    fn a_mark_is_that_of_all_that_is_asked() {
        let property = &PROPERTIES[0];
        let mark = |text: &'static str, mutant: &Mutant| {
            let property = Property { text, ..*property };
            property.refutation(&property.cases[0], mutant).unwrap().mark()
        };
        let marks = [
            mark(property.text, &property.mutants[0]),
            mark(property.text, &property.mutants[1]),
            mark("// another", &property.mutants[0]),
            property.proof(&property.cases[0]).unwrap().mark(),
            property.reach(&property.cases[0]).unwrap().mark(),
        ];
        for (i, one) in marks.iter().enumerate() {
            assert!(marks[..i].iter().all(|other| other != one));
        }
        assert_eq!(marks[0], mark(property.text, &property.mutants[0]));
    }
}
