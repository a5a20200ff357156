class Bench:
    """AXI4-Stream: a packet in, a packet out for every answer. cocotbext-axi has sources and sinks that do more."""

    def __init__(self, dut):
        self.dut, self.clock = dut, dut.aclk

    async def start(self):
        """Clock and reset."""
        cocotb.start_soon(Clock(self.clock, 10, "ns").start())
        self.dut.s_axis_tvalid.value = self.dut.m_axis_tready.value = 0
        self.dut.aresetn.value = 0
        await ClockCycles(self.clock, 4)
        await FallingEdge(self.clock)
        self.dut.aresetn.value = 1

@recall@
    async def exchange(self, packet, words):
        """So many words that come back for a packet. Everything is driven, and looked at, at falling edges."""
        dut = self.dut
        for place, word in enumerate(packet, 1):
            dut.s_axis_tvalid.value, dut.s_axis_tdata.value, dut.s_axis_tlast.value = 1, word, int(place == len(packet))
            await until(self.clock, dut.s_axis_tready)
        dut.s_axis_tvalid.value, dut.m_axis_tready.value = 0, 1
        back = [await until(self.clock, dut.m_axis_tvalid, dut.m_axis_tdata) for _ in range(words)]
        dut.m_axis_tready.value = 0
        return back


async def until(clock, flag, word=None):
    """Lets clock cycles pass until a flag is one in one of them; what the word was then."""
    while True:
        await Timer(1, "ns")
        seen = int(flag.value)
        found = int(word.value) if seen and word is not None else None
        await FallingEdge(clock)
        if seen:
            return found
