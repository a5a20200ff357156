//! Patterns from pictures: one picture, one pattern, neuron = row * width + column.
//!
//! Dark is 1, as in PBM, where 1 is black. A PNG is put on white where it is transparent and turned to
//! grey (Rec. 709 luma, 0..255); a pixel is 1 if its grey is below 128. So a PBM and the PNG made from it
//! are the same pattern.

use super::{Patterns, check_shape, pbm::Pbm, stem};
use crate::npz;
use hopgate_model::{Error, ErrorKind, Result, bits::BitMatrix, memory::MAX_NEURONS};
use image::{ImageFormat, ImageReader};
use std::{
    io::Cursor,
    path::{Path, PathBuf},
};

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub width: usize,
    pub height: usize,
}

/// A picture that was read.
struct Picture {
    size: Size,
    /// Row by row; true is dark.
    pixels: Vec<bool>,
    /// The brightest grey of a picture that has greys, on white, 0..=255.
    brightest: Option<u8>,
}

/// One picture as one pattern.
///
/// # Errors
/// [`ErrorKind::Io`] if it cannot be read, [`ErrorKind::Format`] if it is no such picture or damaged,
/// [`ErrorKind::Value`] if it has too many pixels.
pub fn file(path: &Path) -> Result<Patterns> {
    parse(path, &npz::read_up_to(path, npz::MAX_BYTES)?, is_png(path))
}

/// [`file()`] from its bytes; the path is for its name and for messages.
pub(super) fn parse(path: &Path, bytes: &[u8], png: bool) -> Result<Patterns> {
    let picture = read(path, bytes, png)?;
    let mut patterns = Patterns::new(BitMatrix::from_fn(1, picture.pixels.len(), |_, i| picture.pixels[i]), path);
    patterns.labels = Some(vec![stem(path)]);
    patterns.shape = Some((picture.size.height, picture.size.width));
    patterns.warnings.extend(all_dark(&[path.to_owned()], &[picture]));
    Ok(patterns)
}

/// Every `.pbm` and `.png` picture of a folder, sorted by name.
///
/// # Errors
/// As [`file()`]; [`ErrorKind::Format`] if there are none, or they differ in size.
pub fn folder(path: &Path) -> Result<Patterns> {
    let failed = |e| Error::io("read the folder", path, e);
    let mut names = Vec::new();
    let mut ignored = 0;
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?.path();
        let picture = is_png(&entry) || entry.extension().is_some_and(|e| e.eq_ignore_ascii_case("pbm"));
        let hidden = entry.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        match (picture && entry.is_file(), hidden) {
            (_, true) => {}
            (true, _) => names.push(entry),
            (false, _) => ignored += 1,
        }
    }
    names.sort();
    if names.is_empty() {
        let hint = match path.join("manifest.json").exists() {
            true => format!("if it is a memory, give its patterns: {}", path.join("patterns.npy").display()),
            false => "a folder of patterns holds pictures of one size".into(),
        };
        let what = format!("{}: there are no .pbm or .png files in this folder", path.display());
        return Err(Error::new(ErrorKind::Format, what).hint(hint));
    }
    let mut rows = Vec::with_capacity(names.len());
    for name in &names {
        rows.push(read(name, &npz::read_file(name)?, is_png(name))?);
    }
    let Size { width, height } = rows[0].size;
    if let Some(other) = rows.iter().position(|r| r.size != rows[0].size) {
        let Size { width: w, height: h } = rows[other].size;
        let what = format!("{} is {w}x{h}, but {} is {width}x{height}", names[other].display(), names[0].display());
        return Err(Error::new(ErrorKind::Format, what).hint("all patterns have the same number of neurons"));
    }
    let bits = BitMatrix::from_fn(rows.len(), width * height, |r, c| rows[r].pixels[c]);
    let mut patterns = Patterns::new(bits, path);
    patterns.labels = Some(labels(&names));
    patterns.shape = Some((height, width));
    if ignored > 0 {
        patterns.warnings.push(format!("{}: {ignored} entries that are no pictures were ignored", path.display()));
    }
    patterns.warnings.extend(all_dark(&names, &rows));
    Ok(patterns)
}

fn is_png(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png"))
}

/// A warning of pictures that are dark all over, if there are any: masks that were saved as 0 and 1 of 255 look like that.
fn all_dark(names: &[PathBuf], pictures: &[Picture]) -> Option<String> {
    let dark: Vec<usize> = (0..pictures.len()).filter(|&i| pictures[i].pixels.iter().all(|&p| p)).collect();
    let first = names[*dark.first()?].display();
    let what = match dark.len() {
        1 => format!("{first}: all of it is dark"),
        more => format!("{more} of {} pictures are dark all over, {first} first", pictures.len()),
    };
    let brightest = dark.iter().filter_map(|&i| pictures[i].brightest).max();
    Some(match brightest {
        Some(grey @ 1..) => {
            format!("{what}: the brightest pixel has {grey} of 255; were 0 and 1 saved in place of 0 and 255?")
        }
        _ => what,
    })
}

/// The stems of the names; the whole names if two stems are equal.
fn labels(names: &[PathBuf]) -> Vec<String> {
    let stems: Vec<String> = names.iter().map(|n| stem(n)).collect();
    let distinct: std::collections::BTreeSet<&String> = stems.iter().collect();
    if distinct.len() == stems.len() {
        return stems;
    }
    names.iter().map(|n| n.file_name().unwrap_or(n.as_os_str()).to_string_lossy().into_owned()).collect()
}

/// Checks the palette of a PNG, which the library takes as it comes: three bytes for each of 1 to 256 colours.
fn check_palette(file: &[u8]) -> Result<()> {
    // behind the signature: length, name, content and checksum of every chunk
    let mut rest = file.get(8..).unwrap_or_default();
    while let (Some(length), Some(name)) = (rest.get(..4), rest.get(4..8)) {
        let length = length.iter().fold(0usize, |n, &b| n << 8 | usize::from(b));
        if name == b"PLTE" && (length == 0 || length % 3 != 0 || length > 3 * 256) {
            let what =
                format!("a damaged PNG picture: its palette has {length} bytes, not 3 for each of 1 to 256 colours");
            return Err(Error::new(ErrorKind::Format, what).hint("save it again, or copy it again"));
        }
        rest = length.checked_add(12).and_then(|skip| rest.get(skip..)).unwrap_or_default();
    }
    Ok(())
}

/// Reads a picture from its bytes.
fn read(path: &Path, bytes: &[u8], png: bool) -> Result<Picture> {
    if png {
        return read_png(bytes).map_err(|e| e.at(path.display()));
    }
    let pbm = Pbm::parse(bytes).map_err(|e| e.at(path.display()))?;
    check_size(pbm.size).map_err(|e| e.at(path.display()))?;
    let size = pbm.size;
    Ok(Picture { size, pixels: pbm.pixels().map_err(|e| e.at(path.display()))?, brightest: None })
}

/// Checks that a picture of this size is a pattern of so many neurons at most.
fn check_size(Size { width, height }: Size) -> Result<()> {
    let pixels = width.saturating_mul(height);
    if pixels > MAX_NEURONS {
        let what = format!("{width}x{height} pixels, but a pattern has at most {MAX_NEURONS}");
        return Err(Error::new(ErrorKind::Value, what).hint("make the picture smaller: 32x32 pixels, say"));
    }
    check_shape(height, pixels).map_err(|e| e.at(format!("{width}x{height} pixels")))
}

fn read_png(bytes: &[u8]) -> Result<Picture> {
    let failed = |e: image::ImageError| {
        Error::new(ErrorKind::Format, format!("not a PNG picture, or damaged: {e}"))
            .hint("save it again, or copy it again")
            .because(e)
    };
    check_palette(bytes)?;
    // only the header first: its size decides whether there is anything to be unpacked
    let open = || ImageReader::with_format(Cursor::new(bytes), ImageFormat::Png);
    let (width, height) = open().into_dimensions().map_err(failed)?;
    let size = Size { width: width as usize, height: height as usize };
    check_size(size)?;
    let grey = open().decode().map_err(failed)?.to_luma_alpha8();
    // on white, times 255
    let on_white = |p: &image::LumaA<u8>| {
        let (luma, alpha) = (u32::from(p.0[0]), u32::from(p.0[1]));
        luma * alpha + 255 * (255 - alpha)
    };
    let brightest = grey.pixels().map(on_white).max().map(|g| (g / 255) as u8);
    Ok(Picture { size, pixels: grey.pixels().map(|p| on_white(p) < 128 * 255).collect(), brightest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn palettes_have_three_bytes_for_each_of_1_to_256_colours() {
        // an empty chunk before it, and another one behind
        let chunk =
            |name: &[u8], bytes: usize| [&(bytes as u32).to_be_bytes()[..], name, &vec![1; bytes], &[9; 4]].concat();
        let png = |bytes| {
            [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"tRNS", 0), &chunk(b"PLTE", bytes), &chunk(b"IEND", 0)].concat()
        };
        for bytes in [3, 6, 255, 768] {
            check_palette(&png(bytes)).unwrap_or_else(|e| panic!("{bytes}: {e}"));
        }
        for bytes in [0, 1, 2, 4, 767, 769, 771, 65536] {
            let e = check_palette(&png(bytes)).expect_err("a wrong length").to_string();
            assert!(e.contains(&format!("{bytes} bytes")), "{e}");
        }
        for cut in 0..png(3).len() {
            assert!(check_palette(&png(3)[..cut]).is_ok(), "nothing wrong in {cut} bytes");
        }
        assert!(check_palette(&[&png(3)[..8], &[255; 30]].concat()).is_ok());
    }
}
