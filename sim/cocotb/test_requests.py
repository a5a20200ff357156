"""`--wrapper axis` with requests, driven by a stream source and a sink that are not ours (cocotbext-axi): a packet is a request, and one comes back."""

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge

import answers
from test_axis import bench, exchange, packet

RECALL, STORE, FORGET, ERROR = 3, 6, 7, 0
REPLY = 0x80
# of what a STORE did
STORED, NEAR = 1 << 11, 1 << 12
PATTERNS = 40


def request(kind, *words, number=0x25):
    """The words of a request: the header has the number, the version and the kind."""
    return [number << 8 | 0x10 | kind, *words]


async def asked(source, sink, kind, *words):
    """The words of its reply behind the header, which must be that of the request."""
    sent = request(kind, *words)
    header, *said = await exchange(source, sink, sent)
    assert header == sent[0] | REPLY, f"{header:#06x} is the reply to {sent[0]:#06x}"
    return said


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def every_answer_is_the_software_s(dut):
    """Recalls one by one, with pauses at both ends."""
    source, sink = await bench(dut, 0.3, 0.6)
    for q, (cue, answer) in enumerate(answers.load()):
        assert await asked(source, sink, RECALL, *cue) == answer, f"cue {q}"


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def requests_wait_in_line(dut):
    """More at once than the buffer holds: the source waits, and replies come in order."""
    source, sink = await bench(dut, 0.0, 0.3)
    pairs = answers.load()
    for number, (cue, _) in enumerate(pairs):
        await source.send(packet(request(RECALL, *cue, number=number)))
    await ClockCycles(dut.aclk, 20_000)
    for number, (_, answer) in enumerate(pairs):
        data = bytes((await sink.recv()).tdata)
        words = [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)]
        assert words == [number << 8 | 0x10 | RECALL | REPLY, *answer], f"cue {number}"


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def a_key_is_stored_and_forgotten(dut):
    """A new key is the nearest at distance 0 from then on, a reset leaves it, and once it is forgotten it is gone."""
    source, sink = await bench(dut, 0.2, 0.2)
    (cue, answer) = answers.load()[0]
    status, *nearest = await asked(source, sink, STORE, 5, *cue)
    assert status & (STORED | NEAR) == STORED and nearest == answer[-2:]
    status, *nearest = await asked(source, sink, STORE, 5, *cue)
    assert status & (STORED | NEAR) == NEAR and nearest == [PATTERNS, 0]
    dut.aresetn.value = 0
    await RisingEdge(dut.aclk)
    dut.aresetn.value = 1
    await RisingEdge(dut.aclk)
    said = await asked(source, sink, RECALL, *cue)
    assert said[-2:] == [PATTERNS, 0]
    assert await asked(source, sink, FORGET, PATTERNS, PATTERNS + 1) == []
    assert await asked(source, sink, RECALL, *cue) == answer


@cocotb.test(timeout_time=50, timeout_unit="ms")
async def packets_of_any_length(dut):
    """What is too long has one reply, an error, and what follows is understood."""
    source, sink = await bench(dut, 0.3, 0.3)
    (cue, answer) = answers.load()[0]
    for length in [1, 2, 3, 200, 255, 256, 257, 1000]:
        reply = await exchange(source, sink, [0xFF13] * length)
        assert reply[0] & 0xFF in (REPLY | 0x10 | RECALL, REPLY | 0x10 | ERROR), f"{length} words: {reply}"
        assert await asked(source, sink, RECALL, *cue) == answer, f"after a packet of {length} words"
