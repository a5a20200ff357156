//! Whether synthesis put into block RAM what was planned to be there.
//!
//! Of a memory that a tool cannot map it makes logic, mostly without a word: the design grows beyond its device, or loses what it
//! should begin with. So the netlist is compared with the plan before anything is placed.

use crate::{family::Family, memories::Declared, synth::Netlist};
use hopgate_model::{Error, ErrorKind, Result};
use std::{cmp::Ordering, collections::BTreeMap};

/// Block RAMs that a part of a design should take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// What it is.
    pub part: String,
    /// How many.
    pub block_rams: u64,
}

/// Compares a netlist with the plan; an empty plan is none. Returns a warning if the netlist has more block RAMs than planned: it holds
/// everything, and whether it fits is for place and route to say.
///
/// # Errors
/// [`ErrorKind::Failed`] if it has fewer, or a declared memory has none: which, and what was planned.
pub(crate) fn check(
    netlist: &Netlist,
    family: Family,
    planned: &[Planned],
    declared: &[Declared],
) -> Result<Option<String>> {
    if planned.is_empty() {
        return Ok(None);
    }
    let found = found(netlist, family);
    let all: u64 = found.values().sum();
    let plan: u64 = planned.iter().map(|p| p.block_rams).sum();
    match all.cmp(&plan) {
        Ordering::Greater => {
            return Ok(Some(format!("{all} block RAMs were inferred, but {plan} planned: {}", listed(&found))));
        }
        Ordering::Equal => return Ok(None),
        Ordering::Less => {}
    }
    // the last rows of a lane may be in logic cells on purpose, beside others of it that are not: those count in the sum alone
    let lost: Vec<String> = declared
        .iter()
        .filter(|memory| memory.register != TAIL && !found.contains_key(&memory.name()))
        .map(|memory| format!("{} ({})", memory.name(), memory.file))
        .collect();
    let which = match lost.is_empty() {
        true => String::new(),
        false => format!("; in none of them: {}", lost.join(", ")),
    };
    let what = format!(
        "synthesis made {all} block RAMs, but {plan} were planned, so a memory was lost or became logic{which}\n\
         planned: {}\n\
         made: {}",
        planned.iter().map(|p| format!("{} {}", p.part, p.block_rams)).collect::<Vec<_>>().join(", "),
        listed(&found)
    );
    Err(Error::new(ErrorKind::Failed, what).hint(
        "look for the memory in logs/synthesis.log; another version of yosys, or other flags of synthesis in the board's file, \
         may map it",
    ))
}

/// The register of a memory that is in logic cells on purpose.
const TAIL: &str = "rest";

/// The block RAMs of a netlist.
pub(crate) fn inferred(netlist: &Netlist, family: Family) -> u64 {
    found(netlist, family).values().sum()
}

/// Block RAMs of each memory, by its name.
fn found(netlist: &Netlist, family: Family) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for (name, kind) in &netlist.instances {
        let Some(size) = family.block_ram_cells().get(kind) else { continue };
        // yosys counts copies, and in each the blocks: u.mem.0.3
        let mut parts = name.rsplitn(3, '.');
        let numbered = [parts.next(), parts.next()].iter().all(|n| n.is_some_and(|n| n.parse::<u32>().is_ok()));
        let memory = parts.next().filter(|_| numbered).unwrap_or(name);
        *found.entry(memory.to_owned()).or_insert(0) += size;
    }
    found
}

fn listed(found: &BTreeMap<String, u64>) -> String {
    match found.is_empty() {
        true => "none".to_owned(),
        false => found.iter().map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn netlist(cells: &[(&str, &str)]) -> Netlist {
        let instances = cells.iter().map(|(name, kind)| (name.to_string(), kind.to_string())).collect();
        Netlist { ports: Vec::new(), cells: BTreeMap::new(), instances }
    }

    fn declared(path: &str, register: &str) -> Declared {
        Declared { path: path.into(), register: register.into(), file: format!("{path}.hex") }
    }

    const CELLS: [(&str, &str); 4] = [
        ("u.mem.0.0", "SB_RAM40_4K"),
        ("u.mem.0.1", "SB_RAM40_4K"),
        ("queue.mem.0.0", "SB_RAM40_4KNR"),
        ("x", "SB_LUT4"),
    ];

    fn checked(cells: &[(&str, &str)], plan: u64, declared: &[Declared]) -> Result<Option<String>> {
        let planned = [Planned { part: "all".into(), block_rams: plan }];
        check(&netlist(cells), Family::find("ice40").unwrap(), &planned, declared)
    }

    #[test]
    fn what_is_as_planned() {
        assert_eq!(checked(&CELLS, 3, &[declared("u", "mem")]).unwrap(), None);
        assert_eq!(check(&netlist(&[]), Family::find("ice40").unwrap(), &[], &[]).unwrap(), None, "no plan");
        let more = checked(&CELLS, 2, &[]).unwrap().unwrap();
        assert!(more.contains("3 block RAMs were inferred, but 2 planned: queue.mem 1, u.mem 2"), "{more}");
    }

    #[test]
    fn what_is_lost_is_named() {
        let e = checked(&CELLS[2..], 3, &[declared("u", "mem"), declared("u", "rest")]).unwrap_err().to_string();
        assert!(
            e.contains("made 1 block RAMs, but 3 were planned") && e.contains("none of them: u.mem (u.hex)\n"),
            "{e}"
        );
        assert!(e.contains("planned: all 3") && e.contains("made: queue.mem 1"), "{e}");
        // one that nothing declares, since it begins empty
        let e = checked(&CELLS[..2], 3, &[declared("u", "mem")]).unwrap_err().to_string();
        assert!(e.contains("made: u.mem 2") && !e.contains("none of them"), "{e}");
    }

    /// The cells of one family say nothing of another.
    #[test]
    fn cells_of_the_family_count() {
        let planned = [Planned { part: "all".into(), block_rams: 3 }];
        let e = check(&netlist(&CELLS), Family::find("gowin").unwrap(), &planned, &[]).unwrap_err().to_string();
        assert!(e.contains("made 0 block RAMs") && e.contains("made: none"), "{e}");
    }
}
