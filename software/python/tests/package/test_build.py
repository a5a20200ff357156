"""From an array to a certified bitstream: `build` and `verify`, to their ends. It takes minutes, so it runs where HOPGATE_BUILD is set."""

import os
import pathlib
import shutil

import numpy as np
import pytest

import hopgate

TOOLS = ["yosys", "nextpnr-ice40", "icepack", "iceunpack", "verilator"]

pytestmark = [
    pytest.mark.skipif(not os.environ.get("HOPGATE_BUILD"), reason="HOPGATE_BUILD is not set: place and route takes minutes"),
    pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason=f"needs {', '.join(TOOLS)}"),
]


def test_an_array_becomes_a_certified_bitstream(tmp_path: pathlib.Path) -> None:
    patterns = np.random.default_rng(3).integers(0, 2, (9, 16), dtype=np.uint8)
    memory = hopgate.Memory.training_free(patterns, noise=0.1)
    seen: list[tuple[int, int]] = []
    build = memory.build("alchitry-cu", tmp_path / "build", runs=1, progress=lambda done, total: seen.append((done, total)))
    assert build["report"]["logic_cells"]["used"] > 0 and build["report"]["clock_mhz"] > 0
    assert list((tmp_path / "build").glob("*.bin"))
    certificate = memory.verify(tmp_path / "certificate", tmp_path / "build", count=30, pin_cues=3, progress=lambda *_: None)
    assert certificate["first_difference"] is None
    rungs = {rung["name"] for rung in certificate["rungs"]}
    assert {"rtl", "netlist", "bitstream"} <= rungs
    assert (tmp_path / "certificate" / "certificate.md").exists()
    # another memory in its place is found
    other = hopgate.Memory.training_free(1 - patterns, noise=0.1)
    with pytest.raises(hopgate.Error):
        other.verify(tmp_path / "other", tmp_path / "build", count=30, pin_cues=3)
    # an option of hardware has no effect on a build that is there
    with pytest.raises(hopgate.Error, match="parallel has no effect here"):
        memory.verify(tmp_path / "again", tmp_path / "build", parallel=2)
