//! Another memory in a finished bitstream: the contents of its block RAMs are exchanged, without synthesis, place and route.
//!
//! That is right only if nothing else depends on the memory. So the Verilog that the new memory would be built from must be the very one that
//! the build was made from, and every bit of every ROM must be found in the block RAMs of the routed design, by the rule of
//! [`mod@crate::cut`], before anything is written. Afterwards the new bitstream is unpacked again: each block RAM must hold what the new memory wants
//! there, and everything else must be as it was.

use crate::{
    asc::{Asc, Place},
    clock::Clock,
    cut::{Contents, Rom, cut},
    exec::Run,
    memories::{self, Block, Stored},
    pack,
    report::FORMAT,
    tools::{Tool, Toolbox},
};
use hopgate_files::atomic;
use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How long packing and unpacking may take.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// What to put where.
#[derive(Debug)]
pub struct ReloadRequest<'a> {
    /// The build folder.
    pub build: &'a Path,
    /// The Verilog of the new memory: names and texts.
    pub verilog: &'a [(String, String)],
    /// The ROMs of the new memory.
    pub roms: &'a [Rom],
    /// The bitstream to write.
    pub out: &'a Path,
    /// More arguments for icepack: those of the board.
    pub flags: &'a [String],
    /// Where icepack and iceunpack are.
    pub tools: Toolbox,
}

/// What a reload did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reloaded {
    /// Block RAMs of the design that hold ROMs.
    pub block_rams: usize,
    /// Those of them whose contents changed.
    pub changed: usize,
    /// Bits of the new ROMs that were compared with the unpacked bitstream.
    pub bits: usize,
    /// SHA-256 of the new bitstream.
    pub sha256: String,
    /// Wall seconds of all.
    pub seconds: f64,
}

/// What is read of `report.json`.
#[derive(Debug, Deserialize)]
struct Record {
    format: String,
    top: String,
    board: String,
    bitstream: String,
    inputs: BTreeMap<String, String>,
    outputs: BTreeMap<String, String>,
    #[serde(default)]
    design: Option<serde_json::Value>,
    clock: Option<Clock>,
}

/// A finished build, opened.
struct Build<'a> {
    folder: &'a Path,
    record: Record,
}

/// What its maker recorded of a build: `design` of its report.
///
/// # Errors
/// [`ErrorKind::Io`] or [`ErrorKind::Format`] for what is no build; [`ErrorKind::Format`] for one without such a record.
pub fn design(build: &Path) -> Result<serde_json::Value> {
    Build::open(build)?.record.design.ok_or_else(|| {
        Error::new(ErrorKind::Format, format!("{} does not say what it was made of", build.display()))
            .hint("an older hopgate made it, or another design is in it: build it again")
    })
}

/// The clock that a build was made for.
///
/// # Errors
/// As [`design`].
pub fn clock(build: &Path) -> Result<Clock> {
    Build::open(build)?.record.clock.ok_or_else(|| {
        Error::new(ErrorKind::Format, format!("{} does not say what its clock is", build.display()))
            .hint("a design of your own is in it: `reload` is for memories that `build` was given")
    })
}

/// Where the bitstream of a build is, once it is what the report says.
///
/// # Errors
/// As [`design`]; [`ErrorKind::Format`] if it was changed.
pub fn bitstream(build: &Path) -> Result<PathBuf> {
    let opened = Build::open(build)?;
    opened.bitstream()?;
    Ok(build.join(&opened.record.bitstream))
}

/// Writes the bitstream of a build with other contents in its ROMs.
///
/// # Errors
/// [`ErrorKind::Fit`], with the reason, if more than contents would have to change; [`ErrorKind::Format`] for a folder that is
/// no build, or was changed; [`ErrorKind::Tool`] for a tool that is missing or fails; [`ErrorKind::Failed`] if the new bitstream does not hold
/// what it should.
pub fn reload(request: &ReloadRequest) -> Result<Reloaded> {
    let start = Instant::now();
    let build = Build::open(request.build)?;
    if !build.record.bitstream.ends_with(".bin") {
        let text =
            format!("{} is for the {}: only bitstreams for an iCE40 can be reloaded", build.name(), build.record.board);
        return Err(Error::new(ErrorKind::Fit, text).hint("build the new memory: `build`"));
    }
    let (packer, unpacker) = (request.tools.require("icepack")?, request.tools.require("iceunpack")?);
    build.same_verilog(request.verilog)?;
    let stored = build.stored()?;
    let old = build.asc()?;
    let mut new = old.clone();
    let mut block_rams = 0;
    for rom in request.roms {
        let was = build.rom(rom)?;
        let Some(stored) = stored.iter().find(|s| s.file == rom.file) else {
            if was == *rom {
                continue;
            }
            return Err(refusal(format!(
                "{} is not in block RAMs of its own: it is so small that it became logic, or another memory holds the same",
                rom.file
            )));
        };
        let bits = bits_stored(&was, stored, &old)?;
        for bit in (0..rom.width).filter(|bit| !bits.contains(bit)) {
            if was.constant(bit) != rom.constant(bit) {
                let value = u8::from(was.constant(bit) == Some(true));
                return Err(refusal(format!(
                    "bit {bit} of {} is {value} in every word that was built in, so synthesis made it a constant; the new memory has others",
                    rom.file
                )));
            }
        }
        for copy in &stored.copies {
            block_rams += copy.len();
            for (block, contents) in copy.iter().zip(contents(rom, &bits, copy)) {
                new.rams.insert(block.place, contents);
            }
        }
    }
    let scratch = atomic::scratch()?;
    let tools = Tools { packer, unpacker, flags: request.flags, folder: scratch.path() };
    let bytes = tools.pack(&new)?;
    let bits = check(&tools.unpack(&build.bitstream()?)?, &old, &tools.unpack(&bytes)?, &new)?;
    let changed = |place: &&Place| new.contents(**place) != old.contents(**place);
    let changed = new.rams.keys().filter(changed).count();
    atomic::write(request.out, &bytes)?;
    Ok(Reloaded { block_rams, changed, bits, sha256: pack::sha256(&bytes), seconds: start.elapsed().as_secs_f64() })
}

fn refusal(what: String) -> Error {
    Error::new(ErrorKind::Fit, format!("the memory cannot be put into this bitstream: {what}"))
        .hint("build it: `build memory/`")
}

/// What the blocks of one copy are to hold.
fn contents(rom: &Rom, bits: &[usize], copy: &[Block]) -> Vec<Contents> {
    cut(rom, bits, copy.first().map_or(0, |block| block.mode))
}

/// The bits of the words that are in the block RAMs: those that differ, or all, whichever explains every bit that is there.
fn bits_stored(rom: &Rom, stored: &Stored, asc: &Asc) -> Result<Vec<usize>> {
    let explains = |bits: &Vec<usize>| {
        !stored.copies.is_empty()
            && stored.copies.iter().all(|copy| {
                let want = contents(rom, bits, copy);
                let one_mode = copy.iter().all(|block| block.mode == copy[0].mode);
                let same = copy.iter().zip(&want).all(|(block, want)| asc.contents(block.place) == *want);
                one_mode && want.len() == copy.len() && same
            })
    };
    [(0..rom.width).collect(), rom.live()]
        .into_iter()
        .find(explains)
        .ok_or_else(|| refusal(format!("the block RAMs of {} are cut in a way that hopgate does not know", rom.file)))
}

/// Compares a bitstream that was made with the one that should have been; `old` and `new` are what they were made of, `before` and `after`
/// what they are. Returns how many bits of block RAM were compared.
fn check(before: &Asc, old: &Asc, after: &Asc, new: &Asc) -> Result<usize> {
    let failed = |what: String| {
        Err(Error::new(ErrorKind::Failed, format!("the new bitstream is wrong: {what}"))
            .hint("nothing was written; please report this with the build folder"))
    };
    if let Some(place) = old.rams.keys().find(|at| before.contents(**at) != old.contents(**at)) {
        return failed(format!("the old one does not hold what its .asc says at {place:?}"));
    }
    if before.configuration() != after.configuration() {
        return failed("more than contents of block RAMs changed".into());
    }
    let places = || new.rams.keys().chain(after.rams.keys());
    match places().find(|at| after.contents(**at) != new.contents(**at)) {
        Some(place) => failed(format!("the block RAM at {place:?} does not hold what the memory wants there")),
        None => Ok(4096 * new.rams.len()),
    }
}

impl Build<'_> {
    fn open(folder: &Path) -> Result<Build<'_>> {
        let no_build = |what: String| {
            Error::new(ErrorKind::Format, format!("{} is not a build: {what}", folder.display()))
                .hint("`build` makes one of a memory")
        };
        fs::read_dir(folder).map_err(|e| Error::io("open the build", folder, e))?;
        let text = fs::read(folder.join("report.json")).map_err(|e| no_build(format!("report.json: {e}")))?;
        let record: Record = serde_json::from_slice(&text).map_err(|e| no_build(format!("report.json: {e}")))?;
        match record.format == FORMAT {
            true => Ok(Build { folder, record }),
            false => Err(no_build(format!("report.json says that it is {:?}", record.format))),
        }
    }

    fn name(&self) -> String {
        self.folder.display().to_string()
    }

    /// A file of the build, as it was when it was made.
    fn read(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.folder.join(name);
        let bytes = fs::read(&path).map_err(|e| Error::io("read", &path, e))?;
        let recorded = self.record.inputs.get(name).or_else(|| self.record.outputs.get(name));
        match recorded {
            Some(hash) if *hash == pack::sha256(&bytes) => Ok(bytes),
            _ => {
                let what = format!("{}: it was changed since the build was made", path.display());
                Err(Error::new(ErrorKind::Format, what).hint("build it again"))
            }
        }
    }

    fn text(&self, name: &str) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.read(name)?).into_owned())
    }

    fn bitstream(&self) -> Result<Vec<u8>> {
        self.read(&self.record.bitstream)
    }

    fn asc(&self) -> Result<Asc> {
        let name = format!("{}.asc", self.record.top);
        Asc::parse(&self.text(&name)?).map_err(|e| e.at(self.folder.join(name).display()))
    }

    fn stored(&self) -> Result<Vec<Stored>> {
        let path = self.folder.join(memories::FILE);
        if !path.exists() {
            let what = format!("{} has no {}: it is not known which block RAM holds what", self.name(), memories::FILE);
            return Err(Error::new(ErrorKind::Format, what).hint("an older hopgate made it: build it again"));
        }
        serde_json::from_slice(&self.read(memories::FILE)?)
            .map_err(|e| Error::new(ErrorKind::Format, format!("{}: {e}", path.display())).because(e))
    }

    /// The ROM that was built in, of the shape of this one.
    fn rom(&self, like: &Rom) -> Result<Rom> {
        let name = format!("rtl/{}", like.file);
        let word = |line: &str| u64::from_str_radix(line.trim(), 16);
        let text = self.text(&name)?;
        let words: std::result::Result<Vec<u64>, _> = text.lines().filter(|l| !l.trim().is_empty()).map(word).collect();
        let words = words.map_err(|e| {
            Error::new(ErrorKind::Format, format!("{}: {e}", self.folder.join(&name).display())).because(e)
        })?;
        if words.len() != like.words.len() {
            let (was, is) = (words.len(), like.words.len());
            return Err(refusal(format!("{} has {was} words in the build, and {is} now", like.file)));
        }
        Ok(Rom { words, ..like.clone() })
    }

    /// Demands that the Verilog is the same but for its comments.
    fn same_verilog(&self, verilog: &[(String, String)]) -> Result<()> {
        fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
            let numbered = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim()));
            numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with("//"))
        }
        for (name, new) in verilog {
            let old = self.text(&format!("rtl/{name}"))?;
            let (mut a, mut b) = (code(&old), code(new));
            loop {
                match (a.next(), b.next()) {
                    (None, None) => break,
                    (old, new) if old.map(|o| o.1) == new.map(|n| n.1) => (),
                    (old, new) => {
                        let line = old.map_or(0, |(number, _)| number);
                        let show =
                            |side: Option<(usize, &str)>| side.map_or(String::new(), |(_, text)| text.to_owned());
                        return Err(refusal(format!(
                            "its Verilog differs from that of the build, first in rtl/{name}, line {line}:\n  build:  {}\n  memory: {}",
                            show(old),
                            show(new)
                        )));
                    }
                }
            }
        }
        let given = |name: &String| verilog.iter().any(|(given, _)| format!("rtl/{given}") == *name);
        match self.record.inputs.keys().find(|name| name.ends_with("v") && !given(name)) {
            Some(name) => Err(refusal(format!("{name} of the build is not made from a memory"))),
            None => Ok(()),
        }
    }
}

/// icepack and iceunpack, in a folder of their own.
struct Tools<'a> {
    packer: Tool,
    unpacker: Tool,
    flags: &'a [String],
    folder: &'a Path,
}

impl Tools<'_> {
    fn convert(&self, tool: &Tool, flags: &[String], from: &str, bytes: &[u8], to: &str) -> Result<Vec<u8>> {
        let path = |name: &str| -> PathBuf { self.folder.join(name) };
        fs::write(path(from), bytes).map_err(|e| Error::io("write", &path(from), e))?;
        let run: Run =
            tool.run().args(flags.iter().cloned()).args([from, to]).cwd(self.folder).timeout(Some(TIME_LIMIT));
        run.run()?;
        let out = fs::read(path(to)).map_err(|e| Error::io("read", &path(to), e));
        out.map_err(|e| Error::new(ErrorKind::Tool, format!("{} wrote nothing: {e}", tool.name)))
    }

    fn pack(&self, asc: &Asc) -> Result<Vec<u8>> {
        self.convert(&self.packer, self.flags, "new.asc", asc.text().as_bytes(), "new.bin")
    }

    fn unpack(&self, bitstream: &[u8]) -> Result<Asc> {
        let text = self.convert(&self.unpacker, &[], "packed.bin", bitstream, "unpacked.asc")?;
        Asc::parse(&String::from_utf8_lossy(&text)).map_err(|e| {
            Error::new(ErrorKind::Tool, format!("{} wrote something that is no .asc: {e}", self.unpacker.name))
        })
    }
}
