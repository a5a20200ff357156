//! PBM, the plain bitmap: `P1` as text, `P4` packed, eight pixels to a byte. 1 is black.
//!
//! Read as the format is written down (<https://netpbm.sourceforge.net/doc/pbm.html>): the pixels of a `P4` begin
//! right behind the one character that ends its height. A header that was written in text mode (CR LF), a comment there or a
//! second picture would shift every pixel, and nothing in the pixels tells; but then there are bytes too many, and they are refused.

use super::picture::Size;
use hopgate_model::{Error, ErrorKind, Result};

/// A header, and the bytes behind it.
pub(super) struct Pbm<'a> {
    pub size: Size,
    packed: bool,
    rest: &'a [u8],
}

fn bad(what: String) -> Error {
    Error::new(ErrorKind::Format, format!("not a PBM picture, or damaged: {what}"))
        .hint("save it again, in binary mode, one picture in a file; or copy it again")
}

impl<'a> Pbm<'a> {
    /// Reads a header.
    pub fn parse(file: &'a [u8]) -> Result<Self> {
        let packed = match file.get(..2) {
            Some(b"P1") => false,
            Some(b"P4") => true,
            Some([b'P', b'2' | b'3' | b'5'..=b'7']) => {
                return Err(Error::new(ErrorKind::Format, "a picture with grey or colours, not a PBM")
                    .hint("convert it to .pbm or .png"));
            }
            _ => return Err(bad("it does not begin with P1 or P4".into())),
        };
        let mut rest = &file[2..];
        let width = number(&mut rest).ok_or_else(|| bad("its width is no number".into()))?;
        let height = number(&mut rest).ok_or_else(|| bad("its height is no number".into()))?;
        Ok(Pbm { size: Size { width, height }, packed, rest })
    }

    /// The pixels, row by row; true is black. The size must be one that fits.
    pub fn pixels(mut self) -> Result<Vec<bool>> {
        let Size { width, height } = self.size;
        if self.packed {
            let stride = width.div_ceil(8);
            let (is, needs) = (self.rest.len(), stride * height);
            if is < needs {
                return Err(bad(format!("cut short: {width}x{height} pixels need {needs} bytes, but there are {is}")));
            }
            if is > needs {
                let surplus = is - needs;
                return Err(bad(format!("{surplus} bytes follow the last of {width}x{height} pixels"))
                    .hint("a header with CR LF, a comment behind the size, or a second picture? Then every pixel is shifted: save it again, in binary mode"));
            }
            let row = |y: usize| &self.rest[y * stride..][..stride];
            let pixel = |y: usize, x: usize| row(y)[x / 8] >> (7 - x % 8) & 1 == 1;
            return Ok((0..height).flat_map(|y| (0..width).map(move |x| (y, x))).map(|(y, x)| pixel(y, x)).collect());
        }
        let mut pixels = Vec::with_capacity(width * height);
        while let Some(byte) = next(&mut self.rest) {
            match byte {
                b'0' | b'1' if pixels.len() == width * height => {
                    return Err(bad(format!("more than {width}x{height} pixels")));
                }
                b'0' | b'1' => pixels.push(byte == b'1'),
                byte if byte.is_ascii_whitespace() => {}
                byte => return Err(bad(format!("the character {:?} among the pixels", char::from(byte)))),
            }
        }
        if pixels.len() < width * height {
            let is = pixels.len();
            return Err(bad(format!("cut short: {width}x{height} pixels, but there are {is}")));
        }
        Ok(pixels)
    }
}

/// The next byte of a header; a comment is the end of its line.
fn next(rest: &mut &[u8]) -> Option<u8> {
    let (&first, mut behind) = rest.split_first()?;
    if first == b'#' {
        let end = behind.iter().position(|b| matches!(b, b'\n' | b'\r'))?;
        behind = &behind[end + 1..];
    }
    *rest = behind;
    Some(if first == b'#' { b'\n' } else { first })
}

/// The next number of a header, with the one byte that ends it.
fn number(rest: &mut &[u8]) -> Option<usize> {
    let mut byte = next(rest)?;
    while byte.is_ascii_whitespace() {
        byte = next(rest)?;
    }
    let mut number = None;
    while byte.is_ascii_digit() {
        number = Some(number.unwrap_or(0usize).checked_mul(10)?.checked_add(usize::from(byte - b'0'))?);
        byte = next(rest)?;
    }
    number.filter(|_| byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(file: &[u8]) -> std::result::Result<String, String> {
        let read = Pbm::parse(file).and_then(|pbm| pbm.pixels()).map_err(|e| e.to_string())?;
        Ok(read.into_iter().map(|p| if p { '1' } else { '0' }).collect())
    }

    #[test]
    fn both_kinds_with_comments_and_odd_widths() {
        for file in [
            &b"P1\n3 2\n0 1 0\n1 1 0\n"[..],
            b"P1 3 2 010110",
            b"P1#3 3\n# 4\r3\t2 01\n0#1\n110 \n# the end",
            b"P4\n3 2\n\x40\xc0",
            b"P4\r\n3 2\n\x40\xc0",
            b"P4\n# a comment\n3\n2\n\x5f\xdf", // what fills up the last byte of a row counts for nothing
        ] {
            assert_eq!(pixels(file).as_deref(), Ok("010110"), "{:?}", String::from_utf8_lossy(file));
        }
        assert_eq!(pixels(b"P4 9 1\n\x80\x80").as_deref(), Ok("100000001"));
    }

    #[test]
    fn what_would_shift_the_pixels_is_refused() {
        for (file, expected) in [
            (&b"P4\r\n8 2\r\n\x0f\xf0"[..], "1 bytes follow the last of 8x2 pixels"),
            (b"P4\n8 2 # a comment\n\x0f\xf0", "12 bytes follow"),
            (b"P4\n8 2\n\x0f\xf0P4\n8 2\n\x0f\xf0", "9 bytes follow"),
            (b"P4\n8 2\n\x0f", "cut short: 8x2 pixels need 2 bytes, but there are 1"),
            (b"P1\n2 1\n0 1\nP1\n2 1\n1 1\n", "the character 'P' among the pixels"),
            (b"P1\n2 1\n0 1 1", "more than 2x1 pixels"),
            (b"P1\n2 1\n0 2", "the character '2' among the pixels"),
            (b"P1\n2 1\n0", "cut short: 2x1 pixels, but there are 1"),
            (b"P4\n8x2\n\x0f\xf0", "its width is no number"),
            (b"P4\n8 -2\n\x0f\xf0", "its height is no number"),
            (b"P4\n8 99999999999999999999\n", "its height is no number"),
            (b"P4\n", "its width is no number"),
            (b"P5\n8 2\n255\n", "grey or colours"),
            (b"P8\n8 2\n", "does not begin with P1 or P4"),
            (b"", "does not begin with P1 or P4"),
        ] {
            let said = pixels(file).expect_err("no such picture");
            assert!(said.contains(expected), "{:?}: {said}", String::from_utf8_lossy(file));
        }
    }
}
