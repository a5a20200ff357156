"""A LiteX system with a CPU, the memory on its bus and a program that uses it: `run.py HOPGATE FOLDER`, with a RISC-V gcc on the PATH.

What the program says is compared with what the software answers.
"""

import os
import pathlib
import subprocess
import sys

import numpy as np
from litex.build.generic_platform import Pins
from litex.build.sim import SimPlatform
from litex.soc.cores.dma import WishboneDMAReader, WishboneDMAWriter
from litex.soc.integration.soc_core import SoCCore
from litex.soc.interconnect import stream, wishbone
from migen import ClockDomain, Module

import hopgate
from hopgate.litex import Memory

HERE = pathlib.Path(__file__).resolve().parent
BASE = 0x90000000
# (the words of all cues, and of all answers, are whole words of the bus)
N, CUES = 37, 4


class Clocks(Module):
    """One clock and one reset."""

    def __init__(self, platform):
        self.clock_domains.cd_sys = ClockDomain("sys")
        self.comb += [self.cd_sys.clk.eq(platform.request("sys_clk")), self.cd_sys.rst.eq(platform.request("sys_rst"))]


class System(SoCCore):
    """A VexRiscv, a ROM with the program, the memory in five lines, and a DMA at each of its streams."""

    def __init__(self, memory, folder, program):
        pins = [("sys_clk", 0, Pins(1)), ("sys_rst", 0, Pins(1)), ("said", 0, Pins(32)), ("said_strobe", 0, Pins(1))]
        platform = SimPlatform("SIM", pins)
        self.crg = Clocks(platform)
        options = {"integrated_rom_size": 0x10000, "integrated_rom_init": program, "integrated_sram_size": 0x2000}
        SoCCore.__init__(
            self, platform, int(1e6), cpu_type="vexriscv", cpu_variant="lite", with_uart=False, with_timer=False, ident="", **options
        )
        self.faces = Memory(memory, "faces", folder, streams=True, protocol="framed", learns=True)
        self.faces.add_to(self, origin=BASE)
        # (what LiteX calls big leaves words as they are)
        self.cues = WishboneDMAReader(self.master("cues"), endianness="big", with_csr=True)
        self.answers = WishboneDMAWriter(self.master("answers"), endianness="big", with_csr=True)
        self.narrow = stream.StrideConverter([("data", 32)], [("data", 16)])
        self.wide = stream.StrideConverter([("data", 16)], [("data", 32)])
        # the end of a packet is no end of a word of the bus
        self.comb += [
            self.cues.source.connect(self.narrow.sink),
            self.narrow.source.connect(self.faces.sink, omit={"last"}),
            self.faces.source.connect(self.wide.sink, omit={"last"}),
            self.wide.source.connect(self.answers.sink),
        ]
        self.comb += [
            platform.request("said").eq(self.ctrl._scratch.storage),
            platform.request("said_strobe").eq(self.ctrl._scratch.re),
        ]


    def master(self, name):
        """A master of the system's bus."""
        bus = wishbone.Interface(data_width=32, adr_width=30, addressing="word")
        self.bus.add_master(name, bus)
        return bus

    def places(self):
        """Where LiteX puts what the program uses: lines of its header."""
        place = lambda name: self.mem_map["csr"] + self.csr.paging * self.csr.address_map(name, None)  # noqa: E731
        registers = {name: place(name) for name in ("cues", "answers", "faces", "ctrl")}
        return (
            # behind the reset
            f"#define SCRATCH 0x{registers['ctrl'] + 4:x}u\n"
            f"#define CUES_DMA 0x{registers['cues']:x}u\n#define ANSWERS_DMA 0x{registers['answers']:x}u\n"
            # status, pending and enable of its events
            f"#define FACES_EVENT_ENABLE (*(volatile uint32_t *)0x{registers['faces'] + 8:x}u)\n"
            f"#define FACES_INTERRUPT {self.irq.locs['faces']}u\n"
        )


DMA = """
/* of LiteX's DMA: a base of 64 bits, the length in bytes, enable, done */
#define DMA_WORD(dma, word) (*(volatile uint32_t *)((dma) + 4u * (word)))
#define DMA_DONE(dma) DMA_WORD(dma, 4)
static inline void dma_begin(uint32_t dma, uint32_t base, uint32_t bytes)
{
    DMA_WORD(dma, 3) = 0;
    DMA_WORD(dma, 0) = 0;
    DMA_WORD(dma, 1) = base;
    DMA_WORD(dma, 2) = bytes;
    DMA_WORD(dma, 3) = 1;
}
"""


def words(bits):
    """Bits as words of 16, the first one lowest."""
    padded = np.zeros(16 * -(-len(bits) // 16), dtype=np.uint32)
    padded[: len(bits)] = bits
    return [int((lane << np.arange(16, dtype=np.uint32)).sum()) for lane in padded.reshape(-1, 16)]


def said(memory, cues):
    """What the program says of the recalls of these cues."""
    found = memory.recall(cues)
    steps = found.steps | found.converged.astype(int) << 15 | (~found.known).astype(int) << 14
    return [w for q in range(len(cues)) for w in words(found.states[q]) + [int(steps[q]), int(found.nearest[q]), int(found.distance[q])]]


def compiled(folder, rtl, cues, places):
    """The program's words."""
    table = ",\n".join("    {" + ", ".join(map(str, words(cue))) + "}" for cue in cues)
    text = f"#define FACES_BASE 0x{BASE:x}u\n"
    text += places + DMA + f"static const uint16_t cues[{CUES}][FACES_CUE_SIZE] __attribute__((aligned(4))) = {{\n{table}\n}};\n"
    (folder / "system.h").write_text(text, encoding="utf-8")
    flags = ["-march=rv32im_zicsr", "-mabi=ilp32", "-O1", "-ffreestanding", "-nostdlib", "-Wall", "-Wextra"]
    sources = [HERE / "start.S", HERE / "program.c"]
    cc = os.environ.get("RISCV_CC", "riscv64-unknown-elf-gcc")
    subprocess.run([cc, *flags, f"-I{rtl}", f"-I{folder}", f"-T{HERE / 'program.ld'}", "-o", folder / "program.elf", *sources], check=True)
    subprocess.run([cc.replace("gcc", "objcopy"), "-O", "binary", folder / "program.elf", folder / "program.bin"], check=True)
    data = (folder / "program.bin").read_bytes()
    return [int.from_bytes(data[i : i + 4], "little") for i in range(0, len(data), 4)]


def main():
    """Ends with 1 if the program says anything else than the software."""
    program, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    def run(*words):
        return subprocess.run([program, *map(str, words), "-q"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    draw = np.random.default_rng(5)
    first, other = (draw.integers(0, 2, (9, N), dtype=np.uint8) for _ in range(2))
    for name, patterns in (("first", first), ("other", other)):
        np.save(folder / f"{name}.npy", patterns)
        run("memory", f"{name}.npy", "--noise", "0.1", "--radius", "2", "-o", name)
    options = ["--wrapper", "wishbone", "--streams", "--name", "faces", "--learn", "--loads", "other"]
    run("verilog", "first", *options, "-o", "header")
    cues = draw.integers(0, 2, (CUES, N), dtype=np.uint8)
    stored = hopgate.Memory.load(folder / "first")
    # once without a program, to know where everything is
    empty = System(stored, folder / "faces", [0])
    empty.finalize()
    system = System(stored, folder / "faces", compiled(folder, folder / "header", cues, empty.places()))
    # not by LiteX's own simulator, which wants packages that PyPI has not: the Verilog, and a bench of a few lines
    system.finalize()
    gateware = folder / "gateware"
    gateware.mkdir(exist_ok=True)
    os.chdir(gateware)
    system.platform.get_verilog(system, name="sim").write("sim.v")
    sources = [gateware / "sim.v", *[source[0] for source in system.platform.sources]]
    flags = ["--cc", "--exe", "--build", "-O3", "-Wno-fatal", "--top-module", "sim", "-Mdir", folder / "build", "-j", "2"]
    subprocess.run(["verilator", *flags, *sources, HERE / "main.cpp"], check=True, cwd=gateware, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    got = subprocess.run([folder / "build" / "Vsim"], cwd=gateware, check=True, capture_output=True, text=True).stdout.split()
    # the memory that was loaded, with one pattern more, and the last in the place of the first
    learnt = np.vstack([cues[:1], other[1:]])
    np.save(folder / "learnt.npy", learnt)
    run("memory", "learnt.npy", "--noise", "0.1", "--radius", "2", "-o", "learnt")
    def memory(name):
        return hopgate.Memory.load(folder / name)
    done = 0x50000
    first, other = said(memory("first"), cues), said(memory("other"), cues)
    each = len(first) // CUES
    # recalls; one that interrupts, once, when it is done; by streams, while the registers take no cue
    want = [done | 1, *first, done | 1, 4, *first[each : 2 * each], done, *first]
    want += [done, *other, done, *other, done, 0x800, done, *said(memory("learnt"), cues), 0x5DEAD]
    equal = [int(word, 16) for word in got] == want
    does = "recalls, is interrupted, feeds the streams by DMA, loads, stores and forgets"
    print(f"LiteX: a program on a VexRiscv {does}: {len(got)} words, {'equal' if equal else 'DIFFERENT'}")
    if not equal:
        print(got, [f"{word:05x}" for word in want], sep="\n")
    sys.exit(0 if equal else 1)


main()
