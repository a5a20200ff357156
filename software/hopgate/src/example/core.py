class Bench:
    """The core's own streams."""

    def __init__(self, dut):
        self.dut, self.clock = dut, dut.clock

    async def start(self):
        """Clock, and reset for 64 cycles (in hardware for 10 us after configuration)."""
        cocotb.start_soon(Clock(self.clock, 10, "ns").start())
        self.dut.in_valid.value = self.dut.in_data.value = self.dut.out_ready.value = 0
        self.dut.reset.value = 1
        await ClockCycles(self.clock, 64)
        await FallingEdge(self.clock)
        self.dut.reset.value = 0

    async def recall(self, cue):
        """All words of all answers to the words of a cue. Everything is driven, and looked at, at falling edges."""
        dut = self.dut
        for word in cue:
            dut.in_valid.value, dut.in_data.value = 1, word
            await until(self.clock, dut.in_ready)
        dut.in_valid.value, dut.out_ready.value = 0, 1
        answer = []
        for _ in range(ANSWERS * (ANSWER_WORDS + 3)):
            answer.append(await until(self.clock, dut.out_valid, dut.out_data))
        dut.out_ready.value = 0
        return answer


async def until(clock, flag, word=None):
    """Lets clock cycles pass until a flag is one in one of them; what the word was then."""
    while True:
        await Timer(1, "ns")
        seen = int(flag.value)
        found = int(word.value) if seen and word is not None else None
        await FallingEdge(clock)
        if seen:
            return found
