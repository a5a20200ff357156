//! A master of either bus or of none, with a source and a sink of streams beside it: in every clock cycle the rules of all of them are looked after.

use crate::{
    Library,
    bench::{Inputs, Outputs, Wires, Word},
    trial::Noticed,
};
use hopgate_hdl::Top;
use std::collections::VecDeque;

/// What is wrong, and how that was noticed.
pub(super) type Wrong = (Noticed, String);

/// Cycles until the address of a write and its data are offered.
const PHASES: [[usize; 2]; 6] = [[0, 0], [0, 3], [3, 0], [1, 0], [0, 1], [6, 2]];
/// Cycles for which a response is not taken.
const HOLDS: [usize; 4] = [0, 1, 0, 4];
/// One that waits while the other kind has its turn.
const LONG: usize = 20;
/// Cycles from the one in which the last of an access is taken to its response, on AXI4-Lite: three lie between.
const RESPONSE: usize = 4;
/// Clock cycles from the first one of a bus cycle to its acknowledge, on Wishbone.
const ACKNOWLEDGE: usize = 2;
/// Cycles for an access at most, however many wait.
const PATIENCE: usize = 60;
/// What is on a bus where nothing is said.
const NOTHING: u32 = 0xdead_beef;

/// An access: a write where there is data, of these bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access {
    pub register: u8,
    pub write: Option<(u32, u8)>,
}

/// How accesses of AXI4-Lite wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// Everything is offered at once, and every response taken.
    Nothing,
    /// Responses to writes, for long.
    Writes,
    /// Those to reads.
    Reads,
}

/// A source and a sink of words, which hold each other back at random.
#[derive(Debug, Default)]
struct Stream {
    source: VecDeque<Word>,
    offering: bool,
    sink: Vec<Word>,
    /// What was offered by the other side, and not taken.
    held: Option<Word>,
    /// Nobody takes a word of an answer.
    stopped: bool,
    /// xorshift64; 0: nothing is held back.
    coin: u64,
}

impl Stream {
    fn toss(&mut self) -> bool {
        if self.coin == 0 {
            return true;
        }
        self.coin ^= self.coin << 13;
        self.coin ^= self.coin >> 7;
        self.coin ^= self.coin << 17;
        self.coin >> 32 & 1 == 1
    }

    /// What is at the inputs: an offer stands until it is taken.
    fn inputs(&mut self) -> [u32; 4] {
        self.offering = self.offering || !self.source.is_empty() && self.toss();
        let ready = !self.stopped && self.toss();
        let (word, last) = self.source.front().copied().filter(|_| self.offering).unwrap_or((0xdead, true));
        [u32::from(self.offering), word.into(), last.into(), ready.into()]
    }

    fn see(&mut self, reset: bool, [.., ready]: [u32; 4], [taken, valid, word, last]: [u32; 4]) -> Option<String> {
        if reset {
            self.held = None;
            return (taken != 0 || valid != 0).then(|| "a stream moves in reset".to_owned());
        }
        let offered = (valid != 0).then_some((word as u16, last != 0));
        if self.held.is_some() && offered != self.held {
            return Some(format!("{:04x?} was offered, and then {offered:04x?}", self.held));
        }
        self.held = offered.filter(|_| ready == 0);
        self.sink.extend(offered.filter(|_| ready != 0));
        if taken != 0 && self.offering {
            self.source.pop_front();
            self.offering = false;
        }
        None
    }
}

/// A master.
pub(super) struct Master {
    wires: Wires,
    axil: bool,
    /// There are streams, and no bus.
    alone: bool,
    stream: Stream,
}

fn broken(what: impl Into<String>) -> Wrong {
    (Noticed::Answer, what.into())
}

fn late(what: impl Into<String>) -> Wrong {
    (Noticed::Count, what.into())
}

impl Master {
    pub(super) fn open(library: &Library) -> Result<Master, Wrong> {
        let wires = Wires::open(library).map_err(|e| (Noticed::Hangs, e.to_string()))?;
        let axil = matches!(library.design.top, Top::Axil { .. });
        let alone = matches!(library.design.top, Top::Axis { .. });
        Ok(Master { wires, axil, alone, stream: Stream::default() })
    }

    fn cycle(&mut self, reset: bool, bus: [u32; 9]) -> Result<Outputs, Wrong> {
        let stream = self.stream.inputs();
        let seen = self.wires.cycle(Inputs { reset, bus, stream });
        self.stream.see(reset, stream, seen.stream).map_or(Ok(seen), |what| Err(broken(what)))
    }

    /// Clock cycles in which nobody means this slave: there is something on the bus all the same.
    pub(super) fn idle(&mut self, cycles: u64, manner: u8) -> Result<Outputs, Wrong> {
        let mut seen = Outputs::default();
        for i in 0..cycles.max(1) {
            let one = u32::from(manner) + i as u32;
            let (cyc, stb) = ((one % 3 == 1).into(), (one % 3 == 2).into());
            let bus = match self.axil {
                true => [0, NOTHING, 0, NOTHING, one & 15, one & 1, 0, NOTHING, one >> 1 & 1],
                false => [cyc, stb, one & 1, NOTHING, NOTHING, one & 15, 0, 0, 0],
            };
            seen = self.cycle(false, bus)?;
            let answers = match (self.axil, self.alone) {
                (true, _) => seen.bus[2] != 0 || seen.bus[5] != 0,
                (false, true) => false,
                (false, false) => seen.bus[0] != 0 || seen.bus[1] != cyc,
            };
            if answers {
                return Err(broken("the slave answers where it was not asked"));
            }
        }
        Ok(seen)
    }

    /// One access; what is read.
    pub(super) fn access(&mut self, access: Access, manner: u8) -> Result<u32, Wrong> {
        if self.axil {
            let (writes, reads): (Vec<Access>, Vec<Access>) = [access].into_iter().partition(|a| a.write.is_some());
            let hold = HOLDS[usize::from(manner) / PHASES.len() % HOLDS.len()];
            let read = self.channels(&writes, &reads, PHASES[usize::from(manner) % PHASES.len()], [hold; 2])?;
            return Ok(read.first().copied().unwrap_or(0));
        }
        let read = self.bus_cycle(access)?;
        // the next one follows at once, or later
        if !manner.is_multiple_of(4) {
            self.idle((manner % 4).into(), manner)?;
        }
        Ok(read)
    }

    /// Of AXI4-Lite: writes and reads at once; what is read.
    pub(super) fn both(&mut self, writes: &[Access], reads: &[Access], waits: Waits) -> Result<Vec<u32>, Wrong> {
        let holds = match waits {
            Waits::Nothing => [0, 0],
            Waits::Writes => [LONG, 0],
            Waits::Reads => [0, LONG],
        };
        self.channels(writes, reads, PHASES[0], holds)
    }

    /// The five channels, each of which goes on as soon as it can. Alone an access has its response in a cycle that is known; a write goes before a read
    /// that waits with it, and then they take turns.
    fn channels(
        &mut self,
        writes: &[Access],
        reads: &[Access],
        begins: [usize; 2],
        holds: [usize; 2],
    ) -> Result<Vec<u32>, Wrong> {
        let alone = writes.len() + reads.len() == 1;
        // addresses, data and responses of writes; addresses and responses of reads
        let (mut aw, mut w, mut b, mut ar, mut r) = (0, 0, 0, 0, 0);
        let (mut kept, mut taken) = ([0; 2], 0);
        let (mut values, mut order) = (Vec::new(), String::new());
        let mut held: [Option<u32>; 2] = [None; 2];
        for i in 0..PATIENCE * (writes.len() + reads.len()) {
            let address = |of: &[Access], at: usize| of.get(at).map_or(NOTHING, |a| 4 * u32::from(a.register));
            let offers = [aw < writes.len() && i >= begins[0], w < writes.len() && i >= begins[1], ar < reads.len()];
            let (data, bytes) = writes.get(w).and_then(|a| a.write).filter(|_| offers[1]).unwrap_or((NOTHING, 15));
            let ready = [0, 1].map(|c| kept[c] >= holds[c]);
            let [aw_valid, w_valid, ar_valid] = offers.map(u32::from);
            let [b_ready, r_ready] = ready.map(u32::from);
            let aw_address = if offers[0] { address(writes, aw) } else { NOTHING };
            let bus =
                [aw_valid, aw_address, w_valid, data, bytes.into(), b_ready, ar_valid, address(reads, ar), r_ready];
            let [aw_ready, w_ready, b_valid, b_resp, ar_ready, r_valid, r_data, r_resp] = self.cycle(false, bus)?.bus;
            let shown = [(b_valid, b_resp, 0, b < aw.min(w)), (r_valid, r_resp, r_data, r < ar)];
            for (c, (valid, resp, data, due)) in shown.into_iter().enumerate() {
                if held[c].is_some_and(|before| valid == 0 || before != data) {
                    return Err(broken("a response changes before it is taken"));
                }
                held[c] = None;
                if valid == 0 {
                    continue;
                }
                if !due || resp != 0 || data >> 16 != 0 {
                    return Err(broken(format!("there is a response to nothing, or {resp}, or {data:#x}")));
                }
                if alone && kept[c] == 0 && i - taken != RESPONSE {
                    return Err(late(format!("a response comes {} cycles later", i - taken)));
                }
                if !ready[c] {
                    (kept[c], held[c]) = (kept[c] + 1, Some(data));
                    continue;
                }
                kept[c] = 0;
                match c {
                    0 => (b, order) = (b + 1, order + "w"),
                    _ => (r, order) = (r + 1, order + "r"),
                }
                values.extend((c == 1).then_some(data));
            }
            let goes = [offers[0] && aw_ready != 0, offers[1] && w_ready != 0, offers[2] && ar_ready != 0];
            if goes.contains(&true) {
                taken = i;
            }
            [aw, w, ar] = [aw + usize::from(goes[0]), w + usize::from(goes[1]), ar + usize::from(goes[2])];
            if b == writes.len() && r == reads.len() {
                let first = writes.len().min(reads.len());
                let turns = match holds {
                    [0, 0] => "wr".repeat(first),
                    [0, _] => "w".repeat(first),
                    _ => "r".repeat(first),
                };
                return match alone || order.starts_with(&turns) {
                    true => Ok(values),
                    false => Err(broken(format!("responses come as {order}"))),
                };
            }
        }
        Err((Noticed::Hangs, "there is no response".into()))
    }

    /// Of Wishbone: a cycle of the bus.
    fn bus_cycle(&mut self, access: Access) -> Result<u32, Wrong> {
        for i in 0..=ACKNOWLEDGE {
            let [ack, stall, data, ..] = self.cycle(false, words(access, true))?.bus;
            let due = i == ACKNOWLEDGE;
            if (ack != 0) != due || (stall != 0) == due {
                return Err(late(format!("in clock cycle {i} of a bus cycle ack is {ack} and stall {stall}")));
            }
            if due && data >> 16 != 0 {
                return Err(broken(format!("the bus reads {data:#x}")));
            }
            if due {
                return Ok(data);
            }
        }
        unreachable!("the last clock cycle is one of these")
    }

    /// Of Wishbone: a cycle of the bus that its master gives up, by the strobe alone or by both, before it is acknowledged.
    pub(super) fn abandon(&mut self, access: Access, clocks: u8) -> Result<(), Wrong> {
        for i in 0..clocks {
            let [ack, stall, ..] = self.cycle(false, words(access, true))?.bus;
            if ack != 0 || stall == 0 {
                return Err(late(format!("in clock cycle {i} of a bus cycle that is given up ack is {ack}")));
            }
        }
        // the address and the data stand
        let mut bus = words(access, false);
        bus[0] = (clocks & 1).into();
        let [ack, stall, ..] = self.cycle(false, bus)?.bus;
        if ack != 0 || stall != bus[0] {
            return Err(broken("a bus cycle that is given up is acknowledged"));
        }
        Ok(())
    }

    /// Begins an access, and in some clock cycles holds reset for others, in which everything is offered. Nothing moves then.
    pub(super) fn reset(&mut self, access: Access, clocks: u8, cycles: u64) -> Result<(), Wrong> {
        let at = 4 * u32::from(access.register);
        let (data, bytes) = access.write.unwrap_or((NOTHING, 15));
        let [writes, reads] = [access.write.is_some(), access.write.is_none()];
        let mut open = [writes, writes, reads];
        for i in 0..u64::from(clocks) + cycles {
            let reset = i >= u64::from(clocks);
            // within the reset everything is offered
            let [aw, w, ar] = open.map(|open| u32::from(reset || open));
            let bus = match self.axil {
                true => [aw, at, w, data, bytes.into(), 0, ar, at, 0],
                false => words(access, true),
            };
            let seen = self.cycle(reset, bus)?;
            // nothing interrupts from the second cycle on
            if reset && i > u64::from(clocks) && seen.interrupt {
                return Err((Noticed::Reset, "it interrupts in reset".into()));
            }
            let seen = seen.bus;
            let moves = if self.axil { &[0, 1, 2, 4, 5][..] } else { &[0] };
            if reset && moves.iter().any(|&output| seen[output] != 0) {
                return Err((Noticed::Reset, "the bus moves in reset".into()));
            }
            if self.axil && !reset {
                open = [open[0] && seen[0] == 0, open[1] && seen[1] == 0, open[2] && seen[4] == 0];
            }
        }
        Ok(())
    }

    /// Whether it interrupts, some cycles after the last access.
    pub(super) fn interrupts(&mut self, manner: u8) -> Result<bool, Wrong> {
        Ok(self.idle(4, manner)?.interrupt)
    }

    pub(super) fn cycles(&self) -> u64 {
        self.wires.cycles()
    }

    /// Words for the stream, behind those that wait; a coin other than 0 holds both sides back.
    pub(super) fn offer(&mut self, words: &[Word], coin: u64) {
        self.stream.source.extend(words);
        self.stream.coin = coin;
    }

    /// From here on nobody takes a word of the stream, or somebody does.
    pub(super) fn stop(&mut self, stop: bool) {
        self.stream.stopped = stop;
    }

    /// Words that were not taken.
    pub(super) fn left(&self) -> usize {
        self.stream.source.len()
    }

    /// What came by the stream.
    pub(super) fn came(&mut self) -> &mut Vec<Word> {
        &mut self.stream.sink
    }

    /// What waits on either side is forgotten.
    pub(super) fn forget(&mut self) {
        self.stream = Stream::default();
    }
}

/// What is at the inputs of Wishbone.
fn words(Access { register, write }: Access, strobe: bool) -> [u32; 9] {
    let (data, bytes) = write.unwrap_or((NOTHING, 0));
    [1, strobe.into(), write.is_some().into(), register.into(), data, bytes.into(), 0, 0, 0]
}
