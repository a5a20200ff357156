//! The same cues through a core in one of its wrappers, at the wrapper's ports, and through the integer reference.
//!
//! State, steps, converged, nearest pattern and distance are compared: fields, and the cycles of each step, can be seen in the core
//! alone (see [`mod@crate::cosim`]).

use crate::{
    bench::{Axis, Registers},
    cosim::{CHUNKS, CosimOptions, Cost, in_chunks, stall_seed, written},
    cue::{Cue, Cues},
    library::Library,
    pins::Outcome,
    words,
};
use hopgate_files::folder;
use hopgate_hdl::{Plan, Readout, Top};
use hopgate_model::{Error, ErrorKind, Result, memory::Memory, progress::Watch, reference::Answer};
use hopgate_wire::{
    layout::Layout,
    page::{self, Identity},
    protocol::{self, Region},
    request::Request,
};
use std::path::Path;

pub(crate) use crate::bench::Word;

/// An instance of a wrapped core.
enum Port {
    Stream(Axis),
    /// The same where packets are requests and replies, of this version.
    Requests(Axis, u8),
    Bus(Registers),
    /// Cues by either, and how many there were.
    Both(Registers, usize),
}

/// Of so many cues one comes by the registers, where there are streams beside them.
const BY_REGISTERS: usize = 4;

impl Port {
    /// Opens one; what is in SPRAM is loaded first.
    fn open(library: &Library, memory: &Memory, waveform: Option<&Path>) -> Result<Port> {
        let load = |ask: &mut dyn FnMut(&[u16]) -> Result<Vec<u16>>| match library.design.plan.spram_lanes {
            0 => Ok(()),
            _ => load(ask, library, memory).map_err(|e| e.at("loading the memory")),
        };
        if let Top::Axis { requests, .. } = library.design.top {
            let mut stream = Axis::traced(library, waveform)?;
            if !requests {
                return Ok(Port::Stream(stream));
            }
            let limit = patience(&library.design.plan);
            load(&mut |words| replied(&mut stream, words, 1, 0, limit))?;
            return Ok(Port::Requests(stream, identity(library)?.version()));
        }
        let mut bus = Registers::traced(library, waveform)?;
        load(&mut |words| {
            bus.put(words)?;
            bus.reply()
        })?;
        match library.design.top {
            Top::Axil { streams: true, .. } | Top::Wishbone { streams: true, .. } => Ok(Port::Both(bus, 0)),
            _ => Ok(Port::Bus(bus)),
        }
    }

    fn cost(&self) -> Result<(u64, f64)> {
        Ok(match self {
            Port::Stream(stream) | Port::Requests(stream, _) => (stream.cycles(), stream.thread_seconds()?),
            Port::Bus(bus) | Port::Both(bus, _) => (bus.cycles(), bus.thread_seconds()?),
        })
    }

    /// One recall of each of the cues, held back at random where there is a seed. By a stream alone they come one behind the other.
    fn recall_all(&mut self, plan: &Plan, cues: &[Cue], seed: u64) -> Result<Vec<Answer>> {
        let (each, limit) = (words::count(plan), patience(plan));
        match self {
            Port::Stream(stream) => {
                let sent: Vec<Word> = cues.iter().flat_map(|cue| packet(&cue.words(plan))).collect();
                let count = cues.len();
                let got = unpacked(stream.exchange(&sent, each * count, seed, limit * count as u64)?, plan)?;
                got.chunks(each).map(|words| words::answer(words, plan)).collect()
            }
            Port::Requests(stream, version) => {
                let one = |cue: &Cue| {
                    let cues = cue.words(plan);
                    let request = if plan.masks { Request::Masked { cues } } else { Request::Recall { cues } };
                    let asked = request.encode_in(*version, 1);
                    let reply = replied(stream, &asked, 1 + each, seed, limit)?;
                    match reply.split_first() {
                        Some((&header, words)) if header == asked[0] | protocol::REPLY => words::answer(words, plan),
                        _ => Err(Error::new(ErrorKind::Failed, format!("a recall is answered with {reply:04x?}"))),
                    }
                };
                cues.iter().map(one).collect()
            }
            Port::Bus(bus) => {
                bus.hold((seed >> 32) as u8 % 4);
                cues.iter().map(|cue| words::answer(&bus.exchange(&cue.words(plan), plan)?, plan)).collect()
            }
            Port::Both(bus, done) => {
                let one = |cue: &Cue| {
                    *done += 1;
                    let by_registers = done.is_multiple_of(BY_REGISTERS);
                    bus.stream(!by_registers)?;
                    let asked = cue.words(plan);
                    let got = match by_registers {
                        true => bus.exchange(&asked, plan)?,
                        false => unpacked(bus.packets(&packet(&asked), each, seed, limit)?, plan)?,
                    };
                    words::answer(&got, plan)
                };
                cues.iter().map(one).collect()
            }
        }
    }
}

/// The packet of a cue.
pub(crate) fn packet(words: &[u16]) -> Vec<Word> {
    words.iter().enumerate().map(|(i, &word)| (word, i + 1 == words.len())).collect()
}

/// The words of packets, whose ends are where they must be.
fn unpacked(got: Vec<Word>, plan: &Plan) -> Result<Vec<u16>> {
    let each = plan.answer_words() + words::INFO;
    if let Some(at) = got.iter().enumerate().position(|(i, (_, last))| *last != ((i + 1) % each == 0)) {
        return Err(Error::new(ErrorKind::Failed, format!("tlast is wrong at word {at} of an answer")));
    }
    Ok(got.into_iter().map(|(word, _)| word).collect())
}

/// How many cycles an answer may take after its cue: four times what the slowest recall takes, and its words.
pub(crate) fn patience(plan: &Plan) -> u64 {
    let steps = plan.max_steps as u64 * plan.step_cycles(plan.patterns) as u64;
    4 * (steps + 40 * (plan.cue_words() + words::count(plan)) as u64) + 20_000
}

/// What the page of a design says.
fn identity(library: &Library) -> Result<Identity> {
    let page = library.design.page.as_ref().map_or(&[][..], |page| &page.words[..]);
    Identity::of(&page.iter().map(|&word| word as u16).collect::<Vec<_>>())
}

/// The words of a reply that comes as a packet, of so many.
fn replied(stream: &mut Axis, request: &[u16], words: usize, seed: u64, limit: u64) -> Result<Vec<u16>> {
    let got = stream.exchange(&packet(request), words, seed, limit)?;
    if got != packet(&got.iter().map(|&(word, _)| word).collect::<Vec<_>>()) {
        return Err(Error::new(ErrorKind::Failed, format!("tlast is wrong in the reply {got:04x?}")));
    }
    Ok(got.into_iter().map(|(word, _)| word).collect())
}

/// Loads a memory by requests.
fn load(ask: &mut dyn FnMut(&[u16]) -> Result<Vec<u16>>, library: &Library, memory: &Memory) -> Result<()> {
    let identity = identity(library)?;
    let write = |at: usize| Request::Write { region: Region::Page, address: at as u16, words: vec![2] };
    let mut layout = Layout::of(memory, folder::digest(memory), &identity)?;
    // how far a list reaches is not the memory's
    if let Readout::Ranked { within: Some(within), .. } = library.design.plan.readout {
        layout.held.entries = within as usize + 1;
    }
    let all = [vec![write(page::BEGIN)], layout.writes(&identity), vec![write(page::COMMIT)]].concat();
    for request in all {
        let words = request.encode_in(identity.version(), 1);
        let reply = ask(&words)?;
        if reply != [words[0] | protocol::REPLY] {
            return Err(Error::new(ErrorKind::Failed, format!("a {} is answered with {reply:04x?}", request.kind())));
        }
    }
    Ok(())
}

/// Recalls every row of `queries` at the ports and in the reference, on every other cue with both sides held back at random. The watch
/// counts cues. What is in SPRAM is loaded first.
///
/// # Errors
/// When the wrapper does not answer, or breaks the rules of its bus; a wrong answer is not an error but part of the result.
pub fn recall<'a>(
    library: &Library,
    memory: &Memory,
    queries: impl Into<Cues<'a>>,
    watch: &dyn Watch,
) -> Result<Outcome> {
    let (queries, plan) = (queries.into(), &library.design.plan);
    assert_eq!(queries.bits.cols(), memory.neurons());
    queries.fit(plan)?;
    let chunks = if plan.spram_lanes > 0 { 1 } else { CHUNKS };
    let (recalled, cost) = in_chunks(queries.rows(), chunks, watch, |cues, done| {
        let mut port = Port::open(library, memory, None)?;
        let (before, start) = port.cost()?;
        let mut answers = Vec::new();
        // those that share a scan go together, and so do those of cores side by side; the last ones are filled up
        let together = plan.cues * plan.cores;
        for q in cues.clone().step_by(together) {
            let group: Vec<Cue> = (q..q + together).map(|q| queries.row(q.min(cues.end - 1))).collect();
            let seed = stall_seed(q / together, CosimOptions::default());
            let hardware = port.recall_all(plan, &group, seed).map_err(|e| e.at(format!("cue {q}")))?;
            for (cue, hardware) in group.into_iter().zip(hardware).take(cues.end - q) {
                let software = cue.answer(memory, plan.readout, |_, _| ());
                answers.push((hardware, Answer { field: Vec::new(), ..software }));
                done()?;
            }
        }
        let (cycles, seconds) = port.cost()?;
        Ok((answers, Cost { cycles: cycles - before, seconds: seconds - start }))
    })?;
    Ok(Outcome::of(recalled, memory, cost))
}

/// Writes the waveform of one cue, from reset to its answer: FST or VCD, by the end of the file's name.
///
/// # Errors
/// When the simulation cannot be built, or the file not be written.
pub fn waveform<'a>(
    library: &Library,
    memory: &Memory,
    queries: impl Into<Cues<'a>>,
    cue: usize,
    path: &Path,
) -> Result<()> {
    let queries = queries.into();
    queries.fit(&library.design.plan)?;
    let (traced, temporary) = library.traced(path)?;
    let mut port = Port::open(&traced, memory, Some(&temporary))?;
    // a recall that hangs is worth a waveform too
    let seed = stall_seed(cue, CosimOptions::default());
    let plan = &library.design.plan;
    let hung = port.recall_all(plan, &vec![queries.row(cue); plan.cues * plan.cores], seed).err();
    drop(port);
    written(&temporary, path)?;
    hung.map_or(Ok(()), Err)
}
