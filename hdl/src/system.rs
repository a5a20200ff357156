//! What a program of the system around a core needs: the registers as a C header, and as CMSIS-SVD.

use crate::{
    blocks::link,
    emit::{Design, Link, Top},
    layout::buffer_words,
};
use hopgate_model::{Error, Result, memory::Memory};
use hopgate_wire::{
    layout::Layout,
    page::Identity,
    registers::{Device, c, svd},
    request::Request,
    spi,
};

/// What the client of a board behind SPI is called, unless the design has a name.
const SPI: &str = "hopgate_spi";

impl Design {
    /// The registers that it has: none but behind AXI4-Lite or Wishbone.
    pub fn registers(&self) -> Option<Device> {
        let (Top::Axil { requests, streams, .. } | Top::Wishbone { requests, streams, .. }) = self.top else {
            return None;
        };
        Some(Device { streams, ..self.device(self.name.clone(), requests) })
    }

    /// Where packets of a stream are requests: the first word of one that asks for a recall, whose cue follows.
    pub fn recall_header(&self) -> Option<u16> {
        let cues = Vec::new();
        let request = if self.plan.masks { Request::Masked { cues } } else { Request::Recall { cues } };
        let words = request.encode_in(link::version(&self.plan) as u8, 1);
        words.first().copied().filter(|_| matches!(self.top, Top::Axis { requests: true, .. }))
    }

    /// What a program talks to that it is written for: behind registers, or over SPI.
    fn spoken_to(&self) -> Option<Device> {
        match self.top {
            Top::Board { link: Link::Spi, .. } => {
                let ours = self.name == Top::BOARD;
                Some(self.device(if ours { SPI.into() } else { format!("{}_spi", self.name) }, true))
            }
            _ => self.registers(),
        }
    }

    fn device(&self, name: String, requests: bool) -> Device {
        let plan = &self.plan;
        Device {
            name,
            version: env!("CARGO_PKG_VERSION").into(),
            kind: plan.kind,
            neurons: plan.neurons,
            outputs: plan.outputs,
            cue_words: plan.cue_words(),
            answer_words: plan.register_words(),
            answers: plan.register_answers(),
            masks: plan.masks,
            requests: requests.then(|| link::version(plan) as u8),
            window: buffer_words(plan.cue_words(), plan.beats),
            loads: plan.loadable,
            learns: plan.learns,
            auto_store: plan.auto_store,
            streams: false,
        }
    }

    /// The name and the text of a C header with the requests that load a memory into it: an array of this name, for the function
    /// `load` of its header.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](hopgate_model::ErrorKind::Usage) if nothing can be loaded; as [`Layout::of`] if the memory does not fit.
    pub fn load(&self, memory: &Memory, sha256: [u8; 32], array: &str) -> Result<(String, String)> {
        // a stream has no program of ours
        let what = match self.top {
            Top::Axis { .. } => Some("what loads a memory: WRITEs to send as packets between one of BEGIN and one of COMMIT, each behind its number of words, then a 0".into()),
            _ => self.spoken_to().map(|device| format!("what {}_load() loads", device.name)),
        };
        let (Some(what), Some(page), true) = (what, &self.page, self.plan.loadable) else {
            return Err(Error::usage("nothing can be loaded into this core")
                .hint("it takes requests with `protocol framed`, behind AXI4-Stream, AXI4-Lite, Wishbone or SPI"));
        };
        let identity = Identity::of(&page.words.iter().map(|&word| word as u16).collect::<Vec<_>>())?;
        let requests = Layout::of(memory, sha256, &identity)?.writes(&identity);
        let mut words = Vec::new();
        for request in requests {
            let request = request.encode_in(identity.version(), 1);
            words.push(request.len() as u16);
            words.extend(request);
        }
        words.push(0);
        let lines: String = words
            .chunks(12)
            .map(|line| {
                let line: Vec<String> = line.iter().map(|word| format!("0x{word:04x}")).collect();
                format!("    {},\n", line.join(", "))
            })
            .collect();
        let file = format!("{array}.h");
        let guard = array.to_uppercase();
        let text = format!(
            "/* {array}: {what}. This file is yours to use as you like. */\n#ifndef {guard}_H\n#define {guard}_H\n\n\
             #include <stdint.h>\n\nstatic const uint16_t {array}[{count}] = {{\n{lines}}};\n\n#endif\n",
            count = words.len(),
        );
        Ok((file, text))
    }

    /// The names and the texts of the files for programs, for beside its other files.
    pub fn programs(&self) -> Vec<(String, String)> {
        let Some(device) = self.spoken_to() else { return Vec::new() };
        let name = &device.name;
        if let Top::Board { .. } = self.top {
            let files = spi::client(&device).unwrap_or_default();
            return files
                .into_iter()
                .zip(["h", "c"])
                .map(|(text, ending)| (format!("{name}.{ending}"), text))
                .collect();
        }
        vec![(format!("{name}.h"), c::header(&device)), (format!("{name}.svd"), svd::svd(&device))]
    }
}
