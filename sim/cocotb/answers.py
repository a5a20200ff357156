"""What the software answers, as words of the hardware: the cues and the trace that `hopgate recall --trace` wrote."""

import os

import numpy as np


def words(bits):
    """The 16-bit words of an array of bits, the lowest neuron first."""
    lanes = -(-len(bits) // 16)
    padded = np.zeros(16 * lanes, dtype=np.uint32)
    padded[: len(bits)] = bits
    return [int(sum(int(b) << i for i, b in enumerate(lane))) for lane in padded.reshape(lanes, 16)]


def class_words(trace, q):
    """What is said of the class of a cue: class and second, score and margin of two words each."""
    score, margin = (int(trace[name][q]) for name in ("score", "margin"))
    halves = [word & 0xFFFF for number in (score, margin) for word in (number, number >> 16)]
    return [int(trace["class"][q]), int(trace["second"][q]), *halves]


def load():
    """Pairs of a cue's words and its answer's, with steps (and converged, unknown), nearest pattern and distance."""
    cues = np.load(os.environ["HOPGATE_CUES"])
    trace = np.load(os.environ["HOPGATE_TRACE"])
    pairs = []
    for q, cue in enumerate(cues):
        steps = int(trace["steps"][q]) | int(trace["converged"][q]) << 15 | int(not trace["known"][q]) << 14
        said = class_words(trace, q) if "class" in trace else words(trace["answers"][q])
        answer = said + [steps, int(trace["nearest"][q]), int(trace["distance"][q])]
        pairs.append((words(cue), answer))
    return pairs
