#!/usr/bin/env python3
"""Recall through the Python package beside the engine alone, in batches of 10,000 cues, on all cores, in one run.

    python.py PROGRAM FOLDER OUT.csv

PROGRAM is hopgate-bench-batch, FOLDER takes the memories and cues. The package must be installed (release: pip install ./software/python).
Python goes from arrays of bytes to arrays of bytes. It is measured in turn with the engine from bytes to bytes, which is the same work without
Python and which the bar is about; and with the engine from packed bits to packed bits, which is less work: what packing costs is seen there. The
least times are compared: what else the machine does makes a time longer, and never shorter.
"""

import csv
import os
import subprocess
import sys
import time

CUES, REPEATS = 10_000, 301
# how much longer than the engine it may take
BAR = 1.1


def cases(hopgate):
    """Memories, and the keys that their cues are made of."""
    glyphs = hopgate.patterns("glyphs").bits
    yield "glyphs, training-free", hopgate.Memory.training_free(glyphs, noise=0.05), glyphs
    random = hopgate.patterns("random:N=170,P=510,seed=1").bits
    yield "510 random of 170 bits, two planes", hopgate.train(random, gamma=0.1).quantize(2, "shared"), random
    wide = hopgate.patterns("random:N=1024,P=1000,seed=1").bits
    yield "1,000 random of 1,024 bits", hopgate.Memory.training_free(wide, noise=0.1), wide
    digits = hopgate.patterns("optdigits:train")
    yield "1,200 digits of ten classes", hopgate.Memory.training_free(digits.bits, digits.names, noise=0.05), digits.bits


def main(program, folder, out):
    import hopgate
    import numpy as np

    os.makedirs(folder, exist_ok=True)
    rows = []
    for name, memory, keys in cases(hopgate):
        cues = hopgate.cues(keys, "flips:0.05", CUES).bits
        place, file = os.path.join(folder, "python-memory"), os.path.join(folder, "python-cues.npy")
        memory.save(place)
        np.save(file, cues)
        memory.recall(cues)
        times = {"python": [], "bytes": [], "packed": []}
        with subprocess.Popen([program, place, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            for _ in range(REPEATS):
                for form in ("bytes", "packed"):
                    print(form, file=other.stdin, flush=True)
                    times[form].append(float(other.stdout.readline()))
                begin = time.perf_counter()
                memory.recall(cues)
                times["python"].append(time.perf_counter() - begin)
            other.stdin.close()
        ours, like, packed = (1e6 * min(times[form]) / CUES for form in ("python", "bytes", "packed"))
        ratio, whole = ours / like, ours / packed
        verdict = "met" if ratio <= BAR else "missed"
        figures = [f"{number:.3f}" for number in (ours, like, packed, ratio, whole)]
        rows.append([name, CUES, *figures, BAR, verdict, f"numpy {np.__version__}"])
        print(f"{name:36} {ours:8.3f} us a cue   engine, bytes {like:8.3f} us   {ratio:6.3f} of {BAR}  {verdict}   "
              f"engine, packed {packed:8.3f} us   {whole:6.3f}", flush=True)
    with open(out + ".part", "w", newline="") as file:
        csv.writer(file).writerows(["case cues python_us engine_us packed_us ratio to_packed bar verdict numpy".split(), *rows])
    os.replace(out + ".part", out)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
