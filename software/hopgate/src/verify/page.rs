//! A certificate for people.

use hopgate_sim::certificate::{Certificate, Outcome, Rung};
use std::fmt::Write;

/// The file of a certificate for people.
pub const PAGE: &str = "certificate.md";

/// What came out of a rung, in a line.
pub fn in_words(rung: &Rung) -> String {
    let cues = rung.cues.map_or(String::new(), |q| format!(" on {q} cues"));
    let detail = rung.detail.as_deref().unwrap_or_default();
    match rung.result {
        Outcome::Equal => format!("equal to {}{cues}", rung.against),
        Outcome::Differs => format!("DIFFERENT from {}: {detail}", rung.against),
        Outcome::Stated => format!("{detail}{cues}"),
        Outcome::Skipped => format!("skipped: {detail}"),
    }
}

/// The whole of it.
pub fn page(c: &Certificate) -> String {
    let verdict = match &c.first_difference {
        None => "Every rung that was looked at is as demanded.".to_owned(),
        Some(rung) => format!("**The ladder breaks at the rung {rung}.**"),
    };
    let mut md = format!(
        "# Certificate: {} on {} ({})\n\n{verdict} Made by hopgate {}.\n\n| | |\n|---|---|\n| memory | `{}` |\n| bitstream | `{}` |\n\
         | cues | {} |\n\n## The ladder\n\n| rung | compared with | what | cues | result |\n|---|---|---|---|---|\n",
        c.memory.get(..12).unwrap_or(&c.memory),
        c.board,
        c.device,
        c.hopgate,
        c.memory,
        c.bitstream,
        c.cues
    );
    for r in &c.rungs {
        let cues = r.cues.map_or("-".to_owned(), |q| q.to_string());
        let cycles = r.cycles.map_or(String::new(), |n| format!(" ({n} cycles)"));
        let detail = r.detail.as_deref().unwrap_or_default();
        let result = match r.result {
            Outcome::Equal => format!("equal{cycles}"),
            Outcome::Differs => format!("**different**: {detail}"),
            Outcome::Stated => detail.to_owned(),
            Outcome::Skipped => format!("skipped: {detail}"),
        };
        let _ = writeln!(md, "| {} | {} | {} | {cues} | {result} |", r.name, r.against, r.compared);
    }
    md += "\nEquality is demanded of integers. Between real and integer weights the rate of agreement is stated.\n\n\
           ## What was hashed\n\n| what | file | SHA-256 | made by |\n|---|---|---|---|\n";
    for l in &c.chain {
        let made_by = l.made_by.replace('|', "\\|");
        let _ = writeln!(md, "| {} | {} | `{}` | {made_by} |", l.what, l.file, l.sha256);
    }
    let _ = write!(md, "\nThe chain ends in `{}`.\n\n## Tools\n\n", c.chain.last().map_or("", |l| &l.chain));
    c.tools.iter().for_each(|t| md += &format!("* {t}\n"));
    md += "\nHash everything again: `hopgate verify --check certificate.json`. What a simulation cannot see is in the\nbook, in the chapter on trust.\n";
    md
}
