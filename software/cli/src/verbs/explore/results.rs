//! What came of a sweep: the table, and its picture.

use super::super::output::Outputs;
use crate::ui::{Ui, table};
use hopgate::{
    Error, ErrorKind, Result,
    explore::{CONFIG, Point, Results, Sweep},
};
use hopgate_files::atomic;
use hopgate_lab::{
    chart::{Axis, Chart, Figure, GREY, Mark, PALETTE, Series, Shape},
    experiments::Table,
};
use serde_json::json;
use std::{collections::BTreeMap, path::Path};

/// Reads what a sweep has so far.
pub fn read(folder: &Path, ui: &Ui) -> Result<()> {
    if !folder.join(CONFIG).exists() {
        let what = format!("{} is no folder of a sweep, and there is no --output", folder.display());
        return Err(Error::new(ErrorKind::Value, what).hint("hopgate explore PATTERNS -o FOLDER makes a sweep"));
    }
    let sweep = Sweep::load(folder)?;
    let results = sweep.results(folder)?;
    let [csv_path, picture] = ["points.csv", "points.svg"].map(|name| folder.join(name));
    Outputs::new(ui).file(csv_path.as_path()).file(picture.as_path()).check()?;
    atomic::write(&picture, plot(&results).svg()?.as_bytes())?;
    atomic::write(&csv_path, csv(&results).as_bytes())?;
    let outputs = json!({ "sweep": ui.path(folder), "table": ui.path(&csv_path), "picture": ui.path(&picture) });
    let json =
        json!({ "outputs": outputs, "builds": sweep.builds(), "missing": results.missing, "points": results.points });
    ui.result("explore/1", &json, || text(&results))?;
    if results.missing > 0 {
        ui.warn(format!("{} of {} builds are not done yet", results.missing, sweep.builds()));
    }
    Ok(())
}

fn csv(results: &Results) -> String {
    let columns = "memory core board exact_recall accuracy cycles logic_cells block_rams fmax_mhz seed recalls_per_second front refused";
    let mut table = Table::new("points", columns);
    let shown = |number: Option<u64>| number.map_or(String::new(), |n| n.to_string());
    for p in &results.points {
        table.row(vec![
            p.memory.clone(),
            p.core.clone(),
            p.board.clone(),
            p.exact_recall.map_or(String::new(), |share| format!("{share:.6}")),
            p.accuracy.map_or(String::new(), |share| format!("{share:.6}")),
            p.cycles.map_or(String::new(), |cycles| format!("{cycles:.2}")),
            shown(p.logic_cells),
            shown(p.block_rams),
            p.fmax_mhz.map_or(String::new(), |mhz| format!("{mhz:.2}")),
            shown(p.seed),
            p.recalls_per_second.map_or(String::new(), |r| format!("{r:.0}")),
            p.front.to_string(),
            p.refused.clone().unwrap_or_default(),
        ]);
    }
    table.csv()
}

/// Recalls a second, and how right they are, against logic cells: a colour for each board; what something else beats is grey.
fn plot(results: &Results) -> Figure {
    let classes = results.points.iter().any(|p| p.accuracy.is_some());
    let (share, title) = if classes {
        ("right classes", "Right classes of the keys that were asked, against logic cells")
    } else {
        ("exact recall", "Exact recall against logic cells")
    };
    let speed = |p: &Point| p.recalls_per_second.map(|r| r / 1000.0);
    Figure::grid(
        vec![
            panel(results, "Recalls a second against logic cells", Axis::number("thousand recalls a second"), speed),
            panel(results, title, Axis::percent(share), Point::right),
        ],
        1,
    )
}

fn panel(results: &Results, title: &str, y: Axis, height: impl Fn(&Point) -> Option<f64>) -> Chart {
    let marks = |keep: &dyn Fn(&Point) -> bool| -> Vec<Mark> {
        let built = results.points.iter().filter(|p| p.recalls_per_second.is_some() && keep(p));
        let mut marks: Vec<Mark> = built.filter_map(|p| Some(Mark::at(p.logic_cells? as f64, height(p)?))).collect();
        marks.sort_by(|a, b| a.x.total_cmp(&b.x));
        marks
    };
    let mut series = vec![Series::new("beaten", GREY, Shape::Points, marks(&|p| !p.front))];
    let boards: BTreeMap<&str, ()> = results.points.iter().map(|p| (p.board.as_str(), ())).collect();
    for (board, colour) in boards.keys().zip(PALETTE.iter().cycle()) {
        series.push(Series::new(*board, *colour, Shape::Points, marks(&|p| p.front && p.board == *board)));
    }
    series.retain(|s| !s.marks.is_empty());
    Chart::new(title, Axis::number("logic cells"), y, series)
}

fn text(results: &Results) -> String {
    let right = if results.points.iter().any(|p| p.accuracy.is_some()) { "right classes" } else { "exact recall" };
    let head = ["memory", "core", "board", right, "cycles", "cells", "RAMs", "MHz", "recalls/s", ""];
    let mut rows = vec![head.map(String::from).to_vec()];
    let shown = |number: Option<u64>| number.map_or("-".to_owned(), |n| n.to_string());
    for p in &results.points {
        rows.push(vec![
            p.memory.clone(),
            p.core.clone(),
            p.board.clone(),
            p.right().map_or("-".into(), |share| format!("{share:.4}")),
            p.cycles.map_or("-".into(), |cycles| format!("{cycles:.1}")),
            shown(p.logic_cells),
            shown(p.block_rams),
            p.fmax_mhz.map_or("-".into(), |mhz| format!("{mhz:.1}")),
            p.recalls_per_second.map_or("-".into(), |r| format!("{r:.0}")),
            p.refused.clone().unwrap_or_else(|| if p.front { "front".into() } else { String::new() }),
        ]);
    }
    table(&rows)
}
