//! How long a reply takes, as the page on the protocol bounds it: a host that waits for so long waits for long enough.

use crate::twins::{Twins, memory};
use hopgate_hdl::{CoreOptions, Room};
use hopgate_model::{
    bits::BitMatrix,
    kind::Kind,
    memory::{Memory, Parts},
    noise,
};
use hopgate_sim::suite::{SHAPE, Shape, memory as memory_of};
use hopgate_wire::{
    frame,
    protocol::Region,
    request::{Request, SelfTest},
};

/// Cycles of a bit, and those that are simulated at a time.
const BIT: u64 = 16;

/// Cycles from the end of a request to the beginning of its reply, and to its end without the time that its bytes take.
fn cycles(twins: &mut Twins, request: &Request) -> (u64, u64) {
    let bytes = frame::encode(&request.encode(9));
    twins.device.receive(&bytes);
    let want = twins.device.work().unwrap();
    let (mut got, mut first, mut all) = (Vec::new(), None, 0);
    twins.stream().run(&bytes, 0, &mut got).unwrap();
    while got.len() < want.len() {
        twins.stream().run(&[], BIT, &mut got).unwrap();
        if twins.stream().queued() > 0 {
            continue;
        }
        all += BIT;
        first = first.or((!got.is_empty()).then_some(all));
        assert!(all < 10_000_000, "no reply");
    }
    assert_eq!(got, want);
    // the last byte of the request may be on its way when none is queued any more
    (first.unwrap().saturating_sub(10 * BIT), all.saturating_sub(10 * BIT * want.len() as u64))
}

#[test]
#[ignore = "make full: several boards"]
fn a_reply_takes_no_longer_than_the_page_says() {
    let built_in = memory(37, 60, 0.02, 1);
    let options = CoreOptions { parallel: 2, fold: 2, room: Some(Room::default()), ..CoreOptions::default() };
    let mut twins = Twins::new(&built_in, options);
    let (is, steps) = (twins.identity.clone(), 30);
    let lanes = is.lanes() as u64;
    let recall = steps * is.step_cycles(is.groups, is.planes * is.patterns) as u64 + 48 * lanes;
    let words = |count: u64| 12 * (count + 8);
    let cue = |seed: u64| {
        let cues = noise::random(1, 37, seed);
        let bit = |i: usize| u16::from(i >= 37 && i < is.neurons || i < 37 && cues.get(0, i)) << (i % 16);
        (0..is.lanes()).map(|l| (16 * l..16 * l + 16).map(bit).sum()).collect::<Vec<u16>>()
    };
    let mut cases = vec![
        (Request::Read { region: Region::Page, address: 0, count: 128 }, words(3 + 128)),
        (Request::Read { region: Region::Rows(1), address: 0, count: lanes as u16 }, words(3 + lanes)),
        (Request::Read { region: Region::Kernel, address: 0, count: 5 }, words(3 + 5)),
        (Request::Write { region: Region::Page, address: 64, words: vec![1; 20] }, words(22)),
        (Request::Recall { cues: vec![1; 2] }, words(2)),
        (Request::Recall { cues: (0..5).flat_map(cue).collect() }, 5 * recall),
    ];
    cases.extend((10..20).map(|seed| (Request::Recall { cues: cue(seed) }, recall)));
    let counting = 96 * is.reply_words(steps as u32) as u64;
    for flips in [0, 100] {
        let test = SelfTest { recalls: 20, first: 3, flips, seed: 1 };
        cases.push((Request::SelfTest(test), 20 * (recall + counting) + 1000));
    }
    check(&mut twins, cases);
}

/// Of few patterns with wide values, whose bits take longer to count than to find.
#[test]
#[ignore = "make full: replies are in make test"]
fn a_self_test_takes_no_longer_than_the_page_says() {
    let shape = Shape { kind: Kind::Map, outputs: 90, neurons: 20, patterns: 3, ..SHAPE };
    // nearly all bits of a value are one
    let built_in = memory_of(&shape, noise::random(3, 20, 1));
    let ones = built_in.planes()[0].rows();
    let planes = vec![BitMatrix::from_fn(ones, 90, |_, i| i > 2)];
    let built_in = Memory::new(Parts { planes, ..built_in.parts().clone() }).unwrap();
    let mut twins = Twins::new(&built_in, CoreOptions { room: Some(Room::default()), ..CoreOptions::default() });
    let is = twins.identity.clone();
    let said = is.reply_words(1) as u64;
    let step = is.step_cycles(is.groups, is.planes * is.patterns) as u64;
    let words = is.lanes() as u64 + said.saturating_sub(is.lanes() as u64 + 3);
    let test = |flips| Request::SelfTest(SelfTest { recalls: 20, first: 0, flips, seed: 1 });
    let most = 20 * (step + 48 * words + 96 * said) + 1000;
    check(&mut twins, [0, 100, 255].map(|flips| (test(flips), most)).to_vec());
}

fn check(twins: &mut Twins, cases: Vec<(Request, u64)>) {
    for (request, most) in cases {
        // two bits: so exact is what was measured; and the last byte of the request
        let (begins, ends) = cycles(twins, &request);
        println!("{most:6} {begins:6} {ends:6} {request:?}");
        assert!(
            begins <= most + 12 * BIT && ends <= most + 12 * BIT,
            "{request:?}: {begins} and {ends} of {most} cycles"
        );
    }
}
