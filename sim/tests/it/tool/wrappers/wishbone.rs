//! The Wishbone slave's registers.

use super::*;
use hopgate_sim::bench::Registers;

const WISHBONE: Top = Top::Wishbone { clock: CLOCK, requests: false, streams: false };

const STATUS: u8 = 0;
const CUE: u8 = 1;
const ANSWER: u8 = 2;
const INFO: [u8; 3] = [3, 4, 5];
const READY: u32 = 1;
const ANSWERING: u32 = 2;
const DONE: u32 = 4;
const MISTAKE: u32 = 8;

/// Polls until a flag is up; returns the status.
fn wait(slave: &mut Registers, flag: u32, idle: u8) -> u32 {
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
    let mut slave = Registers::open(&library).unwrap();
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
        let mut slave = Registers::open(&broken(&memory, WISHBONE, from, to)).unwrap();
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
    let mut slave = Registers::open(&library).unwrap();
    slave.transfer(CUE, Some(0xffff), 0).unwrap();
    assert_eq!(slave.transfer(STATUS, None, 0).unwrap(), MISTAKE, "a cue before the core is awake");
    slave.transfer(STATUS, Some(0), 0).unwrap();
    assert_eq!(wait(&mut slave, READY, 0), READY);
    assert_eq!(slave.transfer(ANSWER, None, 0).unwrap(), 0);
    assert_eq!(slave.transfer(STATUS, None, 0).unwrap(), READY | MISTAKE, "an answer to nothing");
    slave.transfer(STATUS, Some(0), 0).unwrap();
    // writes to registers that are read only, and to those that are not there
    for register in (2..16).filter(|register| ![6, 7].contains(register)) {
        slave.transfer(register, Some(0xffff), 0).unwrap();
        assert!(register < 12 || slave.transfer(register, None, 0).unwrap() == 0);
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

/// The state, and the last three registers, of a whole recall over the bus.
fn wishbone_answer(slave: &mut Registers, cue: &[u16]) -> Vec<u32> {
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
    let mut slave = Registers::open(library).unwrap();
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
    let mut slave = Registers::open(library).unwrap();
    let all = |slave: &mut Registers| -> Result<(), String> {
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
