"""Frames: words to bytes without a zero (COBS), and back."""

import zlib
from collections import namedtuple

from .wire import CRC_WORDS, REPLY, VERSION

Frame = namedtuple("Frame", "kind version reply sequence body")
Frame.__doc__ = "A decoded frame; `body` is a list of 16-bit words."


def cobs(data):
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


def uncobs(data):
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


def words(values):
    """16-bit words as bytes, low byte first."""
    return b"".join(int(v).to_bytes(2, "little") for v in values)


def encode(kind, sequence, body, reply=False, version=VERSION):
    """A frame as it goes over the line, with its zero; `body` are words."""
    data = bytes([kind | version << 4 | reply * REPLY, sequence]) + words(body)
    return cobs(data + zlib.crc32(data).to_bytes(4, "little")) + b"\0"


def decode(data):
    """A frame without its zero as a `Frame`, or None if it was hit."""
    data = uncobs(data)
    if data is None or len(data) < 6 or len(data) % 2:
        return None
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        return None
    body = [int.from_bytes(data[i : i + 2], "little") for i in range(2, len(data) - 4, 2)]
    return Frame(data[0] & 15, data[0] >> 4 & 7, bool(data[0] & REPLY), data[1], body)


def cost(body):
    """Words of the board's buffer that a request with these words in its body takes."""
    return 1 + len(body) + CRC_WORDS + 1
