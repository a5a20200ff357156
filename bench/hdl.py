#!/usr/bin/env python3
"""Builds many cores with hopgate, and records what they take and how fast they are.

    bench/hdl.py target/release/hopgate            the table: bench/hdl.csv and bench/hdl.svg
    bench/hdl.py target/release/hopgate --sizes    sizes alone, for the estimate: bench/sizes.csv
    bench/hdl.py target/release/hopgate --families    the same of other families: bench/families.csv
    bench/hdl.py target/release/hopgate --estimates   builds nothing: estimates what has a row anew
    bench/hdl.py target/release/hopgate --rates       builds nothing: recalls with their streams, of what has a row, and their picture
    bench/hdl.py target/release/hopgate [--sizes|--families] --list         the numbers of the rows, for jobs of one row each
    bench/hdl.py target/release/hopgate [--sizes|--families] --one 3 FILE   builds that row alone, into a table of its own;
                                                                            --keep FOLDER leaves its memory and its build there
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

import hdl_plots
from hdl_rows import TABLE, families, sizes

HERE = pathlib.Path(__file__).resolve().parent
# cues of which the cycles of a recall with its streams are the mean
CUES = 400


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
    if not out.exists() and gamma.startswith("stored:"):
        # a memory that needs no training: what a board can begin with that learns
        said = dict(part.split("=") for part in gamma.removeprefix("stored:").split(","))
        labels = []
        if classes := int(said.get("classes", 0)):
            count = int(re.search(r"P=(\d+)", patterns).group(1))
            path = folder / "classes.csv"
            path.write_text("".join(f"{i % classes}\n" for i in range(count)))
            labels = ["--labels", path]
        run(hopgate, "memory", patterns, *labels, "--radius", said["radius"], "--kernel-bits", kernel_bits, "-o", out)
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
    if "--learn" in options:
        return "autostoring" if "--auto-store" in options else "learning"
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
    fill = lambda text: text.format(device=facts["device"], package=facts["package"], speed=grade.get("speed", ""), prepare=grade.get("prepare", ""),
                                    part=grade.get("part", ""), mhz=facts["clock"]["mhz"], seed=1, flags="{flags}")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        rtl = f"{scratch}/rtl"
        run(hopgate, "verilog", where, "--top", "board", "--board", board, *layout, "-o", rtl)
        script = f"read_verilog -sv -defer hopgate_board.v; {fill(family['synthesis']['command'])} " \
                 f"{' '.join(facts['flags']['synthesis'])} -top hopgate_board -json ../netlist.json"
        tool(yosys, "-q", "-p", script, cwd=rtl)
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
    version = lambda name, flag: re.search(r"(\d+\.\d+)", tool(name, flag)).group(1)
    tools = f"{yosys} {version(yosys, '-V')}; {nextpnr} {version(nextpnr, '--version')}"
    return used("logic_cells"), used("block_rams"), tools


def routed(hopgate, where, folder, board, layout):
    """Builds a board top, with one seed."""
    build = run(hopgate, "build", where, "--board", board, *layout, "--runs", 1, "--allow-slow", "-o", folder / "build")["report"]
    tools = "; ".join(f"{t['name']} {t['version']}" for t in build["tools"] if t["version"])
    return build["logic_cells"]["used"], build["block_rams"]["used"], tools


def size(hopgate, folder, row):
    """A row of the sizes."""
    name, patterns, gamma, bits, kernel_bits, kernel, noise, board, options, seeds = row
    where = memory(hopgate, folder, row)
    _, guess = estimate(hopgate, where, row)
    shape = guess["shape"]
    # nextpnr-himbaechel takes cells for wires too, when it places and routes
    later = "himbaechel" in board_file(board)["tools"]["place"]
    cells, rams, tools = (routed if later else pack)(hopgate, where, folder, board, options)
    return {
        "name": name, "board": board, "patterns": patterns, "gamma": gamma, "kernel": kernel, "link": link(options),
        "N": shape["neurons"], "P": shape["patterns"], "k": shape["planes"], "R": shape["parallel"], "F": shape["fold"],
        "readout": "nearest" if shape["nearest"] else "vote", "shared_top": shape["shared_top"], "kernel_bits": shape["kernel_bits"],
        "reach": shape["reach"], "accumulator_bits": shape["accumulator_bits"], "threshold_bits": shape["threshold_bits"],
        "logic_cells": cells, "block_rams": rams, **judged(guess, cells), "cells_per_neuron": f"{cells / shape['neurons']:.2f}",
        "kind": shape["kind"], "outputs": shape["outputs"], "tools": tools,
    }


def critical_path(build):
    """Both ends of the best seed's critical path, and what is done at its end; nothing if the judge names no path."""
    path = build["slowest_stage"]
    if not path:
        return ""
    start, end = path["from"], path["to"]
    text = f"{start['register'] if start else path['from_net']} to {end['register'] if end else path['to_net']}"
    return f"{text}: {end['what']}" if end and end["what"] else text


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
    # one core is asked by itself: cores side by side share nothing but their streams
    cores = int(chosen(row)["cores"])
    # what the board chose, the co-simulation cannot know
    lanes = lanes_of(shape)
    beats = ["--lanes", lanes] if lanes and "--lanes" not in layout else []
    sim = run(hopgate, "cosim", where, *alone_of(layout), *beats, "--noise", noise, "--count", 400, "--seed", 1)
    cycles, steps = sim["cycles_per_step"], sim["recall"]["steps"]["mean"]
    groups = -(-shape["patterns"] // shape["parallel"]) * shape["beats"]
    found |= {
        "seeds": len(speeds), "fmax_min": f"{speeds[0]:.1f}", "fmax_median": f"{statistics.median(speeds):.1f}",
        "fmax_max": f"{speeds[-1]:.1f}", "critical_path": critical_path(build), "noise": noise, "exact_recall": f"{sim['recall']['exact_recall']:.4f}",
        "cycles_per_step": f"{cycles['mean']:.1f}", "cycles_worst": cycles["longest"],
        "steps_per_recall": f"{steps:.2f}",
        "recalls_per_second": f"{cores * speeds[-1] * 1e6 / (cycles['mean'] * steps):.0f}",
        # every stored bit is read once in a step, 16 bits a block RAM of the row store and a cycle; of each core
        "share_of_bandwidth": f"{groups / cycles['mean']:.3f}",
    }
    tools = "; ".join(f"{t['name']} {t['version']}" for t in build["tools"])
    return found | {"tools": tools, "lanes": lanes} | (rate(hopgate, folder, row, found) if streams(row) and not lanes else {})


def lanes_of(shape):
    """The lanes of 16 bits, where there are fewer than a row has words; nothing else."""
    return -(-(-(-shape["neurons"] // 16)) // shape["beats"]) if shape["beats"] > 1 else ""


def rate(hopgate, folder, row, found):
    """Recalls a second with the words of their cues and answers, at the fastest clock; the last of the cues that share a scan waits for all, and
    each of several cores has so many times the time of one."""
    options = chosen(row)
    how = "nearest" if options["readout"] == "nearest" else options["later"]
    example = hopgate.parent / "examples/rate"
    cues, cores = int(options["cues"]), int(options["cores"])
    # whole turns of all cores, and so many that the way in and out of the first and the last counts for little
    asked = [memory(hopgate, folder, row), row[6], CUES * cores // (cues * cores) * (cues * cores), options["parallel"], cues, how]
    asked += [cores] if cores > 1 else []
    try:
        said = subprocess.run([example, *map(str, asked)], capture_output=True, text=True)
    except OSError as problem:
        raise RuntimeError(f"{example}: {problem}") from problem
    if said.returncode != 0:
        raise RuntimeError(f"{example}: {said.stderr.strip()}")
    cycles = float(said.stdout.split()[0])
    clock = float(found["fmax_max"]) * 1e6
    return {"later": options["later"], "B": cues, "cores": cores, "cycles_per_recall": f"{cycles:.1f}", "streamed_per_second": f"{clock / cycles:.0f}",
            "streamed_per_second_and_cell": f"{clock / cycles / int(found['logic_cells']):.1f}", "latency_us": f"{cues * cores * cycles / clock * 1e6:.2f}"}


def streams(row):
    """Whether the example knows a row's options: it has no fold, nor lanes."""
    return chosen(row)["fold"] == "1"


def chosen(row):
    """The options of a row that change the core."""
    named = [o for o in row[8] if o not in ("--no-load", "--no-selftest", "--learn", "--auto-store")]
    given = dict(zip(named[::2], named[1::2]))
    return {name: given.get(f"--{name}", default) for name, default in
            [("parallel", "1"), ("fold", "1"), ("readout", "vote"), ("later", "scan"), ("cues", "1"), ("cores", "1")]}


def alone_of(layout):
    """The options of one of several cores."""
    at = layout.index("--cores") if "--cores" in layout else len(layout)
    return layout[:at] + layout[at + 2:]


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


def joined(rows, new, key):
    """The rows, with new ones in the places of those that they replace, and at the end."""
    rows, places = list(rows), {tuple(map(str, key(row))): at for at, row in enumerate(rows)}
    for row in new:
        at = places.setdefault(tuple(map(str, key(row))), len(rows))
        rows[at : at + 1] = [row]
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hopgate", type=pathlib.Path, help="the binary")
    parser.add_argument("--sizes", action="store_true", help="sizes alone, of many small shapes")
    parser.add_argument("--families", action="store_true", help="the same, of other families than the iCE40")
    parser.add_argument("--estimates", action="store_true", help="build nothing, estimate what has a row anew")
    parser.add_argument("--rates", action="store_true", help="build nothing, ask what has a row for its recalls a second anew")
    parser.add_argument("--list", action="store_true", help="the numbers of the rows")
    parser.add_argument("--one", nargs=2, metavar=("NUMBER", "FILE"), help="build one row, into a table of its own")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER", help="with --one: leave the memory and the build there")
    parser.add_argument("--join", nargs="+", type=pathlib.Path, metavar="FILE", help="put tables of one row into the table")
    parser.add_argument("--again", action="store_true", help="build also what has a row already")
    args = parser.parse_args()
    hopgate = args.hopgate.resolve()
    path = HERE / ("sizes.csv" if args.sizes else "families.csv" if args.families else "hdl.csv")
    wanted = sizes() if args.sizes else families() if args.families else TABLE
    small = args.sizes or args.families
    key = lambda r: (r["name"], r["board"], r["gamma"], r["kernel"], r["kernel_bits"], r["k"], r["R"], r["F"], r["readout"], r.get("link", "plain"),
                     r.get("later") or "scan", r.get("B") or "1", r.get("cores") or "1")
    if args.list:
        print(*range(len(wanted)), sep="\n")
        return
    if args.one:
        number, file = int(args.one[0]), pathlib.Path(args.one[1])
        if not 0 <= number < len(wanted):
            sys.exit(f"hdl: there is no row {number}: --list lists them")
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            folder = args.keep or pathlib.Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            write(file, [(size if small else measure)(hopgate, folder, wanted[number])])
        return
    if args.join:
        rows = joined(read(path), [row for file in args.join for row in read(file)], key)
        write(path, rows)
        if not small:
            hdl_plots.pictures(path, rows)
        print(f"{len(rows)} rows in {path}")
        return
    rows = [] if args.again else read(path)
    failed = []
    with tempfile.TemporaryDirectory() as scratch:
        for row in wanted:
            option = chosen(row)
            mark = (row[0], row[7], row[2], row[5], str(row[4]), str(row[3]), option["parallel"], option["fold"],
                    option["readout"], link(row[8]), option["later"], option["cues"], option["cores"])
            there = [r for r in rows if tuple(map(str, key(r))) == mark]
            if there and args.estimates:
                _, guess = estimate(hopgate, memory(hopgate, pathlib.Path(scratch), row), row)
                there[0].update(judged(guess, int(there[0]["logic_cells"])))
                write(path, rows)
            if there and args.rates and streams(row) and not there[0].get("lanes"):
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
        hdl_plots.pictures(path, rows)
    print(f"{len(rows)} rows in {path}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
