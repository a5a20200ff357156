"""What a board says of itself."""

from dataclasses import dataclass

from .errors import VersionMismatch
from .frame import VERSION

MAGIC = 0x4748
HELD, BEGIN, COMMIT, COUNTERS = 64, 96, 97, 128


def long(words, at):
    """The 32-bit number at a word."""
    return words[at] | words[at + 1] << 16


def sha(words, at):
    """The SHA-256 at a word, in hexadecimal digits."""
    return b"".join(w.to_bytes(2, "little") for w in words[at : at + 16]).hex()


@dataclass(frozen=True)
class Info:
    """A board, and the memory that it holds. `room_for` is what was built; `patterns` and so on are what is held."""

    room_for: dict
    neurons: int
    patterns: int
    planes: int
    max_steps: int
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

    @classmethod
    def of(cls, words):
        """From words 0..97 of the page."""
        if words[0] != MAGIC:
            raise VersionMismatch(f"something answers, but it is no hopgate board (word 0 is {words[0]:#06x})")
        if words[1] != VERSION:
            raise VersionMismatch(f"the board speaks version {words[1]} of the protocol, this client {VERSION}")
        flags = words[8]
        room = dict(
            neurons=words[2], lanes=words[3], patterns=words[4], planes=words[5], banks=words[6], fold=words[7],
            nearest=bool(flags & 1), fixed=bool(flags & 2), top_plane_is_pattern=bool(flags & 4),
            threshold=bool(flags & 8), selftest=bool(flags & 16), empty=bool(flags & 32), kernel_bits=words[9], accumulator_bits=words[10],
            stride=words[11], rows=words[12], groups=words[13], threshold_bits=words[15], step_cycles=words[20],
            sha256=sha(words, 24),
        )
        neurons, patterns, planes, steps = words[69], words[70], words[71], words[67]
        possible = (
            1 <= neurons <= room["neurons"] and 1 <= patterns <= room["patterns"] and 1 <= steps <= 255
            and (room["nearest"] or 1 <= planes <= room["planes"])
        )
        name = b"".join(w.to_bytes(2, "little") for w in words[40:48]).rstrip(b"\0").decode("ascii", "replace")
        return cls(
            room_for=room, window=words[14], clock_hz=long(words, 16), baud=long(words, 18), version=name,
            neurons=neurons, patterns=patterns, planes=planes, reach=words[66] - 1, max_steps=steps,
            kernel_mode="fixed" if words[68] else "normalised", sha256=sha(words, 80), begin=words[BEGIN],
            commit=words[COMMIT], valid=words[BEGIN] == words[COMMIT] and possible,
        )

    def longest_recall(self):
        """The seconds that a recall can take on the chip."""
        room = self.room_for
        votes = room["planes"] * room["fold"] * room["patterns"]
        step = room["groups"] + votes + room["step_cycles"]
        return (step * max(self.max_steps, 1) + 48 * room["lanes"]) / max(self.clock_hz, 1)
