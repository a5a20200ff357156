"""Frames: words to bytes without a zero (COBS), and back."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Optional

from .wire import CRC_WORDS, REPLY, VERSION


class Frame(NamedTuple):
    """A decoded frame; `body` is a list of 16-bit words."""

    kind: int
    version: int
    reply: bool
    sequence: int
    body: list[int]


def cobs(data: bytes) -> bytes:
    """Bytes without a zero that stand for these; no zero is added at the end."""
    out, block = bytearray(), bytearray()
    for i, byte in enumerate(data):
        if byte:
            block.append(byte)
        if byte == 0 or len(block) == 254:
            out += bytes([len(block) + 1]) + block
            # a full block needs no other behind it at the end
            if byte and i + 1 == len(data):
                return bytes(out)
            block.clear()
    return bytes(out + bytes([len(block) + 1]) + block)


def uncobs(data: bytes) -> Optional[bytes]:
    """The bytes again, or None for what is no such frame."""
    out, i = bytearray(), 0
    while i < len(data):
        code = data[i]
        block = data[i + 1 : i + code]
        if code == 0 or len(block) != code - 1 or 0 in block:
            return None
        out += block
        i += code
        if code < 255 and i < len(data):
            out.append(0)
    return bytes(out)


def words(values: Iterable[int]) -> bytes:
    """16-bit words as bytes, low byte first."""
    return b"".join(int(v).to_bytes(2, "little") for v in values)


def encode(kind: int, sequence: int, body: Sequence[int], reply: bool = False, version: int = VERSION) -> bytes:
    """A frame as it goes over the line, with its zero; `body` are words."""
    data = bytes([kind | version << 4 | reply * REPLY, sequence]) + words(body)
    return cobs(data + zlib.crc32(data).to_bytes(4, "little")) + b"\0"


def decode(frame: bytes) -> Optional[Frame]:
    """A frame without its zero as a `Frame`, or None if it was hit."""
    data = uncobs(frame)
    if data is None or len(data) < 6 or len(data) % 2:
        return None
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        return None
    body = [int.from_bytes(data[i : i + 2], "little") for i in range(2, len(data) - 4, 2)]
    return Frame(data[0] & 15, data[0] >> 4 & 7, bool(data[0] & REPLY), data[1], body)


def cost(body: Sequence[int]) -> int:
    """Words of the board's buffer that a request with these words in its body takes."""
    return 1 + len(body) + CRC_WORDS + 1
