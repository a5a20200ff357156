//! Rows of bits, as whole matrices are asked about them.

use hopgate_model::bits::BitMatrix;

#[test]
fn the_first_row_that_was_there_before() {
    let rows = |rows: &[u32]| BitMatrix::from_fn(rows.len(), 70, |r, c| rows[r] >> (c % 3) & 1 == 1);
    assert_eq!(rows(&[1, 2, 3, 4]).first_repeat(), None);
    assert_eq!(rows(&[5]).first_repeat(), None);
    // of two that repeat, the one that comes first; of three that are equal, the first two
    assert_eq!(rows(&[1, 2, 3, 2, 1]).first_repeat(), Some((3, 1)));
    assert_eq!(rows(&[0, 7, 7, 7]).first_repeat(), Some((2, 1)));
}
