//! Drawing a figure on any backend, at any whole scale.

use super::{Chart, Colour, Figure, Mark, Series, Shape, axis::Fitted};
use plotters::{
    coord::Shift,
    element::DashedPathElement,
    prelude::*,
    style::{
        register_font,
        text_anchor::{HPos, Pos, VPos},
    },
};

const INK: Colour = Colour(40, 44, 52);
const GRID: Colour = Colour(226, 229, 234);
/// The space between two names at the ends of lines.
const LABEL_PITCH: f64 = 19.0;
/// The space around a panel's area: left, top and bottom. On the right there is room for names.
const MARGIN: (i32, i32, i32) = (84, 76, 66);
/// The space at the right without names, and the width of a character of a name.
const RIGHT: (i32, i32) = (40, 8);

pub(super) type Drawn = std::result::Result<(), Box<dyn std::error::Error + Send + Sync>>;
type Area<'a, B> = &'a DrawingArea<B, Shift>;

/// What is drawn with: pixels for one of the figure's, and the font size that the backend wants for one pixel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub scale: i32,
    pub font: f64,
}

impl Pen {
    fn at(self, (x, y): (i32, i32)) -> (i32, i32) {
        (x * self.scale, y * self.scale)
    }

    fn stroke(self, colour: impl Color, width: u32) -> ShapeStyle {
        colour.stroke_width(width * self.scale as u32)
    }

    fn text(self, size: u32, colour: Colour, h: HPos, v: VPos) -> TextStyle<'static> {
        let size = f64::from(size) * self.font * f64::from(self.scale);
        ("sans-serif", size).into_font().color(&colour).pos(Pos::new(h, v))
    }
}

/// Makes the font known to the bitmap backend.
pub(super) fn font() -> std::result::Result<(), &'static str> {
    register_font("sans-serif", FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT).map_err(|_| "the font is broken")
}

/// Draws every panel.
pub(super) fn figure<B>(root: Area<B>, figure: &Figure, pen: Pen) -> Drawn
where
    B: DrawingBackend,
    B::ErrorType: 'static,
{
    root.fill(&WHITE)?;
    let (width, height) = (figure.panel.0 as i32, figure.panel.1 as i32);
    for (i, chart) in figure.panels.iter().enumerate() {
        let corner = ((i % figure.columns) as i32 * width, (i / figure.columns) as i32 * height);
        Panel::new(chart, corner, (width, height), pen).draw(root)?;
    }
    root.present()?;
    Ok(())
}

/// A chart and where it goes.
struct Panel<'a> {
    chart: &'a Chart,
    corner: (i32, i32),
    size: (i32, i32),
    right: i32,
    x: Fitted,
    y: Fitted,
    pen: Pen,
}

impl<'a> Panel<'a> {
    fn new(chart: &'a Chart, corner: (i32, i32), size: (i32, i32), pen: Pen) -> Self {
        let shown = || {
            let all = chart.series.iter().flat_map(|s| s.marks.iter().map(move |m| (s, m)));
            all.filter(|(_, m)| chart.x.shows(m.x) && chart.y.shows(m.y))
        };
        let bars = |s: &Series| if let Shape::Bars(w) = s.shape { w / 2.0 } else { 0.0 };
        let x = chart.x.fitted(shown().flat_map(|(s, m)| [m.x - bars(s), m.x + bars(s)]));
        // bars stand on the axis
        let zero = chart.series.iter().any(|s| matches!(s.shape, Shape::Bars(_))).then_some(0.0);
        let y = chart
            .y
            .fitted(
                shown().flat_map(|(_, m)| [m.y, chart.y.within(m.low, m.y), chart.y.within(m.high, m.y)]).chain(zero),
            )
            .rounded(0.02);
        let longest = chart.series.iter().map(|s| name(chart, s, &y).chars().count() as i32).max().unwrap_or(0);
        let right = RIGHT.0 + if longest > 0 { RIGHT.1 * longest } else { 0 };
        Panel { chart, corner, size, right: right.min(size.0 / 2), x, y, pen }
    }

    /// The area's ends in pixels of the figure: left, right, top, bottom.
    fn area(&self) -> (i32, i32, i32, i32) {
        let ((x, y), (w, h)) = (self.corner, self.size);
        (x + MARGIN.0, x + w - self.right, y + MARGIN.1, y + h - MARGIN.2)
    }

    fn place(&self, x: f64, y: f64) -> (i32, i32) {
        let (left, right, top, bottom) = self.area();
        let across = self.x.place(x) * f64::from(right - left);
        let up = self.y.place(self.y.clamp(y)) * f64::from(bottom - top);
        (left + libm::round(across) as i32, bottom - libm::round(up) as i32)
    }

    /// The marks that the axes have a place for.
    fn marks(&self, series: &'a Series) -> impl Iterator<Item = &'a Mark> + '_ {
        let inside = |x: f64| (-1e-9..=1.0 + 1e-9).contains(&self.x.place(x));
        series.marks.iter().filter(move |m| self.chart.x.shows(m.x) && self.chart.y.shows(m.y) && inside(m.x))
    }

    fn draw<B>(&self, root: Area<B>) -> Drawn
    where
        B: DrawingBackend,
        B::ErrorType: 'static,
    {
        self.axes(root)?;
        for series in &self.chart.series {
            match series.shape {
                Shape::Bars(width) => self.bars(root, series, width)?,
                Shape::Line | Shape::Dashed(..) => self.band(root, series)?,
                Shape::Points | Shape::Reference => {}
            }
        }
        // dashed lines last, so that they show on a line that they coincide with
        let dashed = |s: &&Series| matches!(s.shape, Shape::Dashed(..));
        for series in self.chart.series.iter().filter(|s| !dashed(s)).chain(self.chart.series.iter().filter(dashed)) {
            self.series(root, series)?;
        }
        self.names(root)
    }

    fn write<B>(&self, root: Area<B>, text: String, at: (i32, i32), style: (u32, Colour, HPos, VPos)) -> Drawn
    where
        B: DrawingBackend,
        B::ErrorType: 'static,
    {
        root.draw(&Text::new(text, self.pen.at(at), self.pen.text(style.0, style.1, style.2, style.3)))?;
        Ok(())
    }

    fn path<B>(&self, root: Area<B>, points: &[(i32, i32)], style: ShapeStyle) -> Drawn
    where
        B: DrawingBackend,
        B::ErrorType: 'static,
    {
        root.draw(&PathElement::new(points.iter().map(|&p| self.pen.at(p)).collect::<Vec<_>>(), style))?;
        Ok(())
    }

    fn axes<B>(&self, root: Area<B>) -> Drawn
    where
        B: DrawingBackend,
        B::ErrorType: 'static,
    {
        let (left, right, top, bottom) = self.area();
        let height = |v: f64| bottom - libm::round(self.y.place(v) * f64::from(bottom - top)) as i32;
        for (value, text) in self.y.ticks() {
            let y = height(value);
            self.path(root, &[(left, y), (right, y)], self.pen.stroke(GRID, 1))?;
            self.write(root, text, (left - 10, y), (14, INK, HPos::Right, VPos::Center))?;
        }
        for (value, text) in self.x.ticks() {
            let x = left + libm::round(self.x.place(value) * f64::from(right - left)) as i32;
            self.path(root, &[(x, bottom), (x, bottom + 5)], self.pen.stroke(INK, 1))?;
            self.write(root, text, (x, bottom + 9), (14, INK, HPos::Center, VPos::Top))?;
        }
        self.path(root, &[(left, bottom), (right, bottom)], self.pen.stroke(INK, 1))?;
        let chart = self.chart;
        self.write(root, chart.title.clone(), (left, self.corner.1 + 20), (19, INK, HPos::Left, VPos::Top))?;
        self.write(root, chart.y.label.clone(), (left, top - 12), (14, INK, HPos::Left, VPos::Bottom))?;
        let middle = ((left + right) / 2, bottom + 38);
        self.write(root, chart.x.label.clone(), middle, (15, INK, HPos::Center, VPos::Top))
    }

    fn bars<B>(&self, root: Area<B>, series: &Series, width: f64) -> Drawn
    where
        B: DrawingBackend,
        B::ErrorType: 'static,
    {
        for m in self.marks(series) {
            let (left, top) = self.place(m.x - width / 2.0, m.y);
            let (right, bottom) = self.place(m.x + width / 2.0, self.y.floor());
            let corners = [self.pen.at((left, top)), self.pen.at((right.max(left + 1), bottom))];
            root.draw(&Rectangle::new(corners, series.colour.mix(0.75).filled()))?;
        }
        Ok(())
    }

    fn band<B>(&self, root: Area<B>, series: &Series) -> Drawn
    where
        B: DrawingBackend,
        B::ErrorType: 'static,
    {
        let marks: Vec<&Mark> = self.marks(series).collect();
        let above = marks.iter().map(|m| self.pen.at(self.place(m.x, m.high)));
        let below = marks.iter().rev().map(|m| self.pen.at(self.place(m.x, m.low)));
        let outline: Vec<(i32, i32)> = above.chain(below).collect();
        if marks.iter().any(|m| m.high > m.low) {
            root.draw(&Polygon::new(outline, series.colour.mix(0.12).filled()))?;
        }
        Ok(())
    }

    fn series<B>(&self, root: Area<B>, series: &Series) -> Drawn
    where
        B: DrawingBackend,
        B::ErrorType: 'static,
    {
        let points: Vec<(i32, i32)> = self.marks(series).map(|m| self.place(m.x, m.y)).collect();
        let stroke = self.pen.stroke(series.colour, series.width);
        let dashed = |size: i32, gap: i32, stroke: ShapeStyle| {
            let at = points.iter().map(|&p| self.pen.at(p)).collect::<Vec<_>>().into_iter();
            DashedPathElement::new(at, size * self.pen.scale, gap * self.pen.scale, stroke)
        };
        match series.shape {
            Shape::Bars(_) => return Ok(()),
            Shape::Reference => return Ok(root.draw(&dashed(2, 4, self.pen.stroke(series.colour, 1)))?),
            Shape::Dashed(size, gap) => root.draw(&dashed(size, gap, stroke))?,
            Shape::Line => self.path(root, &points, stroke)?,
            Shape::Points => self.error_bars(root, series)?,
        }
        let radius = if series.shape == Shape::Points { 4 } else { 3 };
        for p in points {
            root.draw(&Circle::new(self.pen.at(p), radius * self.pen.scale, series.colour.filled()))?;
        }
        Ok(())
    }

    fn error_bars<B>(&self, root: Area<B>, series: &Series) -> Drawn
    where
        B: DrawingBackend,
        B::ErrorType: 'static,
    {
        let stroke = self.pen.stroke(series.colour.mix(0.6), 1);
        for m in self.marks(series).filter(|m| m.high > m.low) {
            // on a logarithmic axis a spread that reaches below zero ends at the axis
            let low = if self.chart.y.shows(m.low) { m.low } else { self.y.floor() };
            let ((x, from), (_, to)) = (self.place(m.x, low), self.place(m.x, m.high));
            self.path(root, &[(x, from), (x, to)], stroke)?;
            self.path(root, &[(x - 4, to), (x + 4, to)], stroke)?;
            self.path(root, &[(x - 4, from), (x + 4, from)], stroke)?;
        }
        Ok(())
    }

    /// Names the lines at their right ends, pushed apart where they crowd, each tied to its end by a thin line.
    fn names<B>(&self, root: Area<B>) -> Drawn
    where
        B: DrawingBackend,
        B::ErrorType: 'static,
    {
        let (_, right, top, bottom) = self.area();
        let mut ends: Vec<(&Series, (i32, i32))> = Vec::new();
        for series in self.chart.series.iter().filter(|s| !s.label.is_empty()) {
            ends.extend(self.marks(series).last().map(|m| (series, self.place(m.x, m.y))));
        }
        ends.sort_by_key(|e| e.1.1);
        let wanted: Vec<f64> = ends.iter().map(|e| f64::from(e.1.1)).collect();
        for ((series, end), y) in ends.iter().zip(spread_out(&wanted, f64::from(top), f64::from(bottom))) {
            let to = (right + 24, libm::round(y) as i32);
            let tie = self.pen.stroke(series.colour.mix(0.5), 1);
            self.path(root, &[(end.0 + 5, end.1), (right + 5, end.1), to], tie)?;
            let text = name(self.chart, series, &self.y);
            self.write(root, text, (to.0 + 4, to.1), (14, series.colour, HPos::Left, VPos::Center))?;
        }
        Ok(())
    }
}

/// A line's name, with its last value where the chart wants that.
fn name(chart: &Chart, series: &Series, y: &Fitted) -> String {
    match series.marks.last() {
        Some(last) if chart.values && !series.label.is_empty() => {
            let value = libm::round(last.y * 1000.0) / 1000.0;
            format!("{}\u{2002}{}", series.label, y.written(value))
        }
        _ => series.label.clone(),
    }
}

/// Ascending places at least a pitch apart, within the bounds where they fit, near where they were wanted.
fn spread_out(wanted: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut places = wanted.to_vec();
    let mut free = top;
    for place in &mut places {
        *place = place.max(free);
        free = *place + LABEL_PITCH;
    }
    let mut free = bottom;
    for place in places.iter_mut().rev() {
        *place = place.min(free);
        free = *place - LABEL_PITCH;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_distance_and_stay_inside() {
        let places = spread_out(&[100.0, 100.0, 101.0, 490.0, 494.0], 64.0, 494.0);
        assert!(places.windows(2).all(|w| w[1] - w[0] >= LABEL_PITCH - 1e-9), "{places:?}");
        assert!(places.iter().all(|p| (64.0..=494.0).contains(p)));
    }
}
