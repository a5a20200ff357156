"""`--top board` driven by a UART that is not ours (cocotbext-uart), by the plain protocol or in frames."""

import os
import pathlib
import sys

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, Timer, with_timeout
from cocotbext.uart import UartSink, UartSource

import answers

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "software/python"))
from hopgate import frame, wire  # noqa: E402

BAUD = int(os.environ["HOPGATE_BAUD"])
FRAMED = os.environ["HOPGATE_PROTOCOL"] == "framed"


class Bench:
    """A board of 100 MHz, and a UART whose rate is off by a share."""

    def __init__(self, dut, off=0.0):
        self.dut, rate, self.sequence = dut, round(BAUD * (1 + off)), 0
        cocotb.start_soon(Clock(dut.clock, 10, "ns").start())
        self.source, self.sink = UartSource(dut.rx, baud=rate), UartSink(dut.tx, baud=rate)

    async def reset(self):
        """The button, and what came before it forgotten; then the board's own wait for its block RAM."""
        self.dut.reset_n.value = 0
        await ClockCycles(self.dut.clock, 100)
        self.dut.reset_n.value = 1
        await Timer(30, "us")
        self.sink.clear()

    async def bytes(self, done):
        """What is received until it is all there; a board that says nothing ends the test."""
        got = bytearray()
        while not done(got):
            got += await with_timeout(self.sink.read(1), 1, "ms")
        return bytes(got)

    async def exchange(self, cue, words):
        """So many words of the answer to one cue."""
        if not FRAMED:
            await self.source.write(frame.words(cue))
            data = await self.bytes(lambda got: len(got) == 2 * words)
            return [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)]
        self.sequence = self.sequence % 255 + 1
        await self.source.write(frame.encode(wire.RECALL, self.sequence, cue))
        reply = frame.decode((await self.bytes(lambda got: got.endswith(b"\0")))[:-1])
        assert reply and reply.reply and (reply.kind, reply.sequence) == (wire.RECALL, self.sequence), reply
        return reply.body


@cocotb.test(timeout_time=100, timeout_unit="ms")
async def every_answer_is_the_software_s(dut):
    """Cues one by one."""
    bench = Bench(dut)
    await bench.reset()
    for q, (cue, answer) in enumerate(answers.load()):
        assert await bench.exchange(cue, len(answer)) == answer, f"cue {q}"


@cocotb.test(timeout_time=100, timeout_unit="ms")
async def rates_that_are_off(dut):
    """A clock at the other end that is two per cent slow or fast."""
    for off in (-0.02, 0.02):
        bench = Bench(dut, off)
        await bench.reset()
        for cue, answer in answers.load()[:6]:
            assert await bench.exchange(cue, len(answer)) == answer, f"{off}"
        # the next one has the pins to itself
        bench.source._run_cr.cancel()
        bench.sink._run_cr.cancel()


@cocotb.test(timeout_time=100, timeout_unit="ms")
async def a_reset_in_a_cue(dut):
    """After the button the next cue begins anew, whatever part of one had come."""
    bench = Bench(dut)
    cue, answer = answers.load()[0]
    await bench.reset()
    for count in (1, 2, 3):
        await bench.source.write(bytes([0x5A] * count))
        await bench.source.wait()
        await Timer(int(20e9 / BAUD), "ns")
        await bench.reset()
        assert await bench.exchange(cue, len(answer)) == answer, f"{count} bytes before"
