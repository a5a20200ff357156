#!/usr/bin/env python3
"""Training beside numpy and scipy (and torch, where it is there), and what a large memory takes on its way to Verilog: rows of the table of bars.

    training.py HOPGATE RANDOM OUT.csv [--quick]

HOPGATE is the program, RANDOM the example of hopgate-train that has no limit of neurons. Gradient descent in numpy and L-BFGS-B in scipy
would take minutes and hours: a few epochs and a few neurons are measured, and multiplied. `--quick` leaves out Verilator.
Processor seconds are beside the seconds, for machines that are not idle.
"""

import csv
import importlib.util
import json
import os
import pathlib
import resource
import sys
import tempfile
import time

import numpy as np
from scipy.optimize import minimize

from run import Took

N, P, LAMBDA, TOLERANCE = 1000, 3000, 0.01, 1e-6
EPOCHS, MEASURED_EPOCHS, MEASURED_NEURONS = 500, 4, 3
GIB = 2**30


def timed(work):
    """Seconds and processor seconds of some work."""
    use = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    begin, used = time.perf_counter(), use()
    work()
    return time.perf_counter() - begin, use() - used


def others(patterns, gamma):
    """Gradient descent for all neurons and L-BFGS-B for all, in (seconds, processor seconds), multiplied up."""
    states = 2.0 * patterns - 1
    kernel = np.exp(-2 * gamma * (N - states @ states.T))
    y = patterns.astype(np.float64)
    sigma = lambda h: 1 / (1 + np.exp(-h))

    def descent():
        alpha = np.zeros((P, N))
        for _ in range(MEASURED_EPOCHS):
            alpha -= 0.1 * (kernel @ (sigma(kernel @ alpha) - y + LAMBDA * alpha))

    def neuron(i):
        def objective(alpha):
            h = kernel @ alpha
            inner = sigma(h) - y[:, i] + LAMBDA * alpha
            return np.logaddexp(0, np.where(y[:, i] > 0, -h, h)).sum() + LAMBDA / 2 * alpha @ h, kernel @ inner

        # scipy stops by the gradient K r: until the residual r itself is there
        alpha, gtol = np.zeros(P), 1e-5
        while True:
            found = minimize(objective, alpha, jac=True, method="L-BFGS-B", options={"gtol": gtol, "ftol": 0, "maxiter": 10000, "maxfun": 20000})
            alpha = found.x
            residual = np.abs(sigma(kernel @ alpha) - y[:, i] + LAMBDA * alpha).max()
            if residual <= TOLERANCE or gtol < 1e-12:
                return residual
            gtol /= 10

    gd = timed(descent)
    lbfgs = timed(lambda: [neuron(i) for i in range(MEASURED_NEURONS)])
    return [x * EPOCHS / MEASURED_EPOCHS for x in gd], [x * N / MEASURED_NEURONS for x in lbfgs]


def beside_libraries(random, row):
    """The same method by a library's arrays and products, in processor seconds of one thread each: its start is not counted, ours is."""
    one = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")}
    os.environ.update(one)
    script = pathlib.Path(__file__).with_name("newton.py")
    for n, p in [(1000, 3000), (2000, 6000)]:
        ours = Took([random, n, p, 5 / n, TOLERANCE])
        # torch takes gigabytes: it is asked where it is there
        for library in ["numpy", *(["torch"] if importlib.util.find_spec("torch") else [])]:
            took = Took([sys.executable, script, library, n, p, 5 / n, TOLERANCE])
            theirs = json.loads(took.output)
            note = (f"{theirs['processor_seconds']:.1f} processor s and {took.memory / GIB:.2f} GiB, residual {theirs['residual']:.1e}; "
                    f"ours {ours.cpu:.1f} processor s and {ours.memory / GIB:.2f} GiB")
            row(f"train N={n} P={p}: against the same method in {library}", theirs["processor_seconds"] / ours.cpu, "x", 1, True, note)
    for name in one:
        del os.environ[name]


def main(hopgate, random, out, quick):
    rows = []

    def row(what, figure, unit, bar, least, note):
        met = figure >= bar if least else figure <= bar
        rows.append([what, f"{figure:.3g}", unit, ("at least " if least else "at most ") + f"{bar:g}", "met" if met else "missed", note])

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, gamma in [("gamma N = 5", 5 / N), ("gamma 0.02", 0.02)]:
            model = folder / f"{gamma}.npz"
            took = Took([hopgate, "train", f"random:N={N},P={P},seed=1", "--gamma", gamma, "--tolerance", TOLERANCE, "--json", "-o", model])
            report = json.loads(took.output)
            note = f"{took.wall:.1f} s, {took.cpu:.1f} processor s, residual {report['residual']:.1e}"
            row(f"train N={N} P={P}, {name}: time", took.wall, "s", 30, False, note)
            row(f"train N={N} P={P}, {name}: memory", took.memory / GIB, "GiB", 1, False, "")
            gd, lbfgs = others(np.load(model)["patterns"] > 0, gamma)
            row(f"{name}: against descent in numpy, {EPOCHS} epochs", gd[0] / took.wall, "x", 10, True,
                f"{gd[0]:.0f} s, {gd[1]:.0f} processor s, from {MEASURED_EPOCHS} epochs; {gd[1] / took.cpu:.0f}x in processor s")
            row(f"{name}: against L-BFGS-B for each neuron", lbfgs[0] / took.wall, "x", 20, True,
                f"{lbfgs[0]:.0f} s, {lbfgs[1]:.0f} processor s, from {MEASURED_NEURONS} neurons; {lbfgs[1] / took.cpu:.0f}x in processor s")
        beside_libraries(random, row)
        took = Took([random, 2000, 6000, 5 / 2000, TOLERANCE])
        note = f"{took.wall:.1f} s, {took.cpu:.1f} processor s, {took.output.strip()}"
        row("train N=2000 P=6000: memory", took.memory / GIB if took.code == 0 else float("inf"), "GiB", 4, False, note)

        memory, rtl = folder / "memory", folder / "rtl"
        Took([hopgate, "quantize", folder / f"{5 / N}.npz", "--bits", 2, "--json", "-o", memory])
        took = Took([hopgate, "verilog", memory, "--json", "-o", rtl])
        row(f"Verilog N={N} P={P}, 2 planes: time", took.wall, "s", 5, False, f"{took.cpu:.1f} processor s")
        row(f"Verilog N={N} P={P}, 2 planes: memory", took.memory / GIB, "GiB", 1, False, "")
        if not quick:
            took = Took([hopgate, "cosim", memory, "--count", 1, "--json", "-o", folder / "answers.npy"], 400)
            note = f"{took.cpu:.0f} processor s; with one cue, compared with the reference" + ("" if took.code == 0 else "; it FAILED")
            row(f"Verilator N={N} P={P}: build and one cue", took.wall if took.code == 0 else float("inf"), "s", 180, False, note)

    header = "what figure unit bar verdict note".split()
    pathlib.Path(out).parent.mkdir(exist_ok=True)
    with open(f"{out}.part", "w", newline="") as file:
        csv.writer(file).writerows([header] + rows)
    os.replace(f"{out}.part", out)
    for what, figure, unit, bar, verdict, note in rows:
        print(f"{what:58} {figure:>8} {unit:4} {bar:14} {verdict:7} {note}")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:4], "--quick" in sys.argv[4:])
