//! The tools that one build needs, as a whole set.

use crate::{
    board::{Board, ToolNames},
    tools::{self, Tool, Toolbox},
};
use hopgate_model::Result;

/// The tools of a build, all checked before any of them runs.
pub(crate) struct Tools {
    pub(crate) synthesis: Tool,
    pub(crate) place: Tool,
    /// None if place and route is the only judge.
    pub(crate) timing: Option<Tool>,
    pub(crate) pack: Tool,
}

impl Tools {
    /// Those that the board names, or else their WebAssembly builds (`yowasp-...`), which take longer. Only whole sets:
    /// nextpnr reads a netlist only from a yosys of its own generation.
    pub(crate) fn find(toolbox: &Toolbox, names: &ToolNames) -> Result<Tools> {
        let all = [Some(&names.synthesis), Some(&names.place), names.timing.as_ref(), Some(&names.pack)];
        // a tool that is a Python program is the same in both sets
        let other = |name: &String| Some(format!("yowasp-{name}")).filter(|other| tools::info(other).is_some());
        let native = all.iter().flatten().all(|name| toolbox.has(name));
        let wasm = other(&names.place).is_some();
        let require = |name: &String| {
            let other = other(name).filter(|_| wasm && !native);
            toolbox.require(&other.unwrap_or_else(|| name.clone()))
        };
        Ok(Tools {
            synthesis: require(&names.synthesis)?,
            place: require(&names.place)?,
            timing: names.timing.as_ref().map(require).transpose()?,
            pack: require(&names.pack)?,
        })
    }

    pub(crate) fn all(&self) -> Vec<Tool> {
        [Some(&self.synthesis), Some(&self.place), self.timing.as_ref(), Some(&self.pack)]
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }
}

/// Demands the tools of a board, so that a long job does not end at a missing one.
///
/// # Errors
/// [`hopgate_model::ErrorKind::Tool`] for one that is missing, too old or broken.
pub fn check_tools(board: &Board) -> Result<()> {
    Tools::find(&Toolbox::default(), &board.tools).map(|_| ())
}
