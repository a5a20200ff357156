//! The table of a vote beside a nearest-pattern search.

use crate::ui::table;
use hopgate::compare::{CoreSize, NearestSearch};

/// A table of both.
pub fn text(plain: &NearestSearch, vote: &CoreSize) -> String {
    let clock = |core: &CoreSize| match (core.mhz, core.from) {
        (None, _) => "-".to_owned(),
        (Some(mhz), "estimated") => format!("about {mhz:.0}"),
        (Some(mhz), _) => format!("{mhz:.1}"),
    };
    let both = |name: String, of: &dyn Fn(&CoreSize) -> String| vec![name, of(vote), of(&plain.core)];
    let mut rows = vec![
        vec!["beside a nearest-pattern search".into(), "vote".into(), "nearest".into()],
        both("size and clock are".into(), &|c| c.from.into()),
        both("logic cells".into(), &|c| c.logic_cells.to_string()),
        both("block RAMs".into(), &|c| c.block_rams.to_string()),
        both("MHz".into(), &clock),
    ];
    rows.extend(plain.recall.iter().map(|r| {
        let what = format!("right answers, {:.0} % flips", 100.0 * r.noise);
        vec![what, format!("{:.4}", r.exact_recall), format!("{:.4}", r.nearest_exact_recall)]
    }));
    table(&rows)
}
