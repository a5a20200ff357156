//! FIND: the nearest pattern and its distance alone, as a recall has them.

use crate::common::{Shape, cues, memory};
use hopgate_host::{
    client::{Found, LineOptions, Session},
    device::{Build, Device},
    transport::{Inside, Noise, Noisy, Transport},
};
use hopgate_model::{ErrorKind, bits::BitMatrix, kind::Kind, memory::Memory};
use hopgate_wire::{page::Identity, protocol::Code, reply::Reply, request::Request};

fn device(memory: &Memory, change: impl Fn(Identity) -> Identity) -> Device {
    Device::with(change(Build::of(memory).identity()), memory).unwrap()
}

fn line(memory: &Memory, change: impl Fn(Identity) -> Identity) -> Inside {
    Inside::new(device(memory, change))
}

/// What is found, and the same out of whole answers.
fn both<T: Transport>(board: &mut Session<T>, queries: &BitMatrix) -> [Vec<Found>; 2] {
    let found = board.find(queries, None, &mut |_| ()).unwrap();
    let whole = board.recall(queries, &mut |_| ()).unwrap();
    let of =
        |q: usize| Found { nearest: whole.nearest[q] as usize, distance: whole.distance[q], known: whole.known[q] };
    [found, (0..queries.rows()).map(of).collect()]
}

fn some() -> (Memory, BitMatrix) {
    let memory = memory(Shape { neurons: 128, patterns: 60, planes: 1, gamma: 0.4, ..Shape::default() });
    let queries = cues(&memory, 300, 3);
    (memory, queries)
}

#[test]
fn what_is_found_is_what_a_recall_finds() {
    let (whole, queries) = some();
    let mut parts = whole.parts().clone();
    (parts.radius, parts.max_steps) = (19, 1);
    let memory = Memory::new(parts).unwrap();
    let mut board = Session::connect(line(&memory, |is| is), LineOptions::default()).unwrap();
    let before = board.stats();
    let [found, want] = both(&mut board, &queries);
    assert_eq!(found, want);
    assert!(found.iter().any(|f| !f.known) && found.iter().any(|f| f.known), "a radius that says something");
    let stats = board.stats();
    assert_eq!((stats.again, before.again), (0, 0));
    // a sequence's last step, and classes
    let ring: Vec<usize> = (0..60).map(|mu| (mu + 1) % 60).collect();
    let plane = BitMatrix::from_fn(60, 128, |mu, i| whole.patterns().get(ring[mu], i));
    let sequence = hopgate_model::memory::Parts {
        kind: Kind::Sequence,
        planes: vec![plane],
        max_steps: 4,
        ..whole.parts().clone()
    };
    let mut board = Session::connect(line(&Memory::new(sequence).unwrap(), |is| is), LineOptions::default()).unwrap();
    let [found, want] = both(&mut board, &queries);
    assert_eq!(found, want);
}

#[test]
fn over_noise_too() {
    let (memory, queries) = some();
    let noisy = Noisy::new(line(&memory, |is| is), Noise::of(0.003), 5);
    let mut board = Session::connect(noisy, LineOptions::default()).unwrap();
    let [found, want] = both(&mut board, &queries);
    assert_eq!(found, want);
    assert!(board.stats().again > 0);
}

#[test]
fn a_board_that_does_not_know_it_is_asked_for_whole_answers() {
    let (memory, queries) = some();
    let old = |is| Identity { finds: false, ..is };
    let mut board = Session::connect(line(&memory, old), LineOptions::default()).unwrap();
    let [found, want] = both(&mut board, &queries);
    assert_eq!(found, want);
    let mut device = device(&memory, old);
    let words = hopgate_wire::frame::encode(&Request::Find { cues: vec![0; 8] }.encode(3));
    device.receive(&words);
    let mut decoder = hopgate_wire::frame::Decoder::new(9);
    let said = device.work().unwrap().iter().find_map(|&byte| decoder.push(byte)).unwrap().unwrap();
    assert_eq!(Reply::decode(&said), Ok((3, Reply::Error { code: Code::Kind, detail: 0 })));
}

#[test]
fn what_cannot_be_asked() {
    let (memory, queries) = some();
    let mut board = Session::connect(line(&memory, |is| is), LineOptions::default()).unwrap();
    let narrow = BitMatrix::zeros(3, 127);
    assert_eq!(board.find(&narrow, None, &mut |_| ()).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(board.find(&queries, Some(&queries), &mut |_| ()).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(board.find(&BitMatrix::zeros(0, 128), None, &mut |_| ()).unwrap(), []);
}
