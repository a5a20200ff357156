//! The filter that is made for a number of banks, for rows in beats, and for a queue that is reviewed.

use super::Nearest;
use crate::{blocks::prelude::*, cycles};

impl Nearest {
    /// For `neurons` neurons, kernels that reach at most `reach`, and this many groups of rows, of this many banks (1, 2 or 4).
    /// `lean`: without the last registers, `nearest` and candidates come a cycle earlier.
    pub fn new(neurons: usize, reach: usize, groups: usize, banks: usize, lean: bool) -> Self {
        let deep = usize::from(!lean);
        let levels = cycles::filter(banks);
        let far = (neurons + 2).next_power_of_two() - 1;
        let room = (far + reach + 2).next_power_of_two();
        Nearest {
            distance: many(banks),
            found: many(banks),
            found_distance: many(banks),
            least: many(2 * banks - 1),
            whose: many(2 * banks - 1),
            lesser: many(banks - 1),
            lesser_bank: many(banks - 1),
            valid_late: many(levels),
            last_late: many(levels),
            token_late: many(levels),
            late: many(banks * (levels - 1)),
            delayed: many(banks * levels),
            spare: many(banks),
            valids: many(levels + 1),
            lasts: many(levels + 1),
            tokens: many(levels + 1),
            real: many(banks),
            better: many(deep),
            candidate: many(deep),
            push: many(deep * banks),
            push_group: many(deep),
            push_distance: many(deep * banks),
            // all ones, and above every distance: the bits above are never used
            far: constant(far),
            // the carries of sums that exceed far, and room - 1: the first bit that these do not need
            sign: constant((far + 1).trailing_zeros() as usize),
            slack_sign: constant(room.trailing_zeros() as usize),
            wide: constant(room - 1),
            bank_width: constant(banks.trailing_zeros() as usize),
            // no more bits than the number of a group needs
            group_mask: constant(groups.next_power_of_two() - 1),
            _lean: usize::from(lean),
            _deep: deep,
            _pushes: deep * banks,
            _pushed: deep,
            _spares: banks,
            _banks: banks,
            _nodes: banks - 1,
            _levels: levels,
            _last_level: levels - 1,
            _levels_end: levels + 1,
            _banks_end: banks + 1,
            _root: 2 * banks - 2,
            _root_end: 2 * banks - 1,
            bank_numbers: (0..banks).map(constant).collect(),
            bank: (0..banks).map(constant).collect(),
            ..Default::default()
        }
    }
}

impl Nearest {
    /// The same for rows that are read in this many beats. `search`: one of them is the answer.
    pub fn in_beats(self, beats: usize, groups: usize, search: bool) -> Self {
        let searches = usize::from(search);
        Nearest {
            nearest_place: many(searches),
            first: many(1),
            candidate_first: many(searches),
            best_first: many(searches),
            leap: many(1),
            stride: vec![constant(beats)],
            place_mask: vec![constant((groups * beats).next_power_of_two() - 1)],
            _wide: 1,
            _searches: searches,
            ..self
        }
    }
}

impl Nearest {
    /// The same where candidates are listed: they come as in a lean core, since nothing but a queue waits for them, and go through the
    /// filter again for each pattern of the list.
    pub fn listing(self) -> Self {
        let one = usize::from(self._banks == 1);
        let more = self._banks * (1 - one);
        Nearest {
            listing: many(1),
            room_left: many(self._banks),
            coming: many(self._banks),
            passes: many(1),
            nearer: many(1),
            spare: many(more),
            push: many(0),
            push_group: many(0),
            push_distance: many(0),
            beyond_far: (0..one).map(|_| Constant::new(self.wide.val() ^ bit_cast(self.far.val()))).collect(),
            _lists: 1,
            _pushes: 0,
            _pushed: 0,
            _spares: 0,
            _shown: one,
            _listed: 1 - one,
            _listed_banks: more,
            ..self
        }
    }
}

impl Nearest {
    /// The same where the queue begins anew with a minimum that is lower by more than the reach.
    pub fn flushing(self) -> Self {
        Nearest { flush: many(1), depth: many(1), sunk: many(1), _flushes: 1, ..self }
    }

    /// The same where a later step looks first whether the state is the row that was nearest. `queue`: and reads the queue anew.
    pub fn reviewed(self, queue: bool) -> Self {
        let (banks, levels) = (if queue { self._banks } else { 0 }, self._levels);
        Nearest {
            again: many(banks),
            none_left: many(1),
            again_late: many(banks * levels),
            _reviews: 1,
            _reviewed: banks,
            _reviewed_end: banks + 1,
            ..self
        }
    }
}
