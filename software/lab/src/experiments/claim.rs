//! Claims: what the paper says, what came out, and a verdict by a stated rule.

use crate::statistics::Spread;
use serde::{Deserialize, Serialize};

/// Whether a claim holds here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It does.
    Reproduced,
    /// In direction, but not in size; or under a condition.
    Partly,
    /// It does not.
    Not,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Verdict::Reproduced => "reproduced",
            Verdict::Partly => "partly",
            Verdict::Not => "not reproduced",
        })
    }
}

impl Verdict {
    /// The first rule that holds.
    pub fn by(reproduced: bool, partly: bool) -> Self {
        match (reproduced, partly) {
            (true, _) => Verdict::Reproduced,
            (false, true) => Verdict::Partly,
            (false, false) => Verdict::Not,
        }
    }
}

/// One row of `claims.md`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Where the paper says it.
    pub place: String,
    /// What it says.
    pub statement: String,
    /// The paper's figure.
    pub paper: String,
    /// Ours, with its spread over the trials.
    pub ours: String,
    /// Whether it holds.
    pub verdict: Verdict,
    /// The rule of the verdict, and what there is to know.
    pub reason: String,
}

impl Claim {
    /// A claim; the arguments are in the order of the columns.
    pub fn new(place: &str, statement: &str, paper: &str, ours: String, verdict: Verdict, reason: &str) -> Self {
        let [place, statement, paper, reason] = [place, statement, paper, reason].map(str::to_owned);
        Claim { place, statement, paper, ours, verdict, reason }
    }
}

/// `0.9993 +- 0.0002`.
pub fn shown(s: &Spread, digits: usize) -> String {
    format!("{:.digits$} \u{b1} {:.digits$}", s.mean, s.deviation)
}

/// The claims as a Markdown table.
pub fn claims_markdown(claims: &[Claim]) -> String {
    let mut md = String::from(
        "| where | claim | paper | here | verdict | rule, and what to know |\n|---|---|---|---|---|---|\n",
    );
    for c in claims {
        let cells = [&c.place, &c.statement, &c.paper, &c.ours, &format!("**{}**", c.verdict), &c.reason];
        let cells: Vec<String> = cells.iter().map(|text| text.replace('|', "\\|")).collect();
        md += &format!("| {} |\n", cells.join(" | "));
    }
    md
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_per_claim_and_no_broken_table() {
        let claim = Claim::new("Fig. 1", "|m| grows", "1", "2".into(), Verdict::by(false, true), "because");
        let md = claims_markdown(&[claim.clone(), claim]);
        assert_eq!(md.lines().count(), 4);
        assert!(md.contains("\\|m\\| grows") && md.contains("**partly**"));
        assert_eq!((Verdict::by(true, true), Verdict::by(false, false)), (Verdict::Reproduced, Verdict::Not));
    }
}
