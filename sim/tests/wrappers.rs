//! The wrappers at their ports: the protocol, and the answers against the reference.

use hopgate_hdl::{emit, Plan, Top};
use hopgate_model::{
    bits::BitMatrix,
    kernel,
    memory::{Memory, Parts},
    noise, reference,
};
use hopgate_sim::{
    bench::{Axis, Wishbone, Word},
    library, Library, Waveform,
};

const LIMIT: u64 = 1_000_000;

fn memory(n: usize) -> Memory {
    let patterns = noise::random(13, n, 2);
    let columns = kernel::columns(n, 0.1, &[1.0], 0.0, 8);
    let parts = Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) };
    Memory::new(parts).unwrap()
}

fn built(memory: &Memory, top: Top) -> Library {
    let design = emit(&Plan::of(memory).unwrap(), top, "test").unwrap();
    library::lint(&design).unwrap();
    Library::build(&design, Waveform::Off).unwrap()
}

/// The same with one thing changed in the Verilog.
fn broken(memory: &Memory, top: Top, from: &str, to: &str) -> Library {
    let mut design = emit(&Plan::of(memory).unwrap(), top, "test").unwrap();
    assert_eq!(design.verilog.matches(from).count(), 1, "{from}");
    design.verilog = design.verilog.replace(from, to);
    Library::build(&design, Waveform::Off).unwrap()
}

fn words_of(state: &[u64], lanes: usize) -> Vec<u16> {
    (0..lanes).map(|l| (state[l / 4] >> (16 * (l % 4))) as u16).collect()
}

/// The words of the answer: state, then steps, nearest and distance.
fn expected(memory: &Memory, cue: &[u64], lanes: usize) -> Vec<u16> {
    let answer = reference::recall(memory, cue);
    let mut words = words_of(&answer.state, lanes);
    words.extend([
        answer.steps as u16 | u16::from(answer.converged) << 15,
        answer.nearest as u16,
        answer.distance as u16,
    ]);
    words
}

/// `tlast` on the last word only.
fn packet(words: &[u16]) -> Vec<Word> {
    words.iter().enumerate().map(|(i, &w)| (w, i + 1 == words.len())).collect()
}

#[test]
fn axis_packets() {
    for n in [16, 37] {
        let (memory, lanes) = (memory(n), n.div_ceil(16));
        let library = built(&memory, Top::Axis);
        let mut axis = Axis::open(&library).unwrap();
        let cues = noise::random(40, n, 4);
        for q in 0..cues.rows() {
            let want = packet(&expected(&memory, cues.row(q), lanes));
            // the first before the core is awake; every second one with both sides held back
            let seed = if q % 2 == 1 { 0x9e37_79b9 * (q as u64 + 1) } else { 0 };
            let got = axis.exchange(&packet(&words_of(cues.row(q), lanes)), want.len(), seed, LIMIT).unwrap();
            assert_eq!(got, want, "N = {n}, cue {q}");
        }
        // all at once: the next cue waits at the port while an answer is on its way
        let all = |of: &dyn Fn(usize) -> Vec<u16>| (0..cues.rows()).flat_map(|q| packet(&of(q))).collect::<Vec<_>>();
        let want = all(&|q| expected(&memory, cues.row(q), lanes));
        for seed in [0, 77] {
            let cues = all(&|q| words_of(cues.row(q), lanes));
            assert_eq!(axis.exchange(&cues, want.len(), seed, LIMIT).unwrap(), want, "N = {n}");
        }
    }
}

#[test]
fn axis_packets_of_the_wrong_length() {
    let memory = memory(40);
    let (good, differs) = odd_packets(&memory, &built(&memory, Top::Axis));
    assert!(!differs && good, "of 30 packets of 1 to 7 words");
}

/// What a wrapper does wrong shows: each of these is found by the test above.
#[test]
fn broken_axis_wrappers_are_found() {
    let memory = memory(40);
    let mutants = [
        ("m_axis_tlast = last_out;", "m_axis_tlast = ~last_out;"),
        ("dropping$d = ~padding$q & ~s_axis_tlast;", "dropping$d = 1'b0;"),
        ("m_axis_tdata = core$out_data;", "m_axis_tdata = core$out_data ^ {15'd0, m_axis_tready};"),
    ];
    for (from, to) in mutants {
        let (good, differs) = odd_packets(&memory, &broken(&memory, Top::Axis, from, to));
        assert!(!good || differs, "{to} was not found");
    }
}

/// Whether every exchange of packets of any length ended well, and whether what came back differs from the reference.
fn odd_packets(memory: &Memory, library: &Library) -> (bool, bool) {
    let (n, lanes) = (40, 3);
    let mut axis = Axis::open(library).unwrap();
    let cues = noise::random(30, n, 5);
    // 1 to 7 words instead of 3, in turn: short ones are filled up with zeros, long ones cut
    let (mut sent, mut want) = (Vec::new(), Vec::new());
    for q in 0..cues.rows() {
        let mut words = words_of(cues.row(q), lanes);
        words.resize(1 + q % 7, 0xbeef);
        sent.extend(packet(&words));
        words.resize(lanes, 0);
        words[lanes - 1] &= 0xff;
        let cue = BitMatrix::from_fn(1, n, |_, i| words[i / 16] >> (i % 16) & 1 == 1);
        want.extend(packet(&expected(memory, cue.row(0), lanes)));
    }
    let got = [0, 5, 6].map(|seed| axis.exchange(&sent, want.len(), seed, LIMIT));
    (got.iter().all(Result::is_ok), got.into_iter().flatten().any(|g| g != want))
}

const STATUS: u8 = 0;
const CUE: u8 = 1;
const ANSWER: u8 = 2;
const INFO: [u8; 3] = [3, 4, 5];
const READY: u32 = 1;
const ANSWERING: u32 = 2;
const DONE: u32 = 4;
const MISTAKE: u32 = 8;

/// Polls until a flag is up; returns the status.
fn wait(slave: &mut Wishbone, flag: u32, idle: u8) -> u32 {
    for _ in 0..100_000 {
        let status = slave.transfer(STATUS, None, idle).unwrap();
        if status & flag != 0 {
            return status;
        }
    }
    panic!("STATUS never has {flag}");
}

#[test]
fn wishbone_registers() {
    let (n, lanes) = (37, 3);
    let memory = memory(n);
    let library = built(&memory, Top::Wishbone);
    let mut slave = Wishbone::open(&library).unwrap();
    assert_eq!(slave.transfer(STATUS, None, 0).unwrap(), 0, "not ready before block RAM is");
    let cues = noise::random(30, n, 6);
    for q in 0..cues.rows() {
        let idle = |i: usize| if q % 2 == 0 { 0 } else { ((q * 7 + i * 5) % 4) as u8 };
        assert_eq!(wait(&mut slave, READY, idle(0)) & (ANSWERING | MISTAKE), 0);
        for (i, word) in words_of(cues.row(q), lanes).into_iter().enumerate() {
            // what is above the word does not matter
            slave.transfer(CUE, Some(0xabcd_0000 | u32::from(word)), idle(i)).unwrap();
        }
        let status = wait(&mut slave, ANSWERING, idle(1));
        assert_eq!(status, ANSWERING, "neither ready nor done while there is an answer to read");
        let answer = (0..lanes).map(|i| slave.transfer(ANSWER, None, idle(i)).unwrap());
        let mut got: Vec<u32> = answer.collect();
        assert_eq!(wait(&mut slave, DONE, 0) & (ANSWERING | MISTAKE), 0);
        got.extend(INFO.map(|register| slave.transfer(register, None, idle(2)).unwrap()));
        let want: Vec<u32> = expected(&memory, cues.row(q), lanes).into_iter().map(u32::from).collect();
        assert_eq!(got, want, "cue {q}");
    }
}

/// A wrapper that does not acknowledge, or does so twice, or takes another's cycle for its own.
#[test]
fn broken_wishbone_wrappers_are_found() {
    let memory = memory(16);
    let mutants = [
        ("acknowledge$d = asked$q;", "acknowledge$d = request;", false),
        ("request = (wb_cyc_i & wb_stb_i)", "request = (wb_cyc_i)", true),
    ];
    for (from, to, when_idle) in mutants {
        let mut slave = Wishbone::open(&broken(&memory, Top::Wishbone, from, to)).unwrap();
        let told = slave.transfer(STATUS, None, 4);
        assert!(told.is_err(), "{to} was not found");
        assert!(told.unwrap_err().to_string().contains("was not asked") || !when_idle);
    }
}

#[test]
fn wishbone_mistakes_are_told_and_do_nothing() {
    let (n, lanes) = (20, 2);
    let memory = memory(n);
    let library = built(&memory, Top::Wishbone);
    let mut slave = Wishbone::open(&library).unwrap();
    slave.transfer(CUE, Some(0xffff), 0).unwrap();
    assert_eq!(slave.transfer(STATUS, None, 0).unwrap(), MISTAKE, "a cue before the core is awake");
    slave.transfer(STATUS, Some(0), 0).unwrap();
    assert_eq!(wait(&mut slave, READY, 0), READY);
    assert_eq!(slave.transfer(ANSWER, None, 0).unwrap(), 0);
    assert_eq!(slave.transfer(STATUS, None, 0).unwrap(), READY | MISTAKE, "an answer to nothing");
    slave.transfer(STATUS, Some(0), 0).unwrap();
    // writes to registers that are read only, and to those that are not there
    for register in 2..8 {
        slave.transfer(register, Some(0xffff), 0).unwrap();
        assert!(register < 6 || slave.transfer(register, None, 0).unwrap() == 0);
    }
    assert_eq!(slave.transfer(STATUS, None, 0).unwrap(), READY);
    let cue = noise::random(1, n, 9);
    for word in words_of(cue.row(0), lanes) {
        slave.transfer(CUE, Some(word.into()), 0).unwrap();
    }
    // one word too many, and answers read too early
    slave.transfer(CUE, Some(0x1234), 0).unwrap();
    slave.transfer(ANSWER, None, 0).unwrap();
    assert_eq!(wait(&mut slave, ANSWERING, 0), ANSWERING | MISTAKE);
    let mut got: Vec<u32> = (0..lanes).map(|_| slave.transfer(ANSWER, None, 0).unwrap()).collect();
    wait(&mut slave, DONE, 0);
    got.extend(INFO.map(|register| slave.transfer(register, None, 0).unwrap()));
    let want: Vec<u32> = expected(&memory, cue.row(0), lanes).into_iter().map(u32::from).collect();
    assert_eq!(got, want);
}
