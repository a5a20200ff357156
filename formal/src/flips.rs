//! Mutants of what a core's memories hold: a bit of a file that is flipped.

use hopgate_hdl::{Top, layout::LANE};
use hopgate_model::{bits::hamming, kernel::KernelMode};
use hopgate_sim::tried::Tried;

/// Bits that are flipped in each memory file.
const FLIPS: usize = 12;

/// A bit of a memory file that is flipped.
#[derive(Debug, Clone)]
pub struct Flip {
    /// The trial, the bit, the word and the file.
    pub key: String,
    /// The file.
    pub file: String,
    /// Its text.
    pub good: String,
    /// Its text with the bit flipped.
    pub bad: String,
}

/// Bits of every memory file, spread over words and bits. Only such as are read: not those above the last neuron of a lane, of rows that
/// a loadable core has room for, or of entries farther than the reach or the farthest two patterns: `d - d_min` is at most that, by the
/// triangle inequality.
pub fn flips(name: &str, prepared: &dyn Tried) -> Vec<Flip> {
    let design = prepared.design();
    let Some(memory) = prepared.memory().filter(|_| design.top == Top::Core) else { return Vec::new() };
    let (plan, patterns) = (&design.plan, memory.patterns());
    let apart = |m: usize| (0..m).map(move |mu| hamming(patterns.row(m), patterns.row(mu)));
    let farthest = match plan.kernel_mode {
        KernelMode::Normalised => (0..patterns.rows()).flat_map(apart).max().unwrap_or(0),
        KernelMode::Fixed => plan.reach,
    };
    let entries = plan.reach.min(farthest) as usize + 1;
    // rows of a plane that the core has room for, but the memory lacks, weigh nothing; the first block is the patterns
    let column = |plane: usize| plan.table.words.iter().skip(plane * plan.entry_room).take(plan.entry_room);
    let votes = |block: usize| block == 0 || column(block - 1).any(|&w| w > 0);
    let mut list = Vec::new();
    for image in plan.images() {
        // which row store, and which of its words is the file's first one
        let row = plan.rows.iter().enumerate().find_map(|(r, store)| {
            let parts = store.parts();
            let part = parts.iter().position(|p| p.file == image.file)?;
            Some((r, parts[..part].iter().map(|p| p.words.len()).sum::<usize>()))
        });
        let value = plan.values.iter().position(|lane| lane.file == image.file);
        let (block, read) = match (row, value) {
            (Some(_), _) => (plan.group_room * plan.beats, plan.groups() * plan.beats),
            (_, Some(_)) => (plan.value_room, plan.patterns),
            _ => (plan.entry_room, entries),
        };
        let lane = |word: usize, bits: usize| bits.saturating_sub(LANE * word).min(LANE);
        let width = |w: usize| match (row, value) {
            // a line of a row is one beat of it
            (Some((r, _)), _) => lane(plan.lanes() * (w % plan.beats) + r / plan.parallel, plan.neurons),
            // outputs that the memory does not have need more than a bit to matter
            (_, Some(l)) => lane(l, plan.outputs_used),
            _ => image.width,
        };
        // values begin with those of plane 0, rows with the patterns
        let plane = |w: usize| w / block + usize::from(value.is_some());
        let used =
            |w: usize| w % block < read && width(w) > 0 && (row.or(value.map(|l| (l, 0))).is_none() || votes(plane(w)));
        let first = row.map_or(0, |(_, first)| first);
        let used: Vec<usize> = (0..image.words.len()).filter(|w| used(first + w)).collect();
        let count = FLIPS.min(used.iter().map(|w| width(first + w)).sum());
        for f in 0..count {
            let at = used[f * used.len() / count];
            let bit = (7 * f + 3) % width(first + at);
            let mut bad = image.clone();
            bad.words[at] ^= 1 << bit;
            let key = format!("{name}: bit {bit} of word {at} of {}", image.file);
            list.push(Flip { key, file: image.file.clone(), good: image.hex(), bad: bad.hex() });
        }
    }
    list
}
