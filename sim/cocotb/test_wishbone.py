"""`--wrapper wishbone` driven by a master that is not ours (cocotbext-wishbone), with random pauses."""

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.wishbone.driver import WBOp, WishboneMaster

import answers

STATUS, CUE, ANSWER, STEPS, NEAREST, DISTANCE = range(6)
READY, ANSWERED, DONE, MISTAKE = 1, 2, 4, 8
SIGNALS = {
    "cyc": "wb_cyc_i",
    "stb": "wb_stb_i",
    "we": "wb_we_i",
    "adr": "wb_adr_i",
    "datwr": "wb_dat_i",
    "datrd": "wb_dat_o",
    "ack": "wb_ack_o",
}


async def bench(dut):
    """A master."""
    cocotb.start_soon(Clock(dut.wb_clk_i, 10, "ns").start())
    master = WishboneMaster(dut, "", dut.wb_clk_i, width=32, timeout=100, signals_dict=SIGNALS)
    dut.wb_rst_i.value = 1
    await ClockCycles(dut.wb_clk_i, 2)
    dut.wb_rst_i.value = 0
    return master


DRAW = random.Random(3)


async def read(master, register):
    """What a register holds."""
    result = await master.send_cycle([WBOp(register, idle=DRAW.randrange(4))])
    return int(result[0].datrd)


async def write(master, register, value):
    """Writes a register."""
    await master.send_cycle([WBOp(register, value, idle=DRAW.randrange(4))])


async def wait_for(master, bit):
    """Asks the status until a bit is set."""
    for _ in range(10_000):
        if await read(master, STATUS) & bit:
            return
    raise AssertionError(f"status bit {bit} never came")


async def recall(master, cue):
    """The words of an answer."""
    await wait_for(master, READY)
    for word in cue:
        await write(master, CUE, word)
    await wait_for(master, ANSWERED)
    words = [await read(master, ANSWER) & 0xFFFF for _ in cue]
    await wait_for(master, DONE)
    return words + [await read(master, register) & 0xFFFF for register in (STEPS, NEAREST, DISTANCE)]


@cocotb.test()
async def every_answer_is_the_software_s(dut):
    """Cues one by one, with pauses between cycles."""
    master = await bench(dut)
    for q, (cue, answer) in enumerate(answers.load()):
        assert await recall(master, cue) == answer, f"cue {q}"
    assert await read(master, STATUS) & MISTAKE == 0


@cocotb.test()
async def a_cycle_that_is_abandoned(dut):
    """STB and CYC that fall before the acknowledge: none comes, and nothing was done."""
    master = await bench(dut)
    (cue, answer) = answers.load()[0]
    for clocks in [1, 2]:
        await wait_for(master, READY)
        await RisingEdge(dut.wb_clk_i)
        dut.wb_cyc_i.value, dut.wb_stb_i.value, dut.wb_we_i.value = 1, 1, 1
        dut.wb_adr_i.value, dut.wb_dat_i.value = CUE, 0xFFFF
        for _ in range(clocks - 1):
            await RisingEdge(dut.wb_clk_i)
            assert not dut.wb_ack_o.value, "too soon to abandon it"
        await RisingEdge(dut.wb_clk_i)
        taken = bool(dut.wb_ack_o.value)
        dut.wb_cyc_i.value, dut.wb_stb_i.value, dut.wb_we_i.value = 0, 0, 0
        for _ in range(4):
            await RisingEdge(dut.wb_clk_i)
            assert not dut.wb_ack_o.value, f"a stale acknowledge, {clocks} clocks"
        rest = cue
        if taken:
            # it ended after all: the word is in
            await recall(master, cue[1:] + [0])
        assert await recall(master, rest) == answer, f"abandoned after {clocks} clocks"


@cocotb.test()
async def a_reset_of_one_clock(dut):
    """After a reset of one clock nothing of the time before is left."""
    master = await bench(dut)
    (cue, answer) = answers.load()[0]
    for wait in [0, 1, 7, 40, 90]:
        await wait_for(master, READY)
        for word in cue:
            await write(master, CUE, word)
        await ClockCycles(dut.wb_clk_i, wait + 1)
        dut.wb_rst_i.value = 1
        await RisingEdge(dut.wb_clk_i)
        dut.wb_rst_i.value = 0
        assert await recall(master, cue) == answer, f"a reset after {wait} clocks"
