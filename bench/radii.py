#!/usr/bin/env python3
"""One radius for all patterns of a board that learns, or one for each that shrinks (restricted Coulomb energy, RCE), on the digits.

    hopgate memory optdigits --labels optdigits -o digits/
    radii.py digits/ OUT.csv

Every order of the samples is seeded. Two thirds are taught, one after the other, each once; the others are asked. A sample is stored unless a
pattern of its class already has it within its radius, as `hopgate host store` does.

one:  every pattern has the radius R.
rce:  a pattern begins with R, or one bit less than its distance to the nearest stored pattern of another class; whenever a sample of
      another class lies within its radius, the radius shrinks to one bit less than that distance. A pattern whose radius would be below
      0 keeps 0.

A key is identified if the patterns that have it within their radius are of one class, uncertain if of several, unknown if there is none.
`nearest` is the share of keys whose nearest pattern has the right class, whatever the radii say: it is what the board answers.
"""

import csv
import sys

import numpy as np

SEEDS = range(10)
RADII = [4, 8, 12, 16, 20, 24, 28]


def distances(left, right):
    left, right = left.astype(np.int64), right.astype(np.int64)
    return left @ (1 - right).T + (1 - left) @ right.T


def teach(between, classes, radius, shrinks):
    """The samples that are stored and their radii; `between` has the distances of the samples, in the order in which they come."""
    stored, radii = [], []
    for t, class_ in enumerate(classes):
        far = between[t, stored]
        others = classes[stored] != class_
        own = radius
        if shrinks:
            for at in np.flatnonzero(others & (far <= radii)):
                radii[at] = max(far[at] - 1, 0)
            own = max(min([radius, *(far[others] - 1)]), 0)
        if not (~others & (far <= radii)).any():
            stored.append(t)
            radii.append(own)
    return np.array(stored), np.array(radii)


def ask(far, classes, radii, right):
    """Shares of the keys: identified, right among those, uncertain, unknown, nearest pattern right."""
    fires = far <= radii
    counts = np.array([fires[:, classes == c].any(axis=1) for c in range(classes.max() + 1)])
    kinds = counts.sum(axis=0)
    identified = kinds == 1
    good = identified & (counts.argmax(axis=0) == right)
    nearest = classes[far.argmin(axis=1)] == right
    return identified.mean(), good.sum() / max(identified.sum(), 1), (kinds > 1).mean(), (kinds == 0).mean(), nearest.mean()


def main(memory, out):
    keys = np.load(f"{memory}/patterns.npy")
    # training-free: the output of its class is the only one that a key has
    labels = np.load(f"{memory}/planes.npy")[0].argmax(axis=1)
    rows = [["rule", "radius", "patterns", "identified", "right_of_identified", "uncertain", "unknown", "nearest"]]
    taught = len(keys) * 2 // 3
    for rule in ("one", "rce"):
        for radius in RADII:
            runs = []
            for seed in SEEDS:
                order = np.random.default_rng(seed).permutation(len(keys))
                learn, test = order[:taught], order[taught:]
                stored, radii = teach(distances(keys[learn], keys[learn]), labels[learn], radius, rule == "rce")
                chosen = learn[stored]
                answers = ask(distances(keys[test], keys[chosen]), labels[chosen], radii, labels[test])
                runs.append([len(stored), *answers])
            mean = np.mean(runs, axis=0)
            rows.append([rule, radius, f"{mean[0]:.1f}", *(f"{m:.4f}" for m in mean[1:])])
            print(*rows[-1], flush=True)
    with open(out, "w", newline="") as file:
        csv.writer(file).writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
