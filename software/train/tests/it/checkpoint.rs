//! A run that is interrupted and goes on ends with the bytes of one that was not.

use hopgate_files::model_file::Model;
use hopgate_model::{ErrorKind, bits::BitMatrix, noise};
use hopgate_train::{
    checkpoint::Checkpoint,
    progress::{Progress, Watch},
    train::{Method, TrainOptions, train, train_from},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

fn bytes(model: &Model, folder: &Path) -> Vec<u8> {
    let path = folder.join("bytes.npz");
    model.save(&path).unwrap();
    std::fs::read(path).unwrap()
}

/// Stops a run after so many neurons or epochs.
struct After {
    stop: usize,
    done: AtomicUsize,
}

impl Watch for After {
    fn at(&self, now: Progress) {
        self.done.store(now.done, Ordering::SeqCst);
    }

    fn cancelled(&self) -> bool {
        self.done.load(Ordering::SeqCst) >= self.stop
    }
}

#[test]
fn a_run_that_is_stopped_ends_as_interrupted() {
    let patterns = noise::random(60, 40, 5);
    for method in [Method::Newton, Method::Gd] {
        let options = TrainOptions { method, epochs: 1_000_000_000, rate: 1e-4, ..TrainOptions::new(0.1) };
        let watch = After { stop: 2, done: AtomicUsize::new(0) };
        let e = train(&patterns, &options, &watch).unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Interrupted, "{method}");
    }
}

/// Trains until `stop` neurons or epochs are done, and no further.
fn interrupted(patterns: &BitMatrix, options: &TrainOptions, checkpoint: &Checkpoint, stop: usize) {
    let run =
        || train_from(patterns, options, checkpoint, &|now: Progress| assert!(now.done < stop, "interrupted")).is_ok();
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err(), "it was not interrupted");
}

#[test]
fn an_interrupted_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let patterns = noise::random(70, 45, 1);
    for (method, of, stop) in [(Method::Newton, 45, 20), (Method::Gd, 40, 17)] {
        let options = TrainOptions { method, epochs: 40, ..TrainOptions::new(0.03) };
        let whole = bytes(&train(&patterns, &options, &|_| ()).unwrap().model, folder.path());
        let checkpoint = Checkpoint::beside(&folder.path().join("model.npz")).every(Duration::ZERO);
        assert_eq!(checkpoint.done(&patterns, &options).unwrap(), None);
        interrupted(&patterns, &options, &checkpoint, stop);
        let done = checkpoint.done(&patterns, &options).unwrap().expect("there is a checkpoint");
        assert!(done > 0 && done < of, "{method}: {done}");

        // other options or patterns are refused, and leave the checkpoint as it is
        let others = [TrainOptions { lambda: 0.02, ..options.clone() }, TrainOptions { rate: 0.2, ..options.clone() }];
        for other in &others {
            let error = train_from(&patterns, other, &checkpoint, &|_| ()).unwrap_err();
            assert!(error.kind() == ErrorKind::Value && error.to_string().contains("other patterns or options"));
        }
        assert!(checkpoint.done(&noise::random(70, 45, 2), &options).is_err());

        let seen = Mutex::new(Vec::new());
        let resumed =
            train_from(&patterns, &options, &checkpoint, &|now: Progress| seen.lock().unwrap().push(now.done)).unwrap();
        let seen = seen.into_inner().unwrap();
        assert_eq!((seen[0], seen.len()), (done + 1, of - done), "{method}: only what was left is done");
        assert!(resumed.checkpoint_failed.is_none());
        assert_eq!(bytes(&resumed.model, folder.path()), whole, "{method}");
        assert!(checkpoint.path().exists());
        checkpoint.remove();
        assert!(!checkpoint.path().exists());
    }
}

#[test]
fn a_short_run_writes_no_checkpoint_and_a_damaged_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (patterns, options) = (noise::random(20, 16, 1), TrainOptions::new(0.1));
    let checkpoint = Checkpoint::beside(&folder.path().join("model.npz"));
    train_from(&patterns, &options, &checkpoint, &|_| ()).unwrap();
    assert!(!checkpoint.path().exists());
    std::fs::write(checkpoint.path(), "PK and nothing more").unwrap();
    assert_eq!(train_from(&patterns, &options, &checkpoint, &|_| ()).unwrap_err().kind(), ErrorKind::Format);
}

#[test]
fn a_checkpoint_that_cannot_be_written_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (patterns, options) = (noise::random(20, 16, 1), TrainOptions::new(0.1));
    std::fs::write(folder.path().join("file"), "").unwrap();
    let checkpoint = Checkpoint::beside(&folder.path().join("file/model.npz")).every(Duration::ZERO);
    let trained = train_from(&patterns, &options, &checkpoint, &|_| ()).unwrap();
    assert!(trained.checkpoint_failed.unwrap().contains("file"));
}
