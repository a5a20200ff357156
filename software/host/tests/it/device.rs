//! The software device: what it refuses, what it buffers, and that no bytes bring it down.

use crate::common::{Shape, memory};
use hopgate_files::folder;
use hopgate_host::device::{Build, Device};
use hopgate_model::{memory::Memory, noise};
use hopgate_wire::{
    frame,
    layout::Layout,
    page::Identity,
    protocol::{Code, Kind, Region},
    reply::Reply,
    request::{Request, SelfTest},
};
use rand::Rng;

fn small() -> Memory {
    memory(Shape::default())
}

fn device(memory: &Memory) -> Device {
    Device::new(Build::of(memory), memory).unwrap()
}

/// Bytes at random, frames at random, requests of every kind, and good frames that were hit: the next good request is answered, in the
/// board's own version, and no reply is anything else than a reply.
fn random_frames(identity: Identity, memory: &Memory, count: u32) {
    let mut device = Device::with(identity.clone(), memory).unwrap();
    let mut rng = noise::rng(5, 7);
    let version = identity.version();
    let read = Request::Read { region: Region::Page, address: 2, count: 1 };
    let cue = identity.cue_words();
    let (mut replies, mut answered, mut recalled) = (0, 0, 0);
    let mut said = |device: &mut Device| {
        while let Some(reply) = device.work() {
            let mut decoder = frame::Decoder::new(1 << 16);
            let words = reply.iter().find_map(|&byte| decoder.push(byte)).expect("a frame").expect("a good one");
            let (_, reply) = Reply::decode_in(version, &words).expect("a reply");
            recalled += u32::from(matches!(reply, Reply::Done { kind: Kind::Recall | Kind::Masked | Kind::Find, .. }));
            replies += 1;
        }
    };
    for i in 0..count {
        let mut bytes: Vec<u8> = match i % 3 {
            0 => (0..rng.random_range(0..300)).map(|_| rng.random()).collect(),
            1 => {
                let words: Vec<u16> = (0..rng.random_range(1..40)).map(|_| rng.random()).collect();
                frame::encode(&words)
            }
            _ => {
                // now and then as many words as a cue has
                let length = if i % 4 == 0 { 1 + cue } else { rng.random_range(1..12) };
                let mut words: Vec<u16> = (0..length).map(|_| rng.random_range(0..300)).collect();
                // mostly a request: of any kind, to any region
                words[0] = u16::from(version) << 4 | rng.random_range(0..10) | u16::from(rng.random::<u8>()) << 8;
                frame::encode(&words)
            }
        };
        if rng.random_range(0..4) == 0 && !bytes.is_empty() {
            let at = rng.random_range(0..bytes.len());
            bytes[at] = rng.random();
        }
        device.receive(&bytes);
        said(&mut device);
        if i % 10 == 0 {
            device.receive(&[0]);
            said(&mut device);
            device.receive(&frame::encode(&read.encode_in(version, i as u8 | 1)));
            let reply = device.work().expect("an answer");
            let header = u16::from(i as u8 | 1) << 8 | 0x81 | u16::from(version) << 4;
            assert_eq!(reply, frame::encode(&[header, identity.neurons as u16]));
            answered += 1;
        }
    }
    assert_eq!(answered, count.div_ceil(10));
    assert!(replies > count / 2 && recalled > count / 300, "{replies}, {recalled} of them recalls");
}

#[test]
fn ten_thousand_random_frames() {
    let memory = memory(Shape { neurons: 128, patterns: 200, planes: 1, gamma: 0.4, seed: 9, ..Shape::default() });
    random_frames(Build::of(&memory).identity(), &memory, 10_000);
}

#[test]
fn random_frames_with_masks_and_in_beats() {
    let narrow = memory(Shape { neurons: 90, patterns: 20, planes: 1, gamma: 0.4, seed: 9, ..Shape::default() });
    for (masks, beats) in [(true, 1), (false, 3), (true, 2)] {
        random_frames(Build { masks, beats, ..Build::of(&narrow) }.identity(), &narrow, 3_000);
    }
}

/// The regions' rules, code by code.
#[test]
fn what_a_device_refuses() {
    let memory = crate::common::memory(Shape { offset: 0.4, ..Shape::default() });
    let mut device = device(&memory);
    let before = device.clone();
    let entries = device.identity().entries() as u16;
    let rows = device.identity().depth as u16;
    let write = |region, address, words: &[u16]| Request::Write { region, address, words: words.to_vec() };
    let read = |region, address, count| Request::Read { region, address, count };
    let test = |recalls, first, flips| Request::SelfTest(SelfTest { recalls, first, flips, seed: 1 });
    use Region::*;
    let cases = [
        (read(Page, 255, 2), Code::Range),
        (read(Page, 0, 0), Code::Length),
        (read(Kernel, entries, 1), Code::Range),
        (read(Threshold, 0, 3), Code::Length),
        (read(Threshold, 2 * entries, 2), Code::Range),
        (read(Rows(0), 0, 2), Code::Length),
        (read(Rows(1), 0, 3), Code::Range),
        (read(Rows(0), rows, 3), Code::Range),
        (write(Page, 63, &[1]), Code::Range),
        (write(Page, 127, &[1, 2]), Code::Range),
        (write(Page, 66, &[1]), Code::Order),
        (write(Kernel, 0, &[1]), Code::Order),
        (write(Threshold, 0, &[1, 2]), Code::Order),
        (write(Rows(0), 0, &[1, 2, 3]), Code::Order),
        (write(Page, 96, &[0]), Code::Order),
        (write(Page, 97, &[1]), Code::Order),
        (write(Page, 95, &[1, 2]), Code::Order),
        (write(Page, 96, &[1, 1]), Code::Order),
        (Request::Recall { cues: vec![0; 4] }, Code::Length),
        (test(0, 0, 0), Code::Range),
        (test(1, 61, 0), Code::Range),
        (test(1, 0, 256), Code::Range),
    ];
    for (request, code) in cases {
        assert_eq!(device.answer(&request), Reply::Error { code, detail: 0 }, "{request:?}");
    }
    // nothing of it was carried out
    let all = |d: &mut Device| [0, 128].map(|at| d.answer(&read(Page, at, 128)));
    assert_eq!(all(&mut device), all(&mut before.clone()));
    let done = |d: &mut Device, r: Request| matches!(d.answer(&r), Reply::Done { .. });
    assert!(done(&mut device, write(Page, 96, &[7])));
    assert_eq!(device.answer(&Request::Recall { cues: vec![0; 3] }), Reply::Error { code: Code::Invalid, detail: 0 });
    assert_eq!(device.answer(&test(1, 0, 0)), Reply::Error { code: Code::Invalid, detail: 0 });
    assert_eq!(device.answer(&write(Page, 97, &[8])), Reply::Error { code: Code::Order, detail: 0 });
    // bits that the board does not have read as zero
    assert!(done(&mut device, write(Rows(0), 5, &[0xffff; 3])) && done(&mut device, write(Kernel, 1, &[0xffff])));
    let words = |words: &[u16]| Reply::Done { kind: Kind::Read, words: words.to_vec() };
    assert_eq!(device.answer(&read(Rows(0), 5, 3)), words(&[0xffff, 0xffff, 0x1f]));
    assert_eq!(device.answer(&read(Kernel, 1, 1)), words(&[0xff]));
    assert!(done(&mut device, write(Page, 97, &[7])) && done(&mut device, write(Page, 97, &[7])), "twice");
    assert!(done(&mut device, Request::Recall { cues: vec![0; 3] }));
    assert_eq!(device.answer(&write(Page, 96, &[7])), Reply::Error { code: Code::Order, detail: 0 });
}

/// Any words in any place during a load: whatever is committed, the device answers.
#[test]
fn nonsense_can_be_loaded() {
    let mut rng = noise::rng(8, 8);
    for shape in crate::common::shapes() {
        let memory = crate::common::memory(shape);
        let mut device = device(&memory);
        let lanes = device.identity().lanes();
        device.answer(&Request::Write { region: Region::Page, address: 96, words: vec![1] });
        for request in
            Layout::of(&memory, folder::digest(&memory), device.identity()).unwrap().writes(&device.identity().clone())
        {
            let Request::Write { region, address, words } = request else { panic!("a load writes") };
            let words = words.iter().map(|_| rng.random()).collect();
            assert!(matches!(device.answer(&Request::Write { region, address, words }), Reply::Done { .. }));
        }
        let commit = Request::Write { region: Region::Page, address: 97, words: vec![1] };
        assert!(matches!(device.answer(&commit), Reply::Error { code: Code::Range, .. }), "sizes that no board has");
        let Identity { groups, parallel, stride, .. } = device.identity().clone();
        let sizes = [groups, parallel, stride + 1].map(|n| rng.random_range(0..n) as u16);
        let words = [&sizes[..], &[rng.random_range(1..=255), rng.random_range(0..=1)]].concat();
        device.answer(&Request::Write { region: Region::Page, address: 64, words });
        assert!(matches!(device.answer(&commit), Reply::Done { .. }));
        for _ in 0..20 {
            let cue: Vec<u16> = (0..lanes).map(|_| rng.random()).collect();
            let Reply::Done { words, .. } = device.answer(&Request::Recall { cues: cue }) else { panic!("no answer") };
            assert_eq!(words.len(), lanes + 3);
        }
    }
}

/// A host that does not wait: what the buffer does not hold is refused, what it holds is answered, in order.
#[test]
fn a_full_buffer() {
    let memory = small();
    let mut device = Device::new(Build { window: 40, ..Build::of(&memory) }, &memory).unwrap();
    let read = |s: u8| frame::encode(&Request::Read { region: Region::Page, address: 2, count: 1 }.encode(s));
    // five requests of seven words and one of 41, which no buffer would hold
    (1..=6).for_each(|s| device.receive(&read(s)));
    device.receive(&frame::encode(&Request::Recall { cues: vec![0; 37] }.encode(7)));
    let replies: Vec<Vec<u8>> = std::iter::from_fn(|| device.work()).collect();
    let answer = |s: u16| frame::encode(&[s << 8 | 0x91, 37]);
    let too_long = frame::encode(&[0x0090, 3, 0]);
    let mut want: Vec<Vec<u8>> = (1..=5).map(answer).collect();
    want.extend([too_long.clone(), too_long]);
    assert_eq!(replies, want);
    device.receive(&read(9));
    assert_eq!(device.work(), Some(answer(9)));
}
