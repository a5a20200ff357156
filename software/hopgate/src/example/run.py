"""Runs test_@name@.py in Icarus Verilog, or in the simulator that SIM names: needs cocotb 2 (pip install cocotb)."""

import os
import pathlib

from cocotb_tools.runner import get_runner

here = pathlib.Path(__file__).resolve().parent
runner = get_runner(os.environ.get("SIM", "icarus"))
runner.build(
    sources=[here / "@name@.v"],
    hdl_toplevel="@name@",
    build_dir=here.parent / "sim_@name@",
    # the contents of the memories, wherever the simulation runs
    parameters={parameter: f'"{here / file}"' for parameter, file in @memories@.items()},
    timescale=("1ns", "1ps"),
    always=True,
)
runner.test(hdl_toplevel="@name@", test_module="test_@name@", test_dir=here, build_dir=here.parent / "sim_@name@")
