//! What an error is to those who started the program: an exit code, and an object for machines.

use hopgate_model::{Error, ErrorKind};
use serde_json::{Value, json};
use std::fmt;

/// An error as miette prints it: what happened, and below it what to do.
#[derive(Debug)]
pub struct Report(pub Error);

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Report {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl miette::Diagnostic for Report {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0.help_text().map(|hint| Box::new(hint) as Box<dyn fmt::Display>)
    }
}

/// 2 for wrong usage, 130 after Ctrl-C, 1 for everything else.
pub fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::Usage => 2,
        ErrorKind::Interrupted => 130,
        _ => 1,
    }
}

/// The kinds by the names that `docs/src/reference/json.md` lists.
fn kind(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Usage => "usage",
        ErrorKind::Io => "io",
        ErrorKind::Format => "format",
        ErrorKind::Value => "value",
        ErrorKind::Tool => "tool",
        ErrorKind::Fit => "fit",
        ErrorKind::Interrupted => "interrupted",
        _ => "failed",
    }
}

/// For machines.
pub fn json(error: &Error) -> Value {
    json!({
        "kind": kind(error),
        "message": error.to_string(),
        "hint": error.help_text(),
        "code": exit_code(error),
    })
}

/// What the parser of arguments says, in the project's style: its first paragraph, and the rest as what to do.
pub fn of_usage(said: &clap::Error) -> Error {
    let text = said.to_string();
    let (what, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let what = what.strip_prefix("error: ").unwrap_or(what).split_whitespace().collect::<Vec<_>>().join(" ");
    match rest.trim() {
        "" => Error::usage(what),
        rest => Error::usage(what).hint(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_and_a_code() {
        let named = |k| {
            let error = Error::new(k, "x");
            (kind(&error), exit_code(&error))
        };
        assert_eq!(named(ErrorKind::Usage), ("usage", 2));
        assert_eq!(named(ErrorKind::Io), ("io", 1));
        assert_eq!(named(ErrorKind::Format), ("format", 1));
        assert_eq!(named(ErrorKind::Value), ("value", 1));
        assert_eq!(named(ErrorKind::Failed), ("failed", 1));
        assert_eq!(named(ErrorKind::Tool), ("tool", 1));
        assert_eq!(named(ErrorKind::Fit), ("fit", 1));
        assert_eq!(named(ErrorKind::Interrupted), ("interrupted", 130));
    }
}
