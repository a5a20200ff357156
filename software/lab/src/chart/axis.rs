//! Axes: from values to a place between 0 and 1, and round ticks.

/// How values spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By their logarithm; values that are not positive are left out.
    Log,
}

/// How the numbers at the ticks are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// As they are.
    Number,
    /// As hundredths.
    Percent,
}

/// One axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it measures, with its unit.
    pub label: String,
    /// How values spread.
    pub scale: Scale,
    /// How they are written.
    pub format: Format,
    /// Its ends; from the marks if none.
    pub range: Option<(f64, f64)>,
    /// Names for the places 0, 1, ..; numbers if there are none.
    pub names: Vec<String>,
}

impl Axis {
    /// Numbers, linear.
    pub fn number(label: impl Into<String>) -> Self {
        Axis { label: label.into(), scale: Scale::Linear, format: Format::Number, range: None, names: Vec::new() }
    }

    /// Fractions written as percentages, linear.
    pub fn percent(label: impl Into<String>) -> Self {
        Axis { format: Format::Percent, ..Self::number(label) }
    }

    /// A name at each of the places 0, 1, ..
    pub fn named(label: impl Into<String>, names: impl IntoIterator<Item = String>) -> Self {
        let names: Vec<String> = names.into_iter().collect();
        Axis { range: Some((-0.5, names.len() as f64 - 0.5)), names, ..Self::number(label) }
    }

    /// Logarithmic.
    #[must_use]
    pub fn log(mut self) -> Self {
        self.scale = Scale::Log;
        self
    }

    /// With these ends.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// Whether a value has a place on the axis.
    pub(super) fn shows(&self, value: f64) -> bool {
        value.is_finite() && (self.scale == Scale::Linear || value > 0.0)
    }

    /// The axis fitted to its values: with ends, if it had none.
    pub(super) fn fitted(&self, values: impl Iterator<Item = f64>) -> Fitted {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for v in values.filter(|&v| self.shows(v)) {
            (low, high) = (low.min(v), high.max(v));
        }
        if low > high {
            (low, high) = (1.0, 2.0);
        }
        let (low, high) = self.range.unwrap_or((low, high));
        let (mut low, mut high) = (self.forward(low), self.forward(high));
        if high - low < 1e-9 * (1.0 + low.abs()) {
            (low, high) = (self.within(low - 0.5, low), self.within(high + 0.5, high));
        }
        Fitted { axis: self.clone(), low, high }
    }

    /// `value`, but no farther than a fraction can be if `near` is one.
    pub(super) fn within(&self, value: f64, near: f64) -> f64 {
        match self.format {
            Format::Percent if (0.0..=1.0).contains(&near) => value.clamp(0.0, 1.0),
            _ => value,
        }
    }

    fn forward(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => value,
            Scale::Log => libm::log10(value.max(1e-300)),
        }
    }
}

/// An axis with its ends, in the scale's own measure.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    axis: Axis,
    low: f64,
    high: f64,
}

impl Fitted {
    /// Widened to whole ticks, unless the ends were given; `extra` of the range is added before, at both sides.
    pub fn rounded(mut self, extra: f64) -> Self {
        if self.axis.range.is_none() {
            let span = self.high - self.low;
            let step = self.step();
            let down = |x: f64| libm::floor(x / step + 1e-9) * step;
            let up = |x: f64| libm::ceil(x / step - 1e-9) * step;
            // what begins at zero is drawn from there
            let low = if self.low == 0.0 { 0.0 } else { self.axis.within(self.low - extra * span, self.low) };
            self.high = up(self.axis.within(self.high + extra * span, self.high));
            self.low = down(low);
        }
        self
    }

    /// Where a value lies: 0 at the low end, 1 at the high one.
    pub fn place(&self, value: f64) -> f64 {
        (self.axis.forward(value) - self.low) / (self.high - self.low)
    }

    /// A value kept within the ends.
    pub fn clamp(&self, value: f64) -> f64 {
        let at = self.axis.forward(value);
        match self.axis.scale {
            _ if at >= self.low && at <= self.high => value,
            Scale::Linear => at.clamp(self.low, self.high),
            Scale::Log => libm::pow(10.0, at.clamp(self.low, self.high)),
        }
    }

    /// The low end as a value.
    pub fn floor(&self) -> f64 {
        match self.axis.scale {
            Scale::Linear => self.low,
            Scale::Log => libm::pow(10.0, self.low),
        }
    }

    fn step(&self) -> f64 {
        tick_step(self.high - self.low)
    }

    /// The ticks and how they are written.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        if !self.axis.names.is_empty() {
            return self.axis.names.iter().enumerate().map(|(i, name)| (i as f64, name.clone())).collect();
        }
        let values = match self.axis.scale {
            Scale::Linear => linear_ticks(self.low, self.high),
            Scale::Log => log_ticks(self.low, self.high),
        };
        values.into_iter().map(|v| (v, self.written(v))).collect()
    }

    /// A value as it is written beside this axis.
    pub fn written(&self, value: f64) -> String {
        match self.axis.format {
            Format::Percent => format!("{} %", short(value * 100.0)),
            Format::Number => short(value),
        }
    }
}

/// A number with as few digits as tell ticks apart.
fn short(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) {
        return format!("{value:.0e}");
    }
    let digits = if size >= 100.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        5
    };
    let text = format!("{value:.digits$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.to_owned() }
}

/// A round step that cuts a range into four to ten.
fn tick_step(range: f64) -> f64 {
    let decade = libm::pow(10.0, libm::floor(libm::log10(range)));
    let steps = [0.1, 0.2, 0.5, 1.0].map(|m| m * decade);
    steps.into_iter().find(|s| range / s <= 8.0).unwrap_or(decade)
}

fn linear_ticks(low: f64, high: f64) -> Vec<f64> {
    let step = tick_step(high - low);
    let first = libm::ceil(low / step - 1e-9) as i64;
    (first..).map(|i| i as f64 * step).take_while(|t| *t <= high + step * 1e-6).collect()
}

/// Powers of ten; with 2 and 5 where the range has fewer than three decades, from exponents.
fn log_ticks(low: f64, high: f64) -> Vec<f64> {
    let factors: &[f64] = if high - low < 3.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let stride = ((high - low) / 8.0).max(1.0) as i64;
    let decades = (libm::floor(low) as i64..=libm::ceil(high) as i64).filter(|d| d.rem_euclid(stride) == 0);
    let all = decades.flat_map(|d| factors.iter().map(move |f| f * libm::pow(10.0, d as f64)));
    all.filter(|v| (low - 1e-9..=high + 1e-9).contains(&libm::log10(*v))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(linear_ticks(0.0, 0.2).len(), 5);
        for (low, high) in [(0.0, 1.0), (0.6, 1.0), (0.0, 0.15), (0.98, 1.0), (0.0, 0.3), (-3.0, 4.0)] {
            let n = linear_ticks(low, high).len();
            assert!((3..=9).contains(&n), "{low} {high}: {n}");
        }
        assert_eq!(log_ticks(-2.0, 1.0), [0.01, 0.1, 1.0, 10.0]);
        assert_eq!(log_ticks(0.0, 1.0), [1.0, 2.0, 5.0, 10.0]);
        assert!(log_ticks(-30.0, 10.0).len() <= 12);
    }

    #[test]
    fn numbers_are_written_short() {
        let axis = Axis::percent("").fitted([0.0, 1.0].into_iter());
        assert_eq!(axis.written(0.125), "12.5 %");
        assert_eq!(axis.written(1.0), "100 %");
        assert_eq!(
            [short(0.0), short(-0.0), short(3e-7), short(1234.0), short(0.02)],
            ["0", "0", "3e-7", "1234", "0.02"]
        );
    }

    #[test]
    fn ends_are_rounded_but_fractions_stay_fractions() {
        let y = Axis::percent("").fitted([0.62, 1.0].into_iter()).rounded(0.05);
        assert!((y.place(1.0) - 1.0).abs() < 1e-12 && y.floor() < 0.601);
        let x = Axis::number("").range(1.0, 4.0).fitted([0.0, 9.0].into_iter()).rounded(0.1);
        assert_eq!((x.place(1.0), x.place(4.0), x.clamp(9.0)), (0.0, 1.0, 4.0));
        let log = Axis::number("").log().fitted([0.1, -3.0, 10.0].into_iter());
        assert!((log.place(1.0) - 0.5).abs() < 1e-12);
        let flat = Axis::number("").fitted([2.0].into_iter());
        assert!((flat.place(2.0) - 0.5).abs() < 1e-12);
    }
}
