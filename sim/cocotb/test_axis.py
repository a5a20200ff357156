"""`--wrapper axis` driven by a stream source and a sink that are not ours (cocotbext-axi), with random pauses at both."""

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import AxiStreamBus, AxiStreamFrame, AxiStreamSink, AxiStreamSource

import answers


def pauses(seed, share):
    """A generator that pauses in this share of the cycles."""
    draw = random.Random(seed)
    while True:
        yield draw.random() < share


async def bench(dut, source_share, sink_share):
    """A source and a sink. What they send first waits until the wrapper can read its block RAM."""
    cocotb.start_soon(Clock(dut.aclk, 10, "ns").start())
    bus = lambda prefix: AxiStreamBus.from_prefix(dut, prefix)
    reset = {"reset": dut.aresetn, "reset_active_level": False}
    source = AxiStreamSource(bus("s_axis"), dut.aclk, byte_lanes=2, **reset)
    sink = AxiStreamSink(bus("m_axis"), dut.aclk, byte_lanes=2, **reset)
    dut.aresetn.value = 0
    await ClockCycles(dut.aclk, 4)
    dut.aresetn.value = 1
    source.set_pause_generator(pauses(1, source_share))
    sink.set_pause_generator(pauses(2, sink_share))
    return source, sink


def packet(words):
    """A frame of little-endian words."""
    return AxiStreamFrame(b"".join(word.to_bytes(2, "little") for word in words))


async def exchange(source, sink, cue):
    """The words of the packet that answers one."""
    await source.send(packet(cue))
    data = bytes((await sink.recv()).tdata)
    return [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)]


@cocotb.test()
async def every_answer_is_the_software_s(dut):
    """Cues one by one, with pauses at both ends."""
    source, sink = await bench(dut, 0.3, 0.6)
    for q, (cue, answer) in enumerate(answers.load()):
        assert await exchange(source, sink, cue) == answer, f"cue {q}"


@cocotb.test()
async def cues_wait_in_line(dut):
    """All cues at once: the answers come in order."""
    source, sink = await bench(dut, 0.0, 0.3)
    pairs = answers.load()[:10]
    for cue, _ in pairs:
        await source.send(packet(cue))
    for q, (_, answer) in enumerate(pairs):
        data = bytes((await sink.recv()).tdata)
        assert [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)] == answer, f"cue {q}"


@cocotb.test()
async def packets_of_any_length(dut):
    """Short packets are completed with zeros, and of long ones the rest is dropped: each has one answer."""
    source, sink = await bench(dut, 0.3, 0.3)
    (cue, answer), lanes = answers.load()[0], len(answers.load()[0][0])
    for length in [1, lanes + 1, 2 * lanes, 100]:
        await exchange(source, sink, ([0x5A5A] * length)[:length])
        assert await exchange(source, sink, cue) == answer, f"after a packet of {length} words"


@cocotb.test()
async def a_reset_of_any_length(dut):
    """A reset of one clock and more, in the midst of anything, leaves nothing behind, and nothing is offered in it."""
    source, sink = await bench(dut, 0.0, 0.0)
    (cue, answer) = answers.load()[0]
    for length in [1, 2, 3, 4, 5, 16]:
        for wait in [0, 1, 2, 3, 5, 20, 60]:
            await source.send(packet(cue))
            await ClockCycles(dut.aclk, wait + 1)
            dut.aresetn.value = 0
            for _ in range(length):
                await RisingEdge(dut.aclk)
            dut.aresetn.value = 1
            await RisingEdge(dut.aclk)
            source.clear()
            sink.clear()
            assert await exchange(source, sink, cue) == answer, f"a reset of {length} clocks after {wait}"
