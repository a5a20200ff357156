//! Plots: lines over a number and bars, in SVG. A slider below a plot reads all of its lines at one place.

use maud::{Markup, html};
use std::fmt::Write;

/// Pixels of a plot, and of the margins around it: left, right, top, bottom.
const SIZE: (f64, f64) = (640.0, 340.0);
const MARGIN: (f64, f64, f64, f64) = (52.0, 24.0, 12.0, 44.0);
/// Colours that a line may have; each has a pattern of dashes of its own, too.
const LOOKS: usize = 8;

/// A line of a plot.
pub struct Series {
    /// Its name.
    pub label: String,
    /// Its points, ascending, with the deviation of each.
    pub points: Vec<(f64, f64, Option<f64>)>,
}

/// A plot.
pub struct Plot<'a> {
    /// Its name in the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// What the horizontal axis is.
    pub x: &'a str,
    /// How its values are written.
    pub x_text: fn(f64) -> String,
    /// What the vertical axis is; it is a share.
    pub y: &'a str,
    /// The lines.
    pub series: Vec<Series>,
}

impl Plot<'_> {
    /// All places that any line has a point at, ascending.
    fn places(&self) -> Vec<f64> {
        let mut all: Vec<f64> = self.series.iter().flat_map(|s| s.points.iter().map(|p| p.0)).collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    }

    /// The plot with its legend, its slider and its numbers; nothing where there is nothing to show.
    pub fn draw(&self) -> Markup {
        let places = self.places();
        let (Some(&first), Some(&last)) = (places.first(), places.last()) else { return html! {} };
        let (width, height) = SIZE;
        let (left, right, top, bottom) = MARGIN;
        let values = self.series.iter().flat_map(|s| s.points.iter().map(|p| p.1 - p.2.unwrap_or(0.0)));
        let (low, by) = scale(values.fold(1.0, f64::min));
        let span = if last > first { last - first } else { 1.0 };
        let x = |v: f64| left + (v - first) / span * (width - left - right);
        let y = |v: f64| top + (1.0 - v) / (1.0 - low) * (height - top - bottom);
        let ticks = (0..).map(|i| 1.0 - by * f64::from(i)).take_while(|t| *t >= low - 1e-9);
        let line = |s: &Series| {
            s.points.iter().enumerate().fold(String::new(), |mut path, (i, p)| {
                let _ = write!(path, "{}{:.1} {:.1}", if i == 0 { 'M' } else { 'L' }, x(p.0), y(p.1));
                path
            })
        };
        let start = places.len() / 2;
        html! {
            figure.plot id=(self.id) {
                figcaption { (self.title) }
                div.legend role="group" aria-label="Lines to show" {
                    @for (i, s) in self.series.iter().enumerate() {
                        label { input type="checkbox" checked data-line=(i) autocomplete="off"; svg.key viewBox="0 0 28 8" aria-hidden="true" { path class={ "line look" (i % LOOKS) } d="M0 4H28" {} } (s.label) }
                    }
                }
                svg.chart viewBox={ "0 0 " (width) " " (height) } role="img" aria-label={ (self.title) ": the numbers are in the table below it" } {
                    @for t in ticks {
                        line.grid x1=(left) x2=(width - right) y1=(format!("{:.1}", y(t))) y2=(format!("{:.1}", y(t))) {}
                        text.tick x=(left - 6.0) y=(format!("{:.1}", y(t) + 4.0)) text-anchor="end" { (if by < 0.1 { format!("{t:.2}") } else { format!("{t:.1}") }) }
                    }
                    @for (i, p) in places.iter().enumerate() {
                        // names that would touch are left out
                        @if places.len() < 12 || i % places.len().div_ceil(10) == 0 {
                            text.tick.every-second[i % 2 == 1] x=(format!("{:.1}", x(*p))) y=(height - bottom + 18.0) text-anchor="middle" { ((self.x_text)(*p)) }
                        }
                    }
                    text.axis x=((left + width - right) / 2.0) y=(height - 6.0) text-anchor="middle" { (self.x) }
                    text.axis.upright x="14" y=((top + height - bottom) / 2.0) text-anchor="middle" transform={ "rotate(-90 14 " ((top + height - bottom) / 2.0) ")" } { (self.y) }
                    line.cursor y1=(top) y2=(height - bottom) x1=(format!("{:.1}", x(places[start]))) x2=(format!("{:.1}", x(places[start]))) {}
                    @for (i, s) in self.series.iter().enumerate() {
                        g data-line=(i) {
                            @for p in &s.points { @if let Some(d) = p.2.filter(|d| *d > 0.0) {
                                line class={ "spread look" (i % LOOKS) } x1=(format!("{:.1}", x(p.0))) x2=(format!("{:.1}", x(p.0))) y1=(format!("{:.1}", y(p.1 - d))) y2=(format!("{:.1}", y((p.1 + d).min(1.0)))) {}
                            } }
                            path class={ "line look" (i % LOOKS) } d=(line(s)) {}
                            @for p in &s.points { circle class={ "look" (i % LOOKS) } cx=(format!("{:.1}", x(p.0))) cy=(format!("{:.1}", y(p.1))) r="3" {} }
                        }
                    }
                }
                @if places.len() > 1 {
                    label.reader { (self.x) " " input type="range" min="0" max=(places.len() - 1) value=(start) step="1" autocomplete="off" data-at=(places.iter().map(|p| format!("{:.1}", x(*p))).collect::<Vec<_>>().join(" ")); }
                    output.reading aria-live="polite" {}
                }
                details { summary { "The numbers" } (self.table(&places)) }
            }
        }
    }

    fn table(&self, places: &[f64]) -> Markup {
        let at = |s: &Series, place: f64| {
            let point = s.points.iter().find(|p| p.0 == place);
            point.map_or("-".to_owned(), |&(_, v, d)| match d {
                Some(d) => format!("{v:.4} ± {d:.4}"),
                None => format!("{v:.4}"),
            })
        };
        html! {
            div.wide tabindex="0" role="region" aria-label={ (self.title) ": numbers" } { table {
                thead { tr { th scope="col" { (self.x) } @for s in &self.series { th scope="col" { (s.label) } } } }
                tbody { @for p in places { tr { th scope="row" { ((self.x_text)(*p)) } @for s in &self.series { td { (at(s, *p)) } } } } }
            } }
        }
    }
}

/// Where an axis of shares begins that holds this one, and the distance of its ticks: at most six of them up to all.
fn scale(least: f64) -> (f64, f64) {
    let steps = [0.01, 0.02, 0.05, 0.1, 0.2];
    let by = steps.into_iter().find(|by| (1.0 - least) / by <= 5.0 + 1e-9).unwrap_or(0.2);
    let ticks = ((1.0 - least) / by - 1e-9).ceil().clamp(1.0, (1.0 / by).round());
    (1.0 - by * ticks, by)
}

/// A bar of a share, with what it stands for.
pub struct Bar {
    /// Its name.
    pub label: String,
    /// 0 to 1.
    pub share: f64,
    /// The number that is written beside it.
    pub text: String,
    /// Whether it is the one that matters.
    pub ours: bool,
}

/// Bars below each other.
pub fn bars(caption: &str, all: &[Bar]) -> Markup {
    html! {
        table.bars {
            caption { (caption) }
            tbody { @for bar in all {
                tr.ours[bar.ours] {
                    th scope="row" { (bar.label) }
                    td.bar { svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
                        rect.room width="100" height="10" {}
                        rect.part width=(format!("{:.2}", 100.0 * bar.share.clamp(0.0, 1.0))) height="10" {}
                    } }
                    td.number { (bar.text) }
                }
            } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_holds_its_values_and_few_ticks() {
        for (least, low, by) in [
            (1.0, 0.99, 0.01),
            (0.973, 0.97, 0.01),
            (0.93, 0.92, 0.02),
            (0.7, 0.7, 0.1),
            (0.51, 0.5, 0.1),
            (0.0, 0.0, 0.2),
            (-0.1, 0.0, 0.2),
        ] {
            let (start, step) = scale(least);
            assert!((start - low).abs() < 1e-9 && step == by, "{least}: from {start} by {step}");
        }
    }

    #[test]
    fn a_plot_of_nothing_is_nothing_and_names_are_escaped() {
        let plot = |series| {
            Plot { id: "p", title: "t", x: "x", x_text: |v| v.to_string(), y: "y", series }.draw().into_string()
        };
        assert_eq!(plot(Vec::new()), "");
        let one = plot(vec![Series { label: "<b>".into(), points: vec![(0.0, 0.5, None)] }]);
        assert!(one.contains("&lt;b&gt;") && !one.contains("<b>") && !one.contains("NaN"), "{one}");
    }
}
