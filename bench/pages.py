#!/usr/bin/env python3
"""Writes what `make bench` measured into the pages of the book, between their marks <!-- measured NAME --> and <!-- end -->.

    pages.py RESULTS DOCS

RESULTS is the folder of bench.csv, training.csv and simulation.csv; what is not there leaves its mark as it is. `make bench` does not run
this: a page should say what a quiet machine measured.
"""

import csv
import os
import pathlib
import re
import sys


def read(path):
    """The rows of a table, none if there is no such file."""
    return list(csv.DictReader(open(path, newline=""))) if path.exists() else []


def figure(text):
    """A number with three digits, and no more than there are."""
    value = float(text)
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def recall(rows):
    """The recall engine: every case, then what is said of some."""
    row = lambda case, what, other, threads="1": next(
        r for r in rows if (r["case"], r["what"], r["threads"]) == (case, what, threads) and r["other"].startswith(other))
    cases = list(dict.fromkeys(r["case"] for r in rows))
    cores = max(int(r["threads"] or 1) for r in rows)

    def beside(case, what, other):
        r = row(case, what, other)
        ratio = f"{figure(r['ratio'])}x"
        return f"{figure(r['other_us'])} ({f'**{ratio}**' if r['verdict'] == 'missed' else ratio})"

    def bars(case):
        found = [row(case, what, other)["bar"] for what, other in [("single", "f32 by hand"), ("single", "numpy"), ("batch", "numpy")]]
        return ", ".join(found) if all(found) else f"batch {found[2]}"

    def name(r):
        return f"N = {r['neurons']}, P = {r['patterns']}, k = {r['planes']}" + (", broad" if r["case"].endswith("broad") else "")

    def span(values, digits=".3g"):
        low, high = min(values), max(values)
        return f"{low:{digits}} to {high:{digits}}"

    versions = [row(cases[0], "batch", "numpy")["other"], row(cases[0], "distances", "faiss")["other"]]
    where = rows[0]["machine"]
    busy = re.search(r"load ([\d.]+) on (\d+)", where)
    busy = busy and float(busy[1]) > int(busy[2]) + 0.5
    out = [f"On {re.split(' avx| asimd|;', where)[0]}, {cores} cores; {versions[0]}, {versions[1]}. A missed bar is bold."
           + (" **Other work kept the machine busy**: the times are too long, and the ratios rough, most of all those of all cores." if busy else ""), "",
           "| memory | candidates | engine | f32 by hand | numpy, single | numpy, batch | bars |", "|---|---|---|---|---|---|---|"]
    for case in cases:
        r = row(case, "single", "f32 by hand")
        cells = [name(r), f"{float(r['candidates_per_step']):.0f}", figure(r["engine_us"]), beside(case, "single", "f32 by hand"),
                 beside(case, "single", "numpy"), beside(case, "batch", "numpy"), bars(case)]
        out.append("| " + " | ".join(cells) + " |")
    is_broad = lambda case: case.endswith("broad")
    every = lambda broad: [float(row(c, "batch", "numpy", str(cores))["ratio"]) for c in cases if is_broad(c) == broad]
    out += ["", f"* **All cores**: {span(every(False))} times numpy's batch with as many for sharp kernels, {span(every(True))} times for broad ones."]
    distances = [(row(c, "distances", "faiss"), row(c, "peak", "")) for c in cases if any((r["case"], r["what"]) == (c, "peak") for r in rows)]
    if distances:
        said = "; ".join(f"N = {d['neurons']}: {figure(d['engine_us'])} microseconds a cue, {d['ratio']} times as fast as faiss ({figure(d['other_us'])}), "
                         f"{100 * float(p['ratio']):.0f} % of the {p['other'].split(' of ')[0]}" for d, p in distances)
        out.append(f"* **The distances alone**, and their share of what exclusive-or and population count reach from the first-level cache. {said}.")
    memory = [(r["case"], float(r["ratio"])) for r in rows if r["what"] == "memory"]
    if memory:
        of = lambda broad: span([ratio for c, ratio in memory if is_broad(c) == broad], ".3f")
        out.append(f"* **Memory**: {of(False)} times `k*P*N` bits; {of(True)} with broad kernels, whose tables are longer.")
    slower = []
    for isa, words in [("avx2", "AVX2"), ("portable", "plain words")]:
        found = {r["case"]: float(r["engine_us"]) for r in rows if r["other"].endswith(f"engine {isa}")}
        if found:
            times = lambda broad: span([found[c] / float(row(c, "single", "numpy")["engine_us"]) for c in found if is_broad(c) == broad], ".2g")
            slower.append(f"{words} take{'s' if isa == 'avx2' else ''} {times(False)} times as long with sharp kernels, {times(True)} with broad ones")
    if slower:
        out.append(f"* **Other vectors**: {'; '.join(slower)}.")
    return out


def training(rows):
    """Training beside others; what of it the notes hold."""
    noted = {r["what"]: r for r in rows}
    processor = lambda what: re.search(r"([\d.]+) processor s", noted[what]["note"])[1]
    ratio = lambda what: re.search(r"([\d.]+)x in processor s", noted[what]["note"])[1]
    out = ["| gamma | `train` | memory | descent in numpy | L-BFGS-B |", "|---|---|---|---|---|"]
    for text, gamma in [("0.005 (gamma N = 5)", "gamma N = 5"), ("0.02 (the Ridge)", "gamma 0.02")]:
        train, descent, each = f"train N=1000 P=3000, {gamma}", f"{gamma}: against descent in numpy, 500 epochs", f"{gamma}: against L-BFGS-B for each neuron"
        out.append(f"| {text} | {processor(train + ': time')} | {float(noted[train + ': memory']['figure']):.2f} GiB | "
                   f"{processor(descent)} ({ratio(descent)}x) | {processor(each)} ({ratio(each)}x) |")
    large, verilog = "train N=2000 P=6000: memory", "Verilog N=1000 P=3000, 2 planes"
    return out + ["", f"N = 2000, P = 6000 takes {processor(large)} processor seconds and {noted[large]['figure']} GiB. Verilog of N = 1000, P = 3000 with two planes takes "
                  f"{processor(verilog + ': time')} processor seconds and {float(noted[verilog + ': memory']['figure']):.2f} GiB."]


def simulation(rows):
    """Co-simulation beside a simulation by hand."""
    ratios = sorted(float(r["ratio"]) for r in rows)
    rates = [float(r["hopgate cycles per second"]) for r in rows]
    return [f"There it ran at {ratios[len(ratios) // 2]:.2f} of that program's speed (the median of {len(rows)} runs), at best at {max(rates) / 1e6:.2f} million cycles a second."]


def main(results, docs):
    results, docs = pathlib.Path(results), pathlib.Path(docs)
    pages = [("results/speed.md", "recall", recall, "bench.csv"), ("results/scaling.md", "training", training, "training.csv"), ("results/speed.md", "simulation", simulation, "simulation.csv")]
    for page, mark, write, table in pages:
        rows = read(results / table)
        if not rows:
            print(f"{page}: {results / table} is not there")
            continue
        path = docs / page
        text, found = re.subn(rf"(<!-- measured {mark} -->\n).*?(<!-- end -->)", lambda m: m[1] + "\n".join(write(rows)) + "\n" + m[2], path.read_text(), flags=re.S)
        if found != 1:
            sys.exit(f"{page}: there must be one <!-- measured {mark} --> with an <!-- end -->")
        part = path.with_suffix(".part")
        part.write_text(text)
        os.replace(part, path)
        print(f"{page}: {mark}, from {results / table}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
