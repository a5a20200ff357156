//! Whether an answer is known: its nearest pattern is not farther away than the memory's radius.

use crate::{blocks::prelude::*, layout::Layout};

/// A comparison bit by bit, the highest one last: there is time enough for it, and it needs no carry chain.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Radius {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The distance of the nearest pattern.
    pub distance: Signal<In, Distance>,
    /// The distance is more than the radius, a cycle later.
    pub beyond: Signal<Out, Bit>,
    /// Loadable: the device was just configured.
    pub cold: Vec<Signal<In, Bit>>,
    /// Write another radius.
    pub write: Vec<Signal<In, Bit>>,
    /// What to write.
    pub data: Vec<Signal<In, Bits<16>>>,
    /// Of a core that learns: the radius that holds.
    pub current: Vec<Signal<Out, Distance>>,
    held: Vec<Register<Distance>>,
    written: Signal<Local, Bits<16>>,
    radius: Signal<Local, Distance>,
    more: Vec<Signal<Local, Bit>>,
    far: Register<Bit>,
    built: Constant<Distance>,
    mask: Constant<Distance>,
    _bits: usize,
    _bits_end: usize,
    _loads: usize,
    _learns: usize,
}

impl Radius {
    /// That of a plan.
    pub fn new(plan: &Layout) -> Self {
        let loads = usize::from(plan.loadable);
        let learns = usize::from(plan.learns);
        Radius {
            current: many(learns),
            _learns: learns,
            cold: many(loads),
            write: many(loads),
            data: many(loads),
            held: many(loads),
            more: many(DISTANCE_BITS + 1),
            // a core that learns has it from the page, from the first cycles on
            built: constant(if plan.learns { 0 } else { plan.radius as usize }),
            // no more bits than a distance can have
            mask: constant((plan.neurons + 1).next_power_of_two() - 1),
            _bits: DISTANCE_BITS,
            _bits_end: DISTANCE_BITS + 1,
            _loads: loads,
            ..Default::default()
        }
    }
}

impl Logic for Radius {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: radius");
        self.radius.next = self.built.val();
        self.written.next = 0.into();
        for l in 0..self._loads {
            comment!("loadable: a register");
            self.written.next = self.data[l].val();
            if self.write[l].val() {
                self.held[l].d.next = bit_cast::<DISTANCE_BITS, 16>(self.written.val()) & self.mask.val();
            }
            if self.cold[l].val() {
                self.held[l].d.next = self.built.val();
            }
            self.radius.next = self.held[l].q.val();
        }
        for l in 0..self._learns {
            self.current[l].next = self.radius.val();
        }
        self.more[0].next = false;
        for b in 0..self._bits {
            self.more[b + 1].next = (self.distance.val().get_bit(b) & !self.radius.val().get_bit(b))
                | (!(self.distance.val().get_bit(b) ^ self.radius.val().get_bit(b)) & self.more[b].val());
        }
        for t in self._bits..self._bits_end {
            self.far.d.next = self.more[t].val();
        }
        self.beyond.next = self.far.q.val();
    }
}
