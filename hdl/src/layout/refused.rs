//! What no core is: every refusal of a memory or of a combination of options, with its reason. All other combinations exist.

use super::{
    CoreOptions, LANE, Layout, MAX_ACCUMULATOR_BITS, MAX_CORES, MAX_COUNTED, MAX_LANES, MAX_NEURONS, MAX_PATTERNS,
    MAX_PLANES, MAX_RANKS, MAX_ROW_WORDS, MAX_SCORE_BITS, beats,
};
use crate::options::{Later, Readout};
use hopgate_model::{
    Error, ErrorKind, Result,
    engine::Engine,
    kernel::KernelMode,
    kind::{Kind, Kinds},
    learn,
    memory::{MAX_OUTPUTS, Memory},
};

/// Fails for options that no core has, and for a memory that is too large for any.
pub(super) fn check(memory: &Memory, options: CoreOptions) -> Result<()> {
    let CoreOptions { parallel, fold, lanes, readout, room, sprams, tail, masks, learns, .. } = options;
    let CoreOptions { auto_store, later, cues, cores, .. } = options;
    let (kind, search) = (memory.kind(), readout == Readout::Nearest);
    let (ranks, within) = match readout {
        Readout::Ranked { most, within } => (Some(most), within),
        Readout::Vote | Readout::Nearest => (None, None),
    };
    let (ranked, patterns) = (ranks.is_some(), memory.patterns().rows());
    let loadable = room.is_some();
    let asked = room.unwrap_or_default().kinds.with(kind);
    // of a list, values are left out
    let kinds = if ranked && !asked.several() { Kinds::of(Kind::Auto) } else { asked };
    let (several, valued) = (kinds.several(), kinds.answers_values());
    let n = memory.neurons().max(room.unwrap_or_default().neurons);
    let wide = beats(n.div_ceil(LANE), lanes) > 1;
    let (queue, other) = (later == Later::Queue, later != Later::Scan);
    let moves = || {
        Engine::new(memory)
            .each(memory.patterns(), |_, r, _| r.steps > 1 || !r.converged)
            .into_iter()
            .position(|moves| moves)
    };
    // whether it is refused, why, and what to do instead
    let options: [(bool, String, &str); 34] = [
        (
            several && (search || ranked),
            format!("a core that reads out the nearest patterns answers with patterns, whatever a memory is: there are no kinds {kinds} of it"),
            "leave the readout at `vote`, or `room kinds=...` out",
        ),
        (
            several && learns,
            format!("a core that learns stores patterns of one kind, but there is room for kinds {kinds}"),
            "leave `room kinds=...` out, or the learning",
        ),
        (
            valued && kinds.answers_keys() && wide,
            format!(
                "memories of kinds {kinds}, and rows that are read in beats: the state is in RAM there, where a value that is the next state has no way to"
            ),
            "leave `lanes` out, or take kinds that answer with states, or with values, alone",
        ),
        (
            valued && kinds.answers_keys() && n > MAX_OUTPUTS,
            format!("memories of kinds {kinds} have an output for each neuron, {n} in all, but values have at most {MAX_OUTPUTS}"),
            "take kinds that answer with states, or with values, alone",
        ),
        (
            ![1, 2, 4].contains(&parallel),
            format!("rows scanned in a cycle: {parallel}, but the core takes 1, 2 or 4"),
            "",
        ),
        (!(1..=4).contains(&cues), format!("cues of a scan: {cues}, but the core takes 1 to 4"), ""),
        (
            !(1..=MAX_CORES).contains(&cores),
            format!("cores side by side: {cores}, but a design has 1 to {MAX_CORES}"),
            "",
        ),
        (
            cores > 1 && loadable,
            format!("{cores} cores side by side: they hold a memory that stays, since a load goes to one core"),
            "leave `cores` at 1, or the loading out (`no-load`, or `protocol plain`)",
        ),
        (!(1..=4).contains(&fold), format!("slots of neurons: {fold}, but the core takes 1 to 4"), ""),
        (
            (search || ranked) && fold > 1,
            "a core that reads out the nearest patterns has no accumulators to fold".into(),
            "leave the fold at 1",
        ),
        (
            lanes.is_some_and(|lanes| !(1..=MAX_LANES).contains(&lanes)),
            format!("lanes of 16 bits: {}, but a core has 1 to {MAX_LANES}", lanes.unwrap_or_default()),
            "",
        ),
        (
            wide && fold > 1,
            "a row that is read in beats votes beat by beat: its neurons share accumulators already".into(),
            "leave the fold at 1; fewer lanes do what it does",
        ),
        (
            search && kind != Kind::Auto,
            format!(
                "a core that reads out the nearest pattern answers with a pattern, but the memory is of kind {kind}"
            ),
            "leave the readout at `vote`",
        ),
        (
            fold > 1 && (valued || !kind.answers_keys()),
            match several {
                true => format!("a core of kinds {kinds} has accumulators for its outputs alone: slots of neurons share none"),
                false => format!("a memory of kind {kind} has accumulators for its outputs alone: slots of neurons share none"),
            },
            "leave the fold at 1",
        ),
        (
            !valued && kind.answers_keys() && room.is_some_and(|room| room.outputs > 0),
            match several {
                true => format!("room for outputs, but memories of kinds {kinds} answer with their neurons"),
                false => format!("room for outputs, but a memory of kind {kind} answers with its neurons"),
            },
            "leave `room outputs=...` out, or give `room neurons=...`",
        ),
        (
            sprams > 0 && !loadable,
            "rows in SPRAM have no contents until a memory is loaded".into(),
            "such a core must be one that can be loaded: leave `no-load` out",
        ),
        (
            tail.lanes > 0 && loadable,
            "rows in logic cells cannot be loaded".into(),
            "leave the loading out (`no-load`), or all rows in RAM (`rows block`)",
        ),
        (learns && !loadable, "a core that learns is one that can be loaded".into(), "leave `no-load` out"),
        (
            learns && (parallel > 1 || fold > 1),
            format!(
                "a core that learns scans {parallel} rows a cycle, with {fold} slots of neurons: it takes one of each"
            ),
            "leave `parallel` and `fold` at 1",
        ),
        (
            learns && (masks || sprams > 0),
            "a core that learns takes no masks, and its rows are in block RAM".into(),
            "leave `masks` out, and `rows block`",
        ),
        (
            auto_store && !learns,
            "a core that stores unknown cues is one that learns".into(),
            "let it learn, or leave `auto-store` out",
        ),
        (
            auto_store && (memory.radius() == 0 || memory.radius() as usize >= memory.neurons()),
            match memory.radius() {
                0 => "a core that stores unknown cues, of a memory of radius 0: every cue that is no pattern is unknown, noise included".into(),
                _ => "a core that stores unknown cues, of a memory without a radius: no cue is unknown to it".into(),
            },
            "give the memory a radius: how near a pattern must be for a cue to be known",
        ),
        (learns && wide, "a core that learns has a lane for each 16 bits of a key".into(), "leave `lanes` out"),
        (
            cues > 1 && (search || ranked || kind != Kind::Auto || masks || loadable || fold > 1 || wide),
            match search || ranked {
                true => format!(
                    "{cues} cues of a scan: a core that reads out the nearest patterns has one step, and cues share a scan for their \
                     first of several"
                ),
                false => format!(
                    "{cues} cues of a scan: there are several for an auto-associative memory that stays, whose cues are known, with an \
                     accumulator for every neuron and rows of one beat"
                ),
            },
            "let each cue have a scan of its own",
        ),
        (
            other && (search || ranked || kind != Kind::Auto),
            match search || ranked {
                true => "a core that reads out the nearest patterns has one step: none is later".into(),
                false => format!("a memory of kind {kind} has no later step that its nearest pattern serves"),
            },
            "leave `later` at `scan`",
        ),
        (
            queue && memory.parts().kernel_mode == KernelMode::Fixed,
            "a fixed kernel counts from no nearest pattern: a row that was not queued can come within reach".into(),
            "leave `later` at `scan`, or quantize it with `kernel normalised`",
        ),
        (
            other && (fold > 1 || wide),
            "later steps that need no scan take an accumulator for every neuron, and rows of one beat".into(),
            "leave `later` at `scan`, or `fold` and `lanes` out",
        ),
        (
            other && loadable,
            "later steps that need no scan are for a memory that stays: a board that can be loaded tells its cycles by a formula \
             without them"
                .into(),
            "leave `later` at `scan`, or the loading out (`no-load`)",
        ),
        (
            ranks.is_some_and(|most| !(1..=patterns.min(MAX_RANKS)).contains(&most)),
            format!(
                "the nearest {} patterns, but a list of this memory's {patterns} has 1 to {}",
                ranks.unwrap_or_default(),
                patterns.min(MAX_RANKS)
            ),
            "ask for fewer",
        ),
        (
            within.is_some_and(|within| within as usize > n),
            format!("within {} bits, but the patterns have {n}", within.unwrap_or_default()),
            "the number of their bits lets every pattern in",
        ),
        (
            ranked && learns,
            "a core that learns answers a STORE with one pattern and what is near it, but a list says no more than its patterns".into(),
            "leave the readout at `vote` or `nearest`, or the learning out",
        ),
        (
            ranked && loadable && wide,
            "a list of rows that are read in beats is of a memory that stays: a beat that is read back has no way to the state".into(),
            "leave `lanes` out, or the loading (`no-load`)",
        ),
        (
            ranked && loadable && kind == Kind::Class,
            "the classes of a list are in a ROM that no load writes".into(),
            "leave the loading out (`no-load`)",
        ),
        (
            tail.lanes > 0 && !tail.depth.is_power_of_two(),
            format!("a block RAM of {} rows: it must be a power of two", tail.depth),
            "",
        ),
    ];
    if let Some((_, what, hint)) = options.into_iter().find(|(refused, ..)| *refused) {
        return Err(hinted(Error::usage(what), hint));
    }
    if learns {
        learn::check(memory)?;
    }
    if later == Later::Stop
        && let Some(mu) = moves()
    {
        let what = format!(
            "a recall of pattern {mu} does not stay there, but `later stop` takes all patterns as fixed points"
        );
        return Err(Error::new(ErrorKind::Fit, what).hint("leave `later` at `scan`, or let it be `queue`"));
    }
    let room = room.unwrap_or_default();
    let k = memory.planes().len().max(room.planes);
    let p = memory.patterns().rows().max(room.patterns);
    let sizes: [(bool, String, &str); 4] = [
        (
            n > MAX_NEURONS,
            format!("the memory has {n} neurons, but the core takes at most {MAX_NEURONS}"),
            "wider keys are for software only",
        ),
        (
            k > MAX_PLANES,
            format!("the memory has {k} planes, but the core takes at most {MAX_PLANES}"),
            "quantize it again with `bits 4` or fewer; more planes are for software only",
        ),
        (p > MAX_PATTERNS, format!("the memory has {p} patterns, but the core takes at most {MAX_PATTERNS}"), ""),
        (
            loadable && p > MAX_COUNTED,
            format!(
                "room for {p} patterns, but a core that can be loaded takes at most {MAX_COUNTED}: a load says their number in 16 bits"
            ),
            "leave the loading out, and the frames: `protocol plain`",
        ),
    ];
    match sizes.into_iter().find(|(refused, ..)| *refused) {
        Some((_, what, hint)) => Err(hinted(Error::new(ErrorKind::Fit, what), hint)),
        None => Ok(()),
    }
}

fn hinted(error: Error, hint: &str) -> Error {
    if hint.is_empty() { error } else { error.hint(hint) }
}

impl Layout {
    /// Fails where a number does not fit the words that say it.
    pub(super) fn check_room(&self) -> Result<()> {
        let rows = self.row_depth();
        let values = self.value_depth();
        let bits = self.accumulator_bits;
        let words = self.row_depth();
        let trouble = [
            (
                words > MAX_ROW_WORDS,
                format!("{words} words in a bank of a lane, but a core addresses at most {MAX_ROW_WORDS}"),
                "give it more `lanes`, or more rows a cycle",
            ),
            (
                self.loadable && rows > MAX_COUNTED,
                format!("{rows} rows in a bank, but a core that can be loaded addresses at most {MAX_COUNTED}"),
                if self.wide() {
                    "give it more `lanes`, or leave the loading out (`no-load`)"
                } else {
                    "leave the loading out (`no-load`)"
                },
            ),
            (
                self.loadable && values > MAX_COUNTED,
                format!("{values} rows of values, but a core that can be loaded addresses at most {MAX_COUNTED}"),
                "leave the loading out (`no-load`)",
            ),
            (
                bits > MAX_ACCUMULATOR_BITS,
                format!("accumulators of {bits} bits, but the core's have at most {MAX_ACCUMULATOR_BITS}"),
                if self.masks {
                    "quantize it again with fewer `kernel-bits`, or leave `masks` out: whole cues may need less"
                } else {
                    "quantize it again with fewer `kernel-bits`"
                },
            ),
            (
                // an entry of the threshold table has a bit more
                self.loadable && self.threshold_table && bits > 31,
                format!(
                    "accumulators of {bits} bits, but a load writes what each slot adds to the threshold in 32 bits: at most 31"
                ),
                "leave the loading out (`no-load`), or ask for room with fewer `bits`",
            ),
            (
                self.classes() && bits > MAX_SCORE_BITS,
                format!(
                    "accumulators of {bits} bits, but those of classes have at most {MAX_SCORE_BITS}: a score has two words"
                ),
                "quantize it again with fewer `kernel-bits`",
            ),
        ];
        match trouble.into_iter().find(|(refused, ..)| *refused) {
            Some((_, what, hint)) => Err(Error::new(ErrorKind::Fit, what).hint(hint)),
            None => Ok(()),
        }
    }
}
