//! The ladder from the model down to the bitstream, with its certificate.

use super::{
    Section,
    run::Run,
    value::{count, list, text},
};
use maud::html;

/// The rungs, and what was hashed.
pub fn ladder(run: &Run) -> Option<Section> {
    let of_certificate = list(&run.certificate, "/rungs");
    let rungs = if of_certificate.is_empty() { list(&run.report, "/ladder") } else { of_certificate };
    if rungs.is_empty() {
        return None;
    }
    let broken = text(&run.certificate, "/first_difference");
    let differs = rungs.iter().find(|r| text(r, "/result") == Some("differs")).and_then(|r| text(r, "/name"));
    let chain = list(&run.certificate, "/chain");
    let body = html! {
        @match broken.or(differs) {
            Some(rung) => p { strong.differs { "The ladder breaks at the rung " (rung) "." } },
            None => p { "Every rung that was looked at is as demanded." },
        }
        div.wide tabindex="0" role="region" aria-label="The rungs" { table.ladder {
            caption { "Each rung beside the one above it. Equality is demanded of integers; between real and integer weights the rate of agreement is stated." }
            thead { tr { th scope="col" { "rung" } th scope="col" { "compared with" } th scope="col" { "what" } th scope="col" { "cues" } th scope="col" { "result" } } }
            tbody { @for r in rungs {
                @let result = text(r, "/result").unwrap_or("-");
                tr { th scope="row" { (text(r, "/name").unwrap_or("-")) } td { (text(r, "/against").unwrap_or("-")) } td { (text(r, "/compared").unwrap_or("-")) }
                    td.number { (count(r, "/cues").map_or("-".to_owned(), |q| q.to_string())) }
                    td { span class={ "result " (match result { "equal" => "equal", "differs" => "differs", _ => "other" }) } { (result) }
                        @if let Some(cycles) = count(r, "/cycles") { " (" (cycles) " cycles)" }
                        @if let Some(detail) = text(r, "/detail") { ": " (detail) } } }
            } }
        } }
        @if let Some(cues) = text(&run.certificate, "/cues") { p { "Cues: " (cues) "." } }
        @if !chain.is_empty() {
            details { summary { "What was hashed: " (chain.len()) " files" }
                div.wide tabindex="0" role="region" aria-label="What was hashed" { table {
                    thead { tr { th scope="col" { "what" } th scope="col" { "file" } th scope="col" { "SHA-256" } th scope="col" { "made by" } } }
                    tbody { @for l in chain { tr { td { (text(l, "/what").unwrap_or("-")) } td { code { (text(l, "/file").unwrap_or("-")) } }
                        td { code { (text(l, "/sha256").unwrap_or("-")) } } td { (text(l, "/made_by").unwrap_or("-")) } } } }
                } }
                @if let Some(end) = chain.last().and_then(|l| text(l, "/chain")) { p { "The chain ends in " code { (end) } "." } }
                p { code { "hopgate verify --check certificate.json" } " hashes everything again." }
            }
        }
    };
    Some(Section { id: "ladder", title: "The ladder".into(), body })
}
