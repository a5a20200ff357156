"""Patterns, or keys with answers, to a trained model, and that to a memory."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple, Optional, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native, pictures
from .arrays import Bits, names_of, whole
from .errors import Error, HopgateWarning
from .memories import Memory
from .results import Report

Place = Union[str, "os.PathLike[str]"]
Progress = Optional[Callable[[int, int], object]]
Shape = Optional[tuple[int, int]]

# keys that are stored, unless told otherwise
CENTRES = 512


class Patterns(NamedTuple):
    """Patterns of a file or of a built-in set: `bits` uint8 (P, N), `names` of the patterns, `shape` of pictures, and their `source`."""

    bits: Bits
    names: Optional[list[str]]
    shape: Shape
    source: str

    def __repr__(self) -> str:
        return f"Patterns({self.source}, {len(self.bits)} of {self.bits.shape[1]} bits)"

    def _repr_html_(self) -> str:
        count, neurons = self.bits.shape
        rows = pictures.table([("patterns", f"{count} of {neurons} bits"), ("source", self.source)])
        return rows + pictures.sheet(self.bits[:40], pictures.shape_of(neurons, self.shape))


def patterns(spec: Place, merge: bool = True) -> Patterns:
    """The patterns of a file (.npy, .npz, .csv, .txt, .pbm, .png), a folder of pictures, or a built-in set.

    Those that repeat an earlier one are merged with it, with a warning; without `merge` they stay, as keys with answers of their own do.

    >>> import hopgate
    >>> hopgate.patterns("glyphs").bits.shape, hopgate.patterns("random:N=20,P=30,seed=1").bits.shape
    ((384, 128), (30, 20))
    """
    data = _native.Data.load(os.fspath(spec), merge=merge)
    _warn(data.warnings())
    return Patterns(data.bits(), data.names(), data.shape(), data.source())


def learnt(
    X: Union[Place, ArrayLike],
    y: Optional[ArrayLike] = None,
    values: Optional[ArrayLike] = None,
    sequence: bool = False,
    names: Optional[Sequence[str]] = None,
    shape: Shape = None,
    source: str = "array",
) -> _native.Data:
    """What is learnt from, as the compiled part has it."""
    if sum([y is not None, values is not None, sequence]) > 1:
        raise Error("labels, values and a sequence are three kinds of answers", "give one of them", "usage")
    y, values = (os.fspath(file) if isinstance(file, os.PathLike) else file for file in (y, values))
    if isinstance(X, (str, os.PathLike)):
        if isinstance(y, str) or y is None and values is None or isinstance(values, str):
            return _native.Data.load(os.fspath(X), y, values, sequence)  # type: ignore[arg-type]
        read = _native.Data.load(os.fspath(X), merge=False)
        X, names, shape = read.bits(), names or read.names(), shape or read.shape()
        source = read.source() if source == "array" else source
    labels = None if y is None else names_of(y, "the labels")
    of_values = None if values is None else whole(values, "the values")
    named = None if names is None else [str(name) for name in names]
    return _native.Data.of(whole(X, "the patterns"), source, shape, named, labels, of_values, sequence)


def _warn(all_of_them: Sequence[str]) -> None:
    for text in all_of_them:
        # of whoever called what calls this
        warnings.warn(text, HopgateWarning, stacklevel=3)


def gamma_of(gamma: Union[float, str]) -> Optional[float]:
    """`auto` is None, `noise:P` what fits flips of that probability."""
    if gamma == "auto":
        return None
    if isinstance(gamma, str):
        name, _, probability = gamma.partition(":")
        try:
            if name == "noise":
                return _native.gamma_of_noise(float(probability))
            return float(gamma)
        except ValueError:
            raise Error(f"gamma is {gamma!r}", 'give a number greater than 0, "auto", or "noise:0.1"', "usage") from None
    return float(gamma)


def train(
    X: Union[Place, ArrayLike],
    y: Optional[ArrayLike] = None,
    gamma: Union[float, str] = "auto",
    centres: Optional[int] = None,
    *,
    values: Optional[ArrayLike] = None,
    sequence: bool = False,
    lambda_: Optional[float] = None,
    noise: Optional[float] = None,
    seed: int = 1,
    choose: Optional[str] = None,
    held_out: Optional[float] = None,
    kernel: str = "normalised",
    method: str = "newton",
    tolerance: Optional[float] = None,
    epochs: Optional[int] = None,
    rate: Optional[float] = None,
    names: Optional[Sequence[str]] = None,
    shape: Shape = None,
    source: str = "array",
    progress: Progress = None,
) -> Model:
    """Trains dual weights by kernel logistic regression; Ctrl-C stops it.

    Args:
        X: patterns (P, N), or keys (T, N), of 0/1 or -1/1; or what `hopgate.patterns` takes.
        y: the class of each key (T), whole numbers from 0 or texts; or a file of them.
        gamma: of the kernel `exp(-4 gamma d)`; `auto` tries several, `noise:P` fits flips of that probability.
        centres: of keys with answers, how many are stored; by default 512, or all of fewer.
        values: bits (T, M) that are the answers, instead of `y`.
        sequence: the answer of each pattern is the next one.
        lambda_: the regulariser; by default 0.01, and with answers 0.1.
        noise: `auto`: the flip probability of the cues that choose gamma, by default 0.1; with answers that of copies of the keys.
        seed: of everything random.
        choose: how centres are chosen: `random`, `modes` (by default), `medoids` or `learnt`.
        held_out: the share of samples that chooses gamma and measures; by default 0.1, and 0 where all are stored.
        kernel: with answers: `normalised` or `fixed`.
        method: of patterns: `newton`, the exact optimum, or `gd`, the paper's gradient descent, of `epochs` and `rate`.
        tolerance: the residual to reach.
        names: of the patterns.
        shape: height and width, where a row is a picture.
        source: what the model keeps of where its patterns came from.
        progress: is told `(done, total)` several times a second.

    >>> import hopgate
    >>> model = hopgate.train("random:N=20,P=30,seed=1", gamma=0.1)
    >>> model.alpha.shape, model.kind
    ((30, 20), 'auto')
    """
    data, number = learnt(X, y, values, sequence, names, shape, source), gamma_of(gamma)
    keyed = y is not None or values is not None or sequence
    idle: dict[str, object] = {"epochs": epochs, "rate": rate} if keyed or method == "newton" else {"tolerance": tolerance}
    if not keyed:
        idle.update(centres=centres, choose=choose, held_out=held_out)
    given = [name for name, value in idle.items() if value is not None]
    if given:
        raise Error(f"{given[0]} has no effect here", "leave it out", "usage")
    if not keyed:
        native = _native.train_patterns(
            data, number, 0.1 if noise is None else noise, seed, lambda_, method, tolerance, epochs, rate, progress
        )
    else:
        samples = len(data.bits())
        stored = (samples if sequence else CENTRES) if centres is None else centres
        all_of_them = centres is None and stored >= samples
        if all_of_them and choose is not None:
            raise Error("choose has no effect here: every key is stored", "give centres, fewer than there are keys", "usage")
        how = "all" if all_of_them else choose or "modes"
        held = (0.0 if all_of_them else None) if held_out is None else held_out
        native = _native.train_keyed(
            data, samples if all_of_them else stored, how, number, lambda_, noise, tolerance, seed, held, kernel, progress
        )
    _warn(native.warnings())
    return Model(native, data)


class Model:
    """A trained model: `hopgate.train` makes one, `Model.load` reads one."""

    def __init__(self, native: _native.Model, data: Optional[_native.Data] = None) -> None:
        self._native, self._data = native, data

    @classmethod
    def load(cls, path: Place) -> Model:
        """Reads a .npz, as `save` and `hopgate train` write it."""
        return cls(_native.Model.load(path))

    def save(self, path: Place) -> None:
        """Writes a .npz, whole or not at all: the bytes of `hopgate train` for the same data, options and `source`."""
        self._native.save(path)

    def to_bytes(self) -> bytes:
        """The bytes of that file."""
        return bytes(self._native.to_bytes())

    def __reduce__(self) -> tuple[Callable[[bytes], Model], tuple[bytes]]:
        return _of_bytes, (self.to_bytes(),)

    @property
    def patterns(self) -> Bits:
        """The patterns, or centres, uint8 (P, N)."""
        return self._native.patterns()

    @property
    def alpha(self) -> NDArray[np.float64]:
        """The dual weights, (P, M)."""
        return self._native.alpha()

    @property
    def gamma(self) -> float:
        """Of the kernel."""
        return self._native.gamma()

    @property
    def lambda_(self) -> float:
        """The regulariser."""
        return self._native.lambda_()

    @property
    def kind(self) -> str:
        """`auto`, `map`, `class` or `sequence`."""
        return self._native.kind()

    @property
    def meta(self) -> dict[str, Any]:
        """What the file says of it."""
        return dict(json.loads(self._native.meta()))

    @property
    def report(self) -> Optional[Report]:
        """What training found, as the JSON of `hopgate train`; None of a model that was read."""
        text = self._native.report()
        return None if text is None else Report.parse("Training", text)

    def quantize(
        self,
        bits: int = 2,
        scheme: str = "tuned",
        *,
        X: Optional[ArrayLike] = None,
        y: Optional[ArrayLike] = None,
        values: Optional[ArrayLike] = None,
        kernel_bits: int = 8,
        kernel: str = "normalised",
        max_steps: int = 30,
        radius: Optional[int] = None,
        corruption: Union[str, Sequence[str]] = (),
        noise: Optional[float] = None,
        reach: Optional[int] = None,
        seed: int = 1,
        progress: Progress = None,
    ) -> Memory:
        """A memory of `bits` planes.

        Args:
            bits: per dual weight, 1 to 4; `uniform` 1 to 16.
            scheme: `uniform`, `shared` or `tuned`, which is fitted to the cues or to the samples.
            X, y, values: the samples of a model of keys that was read from a file; one that was just trained has them.
            kernel_bits: of a kernel entry, 4 to 16.
            kernel: of patterns, `normalised` or `fixed`; a model of keys keeps its own.
            max_steps: of a recall.
            radius: an answer is known if its nearest pattern is at most this far; by default always.
            corruption: `tuned`, of patterns: what happens to the cues, `flips:0.1` by default; see `hopgate.cues`.
            noise: `tuned`, of keys: flips of copies that are fitted to as well.
            reach: `tuned`, of keys: how many bits farther than the nearest key one may be and count.
            seed: of everything random.
            progress: is told `(done, total)`.

        >>> import hopgate
        >>> hopgate.train("random:N=20,P=30,seed=1", gamma=0.1).quantize(1, "shared")
        Memory(auto, 30 patterns of 20 bits, 1 plane)
        """
        data = self._data if X is None else learnt(X, y, values, sequence=self.kind == "sequence")
        names = [corruption] if isinstance(corruption, str) else list(corruption)
        native = self._native.quantize(
            bits, scheme, data, kernel_bits, kernel, max_steps, radius, names, noise, reach, seed, progress
        )
        _warn(native.warnings())
        return Memory(native)

    def __repr__(self) -> str:
        (count, neurons), outputs = self.patterns.shape, self.alpha.shape[1]
        return f"Model({self.kind}, {count} patterns of {neurons} bits, {outputs} outputs, gamma {self.gamma:.4g})"

    def _repr_html_(self) -> str:
        stored = self.patterns
        rows = [("kind", self.kind), ("patterns", f"{stored.shape[0]} of {stored.shape[1]} bits"), ("gamma", self.gamma), ("lambda", self.lambda_)]
        shape = self.meta.get("extra", self.meta).get("shape")
        picture = pictures.sheet(stored[:20], pictures.shape_of(stored.shape[1], tuple(shape) if shape else None))
        return pictures.table(rows, "Model") + picture


def _of_bytes(content: bytes) -> Model:
    """What was pickled: the samples that it was trained on are not in it."""
    return Model(_native.Model.of_bytes(content))
