#!/usr/bin/env python3
"""Searches for the nearest row, and whole recalls, beside faiss's IndexBinaryFlat and numpy with its BLAS, on one thread in one run.

    search.py PROGRAM FOLDER OUT.csv [CASE...]

PROGRAM is hopgate-bench-search, FOLDER takes what it writes. Times are microseconds for each cue, the least of several repetitions; both
programs are measured in turn, so work of others on the machine meets both. numpy searches by a product of 32-bit floats, and only where the rows
fit 512 MiB so. The distances that all find are compared. The peak is a loop of exclusive ors and population counts over the same rows in the same
run: a search is to take no more than twice its time where the rows are in the second-level cache. A batch may beat it, since it reads a row once for several cues.
"""

import csv
import json
import os
import subprocess
import sys
import time

REPEATS = 25
# four bytes each: 512 MiB
MOST_FLOATS = 1 << 27
# how many times as fast as faiss: a search in a batch and alone, a whole recall in a batch and alone
# the share of the peak, where the rows fit the second-level cache and not the first
PEAK = 0.5
BARS = {("nearest", "batch"): 2.5, ("nearest", "single"): 2.0, ("recall", "batch"): 1.5, ("recall", "single"): 2.0}


def caches():
    """Bytes of the first- and the second-level cache; none where the system does not say."""
    try:
        said = [subprocess.run(["getconf", f"LEVEL{level}CACHE_SIZE"], stdout=subprocess.PIPE, text=True, check=True).stdout for level in ("1_D", "2_")]
        first, second = map(int, said)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return (first, second) if 0 < first < second else None


def seconds(work, cues):
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) / cues


def main(program, folder, out, *names):
    import faiss
    import numpy as np

    faiss.omp_set_num_threads(1)
    ours = subprocess.Popen([program, folder, *names], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def ask(what):
        ours.stdin.write(what + "\n")
        return float(ours.stdout.readline())

    rows = []
    for case in map(json.loads, iter(ours.stdout.readline, "")):
        load = lambda what: np.load(os.path.join(folder, f"{case['name']}-{what}.npy"))
        patterns, cues = load("patterns"), load("cues")
        index = faiss.IndexBinaryFlat(8 * patterns.shape[1])
        index.add(patterns)
        single = case["single_cues"]
        if index.search(cues[:single], 1)[0][:, 0].tolist() != case["distances"]:
            sys.exit(f"{case['name']}: faiss does not find the same distances")
        batch_numpy = None
        if case["neurons"] * case["patterns"] <= MOST_FLOATS:
            signs = lambda bytes_: 2 * np.unpackbits(bytes_, axis=1, bitorder="little")[:, : case["neurons"]].astype(np.float32) - 1
            columns, states = np.ascontiguousarray(signs(patterns).T), signs(cues)
            batch_numpy = lambda: (states @ columns).max(axis=1)
            if ((case["neurons"] - batch_numpy()[:single]) / 2).tolist() != case["distances"]:
                sys.exit(f"{case['name']}: numpy does not find the same distances")
        alone = lambda: [index.search(cues[q : q + 1], 1) for q in range(single)]
        work = {"batch": (lambda: index.search(cues, 1), len(cues)), "single": (alone, single)}
        if batch_numpy:
            work["numpy"] = (batch_numpy, len(cues))
        rounds = [({pair: ask(" ".join(pair)) for pair in (*BARS, ("peak",))}, {how: seconds(*work[how]) for how in work}) for _ in range(1 + REPEATS)]
        ours.stdin.write("next\n")
        # the first round warms up
        least = lambda which, key: min(round[which][key] for round in rounds[1:])
        peak, size = least(0, ("peak",)), case["row_bytes"]
        level = caches()
        asked = level and level[0] < size <= level[1]
        for (what, how), bar in BARS.items():
            engine, other = least(0, (what, how)), least(1, how)
            ratio = other / engine
            product = f"{1e6 * least(1, 'numpy'):.3f}" if batch_numpy and how == "batch" else ""
            verdict = "met" if ratio >= bar else "missed"
            share = peak / engine if what == "nearest" else None
            reached = "" if share is None or not asked else "met" if share >= PEAK else "missed"
            shape = [case["name"], case["neurons"], case["patterns"]]
            rows.append([*shape, what, how, f"{1e6 * engine:.3f}", f"{1e6 * other:.3f}", f"{ratio:.2f}", bar, verdict,
                         f"{case['bytes_of_bits']:.3f}", f"{case['candidates_per_step']:.1f}", case["isa"], f"faiss {faiss.__version__}", product,
                         f"{1e6 * peak:.3f}", "" if share is None else f"{share:.2f}", reached])
            print(f"{case['name']:14} {what:8} {how:7} {1e6 * engine:10.3f} us   faiss {1e6 * other:10.3f} us   {ratio:6.2f} of {bar}  {verdict}" + (f"   numpy {product} us" if product else "")
                  + (f"   {share:.2f} of the peak" + (f", bar {PEAK}: {reached}" if reached else "") if share else ""), flush=True)
    if ours.wait():
        sys.exit(f"{program} ended with {ours.returncode}")
    with open(out + ".part", "w", newline="") as file:
        header = "case neurons patterns what how engine_us faiss_us ratio bar verdict memory_of_bits candidates_per_step isa faiss numpy_us peak_us share_of_peak peak_verdict"
        csv.writer(file).writerows([header.split(), *rows])
    os.replace(out + ".part", out)


if __name__ == "__main__":
    # before numpy is loaded
    os.environ.update({name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")})
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
