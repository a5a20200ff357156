#!/usr/bin/env python3
"""How time and memory grow with the size: bench/scaling.csv and bench/scaling.svg.

    scaling.py HOPGATE RANDOM

For N neurons, 3N random patterns, and every command as it is without options: `train` searches for gamma. Processor seconds, which other
work on the machine changes little; the memory is the program's largest. A memory has at most 1,024 neurons, so larger sizes are trained
alone, at the gamma of the search's noise, by RANDOM, the example of hopgate-train.
`reproduce` is figure 1 with one trial and 50 epochs. Needs nothing beside Python's own library.
"""

import csv
import math
import os
import pathlib
import sys
import tempfile

from run import Took

HERE = pathlib.Path(__file__).resolve().parent
SIZES = [128, 256, 512, 1024, 2048]
LARGEST_MEMORY = 1024
# of 10 % flips, the default
GAMMA_OF_NOISE = math.log(9) / 4
LARGEST_REPRODUCED = 512
COLOURS = {"train": "#4269d0", "quantize": "#efb118", "recall": "#ff725c", "reproduce": "#6cc5b0"}


def measure(hopgate, random, n, folder):
    """(work, processor seconds, seconds, bytes) of every kind of work at a size."""
    p, model, memory = 3 * n, folder / "model.npz", folder / "memory"
    work = {"train": [random, n, p, GAMMA_OF_NOISE]}
    if n <= LARGEST_MEMORY:
        work["train"] = [hopgate, "train", f"random:N={n},P={p},seed=1", "--json", "-o", model]
        work["quantize"] = [hopgate, "quantize", model, "--bits", 2, "--json", "-o", memory]
        # a cue for each pattern
        work["recall"] = [hopgate, "recall", memory, "--queries", model, "--noise", 0.1, "--json", "-o", folder / "answers.npy"]
    if n <= LARGEST_REPRODUCED:
        work["reproduce"] = [hopgate, "reproduce", "fig1", "--neurons", n, "--trials", 1, "--epochs", 50, "--json", "-o", folder / "results"]
    for name, command in work.items():
        took = Took(command)
        if took.code == 0:
            yield name, took.cpu, took.wall, took.memory


def exponent(points):
    """The slope of the logarithms, by least squares."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)


def plot(path, rows):
    """Two pictures beside each other, both axes logarithmic."""
    width, height, left, top = 380, 300, 60, 30
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * width} {height + 30}" font-family="sans-serif" font-size="11">',
           f'<rect width="{2 * width}" height="{height + 30}" fill="white"/>']
    for panel, (column, title, scale) in enumerate([(2, "processor seconds", 1), (4, "memory, MiB", 2**20)]):
        values = [float(r[column]) / scale for r in rows]
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        x = lambda n: panel * width + left + (width - left - 90) * math.log2(n / SIZES[0]) / math.log2(SIZES[-1] / SIZES[0])
        y = lambda v: height - 20 - (height - 20 - top) * (math.log10(v) - low) / (high - low)
        out.append(f'<text x="{panel * width + left}" y="16" font-weight="bold">{title}</text>')
        for power in range(low, high + 1):
            at = y(10.0**power)
            out.append(f'<path d="M{x(SIZES[0])} {at:.1f}H{x(SIZES[-1]):.1f}" stroke="#ddd"/>')
            out.append(f'<text x="{x(SIZES[0]) - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
        out += [f'<text x="{x(n):.1f}" y="{height}" text-anchor="middle">{n}</text>' for n in SIZES]
        out.append(f'<text x="{x(512):.1f}" y="{height + 18}" text-anchor="middle">neurons (patterns: three times as many)</text>')
        for name, colour in COLOURS.items():
            points = [(int(r[0]), float(r[column]) / scale) for r in rows if r[1] == name]
            if points:
                line = " ".join(f"{x(n):.1f},{y(v):.1f}" for n, v in points)
                out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
                out.append(f'<text x="{x(points[-1][0]) + 5:.1f}" y="{y(points[-1][1]) + 4:.1f}" fill="{colour}">{name}</text>')
    path.write_text("\n".join(out + ["</svg>"]) + "\n")


def main(hopgate, random):
    rows = []
    for n in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            for name, cpu, wall, memory in measure(hopgate, random, n, pathlib.Path(folder)):
                rows.append([n, name, f"{cpu:.3f}", f"{wall:.3f}", memory])
                print(f"N = {n:5} {name:10} {cpu:9.2f} processor s {wall:9.2f} s {memory / 2**20:8.0f} MiB", flush=True)
    for name in COLOURS:
        # the smallest sizes are mostly what every program takes
        mine = [r for r in rows if r[1] == name][-3:]
        if len(mine) > 1:
            time, memory = (exponent([(r[0], float(r[c])) for r in mine]) for c in (2, 4))
            print(f"{name:10} from N = {mine[0][0]} on: time grows as N^{time:.2f}, memory as N^{memory:.2f}")
    path = HERE / "scaling.csv"
    with open(f"{path}.part", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["neurons", "work", "cpu_s", "wall_s", "memory_bytes"]] + rows)
    os.replace(f"{path}.part", path)
    plot(HERE / "scaling.svg", rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
