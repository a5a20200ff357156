//! Sweeps of memories that answer with classes: their options, and the samples that every job reads.

use super::{
    super::{
        asked::{AskArgs, Asked},
        train_keyed::Choose,
    },
    Args,
    combine::{file_name, quantisers, words},
};
use clap::ValueEnum;
use hopgate::{
    Error, ErrorKind, Result,
    explore::{Quantised, Sweep},
    keyed::KeyedOptions,
};
use hopgate_files::{atomic, trace};
use hopgate_model::bits::BitMatrix;
use std::path::Path;

/// Where the samples are, in the folder of a sweep: what is trained on, what is asked, and the part of it that is simulated.
const KEYS: &str = "samples/keys.npy";
const LABELS: &str = "samples/labels.txt";
const ASKED: &str = "samples/asked.npy";
const RIGHT: &str = "samples/right.txt";
const CUES: &str = "samples/cues.npy";

/// What makes it a sweep of classes.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    labelled: AskArgs,
    /// With --labels: how many keys are stored [default: 256]
    #[arg(long, value_name = "P,...", value_delimiter = ',', requires = "labels", value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    centres: Vec<u32>,
    /// With --labels: how these are chosen [default: modes]
    #[arg(long, value_name = "HOW,...", value_delimiter = ',', requires = "labels", value_enum)]
    choose: Vec<Choose>,
    /// With --labels: the seed of everything random but place and route [default: 1]
    #[arg(long, value_name = "S", requires = "labels")]
    seed: Option<u64>,
}

impl Options {
    fn centres(&self) -> &[u32] {
        if self.centres.is_empty() { &[256] } else { &self.centres }
    }

    fn seed(&self) -> u64 {
        self.seed.unwrap_or(1)
    }

    /// Reads the keys, if they have classes.
    pub fn load(&self, args: &Args) -> Result<Option<Asked>> {
        let Some(samples) = self.labelled.load(&args.patterns, self.seed())? else { return Ok(None) };
        let idle =
            [("--readout", &args.readout, "vote"), ("--later", &args.later, "scan"), ("--cues", &args.cues, "1")];
        if let Some((option, _, only)) = idle.iter().find(|(_, values, only)| values.iter().any(|value| value != only))
        {
            let what = format!("{option} is not for memories of classes: their cores have {option} {only} alone");
            return Err(Error::usage(what).hint(format!("leave {option} out")));
        }
        let (kept, _) = samples.trained.samples.split(KeyedOptions::new(1).held_out, self.seed());
        if let Some(most) = self.centres().iter().find(|&&centres| centres as usize > kept.len()) {
            let what = format!("{most} centres of {} keys that are trained on", kept.len());
            return Err(Error::new(ErrorKind::Value, what).hint("give --centres, fewer than there are keys"));
        }
        Ok(Some(samples))
    }
}

/// Writes the samples into the folder of a sweep: so many of those that are asked are simulated, evenly drawn from all.
pub fn save(samples: &Asked, sweep: &Path, count: usize) -> Result<()> {
    let folder = sweep.join("samples");
    std::fs::create_dir_all(&folder).map_err(|e| Error::io("make", &folder, e))?;
    let names = samples.trained.classes.clone().unwrap_or_default();
    let text = |of: &[u32]| of.iter().map(|&class| names[class as usize].clone() + "\n").collect::<String>();
    let trained = &samples.trained.samples;
    let asked = &samples.asked.bits;
    let count = count.min(asked.rows());
    let drawn: Vec<usize> = (0..count).map(|cue| cue * asked.rows() / count).collect();
    let save = |bits: &BitMatrix, name: &str| trace::save_answers(bits, &sweep.join(name));
    save(trained.keys(), KEYS)?;
    save(asked, ASKED)?;
    save(&asked.select(&drawn), CUES)?;
    atomic::write(&sweep.join(LABELS), text(&trained.classes()).as_bytes())?;
    atomic::write(&sweep.join(RIGHT), text(&samples.right).as_bytes())
}

/// Models and memories of every combination.
pub fn memories(args: &Args, sweep: &mut Sweep) {
    let options = &args.classes;
    let seed = ["--seed".to_owned(), options.seed().to_string()];
    let noise: Vec<String> = args.noise.iter().flat_map(|p| ["--noise".to_owned(), p.to_string()]).collect();
    let [flips, both] = [[&noise[..], &seed].concat(), [&seed[..], &noise].concat()];
    sweep.patterns = KEYS.to_owned();
    sweep.asked = [words(&["--queries", ASKED, "--expect", RIGHT]), flips.clone()].concat();
    sweep.cues = [words(&["--queries", CUES]), flips].concat();
    let chosen = if options.choose.is_empty() { &[Choose::Modes] } else { options.choose.as_slice() };
    for choose in chosen.iter().filter_map(ValueEnum::to_possible_value) {
        for centres in options.centres() {
            for gamma in &args.gamma {
                let model = format!("{}-p{centres}-gamma-{}", choose.get_name(), file_name(gamma));
                let of = [
                    "--labels",
                    LABELS,
                    "--centres",
                    &centres.to_string(),
                    "--choose",
                    choose.get_name(),
                    "--gamma",
                    gamma,
                ];
                for (name, options) in quantisers(args, "tuned") {
                    let tuned = if name.ends_with("tuned") { both.as_slice() } else { &[] };
                    let options = [&options[..], &words(&["--keys", KEYS, "--labels", LABELS]), tuned].concat();
                    sweep.memories.insert(format!("{model}-{name}"), Quantised { model: model.clone(), options });
                }
                sweep.models.insert(model, [&words(&of)[..], &both].concat());
            }
        }
    }
}
