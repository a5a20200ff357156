"""Recalls cues from a memory folder, with numpy alone: a second opinion, written from the numeric contract
(docs, "The numeric contract") and sharing no code with hopgate.

    python3 independent.py MEMORY QUERIES.npy OUT.npz
"""
import json
import sys

import numpy as np

folder, queries, out = sys.argv[1:]
manifest = json.load(open(f"{folder}/manifest.json"))
xi, planes, kernel, offset = (
    np.load(f"{folder}/{name}.npy").astype(np.int64) for name in ("patterns", "planes", "kernel", "offset")
)


def step(s):
    """One update of all neurons: the next state, the fields, the nearest pattern and its distance."""
    d = (s ^ xi).sum(axis=1)
    nearest = int(np.argmin(d))  # the lowest index on a tie
    e = d - d[nearest] if manifest["kernel_mode"] == "normalised" else d
    h = offset[e].sum() + sum((2 * b - 1).T @ w[e] for b, w in zip(planes, kernel))
    return (h >= 0).astype(np.int64), h, nearest, int(d[nearest])


answers = []
for s in np.load(queries).astype(np.int64):
    for steps in range(1, manifest["max_steps"] + 1):
        before, (s, h, nearest, distance) = s, step(s)
        converged = bool((s == before).all())
        if converged:
            break
    answers.append((s, steps, converged, nearest, distance, h))

names = ("answers", "steps", "converged", "nearest", "distance", "field")
kinds = (np.uint8, np.uint32, bool, np.uint32, np.uint32, np.int64)
np.savez(out, **{n: np.array(column, k) for n, k, column in zip(names, kinds, zip(*answers))})
