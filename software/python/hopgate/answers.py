"""The words of cues and of answers, by what a board answers with."""

from collections import namedtuple

import numpy as np

from .errors import NoAnswer
from .wire import CLASS, CONVERGED, MAP, SEQUENCE, UNKNOWN

FIELDS = "states steps converged nearest distance known values classes best second score margin path"
Answers = namedtuple("Answers", FIELDS, defaults=[None] * 7)
Answers.__doc__ = """The answers to Q cues; what the board's kind does not have is None.

Of every kind `steps`, `converged`, `nearest`, `distance` and `known` (Q). Of kind `auto` and `sequence` `states`
uint8 (Q, N), the last ones; of `sequence` `path` uint8 (Q, L, N), the state after every step; of `map` `values` uint8
(Q, M); of `class` `classes` int32 (Q), -1 for unknown, and whether known or not `best` and `second`, the `score` of the
best, and the `margin` by which that of the second is less.
"""


def cue_words(info, cues):
    """The words of cues (Q, N), (Q, lanes): neurons that the memory does not use are one."""
    lanes, used = info.room_for["lanes"], info.neurons
    full = np.zeros((len(cues), lanes * 16), "u1")
    full[:, :used] = cues
    full[:, used : info.room_for["neurons"]] = 1
    return np.packbits(full, axis=1, bitorder="little").view("<u2")


def _bits(words, count):
    """The first bits of words, whatever axes they have."""
    flat = np.ascontiguousarray(words, "<u2").view("u1")
    return np.unpackbits(flat, axis=-1, bitorder="little")[..., :count]


def _wrong(info, status, nearest, distance):
    """Where the words behind the answers, (Q, answers), are none that the memory can give."""
    steps, converged, known = status & ~(CONVERGED | UNKNOWN), status & CONVERGED != 0, status & UNKNOWN == 0
    if info.kind == SEQUENCE:
        right = steps == np.arange(1, info.max_steps + 1)
    elif info.valued:
        right = steps == 1
    else:
        right = (steps >= 1) & (converged & (steps <= info.max_steps) | (steps == info.max_steps))
    if info.room_for["radius"]:
        right &= known == (distance <= info.radius)
    return ~(right & (nearest < info.patterns) & (distance <= info.neurons))


def answers_of(info, words):
    """The `Answers` of as many words as a board of this kind sends, (Q, answers, words of each).

    Raises `NoAnswer` for what the memory cannot answer.
    """
    said, rest = words[..., :-3], words[..., -3:].astype(int)
    status, nearest, distance = rest[..., 0], rest[..., 1], rest[..., 2]
    wrong = _wrong(info, status, nearest, distance)
    if info.kind == CLASS:
        wrong |= (said[..., :2] >= info.outputs).any(axis=-1)
    if wrong.any():
        raise NoAnswer("the board gives an answer that its memory cannot give: is it damaged, or does it miss its clock?")
    # what is said of a sequence is said of its last step
    status, nearest, distance, last = status[:, -1], nearest[:, -1], distance[:, -1], said[:, -1]
    known = status & UNKNOWN == 0
    answers = Answers(None, status & ~(CONVERGED | UNKNOWN), status & CONVERGED != 0, nearest, distance, known)
    if info.kind == MAP:
        return answers._replace(values=_bits(last, info.outputs))
    if info.kind == CLASS:
        best, second = last[:, 0].astype(int), last[:, 1].astype(int)
        pair = np.ascontiguousarray(last[:, 2:6], "<u2")
        score, margin = pair.view("<i4")[:, 0].astype(int), pair.view("<u4")[:, 1].astype(int)
        classes = np.where(known, best, -1).astype("i4")
        return answers._replace(classes=classes, best=best, second=second, score=score, margin=margin)
    answers = answers._replace(states=_bits(last, info.neurons))
    return answers._replace(path=_bits(said, info.neurons)) if info.kind == SEQUENCE else answers
