//! What the memory is, how it was trained, and what all of it was made by.

use super::{
    Section, facts,
    run::Run,
    value::{count, list, number, percent, text},
};
use hopgate_files::folder;
use maud::html;
use serde_json::Value;

/// Sizes of the memory, and its training.
pub fn sizes(run: &Run) -> Option<Section> {
    let shape = |name: &str| run.build.pointer(&format!("/design/shape/{name}"));
    let whole = |n: u64| n.to_string();
    let mut rows: Vec<(&str, String)> = Vec::new();
    let kind = shape("kind").and_then(Value::as_str);
    rows.extend(kind.map(|k| ("kind", k.to_owned())));
    rows.extend(count(&run.report, "/keys/samples").map(|n| ("keys that were trained on", whole(n))));
    if let (Some(p), Some(n)) = (run.size("patterns"), run.size("neurons")) {
        rows.push(("patterns", format!("{p} of {n} bits, load P/N = {:.2}", p as f64 / n.max(1) as f64)));
    }
    let classes = list(&run.report, "/keys/classes").len() as u64;
    rows.extend((classes > 0).then_some(classes).or(count(&run.report, "/classes")).map(|n| ("classes", whole(n))));
    rows.extend(run.size("planes").map(|k| ("planes", whole(k))));
    rows.extend(count(&run.report, "/memory/storage_bits").map(|n| ("stored bits", whole(n))));
    let bits = run.size("kernel_bits").map(|n| format!("{n} bits"));
    let reach = run.size("reach").map(|n| format!("reach {n}"));
    let mode = shape("kernel_mode").and_then(Value::as_str).map(str::to_owned);
    let kernel: Vec<String> = [mode, bits, reach].into_iter().flatten().collect();
    rows.extend((!kernel.is_empty()).then(|| ("kernel", kernel.join(", "))));
    rows.extend(
        run.size("accumulator_bits").map(|n| ("accumulators", format!("{n} bits, for every state (proven bound)"))),
    );
    let model = run.report.get("model").cloned().unwrap_or_default();
    let meta = |name: &str| model.pointer(&format!("/meta/{name}")).or_else(|| model.pointer(&format!("/{name}")));
    let gamma = number(&model, "/gamma").or(number(&run.report, "/gamma"));
    let lambda = number(&model, "/lambda");
    let mut training: Vec<(&str, String)> = Vec::new();
    let iterations = meta("iterations").and_then(Value::as_u64).map_or(String::new(), |n| format!(", {n} iterations"));
    training.extend(meta("solver").and_then(Value::as_str).map(|s| ("solver", format!("{s}{iterations}"))));
    training.extend(meta("residual").and_then(Value::as_f64).map(|r| ("KKT residual", format!("{r:.2e}"))));
    training.extend(gamma.map(|g| ("gamma", format!("{g:.4}"))));
    training.extend(lambda.map(|l| ("lambda", l.to_string())));
    training.extend(number(&run.report, "/noise").map(|p| ("flips that gamma is for", percent(p))));
    if rows.is_empty() && training.is_empty() {
        return None;
    }
    let body = html! { (facts("The memory", &rows)) @if !training.is_empty() { (facts("Its training", &training)) } };
    Some(Section { id: "sizes", title: "Sizes".into(), body })
}

/// What made it: versions, seeds and hashes.
pub fn provenance(run: &Run) -> Option<Section> {
    let mut rows: Vec<(&str, String)> = Vec::new();
    let version =
        text(&run.report, "/version").or(text(&run.build, "/design/hopgate")).or(text(&run.certificate, "/hopgate"));
    rows.extend(version.map(|v| ("hopgate", v.to_owned())));
    rows.extend(count(&run.report, "/seed").map(|s| ("seed", s.to_string())));
    let of_report = text(&run.report, "/memory/sha256")
        .or(text(&run.certificate, "/memory"))
        .or(text(&run.build, "/design/memory"));
    let of_files = run.asked.as_ref().map(|asked| folder::hash(&asked.stored.memory));
    rows.extend(of_report.map(str::to_owned).or(of_files).map(|h| ("memory, SHA-256", h)));
    let bitstream = text(&run.build, "/bitstream").and_then(|name| run.build.get("outputs")?.get(name)?.as_str());
    rows.extend(bitstream.or(text(&run.certificate, "/bitstream")).map(|h| ("bitstream, SHA-256", h.to_owned())));
    rows.extend(number(&run.build, "/seconds/all").map(|s| ("the build took", format!("{s:.0} s"))));
    let mut tools: Vec<&str> =
        list(&run.build, "/tools").iter().filter_map(|t| text(t, "/banner")).filter(|b| !b.is_empty()).collect();
    tools.extend(list(&run.certificate, "/tools").iter().filter_map(Value::as_str));
    tools.sort_unstable();
    tools.dedup();
    let commands = list(&run.build, "/commands");
    let hashes = |of: &str| -> Vec<(String, String)> {
        let all = run.build.get(of).and_then(Value::as_object).into_iter().flatten();
        all.filter_map(|(name, hash)| Some((name.clone(), hash.as_str()?.to_owned()))).collect()
    };
    let files: Vec<(String, String)> = hashes("inputs").into_iter().chain(hashes("outputs")).collect();
    let body = html! {
        (facts("What made it", &rows))
        @if !tools.is_empty() { h3 { "Tools" } ul { @for tool in &tools { li { (tool) } } } }
        @if !commands.is_empty() { details { summary { "Commands" } ol.nets { @for c in commands { li { code { (c.as_str().unwrap_or("-")) } } } } } }
        @if !files.is_empty() {
            details { summary { "Files that went in and came out: " (files.len()) }
                div.wide tabindex="0" role="region" aria-label="Files and their hashes" { table {
                    thead { tr { th scope="col" { "file" } th scope="col" { "SHA-256" } } }
                    tbody { @for (name, hash) in &files { tr { th scope="row" { code { (name) } } td { code { (hash) } } } } }
                } } }
        }
    };
    Some(Section { id: "provenance", title: "Provenance".into(), body })
}
