//! Requests over a line that loses and changes bytes: sequence numbers, a window, timeouts, and sending again.
//!
//! A board answers in the order in which it is asked, each request at most once. From that follows all that is done here:
//!
//! * Every time a request is sent, it has a sequence number of its own (1 to 255; errors of number 0 are attributable to nobody).
//! * When a reply comes, what was sent *before* its request and is not answered yet never will be: it was lost, on one way or the other.
//!   It is sent again at once, and its number is free.
//! * What waited too long is sent again too, but its number stays taken until a later reply settles it: its reply may still come. If it
//!   does, it is as good as any other of the same request.
//! * A number is drawn at random, so that another program's hit one of ours seldom. Once the board is found, a reply that fits nothing
//!   on its way is another program's, for every one of ours is known: nothing that came can be trusted then, and the run ends.
//! * A reply that leaves out others, of which no damage tells, is not trusted either: its request goes again.
//! * A damaged reply and an error of number 0 say that something was lost, but not what. Where nothing else is left to send, the
//!   oldest request is sent again without waiting for its time; one time too many does no harm.

mod cues;
mod errors;
mod find;
mod learn;
mod run;
mod session;

pub use find::Found;
pub use learn::{Learnt, Recognised, Taught};
pub use session::Session;

use crate::transport::Transport;
use errors::gone;
use hopgate_model::{Result, memory::MAX_STEPS, noise};
use hopgate_wire::{
    frame::{self, Decoder},
    page::{self, Identity},
    protocol::{Kind, Region, VERSION, WIDE_VERSION},
    reply::{Reply, Stranger},
    request::Request,
};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::{collections::VecDeque, time::Duration};

/// How patient a host is.
#[derive(Debug, Clone, Copy)]
pub struct LineOptions {
    /// How long a reply may take beyond what the line and the board's work take.
    pub timeout: Duration,
    /// How often in a row nothing useful may come in that time.
    pub silences: u32,
    /// How often one request is sent.
    pub tries: u32,
    /// Of the sequence numbers: every program had better have one that no other has.
    pub seed: u64,
}

impl Default for LineOptions {
    fn default() -> Self {
        LineOptions { timeout: Duration::from_millis(500), silences: 6, tries: 200, seed: 1 }
    }
}

/// What went over the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Requests sent, those that were sent again included.
    pub sent: u64,
    /// Good replies.
    pub replies: u64,
    /// Requests that were sent again.
    pub again: u64,
    /// Timeouts.
    pub timeouts: u64,
    /// Frames that were damaged on their way to the host, or that the board found damaged.
    pub damaged: u64,
    /// Good replies to nothing that this program asked: those to an earlier one, before the board is found.
    pub stale: u64,
    /// Bytes sent.
    pub bytes_out: u64,
    /// Bytes received.
    pub bytes_in: u64,
}

/// A request on its way.
#[derive(Debug, Clone, Copy)]
struct Try {
    sequence: u8,
    /// The request, by its place in the run; none if that is over.
    job: Option<usize>,
    kind: Kind,
    /// Words of the window.
    cost: usize,
    /// Words of the reply's body.
    body: usize,
    /// The time that the board works on it.
    work: Duration,
    sent: Duration,
    /// It waited too long: no longer counted on, but its reply may still come.
    lost: bool,
    /// It was sent again already because of some error.
    hastened: bool,
}

/// What a board is like, as far as the line is concerned.
#[derive(Debug, Clone, Copy)]
struct Pace {
    window: usize,
    /// Words of a cue, with those of its mask.
    cue: usize,
    baud: u32,
    /// The longest that a recall takes.
    recall: Duration,
    /// And what it takes besides, if its answer is counted on the board.
    counted: Duration,
    /// The longest that a board looks for a class that no pattern has.
    seek: Duration,
    /// Words of the answers to a cue.
    reply: usize,
    /// How many there are.
    answers: usize,
}

/// A line to a board. [`Session`] is what programs want.
pub struct Client<T> {
    transport: T,
    decoder: Decoder,
    options: LineOptions,
    pace: Pace,
    tries: VecDeque<Try>,
    /// Sequence numbers.
    numbers: ChaCha8Rng,
    /// When the last good reply came.
    progress: Duration,
    /// Timeouts since.
    quiet: u32,
    /// Bytes since.
    noise: u64,
    /// Whether something damaged came since.
    damage: bool,
    /// The version of the protocol that is spoken.
    version: u8,
    /// Another version of the protocol that was seen since.
    stranger: Option<u16>,
    /// While it looks for the board: replies and errors may be meant for an earlier program.
    greeting: bool,
    stats: Stats,
}

/// The stream of the sequence numbers among those of a seed.
const STREAM: u64 = 51;
/// Words of the longest reply: a READ of as many words as it can ask for.
const LONGEST_REPLY: usize = u16::MAX as usize + 8;

impl<T: Transport> Client<T> {
    /// A line, before anything is known of the board: one small request at a time.
    pub fn new(transport: T, options: LineOptions) -> Self {
        Client {
            progress: transport.now(),
            transport,
            decoder: Decoder::new(LONGEST_REPLY),
            pace: Pace {
                window: 9,
                cue: 1,
                baud: 9600,
                recall: Duration::ZERO,
                counted: Duration::ZERO,
                seek: Duration::ZERO,
                reply: 0,
                answers: 1,
            },
            tries: VecDeque::new(),
            numbers: noise::rng(options.seed, STREAM),
            quiet: 0,
            noise: 0,
            damage: false,
            version: VERSION,
            stranger: None,
            greeting: false,
            stats: Stats::default(),
            options,
        }
    }

    /// What went over the line.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// The line itself.
    pub fn transport(&mut self) -> &mut T {
        &mut self.transport
    }

    /// Gives the line back.
    pub fn into_transport(self) -> T {
        self.transport
    }

    /// Finds the beginning: ends what an earlier program may have left half-sent, lets pass what comes of it, and asks for the
    /// page until its replies are surely those of this program.
    ///
    /// # Errors
    /// If nothing answers, what answers is no board, or speaks another version.
    pub fn connect(&mut self) -> Result<Identity> {
        self.greeting = true;
        let mut greeted = self.greet();
        if self.other_is_known() {
            // what it answered says which version it speaks
            (self.version, self.stranger) = (WIDE_VERSION, None);
            self.tries.clear();
            greeted = self.greet();
        }
        self.greeting = false;
        greeted?;
        let identity = Identity::of(&self.read(Region::Page, 0, page::IDENTITY_WORDS)?)?;
        self.pace = Pace {
            window: identity.window,
            cue: identity.cue_words(),
            // where it has none, the line takes no time that counts
            baud: if identity.baud == 0 { u32::MAX } else { identity.baud },
            recall: longest_recall(&identity, MAX_STEPS),
            counted: longest_count(&identity, MAX_STEPS),
            seek: longest_seek(&identity),
            reply: identity.reply_words(MAX_STEPS),
            answers: identity.answers(MAX_STEPS),
        };
        Ok(identity)
    }

    /// Whether what answers while the board is looked for speaks the other version that is known here.
    fn other_is_known(&self) -> bool {
        self.greeting && self.version == VERSION && self.stranger == Some(WIDE_VERSION.into())
    }

    /// Until nothing that comes later can be meant for an earlier program.
    fn greet(&mut self) -> Result<()> {
        self.send(&[0])?;
        self.drain(self.options.timeout.min(Duration::from_millis(50)), self.options.timeout)?;
        // Replies come in order: once those have come that nobody else asked for (of such lengths, with these numbers), nothing that comes
        // later was meant for an earlier program.
        for lengths in [9..17, 17..25] {
            let count = self.numbers.random_range(lengths);
            self.one(&Request::Read { region: Region::Page, address: 0, count })?;
        }
        Ok(())
    }

    /// How long a recall takes at most, by the steps that what is held may take.
    pub(crate) fn set_most_steps(&mut self, identity: &Identity, steps: u32) {
        self.pace.recall = longest_recall(identity, steps);
        self.pace.counted = longest_count(identity, steps);
        self.pace.reply = identity.reply_words(steps);
        self.pace.answers = identity.answers(steps);
    }

    /// One request, and the body of its reply.
    ///
    /// # Errors
    /// As [`Client::run`].
    pub fn one(&mut self, request: &Request) -> Result<Vec<u16>> {
        let mut body = Vec::new();
        self.run(std::slice::from_ref(request), &mut |_, words| body = words)?;
        Ok(body)
    }

    /// Words of a region, read in small parts, which pass a bad line more easily.
    ///
    /// # Errors
    /// As [`Client::run`].
    pub fn read(&mut self, region: Region, address: usize, count: usize) -> Result<Vec<u16>> {
        let part = if region == Region::Page { 8 } else { 32 };
        let starts: Vec<usize> = (0..count).step_by(part).collect();
        let request = |&at: &usize| {
            let (address, count) = ((address + at) as u16, part.min(count - at) as u16);
            Request::Read { region, address, count }
        };
        let requests: Vec<Request> = starts.iter().map(request).collect();
        let mut all = vec![0; count];
        self.run(&requests, &mut |i, words| all[starts[i]..][..words.len()].copy_from_slice(&words))?;
        Ok(all)
    }

    /// Words of the body of the reply to a request.
    fn body(&self, request: &Request) -> usize {
        match request {
            Request::Read { count, .. } => (*count).into(),
            Request::Recall { cues } | Request::Masked { cues } => cues.len() / self.pace.cue * self.pace.reply,
            Request::Find { cues } => cues.len() / self.pace.cue * self.pace.answers * page::FOUND_WORDS,
            Request::Store { .. } => page::INFO_WORDS,
            Request::Learn { .. } => self.pace.reply,
            Request::Write { .. } | Request::SelfTest(_) | Request::Forget { .. } => 0,
        }
    }

    /// The time that the board works on a request.
    fn work(&self, request: &Request) -> Duration {
        match request {
            Request::Recall { cues } | Request::Masked { cues } | Request::Find { cues } => {
                self.pace.recall * (cues.len() / self.pace.cue) as u32
            }
            // of a FORGET: the words of two rows
            Request::Store { .. } | Request::Forget { .. } => self.pace.recall,
            Request::Learn { .. } => self.pace.recall + self.pace.seek,
            Request::SelfTest(test) => (self.pace.recall + self.pace.counted) * test.recalls.into(),
            Request::Read { .. } | Request::Write { .. } => Duration::ZERO,
        }
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stats.bytes_out += bytes.len() as u64;
        self.transport.write(bytes).map_err(|e| gone("send", e))
    }

    /// Reads what there is, waiting for it at most until `deadline`.
    fn receive(&mut self, deadline: Duration) -> Result<Vec<u8>> {
        let mut buffer = [0; 4096];
        let wait = deadline.saturating_sub(self.transport.now());
        let count = self.transport.read(&mut buffer, wait).map_err(|e| gone("receive", e))?;
        self.stats.bytes_in += count as u64;
        self.noise += count as u64;
        Ok(buffer[..count].to_vec())
    }

    /// Lets everything pass until nothing comes for a while, but no longer than `most`.
    fn drain(&mut self, silence: Duration, most: Duration) -> Result<()> {
        let end = self.transport.now() + most;
        loop {
            let now = self.transport.now();
            if self.receive((now + silence).min(end))?.is_empty() || self.transport.now() >= end {
                break;
            }
        }
        self.noise = 0;
        self.decoder.clear();
        Ok(())
    }
}

/// How long a recall takes at most: its steps, and the words of its cue and answer, which a self-test makes and compares itself.
fn longest_recall(board: &Identity, steps: u32) -> Duration {
    let slowest = board.step_cycles(board.groups, board.groups * board.parallel);
    // the words of a key; of other answers those that go out, too
    let words = board.cue_words() + board.reply_words(steps).saturating_sub(board.words_of_key() + page::INFO_WORDS);
    let steps = if board.one_step() { 1 } else { steps };
    let cycles = f64::from(steps) * slowest as f64 + 48.0 * words as f64;
    Duration::from_secs_f64(cycles / f64::from(board.clock.max(1)))
}

/// How long a board counts the bits of the answers to a cue, one after the other.
fn longest_count(board: &Identity, steps: u32) -> Duration {
    Duration::from_secs_f64(96.0 * board.reply_words(steps) as f64 / f64::from(board.clock.max(1)))
}

/// How long a board that stores unknown cues looks for a class that no pattern has: it reads all rows of values for every 16 classes.
fn longest_seek(board: &Identity) -> Duration {
    let lanes = if board.auto_store { board.value_lanes() } else { 0 };
    let cycles = lanes * (board.patterns * (32 + 4 * lanes) + 16);
    Duration::from_secs_f64(cycles as f64 / f64::from(board.clock.max(1)))
}

/// The words of a frame that came, as a reply.
enum Came {
    Reply(u8, Reply),
    Damaged,
    Other(Stranger),
}

impl Came {
    fn of(version: u8, frame: std::result::Result<Vec<u16>, frame::Fault>) -> Came {
        match frame.map(|words| Reply::decode_in(version, &words)) {
            Ok(Ok((sequence, reply))) => Came::Reply(sequence, reply),
            Ok(Err(stranger)) => Came::Other(stranger),
            Err(_) => Came::Damaged,
        }
    }
}
