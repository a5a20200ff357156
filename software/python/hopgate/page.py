"""What a board says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .errors import VersionMismatch
from .wire import (
    BEGIN,
    CLASS,
    CLASS_WORDS,
    COMMIT,
    INFO_WORDS,
    KINDS,
    MAGIC,
    MAP,
    SEQUENCE,
    SEVERAL,
    VERSION,
    WIDE_VERSION,
    Flag,
    Held,
    Word,
)


def long(words: Sequence[int], at: int) -> int:
    """The 32-bit number at a word."""
    return words[at] | words[at + 1] << 16


def sha(words: Sequence[int], at: int) -> str:
    """The SHA-256 at a word, in hexadecimal digits."""
    return b"".join(w.to_bytes(2, "little") for w in words[at : at + 16]).hex()


def other_version(version: int) -> VersionMismatch:
    """The error about a board that speaks another version."""
    return VersionMismatch(
        f"the board speaks version {version} of the protocol, this client versions {VERSION} and {WIDE_VERSION}"
    )


@dataclass(frozen=True)
class Info:
    """A board, and the memory that it holds. `room_for` is what was built; `patterns` and so on are what is held."""

    room_for: dict[str, Any]
    kind: str
    neurons: int
    outputs: int
    patterns: int
    planes: int
    max_steps: int
    radius: int
    reach: int
    kernel_mode: str
    sha256: str
    valid: bool
    version: str
    clock_hz: int
    baud: int
    window: int
    begin: int
    commit: int
    changed: bool = False

    @classmethod
    def of(cls, words: Sequence[int]) -> Info:
        """From words 0..97 of the page."""
        if words[Word.MAGIC] != MAGIC:
            raise VersionMismatch(f"something answers, but it is no hopgate board (word 0 is {words[Word.MAGIC]:#06x})")
        wide = words[Word.VERSION] == WIDE_VERSION
        if not wide and words[Word.VERSION] != VERSION:
            raise other_version(words[Word.VERSION])
        several = words[Word.KIND] == SEVERAL
        number = (words[Held.FIXED_MODE] >> Held.KIND_SHIFT) - 1 if several else words[Word.KIND]
        kinds = tuple(name for bit, name in enumerate(KINDS) if words[Word.KINDS] >> bit & 1) if several else KINDS[number : number + 1]
        if not kinds or several and words[Word.KINDS] >> len(KINDS):
            raise VersionMismatch(f"the board is of kind {words[Word.KIND]}, which this client does not know")
        named = 0 <= number < len(KINDS) and KINDS[number] in kinds
        flags, kind = words[Word.FLAGS], KINDS[number] if named else kinds[0]
        room: dict[str, Any] = dict(
            neurons=words[Word.NEURONS], lanes=words[Word.LANES], beats=words[Word.BEATS] if wide else 1,
            patterns=words[Word.PATTERNS], planes=words[Word.PLANES],
            banks=words[Word.BANKS], fold=words[Word.FOLD], nearest=bool(flags >> Flag.NEAREST & 1),
            fixed=bool(flags >> Flag.FIXED & 1), top_plane_is_pattern=bool(flags >> Flag.SHARED_TOP & 1),
            threshold=bool(flags >> Flag.THRESHOLD & 1), selftest=bool(flags >> Flag.SELF_TEST & 1),
            empty=bool(flags >> Flag.EMPTY & 1), masks=bool(flags >> Flag.MASKS & 1), kernel_bits=words[Word.KERNEL_BITS],
            accumulator_bits=words[Word.ACCUMULATOR_BITS], stride=words[Word.STRIDE], rows=words[Word.DEPTH],
            groups=words[Word.GROUPS], threshold_bits=words[Word.THRESHOLD_BITS], step_cycles=words[Word.LATENCY],
            radius=bool(flags >> Flag.RADIUS & 1), outputs=words[Word.OUTPUTS], value_rows=words[Word.VALUE_ROWS],
            sha256=sha(words, Word.BUILT_IN), learns=bool(flags >> Flag.LEARN & 1),
            auto_store=bool(flags >> Flag.AUTO_STORE & 1),
            finds=bool(flags >> Flag.FIND & 1), ranks=words[Word.RANKS], kinds=kinds,
        )
        neurons, patterns, planes = words[Held.NEURONS], words[Held.PATTERNS], words[Held.PLANES]
        steps, valued = words[Held.MAX_STEPS], MAP in kinds or CLASS in kinds
        listed = bool(room["ranks"] and room["outputs"])
        outputs = words[Held.OUTPUTS] if valued or listed else neurons
        radius = words[Held.RADIUS] if room["radius"] else neurons
        possible = (
            1 <= neurons <= room["neurons"] and (0 if room["learns"] else 1) <= patterns <= room["patterns"] and 1 <= steps <= 255
            and (room["nearest"] or 1 <= planes <= room["planes"]) and (not (valued or listed) or 1 <= outputs <= room["outputs"])
            and radius <= neurons and named
        )
        name = b"".join(w.to_bytes(2, "little") for w in words[Word.RELEASE : Word.RELEASE + 8]).rstrip(b"\0").decode("ascii", "replace")
        return cls(
            room_for=room, window=words[Word.WINDOW], clock_hz=long(words, Word.CLOCK), baud=long(words, Word.BAUD), version=name,
            kind=kind, outputs=outputs, radius=radius, neurons=neurons, patterns=patterns, planes=planes,
            reach=words[Held.ENTRIES] - 1, max_steps=steps,
            kernel_mode="fixed" if words[Held.FIXED_MODE] & 1 else "normalised", sha256=sha(words, Held.SHA256), begin=words[BEGIN],
            commit=words[COMMIT], changed=room["learns"] and words[Held.CHANGED] == 1, valid=words[BEGIN] == words[COMMIT] and possible,
        )

    @property
    def valued(self) -> bool:
        """Whether values are apart from the keys."""
        return MAP in self.room_for["kinds"] or CLASS in self.room_for["kinds"]

    @property
    def lists_classes(self) -> bool:
        """Whether each pattern of a list comes with its class."""
        return bool(self.room_for["ranks"] and self.room_for["outputs"])

    @property
    def key_words(self) -> int:
        """Words of a key."""
        return -(-int(self.room_for["neurons"]) // 16)

    @property
    def answers(self) -> int:
        """How many answers there are to a cue."""
        return int(self.room_for["ranks"]) or (self.max_steps if self.kind == SEQUENCE else 1)

    @property
    def reply_words(self) -> int:
        """Words of all answers to a cue."""
        if self.room_for["ranks"]:
            return int(self.answers * (self.lists_classes + INFO_WORDS))
        said = {MAP: -(-self.room_for["outputs"] // 16), CLASS: CLASS_WORDS}.get(self.kind, self.key_words)
        return int(self.answers * (said + INFO_WORDS))

    def longest_recall(self) -> float:
        """The seconds that a recall can take on the chip."""
        room = self.room_for
        votes = room["planes"] * room["fold"] * room["patterns"]
        # where there are several kinds, the ranking of classes counts for itself
        ranking = room["outputs"] + 3 if len(room["kinds"]) > 1 and self.kind == CLASS else 0
        step = room["beats"] * (room["groups"] + votes) + room["step_cycles"] + ranking
        cue = (1 + room["masks"]) * self.key_words
        words = cue + max(self.reply_words - self.key_words - INFO_WORDS, 0)
        steps = 1 if self.kind in (MAP, CLASS) else max(self.max_steps, 1)
        return float((step * steps + 48 * words) / max(self.clock_hz, 1))

    def longest_seek(self) -> float:
        """The seconds that a board which stores unknown cues looks for a class that no pattern has."""
        lanes = -(-self.room_for["outputs"] // 16) if self.room_for["auto_store"] else 0
        return float(lanes * (self.room_for["patterns"] * (32 + 4 * lanes) + 16) / max(self.clock_hz, 1))

    def longest_count(self) -> float:
        """The seconds that a self-test counts the bits of the answers to a cue besides."""
        return 96 * self.reply_words / max(self.clock_hz, 1)
