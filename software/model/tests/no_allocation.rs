//! A recall takes no memory from the system: counted, not believed. A program of its own, since its allocator counts for all tests.

#![allow(unsafe_code)] // an allocator is unsafe by its nature; this one only counts

use hopgate_model::{
    bits::BitMatrix,
    engine::{Engine, Isa},
    memory::{Memory, Parts},
};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: everything is the system's allocator, beside a count
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TAKEN.with(|taken| taken.set(taken.get() + 1));
        // SAFETY: as the caller promises
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often `work` took memory.
fn taken(work: impl FnOnce()) -> u64 {
    let before = TAKEN.with(Cell::get);
    work();
    TAKEN.with(Cell::get) - before
}

#[test]
fn recalls_take_no_memory() {
    assert!(taken(|| drop(std::hint::black_box(vec![1u8]))) > 0, "the count must count");
    for (n, p, reach) in [(170, 200, 3), (170, 200, 170), (600, 100, 2), (600, 100, 600)] {
        let patterns = BitMatrix::from_fn(p, n, |mu, i| (mu * 7 + i * i + mu * mu * i) % 11 < 5);
        let lower = BitMatrix::from_fn(p, n, |mu, i| (mu + i * 3 + mu * i * i) % 7 < 3);
        let kernel = (0..=n).map(|e| if e <= reach { 200 - 100 * e as u32 / n as u32 } else { 0 }).collect::<Vec<_>>();
        let parts = Parts {
            planes: vec![lower, patterns.clone()],
            kernel: vec![kernel.clone(), kernel],
            ..Parts::of(patterns)
        };
        let memory = Memory::new(parts).expect("in range");
        for isa in Isa::available() {
            let engine = Engine::with(&memory, isa).expect("available");
            let mut scratch = engine.scratch();
            let mut steps = 0;
            let count = taken(|| {
                for q in 0..p {
                    steps += engine.recall(memory.patterns().row(q), &mut scratch).steps;
                }
            });
            assert_eq!((count, steps >= p as u32), (0, true), "{isa}, {n} neurons, reach {reach}");
        }
    }
}
