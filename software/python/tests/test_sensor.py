"""The example of a sensor: what its guide says of it."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
import sensor

import hopgate

PROGRAM = os.environ["HOPGATE"]


class Sensor(unittest.TestCase):
    def test_it_learns_and_knows_what_it_does_not_know(self):
        rng = np.random.default_rng(3)
        first = np.concatenate([sensor.keys(harmonics, 1, rng) for harmonics in sensor.STATES.values()])
        with tempfile.TemporaryDirectory() as folder, sensor.VirtualBoard(PROGRAM, folder, first, 8) as port:
            with hopgate.Board(port) as board:
                rows = sensor.teach(board, asked=20)
                # what it holds is no more than it was given, and it is full of nothing that it knew
                held = board.read_rows()
        self.assertEqual([r["given"] for r in rows], [5, 10, 25, 50])
        self.assertEqual(len(held), rows[-1]["stored"])
        self.assertLess(rows[-1]["stored"], 25)
        self.assertGreater(rows[-1]["right"], rows[0]["right"] - 0.02)
        self.assertGreater(rows[-1]["right"], 0.9)
        for r in rows:
            self.assertAlmostEqual(r["right"] + r["unknown"] + r["wrong"], 1.0)
            self.assertGreater(r["foreign unknown"], 0.9)

    def test_keys_are_thermometers(self):
        rng = np.random.default_rng(1)
        bits = sensor.keys(sensor.STATES["running"], 20, rng).reshape(20, sensor.BANDS, sensor.LEVELS)
        self.assertTrue((bits[..., 1:] <= bits[..., :-1]).all())
        self.assertTrue(0 < bits.mean() < 1)

    def test_the_picture(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "keys.svg")
            sensor.picture(path)
            first = Path(path).read_text()
            sensor.picture(path)
            self.assertEqual(first, Path(path).read_text())
            self.assertIn("worn bearing", first)


if __name__ == "__main__":
    unittest.main()
