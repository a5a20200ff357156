//! Many requests at once, until each has its reply.

use super::{
    Came, Client, Try,
    errors::{refused, shared},
};
use crate::transport::Transport;
use hopgate_model::{Error, ErrorKind, Result};
use hopgate_wire::{
    frame, page,
    protocol::Code,
    reply::{Reply, Stranger},
    request::Request,
};
use rand::Rng;
use std::{collections::VecDeque, time::Duration};

/// So many sequence numbers may be on their way, of 255; the others are for the first request after a silence.
const MOST_TRIES: usize = 200;
/// So many there are, but one.
const NUMBERS: usize = 254;

/// The requests of a run.
struct Jobs<'a> {
    all: &'a [Request],
    /// Those that are to be sent, in order.
    todo: VecDeque<usize>,
    done: Vec<bool>,
    /// How often each was sent.
    tries: Vec<u32>,
    left: usize,
    /// How often one is sent; then it is given up.
    most_tries: u32,
    given_up: Vec<usize>,
}

impl Jobs<'_> {
    /// Sends it again, soon.
    fn again(&mut self, job: usize) {
        if !self.done[job] && !self.todo.contains(&job) {
            self.todo.push_front(job);
        }
    }
}

impl<T: Transport> Client<T> {
    /// Carries out requests, as many at a time as the window takes, and hands each one's place and reply's body over. They may be carried out
    /// in any order, and more than once.
    ///
    /// # Errors
    /// If the board refuses one, nothing answers, the line is too bad, or gone. Then some may have been carried out.
    pub fn run(&mut self, requests: &[Request], reply: &mut dyn FnMut(usize, Vec<u16>)) -> Result<()> {
        let given_up = self.run_some(requests, self.options.tries, reply)?;
        let Some(&first) = given_up.first() else { return Ok(()) };
        if self.stats.replies == 0 {
            return Err(self.silence());
        }
        let what = format!("a {} got no good reply in {} tries", requests[first].kind(), self.options.tries);
        Err(Error::new(ErrorKind::Failed, what)
            .hint("the line damages too much: try a shorter cable, another port, or a lower baud rate (a board is built for one)"))
    }

    /// As [`Client::run`], but a request that was sent so often without a good reply is given up. Returns the places of those.
    ///
    /// # Errors
    /// If the board refuses one, nothing answers, or the line is gone.
    pub fn run_some(
        &mut self,
        requests: &[Request],
        tries: u32,
        reply: &mut dyn FnMut(usize, Vec<u16>),
    ) -> Result<Vec<usize>> {
        let count = requests.len();
        let mut jobs = Jobs {
            all: requests,
            todo: (0..count).collect(),
            done: vec![false; count],
            tries: vec![0; count],
            left: count,
            most_tries: tries,
            given_up: Vec::new(),
        };
        (self.quiet, self.noise, self.damage, self.stranger) = (0, 0, false, None);
        self.progress = self.transport.now();
        let result = self.work_through(&mut jobs, reply);
        // what is still on its way (sent twice) belongs to no request of a later run
        self.tries.iter_mut().for_each(|t| t.job = None);
        result.map(|()| jobs.given_up)
    }

    fn work_through(&mut self, jobs: &mut Jobs, reply: &mut dyn FnMut(usize, Vec<u16>)) -> Result<()> {
        while jobs.left > 0 {
            self.fill(jobs)?;
            let deadline = self.deadline();
            for byte in self.receive(deadline)? {
                if let Some(frame) = self.decoder.push(byte) {
                    match Came::of(self.version, frame) {
                        Came::Reply(sequence, r) => self.take(sequence, r, jobs, reply)?,
                        Came::Damaged => self.hasten(jobs)?,
                        Came::Other(Stranger::Version(v)) => {
                            self.stranger = Some(v.into());
                            if self.other_is_known() {
                                return Err(page::other_version(v.into()));
                            }
                        }
                        Came::Other(Stranger::NoReply) => {}
                    }
                }
            }
            // (what was settled only just is sent again first)
            let waits = self.tries.iter().any(|t| !t.lost) || self.tries.len() >= NUMBERS;
            if jobs.left > 0 && waits && self.transport.now() >= self.deadline() {
                self.give_up_waiting(jobs)?;
            }
        }
        Ok(())
    }

    /// Sends as much as may be sent.
    fn fill(&mut self, jobs: &mut Jobs) -> Result<()> {
        while let Some(&job) = jobs.todo.front() {
            if jobs.done[job] {
                jobs.todo.pop_front();
                continue;
            }
            if !self.room(jobs.all[job].cost()) {
                break;
            }
            jobs.todo.pop_front();
            self.send_job(job, jobs)?;
        }
        Ok(())
    }

    /// Whether a request of this cost may be sent now. One that is alone may always; after a silence only one that is alone, until there is
    /// a reply again: what is sent into a silence takes numbers that nothing may ever settle.
    fn room(&self, cost: usize) -> bool {
        let live = || self.tries.iter().filter(|t| !t.lost);
        let used: usize = live().map(|t| t.cost).sum();
        match live().next() {
            None => self.tries.len() < NUMBERS,
            Some(_) => self.quiet == 0 && self.tries.len() < MOST_TRIES && used + cost <= self.pace.window,
        }
    }

    fn send_job(&mut self, job: usize, jobs: &mut Jobs) -> Result<()> {
        let request = &jobs.all[job];
        jobs.tries[job] += 1;
        let again = jobs.tries[job] > 1;
        if jobs.tries[job] > jobs.most_tries {
            jobs.done[job] = true;
            jobs.left -= 1;
            jobs.given_up.push(job);
            return Ok(());
        }
        let sequence = self.free_sequence();
        let mut bytes = frame::encode(&request.encode_in(self.version, sequence));
        if again {
            // a zero in front: what became of the zero behind the last frame no longer matters
            bytes.insert(0, 0);
            self.stats.again += 1;
        }
        self.send(&bytes)?;
        self.stats.sent += 1;
        let (kind, cost, body, work) = (request.kind(), request.cost(), self.body(request), self.work(request));
        let sent = self.transport.now();
        let on_its_way = Try { sequence, job: Some(job), kind, cost, body, work, sent, lost: false, hastened: false };
        self.tries.push_back(on_its_way);
        Ok(())
    }

    /// A number that is not on its way. (There are fewer tries than numbers.)
    fn free_sequence(&mut self) -> u8 {
        loop {
            let number = self.numbers.random_range(1..=u8::MAX);
            if self.tries.iter().all(|t| t.sequence != number) {
                return number;
            }
        }
    }

    /// When to stop waiting: every request on its way, its reply and the board's work have their time, counted from when the oldest was
    /// sent or from the last good reply.
    fn deadline(&self) -> Duration {
        let live = || self.tries.iter().filter(|t| !t.lost);
        let Some(oldest) = live().next() else { return self.progress };
        let bytes: usize = live().map(|t| frame::length(t.cost) + frame::length(1 + t.body)).sum();
        let line = Duration::from_secs_f64(10.0 * bytes as f64 / f64::from(self.pace.baud));
        oldest.sent.max(self.progress) + self.options.timeout + line + live().map(|t| t.work).sum::<Duration>()
    }

    /// Takes a reply.
    fn take(&mut self, sequence: u8, r: Reply, jobs: &mut Jobs, reply: &mut dyn FnMut(usize, Vec<u16>)) -> Result<()> {
        if sequence == 0 && matches!(r, Reply::Error { .. }) {
            return self.hasten(jobs);
        }
        let Some(place) = self.tries.iter().position(|t| t.sequence == sequence) else { return self.stray() };
        let asked = self.tries[place];
        let right = match &r {
            Reply::Done { kind, words } => *kind == asked.kind && words.len() == asked.body,
            Reply::Error { code, .. } => !self.greeting || *code == Code::Version,
        };
        if !right {
            return self.stray();
        }
        // what was sent before it will not be answered any more
        let before: Vec<Try> = self.tries.drain(..=place).take(place).collect();
        // if nothing tells where that went, this may be a reply to another program, which has read ours
        let trusted = self.damage || before.iter().all(|t| t.lost);
        for before in before {
            if let Some(job) = before.job.filter(|job| !self.tries.iter().any(|t| !t.lost && t.job == Some(*job)))
                && Some(job) != asked.job
            {
                jobs.again(job);
            }
        }
        self.stats.replies += 1;
        self.progress = self.transport.now();
        (self.quiet, self.noise, self.damage, self.stranger) = (0, 0, false, None);
        let Some(job) = asked.job.filter(|&job| !jobs.done[job]) else { return Ok(()) };
        if !trusted {
            jobs.again(job);
            return Ok(());
        }
        match r {
            Reply::Error { code, detail } => return Err(refused(&jobs.all[job], code, detail)),
            Reply::Done { words, .. } => {
                jobs.done[job] = true;
                jobs.left -= 1;
                reply(job, words);
            }
        }
        Ok(())
    }

    /// A good reply to nothing that is on its way: an earlier program's while the board is looked for; later there is none such.
    fn stray(&mut self) -> Result<()> {
        self.stats.stale += 1;
        match self.greeting {
            true => Ok(()),
            false => Err(shared()),
        }
    }

    /// Something was lost, and nobody knows what. If nothing else is on its way or about to be (whose reply would tell), the oldest goes again.
    fn hasten(&mut self, jobs: &mut Jobs) -> Result<()> {
        self.stats.damaged += 1;
        self.damage = true;
        let next = jobs.todo.iter().find(|&&job| !jobs.done[job]);
        let others = self.tries.iter().filter(|t| !t.lost).count() > 1;
        if next.is_some_and(|&job| others || self.room(jobs.all[job].cost())) {
            return Ok(());
        }
        let waits = |t: &Try| !t.lost && !t.hastened && t.job.is_some_and(|job| !jobs.done[job]);
        let Some(place) = self.tries.iter().position(waits) else { return Ok(()) };
        let Try { job: Some(job), cost, .. } = self.tries[place] else { return Ok(()) };
        self.tries[place].hastened = true;
        if self.tries.iter().skip(place + 1).any(|t| !t.lost && t.job == Some(job)) {
            return Ok(());
        }
        if !self.room(cost) {
            // then it is most likely this one that was lost; if not, its reply is as welcome
            self.tries[place].lost = true;
        }
        if self.room(cost) {
            self.send_job(job, jobs)?;
        } else {
            jobs.again(job);
        }
        Ok(())
    }

    /// Nothing good came in time: everything on its way goes again.
    fn give_up_waiting(&mut self, jobs: &mut Jobs) -> Result<()> {
        self.stats.timeouts += 1;
        self.quiet += 1;
        if self.quiet >= self.options.silences {
            return Err(self.silence());
        }
        for place in (0..self.tries.len()).rev() {
            if !std::mem::replace(&mut self.tries[place].lost, true)
                && let Some(job) = self.tries[place].job
            {
                jobs.again(job);
            }
        }
        if self.tries.len() >= NUMBERS {
            // every number is taken by what may still come: nothing will, after so long a silence
            self.drain(4 * self.options.timeout, 20 * self.options.timeout)?;
            self.tries.clear();
        }
        self.progress = self.transport.now();
        Ok(())
    }

    /// Why nothing good came.
    fn silence(&self) -> Error {
        if let Some(version) = self.stranger {
            return page::other_version(version);
        }
        let error = |what: &str| Error::new(ErrorKind::Failed, what);
        if self.noise > 0 {
            return error("what comes from the port is not the protocol").hint(
                "is this the right port, with the board's `baud`? A board built with `protocol plain` does not speak the protocol",
            );
        }
        error("nothing answers at the port").hint(
            "is the board configured and powered, and this its UART (often the second of its two ports)? A board built with `protocol plain` does not speak the protocol",
        )
    }
}
