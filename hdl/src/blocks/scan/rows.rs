//! The rows: which one is read, how they are written, and whose accumulators they enable.

use super::Scan;
use crate::blocks::{part::Part, prelude::*};

/// What is read.
pub(super) struct Rows;

impl Part<Rows> for Scan {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("block: scan");
        comment!("the row to read: counted while scanning, looked up while voting");
        self.row_address.d.next = (self.row_address.q.val() + self.one.val()) & self.row_mask.val();
        if self.voting.val() {
            self.row_address.d.next = self.row.val();
        }
        if self.start.val() {
            self.row_address.d.next = 0.into();
        }
        self.address.next = self.row_address.q.val();
        for _l in 0..self._loads {
            comment!("loadable: a row's words come into the state, and all lanes take theirs at once");
        }
        for b in 0..self._banks {
            self.stores_bank[b].next = self.stored_bank.val() == self.bank[b].val();
        }
        comment!("the row store: every bank of every lane reads the same address");
        for n in self._banks..self._banks_end {
            for l in 0..self._lanes {
                for b in 0..self._banks {
                    self.row_store[n * l + b].address.next = self.row_address.q.val();
                    self.row_store[n * l + b].write.next = false;
                    self.row_store[n * l + b].write_address.next = self.stored_address.val();
                    self.row_store[n * l + b].write_data.next = 0.into();
                    for _p in 0..self._picks {
                        self.pick[n * l + b].row.next = self.row_store[n * l + b].data.val();
                    }
                    for m in self._stride..self._stride_end {
                        for c in 0..self._more {
                            self.more_compare[m * c + n * l + b].row.next = self.row_store[n * l + b].data.val();
                            for r in 0..self._more_ranks {
                                self.more_compare[m * c + n * l + b].row.next = self.rank[n * l + b + r].q.val();
                            }
                        }
                    }
                    for _m in 0..self._masks {
                        self.masked[n * l + b].row.next = self.row_store[n * l + b].data.val();
                    }
                    for _c in 0..self._compares {
                        self.compare_only[n * l + b].row.next = self.row_store[n * l + b].data.val();
                    }
                    for r in 0..self._compare_ranks {
                        comment!("of several ranks: one more register");
                        self.rank[n * l + b + r].d.next = self.row_store[n * l + b].data.val();
                        self.compare_only[n * l + b + r].row.next = self.rank[n * l + b + r].q.val();
                    }
                    for r in 0..self._masked_ranks {
                        comment!("of several ranks: one more register");
                        self.rank[n * l + b + r].d.next = self.row_store[n * l + b].data.val();
                        self.masked[n * l + b + r].row.next = self.rank[n * l + b + r].q.val();
                    }
                    for r in 0..self._ranks {
                        comment!("of several ranks: one more register");
                        self.rank[n * l + b + r].d.next = self.row_store[n * l + b].data.val();
                        self.pick[n * l + b + r].row.next = self.rank[n * l + b + r].q.val();
                    }
                }
            }
        }
        for n in self._banks..self._banks_end {
            for l in 0..self._loaded_lanes {
                for b in 0..self._banks {
                    self.row_store[n * l + b].write.next = self.stored.val() & self.stores_bank[b].val();
                    self.row_store[n * l + b].write_data.next = self.word[l].val();
                }
            }
        }
        comment!("what the rows say: lane n*c + f votes in slot f, with the accumulators of column c");
        for m in self._banks..self._banks_end {
            for f in 0..self._fold {
                for b in 0..self._banks {
                    self.opened[m * f + b].next = self.open.val()
                        | ((self.turn.val() == self.slot[f].val())
                            & (self.everyone.val() | (self.bank_read.val() == self.bank[b].val())));
                }
            }
        }
        for n in self._fold..self._fold_end {
            for m in self._banks..self._banks_end {
                for c in 0..self._joins_full {
                    self.joined[c].next = 0.into();
                    for f in 0..self._fold {
                        for b in 0..self._banks {
                            self.joined[c].next = self.joined[c].val() | self.pick[m * n * c + m * f + b].picked.val();
                            self.pick[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                    }
                }
                for c in self._joins_full..self._joins {
                    self.joined[c].next = 0.into();
                    for f in 0..self._rest {
                        for b in 0..self._banks {
                            self.joined[c].next = self.joined[c].val() | self.pick[m * n * c + m * f + b].picked.val();
                            self.pick[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                    }
                }
                for c in 0..self._masked_full {
                    self.joined[c].next = 0.into();
                    for f in 0..self._fold {
                        for b in 0..self._banks {
                            self.joined[c].next =
                                self.joined[c].val() | self.masked[m * n * c + m * f + b].picked.val();
                            self.masked[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                    }
                }
                for c in self._masked_full..self._masked_columns {
                    self.joined[c].next = 0.into();
                    for f in 0..self._rest {
                        for b in 0..self._banks {
                            self.joined[c].next =
                                self.joined[c].val() | self.masked[m * n * c + m * f + b].picked.val();
                            self.masked[m * n * c + m * f + b].open.next = self.opened[m * f + b].val();
                        }
                    }
                }
            }
        }
        for c in 0..self._columns {
            self.voters[c].next = self.joined[c].val();
        }
    }
}
