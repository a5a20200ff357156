//! A run that is interrupted and goes on ends with the bytes of one that was not.

use hopgate_files::model_file::Model;
use hopgate_model::{
    Error, ErrorKind, Result,
    bits::BitMatrix,
    noise,
    progress::{Progress, Watch},
};
use hopgate_train::solver::{Checkpointer, Method, State, TrainOptions, resumed_at, train, train_from};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Keeps a state in memory, every time.
#[derive(Default)]
struct InMemory(Mutex<Option<State>>);

impl InMemory {
    /// Changes what is kept.
    fn change(&self, f: impl FnOnce(&mut State)) {
        f(self.0.lock().unwrap().as_mut().expect("there is a state"));
    }
}

impl Checkpointer for InMemory {
    fn load(&self) -> Result<Option<State>> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn save(&self, state: &State) -> Result<()> {
        *self.0.lock().unwrap() = Some(state.clone());
        Ok(())
    }

    fn every(&self) -> Duration {
        Duration::ZERO
    }
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
        let options = TrainOptions::new(0.1).method(method).epochs(1_000_000_000).rate(1e-4);
        let watch = After { stop: 2, done: AtomicUsize::new(0) };
        let e = train(&patterns, &options, &watch).unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Interrupted, "{method}");
    }
}

/// The bits of all dual weights.
fn bits(model: &Model) -> Vec<u64> {
    model.alpha.iter().map(|a| a.to_bits()).collect()
}

/// Trains until `stop` neurons or epochs are done, and no further.
fn interrupted(patterns: &BitMatrix, options: &TrainOptions, kept: &InMemory, stop: usize) {
    let run = || train_from(patterns, options, kept, &|now: Progress| assert!(now.done < stop, "interrupted")).is_ok();
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err(), "it was not interrupted");
}

#[test]
fn an_interrupted_run_goes_on() {
    let patterns = noise::random(70, 45, 1);
    for (method, of, stop) in [(Method::Newton, 45, 20), (Method::Gd, 40, 17)] {
        let options = TrainOptions::new(0.03).method(method).epochs(40);
        let whole = train(&patterns, &options, &|_| ()).unwrap().model;
        let kept = InMemory::default();
        assert_eq!(resumed_at(&kept, &patterns, &options).unwrap(), None);
        interrupted(&patterns, &options, &kept, stop);
        let done = resumed_at(&kept, &patterns, &options).unwrap().expect("there is a checkpoint");
        assert!(done > 0 && done < of, "{method}: {done}");

        // other options or patterns are refused, and leave the checkpoint as it is
        let mut others = vec![options.clone().lambda(0.02), options.clone().gamma(0.04)];
        others.push(if method == Method::Gd { options.clone().rate(0.2) } else { options.clone().tolerance(1e-9) });
        for other in &others {
            let error = train_from(&patterns, other, &kept, &|_| ()).unwrap_err();
            assert!(error.kind() == ErrorKind::Value && error.to_string().contains("other patterns or options"));
        }
        assert!(resumed_at(&kept, &noise::random(70, 45, 2), &options).is_err());

        let seen = Mutex::new(Vec::new());
        let watch = |now: Progress| seen.lock().unwrap().push(now.done);
        let resumed = train_from(&patterns, &options, &kept, &watch).unwrap();
        let seen = seen.into_inner().unwrap();
        assert_eq!((seen[0], seen.len()), (done + 1, of - done), "{method}: only what was left is done");
        assert!(resumed.checkpoint_failed.is_none());
        assert_eq!(bits(&resumed.model), bits(&whole), "{method}");
    }
}

#[test]
fn a_longer_descent_goes_on_from_a_shorter_one() {
    let (patterns, kept) = (noise::random(30, 20, 1), InMemory::default());
    let options = TrainOptions::new(0.1).method(Method::Gd);
    train_from(&patterns, &options.clone().epochs(7), &kept, &|_| ()).unwrap();
    let longer = options.epochs(11);
    assert_eq!(resumed_at(&kept, &patterns, &longer).unwrap(), Some(7));
    let resumed = train_from(&patterns, &longer, &kept, &|_| ()).unwrap().model;
    assert_eq!(bits(&resumed), bits(&train(&patterns, &longer, &|_| ()).unwrap().model));
}

#[test]
fn a_state_that_makes_no_sense_is_refused() {
    let patterns = noise::random(20, 16, 1);
    for method in [Method::Newton, Method::Gd] {
        let options = TrainOptions::new(0.1).method(method).epochs(5);
        for wrong in 0..3 {
            let kept = InMemory::default();
            train_from(&patterns, &options, &kept, &|_| ()).unwrap();
            kept.change(|state| match wrong {
                0 => drop(state.alpha.pop()),
                1 => state.places.push((0, 0)),
                _ => state.alpha.push(0.0),
            });
            assert_eq!(train_from(&patterns, &options, &kept, &|_| ()).unwrap_err().kind(), ErrorKind::Format);
        }
        let kept = InMemory::default();
        train_from(&patterns, &options, &kept, &|_| ()).unwrap();
        kept.change(|state| state.places[0].0 = 16);
        // a neuron that there is not; but an epoch beyond the end begins anew
        assert_eq!(train_from(&patterns, &options, &kept, &|_| ()).is_err(), method == Method::Newton);
    }
}

/// Cannot be written.
struct Full;

impl Checkpointer for Full {
    fn load(&self) -> Result<Option<State>> {
        Ok(None)
    }

    fn save(&self, _: &State) -> Result<()> {
        Err(Error::new(ErrorKind::Io, "the disk is full"))
    }

    fn every(&self) -> Duration {
        Duration::ZERO
    }
}

#[test]
fn a_checkpoint_that_cannot_be_written_ends_nothing() {
    let trained = train_from(&noise::random(20, 16, 1), &TrainOptions::new(0.1), &Full, &|_| ()).unwrap();
    assert_eq!(trained.checkpoint_failed.unwrap(), "the disk is full");
}
