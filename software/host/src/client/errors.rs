//! What a host says when the line or the board does not do what it asks.

use hopgate_model::{Error, ErrorKind};
use hopgate_wire::{page, protocol::Code, request::Request};
use std::io;

/// The error about a line that is no longer there.
pub(super) fn gone(doing: &str, e: io::Error) -> Error {
    let what = match e.kind() {
        io::ErrorKind::TimedOut => format!("cannot {doing}: the port takes no more bytes"),
        _ => format!("cannot {doing}: the port is gone ({e})"),
    };
    Error::new(ErrorKind::Io, what)
        .hint("was the board unplugged, or the virtual board stopped? Plug it in and call this again")
        .because(e)
}

/// The error about replies to what this program did not ask.
pub(super) fn shared() -> Error {
    Error::new(ErrorKind::Failed, "another program talks to the board: a reply came to what this one did not ask")
        .hint("end the other one and call this again: nothing that came can be trusted while two programs use one port")
}

/// The error about a request that the board refuses.
pub(super) fn refused(request: &Request, code: Code, detail: u16) -> Error {
    let what = format!("the board refuses a {} with {code}", request.kind());
    let error = |what: String| Error::new(ErrorKind::Failed, what);
    match code {
        Code::Version => page::other_version(detail),
        Code::Invalid => {
            error("the board holds no valid memory: none was loaded yet, or a load was interrupted".into())
                .hint("load one: `host load memory/`")
        }
        Code::Order => error(format!("{what}: it was written to outside a load"))
            .hint("was the board reset or configured meanwhile, or does another program use it? Load again"),
        Code::Target => error(format!("{what}: it cannot do that")).hint("`host info` says what this board can do"),
        _ => error(what)
            .hint("this program and the board do not agree: was the board built by another version of hopgate?"),
    }
}
