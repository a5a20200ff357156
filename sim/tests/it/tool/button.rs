//! What no rule of mutants breaks, or no trial can notice, of a board's reset: each is broken here by hand.

use hopgate_sim::{
    Library, Waveform,
    bench::{BoardBench, stream::Stream},
    trial::{Prepared, TRIALS},
};
use hopgate_wire::{frame, protocol::Region, request::Request};

/// Cycles that the button is down.
const PRESSED: u16 = 20;

fn prepared(name: &str) -> Prepared {
    TRIALS.iter().find(|t| t.name == name).unwrap().prepare().unwrap()
}

/// The design, in which a statement that is there once is another one.
fn broken(prepared: &Prepared, good: &str, bad: &str) -> Library {
    let mut design = prepared.design.clone();
    assert_eq!(design.verilog.matches(good).count(), 1, "{good}");
    design.verilog = design.verilog.replace(good, bad);
    Library::build(&design, Waveform::Off).unwrap()
}

/// For so many cycles: a run alone ends where something came and then nothing for a while.
fn run(stream: &mut Stream, bytes: &[u8], cycles: u64, got: &mut Vec<u8>) {
    let end = stream.board().cycles() + cycles;
    stream.run(bytes, 0, got).unwrap();
    while stream.board().cycles() < end {
        stream.run(&[], 50, got).unwrap();
    }
}

fn read() -> Vec<u8> {
    frame::encode(&Request::Read { region: Region::Page, address: 60, count: 9 }.encode_in(1, 7))
}

/// A FORGET that begins in a reset loses its place: there is one cycle in which that happens, and the trial has a reset in each.
#[test]
#[ignore = "make full: a board is compiled anew"]
fn a_forget_that_begins_in_a_reset_is_noticed() {
    let prepared = prepared("a_board_that_learns_patterns");
    let stage = prepared.stages().iter().position(|&stage| stage == "undone").unwrap();
    let library = broken(&prepared, "= execute$forgets$0 & ~reset;", "= execute$forgets$0;");
    assert!(prepared.noticed_in(&library, stage).is_some());
}

/// What is answered behind a reset, in which a byte came 20 cycles before its end.
fn behind_a_byte(library: &Library) -> Vec<u8> {
    let mut stream = Stream::new(BoardBench::open(library).unwrap()).unwrap();
    let mut got = Vec::new();
    stream.board().press_later(0, PRESSED);
    stream.run(&[], 115, &mut got).unwrap();
    stream.run(&[5], 12, &mut got).unwrap();
    let asleep = stream.board().asleep();
    stream.run(&[], asleep, &mut got).unwrap();
    run(&mut stream, &read(), 3_000, &mut got);
    got
}

/// A reset lasts 128 cycles longer than the button is down.
#[test]
#[ignore = "make full: a board is compiled several times"]
fn a_byte_within_a_reset_is_lost() {
    let prepared = prepared("a_board_that_stays_as_it_is");
    let good = behind_a_byte(&Library::build(&prepared.design, Waveform::Off).unwrap());
    assert_eq!(good.len(), frame::encode(&[0; 10]).len(), "{good:02x?}");
    let count = "count$d = (count$q + one) & mask;";
    for bad in
        ["count$d = (count$q - one) & mask;", "count$d = (count$q + one) | mask;", "count$d = (count$q + two) & mask;"]
    {
        let bad = bad.replace("two", "(one << one)");
        assert_ne!(behind_a_byte(&broken(&prepared, count, &bad)), good, "{bad}");
    }
}

/// What comes of a frame over SPI in the midst of which there was a reset.
fn behind_a_frame(library: &Library) -> Vec<u8> {
    let mut stream = Stream::new(BoardBench::open(library).unwrap()).unwrap();
    let mut got = Vec::new();
    // its last bytes come when the reset is over
    let request = Request::Masked { cues: vec![0x1234; 8] };
    stream.board().press_later(200, PRESSED);
    run(&mut stream, &frame::encode(&request.encode_in(2, 7)), 3_000, &mut got);
    got
}

/// Behind a reset nothing is taken before the board is deselected.
#[test]
#[ignore = "make full: a board is compiled twice"]
fn a_frame_over_spi_that_a_reset_cuts_off_is_lost() {
    let prepared = prepared("a_board_over_spi");
    assert_eq!(behind_a_frame(&Library::build(&prepared.design, Waveform::Off).unwrap()), [0u8; 0]);
    let deaf = broken(&prepared, "spi$reset = power_up$reset;", "spi$reset = 1'b0 & power_up$reset;");
    assert_ne!(behind_a_frame(&deaf), [0u8; 0]);
}
