"""What becomes of a memory in hardware: estimates, Verilog, simulation, bitstreams, certificates."""

from __future__ import annotations

import json
import os
import warnings
from typing import Any, Callable, Optional, Union

from numpy.typing import ArrayLike

from . import _native
from .answers import Answers
from .arrays import Bits, Partial, cues_of
from .errors import Error, HopgateWarning
from .results import Report

Place = Union[str, "os.PathLike[str]"]
Progress = Optional[Callable[[int, int], object]]


class Hardware:
    """The part of a memory that is about hardware.

    `hardware` is always any of `parallel`, `lanes`, `fold`, `readout`, `ranks`, `within`, `protocol`, `line`, `loads`, `self_test`,
    `learns`, `auto_store`, `room`, `rows` and `masks`, as on the command line.
    """

    _native: _native.Memory
    _shape: Optional[tuple[int, int]]

    @property
    def kind(self) -> str:
        """`auto`, `map`, `class` or `sequence`."""
        return self._native.kind()

    @property
    def patterns(self) -> Bits:
        """The stored patterns, uint8 (P, N)."""
        return self._native.patterns()

    @property
    def classes(self) -> Optional[list[str]]:
        """The names of the classes; None of other kinds."""
        names = self._native.classes()
        return [str(c) for c in range(self._native.outputs())] if names is None and self.kind == "class" else names

    def estimate(self, board: str = "alchitry-cu", **hardware: Any) -> Report:
        """Whether it fits a board, before any tool runs; `text` says it in words.

        `hardware` is any of `parallel`, `lanes`, `fold`, `readout`, `ranks`, `within`, `protocol`, `line`, `loads`, `self_test`,
        `learns`, `auto_store`, `room`, `rows` and
    `masks`, as on the
        command line; `hopgate.boards()` lists the boards.

        >>> import hopgate
        >>> hopgate.Memory.training_free("random:N=64,P=100").estimate("alchitry-cu").fits
        True
        """
        return Report.parse("Estimate", self._native.estimate(board, hardware))

    def verilog(
        self,
        path: Place,
        wrapper: str = "none",
        *,
        streams: bool = False,
        name: Optional[str] = None,
        board: Optional[str] = None,
        freq: Union[float, str, None] = None,
        inline: bool = False,
        **hardware: Any,
    ) -> Report:
        """Writes its Verilog into a folder: the core, in a `wrapper` (`none`, `axis`, `axil`, `wishbone`), or with a `board` the whole board.

        With `streams` the wrappers with registers have AXI4-Stream ports too. With `protocol="framed"` or `learn=True` registers and streams take
        requests: with those patterns are stored and other memories loaded.
        """
        clock = None if freq is None else str(freq)
        return Report.parse("Verilog", self._native.verilog(path, wrapper, streams, board, clock, name, inline, hardware))

    def _asked(self, cues: Optional[ArrayLike], mask: Optional[ArrayLike], noise: float, count: int, seed: int) -> Partial:
        if cues is not None:
            return cues_of(cues, mask)
        drawn = _native.cues(self.patterns, f"flips:{noise}", count, seed, None)[0]
        return cues_of(drawn, mask)

    def cosim(
        self,
        cues: Optional[ArrayLike] = None,
        mask: Optional[ArrayLike] = None,
        *,
        noise: float = 0.1,
        count: int = 100,
        seed: int = 1,
        progress: Progress = None,
        **hardware: Any,
    ) -> Report:
        """Simulates the emitted core by Verilator, and compares it with the reference on the same cues; `answers` are the core's.

        Without cues, `count` stored patterns with `noise`. It is checked: `equal` says whether everything that was compared is equal.
        """
        asked = self._asked(cues, mask, noise, count, seed)
        text, found = self._native.cosim(asked.bits, asked.known, hardware, progress)
        classes, bits = found["classes"], found["bits"]
        answers = Answers(
            None if self.kind in ("map", "class") or found["ranked"] is not None else bits, found["steps"], found["converged"], found["nearest"],
            found["distance"], found["known"], bits if self.kind == "map" and found["ranked"] is None else None, classes, cues=asked.bits,
            mask=asked.known, shape=self._shape, names=self.classes if self.kind == "class" else None,
            ranked=found["ranked"], ranked_distance=found["ranked_distance"], ranked_class=found["ranked_class"],
        )  # fmt: skip
        return Report("Cosim", {**json.loads(text), "answers": answers})

    def build(
        self,
        board: str = "alchitry-cu",
        path: Place = "build",
        *,
        freq: Union[float, str] = "board",
        baud: int = 1_000_000,
        runs: int = 8,
        allow_slow: bool = False,
        nearest: bool = False,
        progress: Progress = None,
        **hardware: Any,
    ) -> Report:
        """Builds the bitstream for a board in a folder: synthesis, place and route `runs` times, timing, packing.

        `freq` is `board`, a number of MHz, or `max`. `nearest` builds a nearest-pattern search beside it.
        """
        text = self._native.build(board, path, str(freq), baud, runs, allow_slow, nearest, hardware, progress)
        report = Report.parse("Build", text)
        for line in report["warnings"]:
            warnings.warn(line, HopgateWarning, stacklevel=2)
        return report

    def verify(
        self,
        path: Place = "certificate",
        build: Optional[Place] = None,
        *,
        board: Optional[str] = None,
        model: Optional[Place] = None,
        cues: Optional[ArrayLike] = None,
        mask: Optional[ArrayLike] = None,
        noise: float = 0.1,
        count: int = 1000,
        seed: int = 1,
        pin_cues: int = 200,
        runs: int = 4,
        progress: Progress = None,
        **hardware: Any,
    ) -> Report:
        """The ladder from the model to the packed bitstream, on the same cues: the certificate, which is in the folder too.

        Without a `build` one is made in `path/build`. `model` is the file of the model that the memory was quantised from.

        Raises `hopgate.Error` if a rung is not what it should be.
        """
        if build is None:
            build = os.path.join(os.fspath(path), "build")
            self.build(board or "alchitry-cu", build, runs=runs, progress=progress, **hardware)
        elif hardware:
            raise Error(f"{next(iter(hardware))} has no effect here: a build is as it is", "leave it out, or build anew", "usage")
        asked = self._asked(cues, mask, noise, count, seed)
        drawn = f"stored patterns in turn, every bit flipped with probability {noise}, seed {seed}"
        source = drawn if cues is None else "the file cues.npy"
        text = self._native.verify(path, build, board, model, asked.bits, asked.known, source, pin_cues, progress)
        certificate = Report("Certificate", json.loads(text)["certificate"])
        if certificate["first_difference"] is not None:
            rung = certificate["first_difference"]
            raise Error(f"the ladder breaks at the rung {rung}", f"{os.fspath(path)}/certificate.md says what differs", "failed")
        return certificate
