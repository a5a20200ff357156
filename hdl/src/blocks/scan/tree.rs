//! The sum of all lanes' counts: a binary tree of adders with a register at every node, one tree per bank.
//!
//! As in the popcount, a sum's highest bit is the AND of the highest bits of what is added: see [`super::popcount`].

use crate::{blocks::prelude::*, cycles};

/// Adds one count per lane, for each bank; the sums appear [`cycles::tree`] cycles later.
///
/// With `S` the lanes rounded up to a power of two, and everything once for each of `n` banks: values `0..S` are the
/// leaves (the missing ones are zero, and vanish in synthesis) and value `S + p` is the register of node `p`, which adds
/// values `2p` and `2p + 1`; the last one is the root. Value `v` of bank `b` is at `n*v + b`, and so is the rest.
#[derive(Clone, Debug, Default, LogicBlock)]
pub struct AdderTree {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// One count per lane and bank.
    pub leaf: Vec<Signal<In, Distance>>,
    /// Their sums, one per bank.
    pub sum: Vec<Signal<Out, Distance>>,
    value: Vec<Signal<Local, Distance>>,
    node: Vec<Register<Distance>>,
    /// Of every node: the highest bit of what it adds, and the bits of its sum below its own highest one.
    highest: Vec<Constant<Distance>>,
    below: Vec<Constant<Distance>>,
    one: Literal<DISTANCE_BITS, 1>,
    _leaves: usize,
    _padded: usize,
    _padded_end: usize,
    _nodes: usize,
    _banks: usize,
    _banks_end: usize,
    _root: usize,
    _root_end: usize,
}

impl AdderTree {
    /// A tree for this many lanes, for each of so many banks.
    pub fn new(lanes: usize, banks: usize) -> Self {
        let size = lanes.next_power_of_two();
        // nodes come level by level, the leaves' first: half as many in each
        let levels: Vec<usize> =
            (0..cycles::tree(lanes)).flat_map(|l| std::iter::repeat_n(l, size >> (l + 1))).collect();
        AdderTree {
            leaf: many(banks * lanes),
            sum: many(banks),
            value: many(banks * (2 * size - 1)),
            node: many(banks * (size - 1)),
            highest: levels.iter().map(|l| constant(16 << l)).collect(),
            below: levels.iter().map(|l| constant((32 << l) - 1)).collect(),
            _leaves: banks * lanes,
            _padded: banks * size,
            _padded_end: banks * size + 1,
            _nodes: size - 1,
            _banks: banks,
            _banks_end: banks + 1,
            _root: banks * (2 * size - 2),
            _root_end: banks * (2 * size - 2) + 1,
            ..Default::default()
        }
    }
}

impl Logic for AdderTree {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: adder_tree");
        for v in 0..self._leaves {
            self.value[v].next = self.leaf[v].val();
        }
        for v in self._leaves..self._padded {
            self.value[v].next = 0.into();
        }
        // loops of one turn: the way to index with a run-time value
        for n in self._banks..self._banks_end {
            for p in 0..self._nodes {
                for b in 0..self._banks {
                    for s in self._padded..self._padded_end {
                        self.value[n * p + b + s].next = self.node[n * p + b].q.val();
                    }
                }
            }
            comment!("every node adds two values, a level a cycle");
            for p in 0..self._nodes {
                for b in 0..self._banks {
                    self.node[n * p + b].d.next =
                        ((self.value[2 * n * p + b].val() + self.value[2 * n * p + n + b].val()) & self.below[p].val())
                            | (((self.value[2 * n * p + b].val() & self.value[2 * n * p + n + b].val())
                                & self.highest[p].val())
                                << self.one.val());
                }
            }
            for r in self._root..self._root_end {
                for b in 0..self._banks {
                    self.sum[b].next = self.value[r + b].val();
                }
            }
        }
    }
}
