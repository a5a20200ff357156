//! How many of some rows have a bit, for every bit of a block at once: by full adders, on whole vectors.

/// A block of bits that is counted with others, bit by bit.
pub(super) trait Bits: Copy {
    /// Set where one or three are.
    fn odd(a: Self, b: Self, c: Self) -> Self;
    /// Set where two or three are.
    fn most(a: Self, b: Self, c: Self) -> Self;
}

/// Rows that [`count`] takes at once.
const COUNTED: usize = 16;
/// Fewer rows than this are added one by one.
const WORTH_COUNTING: usize = 7;
/// Binary digits of a [`tally`].
pub(super) const DIGITS: usize = 8;
/// The most rows of a tally.
pub(super) const TALLIED: usize = (1 << DIGITS) - 1;
/// Stands for a row that is not there.
#[cfg(target_arch = "x86_64")]
pub(super) static NO_ROW: [u8; crate::memory::MAX_NEURONS / 8] = [0; crate::memory::MAX_NEURONS / 8];

/// Cuts a list of rows into parts, and says of each whether it is worth a [`tally`]: with one, a few rows more cost next to nothing.
pub(super) fn parts(list: &[u32]) -> impl Iterator<Item = (&[u32], bool)> {
    list.chunks(TALLIED).map(|rows| (rows, rows.len() >= WORTH_COUNTING))
}

/// How many of up to 255 rows have a bit, for every bit of a block: binary digits, the ones first, and how many digits there are.
/// `load(None)` is zero.
#[inline(always)]
pub(super) fn tally<B: Bits>(list: &[u32], load: impl Fn(Option<u32>) -> B) -> ([B; DIGITS], usize) {
    let mut digits = [load(None); DIGITS];
    let (whole, rest) = list.as_chunks::<COUNTED>();
    for rows in whole {
        count(&mut digits, rows.map(|r| load(Some(r))), load(None));
    }
    if !rest.is_empty() {
        count(&mut digits, core::array::from_fn(|i| load(rest.get(i).copied())), load(None));
    }
    (digits, (usize::BITS - list.len().leading_zeros()) as usize)
}

/// Adds 16 blocks to what is counted, bit by bit: a tree of full adders, fifteen for all of them, and then the carry.
#[inline(always)]
fn count<B: Bits>(digits: &mut [B; DIGITS], r: [B; COUNTED], zero: B) {
    #[inline(always)]
    fn add<B: Bits>(a: B, b: B, c: B) -> (B, B) {
        (B::odd(a, b, c), B::most(a, b, c))
    }
    // what is counted comes in last: then a tree need not wait for the one before it
    let [ones, twos, fours, eights, ..] = *digits;
    let (s0, c0) = add(r[0], r[1], r[2]);
    let (s1, c1) = add(r[3], r[4], r[5]);
    let (s2, c2) = add(r[6], r[7], r[8]);
    let (s3, c3) = add(r[9], r[10], r[11]);
    let (s4, c4) = add(r[12], r[13], r[14]);
    let (s5, c5) = add(s0, s1, s2);
    let (s6, c6) = add(s3, s4, r[15]);
    let (ones, c7) = add(s5, s6, ones);
    // eight carries, each worth two
    let (t0, d0) = add(c0, c1, c2);
    let (t1, d1) = add(c3, c4, c5);
    let (t2, d2) = add(c6, t0, t1);
    let (twos, d3) = add(t2, c7, twos);
    let (f0, e0) = add(d0, d1, d2);
    let (fours, e1) = add(f0, d3, fours);
    let (eights, mut carry) = add(e0, e1, eights);
    digits[..4].copy_from_slice(&[ones, twos, fours, eights]);
    for digit in &mut digits[4..] {
        (*digit, carry) = (B::odd(*digit, carry, zero), B::most(*digit, carry, zero));
    }
}
