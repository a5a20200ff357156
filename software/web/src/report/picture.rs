//! Bits as pictures, in SVG.

use maud::{Markup, html};
use std::fmt::Write;

/// The outline of the ones of a picture, run by run.
pub fn path(bits: impl Fn(usize) -> bool, count: usize, width: usize) -> String {
    let mut path = String::new();
    for y in 0..count.div_ceil(width) {
        let row = y * width..(y * width + width).min(count);
        let mut x = row.start;
        while x < row.end {
            if !bits(x) {
                x += 1;
                continue;
            }
            let end = (x..row.end).find(|&i| !bits(i)).unwrap_or(row.end);
            let _ = write!(path, "M{} {}h{}v1h-{}z", x - row.start, y, end - x, end - x);
            x = end;
        }
    }
    path
}

/// A picture: ones, and in another colour what is wrong in it. Its name is for who cannot see it.
pub fn picture(name: &str, ones: &str, wrong: &str, (height, width): (usize, usize)) -> Markup {
    html! {
        svg.bits role="img" aria-label=(name) viewBox={ "0 0 " (width) " " (height) } {
            path.ones d=(ones) {}
            @if !wrong.is_empty() { path.wrong d=(wrong) {} }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn runs_are_merged_and_end_with_their_row() {
        let bits = [true, true, false, true, true, true, false];
        assert_eq!(path(|i| bits[i], 7, 3), "M0 0h2v1h-2zM0 1h3v1h-3z");
        assert_eq!(path(|i| bits[i], 5, 2), "M0 0h2v1h-2zM1 1h1v1h-1zM0 2h1v1h-1z");
        assert_eq!(path(|_| false, 4, 2), "");
    }
}
