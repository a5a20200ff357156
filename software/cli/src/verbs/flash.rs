//! `hopgate flash`: a bitstream into a board.

use super::DEFAULT_BOARD;
use crate::ui::{Ui, table};
use hopgate::design::BuiltDesign;
use hopgate_eda::{
    board::Board,
    flash::{self, FlashRequest},
    pack, tools,
};
use hopgate_model::{Error, Result};
use serde_json::json;
use std::{ffi::OsString, path::PathBuf};

/// Load a bitstream into a board over USB, by the program that the board names
#[derive(clap::Args)]
#[command(after_help = "Examples:\n    hopgate flash build/\n    hopgate flash build/ --dry-run\n    \
                        hopgate flash new.bin --board alchitry-cu")]
pub struct Args {
    /// A build folder, or a bitstream
    what: PathBuf,
    /// For a bitstream: a board's name, or a board file (.toml) [default: alchitry-cu]
    #[arg(long)]
    board: Option<OsString>,
    /// Check the bitstream and print the command, but do not run it
    #[arg(long)]
    dry_run: bool,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let request = match args.what.is_dir() {
        true => {
            if args.board.is_some() {
                return Err(Error::usage("--board has no effect here")
                    .hint("a build folder knows its board; --board goes with a bitstream"));
            }
            FlashRequest::new(BuiltDesign::read(&args.what)?.board, flash::of_build(&args.what)?)
        }
        false => FlashRequest::new(Board::find(args.board.as_deref().unwrap_or(DEFAULT_BOARD.as_ref()))?, &args.what),
    };
    let size = request.check()?;
    let tool = &request.board.tools.load;
    let mut seconds = None;
    if !args.dry_run {
        seconds = Some(flash::flash(&request, &ui.follow("loading the board"))?);
    }
    let there = request.tools.has(tool);
    let bytes = std::fs::read(&request.bitstream).map_err(|e| Error::io("read", &request.bitstream, e))?;
    let hash = pack::sha256(&bytes);
    let json = json!({
        "board": request.board.name, "bitstream": ui.path(&request.bitstream), "bytes": size, "bitstream_sha256": hash,
        "command": request.line(), "installed": there, "loaded": !args.dry_run, "seconds": seconds,
    });
    ui.result("flash/1", &json, || {
        let command = match (args.dry_run, there) {
            (true, false) => format!("{} (not installed: {})", request.line(), tools::how_to_get(tool)),
            _ => request.line(),
        };
        let what = if args.dry_run { "would run" } else { "ran" };
        let mut rows = vec![
            vec!["board".into(), request.board.title.clone()],
            vec!["bitstream".into(), format!("{size} bytes, sha256 {hash}")],
            vec![what.into(), command],
        ];
        rows.extend(seconds.map(|s| vec!["loaded in".into(), format!("{s:.1} s")]));
        table(&rows)
    })
}
