//! `hopgate host load` and `read`: a memory to the board, patterns from it.

use super::{Connect, info};
use crate::{
    ui::{Ui, table},
    verbs::output::{self, Outputs},
};
use hopgate::facts::MemoryFacts;
use hopgate_files::{folder, kinds, trace};
use hopgate_model::{Result, kind::Kind};
use hopgate_wire::page;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Load another memory, at run time
#[derive(clap::Args)]
pub struct LoadArgs {
    /// A memory folder, as `quantize` writes it; it must fit what the board was built for
    memory: PathBuf,
    /// Of a board that lists patterns: those at most so many bits farther than the nearest one [default: the memory's reach]
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    within: Option<u32>,
}

/// Read the patterns that the board holds, or of a board that learns its memory
#[derive(clap::Args)]
pub struct ReadArgs {
    /// Where they go, (P, N): .npy, .csv or .txt; of a board that learns also a name without an extension, for a memory folder
    #[arg(short, long, value_name = "FILE", value_parser = output::file())]
    output: PathBuf,
}

impl ReadArgs {
    /// Whether the output can be written.
    pub fn check(&self, ui: &Ui) -> Result<()> {
        match self.folder() {
            true => Outputs::new(ui).folder(self.output.as_path(), folder::is_memory).check(),
            false => Outputs::new(ui).file_of(self.output.as_path(), kinds::ANSWERS).check(),
        }
    }

    /// Whether a memory folder is asked for.
    fn folder(&self) -> bool {
        self.output.extension().is_none() && !self.output.starts_with("/dev")
    }
}

/// Loads.
pub fn load(args: LoadArgs, connect: Connect, ui: &Ui) -> Result<()> {
    let memory = folder::load(&args.memory)?;
    let mut board = connect()?;
    let bar = ui.bar("loading", 0);
    board.load_within(&memory, args.within, &mut |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    let (held, stats) = (board.held(), board.stats());
    let json = json!({
        "memory": MemoryFacts::of(&memory),
        "bytes": stats.bytes_out,
        "requests": stats.sent,
        "sent_again": stats.again,
    });
    ui.result("host.load/1", &json, || {
        table(&[
            vec!["loaded".into(), info::contents(board.identity(), held)],
            vec!["bytes sent".into(), stats.bytes_out.to_string()],
            vec!["sha256".into(), folder::hash(&memory)],
        ])
    })?;
    super::note_line(&board, ui);
    Ok(())
}

/// Reads.
pub fn read(args: ReadArgs, connect: Connect, ui: &Ui) -> Result<()> {
    if args.folder() {
        return memory(&args.output, connect, ui);
    }
    let mut board = connect()?;
    let bar = ui.bar("reading patterns", board.held().patterns as u64);
    let patterns = board.patterns(&mut |done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    trace::save_answers(&patterns, &args.output)?;
    let json = json!({
        "outputs": { "patterns": ui.path(&args.output), "memory": null },
        "patterns": patterns.rows(),
        "neurons": patterns.cols(),
        "sha256": null,
        "of_each_class": null,
    });
    ui.result("host.read/1", &json, || {
        let what = format!("{} of {} neurons, in {}", patterns.rows(), patterns.cols(), args.output.display());
        table(&[vec!["patterns".into(), what]])
    })?;
    super::note_line(&board, ui);
    Ok(())
}

/// Reads the memory of a board that learns into a folder.
fn memory(path: &Path, connect: Connect, ui: &Ui) -> Result<()> {
    let mut board = connect()?;
    let bar = ui.bar("reading the memory", board.held().patterns as u64);
    let memory = board.memory(&mut |done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    let (is, held) = (board.identity(), board.held());
    let record = json!({ "learnt": {
        "where": "on the device",
        "since": page::hex(&held.sha256),
        "changed": held.changed,
        "board": is.version,
    } });
    let record = record.as_object().cloned().unwrap_or_default();
    folder::save(&memory, path, &record)?;
    let plane = &memory.planes()[0];
    let of_each_class: Option<Vec<usize>> =
        (is.kind == Kind::Class).then(|| (0..plane.cols()).map(|class| plane.column_ones(class)).collect());
    let json = json!({
        "outputs": { "memory": ui.path(path), "patterns": null },
        "patterns": held.patterns,
        "neurons": held.neurons,
        "sha256": folder::hash(&memory),
        "of_each_class": of_each_class,
    });
    ui.result("host.read/1", &json, || {
        let mut rows = vec![vec!["memory".into(), format!("{}, in {}", info::contents(is, held), path.display())]];
        if let Some(counts) = &of_each_class {
            let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
            rows.push(vec!["of each class".into(), counts.join(" ")]);
        }
        rows.push(vec!["sha256".into(), folder::hash(&memory)]);
        table(&rows)
    })?;
    super::note_line(&board, ui);
    Ok(())
}
