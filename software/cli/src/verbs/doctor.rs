//! `hopgate doctor`: the external tools of this machine.

use crate::ui::{Ui, table};
use hopgate_eda::tools::{self, Health, ToolStatus};
use hopgate_model::{Error, ErrorKind, Result};
use serde_json::{Value, json};

/// List every external tool: its version, what is missing, and how to get it
#[derive(clap::Args)]
#[command(after_help = "Example:\n    hopgate doctor\n\n\
                        The exit code is 1 if a tool that is needed is missing, too old or broken. HOPGATE_<TOOL> names\n\
                        another program for one: HOPGATE_YOSYS=/opt/yosys/bin/yosys, HOPGATE_NEXTPNR_ICE40=...\n\n\
                        TMPDIR says where temporary files go. HOPGATE_CACHE=FOLDER names another place for compiled simulations,\n\
                        HOPGATE_CACHE=off keeps none.")]
pub struct Args {}

/// Runs it.
pub fn run(_: Args, ui: &Ui) -> Result<()> {
    let tools = tools::doctor();
    let troubled: Vec<&ToolStatus> = tools.iter().filter(|t| t.health != Health::Ok && !t.optional).collect();
    let described: Vec<Value> = tools.iter().map(|tool| json(tool, ui)).collect();
    ui.result("doctor/1", &json!({ "ok": troubled.is_empty(), "tools": described }), || text(&tools))?;
    if troubled.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = troubled.iter().map(|t| t.name).collect();
    let how: Vec<String> = troubled.iter().map(|t| format!("{}: {}", t.name, t.how)).collect();
    let what = format!("{} of {} tools cannot be used: {}", names.len(), tools.len(), names.join(", "));
    Err(Error::new(ErrorKind::Tool, what).hint(how.join("\n")))
}

/// For machines.
fn json(tool: &ToolStatus, ui: &Ui) -> Value {
    let (health, needs, why) = match &tool.health {
        Health::Ok => ("ok", None, None),
        Health::Missing => ("missing", None, None),
        Health::TooOld(minimum) => ("too_old", Some(minimum), None),
        Health::Broken(why) => ("broken", None, Some(why)),
    };
    json!({
        "name": tool.name,
        "purpose": tool.purpose,
        "optional": tool.optional,
        "path": tool.path.as_ref().map(|path| ui.path(path)),
        "version": tool.version,
        "health": health,
        "needs": needs,
        "why": why,
        "how": tool.how,
    })
}

fn text(tools: &[ToolStatus]) -> String {
    let mut rows = vec![["tool", "version", "state", "  for"].map(str::to_owned).to_vec()];
    for tool in tools {
        let state = match (&tool.health, tool.optional) {
            (Health::Ok, _) => "ok".into(),
            (Health::Missing, true) => "missing (optional)".into(),
            (Health::Missing, false) => "MISSING".into(),
            (Health::TooOld(minimum), _) => format!("TOO OLD (needs {minimum})"),
            (Health::Broken(_), _) => "BROKEN".into(),
        };
        let version = tool.version.as_ref().map_or("-".into(), ToString::to_string);
        rows.push(vec![tool.name.into(), version, state, format!("  {}", tool.purpose)]);
    }
    let mut text = left_last(rows);
    for tool in tools.iter().filter(|t| t.health != Health::Ok) {
        if let Health::Broken(why) = &tool.health {
            text += &format!("\n{}: {why}", tool.name);
        }
        text += &format!("\n{}: {}", tool.name, tool.how);
    }
    text
}

/// A table whose last column is aligned left, by padding it.
fn left_last(mut rows: Vec<Vec<String>>) -> String {
    let last = |row: &Vec<String>| row.last().map_or(0, |cell| cell.chars().count());
    let width = rows.iter().map(last).max().unwrap_or(0);
    for cell in rows.iter_mut().filter_map(|row| row.last_mut()) {
        *cell = format!("{cell:width$}");
    }
    table(&rows)
}
