//! The contact sheet: stored pattern, noisy cue and answer under each other, as a PNG.
//!
//! Dark ink on light paper. A wrong pixel of the answer is red: full red where it is set but should not be, light
//! red where it is missing. A wrong pixel of the cue stays black or white: finding it is the memory's work.

use hopgate_model::{
    Error, ErrorKind, Result,
    bits::{BitMatrix, bit},
};
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs::png::PngEncoder};

/// One column of the sheet.
#[derive(Debug, Clone, Copy)]
pub struct Triple<'a> {
    /// The stored pattern, packed.
    pub stored: &'a [u64],
    /// The noisy cue.
    pub cue: &'a [u64],
    /// The answer.
    pub answer: &'a [u64],
}

const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
const CUE_PAPER: Rgb<u8> = Rgb([243, 240, 232]);
const INK: Rgb<u8> = Rgb([28, 32, 44]);
const WRONG_SET: Rgb<u8> = Rgb([213, 38, 48]);
const WRONG_MISSING: Rgb<u8> = Rgb([250, 160, 150]);
const SEPARATOR: Rgb<u8> = Rgb([198, 203, 212]);
const FRAME: Rgb<u8> = Rgb([90, 98, 114]);

/// Width of the sheet that the upscaling aims at, in pixels.
const TARGET_WIDTH: usize = 1400;

/// How the sheet is laid out, in pixels.
struct Layout {
    height: usize,
    width: usize,
    scale: usize,
    columns: usize,
}

impl Layout {
    /// A picture with its margin of one upscaled pixel and one separator line.
    fn cell(&self) -> (usize, usize) {
        ((self.height + 2) * self.scale + 1, (self.width + 2) * self.scale + 1)
    }

    /// The gap between bands of three rows.
    fn gap(&self) -> usize {
        2 * self.scale
    }
}

/// Draws `triples` in bands of `columns`, each picture `height` x `width` (neuron `i` at row `i / width`, column
/// `i % width`), upscaled by a whole factor.
///
/// # Errors
/// [`ErrorKind::Usage`] when there is nothing to draw or the pictures do not have `height * width` bits.
pub fn contact_sheet(triples: &[Triple], height: usize, width: usize, columns: usize) -> Result<RgbImage> {
    let bits = height.saturating_mul(width);
    if triples.is_empty() || columns == 0 || bits == 0 {
        return Err(Error::usage("a contact sheet needs at least one picture of at least one pixel"));
    }
    let words = hopgate_model::bits::words_for(bits);
    if triples.iter().any(|t| [t.stored, t.cue, t.answer].iter().any(|row| row.len() != words)) {
        return Err(Error::usage(format!("a picture does not have {height} x {width} = {bits} bits")));
    }
    let columns = columns.min(triples.len());
    let scale = (TARGET_WIDTH / (columns * (width + 2))).clamp(2, 16);
    let layout = Layout { height, width, scale, columns };
    let (cell_h, cell_w) = layout.cell();
    let bands = triples.len().div_ceil(columns);
    let total = |n: usize| u32::try_from(n).ok().filter(|&n| n <= 30_000);
    let sizes = (total(columns * cell_w + 1), total(bands * (3 * cell_h + 1) + (bands - 1) * layout.gap()));
    let (Some(w), Some(h)) = sizes else {
        return Err(Error::usage("the contact sheet would be wider or higher than 30000 pixels")
            .hint("draw fewer pictures, or in more columns"));
    };
    let mut sheet = RgbImage::from_pixel(w, h, PAPER);
    for (index, triple) in triples.iter().enumerate() {
        draw_triple(&mut sheet, &layout, index, triple);
    }
    Ok(sheet)
}

/// One stored pattern, cue and answer below each other.
fn draw_triple(sheet: &mut RgbImage, layout: &Layout, index: usize, triple: &Triple) {
    let (cell_h, cell_w) = layout.cell();
    let left = index % layout.columns * cell_w;
    let top = index / layout.columns * (3 * cell_h + 1 + layout.gap());
    let set = |row: &[u64], i: usize| bit(row, i);
    for (line, row) in [triple.stored, triple.cue, triple.answer].into_iter().enumerate() {
        let (y, x) = (top + line * cell_h, left);
        fill(sheet, x, y, cell_w + 1, cell_h + 1, if line == 0 { FRAME } else { SEPARATOR });
        let paper = if line == 1 { CUE_PAPER } else { PAPER };
        fill(sheet, x + 1, y + 1, cell_w - 1, cell_h - 1, paper);
        for i in 0..layout.height * layout.width {
            let wrong = line == 2 && set(row, i) != set(triple.stored, i);
            let colour = match (set(row, i), wrong) {
                (true, false) => INK,
                (true, true) => WRONG_SET,
                (false, true) => WRONG_MISSING,
                (false, false) => continue,
            };
            let (px, py) = (i % layout.width + 1, i / layout.width + 1);
            fill(sheet, x + 1 + px * layout.scale, y + 1 + py * layout.scale, layout.scale, layout.scale, colour);
        }
    }
    fill(sheet, left, top + 3 * cell_h, cell_w + 1, 1, FRAME);
}

fn fill(sheet: &mut RgbImage, x: usize, y: usize, w: usize, h: usize, colour: Rgb<u8>) {
    for py in y..y + h {
        for px in x..x + w {
            // the layout fits by construction; a pixel outside would be a picture cut off, not a crash
            if let Some(pixel) = sheet.get_pixel_mut_checked(px as u32, py as u32) {
                *pixel = colour;
            }
        }
    }
}

/// The bytes of the PNG.
///
/// # Errors
/// [`ErrorKind::Failed`] when the encoder refuses.
pub fn png(sheet: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(sheet.as_raw(), sheet.width(), sheet.height(), ExtendedColorType::Rgb8)
        .map_err(|e| Error::new(ErrorKind::Failed, format!("cannot encode the picture: {e}")).because(e))?;
    Ok(bytes)
}

/// The triples of cues that belong to patterns `q % P`, answer by answer, for these cue indices.
///
/// # Panics
/// When an index is not a row of both `cues` and `answers`.
pub fn triples<'a>(
    patterns: &'a BitMatrix,
    cues: &'a BitMatrix,
    answers: &'a BitMatrix,
    which: &[usize],
) -> Vec<Triple<'a>> {
    let one =
        |&q: &usize| Triple { stored: patterns.row(q % patterns.rows()), cue: cues.row(q), answer: answers.row(q) };
    which.iter().map(one).collect()
}
