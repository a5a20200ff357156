"""Frames: there and back, and hit ones."""

import random
import sys
import unittest

from hopgate import frame, wire


class Frames(unittest.TestCase):
    def test_cobs_there_and_back(self):
        draw = random.Random(1)
        samples = [b"", b"\0", b"\0\0", bytes(range(1, 255)), bytes(range(1, 256)), bytes([1]) * 253 + b"\0", bytes([7]) * 600]
        samples += [bytes(draw.choice([0, 0, 1, 255]) for _ in range(draw.randrange(700))) for _ in range(300)]
        for sample in samples:
            coded = frame.cobs(sample)
            self.assertNotIn(0, coded)
            self.assertEqual(frame.uncobs(coded), sample)
            # an encoder may add an empty last block behind a full one
            self.assertEqual(frame.uncobs(frame.cobs(sample[:254].replace(b"\0", b"\1"))), sample[:254].replace(b"\0", b"\1"))
        full = bytes([9]) * 254
        self.assertEqual(frame.uncobs(b"\xff" + full + b"\x01"), frame.uncobs(b"\xff" + full))

    def test_known_bytes(self):
        self.assertEqual(frame.cobs(b"\x11\x22\0\x33"), b"\x03\x11\x22\x02\x33")
        self.assertIsNone(frame.uncobs(b"\x05\x11"))
        self.assertIsNone(frame.uncobs(b"\x03\x11\0"))

    def test_a_hit_frame_is_none(self):
        whole = frame.encode(wire.RECALL, 77, [1, 2, 0xFFFF], reply=True)[:-1]
        self.assertEqual(frame.decode(whole), (wire.RECALL, 1, True, 77, [1, 2, 0xFFFF]))
        for at in range(len(whole)):
            for bit in range(8):
                hit = bytearray(whole)
                hit[at] ^= 1 << bit
                self.assertIsNone(frame.decode(bytes(hit)), (at, bit))


if __name__ == "__main__":
    sys.exit(unittest.main())
