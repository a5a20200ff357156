"""`--wrapper axil --streams` driven by masters that are not ours (cocotbext-axi): registers, and packets in and out, at the same time."""

import cocotb
from cocotb.triggers import ClockCycles
from cocotbext.axi import AxiStreamBus, AxiStreamSink, AxiStreamSource

import answers
import test_axil
import test_axis

STREAM, ON, BUSY = 0x3C, 1, 2


class Bench(test_axil.Bench):
    """A master of the registers, a source and a sink."""

    def __init__(self, dut, share):
        super().__init__(dut, share)
        bus = lambda prefix: AxiStreamBus.from_prefix(dut, prefix)
        reset = {"reset": dut.aresetn, "reset_active_level": False}
        self.source = AxiStreamSource(bus("s_axis"), dut.aclk, byte_lanes=2, **reset)
        self.sink = AxiStreamSink(bus("m_axis"), dut.aclk, byte_lanes=2, **reset)
        self.source.set_pause_generator(test_axil.pauses(7, share))
        self.sink.set_pause_generator(test_axil.pauses(8, share))

    async def turn(self, on):
        """Lets cues come by the stream, or by the registers again."""
        await self.write(STREAM, ON if on else 0)
        while not on and await self.read(STREAM) & BUSY:
            pass


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def every_answer_is_the_software_s(dut):
    """All cues by the stream while registers are read all the time."""
    bench = Bench(dut, 0.3)
    await bench.reset(4)
    await bench.turn(True)
    pairs = answers.load()
    for cue, _ in pairs:
        await bench.source.send(test_axis.packet(cue))

    async def registers():
        while not over:
            assert await bench.read(test_axil.ID) == 0x4748
            assert not await bench.read(test_axil.STATUS) & (test_axil.TAKES | test_axil.OFFERS | test_axil.MISTAKE)

    over = []
    reading = cocotb.start_soon(registers())
    for q, (_, answer) in enumerate(pairs):
        data = bytes((await bench.sink.recv()).tdata)
        assert [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)] == answer, f"cue {q}"
    over.append(True)
    await reading


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def by_either_in_turn(dut):
    """Cues by the stream and by the registers: what comes by the one is not answered by the other."""
    bench = Bench(dut, 0.2)
    await bench.reset(1)
    for q, (cue, answer) in enumerate(answers.load()[:20]):
        await bench.turn(q % 3)
        if q % 3:
            assert await test_axis.exchange(bench.source, bench.sink, cue) == answer, f"cue {q}"
        else:
            assert await bench.exchange(cue, len(answer)) == answer, f"cue {q}"
        assert bench.sink.empty() and not await bench.read(test_axil.STATUS) & test_axil.MISTAKE


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def nothing_is_taken_before_it_is_enabled(dut):
    """A packet waits until the register lets it in, and one that came before a reset is gone."""
    bench = Bench(dut, 0.0)
    await bench.reset(1)
    (cue, answer) = answers.load()[0]
    await bench.source.send(test_axis.packet(cue))
    await ClockCycles(dut.aclk, 5000)
    assert bench.sink.empty() and not dut.s_axis_tready.value
    await bench.turn(True)
    data = bytes((await bench.sink.recv()).tdata)
    assert [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)] == answer
    for wait in (0, 1, 2, 5, 30):
        await bench.source.send(test_axis.packet(cue))
        await ClockCycles(dut.aclk, wait + 1)
        await bench.reset(1)
        bench.source.clear()
        bench.sink.clear()
        assert await bench.read(STREAM) == 0
        await bench.turn(True)
        assert await test_axis.exchange(bench.source, bench.sink, cue) == answer, f"a reset after {wait}"
