#!/usr/bin/env python3
"""Times numpy and faiss on what hopgate-bench-data wrote, checks that their answers are ours, and writes the ratios.

    compare.py DATA CRITERION OUT.csv

DATA is the folder of hopgate-bench-data, CRITERION that of `cargo bench` (target/criterion). Every time is the median of
several repetitions, in microseconds for each cue, until the recall converges (or for each scan of all patterns).
"""

import csv
import json
import os
import platform
import subprocess
import sys
import time

# cues that a single-cue measurement takes, and repetitions of everything
SINGLE = 50
REPEATS = 7
# the CSV's bars: how many times as fast the engine must be as something else (one cue after the other: with sharp kernels)
BARS = {
    ("single", "f32 by hand"): lambda case: 58,
    ("single", "numpy"): lambda case: 10 if case["neurons"] == 170 else 30,
    ("batch", "numpy"): lambda case: 10 if case["candidates_per_step"] < 0.05 * case["patterns"] else 3,
    ("distances", "faiss"): lambda case: 2,
}


def median_time(work):
    """The median of the repetitions' times in seconds, after one that warms up."""
    work()
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return sorted(times)[REPEATS // 2]


def measure(data, threads):
    """Runs in a process of its own, whose environment says how many threads BLAS may take."""
    import faiss
    import numpy as np

    faiss.omp_set_num_threads(threads)
    found = {"numpy": np.__version__, "faiss": faiss.__version__, "cases": {}}
    for case in json.load(open(os.path.join(data, "cases.json"))):
        load = lambda what: np.load(os.path.join(data, f"{case['name']}-{what}.npy"))
        plus_minus = lambda bits: 2 * bits.astype(np.float32) - 1
        n = case["neurons"]
        bits, cue_bits = load("patterns"), load("cues")
        patterns, cues, answers = plus_minus(bits), plus_minus(cue_bits), plus_minus(load("answers"))
        transposed = np.ascontiguousarray(patterns.T)
        alpha, kernel = load("alpha").astype(np.float32), load("kernel").astype(np.float32)

        def step(states):
            distances = ((n - states @ transposed) / 2).astype(np.int32)
            weights = kernel[distances - distances.min(axis=-1, keepdims=True)]
            return np.where(weights @ alpha >= 0, np.float32(1), np.float32(-1))

        def single():
            states = np.empty((SINGLE, n), np.float32)
            for q in range(SINGLE):
                state = cues[q]
                for _ in range(30):
                    following = step(state)
                    done = (following == state).all()
                    state = following
                    if done:
                        break
                states[q] = state
            return states

        def batch():
            states, active = cues.copy(), np.arange(len(cues))
            for _ in range(30):
                following = step(states[active])
                moved = (following != states[active]).any(axis=1)
                states[active] = following
                active = active[moved]
                if not len(active):
                    break
            return states

        if not ((single() == answers[:SINGLE]).all() and (batch() == answers).all()):
            sys.exit(f"{case['name']}: numpy does not answer as the engine does")
        times = {"batch": median_time(batch) / len(cues)}
        if threads == 1:
            times["single"] = median_time(single) / SINGLE
        if threads == 1 and case["name"].endswith("-k1"):
            pad = lambda rows: np.packbits(rows, axis=1)
            index = faiss.IndexBinaryFlat(8 * pad(bits).shape[1])
            index.add(pad(bits))
            queries = pad(cue_bits)
            nearest = (cue_bits[:, None, :] != bits[None, :, :]).sum(axis=2).min(axis=1) if n < 500 else None
            found_distances = index.search(queries, 1)[0][:, 0]
            if nearest is not None and not (found_distances == nearest).all():
                sys.exit(f"{case['name']}: faiss does not find the nearest pattern")
            times["distances"] = median_time(lambda: index.search(queries, 1)) / len(cues)
        found["cases"][case["name"]] = times
    json.dump(found, sys.stdout)


def run(data, threads):
    names = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]
    environment = {**os.environ, **{name: str(threads) for name in names}}
    command = [sys.executable, __file__, "--measure", data, str(threads)]
    return json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)


def machine():
    """The processor's name, and those of its features that matter."""
    try:
        lines = open("/proc/cpuinfo").read().splitlines()
    except OSError:
        return platform.machine()
    value = lambda key: next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")
    matter = ["avx2", "avx512f", "avx512bw", "avx512vbmi", "avx512_vpopcntdq", "asimd"]
    features = (value("flags") or value("Features")).split()
    return " ".join([value("model name") or platform.machine()] + [f for f in matter if f in features])


def main(data, criterion, out):
    cases = json.load(open(os.path.join(data, "cases.json")))
    cores = len(os.sched_getaffinity(0))
    # of the last minute, in which the engine was measured: more than the cores is work of others
    where = f"{machine()}; load {os.getloadavg()[0]:.1f} on {cores} cores"

    def ours(*path):
        """Seconds of a criterion measurement."""
        estimates = json.load(open(os.path.join(criterion, *path, "new", "estimates.json")))
        return estimates["median"]["point_estimate"] * 1e-9

    one, every = run(data, 1), run(data, cores)
    versions = {"numpy": f"numpy {one['numpy']} float32", "faiss": f"faiss {one['faiss']} IndexBinaryFlat"}
    rows = []

    def row(case, what, engine, other, seconds, threads=1):
        asked = (what, other) in BARS and not (what == "single" and case["name"].endswith("-broad"))
        bar = BARS[what, other](case) if asked else ""
        ratio = seconds / engine if other else ""
        verdict = "" if bar == "" or not other else ("met" if ratio >= bar else "missed")
        text = lambda x, digits: f"{x:.{digits}f}" if x != "" else ""
        rows.append([
            case["name"], case["neurons"], case["patterns"], case["planes"], f"{case['candidates_per_step']:.1f}",
            f"{case['steps'] / case['cues']:.2f}", what, threads, text(engine * 1e6, 3), versions.get(other, other),
            text(seconds * 1e6, 3) if other else "", text(ratio, 1), bar, verdict,
        ])

    # hopgate-bench's peak: 16 KiB
    peak = 2048 * 64 / ours("distances", "peak")
    for case in cases:
        name, isa, count = case["name"], case["isa"], case["cues"]
        engine = ours("recall", isa, name) / count
        times = one["cases"][name]
        row(case, "single", engine, "f32 by hand", ours("recall", "float", name) / 20)
        row(case, "single", engine, "numpy", times["single"])
        row(case, "batch", engine, "numpy", times["batch"])
        row(case, "batch", ours("recall", "all", name) / count, "numpy", every["cases"][name]["batch"], cores)
        for other in ["avx2", "portable"]:
            if os.path.exists(os.path.join(criterion, "recall", other, name)):
                row(case, "single", ours("recall", other, name) / count, f"f32 by hand, engine {other}", ours("recall", "float", name) / 20)
        if "distances" in times:
            scan = ours("distances", isa, name) / count
            row(case, "distances", scan, "faiss", times["distances"])
            share = case["neurons"] * case["patterns"] / scan / peak
            print(f"{name}: the distance stage counts {share:.0%} of the {peak / 1e12:.2f} Tbit/s that the first-level cache allows")
            rows.append(rows[-1][:6] + ["peak", 1, "", f"{peak / 1e12:.2f} Tbit/s of the first-level cache", "", f"{share:.2f}", "", ""])
        memory = 8 * case["engine_bytes"] / case["bits"]
        verdict = "met" if memory <= 1.1 else "missed"
        print(f"{name}: the engine holds {memory:.3f} times the k*P*N bits: at most 1.1, {verdict}")
        rows.append(rows[-1][:6] + ["memory", "", "", "k*P*N bits", "", f"{memory:.3f}", 1.1, verdict])
    header = "case neurons patterns planes candidates_per_step steps what threads engine_us other other_us ratio bar verdict"
    with open(out + ".part", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split() + ["machine"])
        writer.writerows(r + [where] for r in rows)
    os.replace(out + ".part", out)
    for r in rows:
        print(f"{r[0]:14} {r[6]:10} {r[7]} thread(s) {r[8]:>10} us   {r[9]:30} {r[10]:>12} us {r[11]:>9}x  {r[12]!s:>4} {r[13]}")
    print(f"on {where}; written to {out}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], int(sys.argv[3]))
    elif len(sys.argv) == 4:
        main(*sys.argv[1:])
    else:
        sys.exit(__doc__)
