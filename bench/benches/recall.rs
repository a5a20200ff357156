//! The engine, and the float recall by hand. A measurement is the time of all cues of a case, one thread, unless it says `all`.

use criterion::{BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};
use hopgate_bench::{
    Case, cases,
    float::FloatRecall,
    peak::{WORDS, differing},
};
use hopgate_model::engine::{Engine, Isa};
use std::{hint::black_box, time::Duration};

/// The float recall is slow: so many cues of each case.
const FEW: usize = 20;

fn floats(case: &Case, count: usize) -> Vec<Vec<f32>> {
    let n = case.cues.cols();
    let cue = |q| (0..n).map(|i| if case.cues.get(q, i) { 1.0 } else { -1.0 }).collect();
    (0..count).map(cue).collect()
}

fn recall(c: &mut Criterion) {
    let cases = cases();
    let mut group = c.benchmark_group("recall");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for case in &cases {
        for isa in Isa::available() {
            let Some(engine) = Engine::with(&case.memory, isa) else { continue };
            let mut scratch = engine.scratch();
            group.bench_function(BenchmarkId::new(isa.to_string(), &case.name), |b| {
                b.iter(|| {
                    (0..case.cues.rows()).map(|q| engine.recall(case.cues.row(q), &mut scratch).steps).sum::<u32>()
                })
            });
        }
        let engine = Engine::new(&case.memory);
        group.bench_function(BenchmarkId::new("all", &case.name), |b| {
            b.iter(|| engine.each(&case.cues, |_, recall, scratch| (recall.steps, scratch.state()[0])))
        });
        let (float, cues) = (FloatRecall::new(&case.memory), floats(case, FEW));
        group.bench_function(BenchmarkId::new("float", &case.name), |b| {
            b.iter(|| cues.iter().map(|cue| float.recall(black_box(cue)).1).sum::<u32>())
        });
    }
}

fn distances(c: &mut Criterion) {
    let mut group = c.benchmark_group("distances");
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for case in cases().iter().filter(|c| c.name.ends_with("-k1")) {
        let mut room = vec![0; case.memory.patterns().rows()];
        for isa in Isa::available() {
            let Some(engine) = Engine::with(&case.memory, isa) else { continue };
            group.bench_function(BenchmarkId::new(isa.to_string(), &case.name), |b| {
                b.iter(|| {
                    (0..case.cues.rows()).map(|q| u32::from(engine.distances(case.cues.row(q), &mut room))).sum::<u32>()
                })
            });
        }
    }
    let words = std::array::from_fn::<u64, WORDS, _>(|i| i as u64);
    group.bench_function("peak", |b| b.iter(|| differing(black_box(&words), black_box(0x5555))));
}

criterion_group!(benches, recall, distances);
criterion_main!(benches);
