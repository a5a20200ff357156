"""What people have, as bytes of 0 and 1."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import Error

Bits = NDArray[np.uint8]


class Partial(NamedTuple):
    """Bits, and which of them are known, where not all are."""

    bits: Bits
    known: Optional[Bits]


def _wrong(what: str, why: str, hint: str) -> Error:
    return Error(f"{what} {why}", hint, "value")


def partial(values: ArrayLike, what: str) -> Partial:
    """0/1 or -1/1 of any real or bool type, (Q, N) or (N), as bytes; NaN, and what is masked, is a bit that is not known.

    >>> partial([[1.0, float("nan"), 0.0]], "the cues")
    Partial(bits=array([[1, 0, 0]], dtype=uint8), known=array([[1, 0, 1]], dtype=uint8))
    >>> partial([[-1, 1], [1, -1]], "the cues").bits
    array([[0, 1], [1, 0]], dtype=uint8)
    """
    known: Optional[NDArray[np.bool_]] = None
    if isinstance(values, np.ma.MaskedArray):
        known, values = ~np.ma.getmaskarray(values), np.ma.filled(values, 0)
    array: NDArray[Any] = np.asarray(values)
    if array.ndim == 1:
        array = array[None]
    if array.ndim != 2:
        raise _wrong(what, f"have shape {array.shape}", "a pattern or a cue is a row of an array with two axes")
    if array.dtype == np.uint8 or array.dtype == np.bool_:
        # other values than 0 and 1 are found where they are packed
        bits = np.ascontiguousarray(array).view(np.uint8)
    elif array.dtype.kind not in "iuf":
        raise _wrong(what, f"are of type {array.dtype}", "give numbers or truth values")
    else:
        if array.dtype.kind == "f":
            unknown = np.isnan(array)
            if unknown.any():
                known = ~unknown if known is None else known & ~unknown
                array = np.where(unknown, 0, array)
        signs = (array == -1) | (array == 1) | (array == 0)
        if not signs.all():
            row, column = np.argwhere(~signs)[0]
            raise _wrong(what, f"have {array[row, column]} at row {row}, column {column}, but bits are 0 and 1 (or -1 and 1)",
                         "binarise them first: X > threshold")
        if (array == -1).any() and known is None and (array == 0).any():
            raise _wrong(what, "have -1 and 0", "bits are 0 and 1, or -1 and 1; NaN is one that is not known")
        bits = np.ascontiguousarray(array > 0).view(np.uint8)
    return Partial(bits, None if known is None or known.all() else np.ascontiguousarray(known).view(np.uint8))


def whole(values: ArrayLike, what: str) -> Bits:
    """The same, where every bit must be known."""
    bits, known = partial(values, what)
    if known is not None:
        row, column = np.argwhere(known == 0)[0]
        raise _wrong(what, f"have a bit that is not known at row {row}, column {column}", "only bits of a cue may be unknown")
    return bits


def cues_of(values: ArrayLike, mask: Optional[ArrayLike]) -> Partial:
    """Cues, of which those bits are known that neither they nor the mask leave out."""
    bits, known = partial(values, "the cues")
    if mask is None:
        return Partial(bits, known)
    given = whole(mask, "the mask")
    if known is None:
        return Partial(bits, given)
    if given.shape[1] != bits.shape[1] or len(given) not in (1, len(bits)):
        raise _wrong("the mask", f"has shape {given.shape}, but the cues have {bits.shape}", "give a row for each cue, or one for all")
    return Partial(bits, np.ascontiguousarray(known & given))


def names_of(labels: ArrayLike, what: str) -> list[str]:
    """Labels, (T), by their names: whole numbers or texts."""
    array = np.asarray(labels)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise _wrong(what, f"have shape {array.shape}", "give a label for each row")
    if array.dtype.kind == "f":
        if not np.all(array == np.floor(array)):
            raise _wrong(what, "are no whole numbers", "a class is a whole number or a text")
        array = array.astype(np.int64)
    elif array.dtype.kind == "b":
        array = array.astype(np.int64)
    return [str(label) for label in array.tolist()]
