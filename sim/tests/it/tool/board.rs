//! The board top at its pins: bytes of cues in, bytes of answers out, against the reference.

use hopgate_hdl::{
    Link, Plan, Top,
    blocks::edge::pll::{Reference, Settings},
    emit,
    pins::{Active, Pins},
};
use hopgate_model::{
    bits::{BitMatrix, words_for},
    kernel,
    memory::{Memory, Parts},
    noise, reference,
};
use hopgate_sim::{Library, Waveform, bench::BoardBench, library};

fn memory(n: usize) -> Memory {
    let patterns = noise::random(13, n, 2);
    let columns = kernel::columns(n, 0.1, &[1.0], 0.0, 8);
    let parts = Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) };
    Memory::new(parts).unwrap()
}

fn bytes_of(cue: &[u64], lanes: usize) -> Vec<u8> {
    (0..2 * lanes).map(|b| (cue[b / 8] >> (8 * (b % 8))) as u8).collect()
}

fn expected(memory: &Memory, cue: &[u64], lanes: usize) -> Vec<u8> {
    let answer = reference::recall(memory, cue);
    let status = answer.steps as u16 | u16::from(answer.converged) << 15;
    let mut bytes = bytes_of(&answer.state, lanes);
    for word in [status, answer.nearest as u16, answer.distance as u16] {
        bytes.extend(word.to_le_bytes());
    }
    bytes
}

/// Hz.
const CLOCK: u32 = 100_000_000;

/// The Alchitry Cu's pins.
fn top(uart_divider: usize) -> Top {
    Top::Board { clock: CLOCK, uart_divider, pll: None, pins: Pins::default(), link: Link::Plain }
}

fn check(n: usize, divider: usize, cues: &BitMatrix, prepare: impl Fn(&mut BoardBench)) {
    check_with(None, n, divider, cues, prepare)
}

fn check_with(pll: Option<Settings>, n: usize, divider: usize, cues: &BitMatrix, prepare: impl Fn(&mut BoardBench)) {
    let memory = memory(n);
    let top = Top::Board { clock: CLOCK, uart_divider: divider, pll, pins: Pins::default(), link: Link::Plain };
    let design = emit(&Plan::of(&memory).unwrap(), top, "test").unwrap();
    library::lint(&design).unwrap();
    let built = Library::build(&design, Waveform::Off).unwrap();
    let mut board = BoardBench::open(&built).unwrap();
    prepare(&mut board);
    let lanes = n.div_ceil(16);
    for q in 0..cues.rows() {
        let want = expected(&memory, cues.row(q), lanes);
        let got = board.exchange(&bytes_of(cues.row(q), lanes), want.len(), 1_000_000).unwrap();
        assert_eq!(got, want, "cue {q}");
    }
}

#[test]
fn answers_over_the_uart() {
    check(37, 16, &noise::random(60, 37, 4), |_| ());
}

/// Simulators have no PLL: the board's clock stands for the one that it makes.
#[test]
#[ignore = "make full: a simulation of the PLL"]
fn a_clock_from_a_pll() {
    for reference in [Reference::Fabric, Reference::Pad] {
        let pll = Settings::SbPll40 { divr: 0, divf: 5, divq: 2, filter_range: 5, reference };
        check_with(Some(pll), 20, 150, &noise::random(5, 20, 4), |_| ());
    }
}

#[test]
fn one_megabaud_at_100_mhz() {
    check(16, 100, &noise::random(5, 16, 4), |_| ());
}

#[test]
fn a_sender_that_is_three_percent_off() {
    // 100 cycles a bit, the sender takes 97 or 103
    for cycles in [97, 103] {
        check(20, 100, &noise::random(6, 20, 5), |board| board.set_bit_cycles(cycles));
    }
}

#[test]
fn the_reset_button_forgets_half_a_cue() {
    let cues = noise::random(3, 33, 6);
    check(33, 16, &cues, |board| {
        // three of six bytes, then the button: the board must start anew, not wait for the rest
        board.exchange(&[0xff; 3], 0, 1000).unwrap();
        board.press_reset(50);
    });
}

#[test]
fn unused_bits_of_the_last_word_do_not_matter() {
    let memory = memory(17);
    let design = emit(&Plan::of(&memory).unwrap(), top(16), "test").unwrap();
    let built = Library::build(&design, Waveform::Off).unwrap();
    let mut board = BoardBench::open(&built).unwrap();
    let cues = noise::random(20, 17, 8);
    assert_eq!(words_for(17), 1);
    for q in 0..cues.rows() {
        let mut bytes = bytes_of(cues.row(q), 2);
        bytes[2] |= 0xfe;
        bytes[3] = 0xff;
        let want = expected(&memory, cues.row(q), 2);
        assert_eq!(board.exchange(&bytes, want.len(), 1_000_000).unwrap(), want, "cue {q}");
    }
}

/// Boards whose pins differ: each answers, each button works, each LED shows the same at its own level.
#[test]
#[ignore = "make full: each is compiled anew"]
fn buttons_and_leds_of_other_boards() {
    let memory = memory(20);
    let plan = Plan::of(&memory).unwrap();
    let cues = noise::random(2, 20, 9);
    for (pins, idle, high) in [
        (Pins { button: None, leds: 5, ..Pins::default() }, 0b1, 0),
        (Pins { leds: 2, lit: Active::Low, ..Pins::default() }, 0b10, 0),
        (Pins { button: Some(Active::High), lit: Active::Low, high: 3, ..Pins::default() }, 0b1111_1110, 0b111),
        (Pins { button: None, leds: 0, high: 1, ..Pins::default() }, 0, 1),
    ] {
        let top = Top::Board { clock: CLOCK, uart_divider: 16, pll: None, pins, link: Link::Plain };
        let design = emit(&plan, top, "test").unwrap();
        library::lint(&design).unwrap();
        let built = Library::build(&design, Waveform::Off).unwrap();
        let mut board = BoardBench::open(&built).unwrap();
        assert_eq!((board.leds(), board.high()), (idle, high), "ready for a cue, and nothing else: {pins:?}");
        let want = expected(&memory, cues.row(0), 2);
        assert_eq!(board.exchange(&bytes_of(cues.row(0), 2), want.len(), 1_000_000).unwrap(), want, "{pins:?}");
        if pins.button.is_some() {
            // a byte of four, then the button: the next cue is whole again
            board.exchange(&[0xff], 0, 1000).unwrap();
            board.press_reset(50);
            let want = expected(&memory, cues.row(1), 2);
            assert_eq!(board.exchange(&bytes_of(cues.row(1), 2), want.len(), 1_000_000).unwrap(), want, "{pins:?}");
        }
    }
}
