//! The wrappers at their ports: the protocol, and the answers against the reference. Streams are here.

mod wishbone;

use hopgate_hdl::{
    CoreOptions, Plan, Readout, Top,
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
    bench::{Axis, Word},
    library, words,
};

const LIMIT: u64 = 1_000_000;
/// Hz.
const CLOCK: u32 = 16_000_000;
const AXIS: Top = Top::Axis { clock: CLOCK, requests: false };
/// Reset of any length will do.
pub const WIDTHS: [u64; 4] = [1, 2, 5, 100];

fn memory(n: usize) -> Memory {
    let patterns = noise::random(13, n, 2);
    let columns = kernel::columns(n, 0.1, &[1.0], 0.0, 8);
    let parts = Parts { planes: vec![patterns.clone()], kernel: columns.weights, ..Parts::of(patterns) };
    Memory::new(parts).unwrap()
}

fn built(memory: &Memory, top: Top) -> Library {
    built_with(memory, CoreOptions::default(), top)
}

fn built_with(memory: &Memory, options: CoreOptions, top: Top) -> Library {
    let design = emit(&Plan::with(memory, options).unwrap(), top, "test").unwrap();
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

pub fn words_of(state: &[u64], lanes: usize) -> Vec<u16> {
    (0..lanes).map(|l| (state[l / 4] >> (16 * (l % 4))) as u16).collect()
}

/// The words of the answer: state, then steps, nearest and distance.
pub fn expected(memory: &Memory, cue: &[u64]) -> Vec<u16> {
    words::expected(memory, cue.into(), Readout::Vote)
}

/// `tlast` on the last word only.
pub fn packet(words: &[u16]) -> Vec<Word> {
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

/// A packet of more words than any key has whose rows are read in one beat: 257, and one more of a mask each.
#[test]
fn axis_packets_of_keys_in_beats() {
    let memory = memory(4100);
    let options = CoreOptions { lanes: Some(4), masks: true, ..CoreOptions::default() };
    let mut axis = Axis::open(&built_with(&memory, options, AXIS)).unwrap();
    let cues = noise::cues(memory.patterns(), 3, 0.1, 4);
    for q in 0..cues.rows() {
        let want = packet(&expected(&memory, cues.row(q)));
        let words = words_of(cues.row(q), 257);
        // whole, with its mask, and without its last word, which is zero then
        let masked = [words.clone(), vec![0xffff; 257]].concat();
        assert_eq!(axis.exchange(&packet(&masked), want.len(), 0, LIMIT).unwrap(), want, "cue {q}");
        assert_eq!(axis.exchange(&packet(&words), want.len(), 7, LIMIT).unwrap(), want, "cue {q} without a mask");
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
        ("m_axis_tlast = packets$m_last;", "m_axis_tlast = ~packets$m_last;"),
        ("dropping$d = ~padding$q & ~s_last;", "dropping$d = 1'b0;"),
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
        ("m_valid = out_valid & ~reset;", "m_valid = out_valid;"),
        ("s_ready = ~reset & ", "s_ready = "),
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
