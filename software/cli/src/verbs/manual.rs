//! `hopgate manual`: man pages, shell completions and the reference of all options, from what the parser of arguments knows.

use super::output::Outputs;
use crate::ui::{Ui, table};
use clap::{Arg, Command};
use clap_complete::Shell;
use hopgate_files::{atomic, temporary};
use hopgate_model::{Error, ErrorKind, Result};
use serde_json::json;
use std::{fs, path::Path, path::PathBuf};

/// Write man pages, shell completions and the reference of all options
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate manual -o manual/\n\n\
                        hopgate.1 and a page for each verb go to share/man/man1, hopgate.bash to\n\
                        share/bash-completion/completions/hopgate, _hopgate to share/zsh/site-functions,\n\
                        hopgate.fish to share/fish/vendor_completions.d. options.md is a part of the book.")]
pub struct Args {
    /// Where the files go
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

/// The options of every verb alone, which the pages of verbs leave out.
const COMMON: [&str; 4] = ["help", "version", "json", "quiet"];

/// The heading of the options that say how a memory becomes hardware.
pub const SHARED: &str = "Hardware options";

/// Runs it for this command line.
pub fn run(args: Args, mut command: Command, ui: &Ui) -> Result<()> {
    Outputs::new(ui).folder(args.output.as_path(), is_manual).check()?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (shell, name) in [(Shell::Bash, "hopgate.bash"), (Shell::Zsh, "_hopgate"), (Shell::Fish, "hopgate.fish")] {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut command, "hopgate", &mut text);
        files.push((name.into(), text));
    }
    command.build();
    files.push(("options.md".into(), options(&command).into_bytes()));
    for page in std::iter::once(&command).chain(verbs(&command)) {
        let name = page.get_bin_name().unwrap_or("hopgate").replace(' ', "-");
        let mut text = Vec::new();
        let page = clap_mangen::Man::new(page.clone());
        page.render(&mut text).map_err(|e| Error::new(ErrorKind::Io, "the manual cannot be written").because(e))?;
        files.push((format!("{name}.1"), text));
    }
    atomic::folder(&args.output, is_manual, |new| {
        files.iter().try_for_each(|(name, text)| atomic::write(&new.join(name), text))
    })?;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let json = json!({ "outputs": { "manual": ui.path(&args.output) }, "files": names });
    ui.result("manual/1", &json, || {
        let man = names.iter().filter(|name| name.ends_with(".1")).count();
        table(&[
            vec!["man pages".into(), man.to_string()],
            vec!["completions".into(), "bash, zsh, fish".into()],
            vec!["options".into(), "options.md".into()],
            vec!["folder".into(), args.output.display().to_string()],
        ])
    })
}

/// Whether a folder holds a manual and nothing else: only then may it be replaced.
fn is_manual(folder: &Path) -> bool {
    let ours = |name: &str| {
        ["hopgate.bash", "_hopgate", "hopgate.fish", "options.md"].contains(&name)
            || (name.starts_with("hopgate") && name.ends_with(".1"))
            || temporary::is_temporary(name.as_ref())
    };
    let Ok(mut all) = fs::read_dir(folder) else { return false };
    folder.join("options.md").exists() && all.all(|e| e.is_ok_and(|e| e.file_name().to_str().is_some_and(ours)))
}

/// The verbs in their order, those below a verb after it.
fn verbs(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().filter(|verb| verb.get_name() != "help" && !verb.is_hide_set());
    below.flat_map(|verb| std::iter::once(verb).chain(verbs(verb))).collect()
}

/// The options of all verbs in Markdown. Those that verbs share have a section of their own.
fn options(command: &Command) -> String {
    let all = verbs(command);
    let mut text: String = all.iter().map(|verb| section(verb)).collect();
    let shared = all.iter().map(|verb| arguments(verb, Some(SHARED))).find(|args| !args.is_empty());
    text +=
        &format!("### {SHARED}\n\nThey say how a memory becomes hardware.\n\n{}", rows(&shared.unwrap_or_default()));
    text.trim_end().to_owned() + "\n"
}

/// The options of a verb under a heading of its help.
fn arguments<'a>(verb: &'a Command, heading: Option<&str>) -> Vec<&'a Arg> {
    let own = |arg: &&Arg| !arg.is_hide_set() && !COMMON.contains(&arg.get_id().as_str());
    verb.get_arguments().filter(own).filter(|arg| arg.get_help_heading() == heading).collect()
}

/// A verb as a section: what it does, how it is called, its options, and its examples.
fn section(verb: &Command) -> String {
    let name = verb.get_bin_name().and_then(|all| all.split_once(' ')).map_or(verb.get_name(), |(_, below)| below);
    let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = verb.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim();
    let mut text = format!("### {name}\n\n{about}.\n\n    {usage}\n\n{}", rows(&arguments(verb, None)));
    if !arguments(verb, Some(SHARED)).is_empty() {
        text += &format!("Also the [{}](#{}).\n\n", SHARED.to_lowercase(), SHARED.to_lowercase().replace(' ', "-"));
    }
    if let Some(after) = verb.get_after_help() {
        text += &format!("```text\n{}\n```\n\n", after.to_string().trim_end());
    }
    text
}

/// Options as a table.
fn rows(options: &[&Arg]) -> String {
    if options.is_empty() {
        return String::new();
    }
    let rows: String = options.iter().map(|arg| row(arg)).collect();
    format!("| option | default | |\n|---|---|---|\n{rows}\n")
}

/// An option as a row of a table.
fn row(arg: &Arg) -> String {
    let values = arg.get_value_names().map(|names| names.join(" ")).unwrap_or_default();
    let takes = arg.get_action().takes_values();
    let name = match (arg.get_long(), arg.get_short()) {
        (Some(long), short) => {
            let short = short.map(|s| format!("-{s}, ")).unwrap_or_default();
            let value = if takes { format!(" {values}") } else { String::new() };
            format!("{short}--{long}{value}")
        }
        _ => values,
    };
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    // a default that depends on another option is in the words of the help
    let said =
        help.strip_suffix(']').and_then(|h| h.rsplit_once(" [default: ")).map(|(h, d)| (h.to_owned(), d.to_owned()));
    let given: Vec<String> = arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    let default = match (said, takes && !given.is_empty(), arg.is_required_set()) {
        (Some((rest, default)), _, _) => {
            help = rest;
            default
        }
        (None, true, _) => format!("`{}`", given.join(" ")),
        (None, false, true) => "required".into(),
        (None, false, false) => String::new(),
    };
    let possible = if takes { arg.get_possible_values() } else { Vec::new() };
    if !possible.is_empty() {
        let one = |value: &clap::builder::PossibleValue| match value.get_help() {
            Some(about) => format!("`{}`: {about}", value.get_name()),
            None => format!("`{}`", value.get_name()),
        };
        let shown = possible.iter().filter(|value| !value.is_hide_set()).map(one);
        help += &format!(". {}", shown.collect::<Vec<_>>().join("; "));
    }
    let cell = |text: &str| text.replace('|', "\\|");
    format!("| `{}` | {} | {} |\n", cell(&name), cell(&default), cell(&help))
}
