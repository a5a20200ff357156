//! Many builds, and the best of them: the plan of a sweep, which a workflow engine carries out, and what came of it.
//!
//! A sweep is a folder with `config.json`, which is a [`Sweep`], and the workflow that reads it. Its jobs are verbs of the command line; each leaves
//! the JSON that it printed:
//!
//! | file | of |
//! |---|---|
//! | `models/MODEL.npz` | `train` |
//! | `memories/MEMORY` | `quantize` |
//! | `accuracy/MEMORY.json` | `recall` of the keys that are asked, where the memories answer with classes |
//! | `cycles/MEMORY/CORE.json` | `cosim`; an object with `error` where there is no such core of this memory |
//! | `points/MEMORY/CORE/BOARD/SEED.json` | `build`, place and route with one seed; an object with `error` where it does not fit |

use hopgate_eda::board::Board;
use hopgate_model::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

/// The plan's file in the folder of a sweep.
pub const CONFIG: &str = "config.json";
/// The workflow's file.
pub const WORKFLOW: &str = "Snakefile";
/// The workflow, for Snakemake 8 and later.
pub const SNAKEFILE: &str = include_str!("explore/Snakefile");
/// The most builds of a sweep.
pub const MAX_BUILDS: usize = 100_000;

/// Everything that is tried: each memory as each core on each board, with each seed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sweep {
    /// Patterns: a file (its whole path) or a built-in set.
    pub patterns: String,
    /// Options of `train`, by the name of the model.
    pub models: BTreeMap<String, Vec<String>>,
    /// What is quantised, by the name of the memory.
    pub memories: BTreeMap<String, Quantised>,
    /// Options of the hardware, by the name of the core.
    pub cores: BTreeMap<String, Vec<String>>,
    /// Options of `cosim`: its cues.
    pub cues: Vec<String>,
    /// Options of `recall`, which measures how many classes are right; none where the answers are patterns, which `cosim` counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// Boards: names, or files (whole paths), by a name that a file can have.
    pub boards: BTreeMap<String, String>,
    /// Options of `build`: its clock.
    pub clock: Vec<String>,
    /// Seeds of place and route.
    pub seeds: Vec<u32>,
}

/// A memory of a sweep.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantised {
    /// The name of its model.
    pub model: String,
    /// Options of `quantize`.
    pub options: Vec<String>,
}

impl Sweep {
    /// How many runs of place and route there are.
    pub fn builds(&self) -> usize {
        let axes = [self.memories.len(), self.cores.len(), self.boards.len(), self.seeds.len()];
        axes.iter().fold(1, |all, n| all.saturating_mul(*n))
    }

    /// Whether it can be carried out: boards that there are, and no more than [`MAX_BUILDS`] builds.
    ///
    /// # Errors
    /// Those of [`Board::find`], and [`ErrorKind::Usage`] for too many.
    pub fn check(&self) -> Result<()> {
        self.boards.values().try_for_each(|board| Board::find(std::ffi::OsStr::new(board)).map(drop))?;
        if self.builds() > MAX_BUILDS {
            let what = format!("{} builds, but a sweep has at most {MAX_BUILDS}", self.builds());
            return Err(Error::usage(what).hint("give fewer values of some option"));
        }
        Ok(())
    }

    /// The sweep of a folder.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is none, [`ErrorKind::Format`] if it is not one.
    pub fn load(folder: &Path) -> Result<Sweep> {
        let path = folder.join(CONFIG);
        let text = std::fs::read(&path).map_err(|e| Error::io("read", &path, e))?;
        serde_json::from_slice(&text).map_err(|e| {
            Error::new(ErrorKind::Format, format!("{} is no plan of a sweep: {e}", path.display()))
                .hint("hopgate explore PATTERNS -o FOLDER makes one")
        })
    }

    /// What there is so far, in the order of memories, cores and boards.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] for a result that is not what a verb printed, [`ErrorKind::Io`] for one that cannot be read.
    pub fn results(&self, folder: &Path) -> Result<Results> {
        let mut results = Results { points: vec![], missing: 0 };
        for memory in self.memories.keys() {
            let asked = folder.join("accuracy").join(format!("{memory}.json"));
            let accuracy = match object(&asked)? {
                _ if self.asked.is_empty() => None,
                None => None,
                Some(found) => Some(found["recall"]["right"]["accuracy"].as_f64().ok_or_else(|| strange(&asked))?),
            };
            for core in self.cores.keys() {
                let cycles = object(&folder.join("cycles").join(memory).join(format!("{core}.json")))?;
                for board in self.boards.keys() {
                    let at = folder.join("points").join(memory).join(core).join(board);
                    let mut objects = Vec::new();
                    for seed in &self.seeds {
                        let path = at.join(format!("{seed}.json"));
                        match object(&path)? {
                            Some(found) if found["report"].is_object() || found["error"].is_object() => {
                                objects.push(found)
                            }
                            Some(_) => return Err(strange(&path)),
                            None => {}
                        }
                    }
                    results.missing += self.seeds.len() - objects.len();
                    if let (Some(cycles), false) = (&cycles, objects.is_empty()) {
                        let names = [memory, core, board].map(String::clone);
                        let point = Point::of(names, cycles, &objects).ok_or_else(|| strange(&at))?;
                        results.points.push(Point { accuracy, ..point });
                    }
                }
            }
        }
        results.mark_front();
        Ok(results)
    }
}

/// What came of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Results {
    /// Every core that has a build.
    pub points: Vec<Point>,
    /// Runs of place and route that are not done yet.
    pub missing: usize,
}

impl Results {
    /// Marks what nothing else on the same board beats: as right, as fast and as small, and better in one of these.
    fn mark_front(&mut self) {
        let beaten = |a: &Point, b: &Point| {
            let (a, b) = match (a.value(), b.value()) {
                (Some(a), Some(b)) => (a, b),
                (mine, other) => return mine.is_none() && other.is_some(),
            };
            a.iter().zip(&b).all(|(a, b)| b >= a) && b != a
        };
        let front: Vec<bool> = self
            .points
            .iter()
            .map(|a| a.value().is_some() && !self.points.iter().any(|b| a.board == b.board && beaten(a, b)))
            .collect();
        self.points.iter_mut().zip(front).for_each(|(point, on)| point.front = on);
    }
}

/// A memory as a core on a board: the best of its seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Point {
    /// The memory's name.
    pub memory: String,
    /// The core's.
    pub core: String,
    /// The board's.
    pub board: String,
    /// The share of the cues that are recalled exactly; none where the answers are classes.
    pub exact_recall: Option<f64>,
    /// The share of the keys that were asked whose class is right; none where the answers are patterns.
    pub accuracy: Option<f64>,
    /// Cycles for each cue, words in and out included: those of the whole run by the cues, so that cues that share a scan share its cycles.
    pub cycles: Option<f64>,
    /// Logic cells; none where no seed was built.
    pub logic_cells: Option<u64>,
    /// Block RAMs.
    pub block_rams: Option<u64>,
    /// The fastest clock, MHz.
    pub fmax_mhz: Option<f64>,
    /// The seed that reached it.
    pub seed: Option<u64>,
    /// Recalls a second at that clock.
    pub recalls_per_second: Option<f64>,
    /// Why there is no build.
    pub refused: Option<String>,
    /// Whether it is on the Pareto front of its board: exact recall or accuracy, recalls a second, logic cells.
    pub front: bool,
}

impl Point {
    /// From the objects of `cosim` and of one or more `build`.
    fn of([memory, core, board]: [String; 3], cycles: &Value, builds: &[Value]) -> Option<Point> {
        let mut point = Point {
            memory,
            core,
            board,
            exact_recall: None,
            accuracy: None,
            cycles: None,
            logic_cells: None,
            block_rams: None,
            fmax_mhz: None,
            seed: None,
            recalls_per_second: None,
            refused: None,
            front: false,
        };
        if cycles["error"].is_object() {
            point.refused = Some(cycles["error"]["message"].as_str()?.to_owned());
            return Some(point);
        }
        let recall = &cycles["recall"];
        let cycles = cycles["cycles"].as_f64()? / recall["cues"].as_f64()?;
        (point.exact_recall, point.cycles) = (recall["exact_recall"].as_f64(), Some(cycles));
        for build in builds {
            let report = &build["report"];
            if report.is_null() {
                point.refused = Some(build["error"]["message"].as_str()?.to_owned());
                continue;
            }
            let mhz = report["fmax_mhz"].as_f64()?;
            if point.fmax_mhz.is_none_or(|best| mhz > best) {
                point.fmax_mhz = Some(mhz);
                point.seed = Some(report["best_seed"].as_u64()?);
                point.logic_cells = Some(report["logic_cells"]["used"].as_u64()?);
                point.block_rams = Some(report["block_rams"]["used"].as_u64()?);
                point.recalls_per_second = Some(mhz * 1e6 / cycles);
            }
        }
        if point.fmax_mhz.is_some() {
            point.refused = None;
        }
        Some(point)
    }

    /// How right the answers are: the accuracy, or the exact recall.
    pub fn right(&self) -> Option<f64> {
        self.accuracy.or(self.exact_recall)
    }

    /// What is to be large.
    fn value(&self) -> Option<[f64; 3]> {
        Some([self.right()?, self.recalls_per_second?, -(self.logic_cells? as f64)])
    }
}

/// The JSON of a file; none if it is not there.
fn object(path: &Path) -> Result<Option<Value>> {
    match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|_| strange(path)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::io("read", path, e)),
    }
}

fn strange(path: &Path) -> Error {
    Error::new(ErrorKind::Format, format!("{}: this is not what hopgate printed", path.display()))
        .hint("remove it, and let the workflow make it anew")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn point(core: &str, exact: f64, mhz: &[f64], cells: u64) -> Point {
        let cycles = json!({ "cycles": 1000, "recall": { "cues": 10, "exact_recall": exact } });
        let build = |(seed, mhz): (usize, &f64)| json!({ "report": { "fmax_mhz": mhz, "best_seed": seed + 1, "logic_cells": { "used": cells }, "block_rams": { "used": 3 } } });
        let builds: Vec<Value> = mhz.iter().enumerate().map(build).collect();
        Point::of(["m".into(), core.into(), "b".into()], &cycles, &builds).unwrap()
    }

    #[test]
    fn the_best_seed_and_the_front() {
        let mut results = Results {
            points: vec![
                point("a", 0.9, &[100.0, 120.0, 110.0], 1000),
                // as right, slower and larger
                point("b", 0.9, &[90.0], 1100),
                // slower, and smaller
                point("c", 0.9, &[90.0], 900),
                // the same again is not beaten
                point("d", 0.9, &[120.0], 1000),
            ],
            missing: 0,
        };
        results.mark_front();
        assert_eq!(results.points.iter().map(|p| p.front).collect::<Vec<_>>(), [true, false, true, true]);
        let best = &results.points[0];
        assert_eq!((best.seed, best.fmax_mhz, best.recalls_per_second), (Some(2), Some(120.0), Some(1.2e6)));
    }

    #[test]
    fn accuracy_stands_in_the_place_of_exact_recall() {
        let class = |name: &str, accuracy: f64| Point {
            exact_recall: None,
            accuracy: Some(accuracy),
            ..point(name, 0.0, &[90.0], 900)
        };
        let mut results = Results { points: vec![class("a", 0.9), class("b", 0.8)], missing: 0 };
        results.mark_front();
        assert_eq!(results.points.iter().map(|p| p.front).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn what_does_not_fit_has_no_place_on_the_front() {
        let cycles = json!({ "cycles": 1000, "recall": { "cues": 10, "exact_recall": 1.0 } });
        let refused = json!({ "error": { "kind": "fit", "message": "too large" } });
        let large = Point::of(["m".into(), "x".into(), "b".into()], &cycles, &[refused]).unwrap();
        assert_eq!(large.refused.as_deref(), Some("too large"));
        // nor what no core is made of, whatever its builds say
        let none = json!({ "error": { "kind": "usage", "message": "no second cue" } });
        let none = Point::of(["m".into(), "y".into(), "b".into()], &none, &[json!({})]).unwrap();
        assert_eq!((none.refused.as_deref(), none.cycles), (Some("no second cue"), None));
        let mut results = Results { points: vec![large, none, point("a", 0.1, &[10.0], 9000)], missing: 0 };
        results.mark_front();
        assert_eq!(results.points.iter().map(|p| p.front).collect::<Vec<_>>(), [false, false, true]);
        assert!(Point::of(["m".into(), "x".into(), "b".into()], &cycles, &[json!({})]).is_none());
    }
}
