//! An error says what happened and where, what to do about it, and keeps its cause.
#![cfg(feature = "std")]

use hopgate_model::{Error, ErrorKind};
use std::{error::Error as _, io};

#[test]
fn the_systems_reasons_come_with_a_hint() {
    for (reason, hint) in [
        (io::ErrorKind::NotFound, Some("check the spelling")),
        (io::ErrorKind::PermissionDenied, Some("check the permissions")),
        (io::ErrorKind::StorageFull, Some("the disk is full")),
        (io::ErrorKind::ReadOnlyFilesystem, Some("read-only")),
        (io::ErrorKind::BrokenPipe, None),
    ] {
        let e = Error::io("write", "some/file".as_ref(), io::Error::new(reason, "the reason"));
        assert_eq!((e.kind(), e.to_string().as_str()), (ErrorKind::Io, "cannot write some/file: the reason"));
        assert_eq!(e.help_text().map(|h| hint.is_some_and(|hint| h.contains(hint))), hint.map(|_| true), "{reason:?}");
        let cause = e.source().and_then(|s| s.downcast_ref::<io::Error>()).expect("the cause is kept");
        assert_eq!(cause.kind(), reason);
        assert_eq!(e.place(), Some("some/file"));
    }
}

#[test]
fn place_hint_and_cause_are_added() {
    let e = Error::usage("it is odd").at("line 3").at("a.csv").hint("make it even").because("a cause");
    assert_eq!((e.kind(), e.to_string().as_str()), (ErrorKind::Usage, "a.csv: line 3: it is odd"));
    assert_eq!(e.help_text(), Some("make it even"));
    assert_eq!(e.source().map(|s| s.to_string()).as_deref(), Some("a cause"));
    let bare = Error::new(ErrorKind::Fit, "too large");
    assert!(bare.source().is_none() && bare.help_text().is_none() && bare.place().is_none());
}

/// What programs know them by, in reports that they have kept.
#[test]
fn kinds_have_names() {
    let kinds = [ErrorKind::Usage, ErrorKind::Io, ErrorKind::Format, ErrorKind::Value].into_iter().chain([
        ErrorKind::Failed,
        ErrorKind::Tool,
        ErrorKind::Fit,
        ErrorKind::Interrupted,
    ]);
    let names: Vec<_> = kinds.map(ErrorKind::name).collect();
    assert_eq!(names, ["usage", "io", "format", "value", "failed", "tool", "fit", "interrupted"]);
}
