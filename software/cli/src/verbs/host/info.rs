//! `hopgate host info`: what the board is, and what it holds.

use super::Connect;
use crate::ui::{Ui, table};
use hopgate_model::Result;
use hopgate_wire::page;
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
            "neurons": is.neurons,
            "lanes": is.lanes(),
            "patterns": is.patterns,
            "planes": is.planes,
            "parallel": is.parallel,
            "fold": is.fold,
            "readout": if is.nearest { "nearest" } else { "vote" },
            "fixed": is.fixed,
            "shared_top": is.shared_top,
            "self_test": is.self_test,
            "masks": is.masks,
            "empty_after_configuration": is.empty,
            "kernel_bits": is.kernel_bits,
            "accumulator_bits": is.accumulator_bits,
            "reach": is.stride.saturating_sub(1),
            "threshold_bits": is.threshold_bits,
            "window": is.window,
            "clock_hz": is.clock,
            "baud": is.baud,
            "latency": is.latency,
            "built_in_sha256": page::hex(&is.built_in),
        },
        "memory": {
            "valid": held.valid(),
            "neurons": held.neurons,
            "patterns": held.patterns,
            "planes": held.planes,
            "reach": held.entries.saturating_sub(1),
            "max_steps": held.max_steps,
            "kernel_mode": if held.fixed_mode { "fixed" } else { "normalised" },
            "sha256": page::hex(&held.sha256),
        },
    });
    ui.result("host.info/1", &json, || {
        let room = match is.nearest {
            true => format!("{} patterns of {} neurons, nearest pattern only", is.patterns, is.neurons),
            false => format!(
                "{} patterns of {} neurons, {} planes{}, reach {}, {} bits a kernel entry, {} an accumulator{}",
                is.patterns,
                is.neurons,
                is.planes,
                if is.shared_top { " (the top one is the patterns)" } else { "" },
                is.stride.saturating_sub(1),
                is.kernel_bits,
                is.accumulator_bits,
                if is.threshold_bits > 0 { ", offsets" } else { "" },
            ),
        };
        let origin = if held.sha256 == is.built_in && !is.empty { "built in" } else { "loaded" };
        let holds = match held.valid() {
            true => format!("{} patterns of {} neurons, {} planes, {origin}", held.patterns, held.neurons, held.planes),
            // no number of a load is zero
            false if is.empty && held.commit == 0 => "nothing yet: its rows are in SPRAM, load a memory".to_owned(),
            false => "nothing valid: a load was interrupted".to_owned(),
        };
        let loads = if is.fixed { "no: it is fixed" } else { "yes" };
        table(
            &[
                ("board", format!("hopgate {}", is.version)),
                ("room for", room),
                (
                    "core",
                    format!(
                        "{} rows a cycle, fold {}{}",
                        is.parallel,
                        is.fold,
                        if is.masks { ", takes masks" } else { "" }
                    ),
                ),
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
