"""`--wrapper wishbone` driven by a master that is not ours (cocotbext-wishbone), with random idle cycles between its requests."""

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.wishbone.driver import WBOp, WishboneMaster

import answers

STATUS, CUE, ANSWER, STEPS, NEAREST, DISTANCE = range(6)
TAKES, OFFERS, DONE, MISTAKE = 1, 2, 4, 8
SIGNALS = {
    "cyc": "wb_cyc_i",
    "stb": "wb_stb_i",
    "we": "wb_we_i",
    "adr": "wb_adr_i",
    "datwr": "wb_dat_i",
    "datrd": "wb_dat_o",
    "ack": "wb_ack_o",
}


class Bench:
    """A master and its registers. A request that is never acknowledged ends the test."""

    def __init__(self, dut, idle):
        self.dut, self.idle, self.draw = dut, idle, random.Random(7)
        cocotb.start_soon(Clock(dut.wb_clk_i, 10, "ns").start())
        self.master = WishboneMaster(dut, None, dut.wb_clk_i, timeout=50, signals_dict=SIGNALS)
        dut.wb_sel_i.value = 0xF
        # the master raises CYC before it has driven STB for the first time
        for name in ["cyc", "stb", "we", "adr", "datwr"]:
            getattr(dut, SIGNALS[name]).value = 0

    async def reset(self, clocks):
        """Holds reset for so many clocks."""
        self.dut.wb_rst_i.value = 1
        await ClockCycles(self.dut.wb_clk_i, clocks)
        self.dut.wb_rst_i.value = 0

    async def cycle(self, *requests):
        """One bus cycle of (register, what is written or None); what was read, a number for each."""
        idle = lambda: self.draw.randrange(self.idle + 1)
        operations = [WBOp(register, word, idle=idle(), acktimeout=50) for register, word in requests]
        replies = await with_timeout(self.master.send_cycle(operations), 100, "us")
        assert len(replies) == len(requests), f"{len(replies)} acknowledges of {len(requests)} requests"
        return [int(reply.datrd) if word is None else 0 for reply, (_, word) in zip(replies, requests)]

    async def read(self, register):
        """One register."""
        return (await self.cycle((register, None)))[0]

    async def until(self, bit):
        """Waits for a bit of the status."""
        while not await self.read(STATUS) & bit:
            pass

    async def exchange(self, cue, words):
        """So many words of the answer to one cue, the last three among them."""
        for word in cue:
            await self.until(TAKES)
            await self.cycle((CUE, word))
        answer = []
        for _ in range(words - 3):
            await self.until(OFFERS)
            answer.append(await self.read(ANSWER))
        await self.until(DONE)
        return answer + await self.cycle((STEPS, None), (NEAREST, None), (DISTANCE, None))


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def every_answer_is_the_software_s(dut):
    """Cues one by one, with idle cycles between the requests."""
    bench = Bench(dut, 5)
    await bench.reset(4)
    for q, (cue, answer) in enumerate(answers.load()):
        assert await bench.exchange(cue, len(answer)) == answer, f"cue {q}"
    assert not await bench.read(STATUS) & MISTAKE


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def requests_back_to_back(dut):
    """Many requests in one bus cycle, without a clock between them: each has one acknowledge."""
    bench = Bench(dut, 0)
    await bench.reset(1)
    (cue, answer) = answers.load()[0]
    await bench.until(TAKES)
    await bench.cycle(*[(STATUS, None)] * 20)
    assert await bench.exchange(cue, len(answer)) == answer


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def pipelined_requests(dut):
    """A master of pipelined cycles: it goes on when it is not stalled, and every request has one acknowledge."""
    bench = Bench(dut, 0)
    piped = WishboneMaster(dut, None, dut.wb_clk_i, timeout=50, signals_dict={**SIGNALS, "stall": "wb_stall_o"})
    bench.master = piped
    await bench.reset(1)
    await bench.until(TAKES)
    for cue, answer in answers.load()[:10]:
        assert await bench.exchange(cue, len(answer)) == answer
        await bench.cycle(*[(STATUS, None)] * 7)
    assert not await bench.read(STATUS) & MISTAKE


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def a_mistake_is_noted_and_does_nothing(dut):
    """An answer that is not there, and a cleared status."""
    bench = Bench(dut, 2)
    await bench.reset(2)
    (cue, answer) = answers.load()[0]
    await bench.until(TAKES)
    await bench.read(ANSWER)
    assert await bench.read(STATUS) & MISTAKE
    await bench.cycle((STATUS, 0))
    assert not await bench.read(STATUS) & MISTAKE
    assert await bench.exchange(cue, len(answer)) == answer


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def a_reset_of_any_length(dut):
    """A reset of one clock and more, with a part of a cue written or a recall under way, leaves nothing behind."""
    bench = Bench(dut, 0)
    await bench.reset(1)
    (cue, answer) = answers.load()[0]
    for length in [1, 2, 3, 16]:
        for written in range(len(cue) + 1):
            for word in cue[:written]:
                await bench.until(TAKES)
                await bench.cycle((CUE, word))
            await bench.reset(length)
            await RisingEdge(dut.wb_clk_i)
            assert await bench.exchange(cue, len(answer)) == answer, f"a reset of {length} clocks after {written} words"
