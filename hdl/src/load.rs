//! What is written to a loadable core so that it holds another memory.

use crate::{blocks::sizes, plan::Plan};

/// What a word is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A row of this bank, all lanes, the first one first.
    Row(usize),
    /// Entries of the kernel table.
    Kernel,
    /// Half entries of the threshold table, the low ones at even addresses.
    Threshold,
    /// The sizes.
    Size,
}

/// Words for one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// What they are written to.
    pub target: Target,
    /// The row, or the address of the first word.
    pub address: usize,
    /// The words.
    pub words: Vec<u16>,
}

/// Everything that a plan's memory is, for a core of the same layout: rows (only those that are used), tables, sizes.
pub fn writes(plan: &Plan) -> Vec<Write> {
    let blocks = plan.row_depth() / plan.group_room;
    let used = (0..blocks).flat_map(|b| (0..plan.groups()).map(move |g| b * plan.group_room + g));
    let row = |bank: usize, address: usize| Write {
        target: Target::Row(bank),
        address,
        words: (0..plan.lanes()).map(|l| plan.rows[plan.parallel * l + bank].words[address] as u16).collect(),
    };
    let mut writes: Vec<Write> =
        used.flat_map(|address| (0..plan.parallel).map(move |bank| (bank, address))).map(|(b, a)| row(b, a)).collect();
    if plan.columns() > 0 {
        let words = plan.table.words.iter().map(|&w| w as u16).collect();
        writes.push(Write { target: Target::Kernel, address: 0, words });
    }
    if let Some(threshold) = &plan.threshold {
        let words = threshold.words.iter().flat_map(|&w| [w as u16, (w >> 16) as u16]).collect();
        writes.push(Write { target: Target::Threshold, address: 0, words });
    }
    writes.push(Write { target: Target::Size, address: 0, words: sizes::words(plan).to_vec() });
    writes
}
