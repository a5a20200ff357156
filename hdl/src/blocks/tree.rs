//! The sum of all lanes' counts: a binary tree of adders with a register at every node.

use super::{many, Distance};
use rust_hdl::prelude::*;

/// Adds one count per lane; the sum appears [`AdderTree::latency`] cycles later.
///
/// With `S` the lanes rounded up to a power of two, `value[0..S]` are the leaves (the missing ones are
/// zero, and vanish in synthesis) and `value[S + p]` is the register of node `p`, which adds `value[2p]` and
/// `value[2p + 1]`; the last one is the root.
#[derive(Clone, Debug, LogicBlock)]
pub struct AdderTree {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// One count per lane.
    pub leaf: Vec<Signal<In, Distance>>,
    /// Their sum.
    pub sum: Signal<Out, Distance>,
    value: Vec<Signal<Local, Distance>>,
    node: Vec<DFF<Distance>>,
    _lanes: usize,
    _size: usize,
    _after_size: usize,
    _nodes: usize,
    _root: usize,
    _end: usize,
}

impl AdderTree {
    /// A tree for this many lanes.
    pub fn new(lanes: usize) -> Self {
        let size = lanes.next_power_of_two();
        AdderTree {
            clock: Signal::default(),
            leaf: many(lanes),
            sum: Signal::default(),
            value: many(2 * size - 1),
            node: many(size - 1),
            _lanes: lanes,
            _size: size,
            _after_size: size + 1,
            _nodes: size - 1,
            _root: 2 * size - 2,
            _end: 2 * size - 1,
        }
    }

    /// Registers between the leaves and the sum.
    pub fn latency(lanes: usize) -> usize {
        lanes.next_power_of_two().trailing_zeros() as usize
    }
}

impl Logic for AdderTree {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: adder_tree");
        for l in 0..self._lanes {
            self.value[l].next = self.leaf[l].val();
        }
        for l in self._lanes..self._size {
            self.value[l].next = 0.into();
        }
        for p in 0..self._nodes {
            self.node[p].clock.next = self.clock.val();
            // a loop of one turn: the way to index with a run-time value
            for s in self._size..self._after_size {
                self.value[p + s].next = self.node[p].q.val();
            }
        }
        comment!("every node adds two values, a level a cycle");
        for p in 0..self._nodes {
            self.node[p].d.next = self.value[2 * p].val() + self.value[2 * p + 1].val();
        }
        for r in self._root..self._end {
            self.sum.next = self.value[r].val();
        }
    }
}
