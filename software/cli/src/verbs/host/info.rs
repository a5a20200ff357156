//! `hopgate host info`: what the board is, and what it holds.

use super::Connect;
use crate::ui::{Ui, table};
use hopgate_model::{Result, kind::Kind};
use hopgate_wire::page::{self, Held, Identity};
use serde_json::json;

/// What the board is, and which memory it holds
#[derive(clap::Args)]
pub struct Args {}

/// Runs it.
pub fn run(_: Args, connect: Connect, ui: &Ui) -> Result<()> {
    let board = connect()?;
    let (is, held) = (board.identity(), board.held());
    let json = json!({
        "board": {
            "version": is.version,
            "kind": is.kind.name(),
            "kinds": is.kinds.iter().map(Kind::name).collect::<Vec<_>>(),
            "neurons": is.neurons,
            "outputs": if is.valued() { is.outputs } else { is.neurons },
            "lanes": is.lanes(),
            "patterns": is.patterns,
            "planes": is.planes,
            "parallel": is.parallel,
            "fold": is.fold,
            "beats": is.beats,
            "readout": match is.ranks {
                0 if is.nearest => "nearest",
                0 => "vote",
                _ => "ranked",
            },
            "fixed": is.fixed,
            "shared_top": is.shared_top,
            "self_test": is.self_test,
            "radius": is.radius,
            "masks": is.masks,
            "learns": is.learns,
            "auto_store": is.auto_store,
            "empty_after_configuration": is.empty,
            "kernel_bits": is.kernel_bits,
            "accumulator_bits": is.accumulator_bits,
            "reach": is.stride.saturating_sub(1),
            "threshold_bits": is.threshold_bits,
            "window": is.window,
            "clock_hz": is.clock,
            "baud": is.baud,
            "latency": is.step_latency(),
            "built_in_sha256": page::hex(&is.built_in),
        },
        "memory": {
            "valid": held.valid(),
            "neurons": held.neurons,
            "outputs": if is.valued() { held.outputs } else { held.neurons },
            "patterns": held.patterns,
            "planes": held.planes,
            "reach": held.entries.saturating_sub(1),
            "max_steps": held.max_steps,
            "radius": is.radius.then_some(held.radius),
            "changed": is.learns.then_some(held.changed),
            "kernel_mode": if held.fixed_mode { "fixed" } else { "normalised" },
            "sha256": page::hex(&held.sha256),
        },
    });
    ui.result("host.info/1", &json, || {
        let origin = if held.sha256 == is.built_in && !is.empty { "built in" } else { "loaded" };
        let holds = match held.valid() {
            true if held.changed => format!("{}, {origin}, and learnt since", contents(is, held)),
            true => format!("{}, {origin}", contents(is, held)),
            // no number of a load is zero
            false if is.empty && held.commit == 0 => "nothing yet: its rows are in SPRAM, load a memory".to_owned(),
            false => "nothing valid: a load was interrupted".to_owned(),
        };
        let loads = if is.fixed { "no: it is fixed" } else { "yes" };
        table(
            &[
                ("board", format!("hopgate {}", is.version)),
                ("answers with", answers(is, held)),
                ("kinds", kinds(is)),
                ("room for", room(is)),
                ("core", core(is)),
                ("clock", format!("{} MHz", f64::from(is.clock) / 1e6)),
                ("line", format!("{} baud, a window of {} words", is.baud, is.window)),
                ("can be loaded", loads.to_owned()),
                ("self-test", if is.self_test { "yes" } else { "no" }.to_owned()),
                ("holds", holds),
                ("sha256", page::hex(&held.sha256)),
            ]
            .map(|(name, fact)| vec![name.to_owned(), fact]),
        )
    })?;
    super::note_line(&board, ui);
    Ok(())
}

/// What it answers with, and which answers are known.
fn answers(is: &Identity, held: &Held) -> String {
    let what = match is.kind {
        _ if is.ranks > 0 => {
            let classes = if is.lists_classes() { ", each with its class" } else { "" };
            format!(
                "a list of the {} nearest patterns{classes}, within {} bits",
                is.ranks,
                held.entries.saturating_sub(1)
            )
        }
        _ if is.nearest => "the nearest pattern".to_owned(),
        Kind::Auto => "a state: kind auto".to_owned(),
        Kind::Map => "a value: kind map".to_owned(),
        Kind::Class => "a class: kind class".to_owned(),
        Kind::Sequence => format!("a sequence of {} states: kind sequence", held.max_steps),
    };
    match is.radius {
        true => format!("{what}; unknown beyond a distance of {}", held.radius),
        false => what,
    }
}

/// What it could answer with.
fn kinds(is: &Identity) -> String {
    match is.kinds.several() {
        true => format!("{}: memories of each can be loaded", is.kinds),
        false => is.kinds.to_string(),
    }
}

/// How it is built.
fn core(is: &Identity) -> String {
    let masks = if is.masks { ", takes masks" } else { "" };
    let learns = match (is.learns, is.auto_store) {
        (_, true) => ", learns, stores unknown cues",
        (learns, false) => {
            if learns {
                ", learns"
            } else {
                ""
            }
        }
    };
    let rows = match is.beats {
        1 => format!("{} rows a cycle", is.parallel),
        beats => format!("{} rows in {beats} beats, of {} lanes", is.parallel, is.lanes()),
    };
    format!("{rows}, fold {}{masks}{learns}", is.fold)
}

/// What the memory is made of.
pub(super) fn contents(is: &Identity, held: &Held) -> String {
    format!(
        "{} patterns of {} neurons{}, {} planes",
        held.patterns,
        held.neurons,
        of(is.kind, held.outputs),
        held.planes
    )
}

/// What there is room for.
fn room(is: &Identity) -> String {
    let keys = format!("{} patterns of {} neurons", is.patterns, is.neurons);
    if is.nearest {
        return format!("{keys}, nearest pattern only");
    }
    format!(
        "{keys}{}, {} planes{}, reach {}, {} bits a kernel entry, {} an accumulator{}",
        match is.kinds.several() && is.valued() {
            true => format!(" with {} outputs", is.outputs),
            false => of(is.kind, is.outputs),
        },
        is.planes,
        if is.shared_top { " (the top one is the patterns)" } else { "" },
        is.stride.saturating_sub(1),
        is.kernel_bits,
        is.accumulator_bits,
        if is.threshold_bits > 0 { ", offsets" } else { "" },
    )
}

/// So many outputs, where they are apart from the keys.
fn of(kind: Kind, outputs: usize) -> String {
    match kind {
        Kind::Auto | Kind::Sequence => String::new(),
        Kind::Map => format!(" with values of {outputs} bits"),
        Kind::Class => format!(" of {outputs} classes"),
    }
}
