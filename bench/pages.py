#!/usr/bin/env python3
"""Writes what was measured into the pages of the book, between their marks <!-- measured NAME --> and <!-- end -->.

    pages.py RESULTS DOCS

RESULTS is the folder of the tables: bench.csv, search.csv, training.csv and simulation.csv of `make bench`, tuned.csv of `hopgate reproduce tuned`.
What is not there leaves its mark as it is. The tables of `make bench-scaling` and `make bench-hdl` are taken from beside this program. No measurement runs
this: a page should say what a quiet machine measured.
"""

import csv
import os
import pathlib
import re
import sys

from scaling import exponent


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


def search(rows):
    """Searches and recalls beside faiss and numpy, from small to a million rows."""
    of = {(r["case"], r["what"], r["how"]): r for r in rows}
    cases = list(dict.fromkeys(r["case"] for r in rows))

    def pair(case, what, how):
        r = of[case, what, how]
        ratio = f"{figure(r['ratio'])}x"
        return f"{figure(r['engine_us'])} ({f'**{ratio}**' if r['verdict'] == 'missed' else ratio})"

    columns = [("nearest", "batch"), ("nearest", "single"), ("recall", "batch"), ("recall", "single")]
    bars = ", ".join(f"{of[cases[0], what, how]['bar']} for {what}, {how}" for what, how in columns)
    out = [f"{rows[0]['faiss']} IndexBinaryFlat, numpy float32. Bars beside faiss: {bars}. A missed bar is bold.", "",
           "| N x P | numpy, batch | faiss, batch | faiss, single | search, batch | search, single | recall, batch | recall, single | memory of the bits |", "|---|---|---|---|---|---|---|---|---|"]
    for case in cases:
        product = of[case, "nearest", "batch"]["numpy_us"]
        others = [figure(product) if product else "-"] + [figure(of[case, "nearest", how]["faiss_us"]) for how in ("batch", "single")]
        first = of[case, "nearest", "batch"]
        shape = f"{int(first['neurons']):,} x {int(first['patterns']):,}"
        out.append(f"| {shape} | " + " | ".join(others + [pair(case, *column) for column in columns]) + f" | {float(first['memory_of_bits']):.2f} |")
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
    out += ["", "| | `train` | the same method in a library | |", "|---|---|---|---|"]
    for r in rows:
        if found := re.search(r"N=(\d+) P=(\d+): against the same method in (\w+)", r["what"]):
            times = re.search(r"([\d.]+) processor s and ([\d.]+) GiB.*ours ([\d.]+) processor s and ([\d.]+) GiB", r["note"])
            theirs, room, ours, own = times.groups()
            out.append(f"| N = {found[1]}, P = {found[2]} | {ours}, {own} GiB | {found[3]}: {theirs}, {room} GiB | {float(r['figure']):.2f}x |")
    large, verilog = "train N=2000 P=6000: memory", "Verilog N=1000 P=3000, 2 planes"
    return out + ["", f"N = 2000, P = 6000 takes {processor(large)} processor seconds and {noted[large]['figure']} GiB. Verilog of N = 1000, P = 3000 with two planes takes "
                  f"{processor(verilog + ': time')} processor seconds and {float(noted[verilog + ': memory']['figure']):.2f} GiB."]


def simulation(rows):
    """Co-simulation beside a simulation by hand."""
    ratios = sorted(float(r["ratio"]) for r in rows)
    rates = [float(r["hopgate cycles per second"]) for r in rows]
    return [f"There it ran at {ratios[len(ratios) // 2]:.2f} of that program's speed (the median of {len(rows)} runs), at best at {max(rates) / 1e6:.2f} million cycles a second."]


def tuned(rows):
    """The tuned quantiser beside `shared`: a row for each memory, and what the worst and the best of them are."""
    out = ["| patterns | kernel | cues | gamma | nearest | float | k | `shared` | `tuned` | difference | |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    number = lambda r, name: float(r[name])
    for r in rows:
        kept = r["replaced"] != "true"
        gain = "0" if kept else f"{number(r, 'gain'):+.3f} ± {number(r, 'standard_error'):.3f}"
        quality = " | ".join(f"{number(r, name):.3f}" for name in ["nearest", "float"])
        memories = " | ".join(f"{number(r, name):.3f}" for name in ["shared", "tuned"])
        out.append(f"| {r['patterns']} | {r['kernel']} | `{r['corruption']}` | {number(r, 'gamma'):.3g} | {quality} | {r['planes']} | {memories} | {gain} | {'kept' if kept else ''} |")
    replaced = [r for r in rows if r["replaced"] == "true"]
    errors = [number(r, "gain") / number(r, "standard_error") for r in replaced]
    negative = sum(error < 0 for error in errors)
    return out + ["", f"Of {len(rows)} memories {len(replaced)} were replaced; {negative} of those recall less on these cues, by at most {-min(errors):.1f} standard errors."]


def scaling(rows):
    """Time and memory from the smallest size to the largest, and the exponents of both."""
    works = list(dict.fromkeys(r["work"] for r in rows))
    out = ["| N | P | " + " | ".join(works) + " |", "|---|---|" + "---|" * len(works)]
    of = {(r["neurons"], r["work"]): r for r in rows}
    for n in dict.fromkeys(r["neurons"] for r in rows):
        cell = lambda r: f"{float(r['cpu_s']):.2f} s, {int(r['memory_bytes']) / 2**20:.0f} MiB" if r else ""
        out.append(f"| {n} | {3 * int(n)} | " + " | ".join(cell(of.get((n, work))) for work in works) + " |")
    slope = lambda work, column: exponent([(int(r["neurons"]), float(r[column])) for r in rows if r["work"] == work][-3:])
    slopes = [f"{slope(work, 'cpu_s'):.2f} / {slope(work, 'memory_bytes'):.2f}" for work in works]
    return out + ["| exponent, time / memory | | " + " | ".join(slopes) + " |"]


def cores(rows):
    """Measured cores: cells, clocks of the seeds, cycles, recalls."""
    out = ["| memory | board | k | R | F | readout | logic cells | block RAMs | clock, MHz: slowest, median, fastest seed | cycles a step: mean, most | recalls a second | share of the scan's floor |",
           "|---|---|---|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        memory = r["name"].split(",")[0] + (" (fixed kernel)" if r["kernel"] == "fixed" else "")
        clock = f"{r['fmax_min']}, {r['fmax_median']}, {r['fmax_max']}" if int(r["seeds"]) > 1 else f"{r['fmax_median']} (one seed)"
        shape = " | ".join([r["board"] + (", newest tools" if newest(r) else ""), r["k"], r["R"], r["F"], way(r), f"{int(r['logic_cells']):,}", r["block_rams"]])
        pace = f"{r['cycles_per_step']}, {r['cycles_worst']} | {int(r['recalls_per_second']):,} | {float(r['share_of_bandwidth']):.2f}"
        out.append(f"| {memory} | {shape} | {clock} | {pace} |")
    return out


def way(r):
    """Where a core's answer comes from, with what is later, how many cues share a scan, how many cores there are, and how many lanes where a row has more words."""
    chosen = [(option, r.get(column) or default, default) for option, column, default in [("later", "later", "scan"), ("cues", "B", "1"), ("cores", "cores", "1"), ("lanes", "lanes", "")]]
    return r["readout"] + "".join(f", `--{option} {value}`" for option, value, default in chosen if value != default)


def newest(r):
    """Whether a row is of other tools than the distribution's, which all rows of its family have by default."""
    return re.match(r"yosys (?!0\.23;)", r["tools"]) is not None


def title(r):
    """A memory, with what tells its row from others of the same name."""
    more = ([] if r["board"] == "alchitry-cu" else [r["board"]]) + ([] if int(r["kernel_bits"]) > 4 else [f"kernel of {r['kernel_bits']} bits"]) + (["newest tools"] if newest(r) else [])
    return ", ".join([r["name"].split(",")[0], *more])


def paths(rows):
    """The critical path of the fastest seed, where a row says it."""
    out = ["| memory | k | R | F | readout | seeds | MHz, fastest seed | tools | from, to, and what is done there |", "|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        if r.get("critical_path"):
            tools = ", ".join(re.sub(r"yowasp-|-(ice40|ecp5|himbaechel-\w+)", "", tool) for tool in r["tools"].split("; ")[:2])
            start, end = r["critical_path"].split(" to ", 1)
            end, _, what = end.partition(": ")
            out.append(f"| {title(r)} | {r['k']} | {r['R']} | {r['F']} | {way(r)} | {r['seeds']} | {r['fmax_max']} | {tools} | `{start}` to `{end}`{f': {what}' if what else ''} |")
    return out


def rates(rows):
    """Recalls a second with their streams, for each logic cell, and how long the last of the cues that share a scan waits."""
    out = ["| memory | k | R | readout | logic cells | MHz, fastest seed | cycles a recall, streams included | recalls a second | for each cell | latency, us |", "|---|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        if r.get("streamed_per_second"):
            out.append(f"| {title(r)} | {r['k']} | {r['R']} | {way(r)} | {int(r['logic_cells']):,} | {r['fmax_max']} | {r['cycles_per_recall']} | "
                       f"{int(r['streamed_per_second']):,} | {r['streamed_per_second_and_cell']} | {r['latency_us']} |")
    return out


def main(results, docs):
    results, docs = pathlib.Path(results), pathlib.Path(docs)
    here = pathlib.Path(__file__).resolve().parent
    pages = [("results/speed.md", "recall", recall, results / "bench.csv"), ("results/speed.md", "search", search, results / "search.csv"), ("results/scaling.md", "training", training, results / "training.csv"),
             ("results/speed.md", "simulation", simulation, results / "simulation.csv"), ("results/tuned.md", "tuned", tuned, results / "tuned.csv"),
             ("results/scaling.md", "scaling", scaling, here / "scaling.csv"), ("results/hardware.md", "cores", cores, here / "hdl.csv"),
             ("results/hardware.md", "rates", rates, here / "hdl.csv"), ("results/hardware.md", "paths", paths, here / "hdl.csv")]
    for page, mark, write, table in pages:
        rows = read(table)
        if not rows:
            print(f"{page}: {table} is not there")
            continue
        path = docs / page
        text, found = re.subn(rf"(<!-- measured {mark} -->\n).*?(<!-- end -->)", lambda m: m[1] + "\n".join(write(rows)) + "\n" + m[2], path.read_text(), flags=re.S)
        if found != 1:
            sys.exit(f"{page}: there must be one <!-- measured {mark} --> with an <!-- end -->")
        part = path.with_suffix(".part")
        part.write_text(text)
        os.replace(part, path)
        print(f"{page}: {mark}, from {table}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
