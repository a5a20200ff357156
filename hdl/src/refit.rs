//! A memory in the shape that was built for another: what may be smaller is filled up, so that the Verilog is the same.
//!
//! Only contents of memories may then differ, and those can be exchanged in a finished bitstream.

use crate::{
    contents::Plan,
    options::{Later, Readout},
};
use hopgate_model::{
    Error, ErrorKind, Result,
    kernel::KernelMode,
    kind::{Kind, Kinds},
    memory::Memory,
};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// All of a plan but the contents of its memories: two memories of equal shape have the same Verilog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Geometry {
    /// Neurons.
    pub neurons: usize,
    /// Patterns.
    pub patterns: usize,
    /// Patterns that there is room for, of a core that learns; else 0.
    #[serde(default)]
    pub capacity: usize,
    /// Planes.
    pub planes: usize,
    /// Whether the top plane is the pattern matrix, stored once.
    pub top_plane_is_pattern: bool,
    /// Rows scanned in a cycle.
    pub parallel: usize,
    /// Slots of neurons that share the accumulators.
    pub fold: usize,
    /// Beats in which a row is read.
    #[serde(default = "one")]
    pub beats: usize,
    /// Where the answer comes from.
    pub readout: String,
    /// What the kernel table is indexed by.
    pub kernel_mode: KernelMode,
    /// The most steps of a recall.
    pub max_steps: u32,
    /// The largest `e` that votes.
    pub reach: u32,
    /// Width of a kernel entry in bits.
    pub kernel_bits: usize,
    /// Width of an accumulator in bits.
    pub accumulator_bits: usize,
    /// Whether there is a threshold table: for memories with an offset.
    pub threshold_table: bool,
    /// Whether another memory can be loaded at run time: then the sizes are registers, which begin with those of the memory.
    #[serde(default)]
    pub loadable: bool,
    /// What the core answers with.
    #[serde(default)]
    pub kind: Kind,
    /// Where it can answer with several kinds: which.
    #[serde(default, skip_serializing_if = "Kinds::is_empty")]
    pub kinds: Kinds,
    /// Outputs that are apart from the keys.
    #[serde(default)]
    pub outputs: usize,
    /// How far the nearest pattern of a known answer may be; none where all answers are known.
    #[serde(default)]
    pub radius: Option<u32>,
    /// Whether bits of a cue can be unknown.
    #[serde(default)]
    pub masks: bool,
    /// Whether it stores and forgets patterns by itself.
    #[serde(default)]
    pub learns: bool,
    /// Whether it stores cues that it does not know, where a request asks for that.
    #[serde(default)]
    pub auto_store: bool,
    /// Where a recall's later steps take their distances from.
    #[serde(default)]
    pub later: Later,
    /// Cues that share a scan.
    #[serde(default = "one")]
    pub cues: usize,
    /// Cores with the same memory.
    #[serde(default = "one")]
    pub cores: usize,
}

/// What a design of an earlier release has.
fn one() -> usize {
    1
}

impl Geometry {
    /// The shape of a plan.
    pub fn of(plan: &Plan) -> Geometry {
        Geometry {
            neurons: plan.neurons,
            patterns: plan.patterns,
            capacity: if plan.learns { plan.capacity() } else { 0 },
            planes: plan.planes,
            top_plane_is_pattern: plan.shared_top,
            parallel: plan.parallel,
            fold: plan.fold,
            beats: plan.beats,
            readout: plan.readout.to_string(),
            kernel_mode: plan.kernel_mode,
            max_steps: plan.max_steps,
            reach: plan.reach,
            kernel_bits: plan.kernel_bits,
            accumulator_bits: plan.accumulator_bits,
            threshold_table: plan.threshold_table,
            loadable: plan.loadable,
            kind: plan.kind,
            kinds: if plan.chooses() { plan.kinds } else { Kinds::NONE },
            outputs: if plan.valued() { plan.outputs } else { plan.listed_classes },
            radius: plan.tells_unknown.then_some(plan.radius),
            masks: plan.masks,
            learns: plan.learns,
            auto_store: plan.auto_store,
            later: plan.later,
            cues: plan.cues,
            cores: plan.cores,
        }
    }

    /// Why a memory of the shape `other` cannot take the place of one of this shape; empty if it can.
    pub fn refusals(&self, other: &Geometry) -> Vec<String> {
        fn equal<T: PartialEq + Display>(what: &str, built: T, new: T) -> Option<String> {
            (built != new).then(|| format!("{what}: {built} in the build, {new} in the memory"))
        }
        fn within<T: PartialOrd + Display>(what: &str, built: T, new: T) -> Option<String> {
            (new > built).then(|| format!("{what}: at most {built} in the build, {new} in the memory"))
        }
        let mut all = vec![
            equal("neurons", self.neurons, other.neurons),
            // a core that learns counts them
            match self.learns {
                true => within("patterns", self.capacity, other.patterns),
                false => equal("patterns", self.patterns, other.patterns),
            },
            equal("rows per cycle", self.parallel, other.parallel),
            equal("fold", self.fold, other.fold),
            equal("beats a row", self.beats, other.beats),
            equal("readout", &self.readout, &other.readout),
            equal("kind", self.kind, other.kind),
            equal("kinds", self.kinds, other.kinds),
            equal("outputs", self.outputs, other.outputs),
            equal("masks", self.masks, other.masks),
            equal("learning", self.learns, other.learns),
            equal("storing of unknown cues", self.auto_store, other.auto_store),
            equal("later steps", self.later, other.later),
            equal("cues of a scan", self.cues, other.cues),
            equal("cores", self.cores, other.cores),
            // where every answer is known, the radius is that of all distances; a core that learns has it from the page
            match self.learns {
                true => None,
                false => equal(
                    "radius",
                    self.radius.unwrap_or(self.neurons as u32),
                    other.radius.unwrap_or(other.neurons as u32),
                ),
            },
        ];
        if self.readout == (Readout::Ranked { most: 1, within: None }).to_string() {
            all.extend([
                equal("kernel", self.kernel_mode, other.kernel_mode),
                equal("patterns of a list", self.max_steps, other.max_steps),
                equal("reach of a list", self.reach, other.reach),
            ]);
        }
        // a nearest-pattern search has neither planes nor kernel
        if self.readout == Readout::Vote.to_string() {
            all.extend([
                equal("planes", self.planes, other.planes),
                equal("top plane is the patterns", self.top_plane_is_pattern, other.top_plane_is_pattern),
                equal("kernel", self.kernel_mode, other.kernel_mode),
                equal("most steps", self.max_steps, other.max_steps),
                match self.loadable {
                    // a register that begins with it, and says so on the page
                    true => equal("reach", self.reach, other.reach),
                    false => within("reach", self.reach, other.reach),
                },
                within("bits of a kernel entry", self.kernel_bits, other.kernel_bits),
                within("bits of an accumulator", self.accumulator_bits, other.accumulator_bits),
            ]);
            if other.threshold_table && !self.threshold_table {
                all.push(Some("the memory has an offset, and the build has no table for one".into()));
            }
        }
        all.into_iter().flatten().collect()
    }
}

/// Lays a memory out as `plan` does, but in the shape of another: a reach, kernel entries and accumulators as large as there.
///
/// Entries beyond the memory's own reach are zero: such a pattern is queued, takes its cycles, and adds nothing. A loadable core has
/// room for every reach, but the register that says how far to look begins with the one that was built in.
///
/// # Errors
/// [`ErrorKind::Fit`] with every reason, if the memory does not fit the shape.
pub fn refit(memory: &Memory, plan: Plan, shape: &Geometry) -> Result<Plan> {
    let refusals = shape.refusals(&Geometry::of(&plan));
    if !refusals.is_empty() {
        return Err(Error::new(ErrorKind::Fit, format!("the shapes differ: {}", refusals.join("; "))));
    }
    let mut layout = plan.layout;
    // what a nearest-pattern search does not have is not in its hardware
    layout.planes = shape.planes;
    layout.shared_top = shape.top_plane_is_pattern;
    layout.kernel_bits = shape.kernel_bits;
    if plan.readout == Readout::Nearest {
        layout.kernel_mode = shape.kernel_mode;
        layout.max_steps = shape.max_steps;
    } else {
        layout.accumulator_bits = shape.accumulator_bits;
        layout.threshold_table = shape.threshold_table;
    }
    if plan.loadable && plan.readout == Readout::Vote {
        return Ok(Plan::holding(memory, layout.hold(memory)?));
    }
    layout.reach = shape.reach;
    if !plan.loadable {
        layout.entry_room = shape.reach as usize + 1;
    }
    for (j, base) in layout.entry_bases.iter_mut().enumerate().take(layout.planes) {
        *base = j * layout.entry_room;
    }
    Ok(Plan::holding(memory, layout))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CoreOptions, Top, emit};
    use hopgate_model::{memory::Parts, noise};

    fn memory(seed: u64, kernel: &[u32], kernel_bits: u32, offset: i32) -> Memory {
        let patterns = noise::random(12, 20, seed);
        let mut column = vec![0; 21];
        column[..kernel.len()].copy_from_slice(kernel);
        let mut offsets = vec![0; 21];
        offsets[0] = offset;
        let planes = vec![patterns.clone()];
        Memory::new(Parts { planes, kernel: vec![column], kernel_bits, offset: offsets, ..Parts::of(patterns) })
            .unwrap()
    }

    fn code(memory: &Memory, plan: &Plan) -> String {
        let text = emit(plan, Top::Core, &hopgate_files::folder::hash(memory)).unwrap().verilog;
        text.lines().filter(|line| !line.trim().starts_with("//")).collect::<Vec<_>>().join("\n")
    }

    /// The code of a framed board, and its page.
    fn board(plan: &Plan, memory: &Memory) -> (String, Vec<u64>) {
        let link = crate::Link::Framed { baud: 1_000_000 };
        let (clock, pins) = (16_000_000, crate::pins::Pins::default());
        let top = Top::Board { clock, uart_divider: 16, pll: None, pins, link };
        let design = emit(plan, top, &hopgate_files::folder::hash(memory)).unwrap();
        let code = design.verilog.lines().filter(|line| !line.trim().starts_with("//")).collect::<Vec<_>>();
        (code.join("\n"), design.page.unwrap().words)
    }

    #[test]
    fn a_smaller_memory_has_the_same_verilog() {
        let large = memory(1, &[200, 90, 30, 7], 8, 5);
        let small = memory(2, &[50, 20], 6, 0);
        let options = CoreOptions { parallel: 2, ..CoreOptions::default() };
        let plan = |memory: &Memory| Plan::with(memory, options).unwrap();
        let shape = Geometry::of(&plan(&large));
        assert_ne!(code(&large, &plan(&large)), code(&small, &plan(&small)));
        let fitted = refit(&small, plan(&small), &shape).unwrap();
        assert_eq!(code(&large, &plan(&large)), code(&small, &fitted));
        assert_eq!(fitted.table.words, [50, 20, 0, 0]);
        assert_eq!(fitted.threshold.unwrap().words, [50, 20, 0, 0]);
        // an offset comes off the share of plane 0, as in the plan itself
        let again = refit(&large, plan(&large), &shape).unwrap();
        assert_eq!(again, plan(&large));
        let error = refit(&large, plan(&large), &Geometry::of(&plan(&small))).unwrap_err().to_string();
        for word in ["reach: at most 1", "bits of a kernel entry: at most 6", "no table for one"] {
            assert!(error.contains(word), "no {word} in {error}");
        }
    }

    /// Values and classes are contents too; how many there are is logic, and so is what is made of them.
    #[test]
    fn other_values_have_the_same_verilog() {
        let memory = |kind: Kind, seed: u64, outputs: usize| {
            let patterns = noise::random(12, 20, seed);
            let kernel = vec![(0..=20).map(|e| 50 / (1 + e * e)).collect()];
            let planes = vec![noise::random(12, outputs, seed + 9)];
            Memory::new(Parts { kind, planes, kernel, ..Parts::of(patterns) }).unwrap()
        };
        let plan = |memory: &Memory| Plan::with(memory, CoreOptions::default()).unwrap();
        for kind in [Kind::Map, Kind::Class] {
            let (one, two) = (memory(kind, 2, 18), memory(kind, 1, 18));
            let fitted = refit(&two, plan(&two), &Geometry::of(&plan(&one))).unwrap();
            assert_eq!(code(&one, &plan(&one)), code(&two, &fitted));
            assert_ne!(plan(&one).values, fitted.values);
            let more = memory(kind, 1, 19);
            let error = refit(&more, plan(&more), &Geometry::of(&plan(&one))).unwrap_err().to_string();
            assert!(error.contains("outputs: 18 in the build, 19 in the memory"), "{error}");
        }
        let (map, class) = (memory(Kind::Map, 1, 18), memory(Kind::Class, 1, 18));
        let error = refit(&map, plan(&map), &Geometry::of(&plan(&class))).unwrap_err().to_string();
        assert!(error.contains("kind: class in the build, map in the memory"), "{error}");
    }

    /// A core that learns: how many patterns there are, and the radius, are contents of the page.
    #[test]
    fn a_core_that_learns_begins_with_as_many_patterns_as_the_memory_has() {
        let memory = |seed: u64, rows: usize, radius: u32| {
            let patterns = noise::random(rows, 20, seed);
            let planes = vec![patterns.clone()];
            let kernel = vec![(0..=20).map(|e| 8u32.saturating_sub(2 * e)).collect()];
            Memory::new(Parts { planes, kernel, kernel_bits: 4, radius, ..Parts::of(patterns) }).unwrap()
        };
        let one = memory(1, 5, 4);
        let room = crate::Room { patterns: 9, ..crate::Room::NONE };
        let options = CoreOptions { room: Some(room), learns: true, ..CoreOptions::default() };
        let plan = Plan::with(&one, options).unwrap();
        let (shape, options) = (Geometry::of(&plan), CoreOptions { room: plan.room(), ..options });
        let before = board(&plan, &one);
        for (rows, radius) in [(1, 4), (4, 4), (9, 4), (5, 2), (7, 19)] {
            let other = memory(2, rows, radius);
            let fitted = refit(&other, Plan::with(&other, options).unwrap(), &shape).unwrap();
            let after = board(&fitted, &other);
            let differs = before.0.lines().zip(after.0.lines()).find(|(before, after)| before != after);
            assert_eq!(differs, None, "{rows} patterns, radius {radius}");
            assert_eq!(before.0, after.0);
            let last = hopgate_wire::page::held::LAST_GROUP;
            assert_eq!((after.1[last], after.1[last + 8]), (rows as u64 - 1, radius.into()));
        }
        let more = memory(2, shape.capacity + 1, 4);
        let error = Plan::with(&more, options).and_then(|plan| refit(&more, plan, &shape)).unwrap_err().to_string();
        assert!(error.contains(&format!("patterns: at most {} in the build", shape.capacity)), "{error}");
    }

    /// A loadable core: the sizes are registers, the tables are filled up.
    #[test]
    fn a_loadable_core_begins_with_the_sizes_that_were_built_in() {
        let large = memory(1, &[200, 90, 30], 8, 5);
        let room = crate::Room { neurons: 24, planes: 2, patterns: 20, accumulator_bits: 13, ..crate::Room::NONE };
        let plan = Plan::with(&large, CoreOptions { room: Some(room), ..CoreOptions::default() }).unwrap();
        let (shape, options) = (Geometry::of(&plan), CoreOptions { room: plan.room(), ..CoreOptions::default() });
        assert_eq!(
            Plan::with(&large, options).unwrap(),
            plan,
            "the room that a plan has is the room that it was given"
        );
        let small = memory(2, &[50, 20, 1], 6, 0);
        let fitted = refit(&small, Plan::with(&small, options).unwrap(), &shape).unwrap();
        let (before, after) = (board(&plan, &large), board(&fitted, &small));
        assert_eq!(before.0, after.0);
        assert_ne!(before.1, after.1, "the page names the memory");
        assert_eq!(fitted.table.words[25..28], [50, 20, 1], "the one plane is the upper one");
        assert_eq!(fitted.threshold.unwrap().words.len(), 50);
        // a shorter reach would be another first value
        let short = memory(2, &[50, 20], 6, 0);
        let error = refit(&short, Plan::with(&short, options).unwrap(), &shape).unwrap_err().to_string();
        assert!(error.contains("reach: 2 in the build, 1 in the memory"), "{error}");
    }
}
