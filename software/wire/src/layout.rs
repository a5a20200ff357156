//! How a memory lies in a board: the words of its regions, and whether it fits at all.
//!
//! Pattern `mu` is row `mu / R` of bank `mu % R`, `R` the rows scanned in a cycle; row `(j + 1) * groups + mu / R` is its row of
//! plane `j`. A top plane that is the patterns has no rows of its own. The kernel table holds `W_j[e]` at `stride * j + e`; the
//! threshold table, where there is one, the same less `O[e]` for `j = 0`. That is the layout of the generator's `Plan`, and a test compares
//! the two word by word.

use crate::{
    page::{self, Held, Identity},
    protocol::Region,
    request::Request,
};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use hopgate_model::{
    Error, ErrorKind, Result, bits::BitMatrix, classes, kernel::KernelMode, kind::Kind, learn::storing_radius,
    memory::Memory,
};

/// A row of a bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The bank.
    pub bank: usize,
    /// The row in its bank, or the beat of one: that of row `r` is at `beats * r + beat`.
    pub address: usize,
    /// `lanes` words; the bits above the last neuron are zero.
    pub words: Vec<u16>,
}

/// A memory as the words of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Patterns and planes.
    pub rows: Vec<Row>,
    /// Values, where they are apart from the keys: their rows, and the words of each.
    pub values: Vec<(usize, Vec<u16>)>,
    /// The kernel table.
    pub kernel: Vec<u16>,
    /// The threshold table; empty where the board has none.
    pub threshold: Vec<u32>,
    /// Words 64..95 of the page.
    pub held: Held,
}

/// A row of a matrix as words of 16 bits.
pub fn lanes_of(row: &[u64], lanes: usize) -> impl Iterator<Item = u16> + '_ {
    (0..lanes).map(|l| row.get(l / 4).map_or(0, |w| (w >> (16 * (l % 4))) as u16))
}

/// Words of 16 bits as the row of a matrix of this many columns; what is beyond is dropped.
pub fn row_of(words: &[u16], columns: usize) -> Vec<u64> {
    let mut row = vec![0; columns.div_ceil(64)];
    for (l, &word) in words.iter().enumerate().take(columns.div_ceil(16)) {
        let left = columns - 16 * l;
        let mask = if left < 16 { (1 << left) - 1 } else { u16::MAX };
        row[l / 4] |= u64::from(word & mask) << (16 * (l % 4));
    }
    row
}

/// The memory with as many neurons as the board has: the bits of those that are added are one in every pattern and plane.
///
/// # Errors
/// [`ErrorKind::Fit`] if the board has fewer neurons, or those that are added would not stay one.
pub fn filled_up(memory: &Memory, neurons: usize) -> Result<Memory> {
    let n = memory.neurons();
    if n > neurons {
        return Err(misfit(
            format!("it has {n} neurons, the board {neurons}"),
            "a wider one needs a bitstream of its own",
        ));
    }
    if n == neurons {
        return Ok(memory.clone());
    }
    let parts = memory.parts();
    let together = |e: usize| i64::from(parts.offset[e]) + parts.kernel.iter().map(|w| i64::from(w[e])).sum::<i64>();
    if let Some(e) = (0..=n).find(|&e| memory.kind().answers_keys() && together(e) < 0) {
        let what = format!(
            "it has {n} neurons, the board {neurons}, and with the offset {} at distance {e} unused ones would not hold still",
            parts.offset[e]
        );
        return Err(misfit(what, "`scheme shared` has no offset"));
    }
    memory.filled_up(neurons).map_err(|e| misfit(e.to_string(), ""))
}

fn misfit(why: String, hint: &str) -> Error {
    let error = Error::new(ErrorKind::Fit, format!("the memory does not fit the board: {why}"));
    if hint.is_empty() { error } else { error.hint(hint) }
}

impl Layout {
    /// Lays a memory, with its SHA-256, out for a board.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] with the first reason why it does not fit.
    pub fn of(memory: &Memory, sha256: [u8; 32], board: &Identity) -> Result<Layout> {
        let full = filled_up(memory, board.neurons)?;
        let (p, k) = (memory.patterns().rows(), memory.planes().len());
        check(&full, memory.neurons(), board)?;
        let groups = p.div_ceil(board.parallel);
        let held = Held {
            groups,
            last: p - (groups - 1) * board.parallel,
            entries: match board.ranks {
                0 if board.nearest => 1,
                0 => full.reach() as usize + 1,
                // how far a list reaches is built in where nothing is loaded
                _ if board.fixed => board.stride,
                _ => memory.reach() as usize + 1,
            },
            max_steps: if board.ranks > 0 { board.ranks as u32 } else { memory.parts().max_steps },
            fixed_mode: memory.parts().kernel_mode == KernelMode::Fixed,
            kind: board.kinds.several().then_some(memory.kind()),
            neurons: memory.neurons(),
            patterns: p,
            planes: k,
            outputs: if board.valued() || board.lists_classes() { memory.outputs() } else { 0 },
            radius: if board.radius { memory.radius() } else { 0 },
            store_radius: if board.learns { storing_radius(memory.radius(), memory.neurons()) } else { 0 },
            changed: false,
            sha256,
            begin: 0,
            commit: 0,
        };
        let mut layout =
            Layout { rows: Vec::new(), values: Vec::new(), kernel: Vec::new(), threshold: Vec::new(), held };
        layout.add_rows(&full.parts().patterns, 0, board);
        if let Some(of) = classes::of_patterns(memory).filter(|_| board.lists_classes()) {
            layout.values = of.iter().map(|&class| vec![class as u16]).enumerate().collect();
        }
        if board.nearest {
            return Ok(layout);
        }
        // the highest planes where the top one is the patterns, and else the lowest
        let shift = if board.shared_top { board.planes - k } else { 0 };
        if board.valued() {
            // outputs that the memory does not have are zero: as classes they never win
            let row = |(j, mu): (usize, usize)| {
                let row = full.planes()[j].row(mu);
                let word = |l: usize| row.get(l / 4).map_or(0, |w| (w >> (16 * (l % 4))) as u16);
                (j * board.value_rows + mu, (0..board.value_lanes()).map(word).collect())
            };
            layout.values = (0..k).flat_map(|j| (0..p).map(move |mu| (j, mu))).map(row).collect();
        }
        for (j, plane) in full.planes().iter().enumerate().filter(|(j, _)| j + shift < board.stored_planes()) {
            layout.add_rows(plane, (j + shift + 1) * board.groups, board);
        }
        let weight = |at: usize| -> (usize, usize, u32) {
            let (j, e) = (at / board.stride, at % board.stride);
            let column = j.checked_sub(shift).and_then(|j| full.kernel().get(j));
            (j, e, column.and_then(|w| w.get(e)).copied().unwrap_or(0))
        };
        layout.kernel = (0..board.entries()).map(|at| weight(at).2 as u16).collect();
        if board.threshold_bits > 0 {
            let mask = u32::MAX >> (32 - board.threshold_bits);
            let entry = |at: usize| {
                let (j, e, w) = weight(at);
                let offset = if j == 0 { full.offset().get(e).copied().unwrap_or(0) } else { 0 };
                w.wrapping_sub(offset as u32) & mask
            };
            layout.threshold = (0..board.entries()).map(entry).collect();
        }
        Ok(layout)
    }

    /// The rows of a matrix, from row `base` of every bank on. The last pattern fills its group up.
    fn add_rows(&mut self, matrix: &BitMatrix, base: usize, board: &Identity) {
        for slot in 0..self.held.groups * board.parallel {
            let row = matrix.row(slot.min(matrix.rows() - 1));
            let (bank, first) = (slot % board.parallel, board.beats * (base + slot / board.parallel));
            let words: Vec<u16> = lanes_of(row, board.row_words()).collect();
            let beats = words.chunks(board.lanes()).zip(first..);
            self.rows.extend(beats.map(|(words, address)| Row { bank, address, words: words.to_vec() }));
        }
    }

    /// The writes of a load, but for begin and commit, in any order; none costs more than the board's window.
    pub fn writes(&self, board: &Identity) -> Vec<Request> {
        // at most half the window, so that the next is received meanwhile; short, so that it passes a bad line
        let most = (board.window / 2).saturating_sub(6).clamp(2, 32) & !1;
        let mut all: Vec<Request> = self
            .rows
            .iter()
            .map(|row| Request::Write {
                region: Region::Rows(row.bank as u8),
                address: row.address as u16,
                words: row.words.clone(),
            })
            .collect();
        all.extend(self.values.iter().map(|(row, words)| Request::Write {
            region: Region::Values,
            address: *row as u16,
            words: words.clone(),
        }));
        let mut table = |region: Region, base: usize, words: &[u16]| {
            for (i, words) in words.chunks(most).enumerate() {
                all.push(Request::Write { region, address: (base + i * most) as u16, words: words.to_vec() });
            }
        };
        table(Region::Kernel, 0, &self.kernel);
        let threshold: Vec<u16> = self.threshold.iter().flat_map(|&t| [t as u16, (t >> 16) as u16]).collect();
        table(Region::Threshold, 0, &threshold);
        table(Region::Page, page::HELD, &self.held.words());
        all
    }
}

/// Whether a memory that has all neurons of the board, and uses so many, fits it.
fn check(memory: &Memory, used: usize, board: &Identity) -> Result<()> {
    let (p, k) = (memory.patterns().rows(), memory.planes().len());
    let fewer = "a larger one needs a bitstream of its own: `build` it";
    if p > board.patterns {
        return Err(misfit(format!("it has {p} patterns, the board room for {}", board.patterns), fewer));
    }
    let (kind, outputs) = (memory.kind(), memory.outputs());
    // a list is one of keys, whatever the memory has beside them
    if !board.kinds.contains(kind) && board.ranks == 0 {
        let (what, of) = (format!("it is of kind {kind}"), if board.kinds.several() { "kinds" } else { "kind" });
        let hint = "what a board can answer with is built in: `build` one for it, or with `room kinds=...`";
        return Err(misfit(format!("{what}, the board of {of} {}", board.kinds), hint));
    }
    if board.lists_classes() && kind != Kind::Class {
        let what = format!("it is of kind {kind}, the board lists patterns with their classes");
        return Err(misfit(what, "a list without classes is built of a memory without them"));
    }
    if (board.valued() || board.lists_classes()) && outputs > board.outputs {
        return Err(misfit(format!("it has {outputs} outputs, the board {}", board.outputs), fewer));
    }
    let radius = memory.radius() as usize;
    if !board.radius && radius < used {
        return Err(misfit(format!("it has radius {radius}, the board takes every answer as known"), fewer));
    }
    if board.learns {
        hopgate_model::learn::check(memory)?;
    }
    if board.ranks > 0 && !board.fixed && memory.reach() as usize >= board.stride {
        let (reach, most) = (memory.reach(), board.stride - 1);
        return Err(misfit(format!("its lists reach {reach} bits, the board's at most {most}"), fewer));
    }
    if board.nearest {
        return Ok(());
    }
    if k > board.planes {
        return Err(misfit(format!("it has {k} planes, the board {}", board.planes), "quantize it with fewer `bits`"));
    }
    let (reach, most) = (memory.reach() as usize, board.stride - 1);
    if reach > most {
        return Err(misfit(
            format!("it reaches {reach} bits, the board's table {most}"),
            "a larger gamma reaches less far",
        ));
    }
    let bits = board.kernel_bits;
    if let Some(w) = memory.kernel().iter().flatten().find(|&&w| w >> bits != 0) {
        return Err(misfit(
            format!("its kernel holds {w}, the board's table numbers of {bits} bits"),
            "quantize it with fewer `kernel-bits`",
        ));
    }
    // classes that the memory does not have are there, and must not win
    let classes = kind == Kind::Class && outputs < board.outputs;
    let whole = if classes { &memory.with_outputs(board.outputs)? } else { memory };
    let needs = if board.masks { whole.masked_bound().accumulator_bits() } else { whole.accumulator_bits() };
    let has = board.accumulator_bits;
    if needs > has {
        return Err(misfit(
            format!("its fields need accumulators of {needs} bits, the board has {has}"),
            "quantize it with fewer `kernel-bits`",
        ));
    }
    if board.threshold_bits == 0 && memory.offset().iter().any(|&o| o != 0) {
        return Err(misfit("it has an offset, the board no threshold table".into(), "`scheme shared` has no offset"));
    }
    if board.shared_top && !memory.top_plane_is_pattern() {
        return Err(misfit(
            "its top plane is not the patterns, but the board stores none".into(),
            "`scheme shared` makes such a one",
        ));
    }
    Ok(())
}
