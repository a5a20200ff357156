//! A grid of character cells with colours: what a terminal shows, and what the recording draws.

use std::fmt::Write as _;

/// A colour: red, green, blue.
pub type Colour = (u8, u8, u8);

/// Text.
pub const TEXT: Colour = (200, 204, 212);
/// Text of less weight.
pub const FAINT: Colour = (128, 134, 146);
/// Behind everything.
pub const GROUND: Colour = (22, 24, 29);
/// A neuron that is one, and should be.
pub const ONE: Colour = (236, 239, 244);
/// A neuron that is zero, and should be.
pub const ZERO: Colour = (46, 50, 60);
/// A neuron that is one, and should be zero.
pub const WRONG_ONE: Colour = (255, 92, 87);
/// A neuron that is zero, and should be one.
pub const WRONG_ZERO: Colour = (122, 40, 44);

/// A character cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The character; `▀` for two pixels, the upper in `fore` and the lower in `back`.
    pub character: char,
    /// The colour of the character.
    pub fore: Colour,
    /// The colour behind it.
    pub back: Colour,
}

const EMPTY: Cell = Cell { character: ' ', fore: TEXT, back: GROUND };

/// The grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    /// Cells of a row.
    pub columns: usize,
    /// Cells, row by row.
    pub cells: Vec<Cell>,
}

impl Canvas {
    /// An empty one.
    pub fn new(columns: usize, rows: usize) -> Self {
        Canvas { columns, cells: vec![EMPTY; columns * rows] }
    }

    /// The rows.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunks(self.columns.max(1))
    }

    /// Writes a text; what does not fit its row is cut off.
    pub fn text(&mut self, column: usize, row: usize, text: &str, fore: Colour) {
        for (i, character) in text.chars().enumerate() {
            self.put(column + i, row, Cell { character, fore, back: GROUND });
        }
    }

    /// Puts a cell, if it is inside.
    pub fn put(&mut self, column: usize, row: usize, cell: Cell) {
        let at = row * self.columns + column;
        if let Some(place) = self.cells.get_mut(at).filter(|_| column < self.columns) {
            *place = cell;
        }
    }

    /// As text alone: `#` for one, `.` for zero, and `+` and `-` where these are wrong.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        for row in self.rows() {
            let line: String = row.iter().map(|cell| sign(cell.back).unwrap_or(cell.character)).collect();
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }
}

/// What stands for a pixel in plain text.
fn sign(colour: Colour) -> Option<char> {
    match colour {
        ONE => Some('#'),
        ZERO => Some('.'),
        WRONG_ONE => Some('+'),
        WRONG_ZERO => Some('-'),
        _ => None,
    }
}
