//! Values and classes, from the sums of their outputs.

use super::Device;

impl Device {
    /// Adds a weight where the row of pattern `mu` in plane `j` has ones.
    pub(super) fn add_value(&self, sums: &mut [u64], weight: u64, j: usize, mu: usize) {
        let lanes = self.identity.value_lanes();
        let row = &self.values[lanes * (self.identity.value_rows * j + mu)..][..lanes];
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += weight * u64::from(row[i / 16] >> (i % 16) & 1);
        }
    }

    /// The words of a value: ones where a sum is not negative.
    pub(super) fn bits(&self, sums: &[i64]) -> Vec<u16> {
        let mut words = vec![0; self.identity.value_lanes()];
        for (i, &sum) in sums.iter().enumerate() {
            words[i / 16] |= u16::from(sum >= 0) << (i % 16);
        }
        words
    }
}

/// What is said of the classes with these sums: the best, the second, its score, its margin. `odd`: whether `T` is.
pub(super) fn most(sums: &[i64], odd: bool) -> Vec<u16> {
    let better = |best: Option<usize>, c: usize| match best {
        Some(b) if sums[b] >= sums[c] => Some(b),
        _ => Some(c),
    };
    let class = (0..sums.len()).fold(None, better).unwrap_or(0);
    let second = (0..sums.len()).filter(|&c| c != class).fold(None, better).unwrap_or(0);
    let (score, margin) = (2 * sums[class] + i64::from(odd), 2 * (sums[class] - sums[second]));
    let halves = |n: i64| [n as u16, (n >> 16) as u16];
    [[class as u16, second as u16], halves(score), halves(margin)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equals_the_first() {
        assert_eq!(most(&[-3, 5, 5, 5], true), [1, 2, 11, 0, 0, 0]);
        assert_eq!(most(&[-3, -70_000], false), [0, 1, -6i16 as u16, 0xffff, (139_994 & 0xffff) as u16, 2]);
    }
}
