//! What else a core can hold, and in which layout.

use super::{CoreOptions, Layout, MAX_COUNTED, sprams_per_lane};
use crate::options::{Readout, Room, Tail};
use hopgate_model::{
    Error, ErrorKind, Result,
    kind::{Kind, Kinds},
    learn,
    memory::Memory,
};

/// Bits of the accumulators of a core of so many neurons and outputs that holds a memory: what the memory does not have may need
/// more than its own.
pub(super) fn accumulator_bits(memory: &Memory, neurons: usize, outputs: usize, masks: bool) -> Result<usize> {
    let filled = if neurons > memory.neurons() { &memory.filled_up(neurons)? } else { memory };
    // of a value, bits that the memory does not have are left out, whatever they are
    let classes = memory.kind() == Kind::Class && outputs > memory.outputs();
    let memory = if classes { &filled.with_outputs(outputs)? } else { filled };
    // distances over the known bits alone are less than those between patterns say
    let bits = if masks { memory.masked_bound().accumulator_bits() } else { memory.accumulator_bits() };
    Ok(bits as usize)
}

impl Layout {
    /// The options with which its memory is laid out like this.
    pub fn options(&self) -> CoreOptions {
        CoreOptions {
            parallel: self.parallel,
            fold: self.fold,
            lanes: self.wide().then(|| self.lanes()),
            readout: self.readout,
            masks: self.masks,
            learns: self.learns,
            auto_store: self.auto_store,
            later: self.later,
            cues: self.cues,
            cores: self.cores,
            room: self.room(),
            self_test: !self.loadable || self.learns || self.ranked() || self.self_test,
            sprams: self.sprams(),
            tail: match self.tail_lanes {
                0 => Tail::default(),
                lanes => Tail::of(lanes, self.tail_rows),
            },
        }
    }

    /// SPRAMs that the rows of a lane take.
    pub(super) fn sprams_per_lane(&self) -> usize {
        sprams_per_lane(self.parallel, self.row_depth())
    }

    /// SPRAMs that it uses.
    pub fn sprams(&self) -> usize {
        self.spram_lanes * self.sprams_per_lane()
    }

    /// The most patterns of a memory that is loaded, where one can be.
    pub fn capacity(&self) -> usize {
        (self.parallel * self.group_room).min(MAX_COUNTED)
    }

    /// The room that it has; none where nothing can be loaded. The memory laid out with that is laid out as it is.
    pub fn room(&self) -> Option<Room> {
        self.loadable.then_some(Room {
            neurons: self.neurons,
            patterns: self.capacity(),
            planes: self.planes,
            outputs: if self.valued() { self.outputs } else { 0 },
            accumulator_bits: self.accumulator_bits,
            kinds: if self.chooses() { self.kinds } else { Kinds::NONE },
        })
    }

    /// Lays another memory out for this loadable core: what [`writes`](crate::contents::writes) writes.
    ///
    /// # Errors
    /// [`ErrorKind::Fit`] with what does not fit.
    pub fn hold(&self, memory: &Memory) -> Result<Layout> {
        let parts = memory.parts();
        let (p, n, k) = (parts.patterns.rows(), memory.neurons(), parts.planes.len());
        let offset = memory.offset().iter().any(|&o| o != 0);
        let (vote, ranked) = (self.readout == Readout::Vote, self.ranked());
        let most = |what: &str, has: usize, room: usize| {
            (has > room).then(|| format!("the memory has {has} {what}, but the core has room for {room}"))
        };
        let (kind, m, radius) = (memory.kind(), memory.outputs(), memory.radius() as usize);
        // a list is one of keys, whatever the memory has beside them
        let trouble = (!ranked && !self.kinds.contains(kind))
            .then(|| {
                let of = if self.chooses() { "kinds" } else { "kind" };
                format!("the memory is of kind {kind}, but the core of {of} {}", self.kinds)
            })
            .or_else(|| most("neurons", n, self.neurons))
            .or_else(|| most("outputs", m, if self.valued() { self.outputs } else { m }))
            .or_else(|| {
                let what = format!("the memory has radius {radius}, and the core takes every answer as known");
                (radius < n && !self.tells_unknown).then_some(what)
            })
            .or_else(|| most("patterns", p, self.capacity()))
            .or_else(|| most("planes", k, if vote { self.planes } else { k }))
            .or_else(|| {
                let reach = if vote { memory.reach() as usize } else { 0 };
                most("bits of reach", reach, if vote { self.entry_room - 1 } else { 0 })
            })
            .or_else(|| {
                let largest = parts.kernel.iter().flatten().max().map_or(0, |w| (32 - w.leading_zeros()) as usize);
                most("bits in a kernel entry", largest, if vote { self.kernel_bits } else { largest })
            })
            .or_else(|| {
                let other = vote && self.shared_top && !memory.top_plane_is_pattern();
                other.then(|| "the memory's top plane is not its patterns, and the core does not store one".to_owned())
            })
            .or_else(|| {
                (vote && offset && !self.threshold_table)
                    .then(|| "the memory has an offset, and the core has no threshold table".to_owned())
            });
        if self.learns {
            learn::check(memory)?;
        }
        if let Some(what) = trouble {
            return Err(Error::new(ErrorKind::Fit, what).hint("build a core for it"));
        }
        if vote {
            // neurons that the memory does not have may need more than its own
            let bits = accumulator_bits(memory, self.neurons, self.outputs, self.masks)?;
            if let Some(what) = most("bits in an accumulator", bits, self.accumulator_bits) {
                return Err(Error::new(ErrorKind::Fit, what).hint("build a core with `room bits=...`"));
            }
        }
        let list = match self.readout {
            Readout::Ranked { within, .. } => Some((within.unwrap_or(memory.reach()), self.max_steps)),
            Readout::Vote | Readout::Nearest => None,
        };
        let (reach, max_steps) = list.unwrap_or((memory.reach(), parts.max_steps));
        Ok(Layout {
            kind: if ranked { self.kind } else { kind },
            used: n,
            outputs_used: if ranked { n } else { m },
            radius: memory.radius(),
            planes_used: k,
            patterns: p,
            reach,
            kernel_mode: parts.kernel_mode,
            max_steps,
            ..*self
        })
    }
}
