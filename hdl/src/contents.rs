//! What the memories of a core hold: rows, kernel and threshold tables, sizes; and the words that load them.

use crate::{
    layout::{LANE, Layout, address_bits, threshold_bits},
    options::{CoreOptions, Readout},
};
use hopgate_model::{Result, bits::BitMatrix, classes, kernel::KernelMode, memory::Memory};
use hopgate_wire::page::mode_word;

/// What a ROM holds, and the file that carries it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    /// The `.hex` file's name.
    pub file: String,
    /// Bits per word.
    pub width: usize,
    /// The words, from address 0.
    pub words: Vec<u64>,
    /// How many of them, at the end, are in logic cells, and in a file of their own.
    pub tail: usize,
}

impl Image {
    /// Words before the tail.
    pub(crate) fn body(&self) -> usize {
        self.words.len() - self.tail
    }

    /// The name of the tail's file.
    pub(crate) fn tail_file(&self) -> String {
        format!("{}_tail.hex", self.file.trim_end_matches(".hex"))
    }

    /// What comes before the tail, and the tail: each is a file.
    pub fn parts(&self) -> Vec<Image> {
        let (body, tail) = self.words.split_at(self.body());
        let part = |file, words: &[u64]| Image { file, width: self.width, words: words.to_vec(), tail: 0 };
        let all = [part(self.file.clone(), body), part(self.tail_file(), tail)];
        all.into_iter().filter(|part| !part.words.is_empty()).collect()
    }

    /// The file's text: one hexadecimal word a line.
    pub fn hex(&self) -> String {
        let digits = self.width.div_ceil(4);
        self.words.iter().map(|w| format!("{w:0digits$x}\n")).collect()
    }
}

/// A memory laid out: where everything is, and what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where everything is.
    pub layout: Layout,
    /// The row store: bank `b` of lane `l` at `parallel * l + b`.
    pub rows: Vec<Image>,
    /// The store of values, where they are apart from the keys: a lane of 16 outputs each.
    pub values: Vec<Image>,
    /// Where patterns are listed with their classes: the class of each.
    pub classes: Option<Image>,
    /// The kernel table.
    pub table: Image,
    /// What each slot adds to the threshold, where that is not the weight itself.
    pub threshold: Option<Image>,
}

impl std::ops::Deref for Plan {
    type Target = Layout;

    fn deref(&self) -> &Layout {
        &self.layout
    }
}

impl Plan {
    /// Lays a memory out as it is without options.
    ///
    /// # Errors
    /// As [`Layout::with`].
    pub fn of(memory: &Memory) -> Result<Plan> {
        Plan::with(memory, CoreOptions::default())
    }

    /// Lays a memory out, or says why the hardware cannot hold it.
    ///
    /// # Errors
    /// As [`Layout::with`].
    pub fn with(memory: &Memory, options: CoreOptions) -> Result<Plan> {
        Ok(Plan::holding(memory, Layout::with(memory, options)?))
    }

    /// Lays another memory out for this loadable core: what [`writes`] writes.
    ///
    /// # Errors
    /// As [`Layout::hold`].
    pub fn hold(&self, memory: &Memory) -> Result<Plan> {
        Ok(Plan::holding(memory, self.layout.hold(memory)?))
    }

    /// A memory in a layout that was made for it.
    pub(crate) fn holding(memory: &Memory, layout: Layout) -> Plan {
        let parts = memory.parts();
        let (p, k) = (parts.patterns.rows(), parts.planes.len());
        // where the top plane is stored, missing planes are the last ones, and else the first
        let first = if layout.shared_top { layout.planes.saturating_sub(k) } else { 0 };
        let blocks = layout.blocks();
        let (parallel, room) = (layout.parallel, layout.group_room);
        let (lanes, beats) = (layout.lanes(), layout.beats);
        let bank = |l: usize, b: usize| {
            let word = move |m: &BitMatrix, group: usize, beat: usize| {
                // the last group may lack patterns: the last one fills it, and is not queued twice
                let row = m.row((parallel * group + b).min(p - 1));
                let w = lanes * beat + l;
                row.get(w / 4).map_or(0, |packed| packed >> (16 * (w % 4)) & 0xffff) | u64::from(layout.unused(w))
            };
            let block = |block: usize| {
                let matrix = match block {
                    0 => Some(&parts.patterns),
                    j => (j - 1).checked_sub(first).and_then(|j| parts.planes.get(j)),
                };
                let groups = p.div_ceil(parallel);
                (0..room)
                    .flat_map(move |g| (0..beats).map(move |beat| (g, beat)))
                    .map(move |(g, beat)| matrix.filter(|_| g < groups).map_or(0, |m| word(m, g, beat)))
            };
            Image {
                file: if parallel == 1 { format!("row_{l}.hex") } else { format!("row_{l}_{b}.hex") },
                width: LANE,
                tail: if l < layout.tail_lanes { layout.tail_rows } else { 0 },
                words: (0..blocks).flat_map(block).collect(),
            }
        };
        let rows =
            (0..layout.lanes()).flat_map(|l| (0..parallel).map(move |b| (l, b))).map(|(l, b)| bank(l, b)).collect();
        let value_lane = |l: usize| {
            let width = layout.value_lane_outputs(l);
            let word = |plane: Option<&BitMatrix>, mu: usize| {
                let row = plane.filter(|_| mu < p).map(|plane| plane.row(mu));
                let bits = row.and_then(|row| row.get(l / 4)).map_or(0, |w| w >> (16 * (l % 4)));
                // a state is held still where the memory has no neurons
                let unused = if layout.kind.answers_keys() && mu < p { u64::from(layout.unused(l)) } else { 0 };
                (bits | unused) & ((1 << width) - 1)
            };
            let plane = |j: usize| (0..layout.value_room).map(move |mu| word(parts.planes.get(j), mu));
            Image {
                file: format!("value_{l}.hex"),
                width,
                words: (0..layout.planes).flat_map(plane).collect(),
                tail: 0,
            }
        };
        let values = (0..layout.value_lanes()).map(value_lane).collect();
        let entries = memory.reach() as usize + 1;
        // of plane `j` of the core, which may have more planes than the memory
        let weight = |j: usize, e: usize| if (first..first + k).contains(&j) { parts.kernel[j - first][e] } else { 0 };
        let column = |of: &dyn Fn(usize, usize) -> u64| -> Vec<u64> {
            (0..layout.planes)
                .flat_map(|j| (0..layout.entry_room).map(move |e| (j, e)))
                .map(|(j, e)| if e < entries { of(j, e) } else { 0 })
                .collect()
        };
        let words = column(&|j, e| u64::from(weight(j, e)));
        let table = Image { file: "kernel.hex".into(), width: layout.kernel_bits, words, tail: 0 };
        // T is the sum of sum_j W_j[e] - O[e] over the patterns. Each slot of plane j adds W_j[e], and that of plane 0 also
        // -O[e]; without offsets that is the kernel table itself, and no second table is built. T enters the accumulators
        // as ceil(T/2), so one bit more than theirs is enough.
        let width = threshold_bits(layout.accumulator_bits);
        let share = |j: usize, e: usize| {
            let offset = if j == 0 { i64::from(memory.offset()[e]) } else { 0 };
            (i64::from(weight(j, e)) - offset) as u64 & ((1u64 << width) - 1)
        };
        let words = layout.threshold_table.then(|| column(&share));
        let threshold = words.map(|words| Image { file: "threshold.hex".into(), width, words, tail: 0 });
        let classes = (layout.listed_classes > 0).then(|| {
            let mut words: Vec<u64> =
                classes::of_patterns(memory).unwrap_or_default().into_iter().map(u64::from).collect();
            words.resize(layout.value_room, 0);
            Image { file: "class.hex".into(), width: address_bits(layout.listed_classes), words, tail: 0 }
        });
        Plan { layout, rows, values, classes, table, threshold }
    }

    /// Every `.hex` file: SPRAMs have none, and a row store with a tail has two.
    pub fn images(&self) -> Vec<Image> {
        let rows = self.rows.iter().skip(self.parallel * self.spram_lanes).flat_map(Image::parts);
        match self.readout {
            Readout::Vote => {
                let tables = std::iter::once(self.table.clone()).chain(self.threshold.clone());
                rows.chain(self.values.iter().cloned()).chain(tables).collect()
            }
            Readout::Nearest | Readout::Ranked { .. } => rows.chain(self.classes.clone()).collect(),
        }
    }
}

impl Layout {
    /// The bits of a key's word that the memory does not have, and the core has.
    pub fn unused(&self, word: usize) -> u16 {
        let unused = |i: &usize| (self.used..self.neurons).contains(&(LANE * word + i));
        (0..LANE).filter(unused).fold(0, |word, i| word | 1 << i)
    }
}

/// The sizes of a plan, in the order of their words: what is written there for it.
pub fn sizes(plan: &Layout) -> [u16; 5] {
    [
        (plan.groups() - 1) as u16,
        (plan.last_group() - 1) as u16,
        if plan.readout == Readout::Nearest { 1 } else { plan.reach as u16 + 1 },
        plan.max_steps as u16,
        mode_word(plan.kernel_mode == KernelMode::Fixed, plan.chooses().then_some(plan.kind)),
    ]
}

/// The most that each of them may be in a core, in the same order.
pub fn largest_sizes(layout: &Layout) -> [usize; 5] {
    [layout.group_room - 1, layout.parallel - 1, layout.entry_room, 255, 1]
}

/// What a word is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A row of this bank, all lanes, the first one first; where a row is read in beats, those of one beat.
    Row(usize),
    /// Entries of the kernel table.
    Kernel,
    /// Half entries of the threshold table, the low ones at even addresses.
    Threshold,
    /// The sizes.
    Size,
    /// A row of values, all lanes, the first one first.
    Value,
    /// The radius.
    Radius,
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
    let used = (0..plan.blocks())
        .flat_map(|b| (0..plan.groups() * plan.beats).map(move |line| b * plan.group_room * plan.beats + line));
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
    let value = |address: usize| Write {
        target: Target::Value,
        address,
        words: plan.values.iter().map(|lane| lane.words[address] as u16).collect(),
    };
    if plan.valued() {
        // those of planes that the memory does not have are never looked at: their kernel columns are zero
        let rows = (0..plan.planes_used).flat_map(|j| (0..plan.patterns).map(move |mu| j * plan.value_room + mu));
        writes.extend(rows.map(value));
    }
    if plan.tells_unknown {
        writes.push(Write { target: Target::Radius, address: 0, words: vec![plan.radius as u16] });
    }
    writes.push(Write { target: Target::Size, address: 0, words: sizes(plan).to_vec() });
    writes
}
