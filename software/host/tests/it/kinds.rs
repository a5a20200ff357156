//! A board that takes memories of several kinds, in software, against the reference: one kind after the other over the link.

use crate::common::cues;
use hopgate_files::trace::Trace;
use hopgate_host::{
    client::{LineOptions, Session},
    device::{Build, Device},
    transport::Inside,
};
use hopgate_model::{
    bits::BitMatrix,
    kernel::{self, KernelMode},
    kind::{Kind, Kinds},
    memory::{Memory, Parts},
    noise, reference,
};
use hopgate_wire::{layout::row_of, page::Identity};

/// Random bits of a kind.
fn memory(kind: Kind, n: usize, p: usize, m: usize, seed: u64) -> Memory {
    let m = if kind.answers_keys() { n } else { m };
    let patterns = noise::random(p, n, seed);
    let planes = (0..2).map(|j| noise::random(p, m, seed + 100 + j)).collect();
    let columns = kernel::columns(n, 0.12, &[1.0, 2.0], 0.0, 8);
    let kernel_mode = if seed.is_multiple_of(3) { KernelMode::Fixed } else { KernelMode::Normalised };
    let radius = if seed.is_multiple_of(2) { n as u32 / 3 } else { n as u32 };
    let max_steps = 1 + seed as u32 % 5;
    let columns = (columns.weights, columns.offset);
    let parts = Parts {
        kind,
        planes,
        kernel: columns.0,
        offset: columns.1,
        kernel_mode,
        radius,
        max_steps,
        ..Parts::of(patterns)
    };
    Memory::new(parts).unwrap()
}

/// A board with room for memories of these kinds, so many neurons and patterns, and outputs.
fn board(kinds: &[Kind], n: usize, p: usize, m: usize, masks: bool) -> Identity {
    let kinds = kinds.iter().fold(Kinds::NONE, |kinds, &kind| kinds.with(kind));
    let built_in = memory(kinds.iter().next().unwrap(), n, p, m, 1);
    let is = Build { masks, parallel: 2, ..Build::of(&built_in) }.identity();
    let valued = kinds.answers_values();
    Identity {
        kinds,
        outputs: if valued { m.max(if kinds.answers_keys() { n } else { 1 }) } else { 0 },
        value_rows: if valued { p + 1 } else { 0 },
        depth: is.groups * if valued { 1 } else { 3 },
        shared_top: false,
        radius: true,
        stride: n + 1,
        accumulator_bits: 24,
        threshold_bits: 25,
        self_test: true,
        ..is
    }
}

/// What the reference answers to the cues; of a mask, bits that are known.
fn check(trace: &Trace, memory: &Memory, cues: &BitMatrix, known: Option<&BitMatrix>, what: &str) {
    for q in 0..cues.rows() {
        let mask = known.map(|known| reference::Mask { known: known.row(q), clamp: false });
        let want = reference::recall_masked_seen(memory, cues.row(q), mask, |_, _| ());
        let at = format!("{what}, cue {q}");
        match (&trace.ranking, &trace.path) {
            (Some(ranking), _) => assert_eq!(Some(&ranking[q]), want.ranking.as_ref(), "{at}"),
            (None, Some(path)) => {
                let path: Vec<_> = (0..path[q].rows()).map(|step| path[q].row(step).to_vec()).collect();
                assert_eq!(path, want.path, "{at}");
            }
            (None, None) => assert_eq!(trace.state.row(q), want.state, "{at}"),
        }
        let got = (trace.steps[q], trace.converged[q], trace.nearest[q] as usize, trace.known[q]);
        assert_eq!(got, (want.steps, want.converged, want.nearest, want.known), "{at}");
    }
}

fn check_order(is: Identity, order: &[(Kind, usize, usize, usize)]) {
    let masks = is.masks;
    let built_in = order[0];
    let first = memory(built_in.0, built_in.1, built_in.2, built_in.3, 1);
    let mut board = Session::connect(Inside::new(Device::with(is, &first).unwrap()), LineOptions::default()).unwrap();
    for (seed, &(kind, n, p, m)) in (1..).zip(order) {
        let loaded = memory(kind, n, p, m, seed);
        let what = format!("{kind} of {p} x {n} with {m} outputs, load {seed}");
        if seed > 1 {
            board.load(&loaded, &mut |_, _| ()).unwrap_or_else(|e| panic!("{what}: {e}"));
        }
        assert_eq!((board.identity().kind, board.held().kind), (kind, Some(kind)), "{what}");
        let cues = cues(&loaded, 12, seed);
        let known = masks.then(|| noise::random(cues.rows(), n, seed + 9));
        let trace = board.recall_masked(&cues, known.as_ref(), &mut |_| ()).unwrap();
        check(&trace, &loaded, &cues, known.as_ref(), &what);
        let found = board.find(&cues, known.as_ref(), &mut |_| ()).unwrap();
        let nearest: Vec<_> = found.iter().map(|f| (f.nearest, f.known)).collect();
        let want: Vec<_> = trace.nearest.iter().zip(&trace.known).map(|(&n, &known)| (n as usize, known)).collect();
        assert_eq!(nearest, want, "{what}");
        assert!(board.holds(&loaded).unwrap(), "{what}");
        // what is read back answers alike
        let image = board.image(&mut |_| ()).unwrap();
        assert_eq!(image.identity().kind, kind, "{what}");
    }
}

const ALL: [Kind; 4] = [Kind::Class, Kind::Map, Kind::Sequence, Kind::Auto];

#[test]
fn one_kind_after_the_other() {
    let order = [
        (Kind::Class, 37, 21, 10),
        (Kind::Map, 37, 20, 1),
        (Kind::Sequence, 37, 21, 0),
        (Kind::Class, 35, 19, 2),
        (Kind::Auto, 37, 21, 0),
        (Kind::Map, 33, 21, 300),
        (Kind::Auto, 29, 7, 0),
        (Kind::Class, 37, 21, 300),
        (Kind::Sequence, 31, 1, 0),
        (Kind::Class, 1, 2, 2),
    ];
    check_order(board(&ALL, 37, 21, 300, false), &order);
    check_order(board(&ALL, 37, 21, 300, true), &order);
    let states: Vec<_> = order.iter().copied().filter(|(kind, ..)| kind.answers_keys()).collect();
    check_order(board(&[Kind::Auto, Kind::Sequence], 37, 21, 0, false), &states);
    let values: Vec<_> = order.iter().copied().filter(|(kind, ..)| !kind.answers_keys()).collect();
    check_order(board(&[Kind::Map, Kind::Class], 37, 21, 300, true), &values);
}

/// Any kinds, sizes and orders.
#[test]
fn any_order() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for _ in 0..30 {
        let (n, p, m) = (1 + below(60), 2 + below(30), 2 + below(40));
        let kinds: Vec<Kind> = (0..2).map(|_| ALL[below(4)]).chain([Kind::Class, Kind::Auto]).collect();
        let of = |below: &mut dyn FnMut(usize) -> usize| {
            let kind = kinds[below(kinds.len())];
            let least = if kind == Kind::Class { 2 } else { 1 };
            (kind, 1 + below(n), 1 + below(p), least + below(m - least + 1))
        };
        let order: Vec<_> = (0..5).map(|_| of(&mut below)).collect();
        check_order(board(&kinds, n, p, m, below(2) == 0), &order);
    }
}

/// A kind for which there is no room, with what to do; and an answer that is read as that of another kind is never given.
#[test]
fn a_kind_without_room_is_refused() {
    let is = board(&[Kind::Map, Kind::Class], 20, 9, 12, false);
    let class = memory(Kind::Class, 20, 9, 12, 1);
    let mut board = Session::connect(Inside::new(Device::with(is, &class).unwrap()), LineOptions::default()).unwrap();
    let error = board.load(&memory(Kind::Sequence, 20, 9, 0, 2), &mut |_, _| ()).unwrap_err();
    assert!(error.to_string().contains("it is of kind sequence, the board of kinds map+class"), "{error}");
    assert!(error.help_text().unwrap().contains("room kinds=..."));
    // nothing was sent
    let cues = cues(&class, 5, 3);
    check(&board.recall(&cues, &mut |_| ()).unwrap(), &class, &cues, None, "as before");
}

/// The answers of a class come with the bits of a key beyond it left out.
#[test]
fn bits_beyond_a_state_are_zero() {
    let is = board(&ALL, 20, 9, 37, false);
    let auto = memory(Kind::Auto, 18, 9, 0, 1);
    let device = Device::with(is, &auto).unwrap();
    let answer = device.recall(&[0x1234, 0xffff]);
    assert_eq!((answer.state.len(), answer.state[1] >> 4, answer.state[1] >> 2 & 3), (2, 0, 3));
    let want = reference::recall(&auto, &[0x31234]);
    assert_eq!(row_of(&answer.state, 18), want.state);
}
