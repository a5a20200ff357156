//! Another memory in a finished bitstream.

use crate::{build::top, design::BuiltDesign, facts::MemoryFacts};
use hopgate_eda::{
    cut::Rom,
    reload::{self, ReloadRequest},
    tools::Toolbox,
};
use hopgate_files::folder;
use hopgate_hdl::{
    Plan, emit,
    refit::{Geometry, refit},
};
use hopgate_model::{Error, ErrorKind, Result, memory::Memory};
use serde::Serialize;
use std::{path::Path, time::Instant};

/// A memory that can take the place of the one in a build.
pub struct Reload<'a> {
    build: &'a Path,
    memory: &'a Memory,
    design: BuiltDesign,
    plan: Plan,
    smaller: bool,
    start: Instant,
}

/// What a reload did.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ReloadReport {
    /// The memory that is in the bitstream now.
    pub memory: MemoryFacts,
    /// The memory that was built in.
    pub former_memory: FormerMemory,
    /// Block RAMs of the design that hold contents.
    pub block_rams: usize,
    /// Those of them that changed.
    pub changed: usize,
    /// Bits that were compared with the unpacked bitstream.
    pub bits: usize,
    /// SHA-256 of the new bitstream.
    pub bitstream_sha256: String,
    /// Wall seconds.
    pub seconds: f64,
}

/// A memory of which nothing but its hash is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormerMemory {
    /// Its hash.
    pub sha256: String,
}

impl<'a> Reload<'a> {
    /// A memory for a build, if it has the shape of the one in it.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] with every reason why it cannot take that place; those of [`BuiltDesign::read`] and [`Plan::with`].
    pub fn of(build: &'a Path, memory: &'a Memory) -> Result<Self> {
        let start = Instant::now();
        let design = BuiltDesign::read(build)?;
        if design.sprams > 0 {
            let what = format!("{} has rows in {} SPRAMs, which no bitstream can fill", build.display(), design.sprams);
            return Err(Error::new(ErrorKind::Fit, what).hint("such a board takes its memory while it runs"));
        }
        if design.tail_lanes > 0 {
            let what = format!("{} has rows in logic cells, which are not contents of a memory", build.display());
            return Err(Error::new(ErrorKind::Fit, what).hint("build the other memory"));
        }
        if design.shape.cores > 1 {
            let what = format!(
                "{} has {} cores side by side: a reload finds the block RAMs of one",
                build.display(),
                design.shape.cores
            );
            return Err(Error::new(ErrorKind::Fit, what).hint("build the other memory"));
        }
        let (built, kind) = (design.shape.kind, memory.kind());
        if built != kind {
            let what = format!("the shapes differ: kind: {built} in the build, {kind} in the memory");
            return Err(Error::new(ErrorKind::Fit, what).hint("build the other memory"));
        }
        let plan = Plan::with(memory, design.options())?;
        let smaller = Geometry::of(&plan) != design.shape;
        let plan = refit(memory, plan, &design.shape).map_err(|e| e.hint("build the other memory"))?;
        Ok(Reload { build, memory, design, plan, smaller, start })
    }

    /// Whether the build has room for more than this memory takes: what it does not use is zero there.
    pub fn is_smaller(&self) -> bool {
        self.smaller
    }

    /// Writes the new bitstream.
    ///
    /// # Errors
    /// Those of [`reload::reload`].
    pub fn write(self, out: &Path) -> Result<ReloadReport> {
        let clock = reload::clock(self.build)?;
        let design = &self.design;
        let emitted =
            emit(&self.plan, top(&design.board, &clock, design.framed, design.line)?, &folder::hash(self.memory))?;
        let roms: Vec<Rom> = emitted
            .images()
            .into_iter()
            .map(|image| Rom { file: image.file, width: image.width, words: image.words })
            .collect();
        let done = reload::reload(&ReloadRequest {
            build: self.build,
            verilog: &[(emitted.file, emitted.verilog)],
            roms: &roms,
            out,
            flags: &design.board.flags.pack,
            tools: Toolbox::default(),
        })?;
        Ok(ReloadReport {
            memory: MemoryFacts::of(self.memory),
            former_memory: FormerMemory { sha256: self.design.memory },
            block_rams: done.block_rams,
            changed: done.changed,
            bits: done.bits,
            bitstream_sha256: done.sha256,
            seconds: self.start.elapsed().as_secs_f64(),
        })
    }
}
