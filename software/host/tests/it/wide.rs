//! Boards whose rows are read in beats: version 2 of the protocol.

use crate::common::{Shape, cues, memory};
use hopgate_host::{
    client::{LineOptions, Session},
    device::{Build, Device},
    transport::Inside,
};
use hopgate_model::{memory::Memory, reference};
use hopgate_wire::{
    frame::{self, Decoder},
    protocol::{Code, Region},
    reply::{Reply, Stranger},
    request::Request,
};

/// 37 words in two beats of 19 lanes, the last one without a word for the last lane.
fn wide() -> Memory {
    memory(Shape { neurons: 590, patterns: 23, gamma: 0.02, ..Shape::default() })
}

fn build(memory: &Memory) -> Build<'_> {
    Build { beats: 2, window: 127, ..Build::of(memory) }
}

fn check(board: &mut Session<Inside>, memory: &Memory) {
    let cues = cues(memory, 20, 3);
    let answers = board.recall(&cues, &mut |_| ()).unwrap();
    for q in 0..cues.rows() {
        let want = reference::recall(memory, cues.row(q));
        let seen = (answers.state.row(q), answers.nearest[q] as usize, answers.distance[q]);
        assert_eq!(seen, (&want.state[..], want.nearest, want.distance), "cue {q}");
    }
}

#[test]
fn a_host_finds_it_and_loads_it() {
    let built_in = wide();
    let device = Device::new(build(&built_in), &built_in).unwrap();
    let mut board = Session::connect(Inside::new(device), LineOptions::default()).unwrap();
    assert_eq!((board.identity().version(), board.identity().lanes(), board.identity().beats), (2, 19, 2));
    check(&mut board, &built_in);
    let other = memory(Shape { neurons: 581, patterns: 20, gamma: 0.03, seed: 7, ..Shape::default() });
    board.load(&other, &mut |_, _| ()).unwrap();
    check(&mut board, &other);
    assert_eq!(&board.patterns(&mut |_| ()).unwrap(), other.patterns());
    let image = board.image(&mut |_| ()).unwrap();
    let mut copy = Session::connect(Inside::new(image), LineOptions::default()).unwrap();
    check(&mut copy, &other);
}

#[test]
fn a_host_of_version_1_is_told() {
    let memory = wide();
    let mut device = Device::new(build(&memory), &memory).unwrap();
    device.receive(&frame::encode(&Request::Read { region: Region::Page, address: 0, count: 1 }.encode(7)));
    let mut decoder = Decoder::new(99);
    let said = device.work().unwrap().iter().find_map(|&b| decoder.push(b)).unwrap().unwrap();
    assert_eq!(Reply::decode(&said), Err(Stranger::Version(2)));
    assert_eq!(Reply::decode_in(2, &said), Ok((7, Reply::Error { code: Code::Version, detail: 2 })));
}
