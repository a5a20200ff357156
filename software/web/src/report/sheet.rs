//! The contact sheet: cues with their answers, and who voted for them.

use super::{
    Section,
    picture::{path, picture},
    run::{Asked, Run},
};
use hopgate_model::{
    bits::{bit, hamming},
    kernel::KernelMode,
    kind::Kind,
    reference,
};
use maud::{Markup, html};

/// Cues that are shown, at most, and voters of each.
const SHOWN: usize = 48;
const VOTERS: usize = 6;
/// Wider patterns than this are no pictures to look at.
const MOST_NEURONS: usize = 4096;

/// The sheet; none without a memory and what it was asked.
pub fn sheet(run: &Run) -> Option<Section> {
    let asked = run.asked.as_ref()?;
    let (memory, cues) = (&asked.stored.memory, asked.cues.rows());
    if memory.neurons() > MOST_NEURONS || cues == 0 {
        return None;
    }
    let shown = SHOWN.min(cues);
    // spread over all cues, so that the sheet shows more than the first patterns
    let which: Vec<usize> = (0..shown).map(|i| i * cues / shown).collect();
    let body = html! {
        p { "Choose a cue, by the mouse or the keyboard, to see who voted for its answer. Shown are " (shown) " of " (cues) " cues"
            @if memory.kind() == Kind::Auto || memory.kind() == Kind::Sequence { "; bits of the answer that are not those of the nearest stored pattern are red" } "." }
        div.sheet {
            @for (i, &q) in which.iter().enumerate() {
                div.cell {
                    button type="button" aria-controls="voters" aria-pressed=(if i == 0 { "true" } else { "false" }) data-cue=(q) aria-label=(format!("cue {q}: {}", answer_text(asked, q))) { (cue(asked, q)) (answer(asked, q)) }
                    div.detail hidden { (detail(asked, q)) }
                }
            }
        }
        div #voters aria-live="polite" {}
    };
    Some(Section { id: "sheet", title: "Cues and answers".into(), body })
}

/// What was asked.
fn cue(asked: &Asked, q: usize) -> Markup {
    let row = asked.cues.row(q);
    let shape = asked.shape();
    picture(&format!("cue {q}"), &path(|i| bit(row, i), asked.stored.memory.neurons(), shape.1), "", shape)
}

/// What was answered: a key as a picture, a class by its name, a value by its ones.
fn answer(asked: &Asked, q: usize) -> Markup {
    let memory = &asked.stored.memory;
    match memory.kind() {
        Kind::Auto | Kind::Sequence => {
            let (state, stored) = (asked.trace.state.row(q), memory.patterns().row(nearest(asked, q)));
            let shape = asked.shape();
            let ones = path(|i| bit(state, i), memory.neurons(), shape.1);
            let wrong = path(|i| bit(state, i) != bit(stored, i), memory.neurons(), shape.1);
            picture("answer", &ones, if memory.kind() == Kind::Auto { &wrong } else { "" }, shape)
        }
        Kind::Class | Kind::Map => html! { span.answer { (answer_text(asked, q)) } },
    }
}

/// The nearest pattern of the last step, within the memory.
fn nearest(asked: &Asked, q: usize) -> usize {
    (asked.trace.nearest[q] as usize).min(asked.stored.memory.patterns().rows() - 1)
}

/// The answer in words.
fn answer_text(asked: &Asked, q: usize) -> String {
    let memory = &asked.stored.memory;
    let unknown = if asked.trace.known[q] { "" } else { " (unknown: beyond the radius)" };
    let what = match (memory.kind(), asked.trace.ranking.as_ref().and_then(|all| all.get(q))) {
        (_, Some(ranking)) => asked.class(ranking.class),
        (Kind::Map, _) => {
            let state = asked.trace.state.row(q);
            format!("{} of {} bits are one", (0..memory.outputs()).filter(|&i| bit(state, i)).count(), memory.outputs())
        }
        _ => asked.name(nearest(asked, q)),
    };
    what + unknown
}

/// One voter of the first step.
struct Voter {
    mu: usize,
    distance: u32,
    e: u32,
    /// What its bits are added and subtracted with, summed over the planes.
    weight: u64,
    /// Of classes: what it adds to the score of the answer.
    score: Option<i64>,
}

/// The voters of the first step, by what the contract gives them; the strongest first.
fn voters(asked: &Asked, q: usize) -> Vec<Voter> {
    let memory = &asked.stored.memory;
    let distances = reference::distances(memory, asked.cues.row(q));
    let base = match memory.parts().kernel_mode {
        KernelMode::Normalised => distances.iter().copied().min().unwrap_or(0),
        KernelMode::Fixed => 0,
    };
    let class = asked.trace.ranking.as_ref().and_then(|all| all.get(q)).map(|r| r.class);
    let voter = |(mu, &distance): (usize, &u32)| {
        let e = distance - base;
        if e > memory.reach() {
            return None;
        }
        let weights: Vec<u32> = memory.kernel().iter().map(|column| column[e as usize]).collect();
        let score = class.map(|c| {
            let signed = |(plane, &w): (&hopgate_model::bits::BitMatrix, &u32)| {
                if plane.get(mu, c) { i64::from(w) } else { -i64::from(w) }
            };
            i64::from(memory.offset()[e as usize]) + memory.planes().iter().zip(&weights).map(signed).sum::<i64>()
        });
        Some(Voter { mu, distance, e, weight: weights.iter().map(|&w| u64::from(w)).sum(), score })
    };
    let mut all: Vec<Voter> = distances.iter().enumerate().filter_map(voter).collect();
    all.sort_by_key(|v| (std::cmp::Reverse(v.weight), v.mu));
    all
}

fn detail(asked: &Asked, q: usize) -> Markup {
    let memory = &asked.stored.memory;
    let all = voters(asked, q);
    let (t, shape) = (&asked.trace, asked.shape());
    let ranking = t.ranking.as_ref().and_then(|all| all.get(q));
    let stored = |mu: usize| {
        let row = memory.patterns().row(mu);
        picture(&asked.name(mu), &path(|i| bit(row, i), memory.neurons(), shape.1), "", shape)
    };
    html! {
        h3 { "Cue " (q) ": " (answer_text(asked, q)) }
        div.pair { figure { (cue(asked, q)) figcaption { "cue" } } figure { (answer(asked, q)) figcaption { "answer" } }
            figure { (stored(nearest(asked, q))) figcaption { "nearest, " (asked.name(nearest(asked, q))) } } }
        p { (t.steps[q]) @if t.steps[q] == 1 { " step" } @else { " steps" } @if !t.converged[q] { ", not converged" } "; the nearest pattern of the last one is "
            (t.distance[q]) " bits away"
            @if memory.kind() == Kind::Auto { "; the cue is " (hamming(asked.cues.row(q), t.state.row(q))) " bits from the answer" }
            @if let Some(r) = ranking { "; score " (r.score) ", " (r.margin) " more than class " (asked.class(r.second)) } "." }
        div.wide tabindex="0" role="region" aria-label="Voters" { table.voters {
            caption { "Voters of the first step: " (all.len()) " of " (memory.patterns().rows()) " patterns within reach " (memory.reach())
                @if all.len() > VOTERS { ", the strongest " (VOTERS) " of them" } }
            thead { tr { th scope="col" { "pattern" } th scope="col" { "name" } th scope="col" { "distance" } th scope="col" { "e" } th scope="col" { "weight" }
                @if ranking.is_some() { th scope="col" { "adds to the score" } } } }
            tbody { @for v in all.iter().take(VOTERS) { tr { td { (stored(v.mu)) } th scope="row" { (asked.name(v.mu)) } td.number { (v.distance) } td.number { (v.e) } td.number { (v.weight) }
                @if let Some(score) = v.score { td.number { (score) } } } } }
        } }
    }
}
