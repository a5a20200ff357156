//! Why some mutants live: a file of reasons, each followed by the mutants that it holds for.
//!
//! ```text
//! # a comment
//! A reason begins its line.
//!     core: literal: entry = 32'h0; -> *
//! ```
//!
//! `*` stands for any text. A mutant of the simulation that is noticed has no reason, and a line that no survivor matches is
//! out of date.

use hopgate_model::{Error, ErrorKind, Result};

/// The reasons.
#[derive(Debug, Clone, Default)]
pub struct Reasons {
    list: Vec<(String, String)>,
}

impl Reasons {
    /// Reads a file's text.
    ///
    /// # Errors
    /// When a mutant has no reason above it.
    pub fn parse(text: &str) -> Result<Reasons> {
        let mut reason: Option<String> = None;
        let mut list = Vec::new();
        let lines = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
        for line in lines {
            if !line.starts_with(' ') {
                reason = Some(line.trim_end().to_owned());
                continue;
            }
            let why = reason.clone().ok_or_else(|| {
                Error::new(ErrorKind::Failed, format!("`{}` has no reason above it", line.trim()))
                    .hint("a reason is a line that begins at its first column")
            })?;
            list.push((line.trim().to_owned(), why));
        }
        Ok(Reasons { list })
    }

    /// The reason of a mutant, if it has one.
    pub fn of(&self, key: &str) -> Option<&str> {
        self.list.iter().find(|(pattern, _)| matches(pattern, key)).map(|(_, reason)| reason.as_str())
    }

    /// Patterns that none of these mutants matches.
    pub fn unused<'a>(&'a self, keys: &[&str]) -> Vec<&'a str> {
        let used = |pattern: &str| keys.iter().any(|key| matches(pattern, key));
        self.list.iter().map(|(pattern, _)| pattern.as_str()).filter(|p| !used(p)).collect()
    }
}

/// Whether a text is a pattern, in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text
            .strip_prefix(start)
            .is_some_and(|tail| (0..=tail.len()).any(|n| tail.is_char_boundary(n) && matches(rest, &tail[n..]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_classes() {
        let text = "# heading\n\nNever read.\n    reg: literal: q = *'h0; -> *\n    core: a\n\nMasked.\n    core: b*\n";
        let reasons = Reasons::parse(text).unwrap();
        assert_eq!(reasons.of("reg: literal: q = 11'h0; -> q = 11'h1;"), Some("Never read."));
        assert_eq!(reasons.of("core: bc"), Some("Masked."));
        assert_eq!(reasons.of("core: ab"), None);
        assert_eq!(reasons.unused(&["core: b", "core: a"]), ["reg: literal: q = *'h0; -> *"]);
        assert!(Reasons::parse("    core: a\n").is_err());
    }
}
