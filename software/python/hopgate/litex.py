"""A memory as a core of a LiteX system: registers on its bus, an interrupt, and streams.

    from hopgate.litex import Memory
    soc.faces = Memory(hopgate.Memory.load("memory/"), "faces", "build/faces", protocol="framed")
    soc.faces.add_to(soc)

The program of the system includes `faces.h`, which lies beside the Verilog, and calls `faces_recall(FACES_BASE, ...)`. With
`protocol="framed"` it takes requests: `faces_load`, and with `learn=True` `faces_store` and `faces_forget`.

With `streams=True` cues come and answers go by the endpoints `sink` and `source` too, as a DMA of LiteX feeds them;
`faces_stream(FACES_BASE, 1)` lets them in.

LiteX and Migen are needed (`pip install litex`), and nothing of them is imported before this module is.
"""

from __future__ import annotations

import os
import pathlib
from typing import Any

from litex.gen import LiteXModule
from litex.soc.integration.soc import SoCRegion
from litex.soc.interconnect import stream, wishbone
from litex.soc.interconnect.csr_eventmanager import EventManager, EventSourceLevel
from migen import ClockSignal, If, Instance, ResetSignal, Signal

from .memories import Memory as Stored

# bytes of the registers, rounded up to what LiteX decodes
SIZE = 0x1000


class Memory(LiteXModule):
    """The registers of a memory behind Wishbone.

    `memory` is a `hopgate.Memory`, `name` that of the module and of all files, `folder` where they go; `hardware` is any of what
    `hopgate.Memory.verilog` takes.

    With `streams` there are two endpoints of 16 bits. `sink` takes cues behind each other: a cue ends with its last word, or earlier with
    `last`, and then it is completed with zeros. `source` gives an answer for each, `last` with its last word.
    """

    def __init__(self, memory: Stored, name: str, folder: str | os.PathLike[str], streams: bool = False, **hardware: Any) -> None:
        self.name, self.folder = name, pathlib.Path(folder).resolve()
        memory.verilog(self.folder, wrapper="wishbone", streams=streams, name=name, inline=True, **hardware)
        self.bus = bus = wishbone.Interface(data_width=32, adr_width=30, addressing="word")
        self.interrupt = Signal()
        self.ev = EventManager()
        self.ev.core = EventSourceLevel(description="what the register ENABLE asks for has happened")
        self.ev.finalize()
        self.comb += self.ev.core.trigger.eq(self.interrupt)
        self.specials += Instance(
            name,
            i_wb_clk_i=ClockSignal("sys"),
            i_wb_rst_i=ResetSignal("sys"),
            i_wb_cyc_i=bus.cyc,
            i_wb_stb_i=bus.stb,
            i_wb_we_i=bus.we,
            i_wb_adr_i=bus.adr[:4],
            i_wb_sel_i=bus.sel,
            i_wb_dat_i=bus.dat_w,
            o_wb_dat_o=bus.dat_r,
            o_wb_ack_o=bus.ack,
            o_wb_stall_o=Signal(),
            o_irq_o=self.interrupt,
            **(self._streams(memory, bool(hardware.get("masks"))) if streams else {}),
        )

    def _streams(self, memory: Stored, masks: bool) -> dict[str, Any]:
        """The endpoints, and their ports of the module. A DMA tells the end of all cues alone: the words of each are counted."""
        self.sink = sink = stream.Endpoint([("data", 16)])
        self.source = source = stream.Endpoint([("data", 16)])
        words = -(-memory.neurons // 16) * (2 if masks else 1)
        count, last = Signal(max=max(words, 2)), Signal()
        self.comb += last.eq(sink.last | (count == words - 1))
        self.sync += If(sink.valid & sink.ready, If(last, count.eq(0)).Else(count.eq(count + 1)))
        return {
            "i_s_axis_tvalid": sink.valid,
            "o_s_axis_tready": sink.ready,
            "i_s_axis_tdata": sink.data,
            "i_s_axis_tlast": last,
            "o_m_axis_tvalid": source.valid,
            "i_m_axis_tready": source.ready,
            "o_m_axis_tdata": source.data,
            "o_m_axis_tlast": source.last,
        }

    def add_to(self, soc: Any, origin: int | None = None) -> None:
        """Adds the registers to the system's bus, at an address or where LiteX finds one, with the Verilog and, where there is a CPU that is
        interrupted, the interrupt."""
        region = SoCRegion(origin=origin, size=SIZE, cached=False)
        soc.bus.add_slave(self.name, self.bus, region)
        soc.platform.add_source(str(self.folder / f"{self.name}.v"))
        if soc.irq.enabled:
            soc.irq.add(self.name, use_loc_if_exists=True)
