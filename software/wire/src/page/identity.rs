//! What a board is.

use super::{
    CLASS_WORDS, Held, IDENTITY_WORDS, INFO_WORDS, MAGIC, MAX_NEURONS, SEVERAL, bytes_of, digest, flag, word, words_of,
};
use crate::protocol::{VERSION, WIDE_VERSION};
use alloc::{borrow::ToOwned, format, string::String};
use hopgate_model::{
    Error, ErrorKind, Result,
    kind::{Kind, Kinds},
    memory::MAX_OUTPUTS,
};

/// What a board is: words 0..63.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// What it answers with: where it takes several kinds, that of the memory it holds ([`Identity::holding`]).
    pub kind: Kind,
    /// What it can answer with.
    pub kinds: Kinds,
    /// Outputs, at most, where values are apart from the keys; else 0.
    pub outputs: usize,
    /// Rows of values of a plane; else 0.
    pub value_rows: usize,
    /// Whether it says that an answer is unknown.
    pub radius: bool,
    /// Whether bits of a cue can be unknown: then its mask follows it.
    pub masks: bool,
    /// Whether it stores and forgets patterns.
    pub learns: bool,
    /// Whether it stores cues that it does not know, where that is asked.
    pub auto_store: bool,
    /// Whether it says of an answer the nearest pattern alone, where that is asked.
    pub finds: bool,
    /// Neurons, at most.
    pub neurons: usize,
    /// Patterns, at most.
    pub patterns: usize,
    /// Planes.
    pub planes: usize,
    /// Rows scanned in a cycle: banks.
    pub parallel: usize,
    /// Slots of neurons that share the accumulators.
    pub fold: usize,
    /// Beats in which a row is read.
    pub beats: usize,
    /// Whether the answer is the nearest pattern: no kernel, no planes.
    pub nearest: bool,
    /// Patterns of a list, at most, where that is the answer: three words for each. Else 0.
    pub ranks: usize,
    /// Whether no region can be written.
    pub fixed: bool,
    /// Whether the top plane is the patterns, and not stored.
    pub shared_top: bool,
    /// Whether there is a self-test.
    pub self_test: bool,
    /// Whether nothing valid is there after configuration: rows are in SPRAM, which has no contents then.
    pub empty: bool,
    /// Bits of a kernel entry.
    pub kernel_bits: u32,
    /// Bits of an accumulator.
    pub accumulator_bits: u32,
    /// Entries of the kernel table for a plane: the largest reach, and one.
    pub stride: usize,
    /// Rows of a bank, a beat of each counted by itself.
    pub depth: usize,
    /// Rows of a bank for a plane.
    pub groups: usize,
    /// Words that it buffers.
    pub window: usize,
    /// Bits of an entry of the threshold table; 0 without one.
    pub threshold_bits: u32,
    /// Clock, Hz.
    pub clock: u32,
    /// Baud rate.
    pub baud: u32,
    /// Cycles of a step besides its groups and its candidates.
    pub latency: usize,
    /// SHA-256 of the memory that was built in.
    pub built_in: [u8; 32],
    /// hopgate's version.
    pub version: String,
}

impl Identity {
    /// The version of the protocol that it speaks.
    pub fn version(&self) -> u8 {
        if self.beats > 1 { WIDE_VERSION } else { VERSION }
    }

    /// Words of a key.
    pub fn words_of_key(&self) -> usize {
        self.neurons.div_ceil(16)
    }

    /// Words of a row of keys that are read in a beat.
    pub fn lanes(&self) -> usize {
        self.words_of_key().div_ceil(self.beats)
    }

    /// Words of a row of keys, in all beats: in the last one, some lanes may have none of a key.
    pub fn row_words(&self) -> usize {
        self.lanes() * self.beats
    }

    /// Words of a cue, with those of its mask.
    pub fn cue_words(&self) -> usize {
        self.words_of_key() * (1 + usize::from(self.masks))
    }

    /// Whether values are apart from the keys.
    pub fn valued(&self) -> bool {
        self.kinds.answers_values()
    }

    /// Whether each pattern of a list comes with its class.
    pub fn lists_classes(&self) -> bool {
        self.ranks > 0 && self.outputs > 0
    }

    /// The same board while it holds something: of a board that takes several kinds, what it answers with is what its memory does.
    #[must_use]
    pub fn holding(self, held: &Held) -> Identity {
        Identity { kind: held.kind.filter(|&kind| self.kinds.contains(kind)).unwrap_or(self.kind), ..self }
    }

    /// Whether a recall has one step.
    pub fn one_step(&self) -> bool {
        self.nearest || !self.kind.answers_keys()
    }

    /// Cycles of a step besides its groups and its candidates. Where a board takes several kinds, classes are ranked in cycles of their own.
    pub fn step_latency(&self) -> usize {
        let ranks = self.kinds.several() && self.kind == Kind::Class;
        self.latency + if ranks { self.outputs + 2 + usize::from(self.outputs > 16) } else { 0 }
    }

    /// Words of a row of values; of a list, a row is a class.
    pub fn value_lanes(&self) -> usize {
        if self.lists_classes() { 1 } else { self.outputs.div_ceil(16) }
    }

    /// Words of all rows of values, or of all classes of a list.
    pub fn value_words(&self) -> usize {
        let planes = if self.lists_classes() { 1 } else { self.planes };
        self.value_lanes() * planes * self.value_rows
    }

    /// Words of an answer, before the last three.
    pub fn answer_words(&self) -> usize {
        match self.kind {
            _ if self.ranks > 0 => usize::from(self.lists_classes()),
            Kind::Auto | Kind::Sequence => self.words_of_key(),
            Kind::Map => self.value_lanes(),
            Kind::Class => CLASS_WORDS,
        }
    }

    /// Words of all answers to a cue, with those behind each, of a memory that takes at most so many steps.
    pub fn reply_words(&self, max_steps: u32) -> usize {
        self.answers(max_steps) * (self.answer_words() + INFO_WORDS)
    }

    /// Answers to a cue, of a memory that takes at most so many steps.
    pub fn answers(&self, max_steps: u32) -> usize {
        match self.kind {
            _ if self.ranks > 0 => self.ranks,
            Kind::Sequence => max_steps as usize,
            _ => 1,
        }
    }

    /// Planes that have rows of their own in the banks.
    pub fn stored_planes(&self) -> usize {
        if self.nearest || self.valued() { 0 } else { self.planes.saturating_sub(usize::from(self.shared_top)) }
    }

    /// Entries of the kernel table, and of the threshold table where there is one.
    pub fn entries(&self) -> usize {
        if self.nearest { 0 } else { self.stride * self.planes }
    }

    /// Cycles of a step with this many groups and queued candidates.
    pub fn step_cycles(&self, groups: usize, queued: usize) -> usize {
        let slots = if self.nearest { 0 } else { self.fold * self.beats * self.planes * queued };
        groups * self.beats + slots + self.step_latency()
    }

    /// The words of the page.
    pub fn words(&self) -> [u16; IDENTITY_WORDS] {
        let mut w = [0; IDENTITY_WORDS];
        let flags = [
            (flag::NEAREST, self.nearest),
            (flag::FIXED, self.fixed),
            (flag::SHARED_TOP, self.shared_top),
            (flag::THRESHOLD, self.threshold_bits > 0),
            (flag::SELF_TEST, self.self_test),
            (flag::EMPTY, self.empty),
            (flag::RADIUS, self.radius),
            (flag::MASKS, self.masks),
            (flag::LEARN, self.learns),
            (flag::AUTO_STORE, self.auto_store),
            (flag::FIND, self.finds),
        ];
        let numbers = [
            (word::MAGIC, usize::from(MAGIC)),
            (word::VERSION, usize::from(self.version())),
            (word::BEATS, if self.beats > 1 { self.beats } else { 0 }),
            (word::RANKS, self.ranks),
            (word::NEURONS, self.neurons),
            (word::LANES, self.lanes()),
            (word::PATTERNS, self.patterns),
            (word::PLANES, self.planes),
            (word::BANKS, self.parallel),
            (word::FOLD, self.fold),
            (word::FLAGS, flags.into_iter().fold(0, |all, (bit, set)| all | usize::from(set) << bit)),
            (word::KERNEL_BITS, self.kernel_bits as usize),
            (word::ACCUMULATOR_BITS, self.accumulator_bits as usize),
            (word::STRIDE, self.stride),
            (word::DEPTH, self.depth),
            (word::GROUPS, self.groups),
            (word::WINDOW, self.window),
            (word::THRESHOLD_BITS, self.threshold_bits as usize),
            (word::LATENCY, self.latency),
            (word::KIND, if self.kinds.several() { SEVERAL } else { self.kind.number().into() }),
            (word::KINDS, if self.kinds.several() { self.kinds.bits().into() } else { 0 }),
            (word::OUTPUTS, self.outputs),
            (word::VALUE_ROWS, self.value_rows),
        ];
        numbers.into_iter().for_each(|(at, n)| w[at] = n as u16);
        for (at, number) in [(word::CLOCK, self.clock), (word::BAUD, self.baud)] {
            (w[at], w[at + 1]) = (number as u16, (number >> 16) as u16);
        }
        w[word::BUILT_IN..][..16].copy_from_slice(&words_of(&self.built_in));
        let mut version = self.version.clone().into_bytes();
        version.resize(16, 0);
        w[word::RELEASE..][..8].copy_from_slice(&words_of(&version));
        w
    }

    /// What the words of a page say.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if they are no board's, of another version, or contradict each other.
    pub fn of(words: &[u16]) -> Result<Identity> {
        let bad = |what: String| Err(Error::new(ErrorKind::Format, what));
        let Some(w) = words.get(..IDENTITY_WORDS) else { return bad("the board's page is too short".into()) };
        if w[word::MAGIC] != MAGIC {
            return bad(format!("the board's page begins with {:#06x}: it is no hopgate board", w[word::MAGIC]));
        }
        let wide = w[word::VERSION] == u16::from(WIDE_VERSION);
        if !wide && w[word::VERSION] != u16::from(VERSION) {
            return Err(other_version(w[word::VERSION]));
        }
        let number = |at: usize| usize::from(w[at]);
        let double = |at: usize| u32::from(w[at]) | u32::from(w[at + 1]) << 16;
        let flag = |bit: usize| w[word::FLAGS] >> bit & 1 == 1;
        let version = bytes_of(&w[word::RELEASE..][..8]);
        let kinds = match (Kind::ALL.get(number(word::KIND)), Kinds::from_bits(w[word::KINDS])) {
            (Some(&kind), _) => Kinds::of(kind),
            (None, Some(kinds)) if number(word::KIND) == SEVERAL && kinds.several() => kinds,
            _ => return bad(format!("the board is of kind {}, which this program does not know", number(word::KIND))),
        };
        let Some(kind) = kinds.iter().next() else { return bad("the board answers with nothing".into()) };
        let identity = Identity {
            kind,
            kinds,
            outputs: number(word::OUTPUTS),
            value_rows: number(word::VALUE_ROWS),
            radius: flag(flag::RADIUS),
            masks: flag(flag::MASKS),
            learns: flag(flag::LEARN),
            auto_store: flag(flag::AUTO_STORE),
            finds: flag(flag::FIND),
            neurons: number(word::NEURONS),
            patterns: number(word::PATTERNS),
            planes: number(word::PLANES),
            parallel: number(word::BANKS),
            fold: number(word::FOLD),
            // none of a board that has no beats and speaks of them
            beats: if wide { Some(number(word::BEATS)).filter(|&beats| beats > 1).unwrap_or(0) } else { 1 },
            nearest: flag(flag::NEAREST),
            ranks: number(word::RANKS),
            fixed: flag(flag::FIXED),
            shared_top: flag(flag::SHARED_TOP),
            self_test: flag(flag::SELF_TEST),
            empty: flag(flag::EMPTY),
            kernel_bits: w[word::KERNEL_BITS].into(),
            accumulator_bits: w[word::ACCUMULATOR_BITS].into(),
            stride: number(word::STRIDE),
            depth: number(word::DEPTH),
            groups: number(word::GROUPS),
            window: number(word::WINDOW),
            threshold_bits: w[word::THRESHOLD_BITS].into(),
            clock: double(word::CLOCK),
            baud: double(word::BAUD),
            latency: number(word::LATENCY),
            built_in: digest(&w[word::BUILT_IN..][..16]),
            version: String::from_utf8_lossy(&version).trim_end_matches('\0').to_owned(),
        };
        let wrong = identity.contradiction(number(word::LANES), flag(flag::THRESHOLD));
        wrong.map_or(Ok(identity), |what| bad(format!("the board's page contradicts itself: {what}")))
    }

    /// Whether a board like this could learn: one row is all that a pattern takes.
    fn can_learn(&self) -> bool {
        let one_plane = self.nearest || self.planes == 1 && self.stored_planes() == 0;
        let options = !self.fixed && self.radius && !self.masks && !self.empty;
        one_plane && options && self.parallel == 1 && self.threshold_bits == 0
    }

    /// Words of a request that stores a pattern: its class, where there are classes, and the key.
    pub fn store_words(&self) -> usize {
        self.lanes() + usize::from(self.kind == Kind::Class)
    }

    /// What no board can be.
    fn contradiction(&self, lanes: usize, threshold: bool) -> Option<&'static str> {
        let core = self.nearest
            || (1..=16).contains(&self.planes)
                && self.stride > 0
                && (1..=16).contains(&self.kernel_bits)
                && (1..=32).contains(&self.accumulator_bits)
                && self.threshold_bits <= 32;
        let checks = [
            ((1..=MAX_NEURONS).contains(&self.neurons), "neurons"),
            (self.beats > 0 && self.beats <= self.words_of_key(), "beats"),
            (self.beats > 0 && lanes == self.lanes(), "lanes"),
            (self.patterns > 0, "patterns"),
            ((1..=16).contains(&self.parallel), "rows per cycle"),
            ((1..=16).contains(&self.fold), "fold"),
            (core, "kernel"),
            (threshold == (self.threshold_bits > 0), "threshold table"),
            (self.groups * self.parallel >= self.patterns, "groups"),
            (self.depth >= self.groups * (1 + self.stored_planes()) * self.beats, "rows of a bank"),
            (self.kinds == Kinds::of(Kind::Auto) || !self.nearest, "kind"),
            (!self.kinds.several() || !(self.learns || self.fixed), "several kinds"),
            (
                !self.valued() || !self.kinds.answers_keys() || self.outputs >= self.neurons && self.beats == 1,
                "outputs for keys",
            ),
            (self.ranks == 0 || self.ranks <= 255 && self.nearest && self.stride > 0 && !self.learns, "lists"),
            (!self.valued() || (1..=MAX_OUTPUTS).contains(&self.outputs), "outputs"),
            (!self.lists_classes() || self.outputs <= MAX_OUTPUTS && self.fixed, "classes of a list"),
            (!(self.valued() || self.lists_classes()) || self.value_rows >= self.patterns, "rows of values"),
            (!(self.empty && self.fixed), "nothing is there, and nothing can be loaded"),
            (!self.learns || self.can_learn(), "learning"),
            (self.learns || !self.auto_store, "unknown cues are stored, and nothing is learnt"),
            (self.window >= self.cue_words() + 4 && self.window >= 9, "window"),
        ];
        checks.into_iter().find(|(right, _)| !right).map(|(_, what)| what)
    }
}

/// The error about a board that speaks another version.
pub fn other_version(version: u16) -> Error {
    Error::new(
        ErrorKind::Failed,
        format!(
            "the board speaks version {version} of the protocol, this program versions {VERSION} and {WIDE_VERSION}"
        ),
    )
    .hint("build the bitstream again with this hopgate, or take the hopgate that built it")
}

#[cfg(test)]
mod tests;
