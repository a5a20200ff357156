//! The trials of wrappers leave to other trials what those have, and nothing else.

use hopgate_formal::mutate::{kind, module_name};
use hopgate_hdl::{Design, Top, emit};
use hopgate_sim::{trial, wrapper};
use std::collections::BTreeSet;

fn kinds(design: &Design) -> BTreeSet<String> {
    design.verilog.lines().filter_map(module_name).map(|name| kind(name, design.top.name())).collect()
}

#[test]
fn every_block_of_a_wrapper_is_in_a_trial() {
    let mut known: BTreeSet<String> = wrapper::BLOCKS.into_iter().map(str::to_owned).collect();
    // packets, and the commands that boards have too
    for name in ["two_cores_partly_known", "a_board_that_learns"] {
        let trial = trial::TRIALS.iter().find(|t| t.name == name).unwrap();
        known.extend(kinds(&trial.prepare().unwrap().design));
    }
    let mut own = BTreeSet::new();
    for trial in &wrapper::TRIALS {
        let design = trial.prepare().unwrap().design;
        let core = kinds(&emit(&design.plan, Top::Core, "core").unwrap());
        let here = kinds(&design);
        let others: Vec<&String> = here.iter().filter(|kind| !core.contains(*kind) && !known.contains(*kind)).collect();
        assert!(others.is_empty(), "{}: {others:?}", trial.name);
        own.extend(here.into_iter().filter(|kind| wrapper::BLOCKS.contains(&kind.as_str())));
    }
    assert_eq!(own.len(), wrapper::BLOCKS.len(), "{own:?}");
}
