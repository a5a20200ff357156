//! A board at the other end of a line against the reference: what it answers, and what it holds.

use super::{LadderCues, MASK, climb, page};
use hopgate_files::{atomic, folder, trace::Trace};
use hopgate_hdl::Readout;
use hopgate_host::{client::Session, transport::Transport};
use hopgate_model::{Error, Result, memory::Memory, progress::Watch};
use hopgate_sim::certificate::{self, Certificate, FILE, FORMAT, Outcome, PORT, Rung, ToLink, VERSION};
use std::path::Path;

const ANSWERS: &str = "answers, steps, converged, nearest, distance, known";

/// A memory, the folder that it is in, and the cues that a board is asked.
pub struct AtPort<'a> {
    /// The memory that the board should hold.
    pub memory: &'a Memory,
    /// Its folder.
    pub memory_path: &'a Path,
    /// The cues; all of them go through the port.
    pub cues: LadderCues<'a>,
}

impl AtPort<'_> {
    /// Asks the board at `port`, reads back what it holds where it lets that be read, and writes `certificate.json` and `certificate.md` into the
    /// folder `out`. `cues` is the file that holds the cues. A rung that breaks is no error here: see [`super::first_difference`].
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) for cues that the board does not take; those of the line and of files.
    pub fn verify<T: Transport>(
        &self,
        board: &mut Session<T>,
        port: &Path,
        out: &Path,
        cues: &Path,
        watch: &dyn Watch,
    ) -> Result<Certificate> {
        let is = board.identity().clone();
        let readout = match is.ranks {
            0 if is.nearest => Readout::Nearest,
            0 => Readout::Vote,
            most => Readout::Ranked { most, within: Some(board.held().entries.saturating_sub(1) as u32) },
        };
        let mut rungs = Vec::new();
        let mut add = |rung: Rung| {
            watch.says(&format!("{:16} {}", rung.name, page::in_words(&rung)));
            rungs.push(rung);
            watch.go_on()
        };
        add(self.answers(board, readout)?)?;
        add(self.read_back(board, is.fixed)?)?;
        let first = rungs.iter().find(|r| r.result == Outcome::Differs).map(|r| r.name.clone());
        let mask = self.cues.known.map(|_| cues.with_file_name(MASK));
        let memory = ["patterns.npy", "planes.npy", "kernel.npy", "offset.npy", "manifest.json"];
        let by = |what, path, by: &str| ToLink { what, path, made_by: by.to_owned() };
        let mut files: Vec<ToLink> =
            memory.iter().map(|name| by("memory", self.memory_path.join(name), "hopgate")).collect();
        files.push(by("cues", cues.to_owned(), "hopgate verify"));
        files.extend(mask.map(|mask| by("mask", mask, "hopgate verify")));
        let certificate = Certificate {
            format: FORMAT.into(),
            version: VERSION,
            hopgate: env!("CARGO_PKG_VERSION").into(),
            board: format!("the board at {}", port.display()),
            device: format!(
                "hopgate {}, built for the memory {}",
                is.version,
                is.built_in.iter().map(|b| format!("{b:02x}")).collect::<String>()
            ),
            memory: folder::hash(self.memory),
            // what configured the board is not seen through its port
            bitstream: String::new(),
            cues: self.cues.source.clone(),
            rungs,
            first_difference: first,
            chain: certificate::link(&files, out)?,
            tools: Vec::new(),
            certificate_sha256: None,
        };
        atomic::write(&out.join(page::PAGE), page::page(&certificate).as_bytes())?;
        certificate.save(&out.join(FILE))?;
        Ok(certificate)
    }

    /// Whether the board could hold the memory: before anything is written.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) if the board holds a memory of another kind or shape.
    pub fn must_be_alike<T: Transport>(&self, board: &Session<T>) -> Result<()> {
        let (held, memory) = (board.held(), self.memory);
        let (is, n) = (board.identity(), memory.neurons());
        if (is.kind == memory.kind() || is.ranks > 0) && (held.neurons, held.patterns) == (n, memory.patterns().rows())
        {
            return Ok(());
        }
        let what = format!(
            "the board holds {} patterns of {} neurons and is of kind {}, the memory has {} of {n} and is of kind {}",
            held.patterns,
            held.neurons,
            is.kind,
            memory.patterns().rows(),
            memory.kind()
        );
        Err(Error::usage(what).hint("give the memory that the board holds, or load this one"))
    }

    /// What the board says of every cue.
    fn answers<T: Transport>(&self, board: &mut Session<T>, readout: Readout) -> Result<Rung> {
        let cues = self.cues.asked();
        let count = self.cues.bits.rows();
        let got = board.recall_masked(self.cues.bits, self.cues.known, &mut |_| ())?;
        let answers: Vec<_> = (0..count).map(|q| cues.row(q).answer(self.memory, readout, |_, _| ())).collect();
        let mut want = Trace::from_answers(&answers, self.memory.outputs());
        want.field = None;
        let rung = climb::rung(PORT, "the integer reference", ANSWERS);
        Ok(climb::judged(rung, count, want.first_difference(&got).map(|d| d.to_string()), None))
    }

    /// What it holds.
    fn read_back<T: Transport>(&self, board: &mut Session<T>, fixed: bool) -> Result<Rung> {
        let rung = climb::rung("read back", "the memory", "patterns, planes, values, kernel and thresholds");
        if fixed {
            return Ok(climb::skipped(rung, "this board is fixed: what it holds cannot be read"));
        }
        let same = board.holds(self.memory)?;
        let what = (!same).then(|| "the board holds another memory".to_owned());
        Ok(Rung { cues: None, ..climb::judged(rung, 0, what, None) })
    }
}
