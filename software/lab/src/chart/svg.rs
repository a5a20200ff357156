//! SVG, written directly: the few elements that charts are made of.

use super::Colour;
use std::fmt::Write;

/// Which point of a text its place is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Anchor {
    /// The left end, at half the height.
    Left,
    /// The right end, at half the height.
    Right,
    /// The left end of the line that it stands on.
    LeftBase,
    /// The left end of its top.
    LeftTop,
    /// The middle of its top.
    MiddleTop,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stroke {
    pub colour: Colour,
    pub width: u32,
    /// 1 hides what is below.
    pub opacity: f64,
    /// Dash and gap; none for a whole line.
    pub dash: Option<(i32, i32)>,
}

impl Stroke {
    pub fn of(colour: Colour, width: u32) -> Self {
        Stroke { colour, width, opacity: 1.0, dash: None }
    }

    /// Thin and faint.
    pub fn faint(colour: Colour, opacity: f64) -> Self {
        Stroke { opacity, ..Self::of(colour, 1) }
    }
}

/// A picture in the making.
pub(crate) struct Svg(String);

type Point = (f64, f64);

impl Svg {
    /// White, of this size in pixels.
    pub fn new((width, height): (u32, u32), title: &str) -> Self {
        Svg(format!(
            "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
             role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>{}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
            escaped(title)
        ))
    }

    pub fn line(&mut self, points: &[Point], stroke: Stroke) {
        self.open("polyline", points);
        let _ = write!(self.0, " fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", hex(stroke.colour), stroke.width);
        if stroke.opacity < 1.0 {
            let _ = write!(self.0, " stroke-opacity=\"{}\"", stroke.opacity);
        }
        match stroke.dash {
            Some((dash, gap)) => drop(write!(self.0, " stroke-dasharray=\"{dash} {gap}\"")),
            None => self.0.push_str(" stroke-linejoin=\"round\""),
        }
        self.0.push_str("/>\n");
    }

    pub fn polygon(&mut self, points: &[Point], colour: Colour, opacity: f64) {
        self.open("polygon", points);
        let _ = writeln!(self.0, " fill=\"{}\" fill-opacity=\"{opacity}\"/>", hex(colour));
    }

    pub fn circle(&mut self, (x, y): Point, radius: u32, colour: Colour) {
        let (x, y) = (short(x), short(y));
        let _ = writeln!(self.0, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{}\"/>", hex(colour));
    }

    pub fn text(&mut self, text: &str, (x, y): Point, size: u32, colour: Colour, anchor: Anchor) {
        let (end, down) = match anchor {
            Anchor::Left => ("start", 0.35),
            Anchor::Right => ("end", 0.35),
            Anchor::LeftBase => ("start", 0.0),
            Anchor::LeftTop => ("start", 0.76),
            Anchor::MiddleTop => ("middle", 0.76),
        };
        // a shift of the place and not an attribute, which not every viewer knows
        let (x, y) = (short(x), short(y + down * f64::from(size)));
        let _ = writeln!(
            self.0,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{end}\" font-size=\"{size}\" fill=\"{}\">{}</text>",
            hex(colour),
            escaped(text)
        );
    }

    pub fn finish(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }

    fn open(&mut self, element: &str, points: &[Point]) {
        let _ = write!(self.0, "<{element} points=\"");
        for (i, &(x, y)) in points.iter().enumerate() {
            let _ = write!(self.0, "{}{},{}", if i > 0 { " " } else { "" }, short(x), short(y));
        }
        self.0.push('"');
    }
}

/// A tenth of a pixel is near enough.
fn short(x: f64) -> f64 {
    // adding zero makes a negative zero positive
    libm::round(x * 10.0) / 10.0 + 0.0
}

fn hex(Colour(r, g, b): Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_written_as_they_are_known() {
        let mut svg = Svg::new((40, 30), "a < b & c");
        svg.line(
            &[(1.0, 2.04), (-0.01, 3.0)],
            Stroke { dash: Some((2, 4)), ..Stroke::faint(Colour(1, 171, 255), 0.5) },
        );
        svg.polygon(&[(0.0, 0.0), (1.5, 0.0)], Colour(0, 0, 0), 0.12);
        svg.circle((5.0, 6.0), 3, Colour(0, 0, 0));
        svg.text("1 > 0", (2.0, 10.0), 10, Colour(0, 0, 0), Anchor::Left);
        let expected = "<svg width=\"40\" height=\"30\" viewBox=\"0 0 40 30\" font-family=\"sans-serif\" role=\"img\" \
             xmlns=\"http://www.w3.org/2000/svg\">\n<title>a &lt; b &amp; c</title>\n\
             <rect width=\"40\" height=\"30\" fill=\"#fff\"/>\n\
             <polyline points=\"1,2 0,3\" fill=\"none\" stroke=\"#01abff\" stroke-width=\"1\" stroke-opacity=\"0.5\" \
             stroke-dasharray=\"2 4\"/>\n\
             <polygon points=\"0,0 1.5,0\" fill=\"#000000\" fill-opacity=\"0.12\"/>\n\
             <circle cx=\"5\" cy=\"6\" r=\"3\" fill=\"#000000\"/>\n\
             <text x=\"2\" y=\"13.5\" text-anchor=\"start\" font-size=\"10\" fill=\"#000000\">1 &gt; 0</text>\n</svg>\n";
        assert_eq!(svg.finish(), expected);
    }
}
