//! Charts: lines, points and bars with their spread, on linear or logarithmic axes, as SVG.
//!
//! A [`Figure`] is one or more panels. Lines are named at their right ends and not in a legend: the eye need not travel.
//!
//! ```
//! use hopgate_lab::chart::{Axis, Chart, Figure, Series, BLUE};
//! let line = Series::line("recall", BLUE, [(0.0, 1.0), (0.1, 0.93)]);
//! let chart = Chart::new("Recall", Axis::percent("bits flipped"), Axis::percent("recalled"), vec![line]);
//! let svg = Figure::of(chart).svg()?;
//! assert!(svg.contains("bits flipped"));
//! # Ok::<(), hopgate_model::Error>(())
//! ```

mod axis;
mod draw;
pub(crate) mod svg;

use crate::statistics::Spread;
pub use axis::{Axis, Format, Scale};
use hopgate_model::{Error, Result};

/// Red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

// Okabe and Ito's palette with a darker purple: colour-blind people can tell them apart.
/// Nearly black.
pub const BLACK: Colour = Colour(24, 26, 30);
/// Grey, for bounds and references.
pub const GREY: Colour = Colour(110, 116, 126);
/// Orange-red.
pub const RED: Colour = Colour(213, 94, 0);
/// Blue.
pub const BLUE: Colour = Colour(0, 114, 178);
/// Green.
pub const GREEN: Colour = Colour(0, 158, 115);
/// Purple.
pub const PURPLE: Colour = Colour(170, 68, 153);
/// Yellow-orange.
pub const YELLOW: Colour = Colour(230, 159, 0);
/// Light blue.
pub const SKY: Colour = Colour(86, 180, 233);

/// Colours for series that have no meaning of their own, in order.
pub const PALETTE: [Colour; 7] = [RED, BLUE, GREEN, PURPLE, YELLOW, SKY, BLACK];

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// A line with a dot at every mark; its spread is a band.
    Line,
    /// The same, dashed: dash and gap in pixels.
    Dashed(i32, i32),
    /// Dots; their spread is an error bar.
    Points,
    /// Bars that touch, from the axis up to each mark (a histogram); of this width on the x axis.
    Bars(f64),
    /// A thin dotted line without dots, for a reference.
    Reference,
}

/// One value and its spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where.
    pub x: f64,
    /// The value.
    pub y: f64,
    /// The lower end of its spread.
    pub low: f64,
    /// The upper end of its spread.
    pub high: f64,
}

impl Mark {
    /// A value without a spread.
    pub fn at(x: f64, y: f64) -> Self {
        Mark { x, y, low: y, high: y }
    }

    /// The mean and one standard deviation on either side.
    pub fn deviation(x: f64, s: &Spread) -> Self {
        Mark { x, y: s.mean, low: s.mean - s.deviation, high: s.mean + s.deviation }
    }

    /// The mean, from the worst to the best trial.
    pub fn range(x: f64, s: &Spread) -> Self {
        Mark { x, y: s.mean, low: s.low, high: s.high }
    }
}

/// Marks that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name, written at its right end; none if empty.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// How it is drawn.
    pub shape: Shape,
    /// The width of its line in pixels.
    pub width: u32,
    /// Its marks, ascending in x.
    pub marks: Vec<Mark>,
}

impl Series {
    /// Marks drawn as `shape`.
    pub fn new(label: impl Into<String>, colour: Colour, shape: Shape, marks: Vec<Mark>) -> Self {
        Series { label: label.into(), colour, shape, width: 2, marks }
    }

    /// A line without spread.
    pub fn line(label: impl Into<String>, colour: Colour, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self::new(label, colour, Shape::Line, points.into_iter().map(|(x, y)| Mark::at(x, y)).collect())
    }

    /// A horizontal reference from one x to another.
    pub fn level(label: impl Into<String>, y: f64, (from, to): (f64, f64)) -> Self {
        Self::new(label, GREY, Shape::Reference, vec![Mark::at(from, y), Mark::at(to, y)])
    }

    /// A vertical reference from one y to another.
    pub fn upright(label: impl Into<String>, x: f64, (from, to): (f64, f64)) -> Self {
        Self::new(label, GREY, Shape::Reference, vec![Mark::at(x, from), Mark::at(x, to)])
    }
}

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What is drawn, the first at the bottom.
    pub series: Vec<Series>,
    /// Whether a line's name is followed by its last value.
    pub values: bool,
}

impl Chart {
    /// A panel; the ranges of its axes come from the marks.
    pub fn new(title: impl Into<String>, x: Axis, y: Axis, series: Vec<Series>) -> Self {
        Chart { title: title.into(), x, y, series, values: false }
    }

    /// With its last value behind the name of every line.
    #[must_use]
    pub fn with_values(mut self) -> Self {
        self.values = true;
        self
    }
}

/// Panels in rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The panels, row by row.
    pub panels: Vec<Chart>,
    /// Panels in a row.
    pub columns: usize,
    /// Width and height of a panel, in pixels.
    pub panel: (u32, u32),
}

impl Figure {
    /// A single panel of 960 by 570.
    pub fn of(chart: Chart) -> Self {
        Figure { panels: vec![chart], columns: 1, panel: (960, 570) }
    }

    /// Panels of 860 by 460, this many in a row.
    pub fn grid(panels: Vec<Chart>, columns: usize) -> Self {
        Figure { panels, columns: columns.max(1), panel: (860, 460) }
    }

    /// Width and height in pixels.
    fn size(&self) -> (u32, u32) {
        let columns = self.columns.min(self.panels.len()).max(1);
        let rows = self.panels.len().div_ceil(columns);
        (self.panel.0 * columns as u32, self.panel.1 * rows as u32)
    }

    fn check(&self) -> Result<()> {
        let drawable = |c: &Chart| c.series.iter().any(|s| s.marks.iter().any(|m| c.x.shows(m.x) && c.y.shows(m.y)));
        if self.panels.is_empty() || !self.panels.iter().all(drawable) {
            return Err(Error::usage("there is nothing to draw in the chart"));
        }
        Ok(())
    }

    /// The picture as SVG.
    ///
    /// # Errors
    /// [`hopgate_model::ErrorKind::Usage`] when a panel has nothing to show.
    pub fn svg(&self) -> Result<String> {
        self.check()?;
        Ok(draw::figure(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure() -> Figure {
        let marks = |f: fn(f64) -> f64| (1..=5).map(|i| (f64::from(i), f(f64::from(i)))).collect::<Vec<_>>();
        let line = Series::line("squares", BLUE, marks(|x| x * x));
        let spread = Spread { mean: 3.0, deviation: 1.0, low: 1.0, high: 9.0 };
        let points =
            Series::new("points", RED, Shape::Points, vec![Mark::deviation(2.0, &spread), Mark::range(4.0, &spread)]);
        let bars = Series::new("", GREEN, Shape::Bars(1.0), vec![Mark::at(1.0, 3.0), Mark::at(2.0, 5.0)]);
        let linear = Chart::new("a title <&>", Axis::number("x"), Axis::number("y"), vec![bars, line.clone(), points]);
        let log = Chart::new("log", Axis::number("x").log(), Axis::number("y").log(), vec![line]).with_values();
        Figure::grid(vec![linear, log], 2)
    }

    #[test]
    fn everything_is_drawn_and_the_same_each_time() {
        let svg = figure().svg().unwrap();
        assert!(svg.contains("squares") && svg.contains("&lt;&amp;&gt;") && svg.contains(">25</text>"));
        assert!(svg.starts_with("<svg width=\"1720\" height=\"460\""));
        // a line in each panel; a band has none, an error bar has three strokes
        assert_eq!(svg.matches("stroke=\"#0072b2\" stroke-width=\"2\"").count(), 2);
        assert_eq!(svg.matches("stroke=\"#d55e00\" stroke-width=\"1\" stroke-opacity=\"0.6\"").count(), 6);
        assert_eq!((svg.matches("<polygon").count(), svg.matches("<circle").count()), (2, 5 + 2 + 5));
        // the squares of 1 to 5 on a logarithmic axis: equal steps for equal ratios
        let line = svg.rsplit("<polyline points=\"").find(|l| l.contains("#0072b2\" stroke-width=\"2\"")).unwrap();
        let y: Vec<f64> =
            line.split('"').next().unwrap().split(' ').map(|p| p.split_once(',').unwrap().1.parse().unwrap()).collect();
        assert!(((y[0] - y[1]) - (y[1] - y[3])).abs() < 0.21, "{y:?}");
        assert_eq!(svg, figure().svg().unwrap());
    }

    #[test]
    fn nothing_to_show_is_an_error() {
        let empty = |series| Figure::of(Chart::new("", Axis::number("x"), Axis::number("y").log(), series));
        assert!(empty(vec![]).svg().is_err());
        let below = Series::line("", BLUE, [(1.0, -1.0), (2.0, f64::NAN)]);
        assert!(empty(vec![below]).svg().is_err(), "a logarithmic axis has no place for these");
        assert!(Figure::grid(vec![], 0).svg().is_err());
    }
}
