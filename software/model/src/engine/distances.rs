//! Distances without a recall.

use super::{Isa, kernels::Kernels, rows::Rows, state::State};
use crate::bits::BitMatrix;
use alloc::{vec, vec::Vec};

/// The rows of a matrix, ready to be compared with packed ones by the best vectors that there are.
pub(crate) struct Distances {
    kernels: Kernels,
    rows: Rows,
}

/// What one row is compared in.
pub(crate) struct Room {
    state: State,
    distances: Vec<u16>,
    list: Vec<u32>,
}

impl Distances {
    /// Of these rows.
    pub fn of(bits: &BitMatrix) -> Self {
        let best = Isa::available().into_iter().find_map(Kernels::of);
        Distances { kernels: best.expect("the portable loops run everywhere"), rows: Rows::of(bits) }
    }

    /// Room for [`Distances::within`].
    pub fn room(&self) -> Room {
        Room {
            state: State::room(self.rows.cols()),
            distances: vec![0; self.rows.rows()],
            list: vec![0; self.rows.rows()],
        }
    }

    /// The distances, up to a bound, of a packed row, zero beyond its last column, from every row.
    pub fn within<'a>(&self, row: &[u64], bound: u16, room: &'a mut Room) -> impl Iterator<Item = u16> + use<'a> {
        room.state.load(row, self.rows.cols());
        self.kernels.scan_from(&self.rows, 0, &room.state.0, None, &mut room.distances);
        let found = self.kernels.select(&room.distances, bound, &mut room.list);
        room.list[..found].iter().map(|&r| room.distances[r as usize])
    }
}
