//! Recall against noise as an SVG picture: one line per decoder, its band from the worst to the best trial.

use crate::{
    chart::{Axis, BLACK, BLUE, Chart, Colour, Figure, GREEN, GREY, Mark, PURPLE, RED, Series, Shape, YELLOW},
    study::{Curve, Point, Role, Spread, Study},
};
use hopgate_model::Result;

/// What the vertical axis shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// The fraction of answers that are the stored pattern.
    ExactRecall,
    /// The fraction of right bits.
    BitAccuracy,
}

impl Quantity {
    fn of(self, point: &Point) -> Spread {
        match self {
            Quantity::ExactRecall => point.exact,
            Quantity::BitAccuracy => point.bits,
        }
    }

    fn axis(self) -> &'static str {
        match self {
            Quantity::ExactRecall => "cues recalled exactly",
            Quantity::BitAccuracy => "right bits in the answer",
        }
    }
}

/// Draws a study. The band around a line reaches from its worst to its best trial.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Usage`] for a study without curves.
pub fn recall_plot(study: &Study, quantity: Quantity, title: &str) -> Result<String> {
    Figure::of(recall_chart(study, quantity, title)).svg()
}

/// The panel of [`recall_plot`].
pub fn recall_chart(study: &Study, quantity: Quantity, title: &str) -> Chart {
    let series = study.curves.iter().map(|c| series(c, quantity)).collect();
    Chart::new(title, Axis::percent("bits flipped in the cue"), Axis::percent(quantity.axis()), series).with_values()
}

fn series(curve: &Curve, quantity: Quantity) -> Series {
    let (colour, width, shape) = style(curve.role);
    let marks = curve.points.iter().map(|p| Mark::range(p.noise, &quantity.of(p))).collect();
    Series { width, ..Series::new(curve.label.clone(), colour, shape, marks) }
}

/// The colour of a curve, the width of its line, and its shape.
fn style(role: Role) -> (Colour, u32, Shape) {
    match role {
        Role::Nearest => (GREY, 2, Shape::Dashed(7, 5)),
        Role::Float => (BLACK, 2, Shape::Line),
        Role::TrainingFree => (PURPLE, 2, Shape::Dashed(7, 9)),
        Role::Memory(1) => (RED, 3, Shape::Line),
        Role::Memory(2) => (BLUE, 3, Shape::Line),
        Role::Memory(3) => (GREEN, 3, Shape::Line),
        Role::Memory(_) => (YELLOW, 3, Shape::Line),
    }
}
