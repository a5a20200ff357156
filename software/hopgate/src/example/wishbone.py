# byte addresses of registers, and bits of STATUS: @name@.h has all
STATUS, CUE, ANSWER, STEPS, NEAREST, DISTANCE = range(0, 24, 4)
READY, ANSWER_THERE, DONE = 1, 2, 4


class Bench:
    """Wishbone: the registers, in classic cycles. cocotbext-wishbone has a master that does more."""

    def __init__(self, dut):
        self.dut, self.clock = dut, dut.wb_clk_i

    async def start(self):
        """Clock and reset."""
        cocotb.start_soon(Clock(self.clock, 10, "ns").start())
        dut = self.dut
        dut.wb_cyc_i.value = dut.wb_stb_i.value = dut.wb_we_i.value = 0
        dut.wb_sel_i.value = 15
        dut.wb_rst_i.value = 1
        await ClockCycles(self.clock, 4)
        await FallingEdge(self.clock)
        dut.wb_rst_i.value = 0

    async def cycle(self, address, word, write):
        """One bus cycle; what is read. Everything is driven, and looked at, at falling edges."""
        dut = self.dut
        dut.wb_adr_i.value, dut.wb_dat_i.value, dut.wb_we_i.value = address // 4, word, int(write)
        dut.wb_cyc_i.value = dut.wb_stb_i.value = 1
        while not int(dut.wb_ack_o.value):
            await FallingEdge(self.clock)
        word = int(dut.wb_dat_o.value)
        await FallingEdge(self.clock)
        dut.wb_cyc_i.value = dut.wb_stb_i.value = 0
        await FallingEdge(self.clock)
        return word

    async def write(self, address, word):
        """One register."""
        await self.cycle(address, word, True)

    async def read(self, address):
        """What one register holds."""
        return await self.cycle(address, 0, False)

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
