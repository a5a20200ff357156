//! A memory into a simulated build, over the link at its pins, as a host would do it: for builds that hold nothing after
//! configuration, because rows are in SPRAM.

use crate::bench::BoardBench;
use hopgate_files::folder;
use hopgate_model::{Error, ErrorKind, Result, memory::Memory};
use hopgate_wire::{
    frame,
    layout::Layout,
    page::{self, Identity},
    protocol::Region,
    request::Request,
};

/// The number of the load: neither that of word 96 nor that of word 97 after configuration.
const NUMBER: u16 = 2;
/// The sequence number of every request: each reply is waited for.
const SEQUENCE: u8 = 0xa5;

/// Loads a memory into a board that was just configured, which speaks this version of the protocol, with this many cycles a bit.
///
/// # Errors
/// [`ErrorKind::Failed`] if the board does not answer as it should, or holds something valid already; as
/// [`Layout::of`] if the memory does not fit.
pub fn load(board: &mut BoardBench, version: u8, memory: &Memory, uart_divider: usize) -> Result<()> {
    let mut ask = |request: &Request, words: usize| ask(board, version, request, words, uart_divider);
    let read = |address: usize, count: u16| Request::Read { region: Region::Page, address: address as u16, count };
    let write =
        |address: usize, word: u16| Request::Write { region: Region::Page, address: address as u16, words: vec![word] };
    let identity = Identity::of(&ask(&read(0, page::IDENTITY_WORDS as u16), page::IDENTITY_WORDS)?)?;
    let numbers = ask(&read(page::BEGIN, 2), 2)?;
    if numbers[0] == numbers[1] {
        return Err(Error::new(
            ErrorKind::Failed,
            "the board says that it holds a valid memory, but its rows are in SPRAM",
        ));
    }
    ask(&write(page::BEGIN, NUMBER), 0)?;
    for request in Layout::of(memory, folder::digest(memory), &identity)?.writes(&identity) {
        ask(&request, 0)?;
    }
    ask(&write(page::COMMIT, NUMBER), 0)?;
    Ok(())
}

/// Sends a request and takes the words of its reply, of which there must be so many.
fn ask(board: &mut BoardBench, version: u8, request: &Request, words: usize, uart_divider: usize) -> Result<Vec<u16>> {
    let bytes = frame::encode(&request.encode_in(version, SEQUENCE));
    // replies here are too short for COBS to add more than a byte, so their length is known
    let expected = frame::encode(&vec![0; 1 + words]).len();
    // there and back, and twice the dozen cycles that a word of it takes
    let limit = 2000 + (24 * bytes.len() + 12 * uart_divider * (bytes.len() + expected + 2)) as u64;
    let got = board.exchange(&bytes, expected, limit).map_err(|e| e.at(format!("{}", request.kind())))?;
    let mut decoder = frame::Decoder::new(words + 3);
    let header = request.encode_in(version, SEQUENCE)[0] | 0x80;
    match got.iter().find_map(|&b| decoder.push(b)) {
        Some(Ok(reply)) if reply.first() == Some(&header) && reply.len() == 1 + words => Ok(reply[1..].to_vec()),
        other => {
            Err(Error::new(ErrorKind::Failed, format!("the board answers a {} with {other:04x?}", request.kind())))
        }
    }
}
