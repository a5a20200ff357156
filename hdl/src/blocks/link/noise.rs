//! The self-test's noise: a linear-feedback shift register that says which neurons are flipped.
//!
//! `docs/src/reference/protocol.md` fixes its bits: `x^32 + x^22 + x^2 + x + 1`, eight shifts for each neuron.

use crate::blocks::prelude::*;

/// A neuron a cycle.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct Noise {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Take a word of the seed, which moves the one before down.
    pub fill: Signal<In, Bit>,
    /// The word.
    pub word: Signal<In, Bits<16>>,
    /// The word that falls out.
    pub passed: Signal<Out, Bits<16>>,
    /// Begin: a seed of zero becomes one.
    pub start: Signal<In, Bit>,
    /// The probability of a flip, in 1/256.
    pub flips: Signal<In, Bits<8>>,
    /// On to the next neuron: no sooner than two cycles after `fill` or `start`.
    pub advance: Signal<In, Bit>,
    /// Three cycles after it: `flip` is this neuron's.
    pub ready: Signal<Out, Bit>,
    /// Flip it.
    pub flip: Signal<Out, Bit>,
    register: Register<Bits<32>>,
    tapped: Register<Bits<8>>,
    /// To go on, a cycle after that was asked for: it moves every bit of the register.
    advancing: Register<Bit>,
    blank: Register<Bit>,
    advanced: Register<Bit>,
    judged: Register<Bit>,
    flipped: Register<Bit>,
    lately: Signal<Local, Bits<8>>,
    fresh: Signal<Local, Bits<8>>,
    sixteen: Literal<32, 16>,
    seed_of_zero: Literal<32, 1>,
}

impl Logic for Noise {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: noise");
        comment!(
            "eight shifts at once: the new bits obey n[k] = c[k] + n[k-1] + n[k-2], whose impulse response has period three"
        );
        self.lately.next = (bit_cast::<8, 32>(self.register.q.val() >> 24)
            ^ bit_cast::<8, 32>(self.register.q.val() >> 14))
            ^ (bit_cast::<8, 32>(self.register.q.val() << 6) ^ bit_cast::<8, 32>(self.register.q.val() << 7));
        self.fresh.next = ((self.tapped.q.val() ^ (self.tapped.q.val() >> 1))
            ^ ((self.tapped.q.val() >> 3) ^ (self.tapped.q.val() >> 4)))
            ^ ((self.tapped.q.val() >> 6) ^ (self.tapped.q.val() >> 7));
        comment!("c, of the register as it will be: known before it is asked for");
        self.tapped.d.next = self.lately.val();
        self.advancing.d.next = self.advance.val();
        if self.advancing.q.val() {
            self.tapped.d.next = (bit_cast::<8, 32>(self.register.q.val() >> 16)
                ^ bit_cast::<8, 32>(self.register.q.val() >> 6))
                ^ ((self.fresh.val() << 6) ^ (self.fresh.val() << 7));
            self.register.d.next = (self.register.q.val() << 8) | bit_cast::<32, 8>(self.fresh.val());
        }
        self.blank.d.next = !self.register.q.val().any();
        if self.start.val() & self.blank.q.val() {
            self.register.d.next = self.seed_of_zero.val();
        }
        if self.fill.val() {
            self.register.d.next = (self.register.q.val() >> self.sixteen.val())
                | (bit_cast::<32, 16>(self.word.val()) << self.sixteen.val());
        }
        self.passed.next = bit_cast::<16, 32>(self.register.q.val());
        comment!("a cycle to compare, a cycle to use it");
        self.advanced.d.next = self.advancing.q.val();
        self.judged.d.next = self.advanced.q.val();
        self.flipped.d.next = bit_cast::<8, 32>(self.register.q.val()) < self.flips.val();
        self.ready.next = self.judged.q.val();
        self.flip.next = self.flipped.q.val();
    }
}
