//! STORE and FORGET, as the board does them.

use super::Device;
use hopgate_model::kind::Kind;
use hopgate_wire::page::{ANY_CLASS, CONVERGED, FULL, INFO_WORDS, NEAR, STORED, UNCERTAIN, UNKNOWN, held};
use hopgate_wire::{page, protocol::Code};

impl Device {
    /// Stores a key, after the number of its class where there are classes, unless it is known. The three words of the reply.
    pub(super) fn store(&mut self, words: &[u16]) -> Result<Vec<u16>, Code> {
        if words.len() != self.identity.store_words() {
            return Err(Code::Length);
        }
        self.must_be_valid()?;
        let (class, key) = words.split_at(words.len() - self.identity.lanes());
        let full = self.put_last(class, key);
        let key: Vec<u16> = key.iter().enumerate().map(|(lane, word)| word & self.mask(lane)).collect();
        let held = self.held();
        let count = held.patterns;
        // a key alone is its own nearest
        let step = self.step(&key, &[], &held);
        let mut status = 1;
        if self.identity.nearest || self.identity.valued() || step.next == key {
            status |= CONVERGED;
        }
        if step.distance > held.store_radius {
            status |= UNKNOWN;
        }
        let mut near = step.distance <= held.store_radius;
        if let &[class] = class {
            let classes = self.classes_within(&key, held.store_radius);
            near = step.distance == 0 || classes.contains(&class.into());
            if classes.len() > 1 {
                status |= UNCERTAIN;
            }
        }
        status |= if near { NEAR } else { 0 };
        if full {
            status |= if near { 0 } else { FULL };
        } else if !near || count == 0 {
            status |= STORED;
            self.set_count(count + 1);
        }
        Ok(vec![status, step.nearest as u16, step.distance as u16])
    }

    /// Recalls a cue, after the number of its class where there are classes, and stores it if the answer is unknown. The words of the reply.
    pub(super) fn learn(&mut self, words: &[u16]) -> Result<Vec<u16>, Code> {
        if words.len() != self.identity.store_words() {
            return Err(Code::Length);
        }
        self.must_be_valid()?;
        let (class, cue) = words.split_at(words.len() - self.identity.lanes());
        // the class that no pattern has, or none: its number is then one that no board has
        let class: Vec<u16> = class.iter().map(|&c| if c == ANY_CLASS { self.free_class() } else { c }).collect();
        let full = self.put_last(&class, cue) || class.contains(&ANY_CLASS);
        let count = self.count;
        // a cue alone is its own nearest
        let recalled = self.recall(cue);
        let mut words = recalled.words();
        if count == 0 || !recalled.known {
            let status = words.len() - INFO_WORDS;
            words[status] |= if full { FULL } else { STORED };
            if !full {
                self.set_count(count + 1);
            }
        }
        Ok(words)
    }

    /// The least class that no pattern has.
    fn free_class(&self) -> u16 {
        let lanes = self.identity.value_lanes();
        let spoken = |c: usize| (0..self.count).any(|mu| self.values[lanes * mu + c / 16] >> (c % 16) & 1 == 1);
        (0..self.identity.outputs).find(|&c| !spoken(c)).map_or(ANY_CLASS, |c| c as u16)
    }

    /// Writes a key, and one bit for its class, behind the last pattern, where nobody reads until it is one. Whether there is no room.
    fn put_last(&mut self, class: &[u16], key: &[u16]) -> bool {
        let count = self.count;
        if count == self.identity.patterns {
            return true;
        }
        for (lane, word) in key.iter().enumerate() {
            self.rows[self.identity.lanes() * count + lane] = word & self.mask(lane);
        }
        if let &[class] = class {
            let (outputs, lanes) = (self.identity.outputs, self.identity.value_lanes());
            for lane in 0..lanes {
                self.values[lanes * count + lane] = match usize::from(class) {
                    c if c < outputs && c / 16 == lane => 1 << (c % 16),
                    _ => 0,
                };
            }
        }
        false
    }

    /// Forgets a pattern of so many: the last one takes its place.
    pub(super) fn forget(&mut self, pattern: usize, patterns: usize) -> Result<(), Code> {
        self.must_be_valid()?;
        let count = self.held().patterns;
        if patterns != count {
            return Err(Code::Order);
        }
        if pattern >= count {
            return Err(Code::Range);
        }
        let lanes = self.identity.lanes();
        self.rows.copy_within(lanes * (count - 1)..lanes * count, lanes * pattern);
        if self.identity.valued() {
            let lanes = self.identity.value_lanes();
            self.values.copy_within(lanes * (count - 1)..lanes * count, lanes * pattern);
        }
        self.set_count(count - 1);
        Ok(())
    }

    /// The classes for which voters speak that are within a radius of a key, in the order of their numbers.
    pub(super) fn classes_within(&self, key: &[u16], radius: u32) -> Vec<usize> {
        if self.identity.kind != Kind::Class {
            return Vec::new();
        }
        let held = self.held();
        let differ = |mu: usize| -> u32 { self.row(0, mu).iter().zip(key).map(|(a, b)| (a ^ b).count_ones()).sum() };
        let d: Vec<u32> = (0..held.groups).map(differ).collect();
        let base = if held.fixed_mode { 0 } else { d.iter().copied().min().unwrap_or(0) };
        let lanes = self.identity.value_lanes();
        let speaks = |mu: usize, c: usize| self.values[lanes * mu + c / 16] >> (c % 16) & 1 == 1;
        let voters = || (0..d.len()).filter(|&mu| d[mu] <= radius && ((d[mu] - base) as usize) < held.entries);
        (0..self.identity.outputs).filter(|&c| voters().any(|mu| speaks(mu, c))).collect()
    }

    /// The words of a pattern, or of a key.
    pub fn stored_row(&self, pattern: usize) -> &[u16] {
        self.row(0, pattern)
    }

    /// The words of its value in the first plane, where values are apart from the keys.
    pub fn stored_value(&self, pattern: usize) -> &[u16] {
        let lanes = self.identity.value_lanes();
        &self.values[lanes * pattern..][..lanes]
    }

    /// The kernel table.
    pub fn stored_kernel(&self) -> &[u16] {
        &self.kernel
    }

    fn set_count(&mut self, count: usize) {
        (self.count, self.changed) = (count, true);
    }

    /// What a load says of the number of patterns: the last word that is about it counts.
    pub(super) fn counts(&mut self, address: usize, words: &[u16]) {
        for (at, &word) in (address..).zip(words) {
            match at {
                held::LAST_GROUP => (self.count, self.changed) = (usize::from(word) + 1, false),
                held::PATTERNS if word == 0 => self.count = 0,
                _ => {}
            }
        }
    }

    /// Words 64..127 of the page as they are now: a board that learns counts its patterns itself.
    pub(super) fn now(&self) -> [u16; page::COUNTERS - page::HELD] {
        let mut words = self.written;
        if self.identity.learns {
            words[held::LAST_GROUP - page::HELD] = self.count.saturating_sub(1) as u16;
            words[held::PATTERNS - page::HELD] = self.count as u16;
            words[held::CHANGED - page::HELD] = self.changed.into();
        }
        words
    }
}
