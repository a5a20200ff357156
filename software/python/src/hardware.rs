//! A memory as hardware: whether it fits, its Verilog, its simulation, its bitstream, and the certificate.

use crate::{arrays, error::OrRaise, job, memory::Memory, model::json, recall::Asked};
use hopgate::{
    Board, BuildOptions, Error, EstimateReport, HardwareOptions, Result,
    build::{Aim, BAUD, one_clock, top},
    cues::Cues,
    hardware::{Hardware, Later, Line, Protocol, Readout, Room, Rows},
    simulate::CoreSimulation,
    verify::{FILE, Ladder, LadderCues, MASK},
    verilog::{Roms, Style, Top, verilog},
};
use hopgate_eda::finished::Finished;
use hopgate_files::{folder, model_file, trace};
use numpy::{PyArray1, PyReadonlyArray2};
use pyo3::{
    prelude::*,
    types::{PyDict, PyString},
};
use std::path::PathBuf;

/// One of some names.
fn one_of<T: Copy>(option: &str, name: &str, of: &[(&str, T)]) -> Result<T> {
    of.iter().find(|(known, _)| *known == name).map(|&(_, value)| value).ok_or_else(|| {
        let names: Vec<String> = of.iter().map(|(known, _)| format!("`{option} {known}`")).collect();
        Error::usage(format!("{option} is {name:?}")).hint(names.join(" or "))
    })
}

/// A value of a keyword.
fn value<'py, T: for<'a> FromPyObject<'a, 'py>>(name: &str, given: &Bound<'py, PyAny>) -> PyResult<T> {
    given.extract().map_err(|_| {
        let shown = given.repr().map(|text| text.to_string()).unwrap_or_default();
        let what = Error::usage(format!("{name} is {shown}, which is of another type"));
        crate::error::raised(what.hint("numbers are whole, and what is on or off is True or False"))
    })
}

/// The options of hardware by their keywords.
fn options(given: &Bound<PyDict>) -> PyResult<HardwareOptions> {
    let mut options = HardwareOptions::new();
    let (mut ranked, mut ranks, mut within) = (false, None, None);
    for (key, given) in given {
        let key = key.cast_into::<PyString>()?.to_string();
        let text = || value::<String>(&key, &given);
        match key.as_str() {
            "parallel" => options.parallel = value(&key, &given)?,
            "fold" => options.fold = value(&key, &given)?,
            "lanes" => options.lanes = value(&key, &given)?,
            "share" => options.cues = value(&key, &given)?,
            "cores" => options.cores = value(&key, &given)?,
            "masks" => options.masks = value(&key, &given)?,
            "learns" => options.learns = value(&key, &given)?,
            "auto_store" => options.auto_store = value(&key, &given)?,
            "loads" => options.loads = value(&key, &given)?,
            "self_test" => options.self_test = value(&key, &given)?,
            "readout" => {
                let of = [("vote", Some(Readout::Vote)), ("nearest", Some(Readout::Nearest)), ("ranked", None)];
                match one_of("readout", &text()?, &of).or_raise()? {
                    Some(readout) => options.readout = readout,
                    None => ranked = true,
                }
            }
            "ranks" => ranks = value(&key, &given)?,
            "within" => within = value(&key, &given)?,
            "protocol" => {
                let of = [("plain", Protocol::Plain), ("framed", Protocol::Framed)];
                options.protocol = Some(one_of("protocol", &text()?, &of).or_raise()?);
            }
            "line" => {
                let of = [("uart", Line::Uart), ("spi", Line::Spi)];
                options.line = one_of("line", &text()?, &of).or_raise()?;
            }
            "rows" => {
                let of = [("auto", Rows::Auto), ("block", Rows::Block), ("spram", Rows::Spram)];
                options.rows = one_of("rows", &text()?, &of).or_raise()?;
            }
            "later" => {
                let of = [("scan", Later::Scan), ("queue", Later::Queue), ("stop", Later::Stop)];
                options.later = one_of("later", &text()?, &of).or_raise()?;
            }
            "room" => options.room = room(&value::<Bound<PyDict>>(&key, &given)?)?,
            _ => {
                let known =
                    "parallel, lanes, fold, readout, ranks, within, later, share, cores, protocol, line, loads, self_test, learns, auto_store, room, rows and masks";
                let what = Error::usage(format!("there is no option {key} of hardware"));
                return Err(what.hint(format!("there are {known}"))).or_raise();
            }
        }
    }
    options.readout = match (ranked, ranks) {
        (true, Some(most)) => Readout::Ranked { most, within },
        (true, None) => {
            let what = Error::usage("readout ranked needs the number of patterns that are wanted");
            return Err(what.hint("ranks=5 lists the five nearest")).or_raise();
        }
        (false, None) if within.is_none() => options.readout,
        (false, _) => {
            let what = Error::usage("ranks and within have no effect here");
            return Err(what.hint("they go with readout=\"ranked\"")).or_raise();
        }
    };
    Ok(options)
}

/// Room for larger memories.
fn room(given: &Bound<PyDict>) -> PyResult<Room> {
    let mut room = Room::default();
    for (key, given) in given {
        let key = key.cast_into::<PyString>()?.to_string();
        if key == "kinds" {
            room.kinds = value::<String>(&key, &given)?.parse().or_raise()?;
            continue;
        }
        let place = match key.as_str() {
            "patterns" => &mut room.patterns,
            "neurons" => &mut room.neurons,
            "planes" => &mut room.planes,
            "outputs" => &mut room.outputs,
            "bits" => &mut room.accumulator_bits,
            _ => {
                let what = Error::usage(format!("there is no room for {key}"));
                return Err(what.hint("there is room for patterns, neurons, planes, outputs, bits and kinds")).or_raise();
            }
        };
        *place = value(&key, &given)?;
    }
    Ok(room)
}

/// A clock: `board`, `max`, or a number of MHz.
fn aim(freq: &str) -> Result<Aim> {
    freq.parse().map_err(|why: String| Error::usage(format!("freq is {freq:?}: {why}")))
}

impl Memory {
    fn on(&self, board: &Board, given: &Bound<PyDict>) -> PyResult<Hardware> {
        options(given)?.on(&self.memory, board).or_raise()
    }
}

#[pymethods]
impl Memory {
    /// What it takes on a board, as JSON.
    fn estimate(&self, py: Python, board: String, hardware: &Bound<PyDict>) -> PyResult<String> {
        let board = Board::find(&board).or_raise()?;
        let hardware = self.on(&board, hardware)?;
        let made = py.detach(|| {
            let report = EstimateReport::of(&self.memory, hopgate::estimate(&self.memory, &hardware, &board)?);
            Ok((json(&report)?, report.estimate.to_string()))
        });
        made.or_raise().and_then(|(report, text): (String, String)| {
            let mut whole: serde_json::Value = serde_json::from_str(&report).unwrap_or_default();
            whole["text"] = text.into();
            json(&whole).or_raise()
        })
    }

    /// Writes its Verilog, and says what was written, as JSON.
    #[pyo3(signature = (path, wrapper, streams, board, freq, name, inline, hardware))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn verilog(
        &self,
        py: Python,
        path: PathBuf,
        wrapper: &str,
        streams: bool,
        board: Option<String>,
        freq: Option<String>,
        name: Option<String>,
        inline: bool,
        hardware: &Bound<PyDict>,
    ) -> PyResult<String> {
        let mut style = Style::default();
        if let Some(name) = &name {
            style = style.named(name).or_raise()?;
        }
        if inline {
            style = style.roms(Roms::Inline);
        }
        if streams && (board.is_some() || !matches!(wrapper, "axil" | "wishbone")) {
            let what = Error::usage("streams has no effect here");
            return Err(what.hint("`wrapper axil` and `wishbone` have streams beside their registers")).or_raise();
        }
        let (hardware, on_top) = match board {
            Some(board) => {
                let board = Board::find(&board).or_raise()?;
                let clock = one_clock(&board, aim(freq.as_deref().unwrap_or("board")).or_raise()?, BAUD).or_raise()?;
                let clock = clock.ok_or_else(|| {
                    Error::usage("the fastest clock is known only after place and route").hint("`build` finds it")
                });
                let hardware = self.on(&board, hardware)?;
                let on_top = top(&board, &clock.or_raise()?, hardware.framed, hardware.line).or_raise()?;
                (hardware, on_top)
            }
            None => {
                let options = options(hardware)?;
                // the core alone takes no requests
                let hardware = match wrapper {
                    "none" => options.alone(&self.memory),
                    _ => options.behind_a_link(&self.memory),
                };
                let hardware = hardware.or_raise()?;
                let on_top = wrapped(wrapper, freq.as_deref(), hardware.framed, streams).or_raise()?;
                (hardware, on_top)
            }
        };
        let write = || {
            let emitted = verilog(&self.memory, &hardware, on_top, &style)?;
            emitted.save(&self.manifest()?, &path)?;
            json(&emitted)
        };
        py.detach(write).or_raise()
    }

    /// The emitted core and the reference on the same cues: what was found as JSON, and what the core answered.
    #[pyo3(signature = (cues, mask, hardware, progress))]
    fn cosim<'py>(
        &self,
        py: Python<'py>,
        cues: PyReadonlyArray2<u8>,
        mask: Option<PyReadonlyArray2<u8>>,
        hardware: &Bound<PyDict>,
        progress: Option<&Bound<PyAny>>,
    ) -> PyResult<(String, Bound<'py, PyDict>)> {
        let Asked { bits, known } = Asked::of(py, self.memory.neurons(), &cues, mask.as_ref())?;
        let known = known.map(|known| whole(known, bits.rows()));
        let cues = Cues { known, ..Cues::given(bits) };
        let hardware = options(hardware)?.alone(&self.memory).or_raise()?;
        cues.must_suit(hardware.plan.masks).or_raise()?;
        let report =
            job::run(py, progress, |watch| CoreSimulation::build(&self.memory, &hardware)?.recall(&cues, watch))?;
        let (out, answers) = (PyDict::new(py), &report.answers);
        out.set_item("bits", arrays::unpacked(py, &answers.state)?)?;
        let numbers = |of: &[u32]| PyArray1::from_iter(py, of.iter().map(|&n| n as i32));
        out.set_item("steps", numbers(&answers.steps))?;
        out.set_item("nearest", numbers(&answers.nearest))?;
        out.set_item("distance", numbers(&answers.distance))?;
        out.set_item("converged", PyArray1::from_slice(py, &answers.converged))?;
        out.set_item("known", PyArray1::from_slice(py, &answers.known))?;
        out.set_item("classes", answers.classes().map(|classes| PyArray1::from_vec(py, classes)))?;
        let lists = answers.ranked.as_ref();
        let most = lists.map_or(0, |lists| lists.iter().map(Vec::len).max().unwrap_or(0));
        for (name, of) in [("ranked", (|&(mu, _)| mu as i64) as fn(&(usize, u32)) -> i64), ("ranked_distance", |&(_, d)| d.into())] {
            let padded = |list: &Vec<(usize, u32)>| (0..most).map(|k| list.get(k).map_or(-1, of)).collect::<Vec<_>>();
            let all = lists.map(|lists| arrays::matrix(py, lists.len(), most, lists.iter().flat_map(padded).collect()));
            out.set_item(name, all.transpose()?)?;
        }
        let classes = answers.ranked_class.as_ref().map(|lists| {
            let padded = |list: &Vec<u32>| (0..most).map(|k| list.get(k).map_or(-1, |&c| i64::from(c))).collect::<Vec<_>>();
            arrays::matrix(py, lists.len(), most, lists.iter().flat_map(padded).collect())
        });
        out.set_item("ranked_class", classes.transpose()?)?;
        Ok((json(&report).or_raise()?, out))
    }

    /// Builds the bitstream, and says what came of it, as JSON with warnings.
    #[pyo3(signature = (board, path, freq, baud, runs, allow_slow, nearest, hardware, progress))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn build(
        &self,
        py: Python,
        board: String,
        path: PathBuf,
        freq: String,
        baud: u32,
        runs: u32,
        allow_slow: bool,
        nearest: bool,
        hardware: &Bound<PyDict>,
        progress: Option<&Bound<PyAny>>,
    ) -> PyResult<String> {
        let board = Board::find(&board).or_raise()?;
        let hardware = self.on(&board, hardware)?;
        let options = BuildOptions::new().clock(aim(&freq).or_raise()?).baud(baud).runs(runs);
        let options = options.allow_slow(allow_slow).nearest_search(nearest);
        let built =
            job::run(py, progress, |watch| hopgate::build(&self.memory, &hardware, &board, &options, &path, watch))?;
        json(&built).or_raise()
    }

    /// Climbs the ladder of a build, and writes the certificate, which it returns as JSON.
    #[pyo3(signature = (path, build, board, model, cues, mask, source, pin_cues, progress))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn verify(
        &self,
        py: Python,
        path: PathBuf,
        build: PathBuf,
        board: Option<String>,
        model: Option<PathBuf>,
        cues: PyReadonlyArray2<u8>,
        mask: Option<PyReadonlyArray2<u8>>,
        source: String,
        pin_cues: usize,
        progress: Option<&Bound<PyAny>>,
    ) -> PyResult<String> {
        let Asked { bits, known } = Asked::of(py, self.memory.neurons(), &cues, mask.as_ref())?;
        let known = known.map(|known| whole(known, bits.rows()));
        let certificate = job::run(py, progress, |watch| {
            let build = Finished::open(&build)?;
            let board = Board::find(board.as_deref().unwrap_or(&build.record.board))?;
            let model = model.map(|file| Ok::<_, Error>((model_file::Model::load(&file)?, file))).transpose()?;
            std::fs::create_dir_all(&path).map_err(|e| Error::io("make the folder", &path, e))?;
            // what a certificate names lies beside it
            let stored = path.join("memory");
            folder::save(&self.memory, &stored, &self.record)?;
            trace::save_answers(&bits, &path.join("cues.npy"))?;
            known.as_ref().map(|known| trace::save_answers(known, &path.join(MASK))).transpose()?;
            let cues = LadderCues { bits: &bits, known: known.as_ref(), origin: None, source, at_pins: pin_cues };
            let ladder = Ladder {
                memory: &self.memory,
                memory_path: &stored,
                model: model.as_ref().map(|(model, file)| (model, file.as_path())),
                cues,
                build: &build,
                board: &board,
                rtl: None,
            };
            ladder.climb(&path, &path.join("cues.npy"), watch)
        })?;
        json(&serde_json::json!({ "certificate": certificate, "file": FILE })).or_raise()
    }
}

/// A mask for each of so many cues.
fn whole(known: hopgate::BitMatrix, cues: usize) -> hopgate::BitMatrix {
    if known.rows() == cues { known } else { known.select(&vec![0; cues]) }
}

/// The core in a wrapper.
fn wrapped(wrapper: &str, freq: Option<&str>, requests: bool, streams: bool) -> Result<Top> {
    /// The fastest clock of a wrapper unless told otherwise, MHz.
    const FASTEST_CLOCK: f64 = 200.0;
    let mhz = match freq.map(aim).transpose()? {
        None => FASTEST_CLOCK,
        Some(_) if wrapper == "none" => {
            return Err(Error::usage("freq has no effect here").hint(
                "the core alone has no reset that a clock decides: `wrapper axis`, `axil` or `wishbone`, or a `board`",
            ));
        }
        Some(Aim::AtLeast(mhz)) => mhz,
        Some(Aim::Board | Aim::Max) => {
            return Err(Error::usage("the clock of a wrapper is a number of MHz")
                .hint("give the fastest clock that the design will have"));
        }
    };
    let clock = (mhz * 1e6).round() as u32;
    one_of(
        "wrapper",
        wrapper,
        &[
            ("none", Top::Core),
            ("axis", Top::Axis { clock, requests }),
            ("axil", Top::Axil { clock, requests, streams }),
            ("wishbone", Top::Wishbone { clock, requests, streams }),
        ],
    )
}
