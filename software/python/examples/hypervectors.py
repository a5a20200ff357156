#!/usr/bin/env python3
"""Clean-up memory for hyperdimensional computing: item vectors of torchhd's models BSC and MAP, cleaned up in software and on a board.

    hypervectors.py [--program hopgate] [--bits 1024] [--items 100] [--picture found.svg]

Records of role-filler pairs are taken apart, and each filler that comes out, which is noisy, is cleaned up: by the similarity to every item, as
`torchhd.cleanup` does it, by a memory in software, and by a virtual board that `PROGRAM board` plays. Where torchhd is installed it draws the items,
binds, bundles and compares; otherwise the same arithmetic is done in numpy.
"""

import argparse
import os
import signal
import subprocess
import tempfile
import time

import numpy as np

import hopgate

try:
    import torch
    import torchhd
except ImportError:
    torchhd = None


class Numpy:
    """torchhd's arithmetic: of BSC on 0 and 1, of MAP on -1 and 1."""

    def __init__(self, model, seed):
        self.model, self.rng = model, np.random.default_rng(seed)

    def random(self, count, bits):
        drawn = self.rng.integers(0, 2, (count, bits))
        return drawn if self.model == "BSC" else 1 - 2 * drawn

    def bind(self, a, b):
        return a ^ b if self.model == "BSC" else a * b

    def bundle(self, pairs):
        """(R, K, D) to (R, D): the majority, where a tie is decided at random; of MAP the sum."""
        if self.model == "MAP":
            return pairs.sum(axis=1)
        count, of = pairs.sum(axis=1), pairs.shape[1]
        if of % 2 == 0:
            count, of = count + self.rng.integers(0, 2, count.shape), of + 1
        return (count > of // 2).astype(int)

    def similar(self, cues, items):
        """The item that is most similar to each cue, the first of several."""
        signs = (lambda x: 1.0 - 2.0 * x) if self.model == "BSC" else np.sign
        return (signs(cues) @ signs(items).T).argmax(axis=1)


class Torchhd(Numpy):
    """The same by torchhd itself."""

    def __init__(self, model, seed):
        super().__init__(model, seed)
        torch.manual_seed(seed)

    def _tensor(self, array):
        dtype = torch.bool if self.model == "BSC" else torch.float32
        return torchhd.ensure_vsa_tensor(torch.as_tensor(np.asarray(array)).to(dtype), self.model)

    def random(self, count, bits):
        return torchhd.random(count, bits, self.model).numpy().astype(int)

    def bind(self, a, b):
        a, b = np.broadcast_arrays(a, b)
        return torchhd.bind(self._tensor(a), self._tensor(b)).numpy().astype(int)

    def bundle(self, pairs):
        return torchhd.multibundle(self._tensor(pairs)).numpy().astype(int)

    def similar(self, cues, items):
        cues = np.sign(cues) if self.model == "MAP" else cues
        return torchhd.cosine_similarity(self._tensor(cues), self._tensor(items)).argmax(dim=-1).numpy()


def as_cues(vectors, model):
    """Bits, and which of them are known: an element of MAP that is 0 says nothing."""
    if model == "BSC":
        return vectors.astype("u1"), np.ones_like(vectors, "u1")
    return (vectors > 0).astype("u1"), (vectors != 0).astype("u1")


def records(hd, items, roles, count, pairs):
    """`count` records of so many pairs, taken apart: what comes out for each role (Q, D), and the item that was put in (Q)."""
    fillers = hd.rng.integers(0, len(items), (count, pairs))
    whole = hd.bundle(hd.bind(roles[None, :pairs], items[fillers]))
    noisy = hd.bind(whole[:, None], roles[None, :pairs])
    return noisy.reshape(-1, items.shape[1]), fillers.ravel()


class VirtualBoard:
    """`hopgate board`, running, at the name of a port."""

    def __init__(self, program, memory, folder, *options):
        self.port = os.path.join(folder, "port")
        line = [program, "board", memory, "--pty", "--level", "software", "--link", self.port, *options]
        self.process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        end = time.monotonic() + 20
        while not os.path.exists(self.port):
            if self.process.poll() is not None or time.monotonic() > end:
                self.process.kill()
                raise SystemExit(f"the virtual board does not start: {self.process.communicate()[1].decode()}")
            time.sleep(0.02)

    def __enter__(self):
        return self.port

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)


def clean_up(program, model, bits, count, pairs, seed=1):
    """The shares of fillers that each way finds, and how many of the board's answers are those of the similarity."""
    hd = (Torchhd if torchhd else Numpy)(model, seed)
    items, roles = hd.random(count, bits), hd.random(pairs, bits)
    noisy, put_in = records(hd, items, roles, 60, pairs)
    similar = hd.similar(noisy, items)
    # one step: the nearest pattern is then that of the cue itself
    stored = as_cues(items, model)[0]
    memory = hopgate.Memory.training_free(stored, noise=0.3, max_steps=1)
    cues, known = as_cues(noisy, model)
    software = memory.recall(cues, known)
    with tempfile.TemporaryDirectory() as folder:
        memory.save(os.path.join(folder, "memory"))
        with VirtualBoard(program, os.path.join(folder, "memory"), folder, "--masks") as port, hopgate.Board(port) as board:
            board_answers = board.recall(cues, mask=known)
    flipped = (memory.patterns[put_in] != cues)[known == 1].mean()
    return {
        "model": model, "bits": bits, "items": count, "pairs": pairs, "cues": len(cues), "flipped": flipped,
        "unknown": 1 - known.mean(), "found": (similar == put_in).mean(), "software": int((software.nearest == similar).sum()),
        "board": int((board_answers.nearest == similar).sum()), "votes": int((board_answers.states == software.states).all(axis=1).sum()),
    }  # fmt: skip


def picture(path, reports):
    """The share of fillers that are found against the pairs of a record, as an SVG: a line for each model, pairs on a scale of powers of two."""
    pairs = sorted({r["pairs"] for r in reports})
    places = {p: 60 + 440 * np.log2(p / pairs[0]) / np.log2(pairs[-1] / pairs[0]) for p in pairs}

    def height(share):
        return 20 + 220 * (1 - share) / 0.2

    def text(x, y, words, anchor="middle", colour="#57606a"):
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'

    parts = [f'<path d="M60 {height(s):.1f}H500" stroke="#d0d7de"/>{text(52, height(s) + 4, f"{s:.2f}", "end")}' for s in (1, 0.95, 0.9, 0.85, 0.8)]
    parts += [text(places[p], 260, p) for p in pairs] + [text(280, 282, "pairs of a record"), text(60, 12, "fillers that are found", "start")]
    for model, colour, dashes in (("BSC", "#1b1f24", ""), ("MAP", "#0b62c4", "8 4")):
        line = [(places[r["pairs"]], height(r["found"])) for r in reports if r["model"] == model]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in line]
        parts.append(text(508, line[-1][1] + 4, model, "start", colour))
    with open(path, "w") as file:
        head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 290" font-family="sans-serif" font-size="12">'
        file.write("\n".join([head, '<rect width="100%" height="100%" fill="#fff"/>', *parts, "</svg>"]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.environ.get("HOPGATE", "hopgate"))
    parser.add_argument("--bits", type=int, default=1024)
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--picture", help="write the share of fillers that are found here (.svg)")
    asked, reports = parser.parse_args(), []
    print(f"by {'torchhd ' + torchhd.__version__ if torchhd else 'numpy'}")
    print("model  pairs  flipped  unknown  fillers found  software = similarity  board = similarity  votes of board = software")
    for model in ("BSC", "MAP"):
        for pairs in (3, 8, 24, 48):
            r = clean_up(asked.program, model, asked.bits, asked.items, pairs)
            reports.append(r)
            software, board, votes = (f"{r[way]} of {r['cues']}" for way in ("software", "board", "votes"))
            found = f"{r['flipped']:7.3f}  {r['unknown']:7.3f}  {r['found']:13.4f}"
            print(f"{model:5}  {pairs:5}  {found}  {software:>21}  {board:>18}  {votes:>25}")
    if asked.picture:
        picture(asked.picture, reports)


if __name__ == "__main__":
    main()
