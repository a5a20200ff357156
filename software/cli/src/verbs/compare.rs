//! The table of a core beside a nearest-pattern search.

use crate::ui::table;
use hopgate::compare::{CoreSize, NearestSearch};

/// A table of both. `lists`: the core lists the nearest patterns, so its right answers are those of the search.
pub fn text(plain: &NearestSearch, vote: &CoreSize, lists: bool) -> String {
    let clock = |core: &CoreSize| match (core.mhz, core.from) {
        (None, _) => "-".to_owned(),
        (Some(mhz), "estimated") => format!("about {mhz:.0}"),
        (Some(mhz), _) => format!("{mhz:.1}"),
    };
    let both = |name: String, of: &dyn Fn(&CoreSize) -> String| vec![name, of(vote), of(&plain.core)];
    let mut rows = vec![
        vec!["beside a nearest-pattern search".into(), if lists { "list" } else { "vote" }.into(), "nearest".into()],
        both("size and clock are".into(), &|c| c.from.into()),
        both("logic cells".into(), &|c| c.logic_cells.to_string()),
        both("block RAMs".into(), &|c| c.block_rams.to_string()),
        both("MHz".into(), &clock),
    ];
    rows.extend(plain.recall.iter().map(|r| {
        let what = format!("right answers, {:.0} % flips", 100.0 * r.noise);
        let first = if lists { r.nearest_exact_recall } else { r.exact_recall };
        vec![what, format!("{first:.4}"), format!("{:.4}", r.nearest_exact_recall)]
    }));
    table(&rows)
}
