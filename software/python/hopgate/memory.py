"""A memory folder, and how it lies in a board."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import manifest
from .errors import DoesNotFit, MemoryFolderError
from .wire import AUTO, CLASS, KERNEL, KINDS, MAP, PAGE, ROWS, THRESHOLD, VALUES, Held

if TYPE_CHECKING:
    from .page import Info

Room = dict[str, Any]


class Write(NamedTuple):
    """Words that go to a place of the board."""

    target: int
    address: int
    words: Any


ARRAYS = [("patterns", "u1", 2), ("planes", "u1", 3), ("kernel", "<u4", 2), ("offset", "<i4", 1)]


def _array(path: str, kind: str, axes: int) -> NDArray[Any]:
    """An array of a folder, if it is of this kind and with so many axes."""
    try:
        # not by its name: what numpy opens itself it leaves open where the parser raises
        with open(path, "rb") as file:
            array = np.load(file, allow_pickle=False)
    except Exception as e:  # a damaged file makes the parser raise whatever it comes upon
        raise MemoryFolderError(f"{path} cannot be read: {e}") from e
    if not isinstance(array, np.ndarray) or array.dtype != np.dtype(kind) or array.ndim != axes:
        raise MemoryFolderError(f"{path} is not an array of {np.dtype(kind)} with {axes} axes")
    return np.ascontiguousarray(array)


class Memory:
    """A memory folder, read and checked: `patterns` (P, N), `planes` (k, P, M), `kernel` (k, N+1), `offset` (N+1)."""

    patterns: NDArray[np.uint8]
    planes: NDArray[np.uint8]
    kernel: NDArray[np.uint32]
    offset: NDArray[np.int32]

    def __init__(self, folder: manifest.Place) -> None:
        self.manifest, digest = manifest.read(folder), hashlib.sha256()
        for name, kind, axes in ARRAYS:
            array = _array(os.path.join(os.fsdecode(folder), name + ".npy"), kind, axes)
            setattr(self, name, array)
            digest.update(array.tobytes())
        self.kind, self.outputs, self.radius = (self.manifest[name] for name in ("kind", "outputs", "radius"))
        self.valued = self.kind in (MAP, CLASS)
        if self.manifest["version"] > 1:
            digest.update(self.kind.encode() + np.uint32(self.radius).astype("<u4").tobytes())
        self.sha256 = digest.hexdigest()
        if self.sha256 != self.manifest["sha256"]:
            raise MemoryFolderError(f"{folder} was changed or damaged: its SHA-256 is not that of its manifest")
        (self.count, self.neurons), self.depth = self.patterns.shape, len(self.planes)
        n, p, k = (self.manifest[name] for name in ("neurons", "patterns", "planes"))
        shapes = [self.patterns.shape == (p, n), self.planes.shape == (k, p, self.outputs), self.kernel.shape == (k, n + 1)]
        if not all(shapes) or self.offset.shape != (n + 1,):
            raise MemoryFolderError(f"{folder}: the shapes of its arrays contradict each other, or its manifest")
        if self.patterns.max() > 1 or self.planes.max() > 1:
            raise MemoryFolderError(f"{folder}: patterns and planes are 0 and 1, but there are others")
        used = np.flatnonzero(np.any(self.kernel != 0, axis=0) | (self.offset != 0))
        self.reach = int(used[-1]) if len(used) else 0
        self.fixed = self.manifest["kernel_mode"] == "fixed"
        for name, has in [
            ("reach", self.reach),
            ("top_plane_is_pattern", self.kind == AUTO and np.array_equal(self.planes[-1], self.patterns)),
            ("kernel_bits", max(self.manifest["kernel_bits"], int(self.kernel.max()).bit_length())),
        ]:
            if self.manifest[name] != has:
                raise MemoryFolderError(f"{folder}: its manifest says that {name} is {self.manifest[name]}, its arrays say {has}")

    def writes(self, info: Info) -> Iterator[Write]:
        """The writes of a load into this board, but for begin and commit.

        Raises `DoesNotFit` with the reason.
        """
        room = info.room_for
        self._check(info)
        lanes, beats, banks = room["lanes"], room["beats"], room["banks"]
        groups = -(-self.count // banks)

        def rows(matrix: NDArray[Any], base: int) -> Iterator[Write]:
            # unused neurons are one, unused bits of the last lane zero; the last pattern fills its group up
            full = np.zeros((self.count, lanes * beats * 16), "u1")
            full[:, : self.neurons] = matrix
            full[:, self.neurons : room["neurons"]] = 1
            words = np.packbits(full, axis=1, bitorder="little").view("<u2")
            for slot in range(groups * banks):
                row = words[min(slot, self.count - 1)]
                for beat in range(beats):
                    address = beats * (base + slot // banks) + beat
                    yield Write(ROWS | slot % banks << 8, address, row[beat * lanes : (beat + 1) * lanes])

        yield from rows(self.patterns, 0)
        shift = 0
        if not room["nearest"]:
            shift = room["planes"] - self.depth if room["top_plane_is_pattern"] else 0
            stored = room["planes"] - room["top_plane_is_pattern"]
            for j in range(self.depth):
                if j + shift < stored and not info.valued:
                    yield from rows(self.planes[j], (j + shift + 1) * room["groups"])
            weights = np.zeros((room["planes"], room["stride"]), "i8")
            entries = min(room["stride"], self.neurons + 1)
            weights[shift : shift + self.depth, :entries] = self.kernel[:, :entries]
            if info.valued:
                yield from self._values(room)
            yield from self._table(KERNEL, weights.ravel() & 0xFFFF, info)
            if room["threshold"]:
                weights[0, :entries] -= self.offset[:entries]
                shares = weights.ravel() & ((1 << room["threshold_bits"]) - 1)
                pairs = np.stack([shares & 0xFFFF, shares >> 16], axis=1).ravel()
                yield from self._table(THRESHOLD, pairs, info)
        yield from self._table(PAGE, self._held(info, groups), info, Held.FIRST)

    def _values(self, room: Room) -> Iterator[Write]:
        """Where values are apart from the keys: outputs that the memory does not have are zero; of a state, neurons are one."""
        lanes = -(-room["outputs"] // 16)
        for j in range(self.depth):
            full = np.zeros((self.count, lanes * 16), "u1")
            full[:, : self.outputs] = self.planes[j]
            if not self.valued:
                full[:, self.neurons : room["neurons"]] = 1
            for mu, row in enumerate(np.packbits(full, axis=1, bitorder="little").view("<u2")):
                yield Write(VALUES, room["value_rows"] * j + mu, row)

    def _held(self, info: Info, groups: int) -> list[int]:
        held, room = [0] * 32, info.room_for
        mode = int(self.fixed) | ((KINDS.index(self.kind) + 1) << Held.KIND_SHIFT if len(room["kinds"]) > 1 else 0)
        last = self.count - (groups - 1) * room["banks"]
        reach = 0 if room["nearest"] and not room["ranks"] else self.reach
        for at, number in [
            (Held.LAST_GROUP, groups - 1), (Held.LAST_BANK, last - 1), (Held.ENTRIES, reach + 1),
            (Held.MAX_STEPS, room["ranks"] or self.manifest["max_steps"]), (Held.FIXED_MODE, mode), (Held.NEURONS, self.neurons),
            (Held.PATTERNS, self.count), (Held.PLANES, self.depth),
            (Held.RADIUS, self.radius if room["radius"] else 0), (Held.OUTPUTS, self.outputs if info.valued else 0),
        ]:
            held[at - Held.FIRST] = number
        held[Held.SHA256 - Held.FIRST :] = np.frombuffer(bytes.fromhex(self.sha256), "<u2").tolist()
        return held

    @staticmethod
    def _table(target: int, words: Any, info: Info, base: int = 0) -> Iterator[Write]:
        most = min(max((info.window // 2 - 6) & ~1, 2), 32)
        for at in range(0, len(words), most):
            yield Write(target, base + at, words[at : at + most])

    def _check(self, info: Info) -> None:
        room = info.room_for

        def fits(name: str, needs: int, has: int) -> None:
            if needs > has:
                raise DoesNotFit(f"the memory has {needs} {name}, the board room for {has}")

        fits("neurons", self.neurons, room["neurons"])
        fits("patterns", self.count, room["patterns"])
        if room["fixed"]:
            raise DoesNotFit("this board cannot be loaded: its memory was built in for good")
        if self.kind not in room["kinds"] and not room["ranks"]:
            of = "kinds" if len(room["kinds"]) > 1 else "kind"
            raise DoesNotFit(f"the memory is of kind {self.kind}, the board of {of} {'+'.join(room['kinds'])}")
        if self.valued and not room["ranks"]:
            fits("outputs", self.outputs, room["outputs"])
        if self.radius < self.neurons and not room["radius"]:
            raise DoesNotFit(f"the memory has radius {self.radius}, and the board takes every answer as known")
        if room["ranks"]:
            fits("bits and one of reach", self.reach + 1, room["stride"])
        if room["nearest"]:
            return
        fits("planes", self.depth, room["planes"])
        fits("entries in a kernel column", self.reach + 1, room["stride"])
        fits("bits in a kernel entry", int(self.kernel.max()).bit_length(), room["kernel_bits"])
        if not room["threshold"] and np.any(self.offset):
            raise DoesNotFit("the memory has an offset, and the board no threshold table")
        if room["top_plane_is_pattern"] and not np.array_equal(self.planes[-1], self.patterns):
            raise DoesNotFit("the memory's top plane is not its patterns, and the board does not store one")
        fits("bits in an accumulator", self._accumulator_bits(room), room["accumulator_bits"])

    def _accumulator_bits(self, room: Room) -> int:
        """The width of its fields, with those of the neurons or classes that the board has and the memory does not."""
        if room["masks"]:
            return self._masked_bits(room)
        needs, weights = int(self.manifest["accumulator_bits"]), self.kernel.astype("i8").sum(axis=0)
        if self.neurons < room["neurons"] and not self.valued:
            together = weights + self.offset
            if together.min() < 0:
                raise DoesNotFit("the memory has an offset, so it can only be loaded where all neurons are used")
            return max(needs, (self._most(together) // 2).bit_length() + 1)
        if self.kind == CLASS and self.outputs < room["outputs"]:
            # of a class without a one in any plane
            high, low = self._most(self.offset - weights), -self._most(weights - self.offset)
            return max(needs, *((half if half >= 0 else ~half).bit_length() + 1 for half in (high // 2, low // 2)))
        return needs

    def _masked_bits(self, room: Room) -> int:
        """The accumulator bits where bits of a cue may be unknown: then any pattern may be at any distance."""
        kernel, bits = self.kernel.astype("i8"), np.arange(1 << self.depth)[:, None] >> np.arange(self.depth) & 1
        adds = self.offset + (2 * bits - 1) @ kernel
        codes = sum(plane.astype("i8") << j for j, plane in enumerate(self.planes))
        low, high = (of[codes].sum(axis=0) for of in (adds.min(axis=1), adds.max(axis=1)))
        ends = [int(low.min()), int(high.max())]
        # neurons that it does not have are one in every row, and a class that it does not have is one in no plane
        if self.neurons < room["neurons"] and not self.valued:
            ends += [self.count * int(adds[-1].min()), self.count * int(adds[-1].max())]
        if self.kind == CLASS and self.outputs < room["outputs"]:
            ends += [self.count * int(adds[0].min()), self.count * int(adds[0].max())]
        return max(2, *((end // 2 if end >= 0 else ~(end // 2)).bit_length() + 1 for end in ends))

    def _most(self, column: NDArray[Any]) -> int:
        """What the sum of `column[e]` over the patterns cannot exceed, for any state.

        If pattern m is the nearest, at distance r, then any other is at least max(r, D[m] - r) away, and at an even or odd
        distance as r + D[m] is.
        """
        # the largest at e, e + 2, and so on; beyond the last there is no distance
        falling = np.append(column, column.min())
        for odd in (0, 1):
            falling[odd:-1:2] = np.maximum.accumulate(column[odd::2][::-1])[::-1]
        signs = self.patterns.astype("i4") * 2 - 1
        between = (self.neurons - signs @ signs.T) // 2
        most = 0
        for r in range(self.neurons + 1):
            least = np.maximum(r, between - r)
            least += (least + r + between) % 2 - (0 if self.fixed else r)
            most = max(most, int(falling[least].sum(axis=1).max()))
        return most
