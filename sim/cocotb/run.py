"""Simulates the wrappers, and the top of a board, with Icarus under bus masters that are not ours: `run.py HOPGATE FOLDER`."""

import pathlib
import subprocess
import sys

import numpy as np
from cocotb_tools.runner import get_runner

HERE = pathlib.Path(__file__).parent
# name, wrapper, how the memory is made, options
CASES = [
    ("axis", "axis", ["quantize", "model.npz", "--bits", "2"], []),
    ("axis-folded", "axis", ["quantize", "model.npz", "--bits", "1"], ["--parallel", "2", "--fold", "2"]),
    ("axis-classes", "axis", ["memory", "keys.npy", "--labels", "labels.npy"], ["--parallel", "2"]),
    ("axis-values", "axis", ["memory", "keys.npy", "--values", "values.npy"], []),
    ("axis-requests", "axis", ["memory", "keys.npy", "--labels", "labels.npy", "--radius", "6"], ["--learn", "--room", "patterns=64"]),
    ("axil", "axil", ["quantize", "model.npz", "--bits", "2"], []),
    ("axil-requests", "axil", ["memory", "keys.npy", "--labels", "labels.npy"], ["--protocol", "framed", "--room", "patterns=64"]),
    ("axil-values", "axil", ["memory", "keys.npy", "--values", "values.npy"], []),
    ("axil-streams", "axil", ["quantize", "model.npz", "--bits", "2"], ["--streams"]),
    ("axil-streams-classes", "axil", ["memory", "keys.npy", "--labels", "labels.npy"], ["--streams", "--protocol", "framed"]),
    ("wishbone", "wishbone", ["quantize", "model.npz", "--bits", "2"], []),
    ("wishbone-rows", "wishbone", ["quantize", "model.npz", "--bits", "1"], ["--parallel", "2"]),
    ("wishbone-classes", "wishbone", ["memory", "keys.npy", "--labels", "labels.npy"], []),
    ("wishbone-values", "wishbone", ["memory", "keys.npy", "--values", "values.npy"], []),
    ("uart", "board", ["quantize", "model.npz", "--bits", "2"], ["--protocol", "plain"]),
    ("uart-classes", "board", ["memory", "keys.npy", "--labels", "labels.npy"], ["--protocol", "plain"]),
    ("uart-framed", "board", ["quantize", "model.npz", "--bits", "1"], ["--protocol", "framed"]),
]
# of the UART: 25 clocks of the board to a bit
BAUD = "4000000"


def keys(folder):
    """Keys with classes, more than a lane of them, and with values, more words than a key has."""
    draw = np.random.default_rng(7)
    bits = lambda *shape: draw.integers(0, 2, shape, dtype=np.uint8)
    np.save(folder / "keys.npy", bits(40, 37))
    np.save(folder / "labels.npy", np.arange(40) % 18)
    np.save(folder / "values.npy", bits(40, 53))


def bench_of(wrapper, options):
    """The module with the tests of a case."""
    if "--streams" in options:
        return "test_streams"
    if wrapper == "axis" and "--learn" in options:
        return "test_requests"
    return "test_uart" if wrapper == "board" else f"test_{wrapper}"


def main():
    """Runs every case; ends with 1 if a test of one fails."""
    hopgate, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    run = lambda *words: subprocess.run([hopgate, *map(str, words), "-q"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    keys(folder)
    run("train", "random:N=37,P=23,seed=3", "--gamma", "0.2", "-o", folder / "model.npz")
    failed = 0
    for name, wrapper, made, options in CASES:
        memory, rtl, trace = folder / f"{name}-memory", folder / f"{name}-rtl", folder / f"{name}.npz"
        run(*made, "-o", memory)
        around = ["--top", "board", "--baud", BAUD] if wrapper == "board" else ["--wrapper", wrapper]
        run("verilog", memory, *around, *options, "-o", rtl)
        cues = folder / f"{name}-cues.npy"
        subprocess.run([sys.executable, HERE / "cues.py", cues, "37", "60"], check=True)
        run("recall", memory, "--queries", cues, "--trace", trace)
        runner = get_runner("icarus")
        top, work = f"hopgate_{wrapper}", folder / f"{name}-sim"
        memories = {p.stem.upper(): f'"{p}"' for p in rtl.glob("*.hex")}
        runner.build(
            sources=[rtl / f"{top}.v"],
            hdl_toplevel=top,
            build_dir=work,
            always=True,
            parameters=memories,
            timescale=("1ns", "1ps"),
        )
        results = runner.test(
            hdl_toplevel=top,
            test_module=bench_of(wrapper, options),
            test_dir=HERE,
            build_dir=work,
            results_xml=str(folder / f"{name}.xml"),
            extra_env={
                "HOPGATE_CUES": str(cues),
                "HOPGATE_TRACE": str(trace),
                "HOPGATE_BAUD": BAUD,
                "HOPGATE_PROTOCOL": options[-1] if wrapper == "board" else "",
                "COCOTB_RANDOM_SEED": "1",
            },
        )
        text = pathlib.Path(results).read_text(encoding="utf-8")
        wrong = text.count("<failure") + text.count("<error")
        print(f"{name}: {text.count('<testcase')} tests, {wrong} failed", flush=True)
        failed += wrong
    sys.exit(1 if failed else 0)


main()
