#!/usr/bin/env python3
"""Builds many cores with hopgate, and records what they take and how fast they are.

    bench/hdl.py target/release/hopgate            the table: bench/hdl.csv and bench/hdl.svg
    bench/hdl.py target/release/hopgate --sizes    sizes alone, for the estimate: bench/sizes.csv
    bench/hdl.py target/release/hopgate --families    the same of other families: bench/families.csv
    bench/hdl.py target/release/hopgate --estimates   builds nothing: estimates what has a row anew
    bench/hdl.py target/release/hopgate --rates       builds nothing: recalls with their streams, of what has a row, and their picture
    bench/hdl.py target/release/hopgate [--sizes|--families] --list         the numbers of the rows, for jobs of one row each
    bench/hdl.py target/release/hopgate [--sizes|--families] --one 3 FILE   builds that row alone, into a table of its own
    bench/hdl.py target/release/hopgate [--sizes|--families] --join FILES   such tables into the table, in place of the rows that it has of them

Cycles of a recall with its streams are those of the example `rate` beside the binary (cargo build --release -p hopgate-sim --example rate).

Everything goes through the command line, as a user's build does. Rows that are there already, from the same tools, are kept:
an interrupted run goes on where it stopped; --again builds them all again. Needs nothing beside Python's own library.
"""

import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent

# name, patterns, gamma, bits, bits of the kernel, its mode, noise of the cues, board, options, seeds
RANDOM = "random:N=170,P=510,seed=1"
TABLE = [
    ("glyphs", "glyphs", "auto", 1, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "160"], 8),
    ("glyphs, 2 bits", "glyphs", "auto", 2, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "160"], 8),
    ("170 x 510", RANDOM, "auto", 1, 7, "normalised", 0.2, "alchitry-cu", ["--freq", "160"], 8),
    ("170 x 510, 2 rows", RANDOM, "auto", 1, 7, "normalised", 0.2, "alchitry-cu", ["--freq", "140", "--parallel", "2"], 4),
    ("glyphs, 2 rows", "glyphs", "auto", 1, 7, "normalised", 0.1, "alchitry-cu", ["--freq", "140", "--parallel", "2"], 4),
    ("64 x 128, fold 4", "random:N=64,P=128,seed=1", "noise:0.1", 1, 7, "normalised", 0.1, "icestick", ["--fold", "4"], 4),
    ("glyphs, nearest", "glyphs", "auto", 1, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "160", "--readout", "nearest"], 4),
    ("170 x 510, nearest", RANDOM, "auto", 1, 7, "normalised", 0.2, "alchitry-cu",
     ["--freq", "160", "--readout", "nearest"], 4),
    ("digits", "digits", "auto", 1, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "160"], 4),
    ("digits, 4 rows", "digits", "auto", 1, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "140", "--parallel", "4"], 4),
    ("64 x 128, nearest", "random:N=64,P=128,seed=1", "noise:0.1", 1, 7, "normalised", 0.1, "icestick", ["--readout", "nearest"], 4),
    ("digits", "digits", "auto", 1, 8, "normalised", 0.1, "icebreaker", [], 4),
    ("100 x 300, 2 bits", "random:N=100,P=300,seed=1", "0.05", 2, 8, "normalised", 0.1, "alchitry-cu", ["--freq", "140"], 4),
    ("100 x 300, fixed", "random:N=100,P=300,seed=1", "0.05", 2, 8, "fixed", 0.1, "alchitry-cu", ["--freq", "140"], 4),
    ("glyphs, fold 2", "glyphs", "auto", 1, 7, "normalised", 0.1, "icebreaker", ["--fold", "2"], 4),
    ("digits", "digits", "auto", 1, 8, "normalised", 0.1, "ulx3s-85f", [], 1),
    ("glyphs", "glyphs", "auto", 1, 8, "normalised", 0.1, "tang-nano-9k", [], 1),
    ("glyphs", "glyphs", "auto", 1, 8, "normalised", 0.1, "tang-nano-20k", [], 1),
    ("glyphs, 2 rows, 2 cues", "glyphs", "auto", 1, 7, "normalised", 0.1, "alchitry-cu",
     ["--freq", "165", "--parallel", "2", "--later", "stop", "--cues", "2"], 2),
    ("glyphs, 2 rows, 3 cues", "glyphs", "auto", 1, 7, "normalised", 0.1, "alchitry-cu",
     ["--freq", "145", "--parallel", "2", "--later", "stop", "--cues", "3"], 2),
    ("170 x 510, 2 rows, 2 cues", RANDOM, "auto", 1, 7, "normalised", 0.2, "alchitry-cu",
     ["--freq", "155", "--parallel", "2", "--later", "stop", "--cues", "2"], 2),
]


def sizes():
    """Shapes for the estimate, every other one held back for its test: small and large, odd and even, every option."""
    rows = []
    shapes = [(16, 16), (20, 50), (32, 64), (33, 100), (48, 128), (64, 128), (64, 192), (80, 256), (100, 300), (112, 200),
              (128, 384), (144, 300), (160, 256), (170, 510)]
    options = [[], ["--parallel", "2"], ["--fold", "2"], ["--parallel", "4"], ["--readout", "nearest"], ["--fold", "4"],
               ["--parallel", "2", "--fold", "2"]]
    for i, (n, p) in enumerate(shapes):
        for j in range(3):
            option = options[(2 * i + 3 * j) % len(options)]
            if n <= 32 and "--fold" in option:
                # one lane has no slots, two have no more than two
                option = option[:-2] + (["--fold", "2"] if n > 16 else [])
            if n > 128 and option == ["--parallel", "4"]:
                # forty block RAMs and more
                option = ["--parallel", "2"]
            bits = 1 + (i + j) % 2 if p * n < 30000 else 1
            gamma, kernel = [("noise:0.1", "normalised"), ("0.05", "normalised"), ("0.05", "fixed")][(i + 2 * j) % 3]
            rows.append((f"{n} x {p}", f"random:N={n},P={p},seed=1", gamma, bits, 8 - i % 2, kernel, 0.1, "alchitry-cu", option, 1))
    # more rows than fit the block RAMs: the last ones are in logic cells
    for n, p, options in [(256, 264, ["--fold", "2"]), (240, 300, ["--fold", "2"]), (100, 1100, []), (560, 10, ["--fold", "4"])]:
        rows.append((f"{n} x {p}", f"random:N={n},P={p},seed=1", "noise:0.1", 1, 7, "normalised", 0.1, "alchitry-cu", options, 1))
    # the framed link: fixed and loadable by turns
    framed = [(16, 16), (33, 100), (64, 128), (64, 300), (80, 256), (100, 300), (128, 384), (170, 510)]
    options = [[], ["--parallel", "2"], ["--fold", "2"], ["--readout", "nearest"], ["--fold", "4"], ["--parallel", "4"]]
    for i, (n, p) in enumerate(framed):
        for j in range(2):
            option = options[(3 * i + 2 * j + i // 2) % len(options)]
            option = [] if n <= 16 and "--fold" in option else option
            if n * p >= 30000 and "4" in option and "--parallel" in option:
                option = ["--parallel", "2"]
            if (n, p, j) == (100, 300, 0):
                # with room for another memory two rows a cycle take 33 block RAMs
                option = []
            bits = 2 if i % 4 == 1 else 1
            rows.append((f"{n} x {p}", f"random:N={n},P={p},seed=1", "0.05", bits, 8 - i % 2, ["normalised", "fixed"][i % 3 == 2], 0.1,
                         "alchitry-cu", option + ["--protocol", "framed"] + ([] if (i + j) % 2 else ["--no-load"]), 1))
    for n, p in [(64, 128), (100, 300), (170, 510)]:
        rows.append((f"{n} x {p}", f"random:N={n},P={p},seed=1", "noise:0.1", 1, 7, "normalised", 0.1, "alchitry-cu",
                     ["--protocol", "framed", "--no-selftest"], 1))
    return rows


def families():
    """Shapes for the estimate of families beside the iCE40: the options, each at least once, and two links."""
    random = lambda n, p: f"random:N={n},P={p},seed=1"
    shapes = [
        (16, 16, "noise:0.1", 1, "normalised", []),
        (33, 100, "0.05", 2, "normalised", []),
        (48, 128, "0.05", 1, "normalised", ["--parallel", "2"]),
        (64, 128, "noise:0.1", 1, "normalised", ["--fold", "2"]),
        (64, 192, "noise:0.1", 1, "normalised", ["--readout", "nearest"]),
        (80, 256, "0.05", 2, "fixed", ["--parallel", "4"]),
        (100, 300, "noise:0.1", 1, "normalised", []),
        (112, 200, "0.05", 1, "normalised", ["--fold", "4"]),
        (128, 384, "noise:0.1", 1, "normalised", []),
        (33, 100, "0.05", 1, "normalised", ["--protocol", "framed"]),
        (64, 128, "0.05", 1, "normalised", ["--protocol", "framed", "--no-load"]),
        (128, 384, "noise:0.1", 1, "normalised", ["--readout", "nearest"]),
    ]
    return [(f"{n} x {p}", random(n, p), gamma, bits, 8, kernel, 0.1, board, options, 1)
            for board in ("tang-nano-9k", "ulx3s-85f", "gatemate-evb") for n, p, gamma, bits, kernel, options in shapes]


def run(*command):
    """The JSON that a command prints; its own words where it fails."""
    done = subprocess.run([str(c) for c in command] + ["--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def memory(hopgate, folder, row):
    """Trains and quantises the memory of a row, once for all rows that share it."""
    name, patterns, gamma, bits, kernel_bits, kernel, noise, *_ = row
    out = folder / "".join(c if c.isalnum() or c in ".=" else "-" for c in f"{patterns} {gamma} {noise} {bits} {kernel_bits} {kernel}")
    if not out.exists():
        model = folder / "model.npz"
        search = ["--noise", noise] if gamma == "auto" else []
        run(hopgate, "train", patterns, "--gamma", gamma, *search, "-o", model)
        run(hopgate, "quantize", model, "--bits", bits, "--kernel-bits", kernel_bits, "--kernel", kernel, "-o", out)
    return out


def estimate(hopgate, where, row):
    """The options of the layout (the clock is the build's alone), and the estimate with them."""
    options = row[8]
    at = options.index("--freq") if "--freq" in options else len(options)
    layout = options[:at] + options[at + 2:]
    return layout, run(hopgate, "estimate", where, "--board", row[7], *layout)


def judged(estimate, cells):
    """The columns that an estimate fills."""
    need = estimate["logic_cells"]["need"]
    return {"estimated_cells": need, "estimated_rams": estimate["block_rams"]["need"], "estimate_error": f"{need / cells - 1:+.4f}"}


def link(options):
    """How a board with these options talks, as the sizes name it."""
    if "framed" not in options:
        return "plain"
    return "fixed" if "--no-load" in options else "untested" if "--no-selftest" in options else "loadable"


def board_file(name):
    return tomllib.loads((HERE.parent / "constraints" / f"{name}.toml").read_text())


def tool(name, *arguments, **options):
    """All that a tool prints, which HOPGATE_<NAME> may name; its own words where it fails or is missing."""
    ours = HERE.parent / ".tools/venv/bin" / name
    there = name if shutil.which(name) or not ours.exists() else str(ours)
    command = [os.environ.get("HOPGATE_" + name.upper().replace("-", "_"), there), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, **options)
    except OSError as problem:
        raise RuntimeError(f"{name}: {problem}") from problem
    if done.returncode != 0:
        raise RuntimeError(f"{name}\n{done.stderr.strip()}")
    return done.stdout + done.stderr


def pack(hopgate, where, folder, board, layout):
    """Synthesises and packs a board top. What nextpnr has packed is what it places: sizes need no more."""
    facts = board_file(board)
    family = tomllib.loads((HERE.parent / "software/eda/families" / f"{facts['family']}.toml").read_text())
    grade = next((g for g in family.get("grades", []) if facts["device"].startswith(g["device"])), {})
    # WebAssembly builds where the distribution's yosys is not of nextpnr's generation, as hopgate takes them
    prefix = "" if facts["family"] == "ice40" else "yowasp-"
    yosys, nextpnr = prefix + facts["tools"]["synthesis"], prefix + facts["tools"]["place"]
    fill = lambda text: text.format(device=facts["device"], package=facts["package"], speed=grade.get("speed", ""),
                                    part=grade.get("part", ""), mhz=facts["clock"]["mhz"], seed=1, flags="{flags}")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        rtl = f"{scratch}/rtl"
        run(hopgate, "verilog", where, "--top", "board", "--board", board, *layout, "-o", rtl)
        script = f"read_verilog -sv -defer hopgate_board.v; {fill(family['synthesis']['command'])} " \
                 f"{' '.join(facts['flags']['synthesis'])} -top hopgate_board -json ../netlist.json"
        tool(yosys, "-q", "-p", script, cwd=rtl)
        passing = alone(json.loads(pathlib.Path(f"{scratch}/netlist.json").read_text())["modules"]["hopgate_board"]["cells"])
        ending = family["constraints"]["ending"]
        shutil.copy(HERE.parent / "constraints" / f"{board}.{ending}", f"{scratch}/board.{ending}")
        os.mkdir(f"{scratch}/seeds")
        # what it would write needs a place for every cell
        asked = list(map(fill, family["place"]["arguments"]))
        written = {i for i, a in enumerate(asked) if a.startswith("seeds/")}
        arguments = [a for i, a in enumerate(asked) if not {i, i + 1} & written and a != "{flags}"]
        packed = tool(nextpnr, *arguments, *facts["flags"]["place"], "--pack-only", cwd=scratch)
    of = lambda name: int(found.group(1)) if (found := re.search(rf"\b{name}:\s*(\d+)/", packed)) else 0
    used = lambda kind: sum(of(name) for name in family["resources"][kind])
    cells = used("logic_cells") if facts["family"] != "gowin" else of("LUT4") + passing
    version = lambda name, flag: re.search(r"(\d+\.\d+)", tool(name, flag)).group(1)
    tools = f"{yosys} {version(yosys, '-V')}; {nextpnr} {version(nextpnr, '--version')}"
    return cells, used("block_rams"), tools


def routed(hopgate, where, folder, board, layout):
    """Builds a board top, with one seed."""
    build = run(hopgate, "build", where, "--board", board, *layout, "--runs", 1, "--allow-slow", "-o", folder / "build")["report"]
    tools = "; ".join(f"{t['name']} {t['version']}" for t in build["tools"] if t["version"])
    return build["logic_cells"]["used"], build["block_rams"]["used"], tools


def alone(cells):
    """Registers of a Gowin FPGA whose data comes from no table of their own: each takes the table beside it as a wire. What nextpnr
    packs counts carries among the tables already, but not these: it finds them when it places, and then more of them."""
    drivers = {bit: (cell["type"], port, name) for name, cell in cells.items() for port, bits in cell["connections"].items()
               if cell["port_directions"][port] == "output" for bit in bits}
    taken, count = set(), 0
    for cell in cells.values():
        if cell["type"].startswith("DFF"):
            kind, port, name = drivers.get(cell["connections"]["D"][0], ("", "", ""))
            beside = kind.startswith("LUT") or (kind, port) == ("ALU", "SUM")
            if beside and name not in taken:
                taken.add(name)
            else:
                count += 1
    return count


def size(hopgate, folder, row):
    """A row of the sizes."""
    name, patterns, gamma, bits, kernel_bits, kernel, noise, board, options, seeds = row
    where = memory(hopgate, folder, row)
    _, guess = estimate(hopgate, where, row)
    shape = guess["shape"]
    # a GateMate's wires take cells too, when they are routed
    cells, rams, tools = (routed if board_file(board)["family"] == "gatemate" else pack)(hopgate, where, folder, board, options)
    return {
        "name": name, "board": board, "patterns": patterns, "gamma": gamma, "kernel": kernel, "link": link(options),
        "N": shape["neurons"], "P": shape["patterns"], "k": shape["planes"], "R": shape["parallel"], "F": shape["fold"],
        "readout": "nearest" if shape["nearest"] else "vote", "shared_top": shape["shared_top"], "kernel_bits": shape["kernel_bits"],
        "reach": shape["reach"], "accumulator_bits": shape["accumulator_bits"], "threshold_bits": shape["threshold_bits"],
        "logic_cells": cells, "block_rams": rams, **judged(guess, cells), "cells_per_neuron": f"{cells / shape['neurons']:.2f}",
        "tools": tools,
    }


def measure(hopgate, folder, row):
    name, patterns, gamma, bits, kernel_bits, kernel, noise, board, options, seeds = row
    where = memory(hopgate, folder, row)
    layout, guess = estimate(hopgate, where, row)
    shape = guess["shape"]
    build = run(hopgate, "build", where, "--board", board, *options, "--runs", seeds, "--allow-slow", "-o", folder / "build")["report"]
    cells, rams = build["logic_cells"]["used"], build["block_rams"]["used"]
    found = {
        "name": name, "board": board, "patterns": patterns, "gamma": gamma, "kernel": kernel,
        "clock_mhz": f"{build['clock_mhz']:.2f}", "N": shape["neurons"], "P": shape["patterns"], "k": shape["planes"], "R": shape["parallel"], "F": shape["fold"],
        "readout": "nearest" if shape["nearest"] else "vote", "shared_top": shape["shared_top"], "kernel_bits": shape["kernel_bits"],
        "reach": shape["reach"], "accumulator_bits": shape["accumulator_bits"], "threshold_bits": shape["threshold_bits"],
        "logic_cells": cells, "block_rams": rams,
        **judged(guess, cells),
        "cells_per_neuron": f"{cells / shape['neurons']:.2f}",
    }
    speeds = sorted(s["fmax_mhz"] for s in build["seeds"] if s.get("fmax_mhz"))
    sim = run(hopgate, "cosim", where, *layout, "--noise", noise, "--count", 400, "--seed", 1)
    cycles, steps = sim["cycles_per_step"], sim["recall"]["steps"]["mean"]
    groups = -(-shape["patterns"] // shape["parallel"])
    found |= {
        "seeds": len(speeds), "fmax_min": f"{speeds[0]:.1f}", "fmax_median": f"{statistics.median(speeds):.1f}",
        "fmax_max": f"{speeds[-1]:.1f}", "noise": noise, "exact_recall": f"{sim['recall']['exact_recall']:.4f}",
        "cycles_per_step": f"{cycles['mean']:.1f}", "cycles_worst": cycles["longest"],
        "steps_per_recall": f"{steps:.2f}",
        "recalls_per_second": f"{speeds[-1] * 1e6 / (cycles['mean'] * steps):.0f}",
        # every stored bit is read once in a step, 16 bits a block RAM of the row store and a cycle
        "share_of_bandwidth": f"{groups / cycles['mean']:.3f}",
    }
    tools = "; ".join(f"{t['name']} {t['version']}" for t in build["tools"])
    return found | {"tools": tools} | (rate(hopgate, folder, row, found) if streams(row) else {})


def rate(hopgate, folder, row, found):
    """Recalls a second with the words of their cues and answers, at the fastest clock; the last of the cues that share a scan waits for all."""
    options = chosen(row)
    how = "nearest" if options["readout"] == "nearest" else options["later"]
    example = hopgate.parent / "examples/rate"
    asked = [memory(hopgate, folder, row), row[6], 400 // int(options["cues"]) * int(options["cues"]), options["parallel"], options["cues"], how]
    try:
        said = subprocess.run([example, *map(str, asked)], capture_output=True, text=True)
    except OSError as problem:
        raise RuntimeError(f"{example}: {problem}") from problem
    if said.returncode != 0:
        raise RuntimeError(f"{example}: {said.stderr.strip()}")
    cycles = float(said.stdout.split()[0])
    clock = float(found["fmax_max"]) * 1e6
    return {"later": options["later"], "B": options["cues"], "cycles_per_recall": f"{cycles:.1f}", "streamed_per_second": f"{clock / cycles:.0f}",
            "streamed_per_second_and_cell": f"{clock / cycles / int(found['logic_cells']):.1f}", "latency_us": f"{int(options['cues']) * cycles / clock * 1e6:.2f}"}


def streams(row):
    """Whether the example knows a row's options: it has no fold."""
    return chosen(row)["fold"] == "1"


def chosen(row):
    """The options of a row that change the core."""
    named = [o for o in row[8] if o not in ("--no-load", "--no-selftest")]
    given = dict(zip(named[::2], named[1::2]))
    return {name: given.get(f"--{name}", default) for name, default in
            [("parallel", "1"), ("fold", "1"), ("readout", "vote"), ("later", "scan"), ("cues", "1")]}


def read(path):
    return list(csv.DictReader(path.open())) if path.exists() else []


def write(path, rows):
    fields = list(dict.fromkeys(key for row in rows for key in row))
    partial = path.with_suffix(".partial")
    with partial.open("w", newline="") as file:
        table = csv.DictWriter(file, fields, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    partial.replace(path)


def plot(path, rows):
    """Logic cells against the fastest clock: a dot for the best seed, a line from the slowest one."""
    width, height, left, top = 760, 420, 60, 30
    most = max(int(r["logic_cells"]) for r in rows) * 1.25
    fast = max(float(r["fmax_max"]) for r in rows) * 1.1
    x = lambda v: left + (width - left - 20) * float(v) / most
    y = lambda v: height - 40 - (height - 40 - top) * float(v) / fast
    colours = {"alchitry-cu": "#0072b2", "icestick": "#d55e00", "icebreaker": "#009e73", "ulx3s-85f": "#cc79a7"}
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
           f'<rect width="{width}" height="{height}" fill="white"/>',
           f'<text x="{left}" y="18" font-size="13">Measured builds: clock (slowest to fastest seed) against logic cells</text>']
    for mhz in range(0, int(fast) + 1, 20):
        out.append(f'<path d="M{left} {y(mhz):.1f}H{width - 20}" stroke="#ddd"/>'
                   f'<text x="{left - 6}" y="{y(mhz) + 4:.1f}" text-anchor="end">{mhz}</text>')
    for cells in range(0, int(most) + 1, 1000):
        out.append(f'<text x="{x(cells):.1f}" y="{height - 24}" text-anchor="middle">{cells}</text>')
    out.append(f'<text x="{(left + width) / 2}" y="{height - 8}" text-anchor="middle">logic cells</text>'
               f'<text x="14" y="{height / 2}" transform="rotate(-90 14 {height / 2})" text-anchor="middle">MHz</text>')
    # a name goes to the first place beside its line where nothing is yet: left, top, right, bottom of what is there
    taken = [(x(r["logic_cells"]) - 4, y(r["fmax_max"]) - 4, x(r["logic_cells"]) + 4, y(r["fmax_min"])) for r in rows]
    free = lambda box: all(box[2] < t[0] or t[2] < box[0] or box[3] < t[1] or t[3] < box[1] for t in taken)
    for row in sorted(rows, key=lambda r: int(r["logic_cells"])):
        a, high, low = x(row["logic_cells"]), y(row["fmax_max"]), y(row["fmax_min"])
        wide, colour = 6 * len(row["name"]), colours.get(row["board"], "#555")
        places = [(left, base) for step in range(0, 60, 6) for left in (a + 6, a - 6 - wide)
                  for base in (high - 4 - step, low + 12 + step)]
        boxes = [(left, base - 9, left + wide, base + 2) for left, base in places]
        at = next((box for box in boxes if free(box)), boxes[0])
        taken.append(at)
        out.append(f'<path d="M{a:.1f} {low:.1f}V{high:.1f}" stroke="{colour}"/>'
                   f'<circle cx="{a:.1f}" cy="{high:.1f}" r="4" fill="{colour}"/>'
                   f'<text x="{at[0]:.1f}" y="{at[3] - 2:.1f}">{row["name"]}</text>')
    for i, (board, colour) in enumerate(colours.items()):
        out.append(f'<circle cx="{width - 110}" cy="{top + 16 * i}" r="4" fill="{colour}"/>'
                   f'<text x="{width - 100}" y="{top + 4 + 16 * i}">{board}</text>')
    path.write_text("\n".join(out + ["</svg>"]) + "\n")


def pareto(path, rows):
    """Recalls a second with their streams against logic cells, and what no other core of the same memory beats in both."""
    rows = [r for r in rows if r.get("streamed_per_second") and r["board"] == "alchitry-cu" and r["name"].split(",")[0] in ("glyphs", "170 x 510")]
    width, height, left, top = 760, 420, 70, 30
    most = max(int(r["logic_cells"]) for r in rows) * 1.2
    fast = max(int(r["streamed_per_second"]) for r in rows) * 1.1
    x = lambda v: left + (width - left - 20) * float(v) / most
    y = lambda v: height - 40 - (height - 40 - top) * float(v) / fast
    colours = {"glyphs": "#0072b2", "170 x 510": "#d55e00"}
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
           f'<rect width="{width}" height="{height}" fill="white"/>',
           f'<text x="{left}" y="18" font-size="13">Alchitry Cu: recalls a second, streams included, against logic cells; hollow: nearest-pattern search</text>']
    for rate in range(0, int(fast) + 1, 200_000):
        out.append(f'<path d="M{left} {y(rate):.1f}H{width - 20}" stroke="#ddd"/>'
                   f'<text x="{left - 6}" y="{y(rate) + 4:.1f}" text-anchor="end">{rate:,}</text>')
    for cells in range(0, int(most) + 1, 1000):
        out.append(f'<text x="{x(cells):.1f}" y="{height - 24}" text-anchor="middle">{cells}</text>')
    out.append(f'<text x="{(left + width) / 2}" y="{height - 8}" text-anchor="middle">logic cells</text>')
    for i, (name, colour) in enumerate(colours.items()):
        of = sorted((r for r in rows if r["name"].split(",")[0] == name), key=lambda r: int(r["logic_cells"]))
        front, best = [], 0
        for r in of:
            if int(r["streamed_per_second"]) > best:
                best = int(r["streamed_per_second"])
                front.append(f'{x(r["logic_cells"]):.1f} {y(best):.1f}')
        out.append(f'<path d="M{"L".join(front)}" stroke="{colour}" fill="none" stroke-dasharray="4 3"/>')
        for r in of:
            a, b = x(r["logic_cells"]), y(r["streamed_per_second"])
            said = r["name"].partition(", ")[2] or "1 row"
            fill = "white" if r["readout"] == "nearest" else colour
            # more planes are near one plane: what is said of them goes below
            down = 14 if r["k"] != "1" else 4 if i else -4
            out.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{fill}" stroke="{colour}"/>'
                       f'<text x="{a + 7:.1f}" y="{b + down:.1f}" fill="{colour}">{said}</text>')
        out.append(f'<circle cx="{width - 110}" cy="{height - 90 + 16 * i}" r="4" fill="{colour}"/>'
                   f'<text x="{width - 100}" y="{height - 86 + 16 * i}">{name}</text>')
    path.write_text("\n".join(out + ["</svg>"]) + "\n")


def joined(rows, new, key):
    """The rows, with new ones in the places of those that they replace, and at the end."""
    rows, places = list(rows), {tuple(map(str, key(row))): at for at, row in enumerate(rows)}
    for row in new:
        at = places.setdefault(tuple(map(str, key(row))), len(rows))
        rows[at : at + 1] = [row]
    return rows


def pictures(path, rows):
    """Both pictures of the table."""
    plot(path.with_suffix(".svg"), rows)
    pareto(HERE.parent / "docs/src/images/rates.svg", rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hopgate", type=pathlib.Path, help="the binary")
    parser.add_argument("--sizes", action="store_true", help="sizes alone, of many small shapes")
    parser.add_argument("--families", action="store_true", help="the same, of other families than the iCE40")
    parser.add_argument("--estimates", action="store_true", help="build nothing, estimate what has a row anew")
    parser.add_argument("--rates", action="store_true", help="build nothing, ask what has a row for its recalls a second anew")
    parser.add_argument("--list", action="store_true", help="the numbers of the rows")
    parser.add_argument("--one", nargs=2, metavar=("NUMBER", "FILE"), help="build one row, into a table of its own")
    parser.add_argument("--join", nargs="+", type=pathlib.Path, metavar="FILE", help="put tables of one row into the table")
    parser.add_argument("--again", action="store_true", help="build also what has a row already")
    args = parser.parse_args()
    hopgate = args.hopgate.resolve()
    path = HERE / ("sizes.csv" if args.sizes else "families.csv" if args.families else "hdl.csv")
    wanted = sizes() if args.sizes else families() if args.families else TABLE
    small = args.sizes or args.families
    key = lambda r: (r["name"], r["board"], r["gamma"], r["kernel"], r["kernel_bits"], r["k"], r["R"], r["F"], r["readout"], r.get("link", "plain"),
                     r.get("later") or "scan", r.get("B") or "1")
    if args.list:
        print(*range(len(wanted)), sep="\n")
        return
    if args.one:
        number, file = int(args.one[0]), pathlib.Path(args.one[1])
        if not 0 <= number < len(wanted):
            sys.exit(f"hdl: there is no row {number}: --list lists them")
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            write(file, [(size if small else measure)(hopgate, pathlib.Path(scratch), wanted[number])])
        return
    if args.join:
        rows = joined(read(path), [row for file in args.join for row in read(file)], key)
        write(path, rows)
        if not small:
            pictures(path, rows)
        print(f"{len(rows)} rows in {path}")
        return
    rows = [] if args.again else read(path)
    failed = []
    with tempfile.TemporaryDirectory() as scratch:
        for row in wanted:
            option = chosen(row)
            mark = (row[0], row[7], row[2], row[5], str(row[4]), str(row[3]), option["parallel"], option["fold"],
                    option["readout"], link(row[8]), option["later"], option["cues"])
            there = [r for r in rows if tuple(map(str, key(r))) == mark]
            if there and args.estimates:
                _, guess = estimate(hopgate, memory(hopgate, pathlib.Path(scratch), row), row)
                there[0].update(judged(guess, int(there[0]["logic_cells"])))
                write(path, rows)
            if there and args.rates and streams(row):
                there[0].update(rate(hopgate, pathlib.Path(scratch), row, there[0]))
                write(path, rows)
            if there or args.estimates or args.rates:
                continue
            try:
                rows.append((size if small else measure)(hopgate, pathlib.Path(scratch), row))
            except RuntimeError as problem:
                failed.append(f"{row[0]}, {row[7]}: {problem}")
                print(f"FAILED {failed[-1]}", file=sys.stderr, flush=True)
                continue
            write(path, rows)
            last = rows[-1]
            print(", ".join(f"{k} {last[k]}" for k in last if k not in ("tools", "patterns")), flush=True)
    if not small and rows:
        pictures(path, rows)
    print(f"{len(rows)} rows in {path}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
