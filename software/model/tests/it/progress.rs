//! A job and whoever watches it: how far it is comes through, and so does the wish that it ends.

use hopgate_model::{
    ErrorKind,
    progress::{Progress, Quiet, Watch},
};
use std::sync::Mutex;

/// Writes down what it is told, and wants the job to end or not.
struct Clerk {
    told: Mutex<Vec<String>>,
    stop: bool,
}

impl Clerk {
    fn new(stop: bool) -> Self {
        Clerk { told: Mutex::default(), stop }
    }
}

impl Watch for Clerk {
    fn at(&self, now: Progress) {
        self.told.lock().unwrap().push(format!("{} of {}", now.done, now.total));
    }

    fn cancelled(&self) -> bool {
        self.stop
    }
}

#[test]
fn so_many_of_so_many_leave_no_error() {
    assert_eq!(Progress::of(3, 7), Progress { done: 3, total: 7, residual: 0.0 });
}

#[test]
fn a_function_hears_all_and_stops_nothing() {
    let seen = Mutex::new(vec![]);
    let watch: &dyn Watch = &|now: Progress| seen.lock().unwrap().push(now);
    watch.at(Progress::of(1, 2));
    watch.says("words are not for it");
    assert!(!watch.cancelled() && watch.go_on().is_ok());
    assert_eq!(*seen.lock().unwrap(), [Progress::of(1, 2)]);
}

#[test]
fn a_job_goes_on_until_it_is_cancelled() {
    let (patient, hasty) = (Clerk::new(false), Clerk::new(true));
    assert!((&patient as &dyn Watch).go_on().is_ok());
    let e = (&hasty as &dyn Watch).go_on().unwrap_err();
    assert_eq!((e.kind(), e.to_string().as_str()), (ErrorKind::Interrupted, "interrupted"));
}

#[test]
fn a_quiet_part_ends_with_the_whole_and_says_nothing() {
    for stop in [false, true] {
        let whole = Clerk::new(stop);
        let part = Quiet(&whole);
        part.at(Progress::of(1, 2));
        assert_eq!(part.cancelled(), stop);
        assert!(whole.told.lock().unwrap().is_empty());
        whole.at(Progress::of(2, 2));
        assert_eq!(*whole.told.lock().unwrap(), ["2 of 2"]);
    }
}
