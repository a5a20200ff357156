//! Where random bits come from: a seed, and what it was derived for.
//!
//! A user gives one number. Whatever a program draws beside what that number names directly, it draws from a seed derived for
//! its purpose and its trial. The derivation is a hash, so two streams are the same only where number, purposes and trials are:
//! trial 1 of seed 1 is not trial 0 of seed 2, as it would be if trials were counted on from the seed.

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use sha2::{Digest, Sha256};

/// The key of a family of random streams.
///
/// ```
/// use hopgate_model::noise::{random, Purpose, Seed};
/// let trial = |seed: u64, t: u64| random(1, 64, Seed::from(seed).of(Purpose::Study, t));
/// assert_eq!(trial(1, 1), trial(1, 1));
/// assert!(trial(1, 1) != trial(2, 0) && trial(1, 1) != random(1, 64, 2));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seed([u8; 32]);

impl Seed {
    /// The seed of one trial of one purpose. Seeds may be derived from derived ones.
    #[must_use]
    pub fn of(self, purpose: Purpose, trial: u64) -> Seed {
        let name = purpose.name().as_bytes();
        // key and trial have fixed lengths and the name comes last, so no two inputs are the same bytes
        let hash = Sha256::new().chain_update(self.0).chain_update(trial.to_le_bytes()).chain_update(name);
        Seed(hash.finalize().into())
    }

    /// A generator of one of the streams of this seed.
    pub(super) fn rng(self, stream: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::from_seed(self.0);
        rng.set_stream(stream);
        rng
    }
}

/// A number as a user gives it.
impl From<u64> for Seed {
    fn from(number: u64) -> Self {
        Seed(ChaCha8Rng::seed_from_u64(number).get_seed())
    }
}

macro_rules! purposes {
    ($($(#[doc = $doc:literal])+ $purpose:ident = $name:literal),+ $(,)?) => {
        /// What random bits are drawn for. A new use takes a purpose of its own; a name that changes, changes what is drawn.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Purpose {
            $($(#[doc = $doc])+ $purpose),+
        }

        impl Purpose {
            /// All of them.
            pub const ALL: &[Purpose] = &[$(Purpose::$purpose),+];

            /// Its name, which is what is hashed.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Purpose::$purpose => $name),+
                }
            }
        }
    };
}

purposes! {
    /// Cues that choose gamma.
    GammaSearch = "gamma search",
    /// Cues of a trial in a study of recall against noise.
    Study = "study",
    /// Cues that a tuned memory is fitted to; the trial is the number of the corruption, as it is for the next three.
    TuneTraining = "tune: training",
    /// Cues that choose among tuned drafts.
    TuneSelection = "tune: selection",
    /// Cues that decide whether the best draft replaces the memory that was there.
    TuneDecision = "tune: decision",
    /// Cues that measure the result of tuning.
    TuneReport = "tune: report",
    /// Cues that choose among the memories of a search; the trial is the number of the corruption.
    SearchSelection = "search: selection",
    /// Cues that measure the memory that a search found.
    SearchReport = "search: report",
    /// Cues that choose a radius; the trial is the number of the things that they are made of, as it is for the next one.
    RadiusChoice = "radius: choice",
    /// Cues that measure it.
    RadiusReport = "radius: report",
    /// Cues on which a memory and a nearest-pattern search are compared in estimates and builds.
    Comparison = "comparison",
    /// Cues that a demonstration co-simulates.
    Demonstration = "demonstration",
    /// Cues that the speed of a board is measured with.
    Speed = "speed",
    /// Patterns and cues of a trial of an experiment.
    Experiment = "experiment",
    /// Cues of a set of an experiment whose patterns are given.
    CueSet = "cue set",
    /// Upsets in a part of a memory; the trial is the number of the part.
    Upset = "upset",
    /// States over which influences are sampled.
    Influence = "influence",
    /// A sample without any modes, which a sample's dip is compared with.
    Dip = "dip",
    /// Cues among which ties are looked for; the trial is the round.
    Ties = "ties",
    /// Cues that a column for ties must not lose.
    TieGuard = "tie guard",
    /// Columns for ties, at random; the trial is the start.
    TieColumns = "tie columns",
    /// Which samples of keys with values are held out.
    KeyedSplit = "keyed: split",
    /// Which keys are centres.
    KeyedCentres = "keyed: centres",
    /// Flips of the keys that are trained on.
    KeyedFlips = "keyed: flips",
    /// The order of the samples, and flips of their keys, in which centres are learnt; the trial is the epoch.
    KeyedLearning = "keyed: learning",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bits::hamming, noise};
    use rand::Rng;
    use std::collections::HashSet;

    /// The first words of a stream.
    fn head(seed: Seed, stream: u64) -> [u64; 4] {
        let mut rng = noise::rng(seed, stream);
        std::array::from_fn(|_| rng.random())
    }

    #[test]
    fn no_two_purposes_trials_or_seeds_share_a_stream() {
        let mut words = HashSet::new();
        let mut count = 0;
        let mut add = |seed: Seed| {
            for stream in [0, 1, 40] {
                count += 4;
                words.extend(head(seed, stream));
            }
        };
        for number in (0..12).chain([u64::MAX - 1, u64::MAX]) {
            let seed = Seed::from(number);
            add(seed);
            for &purpose in Purpose::ALL {
                for trial in (0..12).chain([u64::MAX]) {
                    add(seed.of(purpose, trial));
                }
                // derived from a derived one
                add(seed.of(purpose, 1).of(Purpose::Study, 0));
            }
        }
        // streams that met at any of these places would have words in common; among so few, chance makes no two words equal
        assert_eq!(words.len(), count);
    }

    #[test]
    fn purposes_have_names_of_their_own() {
        let names: HashSet<&str> = Purpose::ALL.iter().map(|p| p.name()).collect();
        assert_eq!(names.len(), Purpose::ALL.len());
    }

    #[test]
    fn trials_of_neighbouring_seeds_are_independent() {
        // error bars from any two seeds: no trial of the one resembles any of the other, nor another of its own
        let trials: Vec<_> = (1..=4u64)
            .flat_map(|seed| (0..5).map(move |t| noise::random(1, 4096, Seed::from(seed).of(Purpose::Study, t))))
            .collect();
        for (i, a) in trials.iter().enumerate() {
            for b in &trials[..i] {
                // half of the bits, to six deviations of 32
                assert!((2048 - 192..2048 + 192).contains(&hamming(a.row(0), b.row(0))));
            }
        }
    }

    #[test]
    fn derived_seeds_are_pinned() {
        // the same seed gives the same bytes on every machine and in every version
        assert_eq!(head(Seed::from(1), 0)[0], ChaCha8Rng::seed_from_u64(1).random::<u64>());
        assert_eq!(head(Seed::from(1).of(Purpose::Study, 2), 0)[0], 4454593899657027198);
    }
}
