//! What a board that learns is taught.

use super::link::Writer;
use crate::suite::distinct;
use hopgate_model::{bits::BitMatrix, memory::Memory, noise};
use hopgate_wire::{
    page::{ANY_CLASS, held},
    protocol::Region,
    request::Request,
};
use std::iter;

/// Cycles in which a free class is found.
const CENSUS: u64 = 60_000;

impl Writer {
    pub(super) fn store(&mut self, row: &[u64], class: Option<u16>) {
        let words = class.into_iter().chain(self.cue(row)).collect();
        self.ask(&Request::Store { words });
    }

    /// New keys and those that are near, up to the room and beyond it; patterns that go, down to none.
    pub(super) fn learns(&mut self, memory: &Memory) {
        let classes = self.identity.valued();
        let class = |c: u16| classes.then_some(c);
        let new = distinct(8, memory.neurons(), 77);
        let near = noise::cues(memory.patterns(), 4, 0.04, 5);
        for row in 0..4 {
            self.store(new.row(row), class(row as u16));
            self.store(near.row(row), class(row as u16 + 1));
            self.store(new.row(row), class(row as u16));
        }
        self.store(new.row(5), class(u16::MAX));
        if self.identity.auto_store {
            for row in 2..7 {
                let named = class(if row % 2 == 0 { ANY_CLASS } else { row as u16 });
                let words = named.into_iter().chain(self.cue(new.row(row))).collect();
                self.ask(&Request::Learn { words });
            }
        }
        let held = |w: &Self| w.device.held().patterns as u16;
        for (pattern, more) in [(0, 1), (u16::MAX, 0), (held(self), 0), (1, 0), (held(self) - 2, 0)] {
            let patterns = held(self) + more;
            self.ask(&Request::Forget { pattern, patterns });
        }
        self.recalls(memory, 9);
        self.read(Region::Page, 64, 34);
        for row in 0..usize::from(held(self)) {
            self.read(Region::Rows(0), row, self.identity.lanes());
        }
        while held(self) > 0 {
            self.ask(&Request::Forget { pattern: 0, patterns: held(self) });
        }
        self.recalls(memory, 9);
        self.store(new.row(1), class(2));
        self.recalls(memory, 9);
    }

    /// Whatever it is: all that it is, and all that it holds.
    pub(super) fn told(&mut self) {
        self.read(Region::Page, 64, 34);
        for row in 0..self.device.held().patterns {
            self.read(Region::Rows(0), row, self.identity.lanes());
            self.read(Region::Values, row, self.identity.value_lanes());
        }
    }

    /// A key by LEARN, with the next free class.
    fn learn(&mut self, key: &[u64]) {
        let class = self.identity.valued().then_some(ANY_CLASS);
        let words = class.into_iter().chain(self.cue(key)).collect();
        let bytes = self.frame(&Request::Learn { words });
        self.say("LEARN with a free class", bytes, CENSUS);
    }

    /// A key of each class but the last, which LEARN finds, and then finds none; keys up to the room and beyond it.
    pub(super) fn filled(&mut self, memory: &Memory) {
        let classes = self.identity.valued();
        let (room, outputs) = (self.identity.patterns, self.identity.outputs.max(2));
        let new = distinct(room + outputs + 6, memory.neurons(), 99);
        let mut keys = 0..room + outputs + 6;
        let mut next = || new.row(keys.next().unwrap_or(0));
        for class in 0..outputs - 1 {
            self.store(next(), classes.then_some(class as u16));
        }
        for _ in 0..3 {
            if self.identity.auto_store {
                self.learn(next());
            }
            self.read(Region::Page, 64, 12);
        }
        if self.identity.auto_store {
            // where no class is free, one that is named is there all the same
            let words = classes.then_some(1).into_iter().chain(self.cue(next())).collect();
            self.ask(&Request::Learn { words });
        }
        for row in 0..room + 3 {
            if self.identity.auto_store && row % 32 == 7 {
                self.learn(next());
            } else {
                self.store(next(), classes.then_some((row % outputs) as u16));
            }
        }
        self.told();
        self.recalls(memory, 31);
        for row in 0..4 {
            let patterns = self.device.held().patterns as u16;
            self.ask(&Request::Forget { pattern: row, patterns });
            self.store(new.row(room + 1 + usize::from(row)), classes.then_some(row));
            self.store(new.row(room + 2), classes.then_some(row));
        }
        self.told();
        if self.identity.auto_store {
            self.freed(&new);
        }
    }

    /// Classes that LEARN finds where there is no pattern, and where the first one alone has the last but one.
    fn freed(&mut self, keys: &BitMatrix) {
        let held = |w: &Self| w.device.held().patterns as u16;
        let classes = self.identity.valued();
        let outputs = self.identity.outputs.max(2);
        let known: [Vec<usize>; 2] = [vec![], iter::once(outputs - 2).chain(0..outputs - 2).collect()];
        for known in known {
            while held(self) > 0 {
                self.ask(&Request::Forget { pattern: 0, patterns: held(self) });
            }
            for (row, class) in known.iter().enumerate() {
                self.store(keys.row(row), classes.then_some(*class as u16));
            }
            for row in known.len()..known.len() + 2 {
                self.learn(keys.row(row));
            }
            self.told();
        }
        // and the first one again, once the next ones were looked for below another that is taken
        while held(self) > 0 {
            self.ask(&Request::Forget { pattern: 0, patterns: held(self) });
        }
        for class in [0, 2] {
            self.store(keys.row(usize::from(class)), classes.then_some(class));
        }
        self.learn(keys.row(5));
        self.ask(&Request::Forget { pattern: 0, patterns: held(self) });
        self.learn(keys.row(6));
        self.told();
    }

    /// Other radii, of what is known and of what is stored, and keys at every distance.
    pub(super) fn radii(&mut self, memory: &Memory) {
        let classes = self.identity.valued();
        for (radius, stored) in [(3, 1), (1, 3), (0, 0), (5, 0), (0, 5)] {
            let learns = self.identity.learns;
            self.changed(|w| {
                w.write(Region::Page, held::RADIUS, vec![radius]);
                if learns {
                    w.write(Region::Page, held::STORE_RADIUS, vec![stored]);
                }
                w.read(Region::Page, 64, 12);
            });
            for flips in 0..6 {
                let mut key = self.cue(memory.patterns().row(0));
                key[0] ^= (1 << flips) - 1;
                self.recall(&[key.clone()], flips % 2 == 0);
                if self.identity.auto_store && flips % 2 == 1 {
                    let words = classes.then_some(0).into_iter().chain(key.clone()).collect();
                    self.ask(&Request::Learn { words });
                }
                if learns {
                    let words = classes.then_some(0).into_iter().chain(key).collect();
                    self.ask(&Request::Store { words });
                }
                while self.device.held().patterns > memory.patterns().rows() {
                    let patterns = self.device.held().patterns as u16;
                    self.ask(&Request::Forget { pattern: patterns - 1, patterns });
                }
            }
            self.read(Region::Page, 64, 12);
        }
    }
}
