//! Patterns from pictures: one picture, one pattern, neuron = row * width + column.
//!
//! Dark is 1, as in PBM, where 1 is black. A PNG is put on white where it is transparent and turned to
//! grey (Rec. 709 luma, 0..255); a pixel is 1 if its grey is below 128. So a PBM and the PNG made from it
//! are the same pattern.

use super::{check_shape, stem, Patterns};
use crate::{bits::BitMatrix, npz, Error, ErrorKind, Result};
use image::{ImageFormat, ImageReader};
use std::{
    io::Cursor,
    path::{Path, PathBuf},
};

/// One picture as one pattern.
///
/// # Errors
/// [`ErrorKind::Io`] if it cannot be read, [`ErrorKind::Format`] if it is no such picture or damaged,
/// [`ErrorKind::Value`] if it has too many pixels.
pub fn file(path: &Path) -> Result<Patterns> {
    let (height, pixels) = read(path)?;
    let bits = BitMatrix::from_fn(1, pixels.len(), |_, i| pixels[i]);
    let shape = Some((height, pixels.len() / height));
    Ok(Patterns { labels: Some(vec![stem(path)]), shape, ..Patterns::new(bits, path.display().to_string()) })
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
        let picture = entry.extension().is_some_and(|e| e.eq_ignore_ascii_case("pbm") || e.eq_ignore_ascii_case("png"));
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
        rows.push(read(name)?);
    }
    let size = |(height, pixels): &(usize, Vec<bool>)| (pixels.len() / height, *height);
    if let Some(other) = rows.iter().position(|r| size(r) != size(&rows[0])) {
        let ((w, h), (w0, h0)) = (size(&rows[other]), size(&rows[0]));
        let what = format!("{} is {w}x{h}, but {} is {w0}x{h0}", names[other].display(), names[0].display());
        return Err(Error::new(ErrorKind::Format, what).hint("all patterns have the same number of neurons"));
    }
    let (width, height) = size(&rows[0]);
    let bits = BitMatrix::from_fn(rows.len(), width * height, |r, c| rows[r].1[c]);
    let mut patterns = Patterns::new(bits, path.display().to_string());
    patterns.labels = Some(labels(&names));
    patterns.shape = Some((height, width));
    if ignored > 0 {
        patterns.warnings.push(format!("{}: {ignored} entries that are no pictures were ignored", path.display()));
    }
    Ok(patterns)
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

/// The height and the pixels, row by row; true is dark.
fn read(path: &Path) -> Result<(usize, Vec<bool>)> {
    let bytes = npz::read_file(path)?;
    let png = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png"));
    let (format, kind) = if png { (ImageFormat::Png, "PNG") } else { (ImageFormat::Pnm, "PBM") };
    let failed = |e: image::ImageError| {
        Error::new(ErrorKind::Format, format!("{}: not a {kind} picture, or damaged: {e}", path.display()))
            .hint("save it again, or copy it again")
            .because(e)
    };
    if png {
        check_palette(&bytes).map_err(|e| e.at(path.display()))?;
    }
    // only the header first: its size decides whether there is anything to be unpacked
    let (width, height) = ImageReader::with_format(Cursor::new(&bytes), format).into_dimensions().map_err(failed)?;
    let (width, height) = (width as usize, height as usize);
    check_shape(height, width.saturating_mul(height))
        .map_err(|e| e.at(format!("{}: {width}x{height} pixels", path.display())))?;
    if !png && !matches!(bytes.get(..2), Some(b"P1" | b"P4")) {
        let what = format!("{}: a picture with grey or colours, not a PBM", path.display());
        return Err(Error::new(ErrorKind::Format, what).hint("convert it to .pbm or .png"));
    }
    let picture = ImageReader::with_format(Cursor::new(&bytes), format).decode().map_err(failed)?;
    let grey = picture.to_luma_alpha8();
    let dark = |p: &image::LumaA<u8>| {
        let (luma, alpha) = (u32::from(p.0[0]), u32::from(p.0[1]));
        luma * alpha + 255 * (255 - alpha) < 128 * 255
    };
    Ok((height, grey.pixels().map(dark).collect()))
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
