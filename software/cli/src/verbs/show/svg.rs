//! The recording: canvases one after another, as an animated SVG.

use super::canvas::{Canvas, Cell, Colour, GROUND};
use std::{collections::BTreeMap, fmt::Write as _};

/// Size of a character cell.
const CELL: (usize, usize) = (8, 16);
const MARGIN: usize = 12;

/// The animation: each canvas is shown for its milliseconds, over and over.
pub fn animation(frames: &[(Canvas, u32)]) -> String {
    let columns = frames.iter().map(|(c, _)| c.columns).max().unwrap_or(1);
    let rows = frames.iter().map(|(c, _)| c.rows().count()).max().unwrap_or(1);
    let (width, height) = (columns * CELL.0 + 2 * MARGIN, rows * CELL.1 + 2 * MARGIN);
    let total: u32 = frames.iter().map(|(_, ms)| ms).sum::<u32>().max(1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\"/>\n\
         <g transform=\"translate({MARGIN} {MARGIN})\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"13\">\n",
        hex(GROUND)
    );
    let mut begin = 0;
    for (i, (canvas, ms)) in frames.iter().enumerate() {
        // without animation the last frame stands still
        let still = if i + 1 == frames.len() { "visible" } else { "hidden" };
        let _ = writeln!(svg, "<g visibility=\"{still}\">");
        let share = |ms: u32| format!("{:.4}", f64::from(ms) / f64::from(total));
        let (from, to) = (share(begin), share(begin + ms));
        let (values, times) = match (i == 0, i + 1 == frames.len()) {
            (true, true) => ("visible".to_owned(), "0".to_owned()),
            (true, false) => ("visible;hidden".into(), format!("0;{to}")),
            (false, true) => ("hidden;visible".into(), format!("0;{from}")),
            (false, false) => ("hidden;visible;hidden".into(), format!("0;{from};{to}")),
        };
        let _ = writeln!(
            svg,
            "<animate attributeName=\"visibility\" values=\"{values}\" keyTimes=\"{times}\" calcMode=\"discrete\" dur=\"{}ms\" repeatCount=\"indefinite\"/>",
            total
        );
        svg += &frame(canvas);
        svg += "</g>\n";
        begin += ms;
    }
    svg + "</g>\n</svg>\n"
}

/// The pixels of a canvas, a path for each colour, and its texts.
fn frame(canvas: &Canvas) -> String {
    let (mut paths, mut texts): (BTreeMap<Colour, String>, String) = (BTreeMap::new(), String::new());
    for (r, row) in canvas.rows().enumerate() {
        for (half, top) in [(false, 0), (true, CELL.1 / 2)] {
            // the upper and the lower half of the cells
            let colour = |cell: &Cell| if !half && cell.character == '▀' { cell.fore } else { cell.back };
            let mut c = 0;
            while c < row.len() {
                let this = colour(&row[c]);
                let run = row[c..].iter().take_while(|cell| colour(cell) == this).count();
                if this != GROUND {
                    let (x, y, w, h) = (c * CELL.0, r * CELL.1 + top, run * CELL.0, CELL.1 / 2);
                    let _ = write!(paths.entry(this).or_default(), "M{x} {y}h{w}v{h}h-{w}z");
                }
                c += run;
            }
        }
        let mut c = 0;
        while c < row.len() {
            let fore = row[c].fore;
            let is_text = |cell: &&Cell| cell.character != '▀' && cell.back == GROUND && cell.fore == fore;
            let run: String = row[c..].iter().take_while(is_text).map(|cell| cell.character).collect();
            let length = run.chars().count().max(1);
            if !run.trim().is_empty() {
                let blank = run.chars().take_while(|c| *c == ' ').count();
                let (x, y, fill) = ((c + blank) * CELL.0, r * CELL.1 + 12, hex(fore));
                let run = run.trim();
                let long = run.chars().count() * CELL.0;
                let _ = writeln!(
                    texts,
                    "<text x=\"{x}\" y=\"{y}\" fill=\"{fill}\" textLength=\"{long}\" xml:space=\"preserve\">{}</text>",
                    escape(run)
                );
            }
            c += length;
        }
    }
    let mut svg = String::new();
    for (colour, path) in paths {
        let _ = writeln!(svg, "<path fill=\"{}\" d=\"{path}\"/>", hex(colour));
    }
    svg + &texts
}

fn hex((r, g, b): Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
