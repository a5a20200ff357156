//! The regions of a device: what may be read and written, and when.

use super::Device;
use hopgate_wire::{
    page,
    protocol::{Code, Region},
};

type Result<T> = std::result::Result<T, Code>;

impl Device {
    /// Reads words.
    pub(super) fn read(&self, region: Region, address: usize, count: usize) -> Result<Vec<u16>> {
        if self.identity.fixed && region != Region::Page {
            return Err(Code::Target);
        }
        let part = |words: &[u16]| words.get(address..address + count).map(<[u16]>::to_vec).ok_or(Code::Range);
        match region {
            Region::Values if self.values.is_empty() => Err(Code::Target),
            Region::Kernel if self.kernel.is_empty() => Err(Code::Target),
            Region::Threshold if self.threshold.is_empty() => Err(Code::Target),
            _ if count == 0 => Err(Code::Length),
            Region::Page => part(&self.page()),
            Region::Kernel => part(&self.kernel),
            Region::Threshold if (address | count) % 2 == 1 => Err(Code::Length),
            Region::Threshold => {
                let words: Vec<u16> = self.threshold.iter().flat_map(|&t| [t as u16, (t >> 16) as u16]).collect();
                part(&words)
            }
            Region::Rows(bank) => {
                let row = self.row_at(bank, address, count)?;
                Ok(self.rows[row].to_vec())
            }
            Region::Values => Ok(self.values[self.value_at(address, count)?].to_vec()),
        }
    }

    /// Writes words.
    pub(super) fn write(&mut self, region: Region, address: usize, words: &[u16]) -> Result<()> {
        if self.identity.fixed {
            return Err(Code::Target);
        }
        let range = address..address + words.len();
        match region {
            Region::Page => return self.write_page(address, words),
            Region::Kernel if self.kernel.is_empty() => return Err(Code::Target),
            Region::Kernel => {
                self.kernel.get(range.clone()).ok_or(Code::Range)?;
                self.must_be_loading()?;
                let mask = u16::MAX >> (16 - self.identity.kernel_bits);
                self.kernel[range].iter_mut().zip(words).for_each(|(k, w)| *k = w & mask);
            }
            Region::Threshold if self.threshold.is_empty() => return Err(Code::Target),
            Region::Threshold if (address | words.len()) % 2 == 1 => return Err(Code::Length),
            Region::Threshold => {
                let range = range.start / 2..range.end / 2;
                self.threshold.get(range.clone()).ok_or(Code::Range)?;
                self.must_be_loading()?;
                let mask = u32::MAX >> (32 - self.identity.threshold_bits);
                let entries = words.chunks_exact(2).map(|w| (u32::from(w[0]) | u32::from(w[1]) << 16) & mask);
                self.threshold[range].iter_mut().zip(entries).for_each(|(t, e)| *t = e);
            }
            Region::Values if self.values.is_empty() => return Err(Code::Target),
            Region::Values => {
                let row = self.value_at(address, words.len())?;
                self.must_be_loading()?;
                for (lane, word) in words.iter().enumerate() {
                    let outputs = self.identity.outputs - 16 * lane;
                    let mask = if outputs < 16 { (1 << outputs) - 1 } else { u16::MAX };
                    self.values[row.start + lane] = word & mask;
                }
            }
            Region::Rows(bank) => {
                let row = self.row_at(bank, address, words.len())?;
                self.must_be_loading()?;
                let wide = self.identity.beats > 1;
                for (lane, word) in words.iter().enumerate() {
                    // where rows are read in beats, all bits of a word are kept: a key's last word may be any lane's
                    self.rows[row.start + lane] = word & if wide { u16::MAX } else { self.mask(lane) };
                }
            }
        }
        Ok(())
    }

    /// Where a row lies.
    fn row_at(&self, bank: u8, address: usize, count: usize) -> Result<std::ops::Range<usize>> {
        let lanes = self.identity.lanes();
        if count != lanes {
            return Err(Code::Length);
        }
        if usize::from(bank) >= self.identity.parallel || address >= self.identity.depth {
            return Err(Code::Range);
        }
        let at = lanes * (self.identity.depth * usize::from(bank) + address);
        Ok(at..at + lanes)
    }

    /// Where a row of values lies.
    fn value_at(&self, address: usize, count: usize) -> Result<std::ops::Range<usize>> {
        let lanes = self.identity.value_lanes();
        if count != lanes {
            return Err(Code::Length);
        }
        let at = lanes * address;
        if at >= self.values.len() { Err(Code::Range) } else { Ok(at..at + lanes) }
    }

    fn must_be_loading(&self) -> Result<()> {
        match self.must_be_valid() {
            Ok(()) => Err(Code::Order),
            Err(_) => Ok(()),
        }
    }

    fn write_page(&mut self, address: usize, words: &[u16]) -> Result<()> {
        let range = address..address + words.len();
        if range.start < page::HELD || range.end > page::COUNTERS {
            return Err(Code::Range);
        }
        let [begin, commit] = [page::BEGIN, page::COMMIT].map(|at| at - page::HELD);
        match (address, words) {
            (page::BEGIN, &[number]) => {
                if !self.loading && number == self.written[begin] {
                    return Err(Code::Order);
                }
                self.written[begin] = number;
                self.loading = true;
            }
            (page::COMMIT, &[number]) => {
                if !self.sizes_fit() {
                    return Err(Code::Range);
                }
                if number != self.written[begin] {
                    return Err(Code::Order);
                }
                self.written[commit] = number;
                self.loading = false;
                self.heed_kind();
            }
            _ if range.contains(&page::BEGIN) || range.contains(&page::COMMIT) => return Err(Code::Order),
            _ => {
                self.must_be_loading()?;
                self.written[address - page::HELD..][..words.len()].copy_from_slice(words);
                self.counts(address, words);
            }
        }
        Ok(())
    }

    /// Whether words 64..68 are sizes that the board has. A search has no use for the last three.
    fn sizes_fit(&self) -> bool {
        let size = |at: usize| usize::from(self.written[at]);
        let board = &self.identity;
        let of_vote = || size(2) <= board.stride && (1..=255).contains(&size(3)) && self.has_mode(self.written[4]);
        size(0) < board.groups && size(1) < board.parallel && (board.nearest && board.ranks == 0 || of_vote())
    }

    /// Whether the word of the kernel mode is one: where the board takes several kinds, with one of these.
    fn has_mode(&self, word: u16) -> bool {
        let kind = page::kind_of(word);
        let kinds = self.identity.kinds;
        let right = if kinds.several() { kind.is_some_and(|kind| kinds.contains(kind)) } else { kind.is_none() };
        right && word == page::mode_word(word & 1 == 1, kind)
    }

    /// All words of the page.
    fn page(&self) -> Vec<u16> {
        let mut all = self.identity.words().to_vec();
        all.extend(if self.changed { self.now() } else { self.written });
        all.extend(self.counters.words());
        all.resize(page::WORDS, 0);
        all
    }
}
