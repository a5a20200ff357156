#!/usr/bin/env python3
"""A sensor that learns: vibration of a machine, by its states, on a board that begins empty and is taught a few examples of each.

    sensor.py [--program hopgate] [--port PORT] [--picture keys.svg]

The readings are simulated: a second of acceleration at 1 kHz, of which each state has harmonics of its own, with random phases, levels and
noise. A key is the energy of 16 bands, each as a thermometer of 8 bits: N = 128. Without --port, `PROGRAM board` plays the board. No training,
and no computer but the board, takes part in what it knows: each key is stored, or known already, and a reading that is like none is unknown.
"""

import argparse
import os
import signal
import subprocess
import tempfile
import time

import numpy as np

import hopgate

RATE, BANDS, LEVELS = 1000, 16, 8
# what each state has besides noise: frequencies in Hz, and their amplitudes in g
STATES = {
    "still": [],
    "idle": [(25, 0.3), (50, 0.1)],
    "running": [(50, 0.8), (100, 0.4), (150, 0.2)],
    "unbalanced": [(50, 2.4), (100, 0.5), (25, 0.4)],
    "worn bearing": [(50, 0.8), (100, 0.4), (310, 0.7), (360, 0.5), (410, 0.4)],
}
# what nobody teaches at first
FOREIGN = {"loose part": [(33, 0.9), (220, 1.5), (440, 1.0), (480, 0.7)]}
LESSONS = (1, 2, 5, 10)


def reading(harmonics, rng):
    """A second of acceleration, (RATE), in g: levels vary by a fifth, the speed by two in a hundred."""
    t = np.arange(RATE) / RATE
    signal_of = 0.08 * rng.standard_normal(RATE)
    speed, level = 1 + 0.02 * rng.standard_normal(), np.exp(0.2 * rng.standard_normal())
    for hertz, amplitude in harmonics:
        signal_of += level * amplitude * np.exp(0.15 * rng.standard_normal()) * np.sin(2 * np.pi * (hertz * speed * t + rng.random()))
    return signal_of


def key(samples):
    """The bits of a reading, (BANDS * LEVELS): a thermometer of the energy in each band, half a decade a bit."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))[1:]) ** 2 / len(samples)
    energy = np.log10([band.sum() for band in np.array_split(spectrum, BANDS)])
    return (energy[:, None] > 0.5 * np.arange(LEVELS) - 0.5).astype("u1").ravel()


def keys(harmonics, count, rng):
    """Keys of so many readings, (count, N)."""
    return np.stack([key(reading(harmonics, rng)) for _ in range(count)])


def picture(path, seed=1):
    """Keys of each state as an SVG: a column a band, a row a level."""
    rng, cell, parts = np.random.default_rng(seed), 6, []
    for row, (name, harmonics) in enumerate((STATES | FOREIGN).items()):
        parts.append(f'<text x="4" y="{row * 64 + 34}" font-size="13">{name}</text>')
        for column, bits in enumerate(keys(harmonics, 5, rng)):
            left, top = 110 + column * 108, row * 64 + 6
            parts.append(f'<rect x="{left}" y="{top}" width="{BANDS * cell}" height="{LEVELS * cell}" fill="#f3f5f7"/>')
            for band, height in enumerate(bits.reshape(BANDS, LEVELS).sum(axis=1)):
                place = f'x="{left + band * cell}" y="{top + (LEVELS - height) * cell}"'
                parts.append(f'<rect {place} width="{cell - 1}" height="{height * cell}" fill="#0b62c4"/>')
    size = f'viewBox="0 0 {110 + 5 * 108} {len(STATES | FOREIGN) * 64}"'
    with open(path, "w") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">\n<rect width="100%" height="100%" fill="#fff"/>\n')
        file.write("\n".join(parts) + "\n</svg>\n")


class VirtualBoard:
    """`PROGRAM board` of a memory of the first readings, running, at the name of a port."""

    def __init__(self, program, folder, first, radius):
        port = os.path.join(folder, "port")
        np.save(os.path.join(folder, "first.npy"), first)
        np.save(os.path.join(folder, "states.npy"), np.arange(len(first)))
        make = ["memory", "first.npy", "--labels", "states.npy", "--noise", "0.05", "--radius", str(radius), "-o", "memory", "--quiet"]
        subprocess.run([program, *make], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        line = [program, "board", "memory", "--pty", "--level", "software", "--learn", "--room", "patterns=128", "--link", port]
        self.port, self.process = port, subprocess.Popen(line, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while not os.path.exists(port):
            if self.process.poll() is not None or time.monotonic() > end:
                self.process.kill()
                raise SystemExit("the virtual board does not start")
            time.sleep(0.02)

    def __enter__(self):
        return self.port

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)


def teach(board, seed=1, asked=40):
    """Teaches a board, and asks it after each lesson: a row for each of what it holds and how right it is."""
    rng, names = np.random.default_rng(seed), list(STATES)
    while board.info().patterns:
        board.forget(0)
    fresh = np.concatenate([keys(STATES[name], asked, rng) for name in names])
    right = np.repeat(np.arange(len(names)), asked)
    foreign = keys(FOREIGN["loose part"], asked, rng)
    rows, given, told = [], 0, [[] for _ in names]
    for lesson in LESSONS:
        for state, name in enumerate(names):
            examples = keys(STATES[name], lesson - given, rng)
            told[state].extend(examples)
            board.store(examples, state)
        given = lesson
        # beside it: the state of the nearest of all examples, however far that is
        everything, of = np.concatenate(told), np.repeat(np.arange(len(names)), lesson)
        nearest = of[(fresh[:, None] != everything).sum(axis=2).argmin(axis=1)]
        said, strange = board.recall(fresh), board.recall(foreign)
        rows.append({
            "examples": lesson, "given": lesson * len(names), "stored": board.info().patterns,
            "right": float((said.classes == right).mean()), "unknown": float((~said.known).mean()),
            "wrong": float(((said.classes != right) & said.known).mean()), "foreign unknown": float((~strange.known).mean()),
            "nearest": float((nearest == right).mean()),
        })  # fmt: skip
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.environ.get("HOPGATE", "hopgate"))
    parser.add_argument("--port", help="a board that learns, of 128 bits and at least 5 classes")
    parser.add_argument("--picture", help="write keys of each state here (.svg)")
    parser.add_argument("--radius", type=int, default=8, help="bits that a reading may be away from what was taught [8]")
    asked = parser.parse_args()
    if asked.picture:
        picture(asked.picture)
    first = np.concatenate([keys(harmonics, 1, np.random.default_rng(7)) for harmonics in STATES.values()])
    with tempfile.TemporaryDirectory() as folder:
        if asked.port:
            with hopgate.Board(asked.port) as board:
                rows = teach(board)
        else:
            with VirtualBoard(asked.program, folder, first, asked.radius) as port, hopgate.Board(port) as board:
                rows = teach(board)
    print("examples a state  given  stored   right  unknown   wrong  foreign that is unknown  nearest of all given")
    for r in rows:
        shares = f"{r['right']:7.3f}  {r['unknown']:7.3f}  {r['wrong']:6.3f}  {r['foreign unknown']:23.3f}  {r['nearest']:20.3f}"
        print(f"{r['examples']:16}  {r['given']:5}  {r['stored']:6}  {shares}")


if __name__ == "__main__":
    main()
