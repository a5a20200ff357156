//! A board at the other end of a line: what programs want of it.

use super::{Client, LineOptions, Stats, cues};
use crate::{device::Device, transport::Transport};
use hopgate_files::{folder, trace::Trace};
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, memory::Memory};
use hopgate_wire::{
    layout::{Layout, row_of},
    page::{self, Counters, Held, Identity},
    protocol::Region,
    request::{Request, SelfTest},
};
use std::collections::VecDeque;

/// A board at the other end of a line.
///
/// ```
/// use hopgate_host::{client::{Session, LineOptions}, device::{Build, Device}, transport::Inside};
/// use hopgate_model::{bits::BitMatrix, memory::{Memory, Parts}};
/// let patterns = BitMatrix::from_fn(2, 3, |mu, _| mu == 1);
/// let memory = Memory::new(Parts { planes: vec![patterns.clone()], kernel: vec![vec![9, 0, 0, 0]], ..Parts::of(patterns) })?;
/// let line = Inside::new(Device::new(Build::of(&memory), &memory)?);
///
/// let mut board = Session::connect(line, LineOptions::default())?;
/// let cues = BitMatrix::from_fn(1, 3, |_, i| i > 0);
/// let answers = board.recall(&cues, &mut |_| ())?;
/// assert_eq!((answers.state.row(0), answers.nearest[0]), (&[0b111][..], 1));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub struct Session<T> {
    pub(super) client: Client<T>,
    identity: Identity,
    pub(super) held: Held,
}

/// Recalls after which the share of bytes that are hit is estimated anew, and after which it is the first time.
pub(super) const CHUNK: usize = 4096;
pub(super) const FIRST: usize = 64;
/// How often a request of several cues is sent.
pub(super) const SOON: u32 = 4;

impl<T: Transport> Session<T> {
    /// Finds the board.
    ///
    /// # Errors
    /// If nothing answers, what answers is no board, or it speaks another version.
    pub fn connect(transport: T, options: LineOptions) -> Result<Self> {
        let mut client = Client::new(transport, options);
        let identity = client.connect()?;
        let held = read_held(&mut client)?;
        let identity = identity.holding(&held);
        client.set_most_steps(&identity, held.max_steps);
        Ok(Session { client, identity, held })
    }

    /// What it is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What it holds.
    pub fn held(&self) -> &Held {
        &self.held
    }

    /// What went over the line.
    pub fn stats(&self) -> Stats {
        self.client.stats()
    }

    /// The line to it.
    pub fn transport(&mut self) -> &mut T {
        self.client.transport()
    }

    /// Gives the line back.
    pub fn into_transport(self) -> T {
        self.client.into_transport()
    }

    /// Recalls cues, `(Q, N)`; `progress` is called with the number of answers so far. The trace has no fields.
    ///
    /// # Errors
    /// As [`Session::recall_masked`].
    pub fn recall(&mut self, queries: &BitMatrix, progress: &mut dyn FnMut(usize)) -> Result<Trace> {
        self.recall_masked(queries, None, progress)
    }

    /// Recalls cues, `(Q, N)`, of which these bits are known, `(Q, N)`; none: all of them. `progress` is called with the number of answers so
    /// far. The trace has no fields.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] if the cues have another number of neurons than the memory, or bits are unknown and the board takes no masks; if the memory on the board is another one
    /// afterwards; else as the line and the board have it.
    pub fn recall_masked(
        &mut self,
        queries: &BitMatrix,
        known: Option<&BitMatrix>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Trace> {
        self.check_cues(queries, known)?;
        let n = self.held.neurons;
        let (mut trace, mut impossible) = (cues::empty(queries.rows(), &self.identity, &self.held), None);
        let held = self.held.clone();
        let (board, reply_words) = (self.identity.clone(), self.identity.reply_words(held.max_steps));
        let (mut todo, mut done): (VecDeque<usize>, usize) = ((0..queries.rows()).collect(), 0);
        // one at a time at first, to see how good the line is
        let (mut chunk, mut batch) = (FIRST, 1);
        while !todo.is_empty() {
            let now: Vec<usize> = todo.drain(..chunk.min(todo.len())).collect();
            let groups: Vec<&[usize]> = now.chunks(batch).collect();
            let words = |&q: &usize| cues::words_of(queries.row(q), known.map(|known| known.row(q)), n, &self.identity);
            let request = |group: &&[usize]| {
                let cues = group.iter().flat_map(words).collect();
                if board.masks { Request::Masked { cues } } else { Request::Recall { cues } }
            };
            let requests: Vec<Request> = groups.iter().map(request).collect();
            let before = self.stats();
            let mut reply = |r: usize, body: Vec<u16>| {
                for (&q, answer) in groups[r].iter().zip(body.chunks_exact(reply_words)) {
                    impossible = impossible.take().or_else(|| cues::impossible(&board, &held, answer));
                    cues::put(&mut trace, q, answer, &board);
                    done += 1;
                }
                progress(done);
            };
            if batch == 1 {
                self.client.run(&requests, &mut reply)?;
            } else {
                // what does not pass soon may be too long for the line
                let given_up = self.client.run_some(&requests, SOON, &mut reply)?;
                given_up.iter().flat_map(|&r| groups[r].iter().rev()).for_each(|&q| todo.push_front(q));
            }
            if let Some(what) = impossible {
                return Err(Error::new(
                    ErrorKind::Failed,
                    format!("the board gives an answer that its memory cannot give: {what}"),
                )
                .hint("is it damaged, does it miss its clock, or does another program use it? `host selftest` tells"));
            }
            batch = cues::batch(&self.identity, reply_words, share_hit(before, self.stats()));
            chunk = CHUNK;
        }
        self.must_be_unchanged()?;
        Ok(trace)
    }

    /// Whether these can be asked: a memory is there, and cues and mask are of its size.
    pub(super) fn check_cues(&self, queries: &BitMatrix, known: Option<&BitMatrix>) -> Result<()> {
        self.must_be_valid()?;
        let n = self.held.neurons;
        if queries.cols() != n {
            let what = format!("the cues have {} neurons, but the memory on the board {n}", queries.cols());
            return Err(Error::usage(what).hint("`host info` says which memory the board holds"));
        }
        if known.is_some() && !self.identity.masks {
            return Err(Error::usage("bits of the cues are unknown, but the board takes every bit as known")
                .hint("a board that was built with `masks` takes the mask of each cue"));
        }
        if let Some(known) = known.filter(|known| (known.rows(), known.cols()) != (queries.rows(), n)) {
            let what = format!("a mask of {} x {} bits for {} cues of {n}", known.rows(), known.cols(), queries.rows());
            return Err(Error::usage(what).hint("it has a row for each cue, and a bit for each of a cue's"));
        }
        Ok(())
    }

    /// Loads a memory, and reads it back before it counts; `progress` is called with the requests that are done, and all there are.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] if it does not fit the board, before anything is sent; else as the line and the board have it. After an error
    /// on the way the board holds no valid memory.
    pub fn load(&mut self, memory: &Memory, progress: &mut dyn FnMut(usize, usize)) -> Result<()> {
        self.load_within(memory, None, progress)
    }

    /// The same of a board that lists patterns: those at most so many bits farther than the nearest, by default within the memory's reach.
    ///
    /// # Errors
    /// As [`Session::load`]; [`ErrorKind::Usage`] if the board lists nothing, or not so far.
    pub fn load_within(
        &mut self,
        memory: &Memory,
        within: Option<u32>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<()> {
        if self.identity.fixed {
            return Err(Error::new(ErrorKind::Failed, "this board is fixed: nothing can be loaded")
                .hint("build a bitstream of the memory, or one for a board that can be loaded"));
        }
        let mut layout = Layout::of(memory, folder::digest(memory), &self.identity)?;
        if let Some(within) = within {
            layout.held.entries = self.entries_within(within, memory.neurons())?;
        }
        let writes = layout.writes(&self.identity);
        self.held = read_held(&mut self.client)?;
        let number = free_number(&self.held);
        let page =
            |address: usize, words: Vec<u16>| Request::Write { region: Region::Page, address: address as u16, words };
        let total = 2 * writes.len() + 2;
        self.client.one(&page(page::BEGIN, vec![number]))?;
        let mut done = 1;
        self.client.run(&writes, &mut |_, _| {
            done += 1;
            progress(done, total);
        })?;
        self.read_back(&writes, &mut || {
            done += 1;
            progress(done, total);
        })?;
        self.client.one(&page(page::COMMIT, vec![number]))?;
        self.held = read_held(&mut self.client)?;
        if self.held != (Held { begin: number, commit: number, ..layout.held }) {
            return Err(not_held());
        }
        self.identity = self.identity.clone().holding(&self.held);
        self.client.set_most_steps(&self.identity, self.held.max_steps);
        progress(total, total);
        Ok(())
    }

    /// The word that says how far a list reaches.
    fn entries_within(&self, within: u32, neurons: usize) -> Result<usize> {
        let board = &self.identity;
        if board.ranks == 0 {
            let what = format!("patterns within {within} bits, but the board's answer is no list");
            return Err(Error::usage(what).hint("`build` one with `readout ranked`"));
        }
        let most = neurons.min(board.stride - 1);
        if within as usize > most {
            let what = format!("within {within} bits, but this memory's lists reach at most {most} on the board");
            return Err(Error::usage(what).hint("ask for fewer bits"));
        }
        Ok(within as usize + 1)
    }

    /// Whether all that was written is there.
    fn read_back(&mut self, writes: &[Request], progress: &mut dyn FnMut()) -> Result<()> {
        self.same(writes, progress)?.then_some(()).ok_or_else(not_held)
    }

    /// Whether what would be written is there.
    fn same(&mut self, writes: &[Request], progress: &mut dyn FnMut()) -> Result<bool> {
        let written = writes.iter().filter_map(|write| match write {
            Request::Write { region, address, words } => Some((*region, *address, words)),
            _ => None,
        });
        let (reads, wanted): (Vec<Request>, Vec<&Vec<u16>>) = written
            .map(|(region, address, words)| (Request::Read { region, address, count: words.len() as u16 }, words))
            .unzip();
        let mut right = true;
        self.client.run(&reads, &mut |i, words| {
            right &= words == *wanted[i];
            progress();
        })?;
        Ok(right)
    }

    /// Whether the rows, the values and the tables that it holds are those of a memory: all of them are read back.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] if the board could not hold the memory; else as the line and the board have it.
    pub fn holds(&mut self, memory: &Memory) -> Result<bool> {
        self.must_be_valid()?;
        let layout = Layout::of(memory, folder::digest(memory), &self.identity)?;
        let mut writes = layout.writes(&self.identity);
        writes.retain(|write| !matches!(write, Request::Write { region: Region::Page, .. }));
        let same = self.same(&writes, &mut || ())?;
        self.must_be_unchanged()?;
        Ok(same)
    }

    /// The patterns that it holds, `(P, N)`, read back.
    ///
    /// # Errors
    /// As the line and the board have it.
    pub fn patterns(&mut self, progress: &mut dyn FnMut(usize)) -> Result<BitMatrix> {
        if self.identity.fixed {
            return Err(Error::new(
                ErrorKind::Failed,
                "this board is fixed: the patterns that it holds cannot be read back",
            )
            .hint("cues of your own need none of them: `--queries FILE`"));
        }
        self.must_be_valid()?;
        let (p, n, r) = (self.held.patterns, self.held.neurons, self.identity.parallel);
        let (beats, lanes) = (self.identity.beats, self.identity.lanes());
        let read = |mu: usize| (0..beats).map(move |beat| (mu % r, beats * (mu / r) + beat));
        let reads: Vec<Request> = (0..p).flat_map(read).map(|(bank, address)| self.row(bank, address)).collect();
        let mut rows = vec![0; p * beats * lanes];
        let mut done = 0;
        self.client.run(&reads, &mut |i, words| {
            rows[i * lanes..][..lanes].copy_from_slice(&words);
            done += 1;
            progress(done / beats);
        })?;
        let mut patterns = BitMatrix::zeros(p, n);
        rows.chunks(beats * lanes).enumerate().for_each(|(mu, words)| patterns.set_row(mu, &row_of(words, n)));
        self.must_be_unchanged()?;
        Ok(patterns)
    }

    /// All that it holds, read back into a software device.
    ///
    /// # Errors
    /// As the line and the board have it.
    pub fn image(&mut self, progress: &mut dyn FnMut(usize)) -> Result<Device> {
        self.must_be_valid()?;
        let board = self.identity.clone();
        let mut layout = Layout {
            rows: Vec::new(),
            values: Vec::new(),
            kernel: Vec::new(),
            threshold: Vec::new(),
            held: self.held.clone(),
        };
        let places = (0..=board.stored_planes()).flat_map(|j| (0..self.held.groups).map(move |g| (j, g)));
        let places: Vec<(usize, usize)> = places
            .flat_map(|(j, g)| (0..board.parallel).map(move |b| (b, j, g)))
            .flat_map(|(b, j, g)| (0..board.beats).map(move |beat| (b, j, g, beat)))
            .map(|(b, j, g, beat)| (b, board.beats * (j * board.groups + g) + beat))
            .collect();
        let reads: Vec<Request> = places.iter().map(|&(bank, address)| self.row(bank, address)).collect();
        let mut done = 0;
        self.client.run(&reads, &mut |i, words| {
            let (bank, address) = places[i];
            layout.rows.push(hopgate_wire::layout::Row { bank, address, words });
            done += 1;
            progress(done);
        })?;
        if board.valued() {
            let (k, p) = (self.held.planes, self.held.patterns);
            let rows: Vec<usize> =
                (0..k).flat_map(|j| (0..p).map(move |mu| (j, mu))).map(|(j, mu)| j * board.value_rows + mu).collect();
            let count = board.value_lanes() as u16;
            let read = |&row: &usize| Request::Read { region: Region::Values, address: row as u16, count };
            let reads: Vec<Request> = rows.iter().map(read).collect();
            self.client.run(&reads, &mut |i, words| {
                layout.values.push((rows[i], words));
                done += 1;
                progress(done);
            })?;
        }
        layout.kernel = self.client.read(Region::Kernel, 0, board.entries())?;
        if board.threshold_bits > 0 {
            let words = self.client.read(Region::Threshold, 0, 2 * board.entries())?;
            layout.threshold = words.chunks_exact(2).map(|w| u32::from(w[0]) | u32::from(w[1]) << 16).collect();
        }
        self.must_be_unchanged()?;
        let mut device = Device::empty(board);
        device.put(&layout);
        Ok(device)
    }

    /// Runs the self-test on the board.
    ///
    /// # Errors
    /// If it has none; else as the line and the board have it.
    pub fn self_test(&mut self, test: SelfTest) -> Result<Counters> {
        if !self.identity.self_test {
            return Err(Error::new(ErrorKind::Failed, "this board has no self-test"));
        }
        self.must_be_valid()?;
        if test.recalls == 0 || usize::from(test.first) >= self.held.patterns || test.flips > 255 {
            return Err(Error::usage(format!(
                "a self-test takes 1 to 65535 recalls, a first pattern of {}, and flips of 0 to 255 of 256",
                self.held.patterns
            )));
        }
        self.client.one(&Request::SelfTest(test))?;
        let counted = Counters::of(&self.client.read(Region::Page, page::COUNTERS, 128)?)?;
        self.must_be_unchanged()?;
        Ok(counted)
    }

    pub(super) fn must_be_valid(&self) -> Result<()> {
        let error = |what: String| Err(Error::new(ErrorKind::Failed, what).hint("load one: `host load memory/`"));
        if !self.held.valid() {
            return error("the board holds no valid memory: none was loaded yet, or a load was interrupted".into());
        }
        match self.held.contradiction(&self.identity) {
            Some(what) => error(format!("the board holds a memory that cannot be: {what}")),
            None => Ok(()),
        }
    }

    /// The board and its memory must be those that were found: a program that loads, or a new configuration, puts others in their place.
    pub(super) fn must_be_unchanged(&mut self) -> Result<()> {
        let words = self.client.read(Region::Page, 0, page::HELD + page::HELD_WORDS)?;
        let held = Held::of(&words[page::HELD..])?;
        let same = Identity::of(&words).is_ok_and(|is| is.holding(&held) == self.identity) && held == self.held;
        same.then_some(()).ok_or_else(|| {
            Error::new(ErrorKind::Failed, "the board holds another memory than before")
                .hint("did another program load one, or was it configured anew meanwhile? Call this again")
        })
    }

    fn row(&self, bank: usize, address: usize) -> Request {
        let count = self.identity.lanes() as u16;
        Request::Read { region: Region::Rows(bank as u8), address: address as u16, count }
    }
}

/// The error about a load after which something else is there.
fn not_held() -> Error {
    Error::new(ErrorKind::Failed, "the board does not hold what was loaded")
        .hint("does another program use it, or was it reset meanwhile? Load again")
}

pub(super) fn read_held<T: Transport>(client: &mut Client<T>) -> Result<Held> {
    Held::of(&client.read(Region::Page, page::HELD, page::HELD_WORDS)?)
}

/// A number for a load: neither zero, nor that of the last one that began, nor that of the last one that ended.
fn free_number(held: &Held) -> u16 {
    (1..=3).map(|i| held.begin.wrapping_add(i)).find(|&n| n != 0 && n != held.commit).unwrap_or(1)
}

/// The share of bytes that were hit, from how many requests went again.
pub(super) fn share_hit(before: Stats, after: Stats) -> f64 {
    let sent = (after.sent - before.sent).max(1) as f64;
    let bytes = (after.bytes_out - before.bytes_out + after.bytes_in - before.bytes_in) as f64 / sent;
    let good = 1.0 - ((after.again - before.again) as f64 / sent).min(0.99);
    // (1 - hit)^bytes = good
    1.0 - good.powf(1.0 / bytes.max(1.0))
}
