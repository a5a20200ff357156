//! Which classes are mistaken for which, as a picture.

use crate::chart::{
    BLACK, Colour, GREY,
    svg::{Anchor, Svg},
};
use hopgate_model::{Error, Result};

/// Pixels of a cell, with few classes and with many.
const CELLS: [(usize, f64); 3] = [(12, 44.0), (40, 20.0), (usize::MAX, 3.0)];
/// Up to so many classes are named, and their cells counted.
const NAMED: usize = 40;
const COUNTED: usize = 12;
const RIGHT: Colour = Colour(0, 114, 178);
const WRONG: Colour = Colour(213, 94, 0);
const WHITE: Colour = Colour(255, 255, 255);

/// A row for each class that was expected, a column for each answer; the last column counts unknown cues, and is left out where there are none.
/// Right answers are blue, mistakes orange, darker with their share of the row.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Usage`] unless there is a row for each name, of one more column.
///
/// ```
/// let names = ["a", "b"].map(str::to_owned);
/// let svg = hopgate_lab::classes::confusion_picture(&[vec![9, 1, 0], vec![2, 7, 1]], &names, "Two classes")?;
/// assert!(svg.contains("unknown"));
/// # Ok::<(), hopgate_model::Error>(())
/// ```
pub fn confusion_picture(confusion: &[Vec<usize>], names: &[String], title: &str) -> Result<String> {
    let classes = names.len();
    if classes == 0 || confusion.len() != classes || confusion.iter().any(|row| row.len() != classes + 1) {
        return Err(Error::usage("a confusion matrix has a row for each class, and a column more than classes"));
    }
    let unknown = confusion.iter().any(|row| row[classes] > 0);
    let columns = classes + usize::from(unknown);
    let cell = CELLS.iter().find(|(most, _)| classes <= *most).map_or(3.0, |&(_, cell)| cell);
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(1).min(16) as f64;
    let named = classes <= NAMED;
    let size = if cell > 30.0 { 13 } else { 10 };
    let left = 70.0 + if named { 8.0 * longest } else { 0.0 };
    let top = 76.0;
    let right = left + cell * columns as f64 + if unknown { 24.0 } else { 0.0 };
    let width = (right + 30.0).max(60.0 + 8.0 * title.chars().count() as f64);
    let mut svg = Svg::new((width as u32, (top + cell * classes as f64 + 24.0) as u32), title);
    svg.text(title, (20.0, 26.0), 15, BLACK, Anchor::LeftBase);
    svg.text("answer", (left, 48.0), 12, GREY, Anchor::LeftBase);
    svg.text("expected", (14.0, top - 8.0), 12, GREY, Anchor::LeftBase);
    let short = |name: &str| -> String {
        if name.chars().count() > 16 { name.chars().take(15).chain(['\u{2026}']).collect() } else { name.to_owned() }
    };
    for (c, name) in names.iter().enumerate().filter(|_| named) {
        let middle = cell * (c as f64 + 0.5);
        svg.text(&short(name), (left - 8.0, top + middle), size, BLACK, Anchor::Right);
        // a column has room for as much as its cell is wide
        let fits: String = name.chars().take((cell / 7.0) as usize).collect();
        svg.text(&fits, (left + middle, top - 18.0), size, BLACK, Anchor::MiddleTop);
    }
    if unknown {
        let x = left + cell * (classes as f64 + 0.5);
        svg.text("unknown", (x, top - 18.0), 10, GREY, Anchor::MiddleTop);
    }
    for (r, row) in confusion.iter().enumerate() {
        let all = row.iter().sum::<usize>().max(1) as f64;
        for (c, &count) in row.iter().take(columns).enumerate() {
            let (x, y) = (left + cell * c as f64, top + cell * r as f64);
            let share = count as f64 / all;
            // mistakes are few: their shade grows fast
            let (colour, shade) = if r == c { (RIGHT, share) } else { (WRONG, share.powf(0.4)) };
            let colour = if c == classes { GREY } else { colour };
            let corners = [(x, y), (x + cell - 1.0, y), (x + cell - 1.0, y + cell - 1.0), (x, y + cell - 1.0)];
            svg.polygon(&corners, colour, (100.0 * shade.max(0.03)).round() / 100.0);
            if classes <= COUNTED && count > 0 {
                let ink = if shade > 0.5 { WHITE } else { BLACK };
                let middle = (x + cell / 2.0, y + cell / 2.0 - 7.0);
                svg.text(&count.to_string(), middle, 13, ink, Anchor::MiddleTop);
            }
        }
    }
    Ok(svg.finish())
}
