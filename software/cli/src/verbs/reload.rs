//! `hopgate reload`: another memory in a finished bitstream.

use super::{
    build,
    design::Design,
    output::{self, Outputs},
};
use crate::ui::{Ui, table};
use hopgate_eda::{
    clock::Clock,
    cut::Rom,
    reload::{self, ReloadRequest},
    tools::Toolbox,
};
use hopgate_files::folder;
use hopgate_hdl::{
    Plan, emit,
    refit::{Shape, refit},
};
use hopgate_model::{Error, ErrorKind, Result};
use serde_json::json;
use std::{path::PathBuf, time::Instant};

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
    let start = Instant::now();
    let design = Design::read(&args.build)?;
    if design.sprams > 0 {
        let what =
            format!("{} has rows in {} SPRAMs, which no bitstream can fill", args.build.display(), design.sprams);
        return Err(Error::new(ErrorKind::Fit, what)
            .hint("such a board takes its memory while it runs: hopgate host --port PORT load memory/"));
    }
    if design.tail_lanes > 0 {
        let what = format!("{} has rows in logic cells, which are not contents of a memory", args.build.display());
        return Err(Error::new(ErrorKind::Fit, what).hint("build the other memory: hopgate build memory/ -o build/"));
    }
    let memory = folder::load(&args.memory)?;
    Outputs::new(ui).reads(args.build.as_path()).reads(args.memory.as_path()).file(args.output.as_path()).check()?;
    let place = || args.memory.display().to_string();
    let cannot = |e: Error| e.at(format!("{} cannot be put into {}", place(), args.build.display()));
    let plan = Plan::with(&memory, design.options())?;
    let smaller = Shape::of(&plan) != design.shape;
    let way_out = match design.room {
        None => "build it: hopgate build memory/ -o build/",
        Some(_) => {
            "the board may have room for it while it runs: hopgate host --port PORT load memory/; or build it: hopgate build"
        }
    };
    let plan = refit(&memory, plan, &design.shape).map_err(|e| cannot(e).hint(way_out))?;
    let clock: Clock = reload::clock(&args.build)?;
    let hash = folder::hash(&memory);
    let emitted = emit(&plan, build::top(&design.board, &clock, design.framed), &hash)?;
    let roms: Vec<Rom> = emitted
        .images()
        .into_iter()
        .map(|image| Rom { file: image.file, width: image.width, words: image.words })
        .collect();
    let mut done = reload::reload(&ReloadRequest {
        build: &args.build,
        verilog: &[(emitted.file, emitted.verilog)],
        roms: &roms,
        out: &args.output,
        flags: &design.board.flags.pack,
        tools: Toolbox::default(),
    })?;
    done.seconds = start.elapsed().as_secs_f64();
    if smaller {
        ui.note("the build has room for a longer reach or larger numbers; what this memory does not use is zero there");
    }
    let json = json!({
        "outputs": { "bitstream": ui.path(&args.output) },
        "memory": super::memory_json(&memory),
        "former_memory": { "sha256": design.memory },
        "block_rams": done.block_rams,
        "changed": done.changed,
        "bits": done.bits,
        "bitstream_sha256": done.sha256,
        "seconds": done.seconds,
    });
    ui.result("reload/1", &json, || {
        table(&[
            vec!["memory".into(), format!("{}, sha256 {hash}", args.memory.display())],
            vec!["instead of".into(), format!("sha256 {}", design.memory)],
            vec!["block RAMs".into(), format!("{} of {} changed", done.changed, done.block_rams)],
            vec!["checked".into(), format!("unpacked again: {} bits as wanted, nothing else changed", done.bits)],
            vec!["bitstream".into(), format!("{}, sha256 {}", args.output.display(), done.sha256)],
            vec!["time".into(), format!("{:.2} s", done.seconds)],
        ])
    })
}
