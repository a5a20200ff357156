//! A slice of `make soak`: the first of its random memories, fewer cues, and noise at the pin of a board.

#[path = "../../../examples/soak/draw.rs"]
mod draw;
#[path = "../../../examples/uart_noise/noise.rs"]
mod noise_at_the_pin;

use draw::Case;
use hopgate_hdl::{Plan, Top, emit};
use hopgate_model::memory::Memory;
use hopgate_sim::{CosimOptions, Cues, Library, Waveform, cosim};

fn build(case: &Case) -> Library {
    let design = emit(&Plan::with(&case.memory, case.hardware).unwrap(), Top::Core, "random").unwrap();
    Library::build(&design, Waveform::Off).unwrap()
}

#[test]
fn random_memories_answer_as_the_reference_does() {
    // few candidates and many, one lane and several, both modes, all readouts
    for index in [2, 3] {
        let case = Case::draw(1, index).unwrap();
        let (cues, known) = (case.cues(300), case.known(300));
        assert_eq!(known.is_some(), index == 3);
        let asked = Cues { bits: &cues, known: known.as_ref() };
        let result = cosim(&build(&case), &case.memory, asked, CosimOptions::default(), &|_| ()).unwrap();
        assert_eq!(result.difference, None, "memory {index}: {}", case.words);
    }
}

/// What the soak would say of a core that differs in one bit of a plane.
#[test]
fn a_difference_of_one_bit_is_found() {
    let case = Case::draw(1, 4).unwrap();
    let built = build(&case);
    let mut parts = case.memory.parts().clone();
    let top = parts.planes.last_mut().unwrap();
    top.set(0, 0, !top.get(0, 0));
    let other = Memory::new(parts).unwrap();
    let result = cosim(&built, &other, &case.cues(300), CosimOptions::default(), &|_| ()).unwrap();
    assert!(result.difference.is_some(), "{}", case.words);
}

#[test]
fn noise_at_the_pin_and_then_a_cue() {
    let mut board = noise_at_the_pin::Noisy::build(20).unwrap();
    for run in 0..500 {
        board.run(1, run).unwrap_or_else(|e| panic!("run {run}: {e}"));
    }
    // it was simulated, and not guessed
    assert!(board.cycles() > 500 * 300, "{} cycles", board.cycles());
}
