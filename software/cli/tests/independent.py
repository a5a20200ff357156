"""Recalls cues from a memory folder, with numpy alone: a second opinion, written from the numeric contract
(docs, "The numeric contract") and sharing no code with hopgate.

    python3 independent.py MEMORY QUERIES.npy OUT.npz
"""
import json
import sys

import numpy as np

folder, queries, out = sys.argv[1:]
manifest = json.load(open(f"{folder}/manifest.json"))
kind, radius = manifest.get("kind", "auto"), manifest.get("radius", manifest["neurons"])
xi, planes, kernel, offset = (
    np.load(f"{folder}/{name}.npy").astype(np.int64) for name in ("patterns", "planes", "kernel", "offset")
)


def step(s):
    """One update of all outputs: their bits, the fields, the nearest pattern and its distance."""
    d = (s ^ xi).sum(axis=1)
    nearest = int(np.argmin(d))  # the lowest index on a tie
    e = d - d[nearest] if manifest["kernel_mode"] == "normalised" else d
    h = offset[e].sum() + sum((2 * b - 1).T @ w[e] for b, w in zip(planes, kernel))
    return (h >= 0).astype(np.int64), h, nearest, int(d[nearest])


def recall(s):
    """Everything that a trace holds of one cue."""
    path = []
    for steps in range(1, manifest["max_steps"] + 1):
        before, (s, h, nearest, distance) = s, step(s)
        path.append(s)
        if kind in ("map", "class"):
            converged = True
            break
        converged = bool((s == before).all())
        if converged and kind == "auto":
            break
    known = distance <= radius
    found = {"answers": s, "steps": steps, "converged": converged, "nearest": nearest, "distance": distance}
    found |= {"known": known, "scores" if kind == "class" else "field": h}
    if kind == "class":
        # a stable sort by falling score: the lowest index on a tie
        first, second = np.argsort(-h, kind="stable")[:2]
        found |= {"answers": first if known else -1, "class": first, "second": second}
        found |= {"score": h[first], "margin": h[first] - h[second]}
    if kind == "sequence":
        found["path"] = path
    return found


types = {"answers": np.int32 if kind == "class" else np.uint8, "path": np.uint8, "converged": bool, "known": bool}
types |= {name: np.int64 for name in ("field", "scores", "score", "margin")}
answers = [recall(s) for s in np.load(queries).astype(np.int64)]
np.savez(out, **{name: np.array([a[name] for a in answers], types.get(name, np.uint32)) for name in answers[0]})
