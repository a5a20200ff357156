//! What an error is to those who started the program: an exit code, and an object for machines.

use clap::CommandFactory;
use hopgate_files::temporary;
use hopgate_model::{Error, ErrorKind};
use serde_json::{Value, json};
use std::{fmt, io, path::Path};

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
        hint(&self.0).map(|hint| Box::new(hint) as Box<dyn fmt::Display>)
    }
}

/// What to do about an error, in the words of the command line.
pub fn hint(error: &Error) -> Option<String> {
    // a folder that nobody asked for by name, and that no option moves
    let advice = match error.place() {
        Some(place) if temporary::is_scratch(Path::new(place)) => {
            let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>());
            Some(temporary::ADVICE).filter(|_| cause.is_none_or(|cause| cause.kind() != io::ErrorKind::NotFound))
        }
        _ => error.help_text(),
    };
    advice.map(spelled)
}

/// The parameters and commands that a library names between backticks, as options and verbs; what is both is a verb.
fn spelled(text: &str) -> String {
    let cli = crate::Cli::command();
    let mut parts = text.split('`');
    let mut out = parts.next().unwrap_or_default().to_owned();
    while let Some(named) = parts.next() {
        match spell(&cli, named) {
            Some(spelling) => out += &spelling,
            None => out += &format!("`{named}`"),
        }
        out += parts.next().unwrap_or_default();
    }
    out
}

/// A verb with what follows it; or an option of any verb, with or without a value.
fn spell(cli: &clap::Command, named: &str) -> Option<String> {
    let name = named.split(' ').next()?;
    if name == "host" {
        return Some(named.replacen(name, "hopgate host --port PORT", 1));
    }
    if cli.find_subcommand(name).is_some() {
        return Some(format!("hopgate {named}"));
    }
    let of = |arg: &clap::Arg| {
        let spelling =
            |_| arg.get_short().map_or(format!("--{named}"), |short| named.replacen(name, &format!("-{short}"), 1));
        arg.get_long().filter(|long| *long == name).map(spelling)
    };
    let mut verbs = cli.get_subcommands().flat_map(|verb| std::iter::once(verb).chain(verb.get_subcommands()));
    verbs.find_map(|verb| verb.get_arguments().find_map(of))
}

/// 2 for wrong usage, 130 after Ctrl-C, 1 for everything else.
pub fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::Usage => 2,
        ErrorKind::Interrupted => 130,
        _ => 1,
    }
}

/// For machines.
pub fn json(error: &Error) -> Value {
    json!({
        "kind": error.kind().name(),
        "message": error.to_string(),
        "hint": hint(error),
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
    fn parameters_are_spelled_as_options_and_commands_as_verbs() {
        for (named, spelling) in [
            ("output", "-o"),
            ("scheme shared", "--scheme shared"),
            ("kernel-bits", "--kernel-bits"),
            ("gamma auto", "--gamma auto"),
            ("room bits=...", "--room bits=..."),
            ("room kinds=...", "--room kinds=..."),
            ("freq board", "--freq board"),
            ("level netlist", "--level netlist"),
            ("quantize", "hopgate quantize"),
            ("build memory/", "hopgate build memory/"),
            ("host load memory/", "hopgate host --port PORT load memory/"),
            ("chmod", "`chmod`"),
        ] {
            assert_eq!(spelled(&format!("so `{named}`, or `bits`")), format!("so {spelling}, or --bits"));
        }
        assert_eq!(spelled("nothing between backticks"), "nothing between backticks");
    }

    #[test]
    fn a_temporary_folder_is_moved_by_its_variable() {
        let failed = |path: &str, kind| hint(&Error::io("write", Path::new(path), io::Error::new(kind, "x")));
        let scratch = "/tmp/.hopgate-tmp-1-2-scratch/top.v";
        assert_eq!(failed(scratch, io::ErrorKind::StorageFull).as_deref(), Some(temporary::ADVICE));
        assert_eq!(failed(scratch, io::ErrorKind::NotFound), None);
        assert!(failed("out/top.v", io::ErrorKind::StorageFull).is_some_and(|hint| hint.ends_with("with -o")));
    }

    #[test]
    fn every_kind_has_a_name_and_a_code() {
        let named = |k| {
            let error = Error::new(k, "x");
            (error.kind().name(), exit_code(&error))
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
