//! The running minimum of the distances, and the filter that it feeds.
//!
//! A pattern within reach of the minimum *so far* becomes a candidate. The minimum only falls, so the filter
//! never drops one that is within reach of the final minimum, however late it sees the minimum: here it
//! sees that of the patterns up to two before (see [`crate::plan::queued`]).

use super::{constant, Distance, Index, DISTANCE_BITS};
use hopgate_model::kernel::KernelMode;
use rust_hdl::prelude::*;

/// The nearest pattern, and the candidates as they pass.
#[derive(Clone, Debug, LogicBlock)]
pub struct Nearest {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A step begins: forget everything.
    pub start: Signal<In, Bit>,
    /// `distance` belongs to the next pattern.
    pub valid: Signal<In, Bit>,
    /// Its distance.
    pub distance: Signal<In, Distance>,
    /// A candidate, registered.
    pub found: Signal<Out, Bit>,
    /// Its index.
    pub found_index: Signal<Out, Index>,
    /// Its distance.
    pub found_distance: Signal<Out, Distance>,
    /// The nearest pattern so far (the first of equals).
    pub nearest: Signal<Out, Index>,
    /// Its distance.
    pub nearest_distance: Signal<Out, Distance>,
    /// What the kernel table's index counts from: the least distance, or zero in fixed mode.
    pub base: Signal<Out, Distance>,
    best: DFF<Distance>,
    best_index: DFF<Index>,
    counter: DFF<Index>,
    limit: DFF<Bits<12>>,
    push: DFF<Bit>,
    push_index: DFF<Index>,
    push_distance: DFF<Distance>,
    far: Constant<Distance>,
    reach: Constant<Bits<12>>,
    one: Constant<Index>,
    zero: Constant<Distance>,
    normalised: Constant<Bit>,
    origin: Signal<Local, Distance>,
}

impl Nearest {
    /// For `neurons` neurons, a kernel that reaches `reach`, in this mode.
    pub fn new(neurons: usize, reach: u32, mode: KernelMode) -> Self {
        Nearest {
            clock: Signal::default(),
            start: Signal::default(),
            valid: Signal::default(),
            distance: Signal::default(),
            found: Signal::default(),
            found_index: Signal::default(),
            found_distance: Signal::default(),
            nearest: Signal::default(),
            nearest_distance: Signal::default(),
            base: Signal::default(),
            best: DFF::default(),
            best_index: DFF::default(),
            counter: DFF::default(),
            limit: DFF::default(),
            push: DFF::default(),
            push_index: DFF::default(),
            push_distance: DFF::default(),
            // all ones, and above every distance: the bits above are never used
            far: constant((neurons + 2).next_power_of_two() - 1),
            reach: constant(reach as usize),
            one: constant(1),
            zero: constant(0),
            normalised: Constant::new(mode == KernelMode::Normalised),
            origin: Signal::default(),
        }
    }
}

impl Logic for Nearest {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: nearest");
        dff_setup!(self, clock, best, best_index, counter, limit, push, push_index, push_distance);
        comment!("the running minimum");
        if self.valid.val() {
            self.counter.d.next = self.counter.q.val() + self.one.val();
            if self.distance.val() < self.best.q.val() {
                self.best.d.next = self.distance.val();
                self.best_index.d.next = self.counter.q.val();
            }
        }
        comment!("the filter: within reach of the minimum so far");
        self.origin.next = self.zero.val();
        if self.normalised.val() {
            self.origin.next = self.best.q.val();
        }
        self.limit.d.next = bit_cast::<12, DISTANCE_BITS>(self.origin.val()) + self.reach.val();
        self.push.d.next =
            self.valid.val() & (bit_cast::<12, DISTANCE_BITS>(self.distance.val()) <= self.limit.q.val());
        self.push_index.d.next = self.counter.q.val();
        self.push_distance.d.next = self.distance.val();
        if self.start.val() {
            self.best.d.next = self.far.val();
            self.counter.d.next = 0.into();
        }
        self.found.next = self.push.q.val();
        self.found_index.next = self.push_index.q.val();
        self.found_distance.next = self.push_distance.q.val();
        self.nearest.next = self.best_index.q.val();
        self.nearest_distance.next = self.best.q.val();
        self.base.next = self.origin.val();
    }
}
