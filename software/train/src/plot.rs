//! Recall against noise as an SVG picture: one line per decoder, labelled at its end.

use crate::study::{Curve, Point, Role, Spread, Study};
use hopgate_model::{Error, ErrorKind, Result};
use plotters::{
    coord::Shift,
    element::DashedPathElement,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

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

const SIZE: (u32, u32) = (960, 570);
const INK: RGBColor = RGBColor(40, 44, 52);
const GRID: RGBColor = RGBColor(226, 229, 234);
/// plotters writes 1/1.24 of the size that it is asked for into the SVG.
const FONT_SCALE: f64 = 1.24;
/// The space between two labels at the ends of the lines.
const LABEL_PITCH: f64 = 19.0;
/// The plot's area, in pixels from the left, right, top and bottom.
const MARGIN: (u32, u32, u32, u32) = (84, 226, 76, 66);

/// Draws a study. The band around a line reaches from its worst to its best trial.
///
/// # Errors
/// [`ErrorKind::Usage`] for a study without curves; [`ErrorKind::Failed`] when drawing fails.
pub fn recall_plot(study: &Study, quantity: Quantity, title: &str) -> Result<String> {
    if study.curves.is_empty() || study.options.noise.is_empty() {
        return Err(Error::usage("there is no curve to draw"));
    }
    let mut svg = String::new();
    draw(&mut svg, study, quantity, title)
        .map_err(|e| Error::new(ErrorKind::Failed, format!("cannot draw the picture: {e}")))?;
    Ok(svg)
}

type Drawn = std::result::Result<(), Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The map from noise and recall to pixels, and the ticks of both axes.
struct Frame {
    x: (f64, f64),
    y: (f64, f64),
}

impl Frame {
    fn of(study: &Study, quantity: Quantity) -> Self {
        let all = || study.curves.iter().flat_map(|c| &c.points);
        let low = all().map(|p| quantity.of(p).low).fold(1.0, f64::min);
        let right = all().map(|p| p.noise).fold(0.01, f64::max);
        let left = all().map(|p| p.noise).fold(right, f64::min);
        // down to the next whole step below the lowest value, with at least one step to see
        let step = tick_step(1.0 - low.min(0.999));
        let floor = (libm::floor((low - 1e-9) / step) * step).max(0.0);
        Frame { x: (if left < right { left } else { 0.0 }, right), y: (floor, 1.0) }
    }

    fn at(&self, noise: f64, value: f64) -> (i32, i32) {
        let (left, right, top, bottom) = MARGIN;
        let (width, height) = (f64::from(SIZE.0 - left - right), f64::from(SIZE.1 - top - bottom));
        let x = (noise - self.x.0) / (self.x.1 - self.x.0) * width;
        let y = (self.y.1 - value) / (self.y.1 - self.y.0) * height;
        (left as i32 + libm::round(x) as i32, top as i32 + libm::round(y) as i32)
    }
}

/// A round step that cuts a range into four to ten.
fn tick_step(range: f64) -> f64 {
    let decade = libm::pow(10.0, libm::floor(libm::log10(range)));
    let steps = [0.1, 0.2, 0.5, 1.0].map(|m| m * decade);
    steps.into_iter().find(|s| range / s <= 8.0).unwrap_or(decade)
}

fn ticks((low, high): (f64, f64)) -> Vec<f64> {
    let step = tick_step(high - low);
    let first = libm::ceil(low / step - 1e-9) as i64;
    (first..).map(|i| i as f64 * step).take_while(|t| *t <= high + step * 1e-6).collect()
}

/// `12.5 %`, without needless digits.
fn percent(value: f64) -> String {
    let text = format!("{:.2}", value * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

fn text(size: u32, colour: &RGBColor, h: HPos, v: VPos) -> TextStyle<'static> {
    ("sans-serif", f64::from(size) * FONT_SCALE).into_font().color(colour).pos(Pos::new(h, v))
}

fn draw(svg: &mut String, study: &Study, quantity: Quantity, title: &str) -> Drawn {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let frame = Frame::of(study, quantity);
    axes(&root, &frame, quantity)?;
    let middle = (MARGIN.0 + (SIZE.0 - MARGIN.0 - MARGIN.1) / 2) as i32;
    root.draw(&Text::new(title.to_owned(), (MARGIN.0 as i32, 20), text(19, &INK, HPos::Left, VPos::Top)))?;
    let noise = "bits flipped in the cue".to_owned();
    root.draw(&Text::new(noise, (middle, SIZE.1 as i32 - 28), text(15, &INK, HPos::Center, VPos::Top)))?;
    for curve in &study.curves {
        band(&root, &frame, curve, quantity)?;
    }
    // dashed lines last, so that they show on a line that they coincide with
    let (dashed, solid): (Vec<&Curve>, Vec<&Curve>) = study.curves.iter().partition(|c| style(c.role).2.is_some());
    for curve in solid.into_iter().chain(dashed) {
        line(&root, &frame, curve, quantity)?;
    }
    labels(&root, &frame, &study.curves, quantity)?;
    root.present()?;
    Ok(())
}

fn axes(root: &Area, frame: &Frame, quantity: Quantity) -> Drawn {
    for value in ticks(frame.y) {
        let (from, to) = (frame.at(frame.x.0, value), frame.at(frame.x.1, value));
        root.draw(&PathElement::new(vec![from, to], GRID.stroke_width(1)))?;
        root.draw(&Text::new(percent(value), (from.0 - 10, from.1), text(14, &INK, HPos::Right, VPos::Center)))?;
    }
    for noise in ticks(frame.x) {
        let foot = frame.at(noise, frame.y.0);
        root.draw(&PathElement::new(vec![foot, (foot.0, foot.1 + 5)], INK.stroke_width(1)))?;
        root.draw(&Text::new(percent(noise), (foot.0, foot.1 + 9), text(14, &INK, HPos::Center, VPos::Top)))?;
    }
    let (from, to) = (frame.at(frame.x.0, frame.y.0), frame.at(frame.x.1, frame.y.0));
    root.draw(&PathElement::new(vec![from, to], INK.stroke_width(1)))?;
    let above = (MARGIN.0 as i32, MARGIN.2 as i32 - 12);
    root.draw(&Text::new(quantity.axis(), above, text(14, &INK, HPos::Left, VPos::Bottom)))?;
    Ok(())
}

/// The colour of a curve (Okabe and Ito's palette with a darker purple: colour-blind people can tell them apart), the width of its line,
/// and its dashes.
fn style(role: Role) -> (RGBColor, u32, Option<(i32, i32)>) {
    match role {
        Role::Nearest => (RGBColor(110, 116, 126), 2, Some((7, 5))),
        Role::Float => (RGBColor(24, 26, 30), 2, None),
        Role::TrainingFree => (RGBColor(170, 68, 153), 2, Some((7, 9))),
        Role::Memory(1) => (RGBColor(213, 94, 0), 3, None),
        Role::Memory(2) => (RGBColor(0, 114, 178), 3, None),
        Role::Memory(3) => (RGBColor(0, 158, 115), 3, None),
        Role::Memory(_) => (RGBColor(230, 159, 0), 3, None),
    }
}

fn band(root: &Area, frame: &Frame, curve: &Curve, quantity: Quantity) -> Drawn {
    let edge = |p: &Point, f: fn(Spread) -> f64| frame.at(p.noise, f(quantity.of(p)));
    let above = curve.points.iter().map(|p| edge(p, |s| s.high));
    let below = curve.points.iter().rev().map(|p| edge(p, |s| s.low));
    let outline: Vec<(i32, i32)> = above.chain(below).collect();
    root.draw(&Polygon::new(outline, style(curve.role).0.mix(0.08).filled()))?;
    Ok(())
}

fn line(root: &Area, frame: &Frame, curve: &Curve, quantity: Quantity) -> Drawn {
    let (colour, width, dashes) = style(curve.role);
    let points: Vec<(i32, i32)> = curve.points.iter().map(|p| frame.at(p.noise, quantity.of(p).mean)).collect();
    match dashes {
        Some((size, space)) => {
            let dashed = DashedPathElement::new(points.iter().copied(), size, space, colour.stroke_width(width));
            root.draw(&dashed)?;
        }
        None => root.draw(&PathElement::new(points.clone(), colour.stroke_width(width)))?,
    }
    for point in points {
        root.draw(&Circle::new(point, 3, colour.filled()))?;
    }
    Ok(())
}

/// Names the lines at their right ends, pushed apart where they crowd, each tied to its end by a thin line.
fn labels(root: &Area, frame: &Frame, curves: &[Curve], quantity: Quantity) -> Drawn {
    let mut ends: Vec<(&Curve, (i32, i32), f64)> = Vec::new();
    for curve in curves {
        if let Some(last) = curve.points.last() {
            ends.push((curve, frame.at(last.noise, quantity.of(last).mean), quantity.of(last).mean));
        }
    }
    ends.sort_by_key(|e| e.1 .1);
    let (top, bottom) = (f64::from(MARGIN.2), f64::from(SIZE.1 - MARGIN.3));
    let wanted: Vec<f64> = ends.iter().map(|e| f64::from(e.1 .1)).collect();
    for ((curve, end, value), y) in ends.iter().zip(spread_out(&wanted, top, bottom)) {
        let (colour, ..) = style(curve.role);
        let to = (end.0 + 24, libm::round(y) as i32);
        root.draw(&PathElement::new(vec![(end.0 + 5, end.1), to], colour.mix(0.5).stroke_width(1)))?;
        let label = format!("{}\u{2002}{}", curve.label, percent(libm::round(value * 1000.0) / 1000.0));
        root.draw(&Text::new(label, (to.0 + 4, to.1), text(14, &colour, HPos::Left, VPos::Center)))?;
    }
    Ok(())
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
    fn ticks_are_round_and_few() {
        assert_eq!(ticks((0.0, 0.2)).len(), 5);
        for range in [(0.0, 1.0), (0.6, 1.0), (0.0, 0.15), (0.98, 1.0), (0.0, 0.3)] {
            let n = ticks(range).len();
            assert!((3..=9).contains(&n), "{range:?}: {n}");
        }
        assert_eq!(percent(0.125), "12.5 %");
        assert_eq!(percent(1.0), "100 %");
    }

    #[test]
    fn labels_keep_their_distance_and_stay_inside() {
        let places = spread_out(&[100.0, 100.0, 101.0, 490.0, 494.0], 64.0, 494.0);
        assert!(places.windows(2).all(|w| w[1] - w[0] >= LABEL_PITCH - 1e-9), "{places:?}");
        assert!(places.iter().all(|p| (64.0..=494.0).contains(p)));
    }
}
