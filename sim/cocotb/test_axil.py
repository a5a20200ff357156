"""`--wrapper axil` driven by a master that is not ours (cocotbext-axi), with random pauses on every channel."""

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.axi import AxiLiteBus, AxiLiteMaster

import answers

STATUS, CUE, ANSWER, STEPS, NEAREST, DISTANCE, ENABLE, PENDING, ID = range(0, 36, 4)
TAKES, OFFERS, DONE, MISTAKE = 1, 2, 4, 8


def pauses(seed, share):
    """A generator that pauses in this share of the cycles."""
    draw = random.Random(seed)
    while True:
        yield draw.random() < share


class Bench:
    """A master and the registers behind it."""

    def __init__(self, dut, share):
        self.dut = dut
        cocotb.start_soon(Clock(dut.aclk, 10, "ns").start())
        self.master = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.aclk, dut.aresetn, reset_active_level=False)
        write, read = self.master.write_if, self.master.read_if
        for i, channel in enumerate([write.aw_channel, write.w_channel, write.b_channel, read.ar_channel, read.r_channel]):
            channel.set_pause_generator(pauses(i, share))

    async def reset(self, clocks):
        """Holds reset for so many clocks."""
        self.dut.aresetn.value = 0
        await ClockCycles(self.dut.aclk, clocks)
        self.dut.aresetn.value = 1
        await RisingEdge(self.dut.aclk)

    async def read(self, register):
        """One register; its upper half is zero."""
        word = await with_timeout(self.master.read_dword(register), 100, "us")
        assert word < 1 << 16
        return word

    async def write(self, register, word):
        """The same the other way; what is above the word does not matter."""
        await with_timeout(self.master.write_dword(register, 0xABCD0000 | word), 100, "us")

    async def until(self, bit):
        """Waits for a bit of the status."""
        while not await self.read(STATUS) & bit:
            pass

    async def exchange(self, cue, words):
        """So many words of the answer to one cue, the last three among them."""
        for word in cue:
            await self.until(TAKES)
            await self.write(CUE, word)
        answer = []
        for _ in range(words - 3):
            await self.until(OFFERS)
            answer.append(await self.read(ANSWER))
        await self.until(DONE)
        return answer + [await self.read(register) for register in (STEPS, NEAREST, DISTANCE)]


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def every_answer_is_the_software_s(dut):
    """Cues one by one, with pauses."""
    bench = Bench(dut, 0.4)
    await bench.reset(4)
    assert await bench.read(ID) == 0x4748
    for q, (cue, answer) in enumerate(answers.load()):
        assert await bench.exchange(cue, len(answer)) == answer, f"cue {q}"
    assert not await bench.read(STATUS) & MISTAKE


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def reads_and_writes_at_once(dut):
    """Many of both at a time: each has one response, and a word that is read is gone once."""
    bench = Bench(dut, 0.2)
    await bench.reset(1)
    (cue, answer) = answers.load()[0]
    await bench.until(TAKES)
    reads = [bench.master.init_read(ID, 4) for _ in range(20)]
    writes = [bench.master.init_write(ENABLE, bytes([4, 0, 0, 0])) for _ in range(20)]
    for read, write in zip(reads, writes):
        await read.wait()
        await write.wait()
        assert int.from_bytes(read.data.data, "little") == 0x4748
    assert await bench.read(ENABLE) == 4
    assert await bench.exchange(cue, len(answer)) == answer


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def the_interrupt_comes_when_it_is_done(dut):
    """It is enabled, waited for, and cleared."""
    bench = Bench(dut, 0.0)
    await bench.reset(1)
    (cue, answer) = answers.load()[0]
    await bench.until(TAKES)
    await bench.write(ENABLE, DONE)
    for word in cue:
        await bench.write(CUE, word)
    for _ in range(len(answer) - 3):
        await bench.until(OFFERS)
        assert not dut.irq.value
        await bench.read(ANSWER)
    await with_timeout(RisingEdge(dut.irq), 10, "us")
    assert await bench.read(PENDING) & DONE
    await bench.write(PENDING, DONE)
    await ClockCycles(dut.aclk, 2)
    assert not dut.irq.value and not await bench.read(PENDING) & DONE


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def a_mistake_is_noted_and_does_nothing(dut):
    """An answer that is not there, less than a word, and a cleared status."""
    bench = Bench(dut, 0.3)
    await bench.reset(2)
    (cue, answer) = answers.load()[0]
    await bench.until(TAKES)
    for mistake in (bench.master.read(ANSWER, 4), bench.master.write(CUE, b"\x5a"), bench.master.write(CUE + 1, b"\x5a")):
        await mistake
        assert await bench.read(STATUS) & MISTAKE
        await bench.write(STATUS, 0)
        assert not await bench.read(STATUS) & MISTAKE
    assert await bench.exchange(cue, len(answer)) == answer


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def a_reset_of_any_length(dut):
    """A reset of one clock and more, with a part of a cue written or a recall under way, leaves nothing behind."""
    bench = Bench(dut, 0.0)
    await bench.reset(1)
    (cue, answer) = answers.load()[0]
    for length in [1, 2, 3, 16]:
        for written in range(len(cue) + 1):
            for word in cue[:written]:
                await bench.until(TAKES)
                await bench.write(CUE, word)
            await bench.reset(length)
            assert await bench.exchange(cue, len(answer)) == answer, f"a reset of {length} clocks after {written} words"
