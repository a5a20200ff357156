//! The wrappers at their ports: the protocol, and the answers against the reference.

use hopgate_hdl::{
    Plan, Readout, Top,
    blocks::edge::reset::{FLUSH, power_up_cycles},
    emit,
};
use hopgate_model::{
    bits::BitMatrix,
    kernel,
    memory::{Memory, Parts},
    noise,
};
use hopgate_sim::{
    Library, Waveform,
    bench::{Axis, Wishbone, Word},
    library, words,
};

const LIMIT: u64 = 1_000_000;
/// Hz.
const CLOCK: u32 = 16_000_000;
const AXIS: Top = Top::Axis { clock: CLOCK };
const WISHBONE: Top = Top::Wishbone { clock: CLOCK };
/// Reset of any length will do.
const WIDTHS: [u64; 4] = [1, 2, 5, 100];

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
fn expected(memory: &Memory, cue: &[u64]) -> Vec<u16> {
    words::expected(memory, cue.into(), Readout::Vote)
}

/// `tlast` on the last word only.
fn packet(words: &[u16]) -> Vec<Word> {
    words.iter().enumerate().map(|(i, &w)| (w, i + 1 == words.len())).collect()
}

#[test]
fn axis_packets() {
    for n in [16, 37] {
        let (memory, lanes) = (memory(n), n.div_ceil(16));
        let library = built(&memory, AXIS);
        let mut axis = Axis::open(&library).unwrap();
        let cues = noise::random(40, n, 4);
        for q in 0..cues.rows() {
            let want = packet(&expected(&memory, cues.row(q)));
            // the first before the core is awake; every second one with both sides held back
            let seed = if q % 2 == 1 { 0x9e37_79b9 * (q as u64 + 1) } else { 0 };
            let got = axis.exchange(&packet(&words_of(cues.row(q), lanes)), want.len(), seed, LIMIT).unwrap();
            assert_eq!(got, want, "N = {n}, cue {q}");
        }
        // all at once: the next cue waits at the port while an answer is on its way
        let all = |of: &dyn Fn(usize) -> Vec<u16>| (0..cues.rows()).flat_map(|q| packet(&of(q))).collect::<Vec<_>>();
        let want = all(&|q| expected(&memory, cues.row(q)));
        for seed in [0, 77] {
            let cues = all(&|q| words_of(cues.row(q), lanes));
            assert_eq!(axis.exchange(&cues, want.len(), seed, LIMIT).unwrap(), want, "N = {n}");
        }
    }
}

#[test]
fn axis_packets_of_the_wrong_length() {
    let memory = memory(40);
    let (good, differs) = odd_packets(&memory, &built(&memory, AXIS));
    assert!(!differs && good, "of 30 packets of 1 to 7 words");
}

/// What a wrapper does wrong shows: each of these is found by the test above.
#[test]
#[ignore = "make full: each is compiled anew"]
fn broken_axis_wrappers_are_found() {
    let memory = memory(40);
    let mutants = [
        ("m_axis_tlast = last_out;", "m_axis_tlast = ~last_out;"),
        ("dropping$d = ~padding$q & ~s_axis_tlast;", "dropping$d = 1'b0;"),
        ("m_axis_tdata = core$out_data;", "m_axis_tdata = core$out_data ^ {15'd0, m_axis_tready};"),
    ];
    for (from, to) in mutants {
        let (good, differs) = odd_packets(&memory, &broken(&memory, AXIS, from, to));
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
        want.extend(packet(&expected(memory, cue.row(0))));
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
    let library = built(&memory, WISHBONE);
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
        let want: Vec<u32> = expected(&memory, cues.row(q)).into_iter().map(u32::from).collect();
        assert_eq!(got, want, "cue {q}");
    }
}

/// A wrapper that does not acknowledge, or does so twice, or takes another's cycle for its own.
#[test]
#[ignore = "make full: each is compiled anew"]
fn broken_wishbone_wrappers_are_found() {
    let memory = memory(16);
    let mutants = [
        ("acknowledge$d = request & asked$q;", "acknowledge$d = request;", false),
        ("request = wb_cyc_i & wb_stb_i;", "request = wb_cyc_i;", true),
    ];
    for (from, to, when_idle) in mutants {
        let mut slave = Wishbone::open(&broken(&memory, WISHBONE, from, to)).unwrap();
        let told = slave.transfer(STATUS, None, 4);
        assert!(told.is_err(), "{to} was not found");
        assert!(told.unwrap_err().to_string().contains("was not asked") || !when_idle);
    }
}

#[test]
fn wishbone_mistakes_are_told_and_do_nothing() {
    let (n, lanes) = (20, 2);
    let memory = memory(n);
    let library = built(&memory, WISHBONE);
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
    let want: Vec<u32> = expected(&memory, cue.row(0)).into_iter().map(u32::from).collect();
    assert_eq!(got, want);
}

/// Two cues one after the other, each with its own answer and nothing else.
fn axis_answers(axis: &mut Axis, memory: &Memory, cues: &BitMatrix) -> Result<(), String> {
    let lanes = memory.neurons().div_ceil(16);
    let all = |of: &dyn Fn(usize) -> Vec<u16>| (0..2).flat_map(|q| packet(&of(q))).collect::<Vec<_>>();
    let want = all(&|q| expected(memory, cues.row(q)));
    let sent = all(&|q| words_of(cues.row(q), lanes));
    match axis.exchange(&sent, want.len(), 0, LIMIT) {
        Ok(got) if got == want => Ok(()),
        Ok(got) => Err(format!("{got:04x?} instead of {want:04x?}")),
        Err(e) => Err(e.to_string()),
    }
}

/// A reset in every cycle of a recall, and where an answer waits or is half taken; then two cues.
fn axis_resets(library: &Library, memory: &Memory) -> Result<(), String> {
    let cues = noise::random(3, memory.neurons(), 8);
    let cue = packet(&words_of(cues.row(2), memory.neurons().div_ceil(16)));
    let mut axis = Axis::open(library).unwrap();
    axis_answers(&mut axis, memory, &cues)?;
    let anywhere = (0..220).map(|after| (u8::MAX, after));
    let answering = (0..6).map(|taken| (taken, 400));
    // in the middle of a packet: of one that is too short, and of one that is too long
    let cut = [cue[..1].to_vec(), vec![(7, true)], [&cue[..], &[(7, false); 3]].concat()];
    let whole = anywhere.chain(answering).map(|(take, after)| (cue.clone(), take, after));
    for (words, take, after) in
        whole.chain(cut.into_iter().flat_map(|c| (3..30).map(move |after| (c.clone(), 9, after))))
    {
        for width in WIDTHS {
            let at = |e: String| format!("reset of {width} after {after} cycles, {take} words taken: {e}");
            axis.begin(&words, take, after).unwrap();
            axis.reset(width).map_err(|e| at(e.to_string()))?;
            axis_answers(&mut axis, memory, &cues).map_err(at)?;
        }
    }
    Ok(())
}

#[test]
fn axis_obeys_a_reset_of_any_length_at_any_time() {
    for n in [16, 37] {
        let memory = memory(n);
        axis_resets(&built(&memory, AXIS), &memory).unwrap_or_else(|e| panic!("N = {n}: {e}"));
    }
}

/// What a wrapper's reset leaves out shows.
#[test]
#[ignore = "make full: each is compiled anew"]
fn axis_resets_that_do_not_reach_everything_are_found() {
    let memory = memory(37);
    let mutants = [
        ("m_axis_tvalid = core$out_valid & ~held$reset;", "m_axis_tvalid = core$out_valid;"),
        ("s_axis_tready = ~held$reset & ", "s_axis_tready = "),
        ("core$reset = held$reset;", "core$reset = ~held$reset & 1'b0;"),
        ("flushed$restart = bus;", "flushed$restart = 1'b0;"),
    ];
    for (from, to) in mutants {
        assert!(axis_resets(&broken(&memory, AXIS, from, to), &memory).is_err(), "{to} was not found");
    }
}

/// Block RAM gets its 10 us once, and no more of them when the bus is reset.
#[test]
fn power_up_is_waited_for_once() {
    let memory = memory(37);
    let library = built(&memory, AXIS);
    let wait = power_up_cycles(CLOCK) as u64;
    assert!(wait * 1_000_000 >= 10 * u64::from(CLOCK));
    let cues = noise::random(3, 37, 8);
    // resets while it waits change nothing: the end of the wait stays, and no cue is lost
    for resets in [0, 3, 40] {
        let mut axis = Axis::open(&library).unwrap();
        for _ in 0..resets {
            axis.reset(1).unwrap();
        }
        axis.until_ready(LIMIT).unwrap();
        assert!((wait..wait + 8).contains(&axis.cycles()), "awake after {} cycles", axis.cycles());
        axis_answers(&mut axis, &memory, &cues).unwrap();
    }
    // held throughout: ready soon after
    let mut axis = Axis::open(&library).unwrap();
    axis.reset(2 * wait).unwrap();
    assert!(axis.until_ready(LIMIT).unwrap() <= FLUSH as u64 + 4);
    // and as soon after any later reset
    axis.reset(1).unwrap();
    assert!(axis.until_ready(LIMIT).unwrap() <= FLUSH as u64 + 4);
    axis_answers(&mut axis, &memory, &cues).unwrap();
}

/// The state, and the last three registers, of a whole recall over the bus.
fn wishbone_answer(slave: &mut Wishbone, cue: &[u16]) -> Vec<u32> {
    wait(slave, READY, 0);
    for &word in cue {
        slave.transfer(CUE, Some(word.into()), 0).unwrap();
    }
    wait(slave, ANSWERING, 0);
    let mut got: Vec<u32> = (0..cue.len()).map(|_| slave.transfer(ANSWER, None, 0).unwrap()).collect();
    assert_eq!(wait(slave, DONE, 0) & (ANSWERING | MISTAKE), 0);
    got.extend(INFO.map(|register| slave.transfer(register, None, 0).unwrap()));
    got
}

/// A reset of every kind after so many cue words, so many cycles, and so many words of the answer.
fn wishbone_resets(library: &Library, memory: &Memory) -> Result<(), String> {
    let lanes = memory.neurons().div_ceil(16);
    let cues = noise::random(2, memory.neurons(), 8);
    let [first, second] = [0, 1].map(|q| words_of(cues.row(q), lanes));
    let want: Vec<u32> = expected(memory, cues.row(1)).into_iter().map(u32::from).collect();
    let mut slave = Wishbone::open(library).unwrap();
    let while_loading = (0..lanes).map(|written| (written, 0, 0));
    let recalling = (0..40).map(|i| (lanes, 3 * i, 0));
    let answering = (0..=lanes).map(|read| (lanes, 200, read));
    let accesses = [(STATUS, false), (CUE, true), (ANSWER, false), (STATUS, true)];
    for (i, (written, idle, read)) in while_loading.chain(recalling).chain(answering).enumerate() {
        for width in WIDTHS {
            let (register, write) = accesses[(i + width as usize) % accesses.len()];
            for clocks in 0..=2 {
                wait(&mut slave, READY, 0);
                for &word in &first[..written] {
                    slave.transfer(CUE, Some(word.into()), 0).unwrap();
                }
                slave.transfer(STATUS, None, idle).unwrap();
                for _ in 0..read {
                    slave.transfer(ANSWER, None, 0).unwrap();
                }
                let at = format!("reset of {width} after {written} words, {idle} cycles, {read} words of the answer");
                slave.reset(register, write, clocks, width).map_err(|e| format!("{at}: {e}"))?;
                let status = slave.transfer(STATUS, None, 0).unwrap();
                if status != 0 && width < 64 {
                    return Err(format!("{at}: STATUS is {status}"));
                }
                let got = wishbone_answer(&mut slave, &second);
                if got != want {
                    return Err(format!("{at}: {got:04x?} instead of {want:04x?}"));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn wishbone_obeys_a_reset_of_any_length_at_any_time() {
    for n in [16, 37] {
        let memory = memory(n);
        wishbone_resets(&built(&memory, WISHBONE), &memory).unwrap_or_else(|e| panic!("N = {n}: {e}"));
    }
}

/// Every access, given up before its acknowledge: no acknowledge, and nothing happens, not even a mistake.
fn wishbone_given_up(library: &Library, memory: &Memory) -> Result<(), String> {
    let lanes = memory.neurons().div_ceil(16);
    let cues = noise::random(3, memory.neurons(), 6);
    let mut slave = Wishbone::open(library).unwrap();
    let all = |slave: &mut Wishbone| -> Result<(), String> {
        for clocks in 1..=2 {
            for register in 0..8 {
                for write in [None, Some(0x5a5a)] {
                    let at = |e| format!("register {register}, {write:?}, {clocks} clocks: {e}");
                    slave.abandon(register, write, clocks).map_err(at)?;
                }
            }
        }
        Ok(())
    };
    for q in 0..cues.rows() {
        wait(&mut slave, READY, 0);
        slave.transfer(ANSWER, None, 0).unwrap();
        all(&mut slave)?;
        let status = slave.transfer(STATUS, None, 0).unwrap();
        if status & MISTAKE == 0 {
            return Err("a mistake was cleared".into());
        }
        slave.transfer(STATUS, Some(0), 0).unwrap();
        for &word in &words_of(cues.row(q), lanes) {
            all(&mut slave)?;
            slave.transfer(CUE, Some(word.into()), 0).unwrap();
        }
        all(&mut slave)?;
        wait(&mut slave, ANSWERING, 0);
        let mut got = Vec::new();
        for _ in 0..lanes {
            all(&mut slave)?;
            got.push(slave.transfer(ANSWER, None, 0).unwrap());
        }
        all(&mut slave)?;
        let status = slave.transfer(STATUS, None, 0).unwrap();
        got.extend(INFO.map(|register| slave.transfer(register, None, 0).unwrap()));
        let want: Vec<u32> = expected(memory, cues.row(q)).into_iter().map(u32::from).collect();
        if got != want || status != READY | DONE {
            return Err(format!("cue {q}: STATUS {status}, {got:04x?} instead of {want:04x?}"));
        }
    }
    Ok(())
}

#[test]
fn a_wishbone_cycle_that_is_given_up_does_nothing() {
    for n in [16, 37] {
        let memory = memory(n);
        wishbone_given_up(&built(&memory, WISHBONE), &memory).unwrap_or_else(|e| panic!("N = {n}: {e}"));
    }
}

/// What a wrapper does too early, or after a reset, shows.
#[test]
#[ignore = "make full: each is compiled anew"]
fn wishbone_wrappers_with_a_broken_end_of_a_cycle_are_found() {
    let memory = memory(37);
    let mutants = [
        ("wb_ack_o = carried;", "wb_ack_o = acknowledge$q;"),
        ("carried = (request & acknowledge$q) & ~wb_rst_i;", "carried = acknowledge$q;"),
        ("core$reset = held$reset;", "core$reset = ~held$reset & 1'b0;"),
        ("offered$d = full$q;", "offered$d = 1'b1;"),
    ];
    for (from, to) in mutants {
        let library = broken(&memory, WISHBONE, from, to);
        // one that never gets anywhere makes the bench give up
        let passes = || wishbone_given_up(&library, &memory).is_ok() && wishbone_resets(&library, &memory).is_ok();
        assert!(!std::panic::catch_unwind(passes).unwrap_or(false), "{to} was not found");
    }
}
