//! `hopgate reload`: another memory in a finished bitstream.

use super::{
    output::{self, Outputs},
    with_outputs,
};
use crate::ui::{Ui, table};
use hopgate::{ErrorKind, Result, design::BuiltDesign, reload::Reload};
use hopgate_files::folder;
use hopgate_model::kind::Kind;
use serde_json::json;
use std::path::PathBuf;

/// Put another memory of the same shape into a finished bitstream, in seconds
#[derive(clap::Args)]
#[command(after_help = "Example:\n    hopgate reload build/ other-memory/ -o new.bin\n\n\
                        The contents of the block RAMs are exchanged, without synthesis, place and route, and the new bitstream is\n\
                        unpacked and checked. iCE40 only. Where more than contents would have to change, the reason is printed\n\
                        and nothing is written.")]
pub struct Args {
    /// A build folder, as `build` writes it
    build: PathBuf,
    /// The other memory: as many neurons, patterns and planes
    memory: PathBuf,
    /// Where the new bitstream goes
    #[arg(short, long, value_name = "FILE", value_parser = output::file())]
    output: PathBuf,
}

/// Runs it.
pub fn run(args: Args, ui: &Ui) -> Result<()> {
    let design = BuiltDesign::read(&args.build)?;
    let memory = folder::load(&args.memory)?;
    Outputs::new(ui).reads(args.build.as_path()).reads(args.memory.as_path()).file(args.output.as_path()).check()?;
    let reload = Reload::of(&args.build, &memory).map_err(|e| match e.kind() {
        ErrorKind::Fit => {
            let place = format!("{} cannot be put into {}", args.memory.display(), args.build.display());
            e.at(place).hint(way_out(&design, memory.kind()))
        }
        _ => e,
    })?;
    let smaller = reload.is_smaller();
    let done = reload.write(&args.output)?;
    if smaller {
        ui.note("the build has room for more than this memory takes: what it does not use is zero there");
    }
    let json = with_outputs(json!({ "bitstream": ui.path(&args.output) }), &done)?;
    ui.result("reload/1", &json, || {
        table(&[
            vec!["memory".into(), format!("{}, sha256 {}", args.memory.display(), done.memory.sha256)],
            vec!["instead of".into(), format!("sha256 {}", done.former_memory.sha256)],
            vec!["block RAMs".into(), format!("{} of {} changed", done.changed, done.block_rams)],
            vec!["checked".into(), format!("unpacked again: {} bits as wanted, nothing else changed", done.bits)],
            vec!["bitstream".into(), format!("{}, sha256 {}", args.output.display(), done.bitstream_sha256)],
            vec!["time".into(), format!("{:.2} s", done.seconds)],
        ])
    })
}

/// How a memory gets to a board where its bitstream cannot take it.
fn way_out(design: &BuiltDesign, kind: Kind) -> &'static str {
    match (design.sprams, &design.room) {
        _ if design.shape.kind != kind => {
            "what a board answers with is built in, and no load changes it; build it: hopgate build memory/ -o build/"
        }
        (1.., _) => "such a board takes its memory while it runs: hopgate host --port PORT load memory/",
        (0, None) => "build it: hopgate build memory/ -o build/",
        (0, Some(_)) => {
            "the board may have room for it while it runs: hopgate host --port PORT load memory/; or build it: hopgate build"
        }
    }
}
