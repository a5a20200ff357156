# byte addresses of registers, and bits of STATUS: @name@.h has all
STATUS, CUE, ANSWER, STEPS, NEAREST, DISTANCE = range(0, 24, 4)
READY, ANSWER_THERE, DONE = 1, 2, 4


class Bench:
    """AXI4-Lite: the registers. cocotbext-axi has a master that does more."""

    def __init__(self, dut):
        self.dut, self.clock = dut, dut.aclk

    async def start(self):
        """Clock and reset."""
        cocotb.start_soon(Clock(self.clock, 10, "ns").start())
        dut = self.dut
        for signal in (dut.s_axil_awvalid, dut.s_axil_wvalid, dut.s_axil_arvalid, dut.s_axil_bready, dut.s_axil_rready):
            signal.value = 0
        dut.s_axil_awprot.value = dut.s_axil_arprot.value = 0
        dut.s_axil_wstrb.value = 15
        dut.aresetn.value = 0
        await ClockCycles(self.clock, 4)
        await FallingEdge(self.clock)
        dut.aresetn.value = 1

    async def write(self, address, word):
        """One register. Everything is driven, and looked at, at falling edges."""
        dut = self.dut
        dut.s_axil_awaddr.value, dut.s_axil_wdata.value = address, word
        dut.s_axil_awvalid.value = dut.s_axil_wvalid.value = 1
        await FallingEdge(self.clock)  # nothing is under way: both are taken at once
        dut.s_axil_awvalid.value = dut.s_axil_wvalid.value = 0
        dut.s_axil_bready.value = 1
        while not int(dut.s_axil_bvalid.value):
            await FallingEdge(self.clock)
        await FallingEdge(self.clock)
        dut.s_axil_bready.value = 0

    async def read(self, address):
        """What one register holds."""
        dut = self.dut
        dut.s_axil_araddr.value, dut.s_axil_arvalid.value = address, 1
        await FallingEdge(self.clock)
        dut.s_axil_arvalid.value, dut.s_axil_rready.value = 0, 1
        while not int(dut.s_axil_rvalid.value):
            await FallingEdge(self.clock)
        word = int(dut.s_axil_rdata.value)
        await FallingEdge(self.clock)
        dut.s_axil_rready.value = 0
        return word

    async def recall(self, cue):
        """All words of all answers to the words of a cue."""
        for word in cue:
            await self.wait(READY)
            await self.write(CUE, word)
        answer = []
        for _ in range(ANSWERS):
            for _ in range(ANSWER_WORDS):
                await self.wait(ANSWER_THERE)
                answer.append(await self.read(ANSWER))
            await self.wait(DONE)
            answer += [await self.read(register) for register in (STEPS, NEAREST, DISTANCE)]
        return answer

    async def wait(self, bit):
        """Asks STATUS until a bit is one."""
        while not await self.read(STATUS) & bit:
            pass
