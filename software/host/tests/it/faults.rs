//! What else can go wrong on a line: replies that are late or somebody else's, silence, babble, other versions, a port that goes.

use crate::common::{Shape, cues, memory};
use hopgate_host::{
    client::{LineOptions, Session},
    device::{Build, Device},
    terminal::{ByteDevice, NoisyDevice, Terminal},
    transport::{Inside, Noise, Serial, Transport},
};
use hopgate_model::{ErrorKind, bits::BitMatrix, memory::Memory, noise, reference};
use hopgate_wire::{
    frame::{self, Decoder},
    page,
    protocol::{Code, Kind, Region},
    reply::Reply,
    request::{Request, SelfTest},
};
use rand::Rng;
use std::{
    collections::VecDeque,
    io,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

fn small() -> Memory {
    memory(Shape::default())
}

fn device(memory: &Memory) -> Device {
    Device::new(Build::of(memory), memory).unwrap()
}

fn check(board: &mut Session<impl Transport>, memory: &Memory, count: usize) {
    let queries = cues(memory, count, 3);
    let answers = board.recall(&queries, &mut |_| ()).unwrap();
    for q in 0..queries.rows() {
        let want = reference::recall(memory, queries.row(q));
        let got = (answers.state.row(q), answers.steps[q], answers.nearest[q] as usize, answers.distance[q]);
        assert_eq!(got, (&want.state[..], want.steps, want.nearest, want.distance), "cue {q}");
    }
}

/// A line on which every reply takes a time of its own; they stay in order.
struct Late<F> {
    device: Device,
    delay: F,
    out: VecDeque<(Duration, u8)>,
    now: Duration,
    last: Duration,
}

impl<F: FnMut() -> u64> Late<F> {
    fn new(device: Device, delay: F) -> Self {
        Late { device, delay, out: VecDeque::new(), now: Duration::ZERO, last: Duration::ZERO }
    }

    fn work(&mut self) {
        while let Some(reply) = self.device.work() {
            self.last = self.last.max(self.now + Duration::from_millis((self.delay)()));
            self.out.extend(reply.into_iter().map(|b| (self.last, b)));
        }
    }
}

impl<F: FnMut() -> u64> Transport for Late<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.device.receive(bytes);
        self.work();
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        let end = self.now + timeout;
        self.now = self.out.front().map_or(end, |(at, _)| self.now.max(*at).min(end));
        let ready = self.out.iter().take_while(|(at, _)| *at <= self.now).count().min(buffer.len());
        buffer.iter_mut().zip(self.out.drain(..ready)).for_each(|(b, (_, byte))| *b = byte);
        Ok(ready)
    }

    fn now(&self) -> Duration {
        self.now
    }
}

/// Replies that come when their request was given up and sent again: none is taken for another's.
#[test]
fn late_replies() {
    let memory = small();
    let mut rng = noise::rng(1, 2);
    let line = Late::new(device(&memory), move || [0, 0, 0, 10, 400, 700, 1500][rng.random_range(0..7)]);
    let mut board = Session::connect(line, LineOptions { silences: 20, ..LineOptions::default() }).unwrap();
    for _ in 0..20 {
        check(&mut board, &memory, 30);
    }
    let stats = board.stats();
    println!("{stats:?}");
    assert!(stats.timeouts > 10 && stats.again > 10, "{stats:?}");
}

/// Replies to an earlier program, which ended without waiting for them, with any sequence numbers and of any kind.
#[test]
fn stale_replies() {
    let memory = small();
    let mut rng = noise::rng(3, 3);
    let mut stale = 0;
    for seed in 0..100u64 {
        let mut device = device(&memory);
        let other = memory.patterns().row(0)[0];
        for _ in 0..60 {
            let request = match rng.random_range(0..4) {
                0 => Request::Read { region: Region::Page, address: 8 * rng.random_range(0..9), count: 8 },
                1 => Request::Read { region: Region::Rows(0), address: rng.random_range(0..60), count: 3 },
                2 => Request::Recall { cues: vec![other as u16, (other >> 16) as u16, (other >> 32) as u16] },
                _ => Request::Write { region: Region::Page, address: 64, words: vec![1] },
            };
            device.receive(&frame::encode(&request.encode(rng.random())));
        }
        // slower than the silence that a host waits for at first
        let mut line = Late::new(device, || 60);
        line.work();
        let options = LineOptions { seed: seed.wrapping_mul(0x1234_5678_9abc_def1), ..LineOptions::default() };
        let mut board = Session::connect(line, options).unwrap();
        assert_eq!(board.identity().neurons, 37);
        assert_eq!(board.held().patterns, 61);
        stale += board.stats().stale;
        check(&mut board, &memory, 4);
    }
    println!("{stale} stale replies");
}

/// A line with something else at its end.
struct Other<F>(F, VecDeque<u8>, Duration);

impl<F: FnMut(&[u8]) -> Vec<u8>> Transport for Other<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.1.extend((self.0)(bytes));
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        let count = self.1.len().min(buffer.len());
        buffer.iter_mut().zip(self.1.drain(..count)).for_each(|(b, byte)| *b = byte);
        if count == 0 {
            self.2 += timeout;
        }
        Ok(count)
    }

    fn now(&self) -> Duration {
        self.2
    }
}

fn refused(answer: impl FnMut(&[u8]) -> Vec<u8>) -> (String, String) {
    match Session::connect(Other(answer, VecDeque::new(), Duration::ZERO), LineOptions::default()) {
        Ok(_) => panic!("it connected"),
        Err(e) => (e.to_string(), e.help_text().unwrap_or_default().to_owned()),
    }
}

#[test]
fn what_is_no_board() {
    let (what, hint) = refused(|_| Vec::new());
    assert!(what == "nothing answers at the port" && hint.contains("`protocol plain`"), "{what}: {hint}");
    let mut rng = noise::rng(1, 1);
    let babble = refused(move |bytes| bytes.iter().flat_map(|_| [rng.random(), rng.random()]).collect());
    assert_eq!(babble.0, "what comes from the port is not the protocol");
    let echo = refused(<[u8]>::to_vec);
    assert_eq!(echo.0, "what comes from the port is not the protocol");
    // a board of the plain link: a cue in, an answer out
    let plain = refused(|bytes| vec![0x5a; bytes.len()]);
    assert!(plain.0.contains("not the protocol") && plain.1.contains("`protocol plain`"));
}

/// What answers every request by a reply that is made from its words.
fn answering(words: impl Fn(&[u16]) -> Vec<u16>) -> impl FnMut(&[u8]) -> Vec<u8> {
    let mut decoder = Decoder::new(1000);
    move |bytes| {
        let frames: Vec<_> = bytes.iter().filter_map(|&b| decoder.push(b)).collect();
        frames.into_iter().flatten().flat_map(|request| frame::encode(&words(&request))).collect()
    }
}

/// A reply to a READ, of words that begin like these.
fn page_of(begin: &[u16]) -> impl Fn(&[u16]) -> Vec<u16> + '_ {
    move |request| {
        let mut words = begin.to_vec();
        words.resize(request[3].into(), 0);
        Reply::Done { kind: Kind::Read, words }.encode((request[0] >> 8) as u8)
    }
}

#[test]
fn another_version() {
    // it answers in its own version
    let (what, hint) = refused(answering(|r| vec![r[0] & 0xff00 | 0xb1, 0, 0]));
    assert!(what.contains("version 3 of the protocol, this program versions 1 and 2"), "{what}");
    assert!(hint.contains("build the bitstream again"), "{hint}");
    // it refuses in ours
    let refusal = |r: &[u16]| Reply::Error { code: Code::Version, detail: 3 }.encode((r[0] >> 8) as u8);
    assert!(refused(answering(refusal)).0.contains("version 3"));
    // its page says so
    assert!(refused(answering(page_of(&[0x4748, 4]))).0.contains("version 4"));
    assert!(refused(answering(page_of(&[7, 1]))).0.contains("no hopgate board"));
}

#[test]
fn cues_of_another_width() {
    let memory = small();
    let mut board = Session::connect(Inside::new(device(&memory)), LineOptions::default()).unwrap();
    let error = board.recall(&BitMatrix::zeros(3, 36), &mut |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert_eq!(error.to_string(), "the cues have 36 neurons, but the memory on the board 37");
    check(&mut board, &memory, 5);
}

#[test]
fn a_board_without_a_valid_memory() {
    let memory = small();
    let mut broken = device(&memory);
    let begin = Request::Write { region: Region::Page, address: page::BEGIN as u16, words: vec![9] };
    assert!(matches!(broken.answer(&begin), Reply::Done { .. }));
    broken.press_reset();
    let mut board = Session::connect(Inside::new(broken), LineOptions::default()).unwrap();
    assert!(!board.held().valid());
    let test = SelfTest { recalls: 1, first: 0, flips: 0, seed: 1 };
    for said in [
        board.recall(memory.patterns(), &mut |_| ()).unwrap_err(),
        board.patterns(&mut |_| ()).unwrap_err(),
        board.self_test(test).unwrap_err(),
    ] {
        assert!(said.to_string().contains("no valid memory") && said.help_text().unwrap().contains("load"), "{said}");
    }
    board.load(&memory, &mut |_, _| ()).unwrap();
    check(&mut board, &memory, 5);
}

/// Half a frame is forgotten by a press of the button, and spoils the next one without.
#[test]
fn the_button_of_a_device_behind_a_terminal() {
    let memory = small();
    let request = Request::Read { region: Region::Page, address: 0, count: 2 };
    let bytes = frame::encode(&request.encode(7));
    let said = |half: bool, press: bool| {
        let inside: Box<dyn ByteDevice> = Box::new(device(&memory));
        let mut board = NoisyDevice::new(inside, Noise::of(0.0), 1);
        let mut out = Vec::new();
        if half {
            board.exchange(&bytes[..bytes.len() / 2], &mut out).unwrap();
        }
        if press {
            board.press_reset();
        }
        board.exchange(&bytes, &mut out).unwrap();
        out
    };
    let whole = said(false, false);
    assert_eq!(said(true, true), whole);
    assert_ne!(said(true, false), whole);
}

#[test]
fn boards_that_cannot_be_loaded_and_memories_that_do_not_fit() {
    let memory = small();
    let fixed = Device::new(Build { fixed: true, ..Build::of(&memory) }, &memory).unwrap();
    let mut board = Session::connect(Inside::new(fixed), LineOptions::default()).unwrap();
    let before = board.stats().sent;
    assert!(board.load(&memory, &mut |_, _| ()).unwrap_err().to_string().contains("fixed"));
    let larger = crate::common::memory(Shape { patterns: 62, ..Shape::default() });
    let mut other = Session::connect(Inside::new(device(&memory)), LineOptions::default()).unwrap();
    assert_eq!(other.load(&larger, &mut |_, _| ()).unwrap_err().kind(), ErrorKind::Fit);
    assert_eq!((board.stats().sent, other.stats().sent), (before, before), "nothing was sent");
    check(&mut board, &memory, 5);
    check(&mut other, &memory, 5);
}

#[test]
fn a_board_that_searches() {
    let memory = small();
    let build = Build { nearest: true, parallel: 4, ..Build::of(&memory) };
    let mut board =
        Session::connect(Inside::new(Device::new(build, &memory).unwrap()), LineOptions::default()).unwrap();
    let queries = cues(&memory, 20, 5);
    let answers = board.recall(&queries, &mut |_| ()).unwrap();
    for q in 0..queries.rows() {
        let want = reference::nearest(&memory, queries.row(q));
        assert_eq!((answers.state.row(q), answers.nearest[q] as usize), (&want.state[..], want.nearest));
    }
    let test = SelfTest { recalls: 200, first: 60, flips: 40, seed: 9 };
    assert_eq!(board.image(&mut |_| ()).unwrap().predict(test), board.self_test(test).unwrap());
    board
        .load(&crate::common::memory(Shape { patterns: 50, neurons: 30, ..Shape::default() }), &mut |_, _| ())
        .unwrap();
}

/// A board whose reset button is pressed now and then: what it had received is lost, and asked again.
struct Resets {
    inside: Inside,
    writes: usize,
    /// At these writes.
    at: &'static [usize],
}

impl Transport for Resets {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writes += 1;
        if self.at.contains(&self.writes) {
            self.inside.device.press_reset();
        }
        self.inside.write(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        self.inside.read(buffer, timeout)
    }

    fn now(&self) -> Duration {
        self.inside.now()
    }
}

#[test]
fn a_board_that_is_reset_while_it_is_asked() {
    let memory = small();
    for at in [&[30][..], &[40, 41, 150, 270], &[20, 60, 100, 180, 260, 340]] {
        let line = Resets { inside: Inside::new(device(&memory)), writes: 0, at };
        let mut board = Session::connect(line, LineOptions::default()).unwrap();
        check(&mut board, &memory, 200);
        assert!(board.stats().again > 0 && board.stats().stale == 0, "{:?}", board.stats());
        board.load(&memory, &mut |_, _| ()).unwrap();
        assert_eq!(&board.patterns(&mut |_| ()).unwrap(), memory.patterns());
    }
}

/// A port that goes while answers are on their way.
#[test]
fn a_port_that_goes() {
    let memory = small();
    let mut terminal = Terminal::open().unwrap();
    let name = terminal.name().to_owned();
    let mut device = device(&memory);
    let (stop, reached) = (AtomicBool::new(false), AtomicBool::new(false));
    let error = thread::scope(|scope| {
        let (stop, reached) = (&stop, &reached);
        scope.spawn(move || {
            terminal.serve(&mut device, None, &|| stop.load(Ordering::Relaxed)).unwrap();
            drop(terminal);
            reached.store(true, Ordering::Relaxed);
        });
        let mut board = Session::connect(Serial::open(&name, 1_000_000).unwrap(), LineOptions::default()).unwrap();
        let queries = cues(&memory, 100_000, 3);
        let error = board.recall(&queries, &mut |done| {
            if done > 1000 {
                stop.store(true, Ordering::Relaxed);
                while !reached.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(1));
                }
            }
        });
        error.unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("the port is gone"), "{error}");
}
