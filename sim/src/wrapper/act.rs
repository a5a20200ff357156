//! What a master does, and what it must see: a conversation as it is written down.

use super::master::{Access, Master, Waits, Wrong};
use crate::{Library, bench::Word, trial::Noticed};
use hopgate_wire::registers::number;

/// How often a register is asked before a core is given up.
const PATIENCE: usize = 3_000;
/// The same for what never takes long.
const SOON: usize = 60;

/// One thing that is done.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// A register is read: it must be this.
    Read { register: u8, want: u16, manner: u8 },
    /// A register is written, these bytes of it.
    Write { register: u8, data: u32, bytes: u8, manner: u8 },
    /// A register is asked until one of these bits is one; then, of these bits, it must be this.
    Wait { register: u8, bits: u16, mask: u16, want: u16, manner: u8 },
    /// The bus does something else.
    Idle(u64),
    /// Whether it interrupts.
    Interrupts(bool),
    /// Of AXI4-Lite: writes and reads at once, which must read this.
    Both { writes: Vec<(u8, u16)>, reads: Vec<(u8, u16)>, waits: Waits },
    /// Of Wishbone: a bus cycle that is given up after so many clock cycles.
    Abandon { register: u8, write: Option<u16>, clocks: u8 },
    /// A reset of so many cycles, so many clock cycles behind the beginning of an access. Streams forget.
    Reset { register: u8, write: Option<u16>, clocks: u8, cycles: u64 },
    /// Since the reset so many cycles must have gone by when one of these bits is one first, or as many more as the slack.
    Awake { bits: u16, cycles: u64, slack: u64 },
    /// The stream takes a word, for the first time since a reset, in this cycle behind it.
    Ready(u64),
    /// Words for the stream; both sides are held back by a coin that is not 0.
    Offer { words: Vec<Word>, coin: u64 },
    /// So many words of those must have been taken, no more and no less, and stay so.
    Left(usize),
    /// Words that must come by the stream.
    Comes(Vec<Word>),
    /// Nobody takes words of the stream, or somebody does.
    Stop(bool),
}

/// Acts that begin with a core as it is after configuration.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub name: &'static str,
    pub acts: Vec<Act>,
}

impl Part {
    /// Whether the wrapper of a simulation does anything else, or nothing.
    pub(super) fn noticed(&self, library: &Library) -> Option<(Noticed, String)> {
        self.run(library).err()
    }

    fn run(&self, library: &Library) -> Result<(), Wrong> {
        let mut master = Master::open(library)?;
        let (mut after_reset, mut released) = (false, 0);
        for (at, act) in self.acts.iter().enumerate() {
            let done = act.run(&mut master, &mut released);
            if let Err((how, what)) = done {
                let how = if after_reset { Noticed::Reset } else { how };
                return Err((how, format!("act {at}, {act:?}: {what}")));
            }
            after_reset = after_reset || matches!(act, Act::Reset { .. });
        }
        // and nothing more comes
        master.idle(40, 0)?;
        match master.came().is_empty() {
            true => Ok(()),
            false => Err((Noticed::Answer, "more words come by the stream".into())),
        }
    }
}

fn differs(got: impl std::fmt::LowerHex, want: u16) -> Result<(), Wrong> {
    Err((Noticed::Answer, format!("it is {got:#06x}, not {want:#06x}")))
}

impl Act {
    fn run(&self, master: &mut Master, released: &mut u64) -> Result<(), Wrong> {
        let read = |register: u8| Access { register, write: None };
        let hangs = |what: String| Err((Noticed::Hangs, what));
        match self {
            Act::Read { register, want, manner } => match master.access(read(*register), *manner)? {
                got if got == u32::from(*want) => Ok(()),
                got => differs(got, *want),
            },
            &Act::Write { register, data, bytes, manner } => {
                master.access(Access { register, write: Some((data, bytes)) }, manner).map(|_| ())
            }
            &Act::Wait { register, bits, mask, want, manner } => {
                for turn in 0..PATIENCE {
                    let got = master.access(read(register), manner.wrapping_add(turn as u8))? as u16;
                    if got & bits != 0 {
                        return if got & mask == want { Ok(()) } else { differs(got, want) };
                    }
                }
                hangs(format!("register {register} has none of the bits {bits:#x}"))
            }
            Act::Idle(cycles) => master.idle(*cycles, 0).map(|_| ()),
            Act::Interrupts(want) => match master.interrupts(1)? {
                got if got == *want => Ok(()),
                got => Err((Noticed::Answer, format!("it interrupts: {got}"))),
            },
            Act::Both { writes, reads, waits } => {
                let writes: Vec<Access> = writes
                    .iter()
                    .map(|&(register, data)| Access { register, write: Some((data.into(), 15)) })
                    .collect();
                let accesses: Vec<Access> = reads.iter().map(|&(register, _)| read(register)).collect();
                let got = master.both(&writes, &accesses, *waits)?;
                match got.iter().zip(reads).find(|(got, (_, want))| **got != u32::from(*want)) {
                    None => Ok(()),
                    Some((got, (_, want))) => differs(*got, *want),
                }
            }
            &Act::Abandon { register, write, clocks } => {
                master.abandon(Access { register, write: write.map(|data| (data.into(), 15)) }, clocks)
            }
            &Act::Reset { register, write, clocks, cycles } => {
                master.reset(Access { register, write: write.map(|data| (data.into(), 15)) }, clocks, cycles)?;
                master.forget();
                *released = master.cycles();
                Ok(())
            }
            &Act::Awake { bits, cycles, slack } => {
                let mut before = *released;
                for _ in 0..PATIENCE {
                    let got = master.access(read(number::STATUS as u8), 0)? as u16;
                    let now = master.cycles();
                    if got & bits != 0 {
                        // the register is looked at some cycles before the response is taken
                        return match (before < *released + cycles + slack) && now > *released + cycles {
                            true => Ok(()),
                            false => Err((Noticed::Count, format!("it is awake {} cycles later", now - *released))),
                        };
                    }
                    before = now;
                }
                hangs(format!("STATUS has none of the bits {bits:#x}"))
            }
            &Act::Ready(cycles) => {
                for cycle in 0..=cycles {
                    let ready = master.idle(1, 0)?.stream[0] != 0;
                    if ready != (cycle == cycles) {
                        return Err((Noticed::Count, format!("in cycle {cycle} behind a reset tready is {ready}")));
                    }
                }
                Ok(())
            }
            Act::Offer { words, coin } => {
                master.offer(words, *coin);
                Ok(())
            }
            &Act::Left(words) => {
                // as many as may go, go soon
                for _ in 0..SOON {
                    if master.left() <= words {
                        break;
                    }
                    master.idle(4, 1)?;
                }
                master.idle(30, 1)?;
                match master.left() {
                    left if left == words => Ok(()),
                    left => Err((Noticed::Answer, format!("{left} words are left, not {words}"))),
                }
            }
            Act::Comes(want) => {
                for _ in 0..PATIENCE {
                    if master.came().len() >= want.len() {
                        break;
                    }
                    master.idle(10, 1)?;
                }
                let came = std::mem::take(master.came());
                match (came.len(), came == *want) {
                    (_, true) => Ok(()),
                    (less, _) if less < want.len() => hangs(format!("by the stream came {came:04x?}")),
                    _ => Err((Noticed::Answer, format!("by the stream came {came:04x?}, not {want:04x?}"))),
                }
            }
            Act::Stop(stop) => {
                master.stop(*stop);
                Ok(())
            }
        }
    }
}
