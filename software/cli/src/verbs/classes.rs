//! `hopgate recall` of a memory of classes.

use super::{
    recall::{Args, add_ranked, lists},
    with_outputs,
};
use crate::ui::{Ui, table};
use hopgate::{
    Memory, Result,
    classify::{self, Classified, classify},
    recall,
};
use hopgate_files::{answers, labels};
use serde_json::json;

/// Runs it; the outputs are checked.
pub fn run(args: &Args, memory: &Memory, ui: &Ui) -> Result<()> {
    let cues = args.queries.open(memory.patterns(), memory.kind(), ui)?;
    let names = classify::names(memory);
    let expected = args.expect.as_ref().map(|spec| labels::expected(spec, cues.count(), &names)).transpose()?;
    let bar = ui.follow("classifying");
    let ranked = args.top.map(|top| recall::ranked(memory, &cues, top, &bar)).transpose()?;
    let listed = ranked.as_deref().and_then(|lists| recall::classes_of(memory, lists));
    let found = classify(memory, &cues, expected.as_deref(), &bar)?;
    if let Some(path) = &args.trace {
        let (trace, _) = recall::trace(memory, &cues.all()?, recall::Expected::of(memory, None), &bar)?;
        trace.save_ranked(path, ranked.as_deref(), listed.as_deref())?;
    }
    drop(bar);
    if let Some(path) = &args.output {
        answers::write_classes(path, &found.classes)?;
    }
    let outputs = json!({
        "answers": args.output.as_ref().map(|path| ui.path(path)),
        "trace": args.trace.as_ref().map(|path| ui.path(path)),
    });
    let mut json = json!({ "classes": names, "recall": found });
    add_ranked(&mut json, ranked.as_deref(), listed.as_deref());
    ui.result("recall.classes/1", &with_outputs(outputs, &json)?, || {
        text(&found, &names) + &lists(ranked.as_deref(), memory)
    })
}

/// As a table, and which classes are taken for which.
fn text(found: &Classified, names: &[String]) -> String {
    let of = |n: usize| format!("{n} of {} ({:.2} %)", found.cues, 100.0 * n as f64 / found.cues.max(1) as f64);
    let mut rows = vec![vec!["cues".into(), found.cues.to_string()]];
    if let Some(right) = &found.right {
        rows.push(vec!["right class".into(), of(right.right)]);
        let nearest = |share: f64| vec!["that of the nearest pattern".into(), format!("{:.2} %", 100.0 * share)];
        rows.extend(right.nearest_accuracy.map(nearest));
        rows.extend(confused(&right.confusion, names).map(|pairs| vec!["most often mistaken".into(), pairs]));
    }
    rows.push(vec!["known".into(), of(found.known)]);
    rows.push(vec!["margin".into(), format!("{:.1}", found.mean_margin)]);
    rows.push(vec!["distance of the nearest".into(), format!("{:.2}", found.mean_distance)]);
    table(&rows)
}

/// The three pairs of classes that are mistaken most often.
fn confused(confusion: &[Vec<usize>], names: &[String]) -> Option<String> {
    let cells = confusion.iter().enumerate().flat_map(|(right, row)| {
        let named = row.iter().take(names.len()).enumerate();
        named
            .filter(move |&(answer, &count)| answer != right && count > 0)
            .map(move |(answer, &count)| (count, right, answer))
    });
    let mut worst: Vec<(usize, usize, usize)> = cells.collect();
    worst.sort_by_key(|&(count, right, answer)| (std::cmp::Reverse(count), right, answer));
    let shown =
        worst.iter().take(3).map(|&(count, right, answer)| format!("{} as {} ({count})", names[right], names[answer]));
    (!worst.is_empty()).then(|| shown.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_pairs_come_first() {
        let names = ["a", "b", "c"].map(str::to_owned);
        let confusion = vec![vec![9, 1, 0, 5], vec![0, 9, 3, 0], vec![2, 3, 9, 0]];
        assert_eq!(confused(&confusion, &names).unwrap(), "b as c (3), c as b (3), c as a (2)");
        assert_eq!(confused(&[vec![1, 0, 0], vec![0, 4, 7]], &names[..2]), None);
    }
}
