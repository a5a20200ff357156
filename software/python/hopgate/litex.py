"""A memory as a core of a LiteX system: registers on its bus, and an interrupt.

    from hopgate.litex import Memory
    soc.faces = Memory(hopgate.Memory.load("memory/"), "faces", "build/faces", protocol="framed")
    soc.faces.add_to(soc)

The program of the system includes `faces.h`, which lies beside the Verilog, and calls `faces_recall(FACES_BASE, ...)`. With
`protocol="framed"` it takes requests: `faces_load`, and with `learn=True` `faces_store` and `faces_forget`.

LiteX and Migen are needed (`pip install litex`), and nothing of them is imported before this module is.
"""

from __future__ import annotations

import os
import pathlib
from typing import Any

from litex.gen import LiteXModule
from litex.soc.integration.soc import SoCRegion
from litex.soc.interconnect import wishbone
from litex.soc.interconnect.csr_eventmanager import EventManager, EventSourceLevel
from migen import ClockSignal, Instance, ResetSignal, Signal

from .memories import Memory as Stored

# bytes of the registers, rounded up to what LiteX decodes
SIZE = 0x1000


class Memory(LiteXModule):
    """The registers of a memory behind Wishbone.

    `memory` is a `hopgate.Memory`, `name` that of the module and of all files, `folder` where they go; `hardware` is any of what
    `hopgate.Memory.verilog` takes.
    """

    def __init__(self, memory: Stored, name: str, folder: str | os.PathLike[str], **hardware: Any) -> None:
        self.name, self.folder = name, pathlib.Path(folder).resolve()
        memory.verilog(self.folder, wrapper="wishbone", name=name, inline=True, **hardware)
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
        )

    def add_to(self, soc: Any, origin: int | None = None) -> None:
        """Adds the registers to the system's bus, at an address or where LiteX finds one, with the Verilog and, where there is a CPU that is
        interrupted, the interrupt."""
        region = SoCRegion(origin=origin, size=SIZE, cached=False)
        soc.bus.add_slave(self.name, self.bus, region)
        soc.platform.add_source(str(self.folder / f"{self.name}.v"))
        if soc.irq.enabled:
            soc.irq.add(self.name, use_loc_if_exists=True)
