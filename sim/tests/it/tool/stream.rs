//! Bytes that come and go while a simulated board runs: the plain protocol, without waiting for answers in between.

use hopgate_hdl::{Link, Plan, Top, emit, pins::Pins};
use hopgate_model::{
    kernel,
    memory::{Memory, Parts},
    noise, reference,
};
use hopgate_sim::{
    Library, Waveform,
    bench::{BoardBench, stream::Stream},
};

#[test]
fn bytes_in_any_portions_give_the_same_answers() {
    let patterns = noise::random(13, 37, 2);
    let columns = kernel::columns(37, 0.1, &[1.0], 0.0, 8);
    let parts = Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) };
    let memory = Memory::new(parts).unwrap();
    let top = Top::Board { clock: 16_000_000, uart_divider: 16, pll: None, pins: Pins::default(), link: Link::Plain };
    let built = Library::build(&emit(&Plan::of(&memory).unwrap(), top, "test").unwrap(), Waveform::Off).unwrap();
    let cues = noise::random(9, 37, 4);
    let mut want = Vec::new();
    for q in 0..cues.rows() {
        let answer = reference::recall(&memory, cues.row(q));
        let status = answer.steps as u16 | u16::from(answer.converged) << 15;
        want.extend(&answer.state[0].to_le_bytes()[..6]);
        for word in [status, answer.nearest as u16, answer.distance as u16] {
            want.extend(word.to_le_bytes());
        }
    }
    for (portion, cycles) in [(1, 40), (6, 977), (4, 100_000)] {
        let mut stream = Stream::new(BoardBench::open(&built).unwrap()).unwrap();
        let mut got = Vec::new();
        for q in 0..cues.rows() {
            for part in cues.row(q)[0].to_le_bytes()[..6].chunks(portion) {
                stream.run(part, cycles, &mut got).unwrap();
            }
            // the plain protocol buffers nothing: the next cue waits for the answer
            for _ in 0..100_000 {
                if got.len() == 12 * (q + 1) {
                    break;
                }
                stream.run(&[], cycles, &mut got).unwrap();
            }
            assert_eq!(stream.queued(), 0);
        }
        assert_eq!(got, want, "{portion} bytes, {cycles} cycles");
        let before = stream.board().cycles();
        stream.run(&[], 1000, &mut got).unwrap();
        assert_eq!((stream.board().cycles() - before, got.len()), (1000, want.len()), "silence");
    }
}
