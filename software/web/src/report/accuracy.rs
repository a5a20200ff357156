//! How right the answers are, beside what is simpler.

use super::{
    Section,
    chart::{Bar, Plot, Series, bars},
    run::Run,
    value::{count, list, number, percent, text},
};
use maud::html;
use serde_json::Value;

/// Recall against noise: the memory, its float model, the training-free memory, and the nearest pattern.
pub fn recall(run: &Run) -> Option<Section> {
    let curves = list(&run.report, "/study/curves");
    if curves.is_empty() {
        return None;
    }
    let series = |of: &str| -> Vec<Series> {
        let one = |curve: &Value| {
            let bound = if text(curve, "/role") == Some("nearest") { " (bound)" } else { "" };
            let point = |p: &Value| {
                let deviation = number(p, &format!("/{of}/deviation"));
                Some((number(p, "/noise")?, number(p, &format!("/{of}/mean"))?, deviation))
            };
            let points = list(curve, "/points").iter().filter_map(point).collect();
            Series { label: text(curve, "/label").unwrap_or("-").to_owned() + bound, points }
        };
        curves.iter().map(one).collect()
    };
    let plot = |id, title, y, of| Plot { id, title, x: "flipped bits", x_text: percent, y, series: series(of) }.draw();
    let options =
        |name: &str| count(&run.report, &format!("/study/options/{name}")).map_or("-".into(), |n| n.to_string());
    let at_noise = number(&run.report, "/noise").map_or(String::new(), |p| format!(" with {} flips", percent(p)));
    let share = |of: &str| number(&run.report, of);
    let pair =
        [("the memory in hardware", "/cosim/exact_recall"), ("nearest-pattern search", "/cosim/nearest_exact_recall")];
    let measured: Vec<Bar> = pair
        .into_iter()
        .filter_map(|(label, at)| {
            let share = share(at)?;
            Some(Bar { label: label.into(), share, text: format!("{share:.4}"), ours: at == "/cosim/exact_recall" })
        })
        .collect();
    let cues = count(&run.report, "/cosim/cues").map_or(String::new(), |q| format!(" of {q} co-simulated cues"));
    let body = html! {
        @if !measured.is_empty() { (bars(&format!("Exact recall{cues}{at_noise}"), &measured)) }
        (plot("exact", "Exact recall against noise", "exact recall", "exact"))
        (plot("bits", "Right bits against noise", "right bits", "bits"))
        p { "Means over " (options("trials")) " trials of " (options("cues")) " cues each, drawn from seed " (options("seed"))
            ", with one standard deviation. Flips are independent bits. The nearest pattern is the maximum-likelihood bound of exact recall." }
    };
    Some(Section { id: "recall", title: "Recall".into(), body })
}

/// Right classes, beside what is simpler; which are mistaken for which; and with flipped bits.
pub fn classes(run: &Run) -> Option<Section> {
    let all = run.report.get("accuracy")?.as_object()?;
    let mut shares: Vec<(&str, f64)> =
        all.iter().filter_map(|(name, share)| Some((name.as_str(), share.as_f64()?))).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let bar = |&(name, share): &(&str, f64)| Bar {
        label: name.to_owned(),
        share,
        text: format!("{share:.4}"),
        ours: name == "memory",
    };
    let asked =
        count(&run.report, "/keys/asked").map_or(String::new(), |q| format!(" of {q} keys that were not trained on"));
    let names: Vec<&str> = list(&run.report, "/keys/classes").iter().map(|n| n.as_str().unwrap_or("-")).collect();
    let rows: Vec<Vec<u64>> = list(&run.report, "/confusion")
        .iter()
        .map(|row| row.as_array().into_iter().flatten().map(|n| n.as_u64().unwrap_or(0)).collect())
        .collect();
    let unknown = rows.iter().any(|row| row.get(names.len()).is_some_and(|n| *n > 0));
    let shown = names.len() + usize::from(unknown);
    let flips: Vec<Series> = list(&run.report, "/flips/curves")
        .iter()
        .map(|curve| {
            let point = |p: &Value| Some((number(p, "/noise")?, number(p, "/accuracy")?, number(p, "/deviation")));
            let points = list(curve, "/points").iter().filter_map(point).collect();
            Series { label: text(curve, "/label").unwrap_or("-").to_owned(), points }
        })
        .collect();
    let body = html! {
        (bars(&format!("Right class{asked}"), &shares.iter().map(bar).collect::<Vec<_>>()))
        @if !flips.is_empty() {
            (Plot { id: "flips", title: "Right class against flipped bits", x: "flipped bits", x_text: percent, y: "right class", series: flips }.draw())
        }
        @if !rows.is_empty() && rows.len() == names.len() {
            div.wide tabindex="0" role="region" aria-label="Which classes are answered" {
                table.confusion {
                    caption { "Keys by their class (rows) and the answer (columns)" }
                    thead { tr { td {} @for name in &names { th scope="col" { (name) } } @if unknown { th scope="col" { "unknown" } } } }
                    tbody { @for (c, row) in rows.iter().enumerate() {
                        tr { th scope="row" { (names[c]) }
                            @for (a, n) in row.iter().take(shown).enumerate() {
                                @let all = row.iter().fold(0u64, |sum, n| sum.saturating_add(*n));
                                @let part = *n as f64 / all.max(1) as f64;
                                td class=(if *n == 0 { "none" } else if a == c { "right" } else { "wrong" })
                                    style=(format!("--part:{part:.3}")) title=(format!("{n} of {all} of class {}, answered {}", names[c], names.get(a).unwrap_or(&"unknown"))) { (n) }
                            }
                        }
                    } }
                }
            }
        }
        p { "k planes are k bits for each dual weight. Nearest: a search answers the class of the nearest stored key." }
    };
    Some(Section { id: "classes", title: "Right classes".into(), body })
}

/// What a board that learns got right, after so many examples.
pub fn lessons(run: &Run) -> Option<Section> {
    let all = list(&run.report, "/lessons");
    if all.is_empty() {
        return None;
    }
    let keys = |of: &str| count(&run.report, of).map_or("-".to_owned(), |q| q.to_string());
    let lines = [
        ("the board's memory".to_owned(), "/memory"),
        ("nearest example".to_owned(), "/nearest"),
        ("trained on the same".to_owned(), "/trained"),
    ];
    let line = |(label, at): (String, &str)| {
        let points = all.iter().filter_map(|l| Some((number(l, "/examples")?, number(l, at)?, None))).collect();
        Series { label, points }
    };
    let series = lines.into_iter().map(line).collect();
    let x_text = |n: f64| format!("{n:.0}");
    let level = text(&run.report, "/level").unwrap_or("-");
    let body = html! {
        (Plot { id: "lessons-plot", title: "Right class against examples of each class", x: "examples of each class", x_text, y: "right class", series }.draw())
        p { "All three were asked the same " (keys("/asked")) " keys." }
        table {
            caption { "The board itself, at its pins: other keys than those of the plot, so other shares" }
            thead { tr { th scope="col" { "examples of each class" } th scope="col" { "stored" } th scope="col" { "right class, " (keys("/asked_at_pins")) " keys" } } }
            tbody { @for l in all { tr { th scope="row" { (number(l, "/examples").map_or("-".to_owned(), x_text)) } td { (count(l, "/stored").map_or("-".to_owned(), |n| n.to_string())) }
                td { (number(l, "/board").map_or("-".to_owned(), |share| format!("{share:.4}"))) } } } }
        }
        p { "The board began empty and was taught over its pins (level " (level) "). The nearest example is the class of the nearest stored key;"
            " trained on the same is a model of the same examples, in float." }
    };
    Some(Section { id: "lessons", title: "What it learnt".into(), body })
}

/// The nearest-pattern search beside the vote: its recall, its cells, its clock.
pub fn beside_nearest(run: &Run) -> Option<Section> {
    let nearest = run
        .report
        .get("nearest")
        .filter(|n| !n.is_null())
        .or_else(|| run.build.get("nearest"))
        .filter(|n| !n.is_null())?;
    let hardware = |name: &str| number(nearest, &format!("/hardware/{name}"));
    let ours = |name: &str| number(&run.build, name);
    let whole = |n: Option<f64>| n.map_or("-".to_owned(), |n| format!("{n:.0}"));
    let mhz = |n: Option<f64>| n.map_or("-".to_owned(), |n| format!("{n:.1}"));
    let from = text(nearest, "/hardware/from").unwrap_or("-");
    let of = |who: &'static str, at: &'static str| Series {
        label: who.into(),
        points: list(nearest, "/recall")
            .iter()
            .filter_map(|r| Some((number(r, "/noise")?, number(r, at)?, None)))
            .collect(),
    };
    let series = vec![of("the vote", "/vote"), of("nearest-pattern search", "/nearest")];
    let cues = list(nearest, "/recall").first().and_then(|r| count(r, "/cues"));
    let body = html! {
        div.wide tabindex="0" role="region" aria-label="Sizes and clocks of both" { table {
            caption { "The same patterns, answered by the nearest one: no kernel, no accumulators, one step" }
            thead { tr { td {} th scope="col" { "logic cells" } th scope="col" { "block RAMs" } th scope="col" { "MHz" } th scope="col" { "from" } } }
            tbody {
                tr { th scope="row" { "the vote" } td { (whole(ours("/logic_cells/used"))) } td { (whole(ours("/block_rams/used"))) } td { (mhz(ours("/fmax_mhz"))) } td { "measured" } }
                tr { th scope="row" { "nearest-pattern search" } td { (whole(hardware("logic_cells"))) } td { (whole(hardware("block_rams"))) } td { (mhz(hardware("mhz"))) } td { (from) } }
            }
        } }
        (Plot { id: "nearest-plot", title: "Right answers of both", x: "flipped bits", x_text: percent, y: "right answers", series }.draw())
        @if let Some(cues) = cues { p { "Both were asked the same " (cues) " cues at each level." } }
    };
    Some(Section { id: "nearest", title: "Beside a nearest-pattern search".into(), body })
}
