"""The client against a virtual board that learns: taught from nothing, asked, and as `hopgate` has it."""

import os
import tempfile
import unittest

import numpy as np

import hopgate
from virtual import PROGRAM, Virtual, run_hopgate


@unittest.skipUnless(PROGRAM, "HOPGATE does not name the program")
class Learning(unittest.TestCase):
    def test_from_nothing(self):
        draw = np.random.default_rng(2)
        centres = draw.integers(0, 2, (4, 40), "u1")
        keys = np.concatenate([centres ^ (draw.random(centres.shape) < 0.05) for _ in range(6)]).astype("u1")
        classes = np.tile(np.arange(4), 6)
        with tempfile.TemporaryDirectory() as place:
            np.save(os.path.join(place, "keys.npy"), keys[:4])
            np.save(os.path.join(place, "classes.npy"), classes[:4])
            run_hopgate(place, "memory", "keys.npy", "--labels", "classes.npy", "--radius", "5", "-o", "memory")
            with Virtual(place, os.path.join(place, "memory"), "--learn", "--byte-errors", "0.003") as port, hopgate.Board(port) as board:
                while board.info().patterns:
                    board.forget(0)
                self.assertTrue(board.info().valid and board.info().changed)
                with self.assertRaises(hopgate.DoesNotFit):
                    board.forget(0)
                first = board.store(keys[:4], classes[:4])
                self.assertEqual([s.verdict for s in first], ["stored"] * 4)
                self.assertEqual([s.pattern for s in first], [0, 1, 2, 3])
                self.assertEqual([s.verdict for s in board.store(keys[:4], classes[:4])], ["known"] * 4)
                # near enough of one class, and not of another
                self.assertEqual(board.store(keys[1], 1)[0], hopgate.Stored("known", 1, 0))
                near = keys[1].copy()
                near[:2] ^= 1
                self.assertEqual([board.store(near, c)[0].verdict for c in (1, 2)], ["known", "stored"])
                answers = board.recall(keys[4:])
                self.assertGreater((answers.best == classes[4:]).mean(), 0.9)
                self.assertTrue(board.recall(near).uncertain[0])
                self.assertFalse(board.recall(keys[0]).uncertain[0])
                np.testing.assert_array_equal(board.read_rows()[:4], keys[:4])
                for wrong in (dict(keys=keys[:1]), dict(keys=keys[:1], classes=[4]), dict(keys=keys[:1, :9], classes=0)):
                    with self.assertRaises(hopgate.DoesNotFit):
                        board.store(**wrong)

    def test_unknown_cues_are_stored(self):
        draw = np.random.default_rng(3)
        centres = draw.integers(0, 2, (3, 40), "u1")
        with tempfile.TemporaryDirectory() as place:
            np.save(os.path.join(place, "keys.npy"), centres)
            np.save(os.path.join(place, "classes.npy"), np.arange(3))
            run_hopgate(place, "memory", "keys.npy", "--labels", "classes.npy", "--radius", "4", "-o", "memory")
            options = ("--learn", "--auto-store", "--byte-errors", "0.003")
            with Virtual(place, os.path.join(place, "memory"), *options) as port, hopgate.Board(port) as board:
                while board.info().patterns:
                    board.forget(0)
                near = centres.copy()
                near[:, :3] ^= 1
                # who comes first is the first class
                said = board.learn(np.concatenate([centres[[2, 0]], near[[0, 2]], centres[[1]]]))
                self.assertEqual([s.verdict for s in said], ["stored", "stored", "known", "known", "stored"])
                self.assertEqual([s.its_class for s in said], [0, 1, None, None, 2])
                self.assertEqual(said[2], hopgate.Stored("known", 1, 3))
                # no class is free, but one can be named
                far = 1 - centres[0]
                self.assertEqual(board.learn(far)[0].verdict, "full")
                self.assertEqual(board.learn(far, 1)[0].its_class, 1)
                for wrong in (dict(cues=centres[:, :9]), dict(cues=far, classes=3)):
                    with self.assertRaises(hopgate.DoesNotFit):
                        board.learn(**wrong)

    def test_a_board_that_does_not_learn(self):
        with tempfile.TemporaryDirectory() as place:
            run_hopgate(place, "memory", "random:N=20,P=3", "-o", "memory")
            with Virtual(place, os.path.join(place, "memory")) as port, hopgate.Board(port) as board:
                for call in (lambda: board.store(np.zeros(20, "u1")), lambda: board.forget(0)):
                    with self.assertRaisesRegex(hopgate.DoesNotFit, "--learn"):
                        call()


if __name__ == "__main__":
    unittest.main()
