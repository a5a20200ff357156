//! `train` in shards: the model of all is that of one run to the byte, and what does not belong together is refused.

use crate::common::Place;

const RUN: &str = "train glyphs --gamma 0.2";

fn shards(place: &Place, run: &str, of: usize) -> String {
    for index in 1..=of {
        place.ok(&format!("{run} --shard {index}/{of} -q -o {of}-{index}.npz"));
    }
    (1..=of).rev().map(|index| format!("{of}-{index}.npz")).collect::<Vec<_>>().join(" ")
}

fn same(place: &Place, a: &str, b: &str) -> bool {
    std::fs::read(place.path(a)).unwrap() == std::fs::read(place.path(b)).unwrap()
}

#[test]
fn the_model_of_all_shards_is_that_of_one_run() {
    let place = Place::new();
    // with pictures whose corners are always 0: neurons that are equal are found once
    place.ok(&format!("{RUN} -q -o whole.npz"));
    for of in [1, 3] {
        if of == 1 {
            place.fails(&format!("{RUN} --join whole.npz -o joined.npz"), 1, &["whole.npz", "no shard of a model"]);
            continue;
        }
        let files = shards(&place, RUN, of);
        place.ok(&format!("{RUN} --join {files} -o joined.npz"));
        assert!(same(&place, "whole.npz", "joined.npz"), "{of} shards");
    }
    assert!(!place.path("3-1.npz.checkpoint").exists());
}

#[test]
fn shards_of_more_than_there_are_neurons_are_empty() {
    let place = Place::new();
    let run = "train random:N=5,P=9,seed=3 --gamma 0.3";
    place.ok(&format!("{run} -q -o whole.npz"));
    let files = shards(&place, run, 7);
    let joined = place.ok(&format!("{run} --join {files} --json -o joined.npz")).json();
    assert_eq!(joined["schema"], "hopgate.train/1");
    assert!(same(&place, "whole.npz", "joined.npz"));
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let place = Place::new();
    let run = "train random:N=12,P=20,seed=1 --gamma 0.3";
    shards(&place, run, 3);
    let join = |run: &str, files: &str, words: &[&str]| {
        place.fails(&format!("{run} --join {files} -o joined.npz"), 1, words);
    };
    join(run, "3-1.npz 3-3.npz", &["1 of 3 shards are missing: 2/3", "train these too"]);
    join(run, "3-1.npz 3-2.npz 3-3.npz 3-1.npz", &["shard 1/3 is there twice"]);
    join("train random:N=12,P=20,seed=1 --gamma 0.4", "3-1.npz 3-2.npz 3-3.npz", &["other patterns or options"]);
    join("train random:N=12,P=20,seed=2 --gamma 0.3", "3-1.npz 3-2.npz 3-3.npz", &["other patterns or options"]);
    place.ok(&format!("{run} --shard 1/2 -q -o 2-1.npz"));
    join(run, "2-1.npz 3-1.npz 3-2.npz 3-3.npz", &["split in", "train all shards of one N"]);
    join(run, "missing.npz", &["missing.npz", "No such file"]);
    std::fs::write(place.path("damaged.npz"), "PK and nothing more").unwrap();
    join(run, "damaged.npz", &["damaged.npz"]);
    place.fails("quantize 3-1.npz --bits 1 -o memory", 1, &["3-1.npz is a part of a model", "join"]);
    // a name that is read is not written
    place.fails(&format!("{run} --join 3-1.npz 3-2.npz 3-3.npz -o 3-1.npz"), 2, &["3-1.npz"]);
    // what kept an interrupted shard is not another one's
    std::fs::copy(place.path("3-1.npz"), place.path("3-2.npz.checkpoint")).unwrap();
    place.fails(&format!("{run} --shard 2/3 -o 3-2.npz"), 1, &["belongs to shard 1/3, and this is 2/3"]);
    std::fs::copy(place.path("3-2.npz"), place.path("again.npz.checkpoint")).unwrap();
    place.ok(&format!("{run} --shard 2/3 -q -o again.npz"));
    assert!(same(&place, "3-2.npz", "again.npz"));
}

#[test]
fn what_cannot_be_split_is_refused() {
    let place = Place::new();
    let patterns = "train random:N=8,P=8";
    for wrong in ["0/3", "4/3", "1", "x"] {
        place.fails(&format!("{patterns} --gamma 0.3 --shard {wrong} -o s.npz"), 2, &["--shard", "shard"]);
    }
    place.fails(&format!("{patterns} --shard 1/2 -o s.npz"), 2, &["need the number of its gamma", "--gamma G"]);
    place.fails(
        &format!("{patterns} --gamma 0.3 --method gd --shard 1/2 -o s.npz"),
        2,
        &["gradient descent", "newton"],
    );
    place.fails(&format!("{patterns} --gamma 0.3 --sequence --shard 1/2 -o s.npz"), 2, &["--shard has no effect"]);
    place.fails(&format!("{patterns} --gamma 0.3 --shard 1/2"), 2, &["--output"]);
    place.fails(&format!("{patterns} --gamma 0.3 --shard 1/2 --join s.npz -o m.npz"), 2, &["cannot be used with"]);
}

#[test]
fn a_plan_says_what_it_takes_and_does_nothing() {
    let place = Place::new();
    let plan = place.ok("train random:N=64,P=500 --shard 1/4 --plan --json").json();
    assert_eq!(plan["schema"], "hopgate.train.plan/1");
    assert_eq!((plan["shards"].as_u64(), plan["shard_neurons"].as_u64()), (Some(4), Some(16)));
    assert!(plan["shard_bytes"].as_u64() < plan["whole_bytes"].as_u64());
    assert!(plan["shard_seconds"].as_f64() < plan["whole_seconds"].as_f64());
    assert!(place.ok("train random:N=64,P=500 --plan").out.contains("one run"));
    place.fails("train random:N=64,P=500 --plan --method gd", 2, &["gradient descent"]);
}
