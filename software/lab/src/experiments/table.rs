//! A table of results, as CSV.

use crate::statistics::Spread;

/// Named columns of numbers and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The file's name, without its extension.
    pub name: String,
    /// The columns' names.
    pub header: Vec<String>,
    /// One entry per column in each row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table; `header` separates names by spaces.
    pub fn new(name: &str, header: &str) -> Self {
        let header = header.split_whitespace().map(str::to_owned).collect();
        Table { name: name.to_owned(), header, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// As CSV. The cells are numbers and plain words, but quoting is as RFC 4180 wants it all the same.
    pub fn csv(&self) -> String {
        let quoted = |cell: &String| match cell.contains([',', '"', '\n']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        };
        let lines = std::iter::once(&self.header).chain(&self.rows);
        lines.map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n").collect()
    }
}

/// A number with enough digits to draw it again.
pub fn number(value: f64) -> String {
    format!("{value:.6}")
}

/// Mean, deviation, least and largest: four cells.
pub fn spread(s: &Spread) -> [String; 4] {
    [s.mean, s.deviation, s.low, s.high].map(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_by_hand() {
        let mut table = Table::new("t", "a b");
        table.row(["1".into(), "x, \"y\"".into()]);
        assert_eq!(table.csv(), "a,b\n1,\"x, \"\"y\"\"\"\n");
        assert_eq!(spread(&Spread::of(&[1.0, 2.0]))[0], "1.500000");
    }
}
