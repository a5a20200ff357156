//! Verilator and a compiler: from Verilog and a C++ bench to a shared library.
//!
//! A library is made once for everything that it is made from, and then taken from the [`cache`]. The contents of memories are no part
//! of it: the bench reads them when it is opened (see `shim/host.cpp`).

use crate::{
    cache::{self, Key},
    runtime,
};
use hopgate_eda::tools::{self, Tool};
use hopgate_files::temporary;
use hopgate_model::{Error, ErrorKind, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// Whether the build can write waveforms (it is slower with them).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waveform {
    /// No waveforms.
    Off,
    /// Benches may be opened with a path, for VCD.
    Vcd,
    /// The same for FST, which is a tenth of that.
    Fst,
}

impl Waveform {
    /// The kind of waveform that a file is of, by the end of its name: none for any other.
    pub fn of(path: &Path) -> Option<Waveform> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "vcd" => Some(Waveform::Vcd),
            "fst" => Some(Waveform::Fst),
            _ => None,
        }
    }

    /// The end of the names of its files.
    pub fn ending(self) -> &'static str {
        if self == Waveform::Fst { "fst" } else { "vcd" }
    }

    /// What Verilator is told.
    fn option(self) -> &'static [&'static str] {
        match self {
            Waveform::Off => &[],
            Waveform::Vcd => &["--trace"],
            Waveform::Fst => &["--trace-fst"],
        }
    }
}

const TIME_LIMIT: Duration = Duration::from_secs(1800);
const OBJECT: &str = "simulation.so";
const WAVEFORM_SHIM: &str = include_str!("../shim/waveform.h");
const HOST_SHIM: &str = include_str!("../shim/host.cpp");

/// What to compile: files that are in the folder already.
pub(crate) struct Sources<'a> {
    /// The top module.
    pub top: &'a str,
    /// More arguments for Verilator: what it is to warn of, and definitions.
    pub options: &'a [String],
    /// The files to compile.
    pub files: &'a [&'a str],
}

/// The library that [`compile`] makes in a folder.
pub(crate) fn object(folder: &Path) -> PathBuf {
    folder.join(OBJECT)
}

/// Compiles the sources in a folder, or finds them compiled.
pub(crate) fn compile(path: &Path, sources: &Sources, waveform: Waveform) -> Result<()> {
    must_run_programs(path)?;
    let (host, object) = (path.join("host.cpp"), object(path));
    let header = path.join("waveform.h");
    for (file, text) in [(&host, HOST_SHIM), (&header, WAVEFORM_SHIM)] {
        fs::write(file, text).map_err(|e| Error::io("write", file, e))?;
    }
    let recipe = Recipe::of(sources, waveform)?;
    let key = recipe.key(path)?;
    if let Some(bytes) = cache::get(&key) {
        return fs::write(&object, bytes).map_err(|e| Error::io("write", &object, e));
    }
    recipe.follow(path).map_err(|e| lacks_zlib(e, waveform).at("building the simulation"))?;
    if !object.exists() {
        return Err(Error::new(ErrorKind::Tool, "verilator and make ended without an error, but built no library")
            .hint("run `doctor` and see whether its compiler works"));
    }
    cache::put(&key, &fs::read(&object).map_err(|e| Error::io("read", &object, e))?);
    Ok(())
}

/// What to do where the compiler did not find what writes FST.
fn lacks_zlib(error: Error, waveform: Waveform) -> Error {
    let said = format!("{error} {error:?}");
    if waveform != Waveform::Fst || !["zlib.h", "-lz", "z_stream"].iter().any(|word| said.contains(word)) {
        return error;
    }
    Error::new(ErrorKind::Tool, "a waveform in FST is compressed by zlib, whose headers or library are not there")
        .hint("install zlib for developers (zlib1g-dev, zlib-devel), or write a .vcd")
}

/// Refuses a file system that lets no programs run, before the work: the library could not be loaded from it.
fn must_run_programs(path: &Path) -> Result<()> {
    let flags = rustix::fs::statvfs(path).map(|about| about.f_flag);
    if !flags.is_ok_and(|flags| flags.contains(rustix::fs::StatVfsMountFlags::NOEXEC)) {
        return Ok(());
    }
    let what = format!("a simulation cannot be run in {}: that file system is mounted noexec", path.display());
    Err(Error::new(ErrorKind::Io, what).hint("set TMPDIR to a folder on a file system that lets programs run"))
}

/// For the compiler. Without the second, every call in a shared library is one that another library could replace: a sixth slower.
/// The others leave to `host.cpp` what Verilator's runtime does about warnings, errors and `$stop`.
const FLAGS: &str = "-fPIC -fno-semantic-interposition -DVL_USER_FATAL -DVL_USER_STOP -DVL_USER_WARN";
/// For make.
const OPTIMISE: [&str; 3] = ["OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O1"];
/// What a compiler or a makefile takes from the environment.
const HEEDED: [&str; 8] =
    ["CPPFLAGS", "CXXFLAGS", "LDFLAGS", "LDLIBS", "CPATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "VERILATOR_ROOT"];

/// The header of Verilator's runtime takes longer to read than most designs do to compile: the compiler reads it once, and what it made
/// of it is kept with the runtime. A compiler that cannot use that, or for other flags, reads the header itself.
const HEADER: (&str, &str) = ("precompiled.h", "#include \"verilated.h\"\n");
/// For make: what [`HEADER`] becomes. It appears when it is whole, since others are compiled meanwhile.
///
/// A Verilator of 2024 or newer precompiles a header of the design itself, and a compiler takes one such header alone: then ours is not
/// used. The Verilator of the Python package index was configured without a compiler, and does not say how one takes its header.
const PRECOMPILED: (&str, &str) = (
    "precompiled.mk",
    "\
.PHONY: all
ifdef VK_PCH_H
all: default
ifeq ($(strip $(CFG_CXXFLAGS_PCH_I)),)
CFG_CXXFLAGS_PCH_I = -include
endif
else
override OPT_FAST += -include precompiled.h
all: default precompiled.h.gch
precompiled.h.gch: precompiled.h
\t-$(CXX) $(CXXFLAGS) $(CPPFLAGS) -O1 -x c++-header -o $@.part $< && mv $@.part $@
endif
",
);

/// The tools, and what Verilator is told.
struct Recipe {
    verilator: Tool,
    make: Tool,
    compiler: Tool,
    waveform: Waveform,
    makefile: String,
    translate: Vec<String>,
}

impl Recipe {
    fn of(sources: &Sources, waveform: Waveform) -> Result<Recipe> {
        let (verilator, make, compiler) =
            (tools::require("verilator")?, tools::require("make")?, tools::require("g++")?);
        let object = format!("../{OBJECT}");
        let plain = ["--cc", "--exe", "-O3", "--x-initial", "unique", "--top-module", sources.top, "-Mdir", "build"];
        let linked = ["-CFLAGS", FLAGS, "-LDFLAGS", "-shared", "-o", &object];
        let trace = waveform.option();
        let options = sources.options.iter().map(String::as_str);
        let words = plain.into_iter().chain(linked).chain(options).chain(sources.files.iter().copied());
        let words = words.chain(["host.cpp"]).chain(trace.iter().copied());
        let (makefile, translate) = (format!("V{}.mk", sources.top), words.map(str::to_owned).collect());
        Ok(Recipe { verilator, make, compiler, waveform, makefile, translate })
    }

    /// What Verilator's runtime depends on, whatever the design.
    fn runtime_key(&self) -> Key {
        let (arch, os) = (std::env::consts::ARCH, std::env::consts::OS);
        let traced = self.waveform.option().concat();
        let told = [env!("CARGO_PKG_VERSION"), arch, os, &self.verilator.banner, &self.compiler.banner, &traced];
        let key = told.into_iter().chain([FLAGS, HOST_SHIM]).chain(OPTIMISE);
        let key = key.chain([HEADER.1, PRECOMPILED.1]).fold(Key::new(), |key, part| key.part(part.as_bytes()));
        HEEDED
            .iter()
            .fold(key, |key, variable| key.part(std::env::var_os(variable).unwrap_or_default().as_encoded_bytes()))
    }

    /// What the library depends on: that, the arguments, and every source in the folder.
    fn key(&self, path: &Path) -> Result<String> {
        let mut key = self.translate.iter().fold(self.runtime_key(), |key, word| key.part(word.as_bytes()));
        let entries = fs::read_dir(path).map_err(|e| Error::io("list", path, e))?;
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files {
            let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
            let verilog = ["v", "sv", "vh", "svh"].contains(&kind);
            if verilog || ["vlt", "cpp", "h"].contains(&kind) {
                let bytes = fs::read(&file).map_err(|e| Error::io("read", &file, e))?;
                let name = file.file_name().unwrap_or_default().as_encoded_bytes();
                key = key.part(name).part(&if verilog { without_comments(&bytes) } else { bytes });
            }
        }
        Ok(key.digits())
    }

    /// Makes the library in a folder.
    fn follow(&self, path: &Path) -> Result<()> {
        self.verilator.run().cwd(path).args(&self.translate).timeout(Some(TIME_LIMIT)).run()?;
        let (build, key) = (path.join("build"), self.runtime_key().digits());
        for (name, text) in [HEADER, PRECOMPILED] {
            let file = build.join(name);
            fs::write(&file, text).map_err(|e| Error::io("write", &file, e))?;
        }
        // after the header that it was made from, or make would make it again
        runtime::put(&key, &build)?;
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let compiler = plain_name(path, &self.compiler)?;
        let make = self.make.run().cwd(&build).args(["-f", &self.makefile, "-f", PRECOMPILED.0, "all"]);
        let make = make.arg(format!("-j{cores}")).args(OPTIMISE);
        // what a make above this one was told is not for this one
        let make = make.args([format!("CXX={compiler}"), format!("LINK={compiler}")]).env("MAKEFLAGS", "");
        make.timeout(Some(TIME_LIMIT)).run()?;
        runtime::keep(&key, &build)
    }
}

/// The compiler as a makefile may call it: by its path if that is plain, else by a link to it.
fn plain_name(path: &Path, compiler: &Tool) -> Result<String> {
    let name = |path: &Path| path.to_string_lossy().into_owned();
    if temporary::is_plain(&compiler.path) {
        return Ok(name(&compiler.path));
    }
    // some compilers go by the name that they are called
    let called = compiler.path.file_name().map(Path::new).filter(|called| temporary::is_plain(called));
    let link = path.join(called.unwrap_or(Path::new("g++")));
    match std::os::unix::fs::symlink(&compiler.path, &link) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(Error::io("write", &link, e)),
        _ => Ok(name(&link)),
    }
}

/// Verilog without the lines that are nothing but a comment for people: those name the memory and its hash. What might be meant for a
/// tool, or stand inside something longer, stays.
fn without_comments(text: &[u8]) -> Vec<u8> {
    let has = |line: &[u8], word: &str| line.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()));
    let idle = |line: &[u8]| {
        let line = line.trim_ascii();
        let speaks = ["verilator", "synopsys", "pragma", "translate", "*/"].iter().any(|word| has(line, word));
        line.starts_with(b"//") && !line.ends_with(b"\\") && !speaks
    };
    text.split_inclusive(|byte| *byte == b'\n').filter(|line| !idle(line)).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_for_people_make_no_difference() {
        let code = |text: &str| String::from_utf8(without_comments(text.as_bytes())).unwrap();
        assert_eq!(
            code("// memory sha256 1\nmodule top;\n   // a stage\nendmodule // top\n"),
            "module top;\nendmodule // top\n"
        );
        for kept in [
            "// verilator lint_off WIDTH\n",
            "// Synopsys translate_off\n",
            "`define X(a) \\\n// a \\\n   a\n",
            "/* begun\n// ended */ wire x;\n",
        ] {
            assert_eq!(code(kept), kept);
        }
    }
}
