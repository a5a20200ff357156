//! Drawing the panels of a figure.

use super::{
    Chart, Colour, Figure, Mark, Series, Shape,
    axis::Fitted,
    svg::{Anchor, Stroke, Svg},
};

const INK: Colour = Colour(40, 44, 52);
const GRID: Colour = Colour(226, 229, 234);
/// The space between two names at the ends of lines.
const LABEL_PITCH: f64 = 19.0;
/// The space around a panel's area: left, top and bottom. On the right there is room for names.
const MARGIN: (f64, f64, f64) = (84.0, 76.0, 66.0);
/// The space at the right without names, and the width of a character of a name.
const RIGHT: (f64, f64) = (40.0, 8.0);

/// Draws every panel.
pub(super) fn figure(figure: &Figure) -> String {
    let titles: Vec<&str> = figure.panels.iter().map(|c| c.title.as_str()).filter(|t| !t.is_empty()).collect();
    let mut svg = Svg::new(figure.size(), &titles.join("; "));
    let (width, height) = (f64::from(figure.panel.0), f64::from(figure.panel.1));
    for (i, chart) in figure.panels.iter().enumerate() {
        let corner = ((i % figure.columns) as f64 * width, (i / figure.columns) as f64 * height);
        Panel::new(chart, corner, (width, height)).draw(&mut svg);
    }
    svg.finish()
}

/// A chart and where it goes, in pixels.
struct Panel<'a> {
    chart: &'a Chart,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    x: Fitted,
    y: Fitted,
}

impl<'a> Panel<'a> {
    fn new(chart: &'a Chart, corner: (f64, f64), size: (f64, f64)) -> Self {
        let shown = || {
            let all = chart.series.iter().flat_map(|s| s.marks.iter().map(move |m| (s, m)));
            all.filter(|(_, m)| chart.x.shows(m.x) && chart.y.shows(m.y))
        };
        let bars = |s: &Series| if let Shape::Bars(w) = s.shape { w / 2.0 } else { 0.0 };
        let x = chart.x.fitted(shown().flat_map(|(s, m)| [m.x - bars(s), m.x + bars(s)]));
        // bars stand on the axis
        let zero = chart.series.iter().any(|s| matches!(s.shape, Shape::Bars(_))).then_some(0.0);
        let ends = |m: &Mark| [m.y, chart.y.within(m.low, m.y), chart.y.within(m.high, m.y)];
        let y = chart.y.fitted(shown().flat_map(|(_, m)| ends(m)).chain(zero)).rounded(0.02);
        let longest = chart.series.iter().map(|s| name(chart, s, &y).chars().count()).max().unwrap_or(0);
        let names = (RIGHT.0 + RIGHT.1 * longest as f64).min(size.0 / 2.0);
        Panel {
            chart,
            left: corner.0 + MARGIN.0,
            right: corner.0 + size.0 - names,
            top: corner.1 + MARGIN.1,
            bottom: corner.1 + size.1 - MARGIN.2,
            x,
            y,
        }
    }

    fn across(&self, x: f64) -> f64 {
        self.left + self.x.place(x) * (self.right - self.left)
    }

    fn up(&self, y: f64) -> f64 {
        self.bottom - self.y.place(y) * (self.bottom - self.top)
    }

    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        (self.across(x), self.up(self.y.clamp(y)))
    }

    /// The marks that the axes have a place for.
    fn marks(&self, series: &'a Series) -> impl Iterator<Item = &'a Mark> + '_ {
        let inside = |x: f64| (-1e-9..=1.0 + 1e-9).contains(&self.x.place(x));
        series.marks.iter().filter(move |m| self.chart.x.shows(m.x) && self.chart.y.shows(m.y) && inside(m.x))
    }

    fn draw(&self, svg: &mut Svg) {
        self.axes(svg);
        for series in &self.chart.series {
            match series.shape {
                Shape::Bars(width) => self.bars(svg, series, width),
                Shape::Line | Shape::Dashed(..) => self.band(svg, series),
                Shape::Points | Shape::Reference => {}
            }
        }
        // dashed lines last, so that they show on a line that they coincide with
        let dashed = |s: &&Series| matches!(s.shape, Shape::Dashed(..));
        for series in self.chart.series.iter().filter(|s| !dashed(s)).chain(self.chart.series.iter().filter(dashed)) {
            self.series(svg, series);
        }
        self.names(svg);
    }

    fn axes(&self, svg: &mut Svg) {
        let &Panel { chart, left, right, top, bottom, .. } = self;
        // on whole pixels, where a thin line is sharp
        let sharp = |x: f64| libm::floor(x) + 0.5;
        for (value, text) in self.y.ticks() {
            let y = sharp(self.up(value));
            svg.line(&[(left, y), (right, y)], Stroke::of(GRID, 1));
            svg.text(&text, (left - 10.0, y), 14, INK, Anchor::Right);
        }
        for (value, text) in self.x.ticks() {
            let x = sharp(self.across(value));
            svg.line(&[(x, bottom), (x, bottom + 5.0)], Stroke::of(INK, 1));
            svg.text(&text, (x, bottom + 9.0), 14, INK, Anchor::MiddleTop);
        }
        svg.line(&[(left, sharp(bottom)), (right, sharp(bottom))], Stroke::of(INK, 1));
        svg.text(&chart.title, (left, top - MARGIN.1 + 20.0), 19, INK, Anchor::LeftTop);
        svg.text(&chart.y.label, (left, top - 15.0), 14, INK, Anchor::LeftBase);
        svg.text(&chart.x.label, ((left + right) / 2.0, bottom + 38.0), 15, INK, Anchor::MiddleTop);
    }

    fn bars(&self, svg: &mut Svg, series: &Series, width: f64) {
        for m in self.marks(series) {
            let (left, top) = self.place(m.x - width / 2.0, m.y);
            let (right, bottom) = self.place(m.x + width / 2.0, self.y.floor());
            // whole pixels: bars that touch show no seam
            let (left, right) = (libm::round(left), libm::round(right).max(libm::round(left) + 1.0));
            svg.polygon(&[(left, top), (right, top), (right, bottom), (left, bottom)], series.colour, 0.75);
        }
    }

    fn band(&self, svg: &mut Svg, series: &Series) {
        let marks: Vec<&Mark> = self.marks(series).collect();
        if marks.iter().any(|m| m.high > m.low) {
            let above = marks.iter().map(|m| self.place(m.x, m.high));
            let below = marks.iter().rev().map(|m| self.place(m.x, m.low));
            svg.polygon(&above.chain(below).collect::<Vec<_>>(), series.colour, 0.12);
        }
    }

    fn series(&self, svg: &mut Svg, series: &Series) {
        let points: Vec<(f64, f64)> = self.marks(series).map(|m| self.place(m.x, m.y)).collect();
        let whole = Stroke::of(series.colour, series.width);
        match series.shape {
            Shape::Bars(_) => return,
            Shape::Reference => {
                return svg.line(&points, Stroke { dash: Some((2, 4)), ..Stroke::of(series.colour, 1) });
            }
            Shape::Dashed(dash, gap) => svg.line(&points, Stroke { dash: Some((dash, gap)), ..whole }),
            Shape::Line => svg.line(&points, whole),
            Shape::Points => self.error_bars(svg, series),
        }
        let radius = if series.shape == Shape::Points { 4 } else { 3 };
        points.into_iter().for_each(|p| svg.circle(p, radius, series.colour));
    }

    fn error_bars(&self, svg: &mut Svg, series: &Series) {
        let stroke = Stroke::faint(series.colour, 0.6);
        for m in self.marks(series).filter(|m| m.high > m.low) {
            // on a logarithmic axis a spread that reaches below zero ends at the axis
            let low = if self.chart.y.shows(m.low) { m.low } else { self.y.floor() };
            let ((x, from), (_, to)) = (self.place(m.x, low), self.place(m.x, m.high));
            svg.line(&[(x, from), (x, to)], stroke);
            svg.line(&[(x - 4.0, to), (x + 4.0, to)], stroke);
            svg.line(&[(x - 4.0, from), (x + 4.0, from)], stroke);
        }
    }

    /// Names the lines at their right ends, pushed apart where they crowd, each tied to its end by a thin line.
    fn names(&self, svg: &mut Svg) {
        let mut ends: Vec<(&Series, (f64, f64))> = Vec::new();
        for series in self.chart.series.iter().filter(|s| !s.label.is_empty()) {
            ends.extend(self.marks(series).last().map(|m| (series, self.place(m.x, m.y))));
        }
        ends.sort_by(|a, b| a.1.1.total_cmp(&b.1.1));
        let wanted: Vec<f64> = ends.iter().map(|e| e.1.1).collect();
        for ((series, end), y) in ends.iter().zip(spread_out(&wanted, self.top, self.bottom)) {
            let tie = [(end.0 + 5.0, end.1), (self.right + 5.0, end.1), (self.right + 24.0, y)];
            svg.line(&tie, Stroke::faint(series.colour, 0.5));
            let text = name(self.chart, series, &self.y);
            svg.text(&text, (self.right + 28.0, y), 14, series.colour, Anchor::Left);
        }
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
