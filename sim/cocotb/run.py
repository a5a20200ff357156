"""Simulates the wrappers with Icarus under bus masters that are not ours: `run.py HOPGATE FOLDER`."""

import pathlib
import subprocess
import sys

from cocotb_tools.runner import get_runner

HERE = pathlib.Path(__file__).parent
CASES = [
    ("axis", "axis", ["--bits", "2"], []),
    ("axis-folded", "axis", ["--bits", "1"], ["--parallel", "2", "--fold", "2"]),
    ("wishbone", "wishbone", ["--bits", "2"], []),
    ("wishbone-rows", "wishbone", ["--bits", "1"], ["--parallel", "2"]),
]


def main():
    """Runs every case; ends with 1 if a test of one fails."""
    hopgate, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    run = lambda *words: subprocess.run([hopgate, *map(str, words), "-q"], check=True, stdout=subprocess.DEVNULL)
    folder.mkdir(parents=True, exist_ok=True)
    run("train", "random:N=37,P=23,seed=3", "--gamma", "0.2", "-o", folder / "model.npz")
    failed = 0
    for name, wrapper, planes, options in CASES:
        memory, rtl, trace = folder / f"{name}-memory", folder / f"{name}-rtl", folder / f"{name}.npz"
        run("quantize", folder / "model.npz", *planes, "-o", memory)
        run("verilog", memory, "--wrapper", wrapper, *options, "-o", rtl)
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
            test_module=f"test_{wrapper}",
            test_dir=HERE,
            build_dir=work,
            results_xml=str(folder / f"{name}.xml"),
            extra_env={"HOPGATE_CUES": str(cues), "HOPGATE_TRACE": str(trace), "COCOTB_RANDOM_SEED": "1"},
        )
        text = pathlib.Path(results).read_text(encoding="utf-8")
        wrong = text.count("<failure") + text.count("<error")
        print(f"{name}: {text.count('<testcase')} tests, {wrong} failed", flush=True)
        failed += wrong
    sys.exit(1 if failed else 0)


main()
