//! Mutants in one simulation, tried side by side: each thread has a copy of it, with a file of its own that chooses the mutant.

use crate::{
    flips::Flip,
    mutate::{Change, Schema},
};
use hopgate_hdl::Design;
use hopgate_model::{Error, Result};
use hopgate_sim::{Library, Waveform, trial::Noticed, tried::Tried};
use std::{
    collections::BTreeSet,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

/// The file by which a simulation learns which mutant it is.
const CHOICE: &str = "mutant.hex";
/// Of the mutants of a simulation so many must be left, or it is built again without the others.
const LEFT: f64 = 0.6;

/// What that file says.
fn number(mutant: usize) -> String {
    format!("{mutant:04x}\n")
}

/// A simulation with mutants in it.
pub struct Simulation {
    schema: Schema,
    library: Library,
    keys: BTreeSet<String>,
}

/// A mutant that is tried.
enum Attempt<'a> {
    /// The numbers of its places.
    Places(&'a str, Vec<usize>),
    Flip(&'a Flip),
}

impl Simulation {
    /// Builds a design with these mutants.
    ///
    /// # Errors
    /// As [`Library::build`].
    pub fn build(design: &Design, schema: Schema) -> Result<Simulation> {
        let broken = Design { verilog: schema.verilog.clone(), ..design.clone() };
        let library = Library::build_with(&broken, Waveform::Off, &[(CHOICE.into(), number(0))])?;
        let keys = schema.changes.iter().map(Change::key).collect();
        Ok(Simulation { schema, library, keys })
    }

    /// Whether these mutants, flips apart, are best tried in it: it has them, and few others. One with few mutants is many times faster.
    pub fn serves(&self, places: &BTreeSet<&String>) -> bool {
        let all = places.iter().all(|key| self.keys.contains(*key));
        all && places.len() as f64 >= LEFT * self.keys.len() as f64
    }

    /// Says of each of these mutants whether it is noticed in a stage of a trial. One lives if it does in every place where it is.
    ///
    /// # Errors
    /// When the design itself is noticed, or a file cannot be written.
    pub fn each(
        &self,
        prepared: &dyn Tried,
        stage: usize,
        open: &BTreeSet<String>,
        flips: &[Flip],
        became: &mut dyn FnMut(&str, Option<Noticed>) -> Result<()>,
    ) -> Result<()> {
        if let Some((_, what)) = prepared.noticed_in(&self.library, stage) {
            return Err(Error::usage(format!("it is not the reference without a mutant: {what}")));
        }
        let keys: Vec<(usize, String)> = self.schema.changes.iter().map(Change::key).enumerate().collect();
        // the places of a mutant follow each other
        let places = keys.chunk_by(|a, b| a.1 == b.1).filter(|places| open.contains(&places[0].1));
        let places = places.map(|p| Attempt::Places(&p[0].1, p.iter().map(|(at, _)| at + 1).collect()));
        let flips = flips.iter().filter(|flip| open.contains(&flip.key)).map(Attempt::Flip);
        let attempts: Vec<Attempt> = places.chain(flips).collect();
        let next = AtomicUsize::new(0);
        let threads = thread::available_parallelism().map_or(1, |n| n.get()).min(attempts.len());
        let copies: Vec<Library> = (0..threads).map(|_| self.library.copy()).collect::<Result<_>>()?;
        thread::scope(|scope| {
            let (send, receive) = mpsc::channel();
            for library in copies {
                let (send, attempts, next) = (send.clone(), &attempts, &next);
                scope.spawn(move || {
                    while let Some(attempt) = attempts.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let how = attempt.noticed(prepared, stage, &library);
                        // nobody listens any more where something went wrong
                        if send.send((attempt.key(), how)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            receive.into_iter().try_for_each(|(key, how)| became(key, how?))
        })
    }
}

impl Attempt<'_> {
    fn key(&self) -> &str {
        match self {
            Attempt::Places(key, _) => key,
            Attempt::Flip(flip) => &flip.key,
        }
    }

    fn noticed(&self, prepared: &dyn Tried, stage: usize, library: &Library) -> Result<Option<Noticed>> {
        let noticed = || prepared.noticed_in(library, stage).map(|(how, _)| how);
        match self {
            Attempt::Places(_, numbers) => {
                for &at in numbers {
                    write(library, CHOICE, &number(at))?;
                    if let Some(how) = noticed() {
                        return Ok(Some(how));
                    }
                }
                Ok(None)
            }
            Attempt::Flip(flip) => {
                write(library, CHOICE, &number(0))?;
                write(library, &flip.file, &flip.bad)?;
                let how = noticed();
                write(library, &flip.file, &flip.good)?;
                Ok(how)
            }
        }
    }
}

fn write(library: &Library, file: &str, text: &str) -> Result<()> {
    let path = library.folder().join(file);
    std::fs::write(&path, text).map_err(|e| Error::io("write", &path, e))
}
