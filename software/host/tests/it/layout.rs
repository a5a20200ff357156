//! The layout against the generator's, word by word; what the software device recalls from it, against the reference; and smaller memories
//! on larger boards.

use crate::common::{Shape, cues, memory, shapes};
use hopgate_files::folder;
use hopgate_hdl::{CoreOptions, Plan, Readout, cycles};
use hopgate_host::device::{Build, Device};
use hopgate_model::{kernel::KernelMode, memory::Memory, reference};
use hopgate_wire::{
    layout::{Layout, filled_up, lanes_of, row_of},
    page::Identity,
};

/// The board that a plan is.
fn build<'a>(memory: &'a Memory, plan: &Plan) -> Build<'a> {
    Build {
        parallel: plan.parallel,
        fold: plan.fold,
        beats: plan.beats,
        nearest: plan.readout != Readout::Vote,
        list: plan.ranked().then_some((plan.max_steps as usize, plan.reach)),
        fixed: plan.ranked(),
        latency: plan.latency(),
        ..Build::of(memory)
    }
}

fn plans(memory: &Memory) -> Vec<Plan> {
    let mut all = Vec::new();
    for parallel in [1, 2, 4] {
        for fold in [1, 2, 4] {
            all.push(Plan::with(memory, CoreOptions { parallel, fold, ..CoreOptions::default() }).unwrap());
        }
        for lanes in [1, 2] {
            let lanes = Some(lanes);
            all.push(Plan::with(memory, CoreOptions { parallel, lanes, ..CoreOptions::default() }).unwrap());
            let readout = Readout::Nearest;
            all.push(Plan::with(memory, CoreOptions { parallel, lanes, readout, ..CoreOptions::default() }).unwrap());
        }
        let within = Some(memory.neurons() as u32 / 3);
        let readout = Readout::Ranked { most: memory.patterns().rows().min(5), within };
        all.push(Plan::with(memory, CoreOptions { parallel, readout, ..CoreOptions::default() }).unwrap());
        all.push(
            Plan::with(memory, CoreOptions { parallel, readout: Readout::Nearest, ..CoreOptions::default() }).unwrap(),
        );
    }
    all
}

#[test]
fn the_layout_is_the_generators() {
    let mut compared = 0;
    for shape in shapes() {
        let memory = memory(shape);
        for plan in plans(&memory) {
            let board = build(&memory, &plan).identity();
            let layout = Layout::of(&memory, folder::digest(&memory), &board).unwrap();
            let what = format!(
                "{shape:?}, {} rows, fold {}, {} lanes, {}",
                plan.parallel,
                plan.fold,
                plan.lanes(),
                plan.readout
            );
            assert_eq!(
                (board.lanes(), board.groups, board.depth),
                (plan.lanes(), plan.groups(), plan.row_depth()),
                "{what}"
            );
            assert_eq!((layout.held.groups, layout.held.last), (plan.groups(), plan.last_group()), "{what}");
            assert_eq!(layout.rows.len(), plan.parallel * plan.row_depth(), "{what}");
            for row in &layout.rows {
                for (lane, &word) in row.words.iter().enumerate() {
                    let image = &plan.rows[plan.parallel * lane + row.bank];
                    assert_eq!(
                        u64::from(word),
                        image.words[row.address],
                        "{what}: bank {} row {}",
                        row.bank,
                        row.address
                    );
                    compared += 1;
                }
            }
            if plan.readout != Readout::Vote {
                assert_eq!(layout.held.entries, if plan.ranked() { plan.reach as usize + 1 } else { 1 }, "{what}");
                assert!(layout.kernel.is_empty() && layout.threshold.is_empty());
                continue;
            }
            let kernel: Vec<u64> = layout.kernel.iter().map(|&w| w.into()).collect();
            assert_eq!(kernel, plan.table.words, "{what}");
            assert_eq!(
                (board.kernel_bits as usize, board.stride),
                (plan.table.width, plan.reach as usize + 1),
                "{what}"
            );
            let threshold: Vec<u64> = layout.threshold.iter().map(|&w| w.into()).collect();
            match &plan.threshold {
                None => assert!(threshold.is_empty(), "{what}"),
                Some(image) => {
                    assert_eq!(
                        (threshold, board.threshold_bits as usize),
                        (image.words.clone(), image.width),
                        "{what}"
                    );
                }
            }
        }
    }
    assert!(compared > 10_000, "{compared}");
}

#[test]
fn the_latency_of_a_board_of_one_row_a_cycle() {
    for shape in shapes() {
        let memory = memory(shape);
        assert_eq!(Build::of(&memory).identity().latency, Plan::of(&memory).unwrap().latency());
    }
}

/// Answers, steps, converged, nearest, distance, and the cycles that the generator predicts.
#[test]
fn the_device_recalls_as_the_reference_and_takes_the_cores_cycles() {
    let mut recalled = 0;
    for shape in shapes() {
        let memory = memory(shape);
        let cues = cues(&memory, 40, shape.seed);
        for plan in plans(&memory) {
            let device = Device::new(build(&memory, &plan), &memory).unwrap();
            for q in 0..cues.rows() {
                let cue: Vec<u16> = lanes_of(cues.row(q), plan.words()).collect();
                let got = device.recall(&cue);
                let cycles: usize = cycles::recall_cycles(&memory, &plan, cues.row(q), None).iter().map(|s| s.1).sum();
                assert_eq!(got.cycles, cycles as u64, "{shape:?}, cue {q}");
                recalled += 1;
                let want = match plan.readout {
                    Readout::Vote => reference::recall(&memory, cues.row(q)),
                    Readout::Nearest => reference::nearest(&memory, cues.row(q)),
                    Readout::Ranked { most, .. } => {
                        let want = reference::listed(&memory, cues.row(q), None, plan.reach, most);
                        let (words, class) = (got.words(), plan.answer_words());
                        let ranks = words.chunks(class + 3).map(|rank| rank.split_at(class));
                        let there: Vec<_> = ranks.filter(|(_, info)| info[0] >> 15 == 1).collect();
                        let list = there.iter().map(|(_, info)| (usize::from(info[1]), u32::from(info[2]))).collect();
                        let classes = there.iter().flat_map(|(class, _)| class.iter().map(|&c| u32::from(c))).collect();
                        let seen: (Vec<_>, Vec<u32>, usize) = (list, classes, words.len());
                        let right = (want.ranked, want.ranked_class, (class + 3) * most);
                        assert_eq!(seen, right, "{shape:?}, cue {q}");
                        continue;
                    }
                };
                let what = format!("{shape:?}, cue {q}");
                assert_eq!(row_of(&got.state, memory.neurons()), want.state, "{what}");
                let seen = (u32::from(got.steps), got.converged, usize::from(got.nearest), u32::from(got.distance));
                assert_eq!(seen, (want.steps, want.converged, want.nearest, want.distance), "{what}");
            }
        }
    }
    assert!(recalled > 3000, "{recalled}");
}

/// A board with room for more of everything.
fn large(shared_top: bool, parallel: usize) -> Identity {
    let memory =
        memory(Shape { neurons: 70, patterns: 100, planes: 3, offset: 0.3, shared: shared_top, ..Shape::default() });
    let board = Build { parallel, ..Build::of(&memory) }.identity();
    let (stride, accumulator_bits) = (71, 24);
    Identity { stride, accumulator_bits, threshold_bits: accumulator_bits + 1, shared_top, ..board }
}

/// Smaller memories on a larger board: the answers of the reference, once the unused neurons are cut off.
#[test]
fn smaller_memories_on_a_larger_board() {
    for parallel in [1, 2, 4] {
        for shape in shapes().into_iter().filter(|s| s.planes <= 3 && s.offset >= 0.0) {
            let memory = memory(shape);
            let device = Device::with(large(shape.shared, parallel), &memory).unwrap();
            let cues = cues(&memory, 40, shape.seed);
            for q in 0..cues.rows() {
                let wide = |i: usize| i >= memory.neurons() || cues.get(q, i);
                let cue: Vec<u16> = (0..5).map(|l| (0..16).map(|i| u16::from(wide(16 * l + i)) << i).sum()).collect();
                let got = device.recall(&cue);
                let want = reference::recall(&memory, cues.row(q));
                assert_eq!(row_of(&got.state, memory.neurons()), want.state, "{shape:?}, cue {q}");
                let unused = (memory.neurons()..70).filter(|i| got.state[i / 16] >> (i % 16) & 1 == 0).count();
                assert_eq!(unused, 0, "unused neurons stay one");
                let seen = (u32::from(got.steps), got.converged, usize::from(got.nearest), u32::from(got.distance));
                assert_eq!(seen, (want.steps, want.converged, want.nearest, want.distance), "{shape:?}, cue {q}");
            }
        }
    }
}

#[test]
fn what_does_not_fit_and_why() {
    let board = large(true, 2);
    let misfit = |shape: Shape, board: &Identity| {
        let error = Layout::of(&memory(shape), Default::default(), board).unwrap_err();
        assert_eq!(error.kind(), hopgate_model::ErrorKind::Fit);
        error.to_string()
    };
    let d = Shape::default();
    let cases = [
        (Shape { neurons: 71, ..d }, board.clone(), "71 neurons, the board 70"),
        (Shape { patterns: 101, ..d }, board.clone(), "101 patterns, the board room for 100"),
        (Shape { planes: 4, ..d }, board.clone(), "4 planes, the board 3"),
        (Shape { shared: false, ..d }, board.clone(), "its top plane is not the patterns"),
        (Shape { offset: -9.0, ..d }, board.clone(), "would not hold still"),
        (d, Identity { stride: 5, ..board.clone() }, "it reaches"),
        (d, Identity { kernel_bits: 7, ..board.clone() }, "numbers of 7 bits"),
        (d, Identity { accumulator_bits: 4, threshold_bits: 5, ..board.clone() }, "accumulators of"),
        (Shape { offset: 0.5, ..d }, Identity { threshold_bits: 0, ..board.clone() }, "no threshold table"),
    ];
    for (shape, board, what) in cases {
        let said = misfit(shape, &board);
        assert!(said.contains(what), "{said}");
    }
    // an offset that is negative does no harm where all neurons are used
    Layout::of(&memory(Shape { neurons: 70, offset: -9.0, ..d }), Default::default(), &board).unwrap();
    // on a board that stores the top plane any memory of its size fits
    Layout::of(&memory(Shape { mode: KernelMode::Fixed, ..d }), Default::default(), &large(false, 1)).unwrap();
}

/// Neurons that are added are one in every plane: their fields can be larger than those of the memory's own.
#[test]
fn added_neurons_count_for_the_accumulators() {
    let own = memory(Shape { patterns: 40, planes: 1, gamma: 0.001, ..Shape::default() });
    let full = filled_up(&own, 64).unwrap();
    assert!(full.accumulator_bits() > own.accumulator_bits(), "{} {}", full.accumulator_bits(), own.accumulator_bits());
    let board = Identity { accumulator_bits: own.accumulator_bits(), ..Build::of(&full).identity() };
    let said = Layout::of(&own, folder::digest(&own), &board).unwrap_err().to_string();
    assert!(said.contains(&format!("accumulators of {} bits", full.accumulator_bits())), "{said}");
}
