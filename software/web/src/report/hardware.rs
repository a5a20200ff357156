//! What the build takes of the device, and how fast it is.

use super::{
    Section,
    chart::{Bar, bars},
    run::Run,
    value::{count, list, number, text},
};
use maud::html;
use serde_json::Value;

/// Shares of the device's resources.
pub fn utilisation(run: &Run) -> Option<Section> {
    let build = Some(&run.build).filter(|b| !b.is_null())?;
    let names = [
        ("logic cells", "logic_cells"),
        ("flip-flops", "flip_flops"),
        ("block RAMs", "block_rams"),
        ("SPRAMs", "sprams"),
    ];
    let all: Vec<Bar> = names
        .into_iter()
        .filter_map(|(label, key)| {
            let (used, room) = (count(build, &format!("/{key}/used"))?, count(build, &format!("/{key}/available"))?);
            let share = used as f64 / room.max(1) as f64;
            let text = format!("{used} of {room} ({:.0} %)", 100.0 * share);
            Some(Bar { label: label.into(), share, text, ours: true })
        })
        .collect();
    let cells: Vec<(&String, u64)> = build
        .get("cells")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(n, c)| Some((n, c.as_u64()?)))
        .collect();
    let device = text(build, "/device").unwrap_or("-");
    let body = html! {
        (bars(&format!("Taken of the {device}"), &all))
        @if !cells.is_empty() {
            details { summary { "Cells of the netlist" } table { thead { tr { th scope="col" { "cell" } th scope="col" { "count" } } }
                tbody { @for (name, n) in cells { tr { th scope="row" { code { (name) } } td { (n) } } } } } }
        }
    };
    Some(Section { id: "device", title: "The device".into(), body })
}

/// A bar of the clock that was reached, every seed, and the critical path with its stages.
pub fn timing(run: &Run) -> Option<Section> {
    let build = Some(&run.build).filter(|b| !b.is_null())?;
    let (fmax, clock) = (number(build, "/fmax_mhz")?, number(build, "/clock_mhz")?);
    let judge = text(build, "/judge").unwrap_or("-");
    let seeds = list(build, "/seeds");
    let most = seeds.iter().filter_map(|s| number(s, "/fmax_mhz")).fold(fmax.max(clock), f64::max);
    let kept = count(build, "/best_seed");
    let mut all =
        vec![Bar { label: "needed".into(), share: clock / most, text: format!("{clock:.1} MHz"), ours: false }];
    all.extend(seeds.iter().map(|seed| {
        let mhz = number(seed, "/fmax_mhz");
        let number = count(seed, "/seed");
        let kept = if number == kept { ", kept" } else { "" };
        Bar {
            label: format!("seed {}{kept}", number.map_or("-".into(), |n| n.to_string())),
            share: mhz.unwrap_or(0.0) / most,
            text: mhz
                .map_or_else(|| text(seed, "/failure").unwrap_or("failed").to_owned(), |mhz| format!("{mhz:.1} MHz")),
            ours: !kept.is_empty(),
        }
    }));
    let met = build.get("timing_met").and_then(Value::as_bool).unwrap_or(false);
    let path = build.get("slowest_stage").filter(|p| !p.is_null());
    let end = |which: &str| {
        let at = |name: &str| path.and_then(|p| text(p, &format!("/{which}/{name}")));
        let net = path.and_then(|p| text(p, &format!("/{which}_net"))).unwrap_or("-");
        (
            at("register").unwrap_or(net).to_owned(),
            at("block").unwrap_or("-").to_owned(),
            at("what").unwrap_or("-").to_owned(),
        )
    };
    let body = html! {
        p { "It reaches " strong { (format!("{fmax:.1} MHz")) } " by " (judge) ", and the board needs " (format!("{clock:.1} MHz")) ": timing is "
            @if met { "met." } @else { strong { "not met." } } }
        (bars("The clock that each run of place and route reached", &all))
        @if let Some(path) = path {
            h3 { "The critical path" @if let Some(ns) = number(path, "/ns") { (format!(": {ns:.2} ns")) } }
            div.wide tabindex="0" role="region" aria-label="The critical path" { table {
                thead { tr { td {} th scope="col" { "register" } th scope="col" { "block" } th scope="col" { "stage" } } }
                tbody { @for (name, which) in [("starts at", "from"), ("ends at", "to")] {
                    @let (register, block, what) = end(which);
                    tr { th scope="row" { (name) } td { code { (register) } } td { (block) } td { (what) } }
                } }
            } }
        }
        @if !list(build, "/critical_path").is_empty() {
            details { summary { "Its nets" } ol.nets { @for net in list(build, "/critical_path") { li { code { (net.as_str().unwrap_or("-")) } } } } }
        }
        (cycles(run))
    };
    Some(Section { id: "timing", title: "Timing".into(), body })
}

/// What a step takes.
fn cycles(run: &Run) -> maud::Markup {
    let at = |name: &str| number(&run.report, name);
    let rows: Vec<(&str, String)> = [
        ("scan", at("/cycles_per_step/scan").map(|n| format!("{n:.0}"))),
        ("candidates", at("/cycles_per_step/candidates").map(|n| format!("{n:.1} queued on average"))),
        ("vote", at("/cycles_per_step/vote").map(|n| format!("{n:.1} on average"))),
        ("latency", at("/cycles_per_step/latency").map(|n| format!("{n:.0}"))),
        ("longest step", at("/cycles_per_step/longest").map(|n| format!("{n:.0}"))),
        ("steps of a recall", at("/steps_per_recall").map(|n| format!("{n:.2} on average"))),
        ("time of a recall", at("/microseconds_per_recall").map(|n| format!("{n:.2} us, words in and out included"))),
        ("cycles of an answer", at("/cosim/cycles_per_answer").map(|n| format!("{n:.1} on average"))),
        ("answers a second", at("/answers_per_second").map(|n| format!("{n:.0}, without the way over the pins"))),
    ]
    .into_iter()
    .filter_map(|(name, fact)| Some((name, fact?)))
    .collect();
    if rows.is_empty() {
        html! {}
    } else {
        html! { h3 { "Cycles" } (super::facts("Cycles of a step, and what follows from them", &rows)) }
    }
}
