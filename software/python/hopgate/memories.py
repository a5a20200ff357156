"""Memories: recall in software, and what becomes of them in hardware."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple, Optional, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native, pictures
from .answers import Answers
from .arrays import Bits, Partial, cues_of, names_of, whole
from .errors import Error, HopgateWarning
from .hardware import Hardware
from .results import Report

Place = Union[str, "os.PathLike[str]"]
Progress = Optional[Callable[[int, int], object]]
Shape = Optional[tuple[int, int]]


class Cues(NamedTuple):
    """Noisy cues: `bits` uint8 (Q, N); `mask` uint8 (Q, N), 1 where a bit is known, or None; `origin` (Q), the row that each was made from."""

    bits: Bits
    mask: Optional[Bits]
    origin: NDArray[np.int64]


def cues(rows: ArrayLike, corruption: str = "flips:0.1", count: Optional[int] = None, *, seed: int = 1, shape: Shape = None) -> Cues:
    """Rows (P, N) in turn, `count` of them or one of each, each corrupted on its own.

    `corruption` is `flips:P`, `dropout:P` (bits become 0), `erase:P` (bits become unknown), `burst:BITS`, or for pictures of a `shape`
    `shift`, `thicken:P`, `thin:P`. The same seed gives the same cues as the command line.

    >>> import hopgate
    >>> stored = hopgate.patterns("random:N=64,P=10").bits
    >>> noisy = hopgate.cues(stored, "flips:0.1", 100)
    >>> noisy.bits.shape, noisy.origin[:3]
    ((100, 64), array([0, 1, 2]))
    """
    bits = whole(rows, "the patterns")
    number = len(bits) if count is None else count
    made, known = _native.cues(bits, corruption, number, seed, shape)
    return Cues(made, known, np.arange(number) % len(bits))


class Memory(Hardware):
    """A memory of bits and small integers: `Memory.training_free`, `Model.quantize` or `Memory.load` makes one.

    What it answers with is its `kind`: `auto` a stored pattern, `map` a value, `class` a class, `sequence` the next pattern.
    """

    def __init__(self, native: Union[_native.Memory, Place]) -> None:
        if not isinstance(native, _native.Memory):
            warnings.warn("Memory(folder) is Memory.load(folder) now", DeprecationWarning, stacklevel=2)
            native = _native.Memory.load(native)
        self._native = native
        self._shape = _shape(json.loads(native.record()))

    @classmethod
    def training_free(
        cls,
        X: Union[Place, ArrayLike],
        labels: Optional[ArrayLike] = None,
        noise: float = 0.1,
        *,
        gamma: Optional[float] = None,
        values: Optional[ArrayLike] = None,
        sequence: bool = False,
        kernel: str = "normalised",
        kernel_bits: int = 8,
        max_steps: int = 30,
        radius: Optional[int] = None,
        names: Optional[Sequence[str]] = None,
        shape: Shape = None,
        source: str = "array",
    ) -> Memory:
        """The memory that needs no training: every pattern, or every key with its answer as it is, in one plane.

        Args:
            X: patterns (P, N), or keys, of 0/1 or -1/1; or what `hopgate.patterns` takes.
            labels: the class of each key (P), whole numbers from 0 or texts; or a file of them.
            noise: the probability with which bits of cues will be flipped: it sets gamma.
            gamma: the kernel's, instead of that of the noise.
            values: bits (P, M) that are the answers, instead of labels.
            sequence: the answer of each pattern is the next one.
            kernel: `normalised`, by the distance beyond the nearest pattern's, or `fixed`, by the distance itself.
            kernel_bits: of a kernel entry, 4 to 16.
            max_steps: of a recall; the length of a sequence.
            radius: an answer is known if its nearest pattern is at most this far; by default always.
            names: of the patterns.
            shape: height and width, where a row is a picture.
            source: what the memory keeps of where its patterns came from.

        >>> import hopgate
        >>> memory = hopgate.Memory.training_free("glyphs", noise=0.05)
        >>> noisy = hopgate.cues(memory.patterns, "flips:0.05", 1000)
        >>> bool(memory.score(noisy.bits, memory.patterns[noisy.origin]) > 0.95)
        True
        """
        from .models import learnt

        data = learnt(X, labels, values, sequence, names, shape, source)
        of_noise = _native.gamma_of_noise(noise) if gamma is None else float(gamma)
        native = _native.Memory.free(data, of_noise, kernel_bits, kernel, max_steps, radius)
        for text in native.warnings():
            warnings.warn(text, HopgateWarning, stacklevel=2)
        return cls(native)

    @classmethod
    def load(cls, path: Place) -> Memory:
        """Reads a memory folder; every shape, value and hash in it is checked."""
        return cls(_native.Memory.load(path))

    def save(self, path: Place) -> None:
        """Writes a memory folder, whole or not at all; a memory folder that is there is replaced, and nothing else is."""
        self._native.save(path)

    def files(self) -> dict[str, bytes]:
        """The files of that folder, by their names."""
        return {name: bytes(content) for name, content in self._native.files()}

    def __reduce__(self) -> tuple[Callable[[dict[str, bytes]], Memory], tuple[dict[str, bytes]]]:
        return _of_files, (self.files(),)

    @property
    def neurons(self) -> int:
        """Bits of a key, N."""
        return self._native.neurons()

    @property
    def outputs(self) -> int:
        """Bits of a value, or classes, M."""
        return self._native.outputs()

    @property
    def radius(self) -> int:
        """An answer is known if its nearest pattern is at most this far."""
        return self._native.radius()

    @property
    def gamma(self) -> float:
        """Of the kernel, for the record: its integer columns decide."""
        return self._native.gamma()

    @property
    def planes(self) -> Bits:
        """The bit planes, uint8 (k, P, M), the least significant first."""
        return np.stack(self._native.planes())

    @property
    def kernel(self) -> NDArray[np.uint32]:
        """The kernel columns, uint32 (k, N + 1)."""
        return self._native.kernel()

    @property
    def offset(self) -> NDArray[np.int32]:
        """The offset column, int32 (N + 1)."""
        return self._native.offset()

    @property
    def names(self) -> Optional[list[str]]:
        """A name for each pattern, or None."""
        return self._native.names()

    @property
    def shape(self) -> Shape:
        """Height and width, where a pattern is a picture."""
        return self._shape

    @property
    def facts(self) -> Report:
        """What it is, as the JSON of every verb has it."""
        return Report.parse("Memory", self._native.facts())

    @property
    def sha256(self) -> str:
        """Of its arrays, as its manifest has it."""
        return str(self.facts["sha256"])

    @property
    def report(self) -> Optional[Report]:
        """What was found when it was made; None of a memory that was read."""
        text = self._native.report()
        return None if text is None else Report.parse("Made", text)

    def recall(self, cues: ArrayLike, mask: Optional[ArrayLike] = None, *, clamp: bool = False, field: bool = False) -> Answers:
        """The answers to cues (Q, N), or (N), of 0/1 or -1/1: those of the reference, of the command line and of a board, bit for bit.

        Args:
            cues: NaN, and what is masked in a masked array, is a bit that is not known.
            mask: (Q, N), or (N) for all cues: 1 where a bit is known.
            clamp: keeps the known bits in every step (kind `auto`).
            field: whether the sums of the last step are wanted too, (Q, M).

        >>> import hopgate, numpy as np
        >>> memory = hopgate.Memory.training_free(np.eye(4, dtype="u1"), noise=0.01)
        >>> memory.recall([1, 0, 0, 0]).states
        array([[1, 0, 0, 0]], dtype=uint8)
        """
        asked = cues_of(cues, mask)
        if clamp and self.kind != "auto":
            raise Error(f"the memory is of kind {self.kind}: its answer is not the cue, so no bit of the cue can be kept", "leave clamp out", "usage")
        if clamp and asked.known is None:
            raise Error("all bits of the cues are known, and clamp would keep them all", "say which are: by a mask, or by NaN in the cues", "usage")
        return self._answers(self._native.recall(asked.bits, asked.known, clamp, field), asked)

    def _answers(self, found: dict[str, NDArray[Any]], asked: Partial) -> Answers:
        bits, known = found.get("bits"), found["known"]
        return Answers(
            states=None if self.kind in ("map", "class") else bits,
            steps=found["steps"], converged=found["converged"], nearest=found["nearest"], distance=found["distance"], known=known,
            values=bits if self.kind == "map" else None,
            classes=found.get("classes"), best=found.get("best"), second=found.get("second"), score=found.get("score"), margin=found.get("margin"),
            path=found.get("path"), field=found.get("field"), cues=asked.bits, mask=asked.known, shape=self._shape,
            names=self.classes if self.kind == "class" else None,
        )  # fmt: skip

    def predict(self, cues: ArrayLike, mask: Optional[ArrayLike] = None) -> NDArray[Any]:
        """What it answers, alone: classes int32 (Q), -1 for unknown; values uint8 (Q, M); or states uint8 (Q, N)."""
        answers = self.recall(cues, mask)
        found = {"class": answers.classes, "map": answers.values}.get(self.kind, answers.states)
        assert found is not None
        return found

    def kneighbors(self, cues: ArrayLike, k: int = 5, mask: Optional[ArrayLike] = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Distances and rows of the k patterns nearest to each cue, (Q, k) each, by distance and then by row; over the known bits.

        >>> import hopgate, numpy as np
        >>> hopgate.Memory.training_free(np.eye(4, dtype="u1"), noise=0.01).kneighbors([1, 1, 1, 0], 2)
        (array([[2, 2]]), array([[0, 1]]))
        """
        asked = cues_of(cues, mask)
        indices, distances = self._native.ranked(asked.bits, asked.known, k)
        return distances, indices

    def score(self, cues: ArrayLike, expected: Optional[ArrayLike] = None, mask: Optional[ArrayLike] = None) -> float:
        """The share of right answers: `expected` holds classes (Q), by number or by name, or bits (Q, M).

        Of kind `auto` it may be left out where there is a cue for each pattern, in their order.
        """
        answers = self.predict(cues, mask)
        if expected is None:
            if self.kind != "auto" or len(answers) != len(self.patterns):
                raise Error("it is not known what the answers should be", "give the expected answers, one for each cue", "usage")
            expected = self.patterns
        if self.kind == "class":
            right = self._numbers(expected)
            if len(right) != len(answers):
                raise Error(f"there are {len(right)} labels, but {len(answers)} cues", "give a label for each cue, in their order", "value")
            return float((answers == right).mean())
        bits = whole(expected, "the expected answers")
        if bits.shape != answers.shape:
            raise Error(f"the expected answers have shape {bits.shape}, but the answers {answers.shape}", "give a row for each cue", "value")
        return float((answers == bits).all(axis=1).mean())

    def _numbers(self, labels: ArrayLike) -> NDArray[np.int64]:
        place = {name: number for number, name in enumerate(self.classes or [])}
        try:
            return np.array([place[name] for name in names_of(labels, "the labels")], dtype=np.int64)
        except KeyError as missing:
            raise Error(f"{missing} is no class of the memory", f"there are {', '.join(list(place)[:20])}", "value") from None

    def with_radius(self, radius: int) -> Memory:
        """The same memory with another radius."""
        if not 0 <= radius <= self.neurons:
            raise Error(f"radius is {radius}, but a distance is 0 to {self.neurons}", "`radius 10`, say", "value")
        return Memory(self._native.with_radius(radius))

    def tune_radius(
        self,
        false_accept: float = 0.01,
        corruption: Union[str, Sequence[str]] = "flips:0.1",
        *,
        known: Optional[ArrayLike] = None,
        foreign: Optional[ArrayLike] = None,
        seed: int = 1,
        progress: Progress = None,
    ) -> tuple[Memory, Report]:
        """The same memory with the greatest radius that lets at most this share of foreign cues pass as known, and the rates of it.

        `foreign` (F, N) are things that are not stored, beside random ones; `known` (T, N) things that are to be known, instead of the
        stored patterns.
        """
        names = [corruption] if isinstance(corruption, str) else list(corruption)
        of_known = None if known is None else whole(known, "the known things")
        of_foreign = None if foreign is None else whole(foreign, "the foreign things")
        native, text, said = self._native.tune_radius(false_accept, names, self._shape, seed, of_known, of_foreign, progress)
        for line in said:
            warnings.warn(line, HopgateWarning, stacklevel=2)
        return Memory(native), Report.parse("Radius", text)

    def __repr__(self) -> str:
        (count, neurons), planes = self.patterns.shape, len(self._native.planes())
        answers = {"class": f", {self.outputs} classes", "map": f", values of {self.outputs} bits"}.get(self.kind, "")
        return f"Memory({self.kind}, {count} patterns of {neurons} bits{answers}, {planes} plane{'s' if planes > 1 else ''})"

    def _repr_html_(self) -> str:
        facts = self.facts
        rows = [(name, facts[name]) for name in ("kind", "neurons", "outputs", "patterns", "planes", "reach", "radius", "storage_bits")]
        shape, names = pictures.shape_of(self.neurons, self._shape), self.names
        shown = self.patterns[:40]
        return pictures.table(rows, "Memory") + pictures.sheet(shown, shape, names[: len(shown)] if names else None)


def _shape(record: dict[str, Any]) -> Shape:
    """The size of pictures, as the record has it of the patterns or of the model."""
    kept = record.get("shape") or (record.get("model") or {}).get("shape")
    return (int(kept[0]), int(kept[1])) if kept else None


def _of_files(files: dict[str, bytes]) -> Memory:
    """What was pickled."""
    return Memory(_native.Memory.of_files(list(files.items())))
