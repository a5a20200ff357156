//! The Verilog of a memory, and the contents of its ROMs.

use crate::{facts::MemoryFacts, hardware::Hardware};
use hopgate_files::{atomic, folder, temporary};
use hopgate_hdl::emit_as;
use hopgate_model::{Result, memory::Memory};
use serde::Serialize;
use std::path::Path;

pub use hopgate_hdl::{Design, Roms, Style, Top};

/// Emitted Verilog.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Verilog {
    /// The memory in it.
    pub memory: MemoryFacts,
    /// The module on top.
    pub top: String,
    /// The names of the Verilog, the ROM images, and the files that describe them.
    pub files: Vec<String>,
    /// Lanes of 16 neurons.
    pub lanes: usize,
    /// The width of an accumulator as emitted.
    pub accumulator_bits: usize,
    /// Cycles of every step beside scan and vote.
    pub latency: usize,
    /// The design itself.
    #[serde(skip)]
    pub design: Design,
    /// Files that were asked for besides, by name.
    #[serde(skip)]
    more: Vec<(String, String)>,
    /// Whether a bench is among them.
    #[serde(skip)]
    bench: bool,
}

/// Emits a memory as hardware: the core, in a wrapper or on a board.
///
/// ```
/// use hopgate::{HardwareOptions, noise, training_free, verilog::{Style, Top, verilog}};
/// let memory = training_free(&noise::random(40, 32, 1), 0.1, &Default::default())?;
/// let core = verilog(&memory, &HardwareOptions::new().alone(&memory)?, Top::Core, &Style::default())?;
/// assert!(core.design.verilog.contains(&format!("module {}", core.top)));
/// # Ok::<(), hopgate::Error>(())
/// ```
///
/// # Errors
/// As [`emit_as`].
pub fn verilog(memory: &Memory, hardware: &Hardware, top: Top, style: &Style) -> Result<Verilog> {
    let plan = &hardware.plan;
    let design = emit_as(plan, top, &folder::hash(memory), style)?;
    Ok(Verilog {
        memory: MemoryFacts::of(memory),
        top: design.name.clone(),
        files: all(&design, false).into_iter().map(|(name, _)| name).collect(),
        lanes: plan.lanes(),
        accumulator_bits: plan.accumulator_bits,
        latency: plan.latency(),
        design,
        more: Vec::new(),
        bench: false,
    })
}

impl Verilog {
    /// Adds what a program must have to load a memory into the core: a C header, `TOP_load_NUMBER.h`.
    ///
    /// # Errors
    /// As [`Design::load`].
    pub fn loads(&mut self, memory: &Memory) -> Result<()> {
        let array = format!("{}_load_{}", self.top, self.more.len());
        self.add(self.design.load(memory, folder::digest(memory), &array)?);
        Ok(())
    }

    /// Adds a bench for cocotb: a test that its user extends, `test_TOP.py`, and what runs it, `run_TOP.py`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for a design whose answers it cannot ask for: a board, or rows in SPRAM.
    pub fn cocotb(&mut self, memory: &Memory) -> Result<()> {
        crate::example::cocotb(&self.design, memory)?.into_iter().for_each(|file| self.add(file));
        self.bench = true;
        Ok(())
    }

    fn add(&mut self, file: (String, String)) {
        self.files.push(file.0.clone());
        self.more.push(file);
    }

    /// Writes the files, and the manifest of the memory, as a whole: an older folder of emitted Verilog is replaced, any other refused.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](hopgate_model::ErrorKind::Io) if it cannot be written, or something else is in its place.
    pub fn save(&self, manifest: &[u8], out: &Path) -> Result<()> {
        atomic::folder(out, is_emitted, |new| {
            for (name, text) in all(&self.design, self.bench).iter().chain(&self.more) {
                atomic::write(&new.join(name), text.as_bytes())?;
            }
            atomic::write(&new.join("manifest.json"), manifest)
        })
    }
}

/// The files of a design, those for programs, the one that describes it, and the one that tells FuseSoC of it.
fn all(design: &Design, bench: bool) -> Vec<(String, String)> {
    design.files().into_iter().chain(design.programs()).chain([design.description(), design.fusesoc(bench)]).collect()
}

/// Whether a folder holds emitted Verilog and nothing else: only then may it be replaced.
pub fn is_emitted(folder: &Path) -> bool {
    let names: Option<Vec<String>> = std::fs::read_dir(folder)
        .ok()
        .and_then(|all| all.map(|entry| entry.ok()?.file_name().into_string().ok()).collect());
    let Some(names) = names else { return false };
    let mut sources = names.iter().filter(|name| name.ends_with(".v"));
    let (Some(source), None) = (sources.next(), sources.next()) else { return false };
    let module = source.trim_end_matches(".v");
    let beside = ["core", "h", "svd"].map(|kind| format!("{module}.{kind}"));
    let ours = |name: &String| {
        source == name
            || beside.contains(name)
            || ["manifest.json", "design.json"].contains(&name.as_str())
            || name.ends_with(".hex")
            || name.starts_with(&format!("{module}_load_")) && name.ends_with(".h")
            || ["test", "run"].iter().any(|word| *name == format!("{word}_{module}.py"))
            || temporary::is_temporary(name.as_ref())
    };
    let marked = std::fs::read_to_string(folder.join(source)).is_ok_and(|text| text.contains("generated by hopgate"));
    marked && names.iter().all(ours)
}
