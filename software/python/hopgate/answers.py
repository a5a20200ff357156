"""What a memory answers; and the words of cues and of answers, by what a board answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from . import pictures
from .errors import NoAnswer
from .wire import CLASS, CONVERGED, MAP, SEQUENCE, STATUS, UNCERTAIN, UNKNOWN

if TYPE_CHECKING:
    from .page import Info

Array = NDArray[Any]


class Answers(NamedTuple):
    """The answers to Q cues; what the memory's kind does not have is None.

    Of every kind `steps`, `converged`, `nearest`, `distance` and `known` (Q). Of kind `auto` and `sequence` `states`
    uint8 (Q, N), the last ones; of `sequence` `path` uint8 (Q, L, N), the state after every step; of `map` `values` uint8
    (Q, M); of `class` `classes` int32 (Q), -1 for unknown, and whether known or not `best` and `second`, the `score` of the
    best, and the `margin` by which that of the second is less. `field` int64 (Q, M) is that of the last step, where it was
    asked for. `cues` (Q, N) and `shape` are for pictures. Of a board that learns, `uncertain` (Q): patterns of several classes
    are within the radius. Of hardware that lists the nearest patterns, `ranked` and `ranked_distance` (Q, K), in order, -1 where there are
    fewer, and of a memory of classes `ranked_class` (Q, K); the rest is that of the first one.
    """

    states: Optional[Array]
    steps: Array
    converged: Array
    nearest: Array
    distance: Array
    known: Array
    values: Optional[Array] = None
    classes: Optional[Array] = None
    best: Optional[Array] = None
    second: Optional[Array] = None
    score: Optional[Array] = None
    margin: Optional[Array] = None
    path: Optional[Array] = None
    field: Optional[Array] = None
    cues: Optional[Array] = None
    mask: Optional[Array] = None
    shape: Optional[tuple[int, int]] = None
    names: Optional[list[str]] = None
    uncertain: Optional[Array] = None
    ranked: Optional[Array] = None
    ranked_distance: Optional[Array] = None
    ranked_class: Optional[Array] = None

    def __repr__(self) -> str:
        steps = f"{self.steps.mean():.2f} steps" if len(self.steps) else "no steps"
        return f"Answers({len(self.steps)} cues, {int(self.known.sum())} known, {int(self.converged.sum())} converged, {steps} on average)"

    def _repr_html_(self) -> str:
        count = max(1, len(self.steps))
        rows = [
            ("cues", len(self.steps)),
            ("known", f"{int(self.known.sum())} ({100 * self.known.sum() / count:.1f} %)"),
            ("converged", f"{int(self.converged.sum())} ({100 * self.converged.sum() / count:.1f} %)"),
            ("steps", f"{self.steps.mean():.2f} (most {self.steps.max()})" if len(self.steps) else "-"),
            ("distance of the nearest", f"{self.distance.mean():.2f}" if len(self.steps) else "-"),
        ]
        return pictures.table(rows, "Answers") + self._pictures()

    def _pictures(self, most: int = 10) -> str:
        """The first cues, and below each its answer: bits of a cue that its answer corrects are red, and those that are not known grey."""
        if self.cues is None or not len(self.cues):
            return ""
        cues = self.cues[:most]
        shape = pictures.shape_of(cues.shape[1], self.shape)
        known = None if self.mask is None else np.broadcast_to(self.mask, self.cues.shape)[:most]
        cells = []
        for q, cue in enumerate(cues):
            below = self._caption(q) if self.states is None else pictures.svg(self.states[q], shape)
            right = None if self.states is None or self.path is not None else self.states[q]
            above = pictures.svg(cue, shape, known=None if known is None else known[q], right=right)
            cells.append(f'<span style="display:inline-block;text-align:center;margin:2px">{above}<br>{below}</span>')
        return "".join(cells)

    def _caption(self, q: int) -> str:
        if self.classes is not None:
            c = int(self.classes[q])
            return "unknown" if c < 0 else self.names[c] if self.names else str(c)
        return "".join(str(bit) for bit in self.values[q][:16]) if self.values is not None else ""


def cue_words(info: Info, cues: Array) -> Array:
    """The words of cues (Q, N), (Q, words of a key): neurons that the memory does not use are one."""
    lanes, used = info.key_words, info.neurons
    full = np.zeros((len(cues), lanes * 16), "u1")
    full[:, :used] = cues
    full[:, used : info.room_for["neurons"]] = 1
    return np.packbits(full, axis=1, bitorder="little").view("<u2")


def _bits(words: Array, count: int) -> Array:
    """The first bits of words, whatever axes they have."""
    flat = np.ascontiguousarray(words, "<u2").view("u1")
    bits: Array = np.unpackbits(flat, axis=-1, bitorder="little")[..., :count]
    return bits


def _wrong(info: Info, status: Array, nearest: Array, distance: Array) -> Array:
    """Where the words behind the answers, (Q, answers), are none that the memory can give."""
    steps, converged, known = status & ~STATUS, status & CONVERGED != 0, status & UNKNOWN == 0
    if info.kind == SEQUENCE or info.room_for["ranks"]:
        right = steps == np.arange(1, info.answers + 1)
    elif info.kind in (MAP, CLASS):
        right = steps == 1
    else:
        right = (steps >= 1) & (converged & (steps <= info.max_steps) | (steps == info.max_steps))
    if info.room_for["radius"]:
        right &= known == (distance <= info.radius)
    wrong: Array = ~(right & (nearest < info.patterns) & (distance <= info.neurons))
    return wrong


def answers_of(info: Info, words: Array) -> Answers:
    """The `Answers` of as many words as a board of this kind sends, (Q, answers, words of each).

    Raises `NoAnswer` for what the memory cannot answer.
    """
    said, rest = words[..., :-3], words[..., -3:].astype(int)
    status, nearest, distance = rest[..., 0], rest[..., 1], rest[..., 2]
    wrong = _wrong(info, status, nearest, distance)
    if info.kind == CLASS or info.lists_classes:
        wrong |= (said[..., :2] >= info.outputs).any(axis=-1)
    if wrong.any():
        raise NoAnswer("the board gives an answer that its memory cannot give: is it damaged, or does it miss its clock?")
    if info.room_for["ranks"]:
        there, first = status & CONVERGED != 0, (slice(None), 0)
        lists = [np.where(there, of, -1).astype("i4") for of in (nearest, distance)]
        one = np.ones(len(words), int)
        classes = np.where(there, said[..., 0].astype(int), -1).astype("i4") if info.lists_classes else None
        return Answers(
            None, one, there[first], nearest[first], distance[first], status[first] & UNKNOWN == 0, ranked=lists[0], ranked_distance=lists[1],
            ranked_class=classes,
        )  # fmt: skip
    # what is said of a sequence is said of its last step
    status, nearest, distance, last = status[:, -1], nearest[:, -1], distance[:, -1], said[:, -1]
    known = status & UNKNOWN == 0
    answers = Answers(None, status & ~STATUS, status & CONVERGED != 0, nearest, distance, known)
    if info.room_for["learns"]:
        answers = answers._replace(uncertain=known & (status & UNCERTAIN != 0))
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
