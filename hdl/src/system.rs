//! What a program of the system around a core needs: the registers as a C header, and as CMSIS-SVD.

use crate::{
    blocks::link,
    emit::{Design, Top},
    layout::buffer_words,
};
use hopgate_wire::registers::{Device, c, svd};

impl Design {
    /// The registers that it has: none but behind AXI4-Lite or Wishbone.
    pub fn registers(&self) -> Option<Device> {
        let (Top::Axil { requests, .. } | Top::Wishbone { requests, .. }) = self.top else { return None };
        let plan = &self.plan;
        Some(Device {
            name: self.name.clone(),
            version: env!("CARGO_PKG_VERSION").into(),
            kind: plan.kind,
            neurons: plan.neurons,
            outputs: plan.outputs,
            cue_words: plan.cue_words(),
            answer_words: plan.answer_words(),
            answers: plan.answers(),
            masks: plan.masks,
            requests: requests.then(|| link::version(plan) as u8),
            window: buffer_words(plan.cue_words(), plan.beats),
            loads: plan.loadable,
            learns: plan.learns,
        })
    }

    /// The names and the texts of the files for programs, for beside its other files.
    pub fn programs(&self) -> Vec<(String, String)> {
        let Some(device) = self.registers() else { return Vec::new() };
        let name = &self.name;
        vec![(format!("{name}.h"), c::header(&device)), (format!("{name}.svd"), svd::svd(&device))]
    }
}
